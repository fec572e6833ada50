//! Places as people and programs count them.

use std::ops::Range;

use crate::finding::Label;
use crate::source::{SourceFile, Sources, Span};

/// The bytes of a span, clamped to the text and widened to whole characters, so that slicing holds.
pub(super) fn fitted(text: &str, span: Span) -> Range<usize> {
    let mut start = (span.start as usize).min(text.len());
    let mut end = (span.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

/// An offset in a text as spans have it. Texts are shorter than 4 GiB, since spans could not reach further.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Where a label begins, as `path:line:column` has it.
pub(super) fn start<'a>(sources: &'a Sources, label: &Label) -> (&'a SourceFile, u32, u32) {
    let file = sources.file(label.place.file);
    let position = file.position(offset(fitted(&file.text, label.place.span).start));
    (file, position.line, position.column)
}

#[cfg(test)]
mod tests {
    use super::fitted;
    use crate::source::Span;

    #[test]
    fn spans_are_made_to_fit() {
        let text = "é名\n";
        assert_eq!(fitted(text, Span::new(1, 3)), 0..5);
        assert_eq!(fitted(text, Span::new(6, 99)), 6..6);
        assert_eq!(fitted(text, Span::new(99, 3)), 6..6);
        assert_eq!(fitted("", Span::new(0, 1)), 0..0);
    }
}
