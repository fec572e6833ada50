//! What the parser rejects, in words for the author of the manifest.

use granit_parser::ErrorKind;

use crate::source::Span;

use super::builder::{DEPTH, Stop};
use super::mask::closing_quote;
use super::parse::{SyntaxError, SyntaxErrorKind};

/// Whether the parser stopped at one character that cannot begin a value, and that can be read as text.
pub(super) fn is_stray(input: &str, stop: &Stop) -> bool {
    let byte = input.as_bytes().get(stop.at).copied();
    match stop.kind {
        ErrorKind::UnexpectedCharacter { character } => byte.map(char::from) == Some(character),
        ErrorKind::MissingAnchorOrAliasName => matches!(byte, Some(b'*' | b'&')),
        _ => false,
    }
}

/// The quote of the text that goes on in a line which is not indented, if that is where the parser stopped.
pub(super) fn quote_without_indentation(input: &str, stop: &Stop) -> Option<usize> {
    (stop.kind == ErrorKind::InvalidQuotedScalarIndent).then(|| open_quote(input, stop.read, stop.at)).flatten()
}

/// The error of an alias whose anchor does not exist.
pub(super) fn undefined_alias(file: &str, span: Span) -> SyntaxError {
    let written = file.get(span.start as usize..span.end as usize).unwrap_or("");
    let name = written.trim_start_matches('*');
    let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let (kind, message) = if is_name {
        (
            SyntaxErrorKind::Other,
            format!("the alias `{written}` has no anchor; define `&{name}` before it, or quote it"),
        )
    } else {
        (SyntaxErrorKind::UnquotedStar, format!("an unquoted `*` begins an alias in YAML; quote `{written}`"))
    };
    SyntaxError { span, message, kind }
}

/// The error for where and why the parser stopped. `body` is the text of the document, which begins
/// at the offset `base` of its file.
pub(super) fn describe(body: &str, base: u32, stop: &Stop) -> SyntaxError {
    let (range, message) = explain(body, stop);
    let is_star = stop.kind == ErrorKind::MissingAnchorOrAliasName && body.as_bytes().get(stop.at) == Some(&b'*');
    let kind = match stop.kind {
        _ if is_star => SyntaxErrorKind::UnquotedStar,
        ErrorKind::RecursionLimitExceeded => SyntaxErrorKind::TooDeep,
        _ => SyntaxErrorKind::Other,
    };
    let offset = |at: usize| base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    SyntaxError { span: Span::new(offset(range.0), offset(range.1)), message, kind }
}

type Range = (usize, usize);

fn explain(body: &str, stop: &Stop) -> (Range, String) {
    let at = stop.at;
    let here = word(body, at);
    let sign = |at: usize| body.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    let one = (at, at + body.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8));
    let say = |text: &str| text.to_owned();
    match &stop.kind {
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => (tab(body, at), say("YAML does not allow a tab for indentation; use spaces")),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            (one, say("this quote is never closed"))
        }
        ErrorKind::InvalidQuotedScalarIndent => match open_quote(body, stop.read, at) {
            Some(quote) if at >= body.trim_end().len() => ((quote, quote + 1), say("this quote is never closed")),
            Some(quote) => {
                let why = "the quoted text goes on in a line that is not indented; close the quote, or indent the line";
                ((quote, quote + 1), say(why))
            }
            None => (here, say("a line of quoted text must be indented deeper than its key")),
        },
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            (here, say("nothing may follow a closing quote; quote the whole value, or escape the quotes inside it"))
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => escape(body, stop),
        ErrorKind::MappingValueNotAllowed => colon(body, at),
        ErrorKind::SimpleKeyExpected => (here, say("expected a `:` behind this key")),
        ErrorKind::InvalidSimpleKey => (here, say("expected a `:` behind this key, on the same line")),
        ErrorKind::ExpectedBlockMappingKey if follows(body, at) => {
            (here, say("unexpected text behind the value; quote the whole value if this belongs to it"))
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            (here, say("expected a key, indented like the keys before it; correct the indentation"))
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            (here, say("expected a `-`, indented like the items before it; correct the indentation"))
        }
        ErrorKind::BlockSequenceEntryNotAllowed => {
            (one, say("a list cannot begin here; put its first `-` on a line of its own"))
        }
        ErrorKind::BlockEntryInFlowCollection => {
            (one, say("a `-` item cannot stand between brackets; separate items by commas"))
        }
        ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::FlowMappingValueAdjacentCollection
        | ErrorKind::InvalidFlowScalarIndent => separator(body, stop, here),
        ErrorKind::MisplacedFlowCollectionEnd => (one, format!("`{}` closes nothing", sign(at))),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            (one, format!("this `{open}` is closed by a `{close}`"))
        }
        ErrorKind::UnclosedFlowCollection { open } => (one, format!("this `{open}` is never closed")),
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::UnexpectedEof => {
            let bracket = stop.bracket.unwrap_or(at);
            match sign(bracket) {
                open @ ('[' | '{') => ((bracket, bracket + 1), format!("this `{open}` is never closed")),
                _ => (here, say("the text ends too early")),
            }
        }
        ErrorKind::RecursionLimitExceeded => (one, format!("nested deeper than {DEPTH} levels")),
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            (one, format!("YAML does not allow the control character U+{:04X}; remove it", u32::from(*character)))
        }
        ErrorKind::UnexpectedCharacter { character } => {
            (one, format!("a value cannot begin with `{character}`; quote it"))
        }
        ErrorKind::MissingAnchorOrAliasName if sign(at) == '*' => {
            (one, say("an unquoted `*` begins an alias in YAML; quote it as `\"*\"`"))
        }
        ErrorKind::MissingAnchorOrAliasName => (one, say("an unquoted `&` begins an anchor in YAML; quote the value")),
        ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            (one, say("a value cannot begin with `-` before a bracket or a comma; quote it"))
        }
        ErrorKind::InvalidBlockScalarHeader => {
            (here, say("nothing but a digit, `+`, `-` and a comment may follow `|` or `>` on its line"))
        }
        ErrorKind::ZeroBlockScalarIndent => (here, say("the indentation behind `|` or `>` must be 1 to 9")),
        ErrorKind::InvalidBlockScalarIndent => {
            (here, say("this line is indented less than the block of text that it belongs to"))
        }
        ErrorKind::ExpectedDocumentStart | ErrorKind::MultipleDocumentsUnsupported => {
            (here, say("a second value in one document; separate documents by a `---` line"))
        }
        ErrorKind::CommentNotSeparated => (one, say("a comment needs a blank before its `#`")),
        ErrorKind::CommentInterceptedScalar => {
            (here, say("a comment cannot stand inside a value of several lines; quote the value, or move the comment"))
        }
        ErrorKind::BomInsideDocument => (one, say("a byte order mark inside the text; remove it")),
        ErrorKind::UndeclaredTagHandle => (here, say("the tag has a handle that no `%TAG` line declares")),
        ErrorKind::MappingKeyNotAllowed => (one, say("a `?` key cannot begin here; put it on a line of its own")),
        other => (here, format!("not valid YAML: {other}")),
    }
}

/// A `:` where no key can be: on a line that goes on with a value begun above, or the second of its line.
fn colon(body: &str, at: usize) -> (Range, String) {
    let start = line_start(body, at);
    let key = body[start..at].trim_start();
    if start > 0 && !key.is_empty() && !key.contains(": ") && !key.starts_with(['-', '?', '"', '\'']) {
        // The line above is where the author went wrong, or where the indentation is to be compared with.
        let above = line_start(body, start - 1);
        if let Some((_, value)) = body[above..start].trim_end().split_once(": ").filter(|(_, value)| !value.is_empty())
        {
            let end = above + body[above..start].trim_end().len();
            let why = format!(
                "this value goes on in the next line, where `{key}:` is no key any more; mend the value or the indentation"
            );
            return ((end - value.trim_start().len(), end), why);
        }
        let why = "this line is indented as a part of the value above it; correct the indentation";
        return ((at - key.len(), at), why.to_owned());
    }
    let why = "a `:` is not allowed here; quote the value if it holds `: `, or begin a line for the key";
    ((at, at + 1), why.to_owned())
}

/// A bracket that is never closed shows itself at the next key, which the author meant to stand
/// outside of it: one on a later line, and not indented deeper than the line of the bracket.
fn separator(body: &str, stop: &Stop, here: Range) -> (Range, String) {
    let Some(bracket) = stop.bracket else { return (here, "expected `,` between the items".to_owned()) };
    let (open, close) = if body.as_bytes()[bracket] == b'{' { ('{', '}') } else { ('[', ']') };
    let (from, to) = (line_start(body, bracket), line_start(body, stop.at));
    let indent = |at: usize| body[at..].bytes().take_while(|byte| *byte == b' ').count();
    if from < to && indent(to) <= indent(from) {
        return ((bracket, bracket + 1), format!("this `{open}` is not closed before the next key"));
    }
    (here, format!("expected `,` or `{close}`; quote the value if this belongs to it"))
}

/// The escape that is wrong: the parser reports the quote that begins the text.
fn escape(body: &str, stop: &Stop) -> (Range, String) {
    let known = "0abt\tnvfre \"/\\N_LPxuU\r\n";
    let is_unknown = stop.kind == ErrorKind::UnknownQuotedScalarEscape;
    let mut at = stop.at;
    while let Some(found) = body.get(at..).and_then(|rest| rest.find('\\')) {
        let start = at + found;
        let Some(letter) = body[start + 1..].chars().next() else { break };
        let end = start + 1 + letter.len_utf8();
        if is_unknown && !known.contains(letter) {
            return (
                (start, end),
                format!("`\\{letter}` is no escape in double quotes; write `\\\\`, or use single quotes"),
            );
        }
        let digits = |count: usize| body.get(end..end + count).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let (count, code) = match letter {
            'x' => (2, digits(2)),
            'u' => (4, digits(4)),
            'U' => (8, digits(8)),
            _ => (0, Some(0)),
        };
        let pair = letter == 'u'
            && code.is_some_and(|code| (0xD800..0xDC00).contains(&code))
            && body[end + 4..].starts_with("\\u")
            && body
                .get(end + 6..end + 10)
                .and_then(|low| u32::from_str_radix(low, 16).ok())
                .is_some_and(|low| (0xDC00..0xE000).contains(&low));
        match code {
            None if !is_unknown => {
                return ((start, end), format!("`\\{letter}` needs {count} hexadecimal digits"));
            }
            Some(code) if !is_unknown && !pair && char::from_u32(code).is_none() => {
                return (
                    (start, end + count),
                    "this escape is no character; a surrogate needs its other half".to_owned(),
                );
            }
            _ => at = if pair { end + 10 } else { end },
        }
    }
    (word(body, stop.at), "an escape in this text is wrong".to_owned())
}

/// The tab that the parser stopped at or behind; of plain text over several lines, it reports the beginning.
fn tab(body: &str, at: usize) -> Range {
    let start = line_start(body, at);
    let on_line = || {
        let end = memchr::memchr(b'\n', &body.as_bytes()[at..]).map_or(body.len(), |length| at + length);
        let tab = body[start..at].rfind('\t').map(|tab| start + tab).or(body[at..end].find('\t').map(|tab| at + tab));
        tab.map(|tab| (tab, tab + 1))
    };
    let later = || {
        let mut starts = memchr::memchr_iter(b'\n', &body.as_bytes()[at..]).map(|found| at + found + 1);
        starts.find_map(|start| indenting_tab(body, start))
    };
    indenting_tab(body, start).or_else(on_line).or_else(later).unwrap_or_else(|| word(body, at))
}

/// The tabs, with the blanks behind them, that indent the line that begins at an offset.
fn indenting_tab(body: &str, start: usize) -> Option<Range> {
    let blanks = body[start..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    body[start..start + blanks].find('\t').map(|first| (start + first, start + blanks))
}

/// The quote whose text reaches `to`, when text is read from `from`, which stands outside of quotes.
fn open_quote(body: &str, from: usize, to: usize) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = from;
    let mut word = false;
    while at < to {
        match bytes[at] {
            b'#' if !word => at = memchr::memchr(b'\n', &bytes[at..]).map_or(to, |length| at + length),
            b'"' | b'\'' if !word => match closing_quote(bytes, at) {
                Some(end) if end < to => at = end,
                _ => return Some(at),
            },
            byte => word = !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b'{' | b':'),
        }
        at += 1;
    }
    None
}

/// Whether something else stands before an offset on its line.
fn follows(body: &str, at: usize) -> bool {
    !body[line_start(body, at)..at].trim().is_empty()
}

fn line_start(body: &str, at: usize) -> usize {
    let at = at.min(body.len());
    memchr::memrchr(b'\n', &body.as_bytes()[..at]).map_or(0, |found| found + 1)
}

/// The word at an offset; at the end of a line, the last character before it.
fn word(body: &str, at: usize) -> Range {
    let rest = body.get(at..).unwrap_or("");
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    if length > 0 {
        return (at, at + length);
    }
    let before = body.get(..at).unwrap_or(body).trim_end();
    let last = before.chars().next_back().map_or(0, char::len_utf8);
    (before.len() - last, before.len())
}
