//! Mappings and lists by indentation.

use crate::source::Span;

use super::super::tree::{Kind, Style};
use super::scalar::Scalar;
use super::{DEPTH, Reader};

impl Reader<'_> {
    /// A node whose first byte is the next one. `parent` is the indentation of what holds it; `nests` says
    /// whether a mapping or a list may begin here, which it may not behind a `:`. Afterwards the next token
    /// is found.
    pub(super) fn node(&mut self, parent: isize, tag: Option<Span>, nests: bool) -> Option<()> {
        let column = isize::try_from(self.at - self.line).ok()?;
        match self.peek() {
            b'-' if matches!(self.peek_at(1), b' ' | b'\n' | 0) => {
                return if nests { self.sequence(column, tag) } else { None };
            }
            b'[' | b'{' => self.flow(tag)?,
            b'|' | b'>' => return self.block_text(parent, tag),
            _ => {
                let line = self.line;
                let scalar = self.scalar(Some(parent))?;
                self.blanks();
                if self.is_colon() {
                    return if nests && self.line == line { self.mapping(column, tag, scalar) } else { None };
                }
                let scalar = if scalar.style == Style::Plain { self.plain_lines(scalar, parent)? } else { scalar };
                self.push_scalar(scalar, tag);
            }
        }
        self.rest()?;
        self.token()
    }

    fn is_colon(&self) -> bool {
        self.peek() == b':' && matches!(self.peek_at(1), b' ' | b'\n' | 0)
    }

    /// A mapping of which the first key is read.
    fn mapping(&mut self, indent: isize, tag: Option<Span>, mut key: Scalar) -> Option<()> {
        let node = self.open(Kind::Mapping, tag)?;
        loop {
            // What is longer is no key to every reader, and blanks before a colon are as rare.
            if key.end - key.start > 1_000 || key.end != self.at {
                return None;
            }
            self.push_scalar(key, None);
            self.at += 1;
            self.content(indent, true)?;
            if self.column != indent {
                break;
            }
            key = self.scalar(None)?;
            self.blanks();
            if !self.is_colon() {
                return None;
            }
        }
        self.close(node, indent)
    }

    fn sequence(&mut self, indent: isize, tag: Option<Span>) -> Option<()> {
        let node = self.open(Kind::Sequence, tag)?;
        loop {
            self.at += 1;
            self.content(indent, false)?;
            if self.column != indent || !self.is_dash() {
                break;
            }
        }
        self.close(node, indent)
    }

    fn is_dash(&self) -> bool {
        self.peek() == b'-' && matches!(self.peek_at(1), b' ' | b'\n' | 0)
    }

    /// What stands behind a `:` or a `-`, here or on the lines below.
    fn content(&mut self, indent: isize, of_key: bool) -> Option<()> {
        let behind = self.at;
        self.blanks();
        let tag = if self.peek() == b'!' { Some(self.tag()?) } else { None };
        if !self.is_line_end() {
            return self.node(indent, tag, !of_key && tag.is_none());
        }
        self.rest()?;
        self.token()?;
        let first = self.document.nodes.len();
        if self.column > indent {
            if matches!(self.peek(), b'|' | b'>') {
                return None;
            }
            self.node(indent, tag, true)?;
        } else if of_key && self.column == indent && self.is_dash() {
            self.sequence(indent, tag)?;
            // The parser's place for an item that is not written is another here, and only here.
            if self.document.nodes[first + 1].span.is_empty() {
                return None;
            }
        } else {
            self.missing(behind);
        }
        // A tag on a line of its own is worth the care for collections alone.
        (tag.is_none() || self.document.nodes[first].style == Style::Block).then_some(())
    }

    fn tag(&mut self) -> Option<Span> {
        let start = self.at;
        self.at += if self.peek_at(1) == b'!' { 2 } else { 1 };
        let name = self.at;
        while matches!(self.peek(), b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'.' | b'_' | b'-') {
            self.at += 1;
        }
        if self.at == name || !matches!(self.peek(), b' ' | b'\n') {
            return None;
        }
        let span = self.span(start, self.at);
        self.blanks();
        Some(span)
    }

    fn open(&mut self, kind: Kind, tag: Option<Span>) -> Option<usize> {
        self.depth += 1;
        (self.depth <= DEPTH).then(|| self.push(kind, Style::Block, self.at, self.at, tag))
    }

    /// Ends a collection, which goes from its first child to its last descendant, at a token that is left of
    /// it; in a list below a key of the same column, also at the next key.
    fn close(&mut self, node: usize, indent: isize) -> Option<()> {
        self.depth -= 1;
        let end = self.span(self.read, self.read).end;
        let nodes = &mut self.document.nodes;
        nodes[node].span = Span::new(nodes.get(node + 1)?.span.start, end);
        nodes[node].next = u32::try_from(nodes.len()).ok()?;
        (self.column <= indent).then_some(())
    }
}
