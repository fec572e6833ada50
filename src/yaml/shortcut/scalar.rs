//! Scalars with and without quotes, and keys.

use crate::source::Span;

use super::super::tree::{Kind, Style};
use super::Reader;

/// A scalar that is read and not yet in the tree: whether it is a key shows itself behind it.
pub(super) struct Scalar {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) style: Style,
    /// The value, where it is not the text.
    pub(super) value: Option<Box<str>>,
}

impl Reader<'_> {
    /// A scalar, of plain text its first line alone. Text in quotes may go on in lines that are indented deeper
    /// than `parent`, if that is given.
    pub(super) fn scalar(&mut self, parent: Option<isize>) -> Option<Scalar> {
        match self.peek() {
            b'"' => self.double(parent),
            b'\'' => self.single(parent),
            _ => self.plain(),
        }
    }

    pub(super) fn push_scalar(&mut self, scalar: Scalar, tag: Option<Span>) {
        let Scalar { start, end, style, value } = scalar;
        let node = self.push(Kind::Scalar, style, start, end, tag);
        self.read = end;
        if let Some(value) = value {
            self.decoded(node, value);
        }
        self.document.has_aliases |= style == Style::Plain && &self.bytes[start..end] == b"<<";
    }

    fn plain(&mut self) -> Option<Scalar> {
        let (start, first) = (self.at, self.peek());
        if !begins_plain(first) || (first == b'-' && self.peek_at(1) == b' ') {
            return None;
        }
        let end = self.plain_line();
        Some(Scalar { start, end, style: Style::Plain, value: None })
    }

    /// Goes to the end of plain text on this line; gives its end without the blanks behind it.
    fn plain_line(&mut self) -> usize {
        let mut end = self.at;
        loop {
            match self.peek() {
                b'\n' | 0 => break,
                b':' if matches!(self.peek_at(1), b' ' | b'\n' | 0) => break,
                b'#' if end < self.at => break,
                b' ' => self.at += 1,
                _ => {
                    self.at += 1;
                    end = self.at;
                }
            }
        }
        end
    }

    /// The lines with which plain text goes on, if there are any.
    pub(super) fn plain_lines(&mut self, mut scalar: Scalar, parent: isize) -> Option<Scalar> {
        let mut value: Option<String> = None;
        while self.peek() == b'\n' {
            let (at, line) = (self.at, self.line);
            let breaks = self.breaks(None)?;
            let column = isize::try_from(self.at - self.line).ok()?;
            if column <= parent || self.peek() == 0 {
                // What comes is something else, and is found once more.
                (self.at, self.line) = (at, line);
                break;
            }
            if self.peek() == b'#' || (self.peek() == b'-' && self.peek_at(1) == b' ') {
                return None;
            }
            if value.is_none() {
                value = Some(self.body.get(scalar.start..scalar.end)?.to_owned());
            }
            let start = self.at;
            scalar.end = self.plain_line();
            let text = value.get_or_insert_default();
            fold(text, breaks);
            text.push_str(self.body.get(start..scalar.end)?);
        }
        scalar.value = value.map(String::into_boxed_str);
        Some(scalar)
    }

    /// Goes from the end of a line to the first byte of the next that is not blank; gives how many lines end
    /// on the way. `None` where that byte is not deeper than `parent`.
    fn breaks(&mut self, parent: Option<isize>) -> Option<usize> {
        let mut breaks = 0;
        while self.peek() == b'\n' {
            breaks += 1;
            self.at += 1;
            self.line = self.at;
            self.blanks();
        }
        let column = isize::try_from(self.at - self.line).ok()?;
        parent.is_none_or(|parent| column > parent).then_some(breaks)
    }

    fn single(&mut self, parent: Option<isize>) -> Option<Scalar> {
        let start = self.at;
        let mut text = Unquoted::from(start + 1);
        self.at += 1;
        loop {
            match self.peek() {
                b'\'' if self.peek_at(1) == b'\'' => {
                    self.at += 1;
                    text.take(self.body, self.at)?;
                    self.at += 1;
                    text.read = self.at;
                }
                b'\'' => break,
                b'\n' => self.line_break(&mut text, parent?)?,
                0 => return None,
                _ => self.at += 1,
            }
        }
        self.quoted(start, Style::Single, text)
    }

    fn double(&mut self, parent: Option<isize>) -> Option<Scalar> {
        let start = self.at;
        let mut text = Unquoted::from(start + 1);
        self.at += 1;
        loop {
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    let (c, length) = escape(&self.bytes[self.at + 1..])?;
                    text.take(self.body, self.at)?.push(c);
                    self.at += 1 + length;
                    text.read = self.at;
                }
                b'\n' => self.line_break(&mut text, parent?)?,
                0 => return None,
                _ => self.at += 1,
            }
        }
        self.quoted(start, Style::Double, text)
    }

    fn quoted(&mut self, start: usize, style: Style, mut text: Unquoted) -> Option<Scalar> {
        if text.value.is_some() {
            text.take(self.body, self.at)?;
        }
        self.at += 1;
        Some(Scalar { start, end: self.at, style, value: text.value.map(String::into_boxed_str) })
    }

    /// A line break in quotes, with the blanks around it.
    fn line_break(&mut self, text: &mut Unquoted, parent: isize) -> Option<()> {
        let line = self.body.get(text.read..self.at)?;
        let end = text.read + line.trim_end_matches(' ').len();
        let breaks = self.breaks(Some(parent))?;
        fold(text.take(self.body, end)?, breaks);
        text.read = self.at;
        Some(())
    }
}

/// The value of text in quotes, as far as it is not the text itself.
struct Unquoted {
    value: Option<String>,
    /// Up to where the text is in the value.
    read: usize,
}

impl Unquoted {
    fn from(read: usize) -> Self {
        Self { value: None, read }
    }

    /// Takes over the text before an offset.
    fn take(&mut self, body: &str, end: usize) -> Option<&mut String> {
        let value = self.value.get_or_insert_default();
        value.push_str(body.get(self.read..end)?);
        self.read = end;
        Some(value)
    }
}

/// Line breaks, as they count in text that is folded.
fn fold(text: &mut String, breaks: usize) {
    if breaks == 1 {
        text.push(' ');
    } else {
        text.extend(std::iter::repeat_n('\n', breaks - 1));
    }
}

/// Whether a plain scalar may begin with a byte, without a look at the next one.
fn begins_plain(byte: u8) -> bool {
    const SIGNS: [bool; 256] = {
        let (mut known, mut at, signs) = ([true; 256], 0, b"\0\n ,[]{}#&*!|>'\"%@`?:");
        while at < signs.len() {
            known[signs[at] as usize] = false;
            at += 1;
        }
        known
    };
    SIGNS[byte as usize]
}

/// The character of an escape, and how many bytes stand behind its backslash.
fn escape(rest: &[u8]) -> Option<(char, usize)> {
    let digits = |count: usize| {
        let digits = rest.get(1..=count)?;
        let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    Some(match rest.first()? {
        sign @ (b'"' | b'\\' | b'/') => (char::from(*sign), 1),
        b'n' => ('\n', 1),
        b't' => ('\t', 1),
        b'r' => ('\r', 1),
        b'x' => (char::from_u32(digits(2)?)?, 3),
        b'u' => (char::from_u32(digits(4)?)?, 5),
        _ => return None,
    })
}
