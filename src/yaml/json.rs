//! What JSON does not allow in a text that was read as YAML, of which JSON is a part.

use crate::source::Span;

use super::parse::{SyntaxError, SyntaxErrorKind};
use super::scalar::is_json_number;
use super::tree::{Document, Kind, NodeId, Style};

/// What keeps a document from being JSON, in the order of the text: for files that are named so.
/// Placeholders (`$NAME`, `${NAME}`, `{{NAME}}`) are let pass: something fills them in before the text is read. Block
/// style is reported once and nothing else with it, as then the file is YAML by another name.
#[must_use]
pub fn json_problems(document: &Document<'_>) -> Vec<SyntaxError> {
    let mut problems = Problems { out: Vec::new() };
    let block = |id: &NodeId| matches!(document.style(*id), Style::Block | Style::Literal | Style::Folded);
    if let Some(id) = document.nodes().find(block) {
        let first =
            document.nodes().skip_while(|other| *other < id).find(|other| document.kind(*other) == Kind::Scalar);
        let what = "JSON has no blocks by indentation; use braces and quotes, or name the file `.yaml`";
        problems.push(document.span(first.unwrap_or(id)), what);
        return problems.out;
    }
    let mut read = document.span.start;
    let mut template_end = NodeId(0);
    for id in document.nodes() {
        if document.is_placeholder_mapping(id) {
            template_end = template_end.max(document.end(id));
        }
        if matches!(document.kind(id), Kind::Mapping | Kind::Sequence) {
            let bare = document.kind(id) == Kind::Mapping && !document.raw(id).starts_with('{');
            if bare {
                problems.push(document.span(id), "JSON needs braces around a pair of key and value");
            }
            continue;
        }
        if !document.is_missing(id) {
            let span = document.span(id);
            problems.gap(document.source(), read, span.start);
            read = span.end;
        }
        if id >= template_end {
            problems.scalar(document, id);
        }
    }
    problems.gap(document.source(), read, document.span.end);
    for mapping in document.nodes().filter(|id| document.kind(*id) == Kind::Mapping) {
        for entry in document.entries(mapping) {
            let text = document.text(entry.key);
            if document.style(entry.key) == Style::Plain && is_literal(text) && !document.is_missing(entry.key) {
                problems.push(document.span(entry.key), "a key must stand in double quotes in JSON");
            }
        }
    }
    problems.out.sort_by_key(|problem| problem.span);
    problems.out
}

struct Problems {
    out: Vec<SyntaxError>,
}

impl Problems {
    fn push(&mut self, span: Span, message: &str) {
        self.out.push(SyntaxError { span, message: message.to_owned(), kind: SyntaxErrorKind::Other });
    }

    fn scalar(&mut self, document: &Document<'_>, id: NodeId) {
        let (span, text) = (document.span(id), document.text(id));
        match document.style(id) {
            _ if document.kind(id) == Kind::Alias => self.push(span, "JSON has no aliases; write the value out"),
            Style::Single => self.push(span, "JSON has no single quotes; use double quotes"),
            Style::Double => self.quoted(document.raw(id), span.start),
            _ if document.is_missing(id) => self.push(span, "a value is missing; JSON needs one"),
            _ if is_literal(text) || is_placeholder(text) => {}
            _ => {
                let short: String = text.chars().take(40).collect();
                self.push(span, &format!("`{short}` is no JSON value; put it in double quotes"));
            }
        }
    }

    /// Escapes and line breaks in double quotes that YAML knows and JSON does not.
    fn quoted(&mut self, raw: &str, start: u32) {
        let mut bytes = raw.bytes().zip(start..);
        while let Some((byte, at)) = bytes.next() {
            match byte {
                b'\\' => {
                    let next = bytes.next().map(|(byte, _)| byte);
                    if !next.is_some_and(|byte| b"\"\\/bfnrtu".contains(&byte)) {
                        self.push(Span::new(at, at + 1), "this escape is none in JSON");
                    }
                }
                b'\n' => return self.push(Span::new(at, at + 1), "text cannot go over lines in JSON; write `\\n`"),
                _ => {}
            }
        }
    }

    /// What stands between two scalars: brackets, commas, colons, and what YAML allows besides.
    fn gap(&mut self, text: &str, from: u32, to: u32) {
        let Some(gap) = text.get(from as usize..to as usize) else { return };
        let mut comma = None;
        let mut rest = gap.bytes().zip(from..).peekable();
        while let Some((byte, at)) = rest.next() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b':' => {}
                b',' => comma = Some(at),
                b'{' | b'[' => comma = None,
                b'}' | b']' => {
                    if let Some(comma) = comma.take() {
                        let what = format!("JSON allows no comma before `{}`", char::from(byte));
                        self.push(Span::new(comma, comma + 1), &what);
                    }
                }
                _ => {
                    let is_comment = byte == b'#';
                    let ends = |byte: u8| byte == b'\n' || (!is_comment && byte.is_ascii_whitespace());
                    let mut end = at + 1;
                    while let Some((_, last)) = rest.next_if(|(byte, _)| !ends(*byte)) {
                        end = last + 1;
                    }
                    let what = if is_comment { "JSON has no comments; remove it" } else { "this is YAML, not JSON" };
                    self.push(Span::new(at, end), what);
                }
            }
        }
    }
}

fn is_literal(text: &str) -> bool {
    matches!(text, "null" | "true" | "false") || is_json_number(text)
}

fn is_placeholder(text: &str) -> bool {
    text.starts_with('$') || text.contains("${") || text.contains("{{")
}
