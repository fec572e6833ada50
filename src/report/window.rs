//! What is shown of a line that is too long to be shown whole, as minified JSON is.

use std::ops::Range;

/// Columns up to which a line is shown whole.
const LONG: usize = 400;

/// Characters around a label: before it, of the label itself, and after them.
struct Margin {
    before: usize,
    label: usize,
    after: usize,
}

const ALONE: Margin = Margin { before: 40, label: 60, after: 20 };
/// Several labels on one line share the width.
const SHARED: Margin = Margin { before: 16, label: 40, after: 16 };
/// Windows closer than this number of bytes are joined, since a mark between them saves nothing.
const JOIN: usize = 8;

/// The parts of a line that are shown, in order and apart from one another: all of it, or the surroundings
/// of the ranges that must be seen, which are ranges of bytes of the line on character boundaries.
pub(super) fn windows(line: &str, seen: &[Range<usize>]) -> Vec<Range<usize>> {
    if !is_long(line) {
        return std::iter::once(0..line.len()).collect();
    }
    let margin = if seen.len() > 1 { SHARED } else { ALONE };
    let mut all: Vec<Range<usize>> = seen
        .iter()
        .map(|range| {
            let label_end = forward(line, range.start, margin.label).min(range.end);
            back(line, range.start, margin.before)..forward(line, label_end, margin.after)
        })
        .collect();
    if all.is_empty() {
        all.push(0..forward(line, 0, ALONE.before + ALONE.label + ALONE.after));
    }
    all.sort_by_key(|range| range.start);
    let mut out: Vec<Range<usize>> = Vec::with_capacity(all.len());
    for range in all {
        match out.last_mut() {
            Some(last) if range.start <= last.end + JOIN => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

fn is_long(line: &str) -> bool {
    line.len() > LONG && line.char_indices().nth(LONG).is_some()
}

fn forward(line: &str, from: usize, characters: usize) -> usize {
    line[from..].char_indices().nth(characters).map_or(line.len(), |(at, _)| from + at)
}

fn back(line: &str, from: usize, characters: usize) -> usize {
    line[..from].char_indices().rev().take(characters).last().map_or(from, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    /// Windows by their first byte and the one after the last.
    fn windows(line: &str, seen: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let seen: Vec<_> = seen.iter().map(|(start, end)| *start..*end).collect();
        super::windows(line, &seen).into_iter().map(|range| (range.start, range.end)).collect()
    }

    #[test]
    fn a_line_of_usual_length_is_whole() {
        let line = "é".repeat(400);
        assert_eq!(windows(&line, &[]), [(0, 800)]);
        assert_eq!(windows("", &[(0, 0)]), [(0, 0)]);
    }

    #[test]
    fn a_long_line_is_cut_around_what_must_be_seen() {
        let line = "x".repeat(10_000);
        assert_eq!(windows(&line, &[(5000, 5010)]), [(4960, 5030)]);
        assert_eq!(windows(&line, &[(5000, 9000)]), [(4960, 5080)]);
        assert_eq!(windows(&line, &[(0, 1), (9999, 10_000)]), [(0, 17), (9983, 10_000)]);
        assert_eq!(windows(&line, &[(200, 210), (100, 110), (130, 140)]), [(84, 156), (184, 226)]);
        assert_eq!(windows(&line, &[]), [(0, 120)]);
    }

    #[test]
    fn windows_end_between_characters() {
        let line = "名".repeat(1000);
        assert_eq!(windows(&line, &[(1500, 1503)]), [(1380, 1563)]);
    }
}
