//! Sets of code points, surrogates included, since RE2 counts them like any other.

use std::sync::OnceLock;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// The last code point.
pub(super) const MAX: u32 = 0x10_FFFF;

/// A set of code points: ranges that are sorted and neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set {
    ranges: Vec<(u32, u32)>,
}

impl Set {
    /// The union of ranges given in any order; a range whose ends are reversed is empty.
    pub(super) fn new(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.retain(|(lo, hi)| lo <= hi);
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (lo, hi) in ranges {
            match merged.last_mut() {
                Some(last) if lo <= last.1.saturating_add(1) => last.1 = last.1.max(hi),
                _ => merged.push((lo, hi)),
            }
        }
        Self { ranges: merged }
    }

    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.ranges == [(0, MAX)]
    }

    /// How many code points there are.
    pub(super) fn count(&self) -> u32 {
        self.ranges.iter().map(|(lo, hi)| hi - lo + 1).sum()
    }

    pub(super) fn contains(&self, rune: u32) -> bool {
        let at = self.ranges.partition_point(|&(_, hi)| hi < rune);
        self.ranges.get(at).is_some_and(|&(lo, _)| lo <= rune)
    }

    /// Everything else.
    pub(super) fn negated(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for &(lo, hi) in &self.ranges {
            if next < lo {
                ranges.push((next, lo - 1));
            }
            next = hi + 1;
        }
        if next <= MAX {
            ranges.push((next, MAX));
        }
        Self { ranges }
    }

    /// What is not above `max`.
    pub(super) fn up_to(&self, max: u32) -> Self {
        let kept = self.ranges.iter().filter(|(lo, _)| *lo <= max);
        Self { ranges: kept.map(|&(lo, hi)| (lo, hi.min(max))).collect() }
    }

    fn intersection(&self, other: &Self) -> Self {
        let mut ranges = Vec::new();
        for &(lo, hi) in &self.ranges {
            let first = other.ranges.partition_point(|&(_, end)| end < lo);
            let met = other.ranges[first..].iter().take_while(|(start, _)| *start <= hi);
            ranges.extend(met.map(|&(start, end)| (lo.max(start), hi.min(end))));
        }
        Self { ranges }
    }

    /// With both cases of every ASCII letter in it.
    pub(super) fn folded_ascii(&self) -> Self {
        let mut ranges = self.ranges.clone();
        for &(lo, hi) in &self.ranges {
            let (upper, lower) = ((lo.max(0x41), hi.min(0x5A)), (lo.max(0x61), hi.min(0x7A)));
            if upper.0 <= upper.1 {
                ranges.push((upper.0 + 0x20, upper.1 + 0x20));
            }
            if lower.0 <= lower.1 {
                ranges.push((lower.0 - 0x20, lower.1 - 0x20));
            }
        }
        Self::new(ranges)
    }

    /// With every simple case equivalent of every character in it.
    pub(super) fn folded(&self) -> Self {
        // What is not assigned in RE2's version of Unicode folds to nothing, nor does anything fold to it.
        let mut class = self.intersection(assigned()).to_class();
        class.try_case_fold_simple().expect("the case folding tables are compiled in");
        let known = from_class(&class).intersection(assigned());
        Self::new(self.ranges.iter().chain(&known.ranges).copied().collect())
    }

    /// Whether an upper-case ASCII letter is in it exactly when the lower-case one is.
    pub(super) fn folds_ascii(&self) -> bool {
        (0x41..=0x5A).all(|upper| self.contains(upper) == self.contains(upper + 0x20))
    }

    /// The characters in it; surrogates are none and are left out.
    pub(super) fn to_class(&self) -> ClassUnicode {
        let chars = self
            .ranges
            .iter()
            .flat_map(|&(lo, hi)| [(lo, hi.min(0xD7FF)), (lo.max(0xE000), hi)].into_iter().filter(|(lo, hi)| lo <= hi));
        ClassUnicode::new(
            chars.filter_map(|(lo, hi)| Some(ClassUnicodeRange::new(char::from_u32(lo)?, char::from_u32(hi)?))),
        )
    }
}

/// The characters of a Unicode property in the syntax of `regex-syntax`, such as `gc=Lu`, as they were in the version of
/// Unicode that RE2 has.
pub(super) fn property(query: &str) -> Set {
    raw_property(query).intersection(assigned())
}

/// RE2's tables are those of Unicode 15.1 (its `unicode_groups.cc`, releases of 2024 and 2025): what came later is in no
/// class and folds to nothing.
fn assigned() -> &'static Set {
    static ASSIGNED: OnceLock<Set> = OnceLock::new();
    ASSIGNED.get_or_init(|| raw_property("age=V15_1"))
}

fn raw_property(query: &str) -> Set {
    let hir = regex_syntax::parse(&format!(r"\p{{{query}}}")).expect("only properties of the tables are asked for");
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => from_class(class),
        // A property of one character comes back as a literal.
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).unwrap_or_default();
            Set::new(text.chars().map(|c| (u32::from(c), u32::from(c))).collect())
        }
        _ => Set::default(),
    }
}

fn from_class(class: &ClassUnicode) -> Set {
    Set::new(class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect())
}
