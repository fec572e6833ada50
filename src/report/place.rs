//! Places as people and programs count them.

use std::ops::Range;

use crate::finding::Label;
use crate::source::{Position, SourceFile, Sources, Span};

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

/// What a format counts columns in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Unicode scalar values, as people count.
    Character,
    /// Units of UTF-16.
    Utf16,
    /// Bytes of UTF-8, those of a byte order mark included.
    Byte,
}

/// Lines and columns of a range, from 1; the end is the place after the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) start: Position,
    pub(super) end: Position,
}

impl Region {
    /// The region of a span as it is.
    pub(super) fn exact(file: &SourceFile, span: Span, unit: Unit) -> Self {
        let bytes = fitted(&file.text, span);
        Self { start: position(file, bytes.start, unit), end: position(file, bytes.end, unit) }
    }

    /// The region of a span for people. The end of a block is often where the next one begins; its last visible
    /// character is meant.
    pub(super) fn visible(file: &SourceFile, span: Span, unit: Unit) -> Self {
        let bytes = visible(&file.text, span);
        Self { start: position(file, bytes.start, unit), end: position(file, bytes.end, unit) }
    }

    /// Whether it begins and ends on one line.
    pub(super) fn is_line(&self) -> bool {
        self.start.line == self.end.line
    }
}

/// The bytes of a span, fitted, without blanks and line ends behind the last visible character.
pub(super) fn visible(text: &str, span: Span) -> Range<usize> {
    let bytes = fitted(text, span);
    bytes.start..bytes.start + text[bytes.clone()].trim_end().len()
}

fn position(file: &SourceFile, byte: usize, unit: Unit) -> Position {
    let byte = offset(byte);
    let position = file.position(byte);
    let column = match unit {
        Unit::Character => position.column,
        Unit::Utf16 => file.lines().utf16_column(&file.text, byte),
        Unit::Byte => {
            let line = file.lines().line_span(position.line);
            let lead = if position.line == 1 { file.lead } else { 0 };
            (byte.clamp(line.start, line.end) - line.start).saturating_add(lead).saturating_add(1)
        }
    };
    Position { column, ..position }
}

#[cfg(test)]
mod tests {
    use super::{Region, Unit, fitted};
    use crate::source::{Origin, Position, SourceFile, Span};

    #[test]
    fn columns_are_counted_in_what_a_format_wants() {
        let file = SourceFile::new("a.yaml", Origin::Named, "\u{feff}é\u{1f980}x: [\r\n  1]  \n\n".into());
        let place = |line, column| Position { line, column };
        for (unit, start) in [(Unit::Character, 3), (Unit::Utf16, 4), (Unit::Byte, 3 + 7)] {
            // From `x` to the end of the text.
            let span = Span::new(6, 99);
            let region = Region { start: place(1, start), end: place(2, 5) };
            assert_eq!(Region::visible(&file, span, unit), region, "{unit:?}");
            assert_eq!(Region::exact(&file, span, unit), Region { end: place(4, 1), ..region }, "{unit:?}");
        }
        assert!(!Region::visible(&file, Span::new(0, 99), Unit::Byte).is_line());
        // In the middle of a line end.
        let end = Region::exact(&file, Span::new(11, 11), Unit::Byte);
        assert_eq!((end.start, end.is_line()), (place(1, 3 + 11), true));
    }

    #[test]
    fn spans_are_made_to_fit() {
        let text = "é名\n";
        assert_eq!(fitted(text, Span::new(1, 3)), 0..5);
        assert_eq!(fitted(text, Span::new(6, 99)), 6..6);
        assert_eq!(fitted(text, Span::new(99, 3)), 6..6);
        assert_eq!(fitted("", Span::new(0, 1)), 0..0);
    }
}
