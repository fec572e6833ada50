//! The shape that nearly all manifests have, read in one pass without a parser of all of YAML.
//!
//! Block mappings and lists, scalars on one line, brackets, block text, tags and comments. Of each document
//! the answer is the very tree that the parser's events give, or nothing at all: whatever is odd (a tab, an anchor, a
//! key of several lines, an indentation that does not fit) is left to the parser, as are all errors.

mod block;
mod flow;
mod scalar;
mod text;

use crate::source::Span;

use super::tree::{Comment, Document, Kind, NONE, Node, NodeId, Style};

/// How deep collections may nest here; far below what the parser allows.
const DEPTH: usize = 64;

/// The column of the end of the text, which is left of everything.
const END: isize = -1;

/// The tree of the bytes `span` of a file; `None` when the document is one for the parser.
pub(super) fn read(file: &str, span: Span, comments: bool) -> Option<Document<'_>> {
    let body = file.get(span.start as usize..span.end as usize)?;
    if !is_ordinary(body) || u32::try_from(file.len()).is_err() {
        return None;
    }
    let document = Document {
        text: file,
        nodes: Vec::with_capacity(body.len() / 12),
        decoded: Vec::new(),
        tags: Vec::new(),
        anchors: Vec::new(),
        comments: Vec::new(),
        span,
        has_aliases: false,
        is_whole: true,
    };
    let bytes = body.as_bytes();
    let mut reader =
        Reader { body, bytes, base: span.start, at: 0, line: 0, column: 0, read: 0, depth: 0, comments, document };
    reader.document()?;
    Some(reader.document)
}

/// Whether a text holds nothing but signs that mean the same to everybody: no tabs, no carriage returns, no
/// control characters, no line breaks of other alphabets, no byte order mark.
fn is_ordinary(body: &str) -> bool {
    // Without a way out in the middle, the loop is one over vectors.
    let odd = |byte: u8| (byte < b' ' && byte != b'\n') || byte == 0x7f;
    if body.as_bytes().chunks(1 << 12).any(|part| part.iter().fold(false, |found, byte| found | odd(*byte))) {
        return false;
    }
    let is_known = |c: char| {
        matches!(c, '\0'..='\u{7f}' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}')
            || matches!(c, '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
    };
    body.is_ascii() || body.chars().all(is_known)
}

struct Reader<'t> {
    body: &'t str,
    bytes: &'t [u8],
    /// Where the body begins in its file.
    base: u32,
    /// The next byte.
    at: usize,
    /// Where its line begins.
    line: usize,
    /// The column of the token that [`Reader::token`] found.
    column: isize,
    /// The end of what was read last, but for blanks and comments.
    read: usize,
    depth: usize,
    comments: bool,
    document: Document<'t>,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        self.skip();
        if self.at == self.line
            && self.bytes[self.at..].starts_with(b"---")
            && matches!(self.peek_at(3), b' ' | b'\n' | 0)
        {
            self.at += 3;
            self.rest()?;
        }
        self.token()?;
        if self.column == END {
            return None;
        }
        self.node(END, None, true)?;
        // A scalar that is a whole document is not worth the care.
        let root = self.document.nodes.first()?;
        (self.column == END && root.kind != Kind::Scalar).then_some(())
    }

    /// The next byte; 0, which no text here holds, behind the last.
    fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    fn peek_at(&self, offset: usize) -> u8 {
        self.bytes.get(self.at + offset).copied().unwrap_or(0)
    }

    fn blanks(&mut self) {
        while self.peek() == b' ' {
            self.at += 1;
        }
    }

    /// Whether the line ends here, or but for a comment.
    fn is_line_end(&self) -> bool {
        match self.peek() {
            b'\n' | 0 => true,
            b'#' => self.at == self.line || self.bytes[self.at - 1] == b' ',
            _ => false,
        }
    }

    /// Leaves the line, of which nothing but blanks and a comment may be left.
    fn rest(&mut self) -> Option<()> {
        self.blanks();
        if !self.is_line_end() {
            return None;
        }
        if self.peek() == b'#' {
            let end = memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |length| self.at + length);
            if self.comments {
                let span = self.span(self.at, end);
                self.document.comments.push(Comment { span });
            }
            self.at = end;
        }
        if self.at < self.bytes.len() {
            self.at += 1;
            self.line = self.at;
        }
        Some(())
    }

    /// Goes on to the first byte that is neither blank nor in a comment.
    fn skip(&mut self) {
        loop {
            self.blanks();
            if self.at == self.bytes.len() || self.rest().is_none() {
                return;
            }
        }
    }

    /// Finds the next token on a line of its own, and its column.
    fn token(&mut self) -> Option<()> {
        self.skip();
        if self.at == self.bytes.len() {
            self.column = END;
            return Some(());
        }
        self.column = isize::try_from(self.at - self.line).ok()?;
        let rest = &self.bytes[self.at..];
        (self.column > 0 || !(rest.starts_with(b"---") || rest.starts_with(b"..."))).then_some(())
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at| self.base + u32::try_from(at).unwrap_or(u32::MAX - self.base);
        Span::new(offset(start), offset(end))
    }

    fn push(&mut self, kind: Kind, style: Style, start: usize, end: usize, tag: Option<Span>) -> usize {
        let at = self.document.nodes.len();
        let id = u32::try_from(at).unwrap_or(NONE - 1);
        self.document.nodes.push(Node { span: self.span(start, end), next: id + 1, extra: NONE, kind, style });
        if let Some(tag) = tag {
            self.document.tags.push((NodeId(id), tag));
        }
        at
    }

    /// A value that is not written, behind its `:` or `-`.
    fn missing(&mut self, behind: usize) {
        self.push(Kind::Scalar, Style::Plain, behind, behind, None);
        self.read = behind;
    }

    fn decoded(&mut self, node: usize, value: Box<str>) {
        self.document.nodes[node].extra = u32::try_from(self.document.decoded.len()).unwrap_or(NONE);
        self.document.decoded.push(value);
    }
}
