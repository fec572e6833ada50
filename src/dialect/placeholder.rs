//! Placeholders: text that somebody fills in before the manifest is applied.
//!
//! `${NAME}` and `{{NAME}}` count wherever they stand. `<NAME>` and `%NAME%` are also what regexes, paths
//! and log formats are made of, so they count only as a whole value, or inside a name. `$NAME` counts
//! only in files that show by other signs that a shell fills them in.

use std::ops::Range;

/// How much of a value's text may be a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// Most values: `<NAME>` and `%NAME%` only as the whole value.
    Plain,
    /// Names, host names, ARNs and images: `<NAME>` and `%NAME%` inside, too.
    Name,
    /// Regexes, paths and log formats: neither.
    Pattern,
}

/// The byte ranges of the placeholders in a value. `dollar`: whether bare `$NAME` counts in this file.
#[must_use]
pub fn find(text: &str, flavor: Flavor, dollar: bool) -> Vec<Range<usize>> {
    let mut holes = Vec::new();
    // Nearly every value has none of these bytes: look once, for all of them.
    if !text.bytes().any(|byte| matches!(byte, b'$' | b'{' | b'<' | b'%')) {
        return holes;
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let length = match bytes[at] {
            b'$' => braced(rest).or_else(|| (dollar && flavor != Flavor::Pattern).then(|| bare(rest)).flatten()),
            b'{' => doubled(rest),
            b'<' if flavor != Flavor::Pattern => enclosed(rest, '>'),
            b'%' if flavor != Flavor::Pattern => enclosed(rest, '%'),
            _ => None,
        };
        let length = length.filter(|length| {
            let is_angle = matches!(bytes[at], b'<' | b'%');
            !is_angle || flavor == Flavor::Name || (at == 0 && *length == bytes.len())
        });
        match length {
            Some(length) => {
                holes.push(at..at + length);
                at += length;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    holes
}

/// `${NAME}`, `${NAME:-value}`, `${AWS::Region}`.
fn braced(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("${")?;
    let end = inner.find('}')?;
    let first = inner.chars().next()?;
    (first.is_ascii_alphabetic() || matches!(first, '_' | '!')).then_some(end + 3)
}

/// `$NAME`.
fn bare(text: &str) -> Option<usize> {
    let name = text.strip_prefix('$')?;
    let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let first = name.chars().next()?;
    (first.is_ascii_alphabetic() || first == '_').then_some(length + 1)
}

/// `{{NAME}}`, `{{ .Values.name }}`.
fn doubled(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("{{")?;
    let end = inner.find("}}")?;
    inner[..end].chars().any(|one| one.is_ascii_alphabetic()).then_some(end + 4)
}

/// `<NAME>`, `<free text>`, `%NAME%`.
fn enclosed(text: &str, close: char) -> Option<usize> {
    let inner = &text[1..];
    let end = inner.find(close)?;
    let name = &inner[..end];
    let first = name.chars().next()?;
    let fits = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.' | ' ');
    (first.is_ascii_alphabetic() && name.chars().all(fits)).then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holes(text: &str, flavor: Flavor, dollar: bool) -> Vec<&str> {
        find(text, flavor, dollar).into_iter().map(|hole| &text[hole]).collect()
    }

    #[test]
    fn placeholders_are_found_where_they_count() {
        for (text, flavor, dollar, expected) in [
            ("color", Flavor::Name, true, &[][..]),
            ("color.${NS}.svc", Flavor::Name, false, &["${NS}"]),
            ("${A}-${B:-x}", Flavor::Plain, false, &["${A}", "${B:-x}"]),
            ("{{ .Values.x }}", Flavor::Plain, false, &["{{ .Values.x }}"]),
            ("<YOUR NAME>", Flavor::Plain, false, &["<YOUR NAME>"]),
            ("a-<NAME>", Flavor::Plain, false, &[]),
            ("a-<NAME>", Flavor::Name, false, &["<NAME>"]),
            ("%NAME%", Flavor::Plain, false, &["%NAME%"]),
            ("%START_TIME%", Flavor::Pattern, false, &[]),
            ("(?P<year>[0-9]+)", Flavor::Pattern, true, &[]),
            ("/a{1,3}$", Flavor::Pattern, true, &[]),
            ("x{{2}}", Flavor::Pattern, true, &[]),
            ("/${BASE}/.*", Flavor::Pattern, false, &["${BASE}"]),
            ("$NAME", Flavor::Plain, true, &["$NAME"]),
            ("$NAME", Flavor::Plain, false, &[]),
            ("a$", Flavor::Plain, true, &[]),
            ("${", Flavor::Name, true, &[]),
            ("é<é", Flavor::Name, true, &[]),
        ] {
            assert_eq!(holes(text, flavor, dollar), expected, "{text}");
        }
    }
}
