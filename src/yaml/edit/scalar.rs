//! Scalars that say something else, in the quotes that they have.

use std::fmt::Write as _;

use crate::source::Span;

use super::super::scalar::is_text;
use super::super::tree::{Kind, Style};
use super::{Editor, Replacement, replacement};

impl Editor<'_, '_> {
    /// Lets the key or the scalar at exactly this place say something else. Its quotes stay; what has none gets some
    /// where it would be read as no text without. A key that its mapping has already is not written again.
    #[must_use]
    pub fn say(&self, span: Span, text: &str) -> Option<Replacement> {
        let id = self.innermost(span).filter(|id| self.doc.span(*id) == span && !span.is_empty())?;
        if self.doc.kind(id) != Kind::Scalar {
            return None;
        }
        let is_key = self.key(id) == Some(id);
        let mut siblings = self.parent(id).filter(|_| is_key).into_iter().flat_map(|parent| self.doc.entries(parent));
        if siblings.any(|entry| entry.key != id && self.doc.text(entry.key) == text) {
            return None;
        }
        replacement(span.start as usize, span.end as usize, written(text, self.doc.style(id)))
    }

    /// Gives the entry with its value at exactly this place another key. Where keys have capitals, it gets one.
    #[must_use]
    pub fn rename(&self, span: Span, key: &str) -> Option<Replacement> {
        let id = self.innermost(span).filter(|id| self.doc.span(*id) == span)?;
        let old = self.key(id).filter(|key| *key != id)?;
        let is_upper = self.doc.text(old).starts_with(|first: char| first.is_ascii_uppercase());
        let (first, rest) = key.split_at_checked(1)?;
        let key = if is_upper { first.to_ascii_uppercase() + rest } else { key.to_owned() };
        self.say(self.doc.span(old), &key)
    }
}

/// A text in the quotes of a style, or in others where these cannot hold it.
pub(super) fn written(text: &str, style: Style) -> String {
    let is_odd = text.contains(char::is_control);
    match style {
        Style::Single if !is_odd => format!("'{}'", text.replace('\'', "''")),
        Style::Single | Style::Double => quoted(text),
        _ if is_plain(text) => text.to_owned(),
        _ => quoted(text),
    }
}

/// Whether a text means itself without quotes, wherever it stands.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@".contains(&byte);
    bytes.first().is_some_and(|first| first.is_ascii_alphanumeric() || b"/_.".contains(first))
        && bytes.last() != Some(&b':')
        && bytes.iter().all(|byte| is_fit(*byte))
        && is_text(text)
}

/// A text in double quotes, as JSON has them, which is YAML, too.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for one in text.chars() {
        match one {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            one if one.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(one));
            }
            one => out.push(one),
        }
    }
    out.push('"');
    out
}
