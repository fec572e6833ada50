//! A stream cut into its documents, before anything is parsed.
//!
//! A line that begins with `---` ends a document whatever stands before it, block text and open
//! quotes included (YAML 1.2.2, 9.1.2 and 7.3), so that the cut needs no parser, and an error in one
//! document cannot reach the next.

use memchr::{memchr, memchr2, memmem};

use crate::source::Span;

/// A document of a stream that was not parsed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The bytes of the document in the file, its `---` and what comments and directives stand before it included.
    pub span: Span,
}

/// The documents of a stream, in order. Documents without content (blanks, comments, a bare `---`) are left out;
/// comments and directives before the first `---`, or after a `...` line, belong to the document that follows.
/// JSON values that stand one after the other in one document are documents of their own.
#[must_use]
pub fn split(text: &str) -> Vec<Chunk> {
    let bytes = text.as_bytes();
    let mut chunks = Vec::new();
    let mut prefix = None;
    let mut start = 0;
    for end in cuts(bytes).into_iter().chain([bytes.len()]) {
        if end == start {
            continue;
        }
        let part = &bytes[start..end];
        match content(part) {
            Content::Prefix => prefix = prefix.or(Some(start)),
            Content::Nothing => prefix = prefix.filter(|_| !is_marker(part)),
            Content::Some(first) => {
                let from = prefix.take().unwrap_or(start);
                match json_values(bytes, start + first, end) {
                    Some(values) => chunks.extend(values.into_iter().map(|(from, to)| chunk(from, to))),
                    None => chunks.push(chunk(from, end)),
                }
            }
        }
        start = end;
    }
    chunks
}

fn chunk(start: usize, end: usize) -> Chunk {
    let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Chunk { span: Span::new(offset(start), offset(end)) }
}

/// Where a document may begin: at each `---` line, and after each `...` line.
fn cuts(bytes: &[u8]) -> Vec<usize> {
    let mut cuts: Vec<usize> =
        memmem::find_iter(bytes, "\n---").map(|at| at + 1).filter(|at| is_marker(&bytes[*at..])).collect();
    let known = cuts.len();
    let mut ends = memmem::find_iter(bytes, "\n...").map(|at| at + 1).chain([0]);
    cuts.extend(
        ends.by_ref()
            .filter(|at| bytes[*at..].starts_with(b"...") && is_end_of_word(bytes.get(at + 3)))
            .map(|at| line_end(bytes, at)),
    );
    if cuts.len() > known {
        cuts.sort_unstable();
        cuts.dedup();
    }
    cuts
}

fn is_end_of_word(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\r' | b'\n'))
}

fn is_marker(line: &[u8]) -> bool {
    line.starts_with(b"---") && is_end_of_word(line.get(3))
}

/// The offset after the line break of the line at `at`.
fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length + 1)
}

enum Content {
    /// Blanks, or a marker with nothing but blanks and comments behind it.
    Nothing,
    /// Comments and directives alone, without a `---`.
    Prefix,
    /// The offset of the first byte of content.
    Some(usize),
}

fn content(part: &[u8]) -> Content {
    let marked = is_marker(part);
    let mut prefix = false;
    let mut at = if marked { 3 } else { 0 };
    while at < part.len() {
        match part[at] {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'#' => {
                prefix = true;
                at = line_end(part, at);
            }
            b'%' if !marked && (at == 0 || part[at - 1] == b'\n') => {
                prefix = true;
                at = line_end(part, at);
            }
            b'.' if (at == 0 || part[at - 1] == b'\n') && part[at..].starts_with(b"...") => {
                // A `...` line ends what stands before it, so that a prefix in front of it belongs to nothing.
                if !is_end_of_word(part.get(at + 3)) {
                    return Content::Some(at);
                }
                return Content::Nothing;
            }
            _ => return Content::Some(at),
        }
    }
    if prefix && !marked { Content::Prefix } else { Content::Nothing }
}

/// The JSON objects that a document consists of, when they are two or more with nothing but blanks
/// between them. Such a text is no YAML document, so that nothing else can be meant.
fn json_values(bytes: &[u8], start: usize, end: usize) -> Option<Vec<(usize, usize)>> {
    let mut values = Vec::new();
    let mut at = start;
    while at < end {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let next = json_value(&bytes[at..end])?;
        values.push((at, at + next));
        at += next;
    }
    (values.len() > 1).then_some(values)
}

/// The length of the JSON object at the beginning of a text, by its brackets and quotes.
fn json_value(bytes: &[u8]) -> Option<usize> {
    let inner = bytes.strip_prefix(b"{")?.iter().find(|byte| !byte.is_ascii_whitespace())?;
    if !matches!(inner, b'"' | b'}') {
        return None;
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => at += string_length(&bytes[at..])? - 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The length of the JSON string at the beginning of a text, quotes included.
fn string_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        let found = at + memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[found] == b'"' {
            return Some(found + 1);
        }
        at = found + 2;
    }
}
