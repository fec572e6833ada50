//! Template placeholders (`${NAME}`, `{{NAME}}`) in text that is to be parsed before they are filled in.
//!
//! Unquoted, they often make text that is no YAML: their braces open flow mappings. Their braces are
//! then replaced by characters that mean nothing, one byte for one byte, so that spans hold; values
//! that are not their text get the braces back.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memmem};

/// Stand-ins: one byte each, allowed anywhere in a plain scalar, and not an escape after a `\`.
const STAND_INS: &[u8] = b"^~;=()+ZQWYKJGXVHIMSTRODECBA789654321";

/// A text of which some bytes are replaced by bytes that do not occur in it.
#[derive(Debug)]
pub(super) struct Mask<'a> {
    /// The text with the replacements; as long as the original.
    pub(super) input: Cow<'a, str>,
    /// What stands for what: the stand-in, and the byte that it replaces.
    pairs: Vec<(u8, u8)>,
}

impl<'a> Mask<'a> {
    /// A text without a replacement.
    pub(super) fn none(text: &'a str) -> Self {
        Self { input: Cow::Borrowed(text), pairs: Vec::new() }
    }

    /// The text with the braces of its placeholders replaced; `None` when it has no placeholder, or
    /// when too few characters are free to stand for them.
    pub(super) fn placeholders(text: &str) -> Option<Self> {
        let ranges = placeholders(text);
        if ranges.is_empty() {
            return None;
        }
        let mut mask = Self::none("");
        let open = mask.stand_in(text, b'{')?;
        let close = mask.stand_in(text, b'}')?;
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
        let stand_in = self.stand_in(&text, byte);
        self.input = text;
        let Some(stand_in) = stand_in else { return false };
        self.input.to_mut().replace_range(at..=at, char::from(stand_in).encode_utf8(&mut [0; 4]));
        true
    }

    /// The byte that stands for `byte`: the one in use, or the first that does not occur in `text`.
    fn stand_in(&mut self, text: &str, byte: u8) -> Option<u8> {
        if let Some((stand_in, _)) = self.pairs.iter().find(|(_, original)| *original == byte) {
            return Some(*stand_in);
        }
        let used = |c: u8| self.pairs.iter().any(|(stand_in, _)| *stand_in == c);
        let free = STAND_INS.iter().copied().find(|c| !used(*c) && memchr(*c, text.as_bytes()).is_none())?;
        self.pairs.push((free, byte));
        Some(free)
    }

    /// A value that was read from the masked text, as it is in the original.
    pub(super) fn restore(&self, value: &str) -> Box<str> {
        if self.pairs.is_empty() {
            return value.into();
        }
        let original = |c: char| {
            let pair = self.pairs.iter().find(|(stand_in, _)| char::from(*stand_in) == c);
            pair.map_or(c, |(_, original)| char::from(*original))
        };
        value.chars().map(original).collect::<String>().into()
    }
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

/// Words that begin an action in a Go template (the package `text/template`, and what Helm adds).
const ACTIONS: &[&str] = &[
    "if", "else", "end", "range", "with", "define", "block", "template", "include", "break", "continue", "printf",
    "print", "quote", "toYaml", "toJson", "tpl", "lookup", "default", "required", "fail", "not", "and", "or", "eq",
    "ne", "index",
];

/// Whether a text is a Go template (a Helm chart's, say) that was not rendered yet, so that it need not
/// be YAML. `{{NAME}}`, which `sed` fills in, does not make it one, nor does anything in a comment.
#[must_use]
pub fn looks_like_go_template(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = memmem::find(rest.as_bytes(), b"{{") {
        let start = rest[..at].rfind('\n').map_or(0, |found| found + 1);
        let end = rest[at..].find('\n').map_or(rest.len(), |found| at + found);
        let line = without_comment(&rest[start..end]);
        if memmem::find_iter(line.as_bytes(), b"{{").any(|at| is_action(&line[at + 2..])) {
            return true;
        }
        rest = &rest[end..];
    }
    false
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
    if inner.starts_with(['.', '$', '(', '"', '`']) || inner.starts_with("/*") {
        return true;
    }
    let word = inner.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    // A lone word is a name that something else fills in, but for the words that stand alone.
    let alone = inner.trim_end().len() == word.len();
    ACTIONS.contains(&word) && (!alone || matches!(word, "end" | "else" | "break" | "continue"))
}
