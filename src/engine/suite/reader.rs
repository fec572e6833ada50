//! Values of a test file, and what to say of those that do not fit.

use crate::finding::{Draft, FileId, Place, Span};
use crate::yaml::{self, Document, Entry, Kind, NodeId};

use super::super::selection::nearest;

/// A scalar as it is written, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) span: Span,
}

/// A document with what is wrong in it.
pub(super) struct Reader<'d> {
    pub(super) doc: &'d Document<'d>,
    pub(super) file: FileId,
    pub(super) faults: Vec<Draft>,
}

impl<'d> Reader<'d> {
    pub(super) fn fault(
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
    pub(super) fn fields<const N: usize>(
        &mut self,
        node: NodeId,
        what: &str,
        known: &[&str],
    ) -> Option<[Option<Entry>; N]> {
        let doc = self.doc;
        let Some(node) = doc.target(node).filter(|node| doc.kind(*node) == Kind::Mapping) else {
            let help = format!("{what} has the keys {}", listed(known));
            self.fault("wrong-type", doc.span(node), format!("{what} has to be a mapping"), "", &help);
            return None;
        };
        let mut fields = [None; N];
        for entry in doc.merged(node) {
            let name = doc.text(entry.key);
            match known.iter().position(|one| *one == name) {
                // A value that is not written, or null, is none.
                Some(at) if at < N => {
                    let is_null = yaml::resolve(doc, entry.value, yaml::Profile::Json) == yaml::Value::Null;
                    let is_scalar = doc.target(entry.value).is_some_and(|value| doc.kind(value) == Kind::Scalar);
                    let is_nothing = is_scalar && (is_null || doc.is_missing(entry.value));
                    fields[at] = fields[at].or((!is_nothing).then_some(entry));
                }
                _ => {
                    let near = nearest(name, known.iter().copied());
                    let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
                    let help =
                        if near.is_some() { String::new() } else { format!("{what} has the keys {}", listed(known)) };
                    let message = format!("`{name}` is no key of {what}");
                    self.fault("unknown-key", doc.span(entry.key), message, &label, &help);
                }
            }
        }
        Some(fields)
    }

    pub(super) fn list(&mut self, entry: Entry, name: &str, of: &str) -> Option<Vec<NodeId>> {
        let doc = self.doc;
        let list = doc.target(entry.value).filter(|node| doc.kind(*node) == Kind::Sequence);
        if list.is_none() {
            let help = format!("begin each of the {of} with a `-`");
            self.fault("wrong-type", doc.span(entry.key), format!("`{name}` has to be a list"), "", &help);
        }
        Some(doc.items(list?).filter_map(|item| doc.target(item)).collect())
    }

    /// The texts of a list, or the one that stands for a list.
    pub(super) fn texts(&mut self, entry: Entry, name: &str) -> Vec<Written> {
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
    pub(super) fn text(&mut self, node: NodeId, what: &str) -> Option<Written> {
        let doc = self.doc;
        let target = doc.target(node).filter(|node| doc.kind(*node) == Kind::Scalar && !doc.text(*node).is_empty());
        let Some(target) = target else {
            let what = if what.contains(' ') { what.to_owned() } else { format!("`{what}`") };
            self.fault("wrong-type", doc.span(node), format!("{what} has to be text"), "", "");
            return None;
        };
        Some(Written { text: doc.text(target).to_owned(), span: doc.span(node) })
    }

    pub(super) fn missing(&mut self, key: &str, what: &str, span: Span, help: &str) {
        self.fault("missing-key", span, format!("{what} lacks `{key}`"), "", help);
    }

    /// Where a value stands, or what stands for one that is not written.
    pub(super) fn shown(&self, node: NodeId, otherwise: Span) -> Span {
        let span = self.doc.span(node);
        if span.is_empty() { otherwise } else { span }
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
