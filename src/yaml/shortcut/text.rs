//! Block text: `|` and `>`.

use crate::source::Span;

use super::super::tree::{Kind, Style};
use super::Reader;

/// What becomes of the line breaks behind the last line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Clip,
    Strip,
    Keep,
}

impl Reader<'_> {
    /// Block text, in lines that are indented deeper than `parent`. Afterwards the next token is found.
    pub(super) fn block_text(&mut self, parent: isize, tag: Option<Span>) -> Option<()> {
        let start = self.at;
        let style = if self.peek() == b'|' { Style::Literal } else { Style::Folded };
        self.at += 1;
        let chomp = match self.peek() {
            b'+' => Chomp::Keep,
            b'-' => Chomp::Strip,
            _ => Chomp::Clip,
        };
        self.at += usize::from(chomp != Chomp::Clip);
        self.rest()?;
        let width = self.width(parent)?;
        let (value, end) = self.lines(width, style == Style::Folded, chomp)?;
        let node = self.push(Kind::Scalar, style, start, end, tag);
        self.decoded(node, value);
        self.read = end;
        self.token()
    }

    /// The indentation of the text: that of its first line which is not empty.
    fn width(&self, parent: isize) -> Option<usize> {
        let mut line = self.at;
        let mut widest = 0;
        loop {
            let blanks = self.blanks_from(line);
            match self.bytes.get(line + blanks)? {
                b'\n' => widest = widest.max(blanks),
                _ => return (isize::try_from(blanks).ok()? > parent.max(0) && widest <= blanks).then_some(blanks),
            }
            line += blanks + 1;
        }
    }

    fn blanks_from(&self, at: usize) -> usize {
        self.bytes[at..].iter().take_while(|byte| **byte == b' ').count()
    }

    /// The value, and the end of its last line.
    fn lines(&mut self, width: usize, folds: bool, chomp: Chomp) -> Option<(Box<str>, usize)> {
        let mut value = String::new();
        let (mut end, mut empty) = (self.at, 0);
        while self.at < self.bytes.len() {
            let blanks = self.blanks_from(self.at);
            let first = self.at + blanks;
            let newline = if *self.bytes.get(first)? == b'\n' {
                if blanks > width {
                    return None;
                }
                empty += 1;
                first
            } else if blanks < width {
                break;
            } else {
                let newline = first + memchr::memchr(b'\n', &self.bytes[first..])?;
                // Lines that are indented deeper are not folded, nor are those beside them.
                if folds && blanks > width {
                    return None;
                }
                if folds && !value.is_empty() && empty == 0 {
                    value.push(' ');
                }
                // What is folded has lost the break of its own line.
                value.extend(std::iter::repeat_n('\n', empty));
                value.push_str(self.body.get(self.at + width..newline)?);
                if !folds {
                    value.push('\n');
                }
                (end, empty) = (newline, 0);
                newline
            };
            self.at = newline + 1;
            self.line = self.at;
        }
        match chomp {
            Chomp::Strip if !folds => value.truncate(value.len() - 1),
            Chomp::Strip => {}
            Chomp::Clip | Chomp::Keep if folds => value.push('\n'),
            Chomp::Clip | Chomp::Keep => {}
        }
        if chomp == Chomp::Keep {
            value.extend(std::iter::repeat_n('\n', empty));
        }
        Some((value.into(), end))
    }
}
