//! The events of the parser, built into the tree of one document.
//!
//! Nothing but this file, `fault.rs` and `parse.rs` knows which parser is used.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle};

use crate::source::Span;

use super::mask::Mask;
use super::tree::{Comment, Document, Kind, NONE, Node, NodeId, Style};

/// How deep collections may nest; the parser's own limits, for block and flow alike.
pub(super) const DEPTH: usize = 255;

/// What became of a document.
pub(super) struct Built<'t> {
    /// The tree, whole or as far as it was read; open collections are closed.
    pub(super) document: Document<'t>,
    /// Aliases of anchors that do not exist.
    pub(super) undefined: Vec<Span>,
    /// Why reading ended early, if it did.
    pub(super) stop: Option<Stop>,
}

/// Where and why the parser gave up; offsets count from the beginning of the chunk.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) kind: ErrorKind,
    pub(super) at: usize,
    /// The end of the last node that was read.
    pub(super) read: usize,
    /// The innermost bracket that is open.
    pub(super) bracket: Option<usize>,
}

/// Builds the tree of the bytes `span` of a file, of which `mask` holds the text to parse.
pub(super) fn build<'t>(file: &'t str, span: Span, mask: &Mask<'_>, comments: bool) -> Built<'t> {
    let input = &*mask.input;
    let document = Document {
        text: file,
        nodes: Vec::with_capacity(input.len() / 16),
        decoded: Vec::new(),
        tags: Vec::new(),
        anchors: Vec::new(),
        comments: Vec::new(),
        span,
        has_aliases: false,
        is_whole: true,
    };
    let mut builder = Builder {
        input,
        mask,
        base: span.start,
        document,
        undefined: Vec::new(),
        open: Vec::new(),
        read: 0,
        named: Vec::new(),
    };
    let stop = builder.run(comments);
    builder.finish();
    Built { document: builder.document, undefined: builder.undefined, stop }
}

/// A collection that is not closed yet.
struct Open {
    node: u32,
    children: u32,
    /// Whether it has a bracket of its own: block collections have not, nor has the mapping of `[a: b]`.
    bracket: bool,
}

struct Builder<'a, 't> {
    input: &'a str,
    mask: &'a Mask<'a>,
    base: u32,
    document: Document<'t>,
    undefined: Vec<Span>,
    open: Vec<Open>,
    /// The end of the last node, or of the last bracket or marker before it.
    read: usize,
    /// Nodes by the number that the parser gave their anchor; numbers rise.
    named: Vec<(usize, u32)>,
}

impl Builder<'_, '_> {
    fn run(&mut self, comments: bool) -> Option<Stop> {
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            emit_comments: comments,
            // The default of 96 rejects a commented-out page of a manifest.
            max_buffered_comment_events: usize::MAX,
            // YAML allows 1,024 characters for a key, JSON any number. Up to here, tokens are kept in memory.
            simple_key_max_lookahead: 100_000,
            flow_nesting_limit: DEPTH,
            block_nesting_limit: DEPTH,
        };
        let input = self.input;
        let mut documents = 0;
        for next in Parser::new_from_str_with_options(input, options) {
            let (event, place) = match next {
                Ok(next) => next,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(input.len());
                    return Some(self.stop(error.kind().clone(), at));
                }
            };
            let range = place.byte_range().unwrap_or(self.read..self.read);
            let tag = place.tag_span().and_then(|tag| tag.byte_range());
            let stop = match event {
                Event::DocumentStart(explicit, _) => {
                    documents += 1;
                    if explicit {
                        self.read = range.end;
                    }
                    (documents > 1).then_some(ErrorKind::ExpectedDocumentStart)
                }
                Event::Scalar(value, style, anchor, _) => {
                    self.scalar(&value, style, range.clone(), tag, anchor != 0);
                    None
                }
                Event::SequenceStart(style, ..) => self.start(Kind::Sequence, style, range.clone(), tag),
                Event::MappingStart(style, ..) => self.start(Kind::Mapping, style, range.clone(), tag),
                Event::SequenceEnd | Event::MappingEnd => {
                    self.end(range.end);
                    None
                }
                Event::Alias(number) => {
                    let found = self.named.binary_search_by_key(&number, |(number, _)| *number);
                    self.alias(range.clone(), found.map_or(NONE, |at| self.named[at].1));
                    None
                }
                Event::UnresolvedAlias(_) => {
                    self.undefined.push(self.span(range.start, range.end));
                    self.alias(range.clone(), NONE);
                    None
                }
                Event::Anchor(number, _) => {
                    let node = self.count().saturating_sub(1);
                    self.named.push((number, node));
                    self.document.anchors.push((NodeId(node), self.span(range.start + 1, range.end)));
                    None
                }
                Event::Comment(..) => {
                    self.document.comments.push(Comment { span: self.span(range.start, range.end) });
                    None
                }
                _ => None,
            };
            if let Some(kind) = stop {
                return Some(self.stop(kind, range.start));
            }
        }
        None
    }

    fn stop(&self, kind: ErrorKind, at: usize) -> Stop {
        // A place that is no place in the text would be a fault of the parser, and no reason to panic.
        let at = (0..=at.min(self.input.len())).rev().find(|at| self.input.is_char_boundary(*at)).unwrap_or(0);
        let bracket = self.open.iter().rev().find(|open| open.bracket);
        let bracket = bracket.map(|open| (self.document.nodes[open.node as usize].span.start - self.base) as usize);
        Stop { kind, at, read: self.read, bracket }
    }

    /// Closes what is open, so that a tree that ends early is a tree all the same.
    fn finish(&mut self) {
        while let Some(open) = self.open.last() {
            let mapping = self.document.nodes[open.node as usize].kind == Kind::Mapping;
            if mapping && open.children % 2 == 1 {
                let at = self.behind(b':');
                self.push(Kind::Scalar, Style::Plain, at, at);
                self.read = at;
            }
            self.end(self.read);
        }
        self.document.comments.sort_unstable_by_key(|comment| comment.span);
        let bare = self.document.tags.is_empty() && self.document.anchors.is_empty();
        if self.document.nodes.len() == 1 && bare && self.document.is_missing(NodeId(0)) {
            self.document.nodes.clear();
        }
    }

    fn count(&self) -> u32 {
        u32::try_from(self.document.nodes.len()).unwrap_or(NONE)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at| self.base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        Span::new(offset(start), offset(end.max(start)))
    }

    fn push(&mut self, kind: Kind, style: Style, start: usize, end: usize) -> u32 {
        if let Some(open) = self.open.last_mut() {
            open.children += 1;
        }
        let id = self.count();
        self.document.nodes.push(Node { span: self.span(start, end), next: id + 1, extra: NONE, kind, style });
        id
    }

    fn tag(&mut self, node: u32, tag: Option<std::ops::Range<usize>>) {
        if let Some(tag) = tag {
            self.document.tags.push((NodeId(node), self.span(tag.start, tag.end)));
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        range: std::ops::Range<usize>,
        tag: Option<std::ops::Range<usize>>,
        anchored: bool,
    ) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        if style == Style::Plain && range.is_empty() {
            let at = if tag.is_some() || anchored { range.start } else { self.missing(range.start) };
            let node = self.push(Kind::Scalar, style, at, at);
            self.tag(node, tag);
            self.read = self.read.max(at);
            return;
        }
        let (start, end, inner) = match style {
            Style::Literal | Style::Folded => {
                let start = self.header(range.start);
                (start, block_end(self.input, start, range.end), None)
            }
            Style::Single | Style::Double => {
                (range.start, range.end, self.input.get(range.start + 1..range.end.saturating_sub(1)))
            }
            _ => (range.start, range.end, self.input.get(range.clone())),
        };
        let node = self.push(Kind::Scalar, style, start, end);
        if inner != Some(value) || self.mask.is_folded(value) {
            let value = if inner.is_none() && range.end == self.input.len() { self.unended(value) } else { value };
            self.document.nodes[node as usize].extra = u32::try_from(self.document.decoded.len()).unwrap_or(NONE);
            let raw = self.input.get(start..end).unwrap_or("");
            self.document.decoded.push(self.mask.restore(raw, value));
        }
        self.document.has_aliases |= style == Style::Plain && value == "<<";
        self.tag(node, tag);
        self.read = end;
    }

    fn alias(&mut self, range: std::ops::Range<usize>, target: u32) {
        let node = self.push(Kind::Alias, Style::Plain, range.start, range.end);
        self.document.nodes[node as usize].extra = target;
        self.document.has_aliases = true;
        self.read = range.end;
    }

    fn start(
        &mut self,
        kind: Kind,
        style: StructureStyle,
        range: std::ops::Range<usize>,
        tag: Option<std::ops::Range<usize>>,
    ) -> Option<ErrorKind> {
        if self.open.len() == DEPTH {
            return Some(ErrorKind::RecursionLimitExceeded);
        }
        let style = match style {
            StructureStyle::Block => Style::Block,
            StructureStyle::Flow => Style::Flow,
        };
        let bracket = style == Style::Flow && !range.is_empty();
        let node = self.push(kind, style, range.start, range.end);
        self.tag(node, tag);
        self.open.push(Open { node, children: 0, bracket });
        self.read = range.end;
        None
    }

    /// Closes the innermost collection. The parser reports the end of a collection without brackets
    /// at the next token, behind comments and blank lines: such a one ends with its last descendant.
    fn end(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        if open.bracket {
            self.read = end;
        }
        let first = self.document.nodes.get(open.node as usize + 1).map(|child| child.span.start);
        let (next, end) = (self.count(), self.span(self.read, self.read).end);
        let node = &mut self.document.nodes[open.node as usize];
        if let Some(first) = first.filter(|_| !open.bracket) {
            node.span.start = first;
        }
        node.span.end = end.max(node.span.start);
        node.next = next;
    }

    /// Where a node that is not written belongs; `at` is where the parser says that it is.
    fn missing(&self, at: usize) -> usize {
        let Some(open) = self.open.last() else { return at };
        match self.document.nodes[open.node as usize].kind {
            Kind::Sequence => self.behind(b'-'),
            // The parser reports the value of `key:` at the end of the key, before the colon.
            Kind::Mapping if open.children % 2 == 1 && at == self.read => self.behind(b':'),
            Kind::Mapping if open.children % 2 == 1 => self.read,
            _ => at,
        }
    }

    /// The offset behind the next character that is neither blank nor comment, if it is `mark`; else
    /// the end of what was read.
    fn behind(&self, mark: u8) -> usize {
        let bytes = self.input.as_bytes();
        let mut at = self.read;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'#' => at = line_end(bytes, at),
                _ if *byte == mark => return at + 1,
                _ => break,
            }
        }
        self.read
    }

    /// A block scalar at the end of a text that does not end its last line: the parser ends the line
    /// itself, which go-yaml and libyaml do not.
    fn unended<'v>(&self, value: &'v str) -> &'v str {
        let last = self.input.rsplit('\n').next().unwrap_or("");
        let is_text = !last.trim_start_matches([' ', '\t']).is_empty();
        value.strip_suffix('\n').filter(|_| is_text).unwrap_or(value)
    }

    /// The `|` or `>` of the block scalar whose text begins at `text`, which is what the parser
    /// reports. Between the last node and that sign stand indicators, tags, anchors and comments.
    fn header(&self, text: usize) -> usize {
        let bytes = self.input.as_bytes();
        let mut at = self.read;
        while at <= text {
            match bytes.get(at) {
                None => break,
                Some(b'|' | b'>') => return at,
                Some(b'#') => at = line_end(bytes, at),
                Some(b'&' | b'!') => {
                    let word = bytes[at..].iter().position(u8::is_ascii_whitespace);
                    at = word.map_or(bytes.len(), |length| at + length);
                }
                // A directive, before the first node of a document.
                Some(b'%') => at = line_end(bytes, at),
                Some(_) => at += 1,
            }
        }
        text
    }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length)
}

/// The end of a block scalar without the blank lines behind its text; blanks at the end of the last
/// line of text belong to the text.
fn block_end(input: &str, start: usize, end: usize) -> usize {
    let body = input.get(start..end).unwrap_or("");
    let trimmed = body.trim_end_matches([' ', '\t', '\r', '\n']).len();
    let blanks = body[trimmed..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    start + trimmed + blanks
}
