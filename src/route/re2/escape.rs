//! What follows a `\`, inside of classes and outside.

use super::ast::Flags;
use super::class;
use super::error::{Error, ErrorKind};
use super::set::Set;
use super::text::Text;
use super::unicode;

/// An escape that stands for a class: `\d`, `\pL`, `\p{Greek}` and their kin; `None` if something else is next.
pub(super) fn class(text: &mut Text<'_>, flags: Flags) -> Result<Option<Set>, Error> {
    let Some(letter @ (b'p' | b'P' | b'd' | b'D' | b's' | b'S' | b'w' | b'W')) = text.byte(1) else {
        return Ok(None);
    };
    let start = text.at();
    text.go(start + 2);
    let upper = letter.is_ascii_uppercase();
    if !letter.eq_ignore_ascii_case(&b'p') {
        let set = unicode::perl(u32::from(letter.to_ascii_lowercase())).unwrap_or_default();
        return Ok(Some(class::named(&set, upper, flags)));
    }
    let name = if text.take("{") {
        match text.until("}") {
            Some(name) => name.to_owned(),
            None => {
                text.go(start + 3);
                return Err(text.error(ErrorKind::UnicodeName, start));
            }
        }
    } else {
        text.rune().and_then(char::from_u32).map(String::from).unwrap_or_default()
    };
    let (name, negated) = match name.strip_prefix('^') {
        Some(name) => (name, !upper),
        None => (name.as_str(), upper),
    };
    match unicode::unicode(name) {
        Some(set) => Ok(Some(class::named(set, negated, flags))),
        None => Err(text.error(ErrorKind::UnicodeName, start)),
    }
}

/// An escape that stands for one character.
pub(super) fn character(text: &mut Text<'_>) -> Result<u32, Error> {
    let start = text.at();
    text.take("\\");
    let Some(rune) = text.rune() else {
        return Err(text.error(ErrorKind::TrailingBackslash, start));
    };
    let rune = match char::from_u32(rune) {
        Some(digit @ '0'..='7') => return octal(text, start, digit),
        Some('8' | '9') => return Err(text.error(ErrorKind::BackReference, start)),
        Some('x') => return hexadecimal(text, start),
        Some('a') => 0x07,
        Some('f') => 0x0C,
        Some('n') => 0x0A,
        Some('r') => 0x0D,
        Some('t') => 0x09,
        Some('v') => 0x0B,
        Some(other) if other.is_ascii() && !other.is_ascii_alphanumeric() => rune,
        _ => return Err(text.error(ErrorKind::Escape, start)),
    };
    Ok(rune)
}

/// Up to three octal digits. A single one that is not zero would be a back-reference.
fn octal(text: &mut Text<'_>, start: usize, first: char) -> Result<u32, Error> {
    let mut code = first.to_digit(8).unwrap_or_default();
    let mut digits = 1;
    while let (Some(digit @ b'0'..=b'7'), 1..=2) = (text.byte(0), digits) {
        code = code * 8 + u32::from(digit - b'0');
        digits += 1;
        text.go(text.at() + 1);
    }
    if digits == 1 && code != 0 {
        return Err(text.error(ErrorKind::BackReference, start));
    }
    in_range(text, start, code)
}

/// `\xHH` or `\x{H…}`.
fn hexadecimal(text: &mut Text<'_>, start: usize) -> Result<u32, Error> {
    let braced = text.take("{");
    let mut code = 0_u32;
    let mut digits = 0;
    while braced || digits < 2 {
        let rune = text.rune().and_then(char::from_u32);
        match rune.and_then(|rune| rune.to_digit(16)) {
            // Leading zeros may go on for ever, so the code saturates instead of the digits being counted.
            Some(digit) => code = code.saturating_mul(16).saturating_add(digit),
            None if braced && digits > 0 && rune == Some('}') => break,
            None => return Err(text.error(ErrorKind::Escape, start)),
        }
        digits += 1;
    }
    in_range(text, start, code)
}

fn in_range(text: &Text<'_>, start: usize, code: u32) -> Result<u32, Error> {
    if code > text.encoding().max() {
        return Err(text.error(ErrorKind::EscapeRange, start));
    }
    Ok(code)
}
