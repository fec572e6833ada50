//! What a comment is about: the node behind it, or the line that it ends.

use crate::source::Span;
use crate::yaml::{Document, Kind, NodeId};

/// The places that an ignore silences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cover {
    /// Whatever lies in here.
    pub(super) node: Option<Span>,
    /// Whatever begins on this line: it begins here and ends before the comment.
    pub(super) line: Option<Span>,
}

impl Cover {
    pub(super) const fn of_node(span: Span) -> Self {
        Self { node: Some(span), line: None }
    }

    pub(super) const fn is_nothing(self) -> bool {
        self.node.is_none() && self.line.is_none()
    }

    /// Whether a place is silenced.
    pub(super) fn holds(self, span: Span) -> bool {
        self.node.is_some_and(|node| node.contains(span))
            || self.line.is_some_and(|line| line.start <= span.start && span.start < line.end)
    }
}

/// The entries of mappings and the items of lists, which are what a comment can be about, in the order of the text,
/// the outer before the inner.
pub(super) struct Units {
    spans: Vec<Span>,
    /// Where the content of the document begins.
    root: Option<u32>,
    whole: Span,
}

impl Units {
    pub(super) fn of(doc: &Document<'_>) -> Self {
        let mut spans = Vec::new();
        if let Some(root) = doc.root() {
            collect(doc, root, &mut spans);
        }
        Self { spans, root: doc.root().map(|root| doc.span(root).start), whole: doc.span }
    }

    /// What a comment on a line of its own is about: the next node, whatever its indentation, and all below it; before
    /// the first node, the document. `None` where nothing follows.
    pub(super) fn behind(&self, comment: Span) -> Option<Span> {
        if self.root.is_some_and(|root| comment.end <= root) {
            return Some(self.whole);
        }
        let at = self.spans.partition_point(|unit| unit.start < comment.end);
        self.spans.get(at).copied()
    }

    /// What a comment at the end of a line is about: what begins on the line, and all below the last of it.
    pub(super) fn beside(&self, text: &str, comment: Span) -> Cover {
        let line = line_start(text, comment.start);
        let before = text.get(line as usize..comment.start as usize).unwrap_or("");
        let at = self.spans.partition_point(|unit| unit.start < comment.start);
        let last = at.checked_sub(1).map(|at| self.spans[at]).filter(|unit| unit.start >= line);
        // A dash, a marker, a tag or an anchor alone: what it belongs to stands below.
        let word = before.split_whitespace().next_back().unwrap_or("");
        let is_open = matches!(word, "-" | "---" | "?") || word.starts_with(['&', '!']);
        let node = last.or_else(|| is_open.then(|| self.behind(comment)).flatten());
        Cover { node, line: Some(Span::new(line, comment.start)) }
    }

    /// The innermost unit that holds a place and begins where nothing but indentation and dashes stand before it on its
    /// line, so that a comment above that line is about it.
    pub(super) fn above<'t>(&'t self, text: &'t str, span: Span) -> impl Iterator<Item = Span> + 't {
        let end = self.spans.partition_point(|unit| unit.start <= span.start);
        let holds = move |unit: &&Span| unit.contains(span);
        let inner = self.spans[..end].iter().rev().filter(holds).copied();
        inner.filter(move |unit| {
            let line = line_start(text, unit.start);
            let before = text.get(line as usize..unit.start as usize).unwrap_or("");
            self.behind(Span::new(line, line)).is_some_and(|behind| behind.contains(span))
                && before.chars().all(|one| matches!(one, ' ' | '-'))
        })
    }
}

fn collect(doc: &Document<'_>, node: NodeId, out: &mut Vec<Span>) {
    match doc.kind(node) {
        Kind::Mapping => {
            for entry in doc.entries(node) {
                out.push(doc.span(entry.key).to(doc.span(entry.value)));
                collect(doc, entry.value, out);
            }
        }
        Kind::Sequence => {
            for item in doc.items(node) {
                out.push(doc.span(item));
                collect(doc, item, out);
            }
        }
        Kind::Scalar | Kind::Alias => {}
    }
}

/// Where the line of an offset begins.
pub(super) fn line_start(text: &str, at: u32) -> u32 {
    let before = text.as_bytes().get(..at as usize).unwrap_or(&[]);
    memchr::memrchr(b'\n', before).map_or(0, |feed| u32::try_from(feed + 1).unwrap_or(u32::MAX))
}
