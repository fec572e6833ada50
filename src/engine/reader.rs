//! Values of a file that users write for meshlint, and what to say of those that do not fit.

use crate::finding::{Draft, FileId, Place, Span};
use crate::yaml::{self, Document, Entry, Kind, NodeId};

use super::selection::nearest;

/// A scalar as it is written, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Written {
    pub(in crate::engine) text: String,
    pub(in crate::engine) span: Span,
}

/// A document with what is wrong in it.
pub(in crate::engine) struct Reader<'d> {
    pub(in crate::engine) doc: &'d Document<'d>,
    pub(in crate::engine) file: FileId,
    pub(in crate::engine) faults: Vec<Draft>,
}

impl<'d> Reader<'d> {
    pub(in crate::engine) fn fault(
        &mut self,
        case: &'static str,
        span: Span,
        message: impl Into<String>,
        label: &str,
        help: &str,
    ) {
        let draft = Draft::new(case, message).at(Place::new(self.file, span), label);
        self.faults.push(if help.is_empty() { draft } else { draft.help(help) });
    }

    /// The entries of a mapping in the order of the keys that it may have; `None` for what is no mapping.
    pub(in crate::engine) fn fields<const N: usize>(
        &mut self,
        node: NodeId,
        what: &str,
        known: &[&str],
    ) -> Option<[Option<Entry>; N]> {
        let mut fields = [None; N];
        for (at, entry) in self.entries(node, what, known)? {
            if let Some(field) = fields.get_mut(at) {
                *field = field.or(Some(entry));
            }
        }
        Some(fields)
    }

    /// The entries of a mapping that say something, each with the index of its key among those that it may have; `None`
    /// for what is no mapping.
    pub(in crate::engine) fn entries(
        &mut self,
        node: NodeId,
        what: &str,
        known: &[&str],
    ) -> Option<Vec<(usize, Entry)>> {
        let doc = self.doc;
        let mut entries = Vec::new();
        for entry in self.mapping(node, what, || format!("{what} has the keys {}", listed(known)))? {
            let name = doc.text(entry.key);
            match known.iter().position(|one| *one == name) {
                Some(_) if self.is_nothing(entry.value) => {}
                Some(at) => entries.push((at, entry)),
                None => {
                    let near = nearest(name, known.iter().copied());
                    let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
                    let help =
                        if near.is_some() { String::new() } else { format!("{what} has the keys {}", listed(known)) };
                    let message = format!("`{name}` is no key of {what}");
                    self.fault("unknown-key", doc.span(entry.key), message, &label, &help);
                }
            }
        }
        Some(entries)
    }

    /// The entries of a mapping, whatever their keys; `None` for what is no mapping, which is told.
    pub(in crate::engine) fn mapping(
        &mut self,
        node: NodeId,
        what: &str,
        help: impl FnOnce() -> String,
    ) -> Option<Vec<Entry>> {
        let doc = self.doc;
        match doc.target(node).filter(|node| doc.kind(*node) == Kind::Mapping) {
            Some(node) => Some(doc.merged(node)),
            None => {
                self.fault("wrong-type", doc.span(node), format!("{what} has to be a mapping"), "", &help());
                None
            }
        }
    }

    /// Whether a value is not written, or null.
    pub(in crate::engine) fn is_nothing(&self, node: NodeId) -> bool {
        let doc = self.doc;
        let is_null = yaml::resolve(doc, node, yaml::Profile::Json) == yaml::Value::Null;
        let is_scalar = doc.target(node).is_some_and(|value| doc.kind(value) == Kind::Scalar);
        is_scalar && (is_null || doc.is_missing(node))
    }

    pub(in crate::engine) fn list(&mut self, entry: Entry, name: &str, of: &str) -> Option<Vec<NodeId>> {
        let doc = self.doc;
        let list = doc.target(entry.value).filter(|node| doc.kind(*node) == Kind::Sequence);
        if list.is_none() {
            let help = format!("begin each of the {of} with a `-`");
            self.fault("wrong-type", doc.span(entry.key), format!("`{name}` has to be a list"), "", &help);
        }
        Some(doc.items(list?).filter_map(|item| doc.target(item)).collect())
    }

    /// The texts of a list, or the one that stands for a list.
    pub(in crate::engine) fn texts(&mut self, entry: Entry, name: &str) -> Vec<Written> {
        let doc = self.doc;
        let items = match doc.target(entry.value) {
            Some(node) if doc.kind(node) == Kind::Scalar => vec![node],
            _ => self.list(entry, name, "paths").unwrap_or_default(),
        };
        if items.is_empty() && doc.target(entry.value).is_some_and(|node| doc.kind(node) == Kind::Sequence) {
            let help = "leave it out for the folder of this file";
            self.fault("wrong-type", doc.span(entry.value), format!("`{name}` names no path"), "", help);
        }
        items.into_iter().filter_map(|item| self.text(item, "a path")).collect()
    }

    /// A scalar as text: of a number or a boolean, how it is written.
    pub(in crate::engine) fn text(&mut self, node: NodeId, what: &str) -> Option<Written> {
        let doc = self.doc;
        let target = doc.target(node).filter(|node| doc.kind(*node) == Kind::Scalar && !doc.text(*node).is_empty());
        let Some(target) = target else {
            let what = if what.contains(' ') { what.to_owned() } else { format!("`{what}`") };
            self.fault("wrong-type", doc.span(node), format!("{what} has to be text"), "", "");
            return None;
        };
        Some(Written { text: doc.text(target).to_owned(), span: doc.span(node) })
    }

    pub(in crate::engine) fn missing(&mut self, key: &str, what: &str, span: Span, help: &str) {
        self.fault("missing-key", span, format!("{what} lacks `{key}`"), "", help);
    }

    /// Where a value stands, or what stands for one that is not written.
    pub(in crate::engine) fn shown(&self, node: NodeId, otherwise: Span) -> Span {
        let span = self.doc.span(node);
        if span.is_empty() { otherwise } else { span }
    }
}

pub(in crate::engine) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
