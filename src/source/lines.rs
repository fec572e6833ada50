//! Byte offsets to lines and columns, and back.

use memchr::memchr_iter;

use super::Span;

/// A place as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters (Unicode scalar values).
    pub column: u32,
}

/// Where the lines of one text begin and end.
///
/// A line ends at `\n` or `\r\n`. A lone `\r` ends none: YAML takes it for a break, but git, forges,
/// compilers and SARIF's default do not count it, and a number is only of use if it is the one that
/// other tools show. A text that ends with a line ending has an empty last line, as editors show it;
/// an empty text has one line.
///
/// Every method is total: an offset or a number that does not fit the text means the nearest that
/// does. The `text` handed to a method is the one that the index was made from.
#[derive(Debug)]
pub struct LineIndex {
    /// The lines without their endings; never empty.
    lines: Vec<Span>,
    /// How many characters precede each multiple of [`BLOCK`] bytes; empty for a text that is all
    /// ASCII. They keep a column cheap on a line of many megabytes, such as minified JSON.
    marks: Vec<Mark>,
}

impl LineIndex {
    /// The index of a text. What lies beyond 4 GiB belongs to the last line.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut lines = Vec::with_capacity(memchr_iter(b'\n', bytes).count() + 1);
        let mut start = 0;
        for feed in memchr_iter(b'\n', bytes).take_while(|&feed| u32::try_from(feed + 1).is_ok()) {
            let crlf = feed > start && bytes[feed - 1] == b'\r';
            lines.push(Span::new(narrow(start), narrow(feed - usize::from(crlf))));
            start = feed + 1;
        }
        lines.push(Span::new(narrow(start), narrow(bytes.len())));
        Self { lines, marks: if text.is_ascii() { Vec::new() } else { Mark::of(bytes) } }
    }

    /// Line and column of a byte offset. An offset inside a character means the character, one inside
    /// a line ending the end of its line, and one past the text the end of the text.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let (line, before) = self.locate(text, offset);
        Position { line, column: before.chars.saturating_add(1) }
    }

    /// The column of a byte offset in UTF-16 units, from 1, as LSP and SARIF may want it (LSP counts
    /// from 0). Offsets that do not fit are treated as in [`position`](Self::position).
    #[must_use]
    pub fn utf16_column(&self, text: &str, offset: u32) -> u32 {
        self.locate(text, offset).1.units.saturating_add(1)
    }

    /// The bytes of a line, from 1, without its ending. Line 0 means the first; a line past the last
    /// gives the empty span at the end of the text.
    #[must_use]
    pub fn line_span(&self, line: u32) -> Span {
        let end = self.end();
        self.lines.get(line.saturating_sub(1) as usize).copied().unwrap_or(Span::new(end, end))
    }

    /// How many lines there are; at least one.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        narrow(self.lines.len())
    }

    /// The byte offset of a line and a column, both from 1, the column in characters. A column past
    /// the line means the end of the line; a line past the last means the end of the text.
    #[must_use]
    pub fn offset(&self, text: &str, line: u32, column: u32) -> u32 {
        let span = self.line_span(line);
        let skip = column.saturating_sub(1);
        if self.marks.is_empty() {
            return span.start.saturating_add(skip).min(span.end);
        }
        let content = text.get(span.start as usize..span.end as usize).unwrap_or("");
        match content.char_indices().nth(skip as usize) {
            Some((at, _)) => span.start + narrow(at),
            None => span.end,
        }
    }

    /// The line of an offset, and what stands before the offset in that line.
    fn locate(&self, text: &str, offset: u32) -> (u32, Mark) {
        let mut offset = offset.min(self.end());
        while offset > 0 && !text.is_char_boundary(offset as usize) {
            offset -= 1;
        }
        // The first line starts at 0, so at least one line starts at or before the offset.
        let line = self.lines.partition_point(|line| line.start <= offset);
        let span = self.line_span(narrow(line));
        (narrow(line), self.width(text.as_bytes(), span.start, offset.min(span.end)))
    }

    fn width(&self, bytes: &[u8], start: u32, end: u32) -> Mark {
        if self.marks.is_empty() {
            return Mark { chars: end - start, units: end - start };
        }
        if (end - start) as usize <= BLOCK {
            return Mark::count(bytes.get(start as usize..end as usize).unwrap_or(&[]));
        }
        let (to, from) = (self.before(bytes, end), self.before(bytes, start));
        Mark { chars: to.chars.saturating_sub(from.chars), units: to.units.saturating_sub(from.units) }
    }

    fn before(&self, bytes: &[u8], offset: u32) -> Mark {
        // The end of the text may be a multiple of the block that has no mark of its own.
        let block = (offset as usize / BLOCK).min(self.marks.len().saturating_sub(1));
        let mark = self.marks.get(block).copied().unwrap_or_default();
        mark.plus(Mark::count(bytes.get(block * BLOCK..offset as usize).unwrap_or(&[])))
    }

    fn end(&self) -> u32 {
        self.lines.last().map_or(0, |line| line.end)
    }
}

/// Bytes between two marks.
const BLOCK: usize = 4096;

/// A number of characters, and of UTF-16 units.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    chars: u32,
    units: u32,
}

impl Mark {
    fn of(bytes: &[u8]) -> Vec<Self> {
        let blocks = bytes.chunks(BLOCK).scan(Self::default(), |sum, block| {
            let before = *sum;
            *sum = sum.plus(Self::count(block));
            Some(before)
        });
        blocks.collect()
    }

    /// Counts the characters that begin in these bytes, so that counts of neighbours add up wherever
    /// the text is cut. A character of four bytes is a surrogate pair in UTF-16, every other one unit.
    fn count(bytes: &[u8]) -> Self {
        let chars = bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        let pairs = bytes.iter().filter(|&&byte| byte >= 0xf0).count();
        Self { chars: narrow(chars), units: narrow(chars + pairs) }
    }

    fn plus(self, other: Self) -> Self {
        Self { chars: self.chars.saturating_add(other.chars), units: self.units.saturating_add(other.units) }
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: u32) -> (u32, u32) {
        let position = LineIndex::new(text).position(text, offset);
        (position.line, position.column)
    }

    #[test]
    fn empty_text_has_one_line() {
        let index = LineIndex::new("");
        assert_eq!(index.line_count(), 1);
        assert_eq!(index.line_span(1), Span::new(0, 0));
        assert_eq!(at("", 0), (1, 1));
        assert_eq!(at("", 9), (1, 1));
    }

    #[test]
    fn lines_end_at_lf_and_crlf_alone() {
        let text = "ab\r\nc\rd\n\nlast";
        let index = LineIndex::new(text);
        let lines: Vec<&str> = (1..=index.line_count())
            .map(|line| index.line_span(line))
            .map(|span| &text[span.start as usize..span.end as usize])
            .collect();
        assert_eq!(lines, ["ab", "c\rd", "", "last"]);
        assert_eq!(at(text, 4), (2, 1));
        assert_eq!(at(text, 6), (2, 3));
        assert_eq!(at(text, 9), (4, 1));
    }

    #[test]
    fn a_carriage_return_belongs_to_its_own_line_only() {
        let text = "a\n\r\n\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_span(2), Span::new(2, 2));
        assert_eq!(index.line_span(3), Span::new(4, 4));
        assert_eq!(index.line_count(), 4);
    }

    #[test]
    fn final_line_ending_opens_an_empty_line() {
        assert_eq!(LineIndex::new("a\n").line_count(), 2);
        assert_eq!(at("a\n", 2), (2, 1));
        assert_eq!(LineIndex::new("a").line_count(), 1);
        assert_eq!(at("a", 1), (1, 2));
    }

    #[test]
    fn line_ending_is_the_end_of_its_line() {
        assert_eq!(at("ab\r\nc", 2), (1, 3));
        assert_eq!(at("ab\r\nc", 3), (1, 3));
    }

    #[test]
    fn columns_are_characters_or_utf16_units() {
        let text = "a: \u{e9}\u{1f980}x\nb";
        let index = LineIndex::new(text);
        assert_eq!(at(text, 3), (1, 4));
        assert_eq!(at(text, 4), (1, 4), "inside a character means the character");
        assert_eq!(at(text, 9), (1, 6));
        assert_eq!(index.utf16_column(text, 9), 7);
        assert_eq!(index.utf16_column(text, 11), 1);
    }

    #[test]
    fn offset_inverts_position() {
        for text in ["a: b\nc\r\n\nd", "\u{e9}\u{1f980}x\r\n\u{e4}\n", ""] {
            let index = LineIndex::new(text);
            for (offset, _) in text.char_indices().filter(|(_, c)| !"\r\n".contains(*c)) {
                let Position { line, column } = index.position(text, offset as u32);
                assert_eq!(index.offset(text, line, column), offset as u32, "{text:?} at {offset}");
            }
        }
    }

    #[test]
    fn numbers_that_do_not_fit_mean_the_nearest_that_do() {
        for text in ["ab\ncd", "\u{e9}b\ncd"] {
            let index = LineIndex::new(text);
            let end = text.len() as u32;
            assert_eq!(index.offset(text, 0, 0), 0);
            assert_eq!(index.offset(text, 1, 99), end - 3);
            assert_eq!(index.offset(text, u32::MAX, 1), end);
            assert_eq!(index.offset(text, 2, u32::MAX), end);
            assert_eq!(index.line_span(0), index.line_span(1));
            assert_eq!(index.line_span(9), Span::new(end, end));
            assert_eq!(index.position(text, u32::MAX), Position { line: 2, column: 3 });
        }
    }

    #[test]
    fn a_long_line_may_end_where_a_block_ends() {
        let text = "\u{e9}".repeat(BLOCK);
        let column = BLOCK as u32 + 1;
        let end = text.len() as u32;
        assert_eq!(at(&text, end), (1, column));
        assert_eq!(LineIndex::new(&text).utf16_column(&text, end), column);
    }

    #[test]
    fn long_lines_are_counted_as_short_ones_are() {
        for length in [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 7] {
            let mut text = String::from("\u{e9}\n");
            text.extend("a\u{e9}\u{20ac}\u{1f980}".chars().cycle().take(length));
            let index = LineIndex::new(&text);
            for offset in (3..=text.len()).rev().step_by(1021) {
                let boundary = (0..=offset).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
                let line = &text[3..boundary];
                let column = 1 + line.chars().count() as u32;
                assert_eq!(index.position(&text, offset as u32), Position { line: 2, column });
                assert_eq!(index.utf16_column(&text, offset as u32), 1 + line.encode_utf16().count() as u32);
            }
        }
    }
}
