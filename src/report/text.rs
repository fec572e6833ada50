//! Text from manifests, made fit for a terminal, and numbers in words.
//!
//! A manifest is untrusted: a name may hold an escape sequence that rewrites the screen, or a
//! bidirectional control that shows other text than the one that is there.

use std::borrow::Cow;
use std::fmt::Write;

/// Characters of one message that are shown; a longer one is cut, because a scalar may be huge.
const MESSAGE_LIMIT: usize = 1000;

/// The text with every character that a terminal acts upon or does not show replaced by a stand-in of
/// the same number of bytes, so that offsets still hold. Tabs and line feeds stay.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.len_utf8() {
            _ if !is_hidden(c) => out.push(c),
            1 => out.push('?'),
            2 => out.push('¿'),
            3 => out.push('\u{fffd}'),
            _ => out.push_str("\u{fffd}?"),
        }
    }
    Cow::Owned(out)
}

/// The text masked, on one line.
pub(super) fn one_line(text: &str) -> String {
    masked(text).replace(['\n', '\t'], " ")
}

/// The text on one line, with everything that a terminal acts upon or does not show as escapes, so
/// that nothing is lost.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    let is_special = |c| matches!(c, '\n' | '\t') || is_hidden(c);
    if !text.contains(is_special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => out.extend(c.escape_default()),
            _ if is_hidden(c) => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The text, cut where it is too long for people.
pub(super) fn clipped(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MESSAGE_LIMIT) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A number with its noun, in the plural where it must be: `1 file`, `2 files`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The severities that occur, as `1 error, 2 warnings, 3 info`; empty where none does.
pub(super) fn severities(error: usize, warning: usize, info: usize) -> String {
    let mut out = String::new();
    for (number, noun) in [(error, "error"), (warning, "warning"), (info, "info")] {
        if number > 0 {
            let gap = if out.is_empty() { "" } else { ", " };
            let plural = if number == 1 || noun == "info" { "" } else { "s" };
            // Writing to a string cannot fail.
            let _ = write!(out, "{gap}{number} {noun}{plural}");
        }
    }
    out
}

/// C0 (but for tab and line feed), DEL and C1; what changes the direction of text; what has no width;
/// separators of lines and paragraphs; tags (Unicode Standard, chapter 23, "Special Areas and Format Characters").
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}'
            | '\u{b}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::{clipped, escaped, masked, one_line};

    const NASTY: &str = "a\u{1b}[2J\u{7}\u{7f}\u{9b}\u{61c}\u{202e}\u{2066}\u{200b}\u{2028}\u{feff}\u{e0041}\r\té名";

    #[test]
    fn stand_ins_keep_the_length() {
        let out = masked(NASTY);
        assert_eq!(out.len(), NASTY.len());
        assert_eq!(out, "a?[2J??¿¿\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}??\té名");
    }

    #[test]
    fn escapes_say_what_was_there() {
        assert_eq!(escaped("a\n\t\r\u{1b}\u{202e}é"), "a\\n\\t\\r\\u{1b}\\u{202e}é");
        assert_eq!(escaped("plain"), "plain");
    }

    #[test]
    fn a_message_is_one_line_of_bounded_length() {
        assert_eq!(one_line("a\nb\tc\rd"), "a b c?d");
        assert_eq!(clipped(&"é".repeat(5000)).chars().count(), 1001);
        assert_eq!(clipped("short"), "short");
    }
}
