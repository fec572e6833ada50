//! Shapes: one declaration of an object's fields that checks a document and lowers it at once.
//!
//! `shape!` declares a struct whose fields carry what the published schemas say about them, and
//! derives its table ([`Table`]), its checks and its lowering: adding a field is one line. All that is
//! wrong with a document comes out as facts in one pass.

use std::borrow::Cow;

use crate::finding::Fact;
use crate::mesh::Name;
use crate::source::Span;
use crate::yaml::{Document, Entry, Kind, NodeId, Profile, Style, Value, resolve};

use super::placeholder::{self, Flavor};

/// What became of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State<T> {
    /// Not written, or null.
    #[default]
    Absent,
    /// Written, and well formed.
    Known(T),
    /// Written as a placeholder, with its text.
    Unknown(Box<str>),
    /// Written, and not well formed: a fact says so, and later rules stay silent.
    Malformed,
}

/// A field of an object, or an item of a list, with its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<T> {
    /// What became of it.
    pub state: State<T>,
    /// Where its key stands; for an item of a list, where the item begins. Empty when absent.
    pub key: Span,
    /// Where its value stands. Empty when absent.
    pub span: Span,
}

impl<T> Default for Field<T> {
    fn default() -> Self {
        Self { state: State::Absent, key: Span::default(), span: Span::default() }
    }
}

impl<T> Field<T> {
    /// The value, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match &self.state {
            State::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self.state, State::Absent)
    }

    /// Where the value stands, or the key of a value that has no text.
    #[must_use]
    pub fn place(&self) -> Span {
        if self.span.is_empty() { self.key } else { self.span }
    }
}

/// A list, some of whose items may be placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T> {
    /// The items as written.
    pub items: Vec<Field<T>>,
    /// Whether a placeholder may stand for more items than are written.
    pub open: bool,
}

impl<T> List<T> {
    /// The items that are known, in order.
    pub fn known(&self) -> impl Iterator<Item = &T> {
        self.items.iter().filter_map(Field::known)
    }
}

impl<T> Field<List<T>> {
    /// The items as written; none where the list is absent or unknown.
    pub fn items(&self) -> impl Iterator<Item = &Field<T>> {
        self.known().map_or(&[][..], |list| &list.items).iter()
    }
}

/// Text in which nothing is a placeholder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text(pub Box<str>);

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A map from names to text, as labels are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextMap {
    /// The pairs as written, each with the places of its key and value.
    pub pairs: Vec<(Name, Span, Field<Name>)>,
}

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
    /// Its type.
    pub ty: Type,
    /// Whether its object must have it.
    pub required: bool,
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
            ty,
            required: false,
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
        self.required = true;
        self
    }

    /// Its object must have it; its absence is a case of its own.
    #[must_use]
    pub const fn required_as(mut self, case: &'static str) -> Self {
        self.required = true;
        self.missing = case;
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
    const fn demand(&self) -> &'static str {
        if self.required { "required" } else { "" }
    }

    /// The field's name in a fact about a value of a type: `ports[]` for an item of the list `ports`.
    fn called(&self, ty: Type) -> Cow<'static, str> {
        match (self.ty, ty) {
            (Type::List(_), Type::List(_)) => self.name.into(),
            (Type::List(_), _) => format!("{}[]", self.name).into(),
            _ => self.name.into(),
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

/// What lowering needs while it walks a document.
pub struct Cx<'d> {
    /// The document.
    pub doc: &'d Document<'d>,
    /// What was noticed.
    pub facts: Vec<Fact>,
    /// Whether bare `$NAME` is a placeholder in this file.
    pub dollar: bool,
    /// Whether the object was read from a control plane: fields that it sets are no fault.
    pub live: bool,
    /// Whether the object that was read last may have fields that are not written.
    pub is_partial: bool,
    /// How many more nodes may be read by way of aliases and merge keys: a bound on what an alias bomb can cost.
    budget: usize,
}

/// Nodes that are read by way of aliases and merge keys in one document. Real documents have some hundreds.
pub(super) const ALIAS_BUDGET: usize = 200_000;

impl<'d> Cx<'d> {
    /// A context for one document.
    #[must_use]
    pub fn new(doc: &'d Document<'d>, dollar: bool) -> Self {
        Self { doc, facts: Vec::new(), dollar, live: false, is_partial: false, budget: ALIAS_BUDGET }
    }

    /// The node itself or what an alias stands for; `None` past the budget, or where it stands for nothing.
    pub fn target(&mut self, node: NodeId) -> Option<NodeId> {
        let target = self.doc.target(node)?;
        (target == node || self.spend(self.doc.size(target))).then_some(target)
    }

    /// Whether so many nodes may be read once more; if not, none may be from here on.
    fn spend(&mut self, nodes: usize) -> bool {
        let rest = self.budget.checked_sub(nodes);
        self.budget = rest.unwrap_or(0);
        rest.is_some()
    }

    /// The placeholders in a scalar's text.
    fn holes(&self, text: &str, flavor: Flavor) -> Vec<std::ops::Range<usize>> {
        placeholder::find(text, flavor, self.dollar)
    }

    /// A scalar as a name, placeholders and all.
    #[must_use]
    pub fn name(&self, node: NodeId) -> Name {
        let text = self.doc.text(node);
        let holes = self.holes(text, Flavor::Name);
        if holes.is_empty() { Name::known(text) } else { Name::open(text, &holes) }
    }

    fn push(&mut self, rule: &'static str, case: &'static str, span: Span, args: &[&str]) {
        let args = args.iter().map(|text| (*text).to_owned()).collect();
        self.facts.push(Fact { rule, case, span, other: None, args });
    }

    fn wrong_type<T>(&mut self, node: NodeId, spec: &Spec, ty: Type) -> State<T> {
        let doc = self.doc;
        let (written, read) = match doc.kind(node) {
            Kind::Mapping => ("a mapping", String::new()),
            Kind::Sequence => ("a list", String::new()),
            Kind::Alias => ("an alias", String::new()),
            Kind::Scalar => match resolve(doc, node, Profile::Kubernetes) {
                Value::Null => ("null", "null".to_owned()),
                Value::Bool(value) => ("a boolean", value.to_string()),
                Value::Int(value) => ("an integer", value.to_string()),
                Value::Float(value) => ("a number", value.to_string()),
                Value::Str(text) => ("a string", text.to_owned()),
            },
        };
        let text = if doc.kind(node) == Kind::Scalar { doc.raw(node) } else { "" };
        let args = [&*spec.called(ty), ty.words(), written, text, &*read];
        self.push("wrong-type", "wrong-type", doc.span(node), &args);
        State::Malformed
    }
}

/// Something that a value is lowered to.
pub trait Lower: Sized {
    /// Its type, for tables.
    const TYPE: Type;

    /// Lowers a node, aliases followed, which is neither null nor a placeholder for the whole value.
    fn lower(cx: &mut Cx<'_>, node: NodeId, key: Span, spec: &Spec) -> State<Self>;
}

/// An object that is declared with `shape!`.
pub trait Shape: Default {
    /// Its table.
    const TABLE: &'static Table;

    /// Lowers the value of the field at an index of the table.
    fn set(&mut self, cx: &mut Cx<'_>, index: usize, key: Span, node: NodeId);

    /// Where the key of the field at an index stands, if it is written and not null.
    fn key(&self, index: usize) -> Option<Span>;

    /// What else its fields demand of one another; [`Cx::is_partial`] says whether there may be more of them.
    fn check(&self, _cx: &mut Cx<'_>) {}
}

/// Reads a field: follows aliases, and tells null and placeholders from values.
pub fn read<T: Lower>(cx: &mut Cx<'_>, key: Span, node: NodeId, spec: &Spec) -> Field<T> {
    let span = cx.doc.span(node);
    let state = match cx.target(node) {
        None => State::Unknown("*".into()),
        Some(node) => read_value(cx, key, node, spec),
    };
    Field { state, key, span }
}

fn read_value<T: Lower>(cx: &mut Cx<'_>, key: Span, node: NodeId, spec: &Spec) -> State<T> {
    let doc = cx.doc;
    match doc.kind(node) {
        Kind::Scalar => {
            let text = doc.text(node);
            if doc.is_missing(node)
                || (doc.style(node) == Style::Plain && matches!(text, "~" | "null" | "Null" | "NULL"))
            {
                return State::Absent;
            }
            let holes = cx.holes(text, spec.flavor);
            // A number or an object that is partly a placeholder is as unknown as one that is all of it.
            let whole = !holes.is_empty() && !matches!(T::TYPE, Type::Text);
            if whole {
                return State::Unknown(text.into());
            }
            T::lower(cx, node, key, spec)
        }
        Kind::Mapping if doc.is_placeholder_mapping(node) => State::Unknown(doc.raw(node).into()),
        _ => T::lower(cx, node, key, spec),
    }
}

/// Reads the object that a whole resource is; an absent one is an empty one.
pub fn read_root<S: Shape>(cx: &mut Cx<'_>, spec: Option<Entry>, anchor: Span) -> Box<S> {
    let field = spec.map(|entry| {
        let key = cx.doc.span(entry.key);
        read::<Box<S>>(cx, key, entry.value, &Spec::new("spec", Type::Object(S::TABLE)))
    });
    match field.map(|field| field.state) {
        Some(State::Known(shape)) => shape,
        Some(State::Unknown(_) | State::Malformed) => {
            cx.is_partial = true;
            Box::default()
        }
        Some(State::Absent) | None => {
            let shape = Box::<S>::default();
            demand(cx, S::TABLE, &*shape, &[], anchor);
            shape
        }
    }
}

impl Lower for Text {
    const TYPE: Type = Type::Text;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        match lower_text(cx, node, spec) {
            State::Known(text) if cx.holes(&text, spec.flavor).is_empty() => State::Known(Self(text)),
            State::Known(text) => State::Unknown(text),
            State::Absent => State::Absent,
            State::Unknown(text) => State::Unknown(text),
            State::Malformed => State::Malformed,
        }
    }
}

impl Lower for Name {
    const TYPE: Type = Type::Text;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        match lower_text(cx, node, &Spec { flavor: Flavor::Name, ..*spec }) {
            State::Known(_) => State::Known(cx.name(node)),
            State::Absent => State::Absent,
            State::Unknown(text) => State::Unknown(text),
            State::Malformed => State::Malformed,
        }
    }
}

/// A string with its length held against the bounds, unless a placeholder makes its length unknown.
fn lower_text(cx: &mut Cx<'_>, node: NodeId, spec: &Spec) -> State<Box<str>> {
    let doc = cx.doc;
    let Kind::Scalar = doc.kind(node) else { return cx.wrong_type(node, spec, Type::Text) };
    let Value::Str(text) = resolve(doc, node, Profile::Kubernetes) else {
        return cx.wrong_type(node, spec, Type::Text);
    };
    if let Some((least, greatest)) = spec.length {
        let count = text.chars().count();
        if !(least..=greatest).contains(&count) && cx.holes(text, spec.flavor).is_empty() {
            let name = spec.called(Type::Text);
            let args =
                [&*name, &least.to_string(), &greatest.to_string(), &count.to_string(), "characters", spec.demand()];
            cx.push("bad-length", "string-length", doc.span(node), &args);
            return State::Malformed;
        }
    }
    State::Known(text.into())
}

/// Up to here a floating point number holds every whole number: 2 to the power of 53.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Lower for i64 {
    const TYPE: Type = Type::Integer;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        let doc = cx.doc;
        if doc.kind(node) != Kind::Scalar {
            return cx.wrong_type(node, spec, Type::Integer);
        }
        let value = match resolve(doc, node, Profile::Kubernetes) {
            Value::Int(value) => value,
            // `8080.0` is `8080` once YAML has become JSON, and a whole number to an API server in any case.
            Value::Float(value) if value.fract() == 0.0 && value.abs() <= EXACT => value as i64,
            _ => return cx.wrong_type(node, spec, Type::Integer),
        };
        if let Some((least, greatest)) = spec.range
            && !(least..=greatest).contains(&value)
        {
            let greatest = if greatest == i64::MAX { String::new() } else { greatest.to_string() };
            let args = [&*spec.called(Type::Integer), &least.to_string(), &greatest, doc.raw(node)];
            cx.push("out-of-range", "value-out-of-range", doc.span(node), &args);
            return State::Malformed;
        }
        State::Known(value)
    }
}

impl Lower for bool {
    const TYPE: Type = Type::Boolean;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        match cx.doc.kind(node) {
            Kind::Scalar => match resolve(cx.doc, node, Profile::Kubernetes) {
                Value::Bool(value) => State::Known(value),
                _ => cx.wrong_type(node, spec, Type::Boolean),
            },
            _ => cx.wrong_type(node, spec, Type::Boolean),
        }
    }
}

/// Looks a word up among those that a field can have.
pub fn lower_choice<T: Copy>(cx: &mut Cx<'_>, node: NodeId, spec: &Spec, words: &[&str], values: &[T]) -> State<T> {
    let doc = cx.doc;
    let text = match doc.kind(node) {
        Kind::Scalar => resolve(doc, node, Profile::Kubernetes),
        _ => return cx.wrong_type(node, spec, Type::Text),
    };
    let Value::Str(text) = text else { return cx.wrong_type(node, spec, Type::Text) };
    match words.iter().position(|word| *word == text) {
        Some(at) => State::Known(values[at]),
        None => {
            let near = nearest(text, words.iter().copied()).unwrap_or("");
            let args = [&*spec.called(Type::Text), text, near, &words.join(", ")];
            cx.push("unknown-value", "enum-invalid", doc.span(node), &args);
            State::Malformed
        }
    }
}

impl<T: Lower> Lower for List<T> {
    const TYPE: Type = Type::List(&T::TYPE);

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        let doc = cx.doc;
        if doc.kind(node) != Kind::Sequence {
            return cx.wrong_type(node, spec, Self::TYPE);
        }
        let mut list = Self { items: Vec::new(), open: false };
        for item in doc.items(node) {
            let key = anchor(doc, item);
            let mut field = read::<T>(cx, key, item, spec);
            if matches!(field.state, State::Absent) {
                field.state = cx.wrong_type(item, spec, T::TYPE);
            }
            list.open |= matches!(field.state, State::Unknown(_));
            list.items.push(field);
        }
        if let Some((least, greatest)) = spec.items
            && !(least..=greatest).contains(&list.items.len())
            && !list.open
        {
            let count = list.items.len().to_string();
            let args = [spec.name, &least.to_string(), &greatest.to_string(), &count, "items", spec.demand()];
            // The first item that is too many is where a reader should look.
            let place = list.items.get(greatest).map_or(doc.span(node), |item| item.key);
            cx.push("bad-length", "string-length", place, &args);
        }
        State::Known(list)
    }
}

/// The place that stands for an item: its first key, else the item.
fn anchor(doc: &Document<'_>, item: NodeId) -> Span {
    let target = doc.target(item).filter(|target| *target == item);
    target.and_then(|node| doc.entries(node).next()).map_or(doc.span(item), |entry| doc.span(entry.key))
}

impl Lower for TextMap {
    const TYPE: Type = Type::Map;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        let doc = cx.doc;
        if doc.kind(node) != Kind::Mapping {
            return cx.wrong_type(node, spec, Type::Map);
        }
        let mut map = Self::default();
        let Some(entries) = entries(cx, node) else { return State::Unknown("*".into()) };
        for Entry { key, value } in entries {
            let name = doc.text(key);
            let spec = Spec { range: None, length: None, ..Spec::new("", Type::Text) };
            let mut field = read::<Name>(cx, doc.span(key), value, &spec);
            // The fact names the key, which no table knows.
            if let (State::Malformed, Some(fact)) = (&field.state, cx.facts.last_mut())
                && let Some(first) = fact.args.first_mut()
            {
                name.clone_into(first);
            }
            if matches!(field.state, State::Absent) {
                field.state = State::Known(Name::known(""));
            }
            map.pairs.push((cx.name(key), doc.span(key), field));
        }
        State::Known(map)
    }
}

/// The entries of a mapping, merge keys carried out; `None` past the budget.
fn entries<'d>(cx: &mut Cx<'d>, node: NodeId) -> Option<Box<dyn Iterator<Item = Entry> + 'd>> {
    let doc = cx.doc;
    let mut merges = doc.entries(node).filter(|entry| doc.is_merge_key(entry.key)).peekable();
    if !doc.has_aliases || merges.peek().is_none() {
        return Some(Box::new(doc.entries(node)));
    }
    let sources: usize = merges.filter_map(|entry| doc.target(entry.value)).map(|target| doc.size(target)).sum();
    if !cx.spend(sources) {
        return None;
    }
    let merged = doc.merged(node);
    cx.spend(merged.len()).then(|| Box::new(merged.into_iter()) as _)
}

impl<S: Shape> Lower for Box<S> {
    const TYPE: Type = Type::Object(S::TABLE);

    fn lower(cx: &mut Cx<'_>, node: NodeId, key: Span, spec: &Spec) -> State<Self> {
        let doc = cx.doc;
        if doc.kind(node) != Kind::Mapping {
            return cx.wrong_type(node, spec, Self::TYPE);
        }
        let table = S::TABLE;
        let mut shape = Self::default();
        let mut strays: Vec<Stray> = Vec::new();
        let mut open = false;
        let Some(entries) = entries(cx, node) else { return State::Unknown("*".into()) };
        for Entry { key, value } in entries {
            let name = doc.text(key);
            match table.fields.iter().position(|field| field.name == name) {
                // A key that is there twice is reported as such; the first one counts here.
                Some(index) if shape.key(index).is_some() => {}
                Some(index) => {
                    shape.set(cx, index, doc.span(key), value);
                    if table.fields[index].read_only && !cx.live && shape.key(index).is_some() {
                        cx.push("read-only-field", "readonly-field-set", doc.span(key), &[name, spec.name]);
                    }
                }
                None if doc.kind(key) != Kind::Scalar || !cx.holes(name, Flavor::Name).is_empty() => open = true,
                None => strays.push(Stray::find(cx, table, spec.name, name, doc.span(key))),
            }
        }
        // An object with a placeholder among its keys may have whatever is not written.
        if !open {
            demand(cx, table, &*shape, &strays, key);
        }
        // A key that does not belong may have been meant as one that is missing.
        cx.is_partial = open || !strays.is_empty();
        shape.check(cx);
        State::Known(shape)
    }
}

/// A key that does not belong, with the field that was meant where that can be told.
struct Stray {
    meant: Option<&'static str>,
}

impl Stray {
    fn find(cx: &mut Cx<'_>, table: &'static Table, object: &str, key: &str, span: Span) -> Self {
        const RULE: &str = "unknown-field";
        let names = || table.fields.iter().map(|field| field.name);
        if let Some((_, case, advice)) = table.hints.iter().find(|(name, ..)| *name == key) {
            cx.push(RULE, case, span, &[key, object, "hint", advice]);
            // Advice that is one field's name says which field was meant.
            return Self { meant: names().find(|name| name == advice) };
        }
        if let Some(same) = names().find(|name| name.eq_ignore_ascii_case(key)) {
            cx.push(RULE, "wrong-surface-casing", span, &[key, object, "casing", same]);
            return Self { meant: Some(same) };
        }
        if let Some(path) = below(table, key, 3) {
            cx.push(RULE, "unknown-field", span, &[key, object, "below", &path.join(".")]);
            return Self { meant: path.first().copied() };
        }
        let near = nearest(key, names());
        let (how, advice) = match near {
            Some(name) => ("near", name.to_owned()),
            None => ("known", names().collect::<Vec<_>>().join(", ")),
        };
        cx.push(RULE, "unknown-field", span, &[key, object, how, &advice]);
        Self { meant: near }
    }
}

/// The path to a field of this name in the objects below, when there is only one way to it.
fn below(table: &'static Table, key: &str, depth: u8) -> Option<Vec<&'static str>> {
    if depth == 0 {
        return None;
    }
    let objects = table.fields.iter().filter_map(|field| match field.ty {
        Type::Object(inner) => Some((field.name, inner)),
        _ => None,
    });
    let mut found = None;
    for (name, inner) in objects {
        let direct = inner.fields.iter().any(|field| field.name == key);
        let path = if direct { Some(Vec::new()) } else { below(inner, key, depth - 1) };
        if let Some(path) = path {
            if found.is_some() {
                return None;
            }
            found = Some([vec![name], path].concat());
        }
    }
    found
}

/// What a table demands of an object: required fields, and fields that exclude one another.
fn demand<S: Shape>(cx: &mut Cx<'_>, table: &'static Table, shape: &S, strays: &[Stray], key: Span) {
    // A field that was meant and misspelt is one fault, which is told already.
    let meant = |name: &str| strays.iter().any(|stray| stray.meant == Some(name));
    for (index, field) in table.fields.iter().enumerate() {
        if field.required && shape.key(index).is_none() && !meant(field.name) {
            let words = if let Type::Choice(words) = field.ty { words.join(", ") } else { String::new() };
            cx.push("missing-field", field.missing, key, &[field.name, table.words, field.ty.words(), &words]);
        }
    }
    for union in table.unions {
        let key_of = |name: &&str| shape.key(table.fields.iter().position(|field| field.name == *name)?);
        let mut written: Vec<_> = union.fields.iter().filter_map(|name| Some((key_of(name)?, *name))).collect();
        written.sort_unstable();
        let all = union.fields.join(", ");
        match (&written[..], union.none, union.several) {
            ([], Some(case), _) if !union.fields.iter().any(|name| meant(name)) => {
                cx.push("exactly-one-of", case, key, &[table.words, &all, ""]);
            }
            ([(first, _), .., (last, _)], _, Some(case)) => {
                let names: Vec<_> = written.iter().map(|(_, name)| *name).collect();
                cx.push("exactly-one-of", case, *last, &[table.words, &all, &names.join(", ")]);
                if let Some(fact) = cx.facts.last_mut() {
                    fact.other = Some(*first);
                }
            }
            _ => {}
        }
    }
}

/// Declares an object: a struct with a [`Field`] for each of its fields, its [`Table`], and how it is
/// lowered. Behind a field's name on Kubernetes stand the methods of [`Spec`] that say what is asked of it.
macro_rules! shape {
    (
        $(#[$meta:meta])*
        pub struct $name:ident = $words:literal {
            $( $field:ident: $ty:ty = $key:literal $(, $asked:ident $( ( $($bound:expr),* ) )? )*; )*
        }
        $( one_of { [ $($member:literal),* ] $(, none $none:literal)? $(, several $several:literal)? } )*
        $( hint { $hint:literal, $case:literal, $advice:literal } )*
        $( check $check:path )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name {
            $(
                #[doc = concat!("`", $key, "`")]
                pub $field: $crate::dialect::shape::Field<$ty>,
            )*
        }

        impl $crate::dialect::shape::Shape for $name {
            const TABLE: &'static $crate::dialect::shape::Table = &$crate::dialect::shape::Table {
                words: $words,
                fields: &[$(
                    $crate::dialect::shape::Spec::new($key, <$ty as $crate::dialect::shape::Lower>::TYPE)
                        $( .$asked( $($($bound),*)? ) )*
                ),*],
                unions: &[$(
                    $crate::dialect::shape::Union {
                        none: $crate::dialect::shape::maybe!($($none)?),
                        several: $crate::dialect::shape::maybe!($($several)?),
                        fields: &[$($member),*],
                    }
                ),*],
                hints: &[$( ($hint, $case, $advice) ),*],
            };

            fn set(
                &mut self,
                cx: &mut $crate::dialect::shape::Cx<'_>,
                index: usize,
                key: $crate::source::Span,
                node: $crate::yaml::NodeId,
            ) {
                let mut at = 0;
                $(
                    if index == at {
                        self.$field = $crate::dialect::shape::read(cx, key, node, &Self::TABLE.fields[at]);
                        return;
                    }
                    at += 1;
                )*
                let _ = at;
            }

            fn key(&self, index: usize) -> Option<$crate::source::Span> {
                let keys = [$( (!self.$field.is_absent()).then_some(self.$field.key) ),*];
                keys.get(index).copied().flatten()
            }

            $(
                fn check(&self, cx: &mut $crate::dialect::shape::Cx<'_>) {
                    $check(self, cx);
                }
            )?
        }
    };
}

/// Declares a type of a few words.
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident { $( $variant:ident = $word:literal ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( #[doc = concat!("`", $word, "`")] $variant ),*
        }

        impl $name {
            /// The word as it is written.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),* }
            }
        }

        impl $crate::dialect::shape::Lower for $name {
            const TYPE: $crate::dialect::shape::Type = $crate::dialect::shape::Type::Choice(&[$($word),*]);

            fn lower(
                cx: &mut $crate::dialect::shape::Cx<'_>,
                node: $crate::yaml::NodeId,
                _key: $crate::source::Span,
                spec: &$crate::dialect::shape::Spec,
            ) -> $crate::dialect::shape::State<Self> {
                $crate::dialect::shape::lower_choice(cx, node, spec, &[$($word),*], &[$(Self::$variant),*])
            }
        }
    };
}

/// `Some` of what is there.
macro_rules! maybe {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

pub(crate) use {choice, maybe, shape};

/// The name that is nearest to what was written, if it is near enough to have been meant.
pub fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let lower = written.to_ascii_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&lower, &name.to_ascii_lowercase());
    // One letter in five, so that a short word is not taken for any other short word.
    let limit = (written.len() + 3) / 5;
    names.map(|name| (distance(name), name)).filter(|(distance, _)| *distance <= limit).min().map(|(_, name)| name)
}

#[cfg(test)]
mod tests;
