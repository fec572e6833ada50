//! Collections in brackets, on one line.

use crate::source::Span;

use super::super::tree::{Kind, Style};
use super::scalar::Scalar;
use super::{DEPTH, Reader};

impl Reader<'_> {
    /// A collection in brackets, to the byte behind its end.
    pub(super) fn flow(&mut self, tag: Option<Span>) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let is_mapping = self.peek() == b'{';
        let (kind, close) = if is_mapping { (Kind::Mapping, b'}') } else { (Kind::Sequence, b']') };
        let node = self.push(kind, Style::Flow, self.at, self.at + 1, tag);
        self.at += 1;
        self.blanks();
        while self.peek() != close {
            if is_mapping {
                self.flow_key()?;
            }
            self.flow_value()?;
            self.blanks();
            match self.peek() {
                b',' => {
                    self.at += 1;
                    self.blanks();
                    if self.peek() == close {
                        return None;
                    }
                }
                byte if byte == close => {}
                _ => return None,
            }
        }
        self.at += 1;
        self.depth -= 1;
        self.read = self.at;
        let end = self.span(self.at, self.at).end;
        let next = u32::try_from(self.document.nodes.len()).ok()?;
        let node = &mut self.document.nodes[node];
        (node.span.end, node.next) = (end, next);
        Some(())
    }

    fn flow_key(&mut self) -> Option<()> {
        let key = self.flow_scalar()?;
        let is_quoted = key.style != Style::Plain;
        if key.end - key.start > 1_000 {
            return None;
        }
        self.push_scalar(key, None);
        self.blanks();
        if self.peek() != b':' || !(is_quoted || self.peek_at(1) == b' ') {
            return None;
        }
        self.at += 1;
        self.blanks();
        Some(())
    }

    fn flow_value(&mut self) -> Option<()> {
        if matches!(self.peek(), b'[' | b'{') {
            return self.flow(None);
        }
        let value = self.flow_scalar()?;
        self.push_scalar(value, None);
        Some(())
    }

    fn flow_scalar(&mut self) -> Option<Scalar> {
        if matches!(self.peek(), b'"' | b'\'') {
            return self.scalar(None);
        }
        let start = self.at;
        let mut end = start;
        loop {
            match self.peek() {
                b' ' => self.at += 1,
                b':' if end == start || !is_word(self.peek_at(1)) => break,
                byte if is_word(byte) || byte == b':' => {
                    self.at += 1;
                    end = self.at;
                }
                _ => break,
            }
        }
        let dash = self.bytes.get(start) == Some(&b'-') && !is_word(*self.bytes.get(start + 1)?);
        (end > start && !dash).then_some(Scalar { start, end, style: Style::Plain, value: None })
    }
}

/// Bytes that plain scalars in brackets may hold anywhere.
fn is_word(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'/' | b'$' | b'=' | b'+' | b'~' | b'^' | b'(' | b')')
        || byte >= 0x80
}
