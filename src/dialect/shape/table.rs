//! Tables: what is known of the fields of an object.

use std::borrow::Cow;

use crate::dialect::placeholder::Flavor;

use super::{On, Spelling};

/// The type of a field, for tables.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// An object.
    Object(&'static Table),
    /// A list.
    List(&'static Self),
    /// A map of strings.
    Map,
}

impl Type {
    /// The type in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Text | Self::Choice(_) => "a string",
            Self::Integer => "an integer",
            Self::Boolean => "a boolean",
            Self::Object(_) | Self::Map => "a mapping",
            Self::List(_) => "a list",
        }
    }
}

/// What is known of one field.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Its name on Kubernetes.
    pub name: &'static str,
    /// The spellings that have it.
    pub on: On,
    /// Its type.
    pub ty: Type,
    /// The spellings in which its object must have it.
    pub required: Option<On>,
    /// The case under which its absence is reported.
    pub missing: &'static str,
    /// The least and greatest number.
    pub range: Option<(i64, i64)>,
    /// The least and greatest number of characters.
    pub length: Option<(usize, usize)>,
    /// The least and greatest number of items.
    pub items: Option<(usize, usize)>,
    /// Which placeholders its text may hold.
    pub flavor: Flavor,
    /// Whether the control plane sets it, and refuses it from others.
    pub read_only: bool,
}

impl Spec {
    /// A field of which nothing is asked.
    #[must_use]
    pub const fn new(name: &'static str, ty: Type) -> Self {
        Self {
            name,
            on: On::All,
            ty,
            required: None,
            missing: "required-missing",
            range: None,
            length: None,
            items: None,
            flavor: Flavor::Plain,
            read_only: false,
        }
    }

    /// Its object must have it.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = Some(On::All);
        self
    }

    /// Its object must have it; its absence is a case of its own.
    #[must_use]
    pub const fn required_as(mut self, case: &'static str) -> Self {
        self.required = Some(On::All);
        self.missing = case;
        self
    }

    /// Its object must have it in these spellings alone.
    #[must_use]
    pub const fn required_on(mut self, on: On) -> Self {
        self.required = Some(on);
        self
    }

    /// There in these spellings alone.
    #[must_use]
    pub const fn on(mut self, on: On) -> Self {
        self.on = on;
        self
    }

    /// A number from least to greatest.
    #[must_use]
    pub const fn range(mut self, least: i64, greatest: i64) -> Self {
        self.range = Some((least, greatest));
        self
    }

    /// Text of so many characters. Of the items, where it is a list.
    #[must_use]
    pub const fn length(mut self, least: usize, greatest: usize) -> Self {
        self.length = Some((least, greatest));
        self
    }

    /// A list of so many items.
    #[must_use]
    pub const fn items(mut self, least: usize, greatest: usize) -> Self {
        self.items = Some((least, greatest));
        self
    }

    /// A regex, path or format.
    #[must_use]
    pub const fn pattern(mut self) -> Self {
        self.flavor = Flavor::Pattern;
        self
    }

    /// Set by the control plane alone.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Whether it must be there, for a fact.
    pub(super) fn demand(&self, spelling: Spelling) -> &'static str {
        if self.is_required(spelling) { "required" } else { "" }
    }

    /// Whether its object must have it.
    #[must_use]
    pub fn is_required(&self, spelling: Spelling) -> bool {
        self.on.has(spelling) && self.required.is_some_and(|on| on.has(spelling))
    }

    /// What it is called.
    #[must_use]
    pub fn name_in(&self, spelling: Spelling) -> Cow<'static, str> {
        spelling.name_of(self.name)
    }

    /// Whether a key is its name.
    #[must_use]
    pub fn is_called(&self, spelling: Spelling, key: &str) -> bool {
        self.on.has(spelling) && spelling.calls(self.name, key)
    }

    /// The field's name in a fact about a value of a type: `ports[]` for an item of the list `ports`.
    pub(super) fn called(&self, ty: Type, spelling: Spelling) -> Cow<'static, str> {
        let name = self.name_in(spelling);
        match (self.ty, ty) {
            (Type::List(_), Type::List(_)) => name,
            (Type::List(_), _) => format!("{name}[]").into(),
            _ => name,
        }
    }
}

/// Fields of which so many may be written.
#[derive(Clone, Copy, Debug)]
pub struct Union {
    /// The case when none is written, where one must be.
    pub none: Option<&'static str>,
    /// The case when several are written, where only one may be.
    pub several: Option<&'static str>,
    /// The fields' names.
    pub fields: &'static [&'static str],
    /// The spellings that ask for it.
    pub on: On,
}

/// Advice about a key that does not belong: the key, the case, and what to write instead.
pub type Hint = (&'static str, &'static str, &'static str);

/// What is known of an object's fields.
#[derive(Debug)]
pub struct Table {
    /// The object in a sentence.
    pub words: &'static str,
    /// Its fields.
    pub fields: &'static [Spec],
    /// What its fields exclude and demand of one another.
    pub unions: &'static [Union],
    /// Keys that people write here although they do not belong.
    pub hints: &'static [Hint],
}
