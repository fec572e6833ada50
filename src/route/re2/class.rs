//! Bracketed classes. RE2 has no operations on sets in them: `[a&&b]` is three characters, and `[` is one too.

use super::ast::Flags;
use super::error::{Error, ErrorKind};
use super::escape;
use super::set::Set;
use super::text::Text;
use super::unicode;

/// Reads a class from its `[` to its `]`.
pub(super) fn parse(text: &mut Text<'_>, flags: Flags) -> Result<Set, Error> {
    let start = text.at();
    text.take("[");
    let negated = text.take("^");
    let mut ranges = Vec::new();
    let mut first = true;
    // A `]` that comes first is a member.
    while first || !text.take("]") {
        if text.is_done() {
            return Err(text.error_at(ErrorKind::MissingBracket, start..start + 1));
        }
        first = false;
        if let Some(set) = posix(text, flags)? {
            ranges.extend_from_slice(set.ranges());
        } else if let Some(set) = escaped(text, flags)? {
            ranges.extend_from_slice(set.ranges());
        } else {
            ranges.push(range(text, start)?);
        }
    }
    // Named classes are closed under folding already, so that folding the whole once folds the rest.
    let set = fold(&Set::new(ranges), flags);
    Ok(if negated { set.negated() } else { set })
}

/// A set with the case equivalents that the flags ask for.
pub(super) fn fold(set: &Set, flags: Flags) -> Set {
    match (flags.fold, flags.latin1) {
        (false, _) => set.clone(),
        (true, true) => set.folded_ascii(),
        (true, false) => set.folded(),
    }
}

/// A named class. Its negation is made after folding.
pub(super) fn named(set: &Set, negated: bool, flags: Flags) -> Set {
    let set = fold(set, flags);
    if negated { set.negated() } else { set }
}

/// `[:name:]` or `[:^name:]`; text that only begins like one is no class but characters.
fn posix(text: &mut Text<'_>, flags: Flags) -> Result<Option<Set>, Error> {
    let start = text.at();
    if !text.take("[:") {
        return Ok(None);
    }
    let Some(name) = text.until(":]") else {
        text.go(start);
        return Ok(None);
    };
    let (name, negated) = match name.strip_prefix('^') {
        Some(name) => (name, true),
        None => (name, false),
    };
    match unicode::posix(name) {
        Some(set) => Ok(Some(named(&set, negated, flags))),
        None => Err(text.error(ErrorKind::ClassName, start)),
    }
}

fn escaped(text: &mut Text<'_>, flags: Flags) -> Result<Option<Set>, Error> {
    if text.byte(0) != Some(b'\\') {
        return Ok(None);
    }
    escape::class(text, flags)
}

/// A character, or two with a `-` between. A `-` before the closing `]` is a character.
fn range(text: &mut Text<'_>, class: usize) -> Result<(u32, u32), Error> {
    let start = text.at();
    let lo = character(text, class)?;
    if text.byte(0) != Some(b'-') || matches!(text.byte(1), None | Some(b']')) {
        return Ok((lo, lo));
    }
    text.take("-");
    let hi = character(text, class)?;
    if hi < lo {
        return Err(text.error(ErrorKind::RangeOrder, start));
    }
    Ok((lo, hi))
}

fn character(text: &mut Text<'_>, class: usize) -> Result<u32, Error> {
    if text.byte(0) == Some(b'\\') {
        return escape::character(text);
    }
    text.rune().ok_or_else(|| text.error_at(ErrorKind::MissingBracket, class..class + 1))
}
