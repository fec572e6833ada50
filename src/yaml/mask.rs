//! Text that is no YAML as it stands, but can be read when a few of its bytes are replaced.
//!
//! That is above all text with template placeholders (`${NAME}`, `{{NAME}}`) that are not filled in yet: without
//! quotes, their braces open flow mappings. What gets in the way is replaced by characters that mean
//! nothing, one byte for one byte, so that spans hold; values that are not their text are restored.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memmem};

/// Stand-ins: one byte each, allowed anywhere in a plain scalar, and not an escape after a `\`.
const STAND_INS: &[u8] = b"^~;=()+ZQWYKJGXVHIMSTRODECBA789654321";

/// A text of which some bytes are replaced by bytes that do not occur in it.
#[derive(Debug)]
pub(super) struct Mask<'a> {
    /// The text with the replacements; as long as the original.
    pub(super) input: Cow<'a, str>,
    /// The stand-ins, each with the byte that it stands for; `None` stands for nothing at all.
    pairs: Vec<(u8, Option<u8>)>,
    /// Whether line breaks were replaced, so that values may differ from their text.
    folds: bool,
}

impl<'a> Mask<'a> {
    /// A text without a replacement.
    pub(super) fn none(text: &'a str) -> Self {
        Self { input: Cow::Borrowed(text), pairs: Vec::new(), folds: false }
    }

    /// The text with the braces of its placeholders replaced; `None` when it has no placeholder, or
    /// when too few characters are free to stand for them.
    pub(super) fn placeholders(text: &str) -> Option<Self> {
        let ranges = placeholders(text);
        if ranges.is_empty() {
            return None;
        }
        let mut mask = Self::none("");
        let open = mask.stand_in(text, Some(b'{'))?;
        let close = mask.stand_in(text, Some(b'}'))?;
        let mut input = String::with_capacity(text.len());
        let mut done = 0;
        for (start, end) in ranges {
            input.push_str(&text[done..start]);
            input.extend(text[start..end].chars().map(|c| match c {
                '{' => char::from(open),
                '}' => char::from(close),
                other => other,
            }));
            done = end;
        }
        input.push_str(&text[done..]);
        mask.input = Cow::Owned(input);
        Some(mask)
    }

    /// Replaces one ASCII byte; `false` when there is none at the offset, or nothing can stand for it.
    pub(super) fn hide(&mut self, at: usize) -> bool {
        let Some(byte) = self.input.as_bytes().get(at).copied().filter(u8::is_ascii) else { return false };
        let text = std::mem::take(&mut self.input);
        let stand_in = self.stand_in(&text, Some(byte));
        self.input = text;
        let Some(stand_in) = stand_in else { return false };
        self.input.to_mut().replace_range(at..=at, char::from(stand_in).encode_utf8(&mut [0; 4]));
        true
    }

    /// Replaces the line breaks of the quoted text that begins at `quote`, by what they mean: a blank
    /// for one, a break for each further one, and nothing for the blanks around them (YAML 1.2.2, 6.5). `false`
    /// when the text is not closed, or when no break stands before the offset `at`.
    pub(super) fn fold(&mut self, quote: usize, at: usize) -> bool {
        let text = std::mem::take(&mut self.input);
        let folded = self.folded(&text, quote, at);
        let done = folded.is_some();
        self.input = folded.map_or(text, Cow::Owned);
        self.folds |= done;
        done
    }

    fn folded(&mut self, text: &str, quote: usize, at: usize) -> Option<String> {
        let end = closing_quote(text.as_bytes(), quote).filter(|end| *end > at)?;
        let blank = self.stand_in(text, Some(b' '))?;
        let line = self.stand_in(text, Some(b'\n'))?;
        let nothing = self.stand_in(text, None)?;
        let is_white = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let mut out = String::with_capacity(text.len());
        let mut read = quote;
        let mut met = false;
        out.push_str(&text[..quote]);
        while let Some(found) = text[read..end].find('\n') {
            let before = text[read..read + found].trim_end_matches(is_white).len() + read;
            let after = end - text[before..end].trim_start_matches(is_white).len();
            out.push_str(&text[read..before]);
            let breaks = text[before..after].matches('\n').count();
            // Behind a backslash, a break means something else.
            if out.ends_with('\\') && text.as_bytes()[quote] == b'"' {
                out.push_str(&text[before..after]);
            } else {
                let signs = if breaks == 1 { blank } else { line };
                out.extend(
                    (0..after - before).map(|nth| char::from(if nth < breaks.max(2) - 1 { signs } else { nothing })),
                );
                met |= before < at && at <= after;
            }
            read = after;
        }
        out.push_str(&text[read..]);
        met.then_some(out)
    }

    /// Whether a value that was read from the masked text differs from its text for a line break.
    pub(super) fn is_folded(&self, value: &str) -> bool {
        let stands_for_blank = |byte: u8| {
            self.pairs
                .iter()
                .any(|(stand_in, original)| *stand_in == byte && matches!(original, None | Some(b' ' | b'\n')))
        };
        self.folds && value.bytes().any(stands_for_blank)
    }

    /// The byte that stands for `original`: the one in use, or the first that does not occur in `text`.
    fn stand_in(&mut self, text: &str, original: Option<u8>) -> Option<u8> {
        if let Some((stand_in, _)) = self.pairs.iter().find(|(_, known)| *known == original) {
            return Some(*stand_in);
        }
        let used = |c: u8| self.pairs.iter().any(|(stand_in, _)| *stand_in == c);
        let free = STAND_INS.iter().copied().find(|c| !used(*c) && memchr(*c, text.as_bytes()).is_none())?;
        self.pairs.push((free, original));
        Some(free)
    }

    /// A value that was read from `raw`, a part of the masked text, as it is in the original. Where `raw`
    /// holds no stand-in, one in the value comes from an escape and stands for itself.
    pub(super) fn restore(&self, raw: &str, value: &str) -> Box<str> {
        if !self.pairs.iter().any(|(stand_in, _)| memchr(*stand_in, raw.as_bytes()).is_some()) {
            return value.into();
        }
        let original = |c: char| {
            let pair = self.pairs.iter().find(|(stand_in, _)| char::from(*stand_in) == c);
            pair.map_or(Some(c), |(_, original)| original.map(char::from))
        };
        value.chars().filter_map(original).collect::<String>().into()
    }
}

/// The offset of the quote that closes the text which the quote at `quote` begins.
pub(super) fn closing_quote(bytes: &[u8], quote: usize) -> Option<usize> {
    let sign = *bytes.get(quote)?;
    let mut at = quote + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if sign == b'"' => at += 2,
            _ if *byte != sign => at += 1,
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            _ => return Some(at),
        }
    }
    None
}

/// How long a placeholder may be, so that a text of opening braces alone is read in linear time.
const LONGEST: usize = 512;

/// The placeholders of a text, in order: from the first brace to the end of the last. A placeholder ends on its line.
fn placeholders(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut done = 0;
    for at in memchr_iter(b'{', bytes) {
        if at < done {
            continue;
        }
        let end = if at > 0 && bytes[at - 1] == b'$' {
            balanced(bytes, at)
        } else if bytes.get(at + 1) == Some(&b'{') && bytes.get(at + 2) != Some(&b'{') {
            template_end(bytes, at)
        } else {
            None
        };
        if let Some(end) = end {
            out.push((at, end));
            done = end;
        }
    }
    out
}

/// The offset after the brace that closes the one at `at`, on the same line.
fn balanced(bytes: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in bytes[at..].iter().take(LONGEST).enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b'\n' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at + offset + 1);
        }
    }
    None
}

/// The offset after the first `}}` behind `at`, on the same line.
fn template_end(bytes: &[u8], at: usize) -> Option<usize> {
    let near = &bytes[at..bytes.len().min(at + LONGEST)];
    let line = &near[..memchr(b'\n', near).unwrap_or(near.len())];
    memmem::find(line, b"}}").map(|length| at + length + 2)
}

/// Whether a text begins with `@NAME@` or `%NAME%`.
pub(super) fn begins_placeholder(text: &str) -> bool {
    let Some(sign @ (b'@' | b'%')) = text.bytes().next() else { return false };
    let name = &text.as_bytes()[1..];
    let length =
        name.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')).count();
    name.first().is_some_and(u8::is_ascii_alphabetic) && name.get(length) == Some(&sign)
}

/// Words that begin an action in a Go template (the package `text/template`, and what Helm adds).
const ACTIONS: &[&str] = &[
    "if", "else", "end", "range", "with", "define", "block", "template", "include", "break", "continue", "printf",
    "print", "quote", "toYaml", "toJson", "tpl", "lookup", "default", "required", "fail", "not", "and", "or", "eq",
    "ne", "index",
];

/// Whether a text is a template (of a Helm chart, of Jinja, of Terraform…) that was not rendered yet, so that it need
/// not be YAML. `{{NAME}}`, which `sed` fills in, does not make it one, nor does anything in quotes or in a comment.
#[must_use]
pub fn looks_like_template(text: &str) -> bool {
    actions(text).next().is_some()
}

/// How many blocks of a template (`{{ if … }}`, `{% for … %}`) a text opens and leaves open; below zero where it closes
/// more than it opens.
#[must_use]
pub fn open_blocks(text: &str) -> i32 {
    let change = |action: &str| {
        let inner = action.trim_start_matches(['-', '~', '=']).trim_start();
        match inner.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("") {
            "if" | "range" | "with" | "define" | "block" | "for" => 1,
            "end" | "endif" | "endfor" => -1,
            _ => {
                i32::from(inner.starts_with(['#', '^'])) - i32::from(inner.starts_with('/') && !inner.starts_with("/*"))
            }
        }
    };
    actions(text).map(change).sum()
}

/// The actions of templates in a text, each from behind its opening to the end of its line.
fn actions(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut waiting: Vec<&str> = Vec::new();
    std::iter::from_fn(move || {
        loop {
            if let Some(action) = waiting.pop() {
                return Some(action);
            }
            let at = opening(rest)?;
            let start = rest[..at].rfind('\n').map_or(0, |found| found + 1);
            let end = rest[at..].find('\n').map_or(rest.len(), |found| at + found);
            waiting = actions_of_line(&rest[start..end]);
            waiting.reverse();
            rest = &rest[end..];
        }
    })
}

/// Where the first thing stands that may open an action.
fn opening(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let at = from + memchr2(b'{', b'<', &bytes[from..])?;
        match (bytes[at], bytes.get(at + 1)) {
            (b'{', Some(b'{' | b'%' | b'#')) | (b'<', Some(b'%')) => return Some(at),
            (b'{', _) if at > 0 && bytes[at - 1] == b'%' => return Some(at - 1),
            _ => from = at + 1,
        }
    }
}

fn actions_of_line(line: &str) -> Vec<&str> {
    let line = without_comment(line);
    let bytes = line.as_bytes();
    let quoted = quoted(line);
    let is_quoted = |from: usize, close: &[u8]| {
        let end = memmem::find(&bytes[from..], close).map_or(bytes.len(), |length| from + length);
        quoted.iter().any(|(start, stop)| *start < from && end < *stop)
    };
    let is_first = |at: usize| line[..at].trim_start_matches([' ', '\t', '-']).is_empty();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = opening(&line[at..]) {
        at += found;
        let inner = &line[(at + 2).min(line.len())..];
        let (acts, close): (bool, &[u8]) = match &bytes[at..(at + 2).min(bytes.len())] {
            b"{{" => (is_action(inner), b"}}"),
            b"{%" => (memmem::find(&inner.as_bytes()[..inner.len().min(LONGEST)], b"%}").is_some(), b"%}"),
            b"{#" => (is_first(at), b"#}"),
            // `<%= NAME %>` is a placeholder.
            b"<%" => (is_first(at) && !inner.starts_with('='), b"%>"),
            _ => (
                is_first(at) && inner.trim_start_matches(['~', ' ']).starts_with(|c: char| c.is_ascii_alphabetic()),
                b"}",
            ),
        };
        if acts && !is_quoted(at, close) {
            out.push(inner);
        }
        at += 2;
    }
    out
}

/// The parts of a line in quotes that are closed on it: from the quote that opens to the one that closes.
fn quoted(line: &str) -> Vec<(usize, usize)> {
    let bytes = line.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr2(b'"', b'\'', &bytes[at..]) {
        at += found;
        let before = line[..at].trim_end();
        let opens = before.is_empty() || before.ends_with([':', '-', '[', '{', ',', '?']);
        match closing_quote(bytes, at).filter(|_| opens) {
            Some(end) => {
                out.push((at, end));
                at = end + 1;
            }
            None => at += 1,
        }
    }
    out
}

/// A line up to its comment. Quotes are not looked at: a template is recognised by many actions, and
/// one more or less does not matter.
fn without_comment(line: &str) -> &str {
    let bytes = line.as_bytes();
    let comment = memchr_iter(b'#', bytes).find(|at| *at == 0 || matches!(bytes[at - 1], b' ' | b'\t'));
    comment.map_or(line, |at| &line[..at])
}

/// Whether what stands behind `{{` on a line is an action and no mere name.
fn is_action(line: &str) -> bool {
    let near = &line.as_bytes()[..line.len().min(LONGEST)];
    let inner = memmem::find(near, b"}}").map_or(line, |end| &line[..end]);
    if inner.starts_with("- ") || inner.ends_with(" -") {
        return true;
    }
    let inner = inner.trim_start();
    // Of mustache: sections, their ends, partials and comments.
    if inner.starts_with(['.', '$', '(', '"', '`', '#', '/', '^', '>', '!']) {
        return true;
    }
    let word = inner.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    // A lone word is a name that something else fills in, but for the words that stand alone.
    let alone = inner.trim_end().len() == word.len();
    ACTIONS.contains(&word) && (!alone || matches!(word, "end" | "else" | "break" | "continue"))
}
