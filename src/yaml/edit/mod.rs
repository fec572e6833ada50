//! Changes of a document as replacements in its text, which leave everything else as it is written: quotes, comments,
//! indentation, ends of lines.
//!
//! What cannot be done without guessing is not done: every method answers with nothing where the place does not fit, or
//! where the text around it is of a form that it does not know.

mod insert;
mod remove;
mod scalar;

use crate::source::Span;

use super::tree::{Document, Kind, NONE, NodeId, Style};

/// Bytes of the file that go, and the text that comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes that go.
    pub span: Span,
    /// The text that comes.
    pub text: String,
}

/// Changes one document.
#[derive(Debug)]
pub struct Editor<'d, 't> {
    doc: &'d Document<'t>,
    /// Where each node stands.
    homes: Vec<Home>,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug)]
struct Home {
    /// The collection; [`NONE`] for the root.
    parent: u32,
    /// The key of the entry, which may be the node itself; [`NONE`] for an item and for the root.
    key: u32,
}

impl<'d, 't> Editor<'d, 't> {
    /// An editor of a document. It takes one look at each node, so that finding places is quick.
    #[must_use]
    pub fn new(doc: &'d Document<'t>) -> Self {
        let mut homes = Vec::with_capacity(doc.nodes.len());
        // Collections that are open, each with the key that waits for its value.
        let mut open: Vec<(NodeId, Option<NodeId>)> = Vec::new();
        for id in doc.nodes() {
            while open.last().is_some_and(|(top, _)| doc.end(*top) <= id) {
                open.pop();
            }
            homes.push(match open.last_mut() {
                None => Home { parent: NONE, key: NONE },
                Some((top, key)) if doc.kind(*top) == Kind::Mapping => {
                    let own = key.take().unwrap_or_else(|| *key.insert(id));
                    Home { parent: top.0, key: own.0 }
                }
                Some((top, _)) => Home { parent: top.0, key: NONE },
            });
            if matches!(doc.kind(id), Kind::Mapping | Kind::Sequence) {
                open.push((id, None));
            }
        }
        Self { doc, homes }
    }

    /// The innermost node that holds a span.
    fn innermost(&self, span: Span) -> Option<NodeId> {
        let after = self.doc.nodes.partition_point(|node| node.span.start <= span.start);
        let mut at = after.checked_sub(1)?;
        while !self.doc.nodes[at].span.contains(span) {
            at = usize::try_from(self.homes[at].parent).ok().filter(|parent| *parent < at)?;
        }
        Some(NodeId(u32::try_from(at).ok()?))
    }

    fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.homes.get(id.0 as usize)?.parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    /// The key of the entry that a node is the key or the value of.
    fn key(&self, id: NodeId) -> Option<NodeId> {
        let key = self.homes.get(id.0 as usize)?.key;
        (key != NONE).then_some(NodeId(key))
    }

    /// The entry of the innermost mapping that a span stands in: the key and the node behind the entry.
    fn entry_at(&self, span: Span) -> Option<Part> {
        let mut at = self.innermost(span)?;
        // Of a mapping without brackets, what lies between its entries belongs to none of them.
        loop {
            if let (Some(key), Some(parent)) = (self.key(at), self.parent(at)) {
                let value = self.doc.end(key);
                return Some(Part { parent, first: key, last: value, behind: self.doc.end(value) });
            }
            at = self.parent(at)?;
        }
    }

    /// The item of the innermost list that a span stands in.
    fn item_at(&self, span: Span) -> Option<Part> {
        let mut at = self.innermost(span)?;
        loop {
            let parent = self.parent(at)?;
            if self.doc.kind(parent) == Kind::Sequence {
                return Some(Part { parent, first: at, last: at, behind: self.doc.end(at) });
            }
            at = parent;
        }
    }

    /// Whether a span lies in something that an alias repeats: a change there is a change in other places, too.
    #[must_use]
    pub fn is_shared(&self, span: Span) -> bool {
        let mut at = self.innermost(span).filter(|_| self.doc.has_aliases);
        while let Some(id) = at {
            if self.doc.anchor(id).is_some() {
                return true;
            }
            at = self.parent(id);
        }
        false
    }

    /// Where a node begins, with its tag and its anchor.
    fn start(&self, id: NodeId) -> usize {
        let span = self.doc.span(id);
        let tag = self.doc.tag(id).map_or(span.start, |(_, tag)| tag.start);
        let anchor = self.doc.anchor(id).map_or(span.start, |(_, anchor)| anchor.start.saturating_sub(1));
        span.start.min(tag).min(anchor) as usize
    }

    fn end(&self, id: NodeId) -> usize {
        self.doc.span(id).end as usize
    }

    fn is_flow(&self, id: NodeId) -> bool {
        self.doc.style(id) == Style::Flow
    }

    /// Whether a node stands in brackets, its own among them.
    fn is_in_flow(&self, id: NodeId) -> bool {
        let mut at = Some(id);
        while let Some(id) = at {
            if self.is_flow(id) {
                return true;
            }
            at = self.parent(id);
        }
        false
    }

    fn text(&self) -> &'t str {
        self.doc.text
    }

    /// The start of the line that an offset is in.
    fn line_start(&self, offset: usize) -> usize {
        self.text()[..offset].rfind('\n').map_or(0, |feed| feed + 1)
    }

    /// What ends the lines of the document.
    fn line_ending(&self) -> &'static str {
        let text = self.doc.text.get(self.doc.span.start as usize..).unwrap_or("");
        match text.find('\n') {
            Some(feed) if text[..feed].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }
}

/// An entry of a mapping or an item of a list.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The collection.
    parent: NodeId,
    /// The key, or the item.
    first: NodeId,
    /// The value, or the item.
    last: NodeId,
    /// The node behind it: the next part, unless the collection ends there.
    behind: NodeId,
}

fn replacement(start: usize, end: usize, text: impl Into<String>) -> Option<Replacement> {
    let span = Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?);
    (start <= end).then(|| Replacement { span, text: text.into() })
}
