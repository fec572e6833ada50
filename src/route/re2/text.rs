//! The text of a pattern, as RE2 is told to read it.

use std::ops::Range;

use super::error::{Error, ErrorKind};

/// What a character of the pattern, and of what it matches, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// A code point in UTF-8: Envoy up to 1.39.0.
    Utf8,
    /// A byte: Envoy from 1.39.3.
    Latin1,
}

impl Encoding {
    /// The greatest character.
    pub(super) fn max(self) -> u32 {
        match self {
            Encoding::Utf8 => super::set::MAX,
            Encoding::Latin1 => 0xFF,
        }
    }
}

/// A pattern, a place in it, and what has been read.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pattern: &'a str,
    encoding: Encoding,
    at: usize,
}

impl<'a> Text<'a> {
    pub(super) fn new(pattern: &'a str, encoding: Encoding) -> Self {
        Self { pattern, encoding, at: 0 }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Where the next character begins, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn go(&mut self, at: usize) {
        self.at = at;
    }

    fn rest(&self) -> &'a [u8] {
        &self.pattern.as_bytes()[self.at..]
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest().is_empty()
    }

    /// The byte at a distance. All of the syntax is ASCII, so a byte of it is never part of another character.
    pub(super) fn byte(&self, distance: usize) -> Option<u8> {
        self.rest().get(distance).copied()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.rest().starts_with(text.as_bytes())
    }

    /// Takes a text if it is next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let found = self.starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// The next character.
    pub(super) fn rune(&mut self) -> Option<u32> {
        let first = self.byte(0)?;
        if self.encoding == Encoding::Latin1 {
            self.at += 1;
            return Some(u32::from(first));
        }
        let rune = self.pattern.get(self.at..)?.chars().next()?;
        self.at += rune.len_utf8();
        Some(u32::from(rune))
    }

    /// The text up to a mark, which is taken too.
    pub(super) fn until(&mut self, mark: &str) -> Option<&'a str> {
        let end = self.at + self.rest().windows(mark.len()).position(|window| window == mark.as_bytes())?;
        let text = self.pattern.get(self.at..end)?;
        self.at = end + mark.len();
        Some(text)
    }

    /// An error about what was read since `start`.
    pub(super) fn error(&self, kind: ErrorKind, start: usize) -> Error {
        self.error_at(kind, start..self.at)
    }

    /// An error about bytes of the pattern, widened to whole characters.
    pub(super) fn error_at(&self, kind: ErrorKind, span: Range<usize>) -> Error {
        let start = (0..=span.start).rev().find(|&at| self.pattern.is_char_boundary(at)).unwrap_or(0);
        let end = (span.end..self.pattern.len()).find(|&at| self.pattern.is_char_boundary(at));
        let span = start..end.unwrap_or(self.pattern.len());
        let text = self.pattern.get(span.clone()).unwrap_or_default().to_owned();
        Error { kind, span, text }
    }
}
