//! Shapes: one declaration of an object's fields that checks a document and lowers it at once.
//!
//! `shape!` declares a struct whose fields carry what the published schemas say about them, and
//! derives its table ([`Table`]), its checks and its lowering: adding a field is one line. All that is
//! wrong with a document comes out as facts in one pass.

mod declare;
mod intrinsic;
mod lower;
mod object;
mod spelling;
mod table;

pub(crate) use declare::{choice, maybe, on, shape};
pub use intrinsic::Call;
pub use lower::lower_choice;
pub use spelling::{On, Spelling};
pub use table::{Hint, Spec, Table, Type, Union};

use crate::finding::Fact;
use crate::mesh::Name;
use crate::source::Span;
use crate::yaml::{Document, Entry, Kind, NodeId, Profile, Style, Value, resolve};

use self::intrinsic::Intrinsic;
use self::object::demand;
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

/// What lowering needs while it walks a document.
pub struct Cx<'d> {
    /// The document.
    pub doc: &'d Document<'d>,
    /// How the document writes its vocabulary down.
    pub spelling: Spelling,
    /// What was noticed.
    pub facts: Vec<Fact>,
    /// Whether bare `$NAME` is a placeholder in this file.
    pub dollar: bool,
    /// The template that the document is, where it is one.
    pub template: Option<&'d dyn Evaluate>,
    /// Whether the object was read from a control plane: fields that it sets are no fault.
    pub live: bool,
    /// Whether the object that was read last may have fields that are not written.
    pub is_partial: bool,
    /// Whether that is so of any object that was read.
    pub is_patchy: bool,
    /// How many more nodes may be read by way of aliases and merge keys: a bound on what an alias bomb can cost.
    budget: usize,
    /// Whether that was not enough, which is told once.
    is_spent: bool,
}

/// Nodes that are read by way of aliases and merge keys in one document. Real documents have some hundreds.
pub(super) const ALIAS_BUDGET: usize = 200_000;

impl<'d> Cx<'d> {
    /// A context for one document.
    #[must_use]
    pub fn new(doc: &'d Document<'d>, dollar: bool) -> Self {
        Self {
            doc,
            spelling: Spelling::default(),
            facts: Vec::new(),
            dollar,
            template: None,
            live: false,
            is_partial: false,
            is_patchy: false,
            budget: ALIAS_BUDGET,
            is_spent: false,
        }
    }

    /// The node itself or what an alias stands for; `None` past the budget, or where it stands for nothing.
    pub fn target(&mut self, node: NodeId) -> Option<NodeId> {
        let target = self.doc.target(node)?;
        (target == node || self.spend(self.doc.size(target), node)).then_some(target)
    }

    /// Whether so many nodes may be read once more on behalf of a node; if not, none may be from here on.
    fn spend(&mut self, nodes: usize, on_behalf: NodeId) -> bool {
        let rest = self.budget.checked_sub(nodes);
        self.budget = rest.unwrap_or(0);
        if rest.is_none() && !self.is_spent {
            self.is_spent = true;
            let message = format!("aliases make more than {ALIAS_BUDGET} values of this object");
            self.push("syntax", "syntax", self.doc.span(on_behalf), &[&message, "", "aliases"]);
        }
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

    /// Whether a node is a call of a function that is carried out when its template is deployed.
    #[must_use]
    pub fn is_intrinsic(&self, node: NodeId) -> bool {
        self.intrinsic(node).is_some()
    }

    fn intrinsic(&self, node: NodeId) -> Option<Intrinsic> {
        (self.spelling == Spelling::CloudFormation).then(|| Intrinsic::of(self.doc, node)).flatten()
    }

    /// How plain scalars are read.
    const fn profile(&self) -> Profile {
        match self.spelling {
            Spelling::Kubernetes => Profile::Kubernetes,
            Spelling::CloudFormation => Profile::CloudFormation,
            Spelling::Api => Profile::Json,
        }
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
            Kind::Scalar => match resolve(doc, node, self.profile()) {
                Value::Null => ("null", "null".to_owned()),
                Value::Bool(value) => ("a boolean", value.to_string()),
                Value::Int(value) => ("an integer", value.to_string()),
                Value::Float(value) => ("a number", value.to_string()),
                Value::Str(text) => ("a string", text.to_owned()),
            },
        };
        let text = if doc.kind(node) == Kind::Scalar { doc.raw(node) } else { "" };
        let args = [&*spec.called(ty, self.spelling), ty.words(), written, text, &*read];
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

    /// What the text comes to that a function of a template makes.
    fn made(name: Name, _spec: &Spec) -> State<Self> {
        State::Unknown(name.as_str().into())
    }
}

/// Functions of a template, as far as what they come to is known before it is deployed.
pub trait Evaluate {
    /// The text that a call comes to, open where that is not known; `None` where it comes to no text.
    fn text(&self, node: NodeId) -> Option<Name>;
}

/// An object that is declared with `shape!`.
pub trait Shape: Default {
    /// Its table.
    const TABLE: &'static Table;

    /// Lowers the value of the field at an index of the table.
    fn set(&mut self, cx: &mut Cx<'_>, index: usize, key: Span, node: NodeId);

    /// Where the key of the field at an index stands, if it is written and not null.
    fn key(&self, index: usize) -> Option<Span>;

    /// Says whether a placeholder or a key that does not belong may stand for fields that are not written.
    fn set_partial(&mut self, is_partial: bool);

    /// Whether that is so.
    fn is_partial(&self) -> bool;

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
    match cx.intrinsic(node) {
        Some(Intrinsic::NoValue) => return State::Absent,
        Some(Intrinsic::If(yes, no)) => {
            // Whatever is wrong with a branch is wrong where it is taken; which one is, the deployment says.
            for branch in [yes, no] {
                read_value::<T>(cx, key, branch, spec);
            }
            return made(cx, node, spec);
        }
        Some(Intrinsic::Unknown) => return made(cx, node, spec),
        None => {}
    }
    match doc.kind(node) {
        Kind::Scalar => {
            let text = doc.text(node);
            // What looks like a comment may be a placeholder in truth.
            if let Some(text) = doc.commented_placeholder(node) {
                return State::Unknown(text.into());
            }
            if doc.is_missing(node)
                || (doc.style(node) == Style::Plain && matches!(text, "~" | "null" | "Null" | "NULL"))
            {
                return State::Absent;
            }
            // A number or an object that is partly a placeholder is as unknown as one that is all of it.
            if !matches!(T::TYPE, Type::Text) && !cx.holes(text, Flavor::Name).is_empty() {
                return State::Unknown(text.into());
            }
            T::lower(cx, node, key, spec)
        }
        Kind::Mapping if doc.is_placeholder_mapping(node) => State::Unknown(doc.raw(node).into()),
        _ => T::lower(cx, node, key, spec),
    }
}

/// What a call of a function comes to, as far as that is known.
fn made<T: Lower>(cx: &Cx<'_>, node: NodeId, spec: &Spec) -> State<T> {
    let is_scalar = !matches!(T::TYPE, Type::Object(_) | Type::List(_) | Type::Map);
    match cx.template.filter(|_| is_scalar).and_then(|template| template.text(node)) {
        Some(name) => T::made(name, spec),
        None => State::Unknown(cx.doc.raw(node).into()),
    }
}

/// Reads the object that a whole resource is; an absent one is an empty one.
///
/// `name` is what its key is called.
pub fn read_root<S: Shape>(cx: &mut Cx<'_>, name: &'static str, spec: Option<Entry>, anchor: Span) -> Box<S> {
    let field = spec.map(|entry| {
        let key = cx.doc.span(entry.key);
        read::<Box<S>>(cx, key, entry.value, &Spec::new(name, Type::Object(S::TABLE)))
    });
    match field.map(|field| field.state) {
        Some(State::Known(shape)) => shape,
        Some(State::Unknown(_) | State::Malformed) => {
            cx.is_partial = true;
            cx.is_patchy = true;
            Box::default()
        }
        Some(State::Absent) | None => {
            let shape = Box::<S>::default();
            demand(cx, S::TABLE, &*shape, &[], anchor);
            shape
        }
    }
}

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
