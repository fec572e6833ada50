//! A text with replacements, and where its lines come from.

use crate::finding::Edit;

/// A text that was changed, once or several times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patched {
    /// The text.
    pub text: String,
    /// For each of its lines, the line of the first text that it is, from 0; none for one that is new or changed. The
    /// numbers grow.
    pub lines: Vec<Option<u32>>,
}

impl Patched {
    /// Applies replacements, which are sorted and do not overlap, to a text. If that is what came of an earlier patch,
    /// lines are counted as there. Gives nothing if a replacement does not fit the text.
    #[must_use]
    pub(super) fn new(old: &str, edits: &[&Edit], earlier: Option<&Self>) -> Option<Self> {
        let mut text = String::with_capacity(old.len());
        // Where what stays begins in the old text, where it ends, and where it begins in the new one.
        let mut kept: Vec<(usize, usize, usize)> = Vec::with_capacity(edits.len() + 1);
        let mut at = 0;
        for edit in edits {
            let (start, end) = (edit.place.span.start as usize, edit.place.span.end as usize);
            kept.push((at, start, text.len()));
            text.push_str(old.get(at..start)?);
            text.push_str(&edit.text);
            at = end;
        }
        kept.push((at, old.len(), text.len()));
        text.push_str(old.get(at..)?);
        let starts = line_starts(old);
        let mut kept = kept.into_iter().peekable();
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            // The last part that begins no later than the line.
            while kept.peek().is_some_and(|(from, to, new)| new + (to - from) <= start) && kept.len() > 1 {
                kept.next();
            }
            lines.push(kept.peek().filter(|(_, _, new)| *new <= start).and_then(|(from, to, new)| {
                let (was, until) = (from + (start - new), from + (end - new));
                let is_whole = until <= *to && (until == old.len() || old[..until].ends_with('\n'));
                let line = starts.binary_search(&was).ok().filter(|_| is_whole)?;
                match earlier {
                    Some(earlier) => earlier.lines.get(line).copied().flatten(),
                    None => u32::try_from(line).ok(),
                }
            }));
            start = end;
        }
        Some(Self { text, lines })
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let mut at = 0;
    let starts = text.split_inclusive('\n').map(|line| {
        at += line.len();
        at - line.len()
    });
    starts.collect()
}

#[cfg(test)]
mod tests {
    use super::Patched;
    use crate::finding::{Edit, FileId, Place, Span};

    fn patched(old: &str, edits: &[(u32, u32, &str)], earlier: Option<&Patched>) -> (String, Vec<Option<u32>>) {
        let edits: Vec<_> = edits.iter().map(|(start, end, text)| edit(*start, *end, text)).collect();
        let patched = Patched::new(old, &edits.iter().collect::<Vec<_>>(), earlier).unwrap();
        (patched.text, patched.lines)
    }

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit { place: Place::new(FileId::new(0), Span::new(start, end)), text: text.to_owned() }
    }

    #[test]
    fn lines_are_followed() {
        let old = "a\nb\nc\nd";
        assert_eq!(patched(old, &[], None), (old.to_owned(), vec![Some(0), Some(1), Some(2), Some(3)]));
        assert_eq!(patched(old, &[(2, 3, "B")], None).1, [Some(0), None, Some(2), Some(3)]);
        assert_eq!(patched(old, &[(2, 4, "")], None), ("a\nc\nd".to_owned(), vec![Some(0), Some(2), Some(3)]));
        assert_eq!(patched(old, &[(4, 4, "x\n")], None).1, [Some(0), Some(1), None, Some(2), Some(3)]);
        assert_eq!(patched(old, &[(5, 7, "")], None), ("a\nb\nc".to_owned(), vec![Some(0), Some(1), None]));
        assert_eq!(patched(old, &[(0, 1, ""), (1, 2, "")], None).1, [Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn a_second_patch_counts_in_the_first_text() {
        let first = Patched::new("a\nb\nc\n", &[&edit(0, 2, "")], None).unwrap();
        assert_eq!(patched(&first.text, &[(0, 1, "B")], Some(&first)), ("B\nc\n".to_owned(), vec![None, Some(2)]));
        assert_eq!(Patched::new("é", &[&edit(1, 2, "")], None), None);
    }
}
