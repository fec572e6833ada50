//! Atoms: the predicates on text that matchers are made of, each as a deterministic automaton.

use std::sync::Arc;

use super::automaton::Automaton;

/// A state of an atom. States mean something to the atom they come from alone.
pub(super) type State = u32;

/// The state from which nothing is accepted any more.
pub(super) const DEAD: State = u32::MAX;

/// The state of [`Atom::Crooked`] behind what proxies set straight.
const CROOKED: State = 4;

/// A predicate on text.
#[derive(Clone, Debug)]
pub enum Atom {
    /// This text.
    Exact(Arc<str>),
    /// Whatever begins with this text.
    Prefix(Arc<str>),
    /// Whatever ends with this text.
    Suffix(Arc<str>),
    /// This text, or whatever begins with it and a `/`: a prefix by path segments.
    Segment(Arc<str>),
    /// One of the above, ASCII letters compared without case. The text is in lower case.
    Folded(Box<Atom>),
    /// Whatever a regex matches as a whole.
    Regex(Arc<Automaton>),
    /// A path that a proxy may set straight before it looks for a route: with `//`, or a segment `.` or `..`.
    Crooked,
    /// Whatever becomes an accepted text when `drop` at its beginning is replaced by `put`.
    Shifted {
        /// What the text must begin with.
        drop: Arc<str>,
        /// What takes its place.
        put: Arc<str>,
        /// What is asked of the result.
        inner: Box<Self>,
    },
}

impl Atom {
    /// The atom, ASCII letters compared without case. Regexes fold by themselves.
    #[must_use]
    pub fn folded(self) -> Self {
        let lower = |text: Arc<str>| text.to_ascii_lowercase().into();
        let inner = match self {
            Self::Exact(text) => Self::Exact(lower(text)),
            Self::Prefix(text) => Self::Prefix(lower(text)),
            Self::Suffix(text) => Self::Suffix(lower(text)),
            Self::Segment(text) => Self::Segment(lower(text)),
            other => return other,
        };
        Self::Folded(Box::new(inner))
    }

    /// Text that every accepted text begins with.
    #[must_use]
    pub fn literal_prefix(&self) -> &str {
        match self {
            Self::Exact(text) | Self::Prefix(text) | Self::Segment(text) => text,
            Self::Regex(machine) => machine.literal_prefix(),
            Self::Suffix(_) | Self::Folded(_) | Self::Crooked => "",
            Self::Shifted { drop, .. } => drop,
        }
    }

    /// Whether two atoms are the same, as far as that can be seen at once.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b))
            | (Self::Prefix(a), Self::Prefix(b))
            | (Self::Suffix(a), Self::Suffix(b))
            | (Self::Segment(a), Self::Segment(b)) => a == b,
            (Self::Folded(a), Self::Folded(b)) => a.is_same(b),
            (Self::Regex(a), Self::Regex(b)) => Arc::ptr_eq(a, b),
            (Self::Crooked, Self::Crooked) => true,
            _ => false,
        }
    }

    /// Bytes that every accepted text holds.
    pub(super) fn needle(&self) -> &[u8] {
        match self {
            Self::Suffix(text) => text.as_bytes(),
            Self::Regex(machine) => machine.needle(),
            _ => self.literal_prefix().as_bytes(),
        }
    }

    /// Whether a text is accepted.
    #[must_use]
    pub fn accepts(&self, text: &[u8]) -> bool {
        match self {
            Self::Exact(exact) => exact.as_bytes() == text,
            Self::Prefix(prefix) => text.starts_with(prefix.as_bytes()),
            Self::Suffix(suffix) => text.ends_with(suffix.as_bytes()),
            Self::Segment(segment) => {
                text.strip_prefix(segment.as_bytes()).is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
            }
            Self::Folded(inner) => inner.accepts_folded(text),
            // Most paths have nothing that could be set straight.
            Self::Crooked if !text.windows(2).any(|pair| matches!(pair, b"//" | b"/.")) => false,
            _ => {
                let last = text.iter().fold(self.start(), |state, byte| self.step(state, *byte));
                self.is_final(last)
            }
        }
    }

    /// Whether a text is accepted once its ASCII letters are small.
    fn accepts_folded(&self, text: &[u8]) -> bool {
        match self {
            Self::Exact(exact) => exact.as_bytes().eq_ignore_ascii_case(text),
            Self::Prefix(prefix) => {
                text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
            }
            Self::Suffix(suffix) => {
                let start = text.len().checked_sub(suffix.len());
                start.is_some_and(|start| text[start..].eq_ignore_ascii_case(suffix.as_bytes()))
            }
            other => other.accepts(&text.to_ascii_lowercase()),
        }
    }

    pub(super) fn start(&self) -> State {
        match self {
            Self::Folded(inner) => inner.start(),
            Self::Regex(machine) => live(machine, machine.start()),
            Self::Shifted { drop, .. } if drop.is_empty() => self.shifted_start(),
            _ => 0,
        }
    }

    /// The state behind a byte. From [`DEAD`] there is no way back.
    pub(super) fn step(&self, state: State, byte: u8) -> State {
        if state == DEAD {
            return DEAD;
        }
        match self {
            // The state is how much of the text has been read.
            Self::Exact(text) => match text.as_bytes().get(state as usize) {
                Some(wanted) if *wanted == byte => state + 1,
                _ => DEAD,
            },
            Self::Prefix(text) => match text.as_bytes().get(state as usize) {
                None => state,
                Some(wanted) if *wanted == byte => state + 1,
                Some(_) => DEAD,
            },
            // One state more than the text is long: behind the `/` that closes the segment.
            Self::Segment(text) => match text.as_bytes().get(state as usize) {
                Some(wanted) if *wanted == byte => state + 1,
                None if state as usize > text.len() => state,
                None if byte == b'/' => state + 1,
                _ => DEAD,
            },
            Self::Suffix(text) => suffix_step(text.as_bytes(), state as usize, byte),
            Self::Folded(inner) => inner.step(state, byte.to_ascii_lowercase()),
            // How much of a crooked segment the last bytes are: a slash, one dot behind it, two; and whether there was one.
            Self::Crooked => match (state, byte) {
                (CROOKED, _) | (1..=3, b'/') => CROOKED,
                (_, b'/') => 1,
                (1 | 2, b'.') => state + 1,
                _ => 0,
            },
            Self::Regex(machine) => live(machine, machine.step(state, byte)),
            // States below the length of `drop` count what was read of it; those of the inner atom come above.
            Self::Shifted { drop, inner, .. } => match drop.as_bytes().get(state as usize) {
                Some(wanted) if *wanted != byte => DEAD,
                Some(_) if state as usize + 1 == drop.len() => self.shifted_start(),
                Some(_) => state + 1,
                None => lift(drop, inner.step(state - length(drop), byte)),
            },
        }
    }

    fn shifted_start(&self) -> State {
        let Self::Shifted { drop, put, inner } = self else { return DEAD };
        lift(drop, put.bytes().fold(inner.start(), |state, byte| inner.step(state, byte)))
    }

    /// Whether a text that ends in a state is accepted.
    pub(super) fn is_final(&self, state: State) -> bool {
        if state == DEAD {
            return false;
        }
        match self {
            Self::Exact(text) | Self::Prefix(text) | Self::Suffix(text) => state as usize == text.len(),
            Self::Segment(text) => state as usize >= text.len(),
            Self::Folded(inner) => inner.is_final(state),
            Self::Crooked => state >= 2,
            Self::Regex(machine) => machine.accepts(state),
            Self::Shifted { drop, inner, .. } => state >= length(drop) && inner.is_final(state - length(drop)),
        }
    }

    /// Whether everything that follows on a state is accepted, as far as that can be seen at once.
    pub(super) fn accepts_all(&self, state: State) -> bool {
        match self {
            Self::Prefix(text) => state as usize == text.len(),
            Self::Segment(text) => state != DEAD && state as usize > text.len(),
            Self::Suffix(text) => text.is_empty(),
            Self::Folded(inner) => inner.accepts_all(state),
            Self::Crooked => state == CROOKED,
            Self::Shifted { drop, inner, .. } => {
                state != DEAD && state >= length(drop) && inner.accepts_all(state - length(drop))
            }
            Self::Exact(_) | Self::Regex(_) => false,
        }
    }

    /// Marks the bytes that the atom tells from all others. `false` where bytes fall into classes in another way.
    pub(super) fn mark(&self, own: &mut [bool; 256]) -> bool {
        let (text, rest) = match self {
            Self::Exact(text) | Self::Prefix(text) | Self::Suffix(text) => (text, true),
            Self::Segment(text) => {
                own[usize::from(b'/')] = true;
                (text, true)
            }
            Self::Shifted { drop, inner, .. } => (drop, inner.mark(own)),
            Self::Folded(_) | Self::Regex(_) | Self::Crooked => return false,
        };
        text.bytes().for_each(|byte| own[usize::from(byte)] = true);
        // No class is called 0 but that of all other bytes.
        own[0] = false;
        rest
    }

    /// The class of a byte: bytes of one class lead to the same states everywhere.
    pub(super) fn class(&self, byte: u8) -> (u8, u8) {
        match self {
            Self::Exact(text) | Self::Prefix(text) | Self::Suffix(text) => {
                (u8::from(text.as_bytes().contains(&byte)) * byte, 0)
            }
            Self::Crooked => (u8::from(matches!(byte, b'/' | b'.')) * byte, 0),
            Self::Segment(text) => (u8::from(byte == b'/' || text.as_bytes().contains(&byte)) * byte, 0),
            Self::Folded(inner) => inner.class(byte.to_ascii_lowercase()),
            Self::Regex(machine) => (0, machine.class(byte)),
            Self::Shifted { drop, inner, .. } => {
                let (own, of_inner) = (u8::from(drop.as_bytes().contains(&byte)) * byte, inner.class(byte));
                // A byte that `drop` holds is a class of its own already.
                if own == 0 { of_inner } else { (own, of_inner.1) }
            }
        }
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).expect("texts of routes are short")
}

fn lift(drop: &str, inner: State) -> State {
    if inner == DEAD { DEAD } else { inner + length(drop) }
}

fn live(machine: &Automaton, state: u32) -> State {
    if machine.is_dead(state) { DEAD } else { state }
}

/// How much of a suffix the last bytes spell, when one more comes. Suffixes are short, so the borders
/// are looked for and not kept.
fn suffix_step(suffix: &[u8], matched: usize, byte: u8) -> State {
    let longest = matched.min(suffix.len().saturating_sub(1)) + 1;
    let spells = |length: &usize| {
        let (head, last) = (&suffix[..length - 1], suffix[length - 1]);
        last == byte && suffix[..matched].ends_with(head)
    };
    let found = (1..=longest.min(suffix.len())).rev().find(spells).unwrap_or(0);
    u32::try_from(found).expect("suffixes are short")
}
