//! The ignores of all files by what they silence, so that a finding need not ask every one of them.

use rustc_hash::FxHashMap;

use crate::source::{FileId, Place, Span};

use super::gather::Gathered;

/// Where a name is listed: the file among those with ignores, the ignore, the name.
pub(super) type Seat = (usize, usize, usize);

/// A file, a rule, and where a line begins.
type Line = (FileId, &'static str, u32);

/// Names of rules by the places where they silence.
#[derive(Default)]
pub(super) struct Index {
    /// By what a place lies in. Spans of nodes hold one another or do not touch.
    nodes: FxHashMap<(FileId, &'static str), Vec<Nested>>,
    /// By the beginning of the line.
    lines: FxHashMap<Line, Vec<(u32, Seat)>>,
}

struct Nested {
    span: Span,
    seat: Seat,
    /// The nearest before it that holds it.
    parent: Option<usize>,
}

impl Index {
    pub(super) fn of(gathered: &[(FileId, Gathered)]) -> Self {
        let mut index = Self::default();
        for (group, (file, gathered)) in gathered.iter().enumerate() {
            for (at, ignore) in gathered.ignores.iter().enumerate() {
                for (name, named) in ignore.names.iter().enumerate() {
                    let Some(meaning) = &named.meaning else { continue };
                    let (rule, seat) = (meaning.rule.id, (group, at, name));
                    if let Some(span) = ignore.cover.node {
                        index.nodes.entry((*file, rule)).or_default().push(Nested { span, seat, parent: None });
                    }
                    if let Some(line) = ignore.cover.line {
                        index.lines.entry((*file, rule, line.start)).or_default().push((line.end, seat));
                    }
                }
            }
        }
        index.nodes.values_mut().for_each(|list| nest(list));
        index
    }

    /// The names of a rule that silence a place, the innermost first.
    pub(super) fn at(&self, place: Place, rule: &'static str, line: &dyn Fn(u32) -> u32) -> Vec<Seat> {
        let mut out = Vec::new();
        if !self.lines.is_empty() {
            let line = self.lines.get(&(place.file, rule, line(place.span.start))).into_iter().flatten();
            out.extend(line.filter(|(end, _)| place.span.start < *end).map(|(_, seat)| *seat));
        }
        let Some(list) = self.nodes.get(&(place.file, rule)) else { return out };
        let mut next = list.partition_point(|one| one.span.start <= place.span.start).checked_sub(1);
        while let Some(one) = next.map(|at| &list[at]) {
            if one.span.contains(place.span) {
                out.push(one.seat);
            }
            next = one.parent;
        }
        out
    }
}

/// Sorts spans, the outer before the inner, and tells each which one holds it.
fn nest(list: &mut [Nested]) {
    list.sort_by_key(|one| (one.span.start, u32::MAX - one.span.end, one.seat));
    let mut open: Vec<usize> = Vec::new();
    for at in 0..list.len() {
        while open.last().is_some_and(|last| !list[*last].span.contains(list[at].span)) {
            open.pop();
        }
        list[at].parent = open.last().copied();
        open.push(at);
    }
}
