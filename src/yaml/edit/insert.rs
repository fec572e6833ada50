//! Entries that are added, behind those that are there and written like them.

use std::iter::repeat_n;

use crate::source::Span;

use super::super::tree::{Kind, NodeId, Style};
use super::scalar::written;
use super::{Editor, Replacement, replacement};

impl Editor<'_, '_> {
    /// Adds an entry to the mapping in which the key or the value at a place stands, or to the innermost around it.
    /// Several keys are mappings in one another. A key that is there already is not added again.
    #[must_use]
    pub fn insert(&self, span: Span, keys: &[&str], value: &str) -> Option<Replacement> {
        let part = self.entry_at(span)?;
        let mapping = part.parent;
        let first = keys.first()?;
        if self.doc.entries(mapping).any(|entry| self.doc.text(entry.key) == *first) {
            return None;
        }
        let key = NodeId(mapping.0 + 1);
        let quotes = if self.doc.style(key) == Style::Double { Style::Double } else { Style::Plain };
        if self.is_in_flow(mapping) {
            return self.insert_in_flow(mapping, keys, value, quotes);
        }
        let column = self.column(key)?;
        let last = self.last_entry(mapping)?;
        let end = self.end(last);
        let tail = self.text()[end..].split(['\r', '\n']).next().unwrap_or("");
        let after = tail.trim();
        let is_clear = after.is_empty() || (after.starts_with('#') && tail.starts_with([' ', '\t']));
        // Text that keeps the lines behind it would lose them.
        let is_kept = matches!(self.doc.style(last), Style::Literal | Style::Folded)
            && self.doc.raw(last).split(['\r', '\n']).next().is_some_and(|head| head.contains('+'));
        if !is_clear || is_kept {
            return None;
        }
        let mut text = String::new();
        for (depth, key) in keys.iter().enumerate() {
            text.push_str(self.line_ending());
            text.extend(repeat_n(' ', column + 2 * depth));
            text.push_str(&written(key, quotes));
            text.push(':');
        }
        text.push(' ');
        text.push_str(&written(value, quotes));
        replacement(end + tail.len(), end + tail.len(), text)
    }

    fn insert_in_flow(&self, mapping: NodeId, keys: &[&str], value: &str, quotes: Style) -> Option<Replacement> {
        if !self.is_flow(mapping) {
            return None;
        }
        let key = NodeId(mapping.0 + 1);
        let last = self.last_entry(mapping)?;
        let (open, start, end) = (self.doc.span(mapping).start as usize, self.start(key), self.end(last));
        let lead = self.text().get(open + 1..start)?;
        // On lines of their own, a new line with the indentation of the first entry; else the first gap of the line.
        let gap = match lead.rfind('\n') {
            Some(feed) if lead.trim().is_empty() => format!("{}{}", self.line_ending(), &lead[feed + 1..]),
            _ => " ".to_owned(),
        };
        let mut text = format!(",{gap}");
        for (depth, key) in keys.iter().enumerate() {
            let brace = if depth > 0 { "{" } else { "" };
            text.push_str(&format!("{brace}{}: ", written(key, quotes)));
        }
        text.push_str(&written(value, quotes));
        text.extend(repeat_n('}', keys.len().saturating_sub(1)));
        replacement(end, end, text)
    }

    /// The value of the last entry, down to what is written last.
    fn last_entry(&self, mapping: NodeId) -> Option<NodeId> {
        let mut at = self.doc.entries(mapping).last()?.value;
        while !self.is_flow(at) {
            at = match self.doc.kind(at) {
                Kind::Mapping => self.doc.entries(at).last()?.value,
                Kind::Sequence => self.doc.items(at).last()?,
                Kind::Scalar | Kind::Alias => break,
            };
        }
        Some(at)
    }

    /// How many columns stand before a node: spaces, or the dashes of items.
    fn column(&self, id: NodeId) -> Option<usize> {
        let start = self.start(id);
        let lead = &self.text()[self.line_start(start)..start];
        lead.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(lead.len())
    }
}
