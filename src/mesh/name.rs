//! Names, which may hold placeholders that somebody fills in later.

use super::Truth;

/// A name as written. Where it holds placeholders (`app-${VERSION}`) it is *open*: it stands for every
/// name that agrees with it in the text between the placeholders.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    text: Box<str>,
    /// The text before, between and after the placeholders; empty for a name without any.
    literals: Box<[Box<str>]>,
    /// What the name is made in, where it is made when that is deployed: elsewhere the same text is another name.
    home: u64,
}

impl Name {
    /// A name without placeholders.
    #[must_use]
    pub fn known(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into(), literals: Box::default(), home: 0 }
    }

    /// A name with placeholders at these byte ranges of its text, in order and not overlapping.
    #[must_use]
    pub fn open(text: &str, holes: &[std::ops::Range<usize>]) -> Self {
        let mut literals = Vec::with_capacity(holes.len() + 1);
        let mut from = 0;
        for hole in holes {
            literals.push(text.get(from..hole.start).unwrap_or("").into());
            from = hole.end;
        }
        literals.push(text.get(from..).unwrap_or("").into());
        Self { text: text.into(), literals: if holes.is_empty() { Box::default() } else { literals.into() }, home: 0 }
    }

    /// A name of which nothing is known but its text, as a CloudFormation intrinsic.
    #[must_use]
    pub fn unknown(text: &str) -> Self {
        Self { text: text.into(), literals: [Box::from(""), Box::from("")].into(), home: 0 }
    }

    /// A name that is made when a template is deployed: nothing is known but some text that it holds, and no other
    /// template (they are told apart by `home`, which is not 0) makes the same.
    #[must_use]
    pub fn made(text: &str, holds: &str, home: u64) -> Self {
        Self { text: text.into(), literals: [Box::from(""), holds.into(), Box::from("")].into(), home }
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the name holds a placeholder.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.literals.is_empty()
    }

    /// The text, where it holds no placeholder.
    #[must_use]
    pub fn as_known(&self) -> Option<&str> {
        (!self.is_open()).then_some(&*self.text)
    }

    /// The text before the first placeholder: every name that this one can become begins with it.
    #[must_use]
    pub fn known_prefix(&self) -> &str {
        self.literals.first().unwrap_or(&self.text)
    }

    /// The text outside of placeholders, in pieces.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        let whole = (!self.is_open()).then_some(&*self.text);
        whole.into_iter().chain(self.literals.iter().map(|text| &**text))
    }

    /// This name, some text, and another name: open where one of them is.
    #[must_use]
    pub fn join(&self, between: &str, other: &Self) -> Self {
        let text = format!("{}{between}{}", self.text, other.text);
        if !self.is_open() && !other.is_open() {
            return Self::known(text);
        }
        let whole = |name: &Self| if name.is_open() { name.literals.to_vec() } else { vec![name.text.clone()] };
        let mut literals = whole(self);
        let mut rest = whole(other).into_iter();
        let last = literals.pop().unwrap_or_default();
        literals.push(format!("{last}{between}{}", rest.next().unwrap_or_default()).into());
        literals.extend(rest);
        Self { text: text.into(), literals: literals.into(), home: if self.home == 0 { other.home } else { self.home } }
    }

    /// The name before an end of its known text; `None` where it does not end so.
    #[must_use]
    pub fn strip_suffix(&self, end: &str) -> Option<Self> {
        let text = self.text.strip_suffix(end)?;
        let mut literals = self.literals.to_vec();
        if let Some(last) = literals.last_mut() {
            // The end may not reach into a placeholder.
            *last = last.strip_suffix(end)?.into();
        }
        Some(Self { text: text.into(), literals: literals.into(), home: self.home })
    }

    /// The names before and behind the first dot. `None` without one, or where it stands between placeholders.
    #[must_use]
    pub fn split_at_dot(&self) -> Option<(Self, Self)> {
        let (Some(first), Some(last)) = (self.literals.first(), self.literals.last()) else {
            let (before, behind) = self.text.split_once('.')?;
            return Some((Self::known(before), Self::known(behind)));
        };
        let mut literals = self.literals.to_vec();
        if let Some((before, behind)) = first.split_once('.') {
            literals[0] = behind.into();
            let rest = Self { text: self.text[before.len() + 1..].into(), literals: literals.into(), home: self.home };
            return Some((Self::known(before), rest));
        }
        let middle = &self.literals[1..self.literals.len() - 1];
        if middle.iter().any(|text| text.contains('.')) {
            return None;
        }
        let (before, behind) = last.split_once('.')?;
        let at = literals.len() - 1;
        literals[at] = before.into();
        let text = &self.text[..self.text.len() - behind.len() - 1];
        Some((Self { text: text.into(), literals: literals.into(), home: self.home }, Self::known(behind)))
    }

    /// Whether two names are one: the same text is, names that cannot agree are not, and what could
    /// agree once the placeholders are filled in is unknown.
    #[must_use]
    pub fn same(&self, other: &Self) -> Truth {
        if self == other {
            return Truth::Yes;
        }
        let possible = match (self.is_open(), other.is_open()) {
            (false, false) => false,
            (true, false) => fits(&self.literals, &other.text),
            (false, true) => fits(&other.literals, &self.text),
            (true, true) => could_agree(&self.literals, &other.literals),
        };
        if possible { Truth::Unknown } else { Truth::No }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a text can come from literals with anything (or nothing) between them.
fn fits(literals: &[Box<str>], text: &str) -> bool {
    let [first, middle @ .., last] = literals else { return false };
    let Some(rest) = text.strip_prefix(&**first) else { return false };
    let Some(mut rest) = rest.strip_suffix(&**last) else { return false };
    for literal in middle {
        // The leftmost place leaves the most room for the literals to come.
        let Some(at) = rest.find(&**literal) else { return false };
        rest = &rest[at + literal.len()..];
    }
    true
}

/// Whether two patterns share a text: only their ends are fixed, since each can hold the other's middle.
fn could_agree(a: &[Box<str>], b: &[Box<str>]) -> bool {
    let (Some(a0), Some(b0), Some(a1), Some(b1)) = (a.first(), b.first(), a.last(), b.last()) else { return false };
    (a0.starts_with(&**b0) || b0.starts_with(&**a0)) && (a1.ends_with(&**b1) || b1.ends_with(&**a1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Name {
        let mut holes = Vec::new();
        let mut from = 0;
        while let Some(at) = text[from..].find("${") {
            let end = from + at + text[from + at..].find('}').expect("closed") + 1;
            holes.push(from + at..end);
            from = end;
        }
        Name::open(text, &holes)
    }

    #[test]
    fn names_compare_symbolically() {
        for (a, b, expected) in [
            ("color", "color", Truth::Yes),
            ("color", "colour", Truth::No),
            ("${A}", "${A}", Truth::Yes),
            ("${A}", "${B}", Truth::Unknown),
            ("${A}", "anything", Truth::Unknown),
            ("app-${V}", "app-1", Truth::Unknown),
            ("app-${V}", "app-", Truth::Unknown),
            ("app-${V}", "web-1", Truth::No),
            ("app-${V}", "app", Truth::No),
            ("app-${A}", "app-${B}", Truth::Unknown),
            ("app-${A}", "web-${B}", Truth::No),
            ("${A}.svc", "${B}.local", Truth::No),
            ("a${A}b${B}c", "axbxc", Truth::Unknown),
            ("a${A}b${B}c", "axc", Truth::No),
            ("a${A}a", "a", Truth::No),
        ] {
            assert_eq!(open(a).same(&open(b)), expected, "{a} against {b}");
            assert_eq!(open(b).same(&open(a)), expected, "{b} against {a}");
        }
    }

    #[test]
    fn made_names_are_those_of_their_template() {
        let made = |home: u64| Name::made("${Pier.VirtualNodeName}", "Pier-", home);
        for (other, expected) in [
            (made(1), Truth::Yes),
            (made(2), Truth::Unknown),
            (Name::known("stack-Pier-1A2B"), Truth::Unknown),
            (Name::known("pier"), Truth::No),
            (Name::known("${Pier.VirtualNodeName}"), Truth::No),
        ] {
            assert_eq!(made(1).same(&other), expected, "{other}");
        }
        let joined = |home: u64| made(home).join(".", &Name::known("local"));
        assert_ne!(joined(1), joined(2));
    }

    #[test]
    fn names_are_cut_outside_of_placeholders() {
        for (text, before, behind) in [
            ("cart.shop", "cart", "shop"),
            ("cart.${NS}-x.y", "cart", "${NS}-x.y"),
            ("${A}-1.shop.svc", "${A}-1", "shop.svc"),
        ] {
            assert_eq!(open(text).split_at_dot(), Some((open(before), open(behind))), "{text}");
        }
        for text in ["cart", "${A}", "${A}.x${B}"] {
            assert_eq!(open(text).split_at_dot(), None, "{text}");
        }
        assert_eq!(open("${A}.${B}.svc").strip_suffix(".svc"), Some(open("${A}.${B}")));
        assert_eq!(open("cart.svc").strip_suffix(".svc"), Some(open("cart")));
        assert_eq!(open("cart${x.svc}").strip_suffix("svc}"), None);
    }

    #[test]
    fn joined_names_keep_their_placeholders() {
        let joined = open("color").join("_", &open("${NS}-x"));
        assert_eq!(joined.as_str(), "color_${NS}-x");
        assert_eq!(joined.same(&Name::known("color_blue-x")), Truth::Unknown);
        assert_eq!(joined.same(&Name::known("red_blue-x")), Truth::No);
        assert!(!Name::known("a").join(".", &Name::known("b")).is_open());
    }
}
