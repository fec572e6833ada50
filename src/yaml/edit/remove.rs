//! Entries and items that go, with their lines and the comments that speak of them.

use crate::source::Span;

use super::super::tree::Kind;
use super::{Editor, Part, Replacement, replacement};

impl Editor<'_, '_> {
    /// Removes the entry that has its key or its value at a place, or the innermost one around it.
    ///
    /// On lines of its own, it goes with them, with the comment behind it and the comments right above it at its
    /// indentation. The last entry that a mapping has leaves `{}`. An entry whose anchor is used stays.
    #[must_use]
    pub fn remove_entry(&self, span: Span) -> Option<Replacement> {
        self.remove(self.entry_at(span)?)
    }

    /// Removes the innermost item of a list around a place; see [`Editor::remove_entry`]. The last item leaves `[]`.
    #[must_use]
    pub fn remove_item(&self, span: Span) -> Option<Replacement> {
        self.remove(self.item_at(span)?)
    }

    fn remove(&self, part: Part) -> Option<Replacement> {
        let mut nodes = self.doc.nodes[part.first.0 as usize..part.behind.0 as usize].iter().zip(part.first.0..);
        let has_anchor = |at: u32| self.doc.anchor(super::NodeId(at)).is_some();
        if self.doc.has_aliases && nodes.any(|(_, at)| has_anchor(at)) {
            return None;
        }
        let is_first = part.first.0 == part.parent.0 + 1;
        let is_last = part.behind == self.doc.end(part.parent);
        match (self.is_flow(part.parent), is_first && is_last) {
            (true, alone) => self.remove_from_flow(part, alone, is_last),
            (false, true) => self.empty(part),
            (false, false) => self.remove_lines(part, is_last),
        }
    }

    /// Takes a part out of brackets, with one comma.
    fn remove_from_flow(&self, part: Part, is_alone: bool, is_last: bool) -> Option<Replacement> {
        let (start, end) = (self.start(part.first), self.end(part.last));
        let text = self.text();
        let span = self.doc.span(part.parent);
        let (start, end) = if is_alone {
            (span.start as usize + 1, (span.end as usize).checked_sub(1)?)
        } else if is_last {
            let before = text[..start].trim_end().strip_suffix(',')?;
            (before.trim_end().len(), end)
        } else {
            (start, self.start(part.behind))
        };
        // A comment in between would be lost, or swallow what comes behind it.
        let around = text.get(start..self.start(part.first)).into_iter().chain(text.get(self.end(part.last)..end));
        if around.into_iter().any(|around| around.contains('#')) {
            return None;
        }
        replacement(start, end, "")
    }

    /// Leaves an empty collection where the only part was.
    fn empty(&self, part: Part) -> Option<Replacement> {
        let is_mapping = self.doc.kind(part.parent) == Kind::Mapping;
        let (start, end) = (self.part_start(part)?, self.end(part.last));
        let empty = if is_mapping { "{}" } else { "[]" };
        if self.doc.tag(part.parent).is_some() || self.doc.anchor(part.parent).is_some() {
            return None;
        }
        // Behind its key, if nothing but white space stands in between.
        let before = self.text()[..start].trim_end();
        let key = self.key(part.parent).filter(|key| *key != part.parent);
        let is_behind_key = key.is_some_and(|key| before.get(self.end(key)..).is_some_and(|rest| rest.trim() == ":"));
        if is_behind_key {
            return replacement(before.len(), end, format!(" {empty}"));
        }
        // At the root, and behind a dash or a comment, where it stands.
        let is_own_line = self.text()[self.line_start(start)..start].trim().is_empty();
        (is_own_line || before.ends_with('-')).then(|| replacement(start, end, empty)).flatten()
    }

    /// Where a part begins: its key, or its dash.
    fn part_start(&self, part: Part) -> Option<usize> {
        let start = self.start(part.first);
        if self.doc.kind(part.parent) == Kind::Mapping {
            return Some(start);
        }
        let before = self.text()[..start].trim_end_matches(' ');
        before.strip_suffix('-').map(str::len)
    }

    /// Takes a part out of a collection without brackets that has others.
    fn remove_lines(&self, part: Part, is_last: bool) -> Option<Replacement> {
        let text = self.text();
        let (start, end) = (self.part_start(part)?, self.end(part.last));
        let line = self.line_start(start);
        let rest = &text[end..];
        let tail = rest.split('\n').next().unwrap_or("");
        let after = tail.trim();
        if !(after.is_empty() || (after.starts_with('#') && tail.starts_with([' ', '\t']))) {
            return None;
        }
        let next_line = end + tail.len() + usize::from(tail.len() < rest.len());
        if text[line..start].trim().is_empty() {
            let top = self.comments_above(line, start - line, part);
            // The end of the text stays without a line feed if it has none.
            if next_line == end + tail.len() {
                let before = text[..top].strip_suffix('\n').unwrap_or(&text[..top]);
                return replacement(before.strip_suffix('\r').unwrap_or(before).len(), next_line, "");
            }
            return replacement(top, next_line, "");
        }
        // The first entry of an item stands behind a dash: what comes next, or the comment above it, takes its place.
        if is_last {
            return None;
        }
        let next = self.start(part.behind);
        let gap = text.get(next_line..next)?;
        let blank = gap.len() - gap.trim_start().len();
        replacement(start, next_line + blank, "")
    }

    /// The beginning of the comments that stand right above a line, each at the same indentation.
    fn comments_above(&self, mut line: usize, indentation: usize, part: Part) -> usize {
        // Nothing of what comes before may be taken for a comment.
        let floor = part.first.0.checked_sub(1).map_or(0, |before| self.end_of_text(super::NodeId(before)));
        while line > 0 {
            let above = self.line_start(line - 1);
            let text = &self.text()[above..line];
            let is_comment = text.trim_start().starts_with('#') && text.len() - text.trim_start().len() == indentation;
            if above < floor || !is_comment {
                break;
            }
            line = above;
        }
        line
    }

    /// Where the text of a scalar ends; for a collection, where it begins.
    fn end_of_text(&self, id: super::NodeId) -> usize {
        match self.doc.kind(id) {
            Kind::Mapping | Kind::Sequence => self.start(id).min(self.end(id)),
            Kind::Scalar | Kind::Alias => self.end(id),
        }
    }
}
