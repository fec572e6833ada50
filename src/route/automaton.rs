//! Regexes as automata, for the product walks.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use regex_automata::util::primitives::StateID;
use regex_syntax::hir::{Hir, HirKind};
use rustc_hash::FxHashMap;

use super::atom::Atom;
use super::budget::Budget;
use super::lang::Lang;
use super::re2;
use super::request::Dimension;

/// Why a regex is no automaton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAutomaton {
    /// RE2 refuses it.
    Refused(re2::Error),
    /// RE2 takes it, but its automaton would be too large, or its language is not known.
    Undecided,
}

/// The automaton of a regex, which accepts what it matches as a whole.
#[derive(Clone, Debug)]
pub struct Automaton {
    dfa: re2::dfa::Dfa,
    prefix: Box<str>,
    needle: Box<[u8]>,
    /// A text that it accepts, looked for when it is first asked for: an automaton does not change.
    sample: OnceLock<Option<Box<[u8]>>>,
}

/// How many automata a thread keeps; past that, it begins anew.
const KEPT: usize = 512;

type Known = FxHashMap<Box<str>, Result<Arc<Automaton>, NoAutomaton>>;

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

impl Automaton {
    /// The automaton of a pattern, the very same for one that was asked for before, which most are. A long pattern
    /// is not worth its memory.
    ///
    /// # Errors
    /// When RE2 refuses the pattern, or its automaton would be too large.
    pub fn shared(pattern: &str) -> Result<Arc<Self>, NoAutomaton> {
        if pattern.len() > 256 {
            return Self::of(pattern).map(Arc::new);
        }
        KNOWN.with_borrow_mut(|known| {
            if let Some(machine) = known.get(pattern) {
                return machine.clone();
            }
            if known.len() == KEPT {
                known.clear();
            }
            let machine = Self::of(pattern).map(Arc::new);
            known.insert(pattern.into(), machine.clone());
            machine
        })
    }

    /// The automaton of a pattern.
    ///
    /// # Errors
    /// When RE2 refuses the pattern, or its automaton would be too large.
    pub fn of(pattern: &str) -> Result<Self, NoAutomaton> {
        let pattern = re2::compile(pattern).map_err(NoAutomaton::Refused)?;
        let hir = pattern.hir.as_ref().ok_or(NoAutomaton::Undecided)?;
        let dfa = re2::dfa::Dfa::new(hir).map_err(|_| NoAutomaton::Undecided)?;
        let text = match std::str::from_utf8(&pattern.literal_prefix) {
            Ok(text) => text,
            // Cut where the last character is not whole: the part before it is still a prefix.
            Err(error) => std::str::from_utf8(&pattern.literal_prefix[..error.valid_up_to()]).unwrap_or(""),
        };
        Ok(Self { dfa, prefix: text.into(), needle: needle(hir).into(), sample: OnceLock::new() })
    }

    pub(super) fn start(&self) -> u32 {
        self.dfa.start().as_u32()
    }

    pub(super) fn step(&self, state: u32, byte: u8) -> u32 {
        self.dfa.next(id(state), byte).as_u32()
    }

    pub(super) fn accepts(&self, state: u32) -> bool {
        self.dfa.accepts(id(state))
    }

    pub(super) fn is_dead(&self, state: u32) -> bool {
        self.dfa.is_dead(id(state))
    }

    pub(super) fn class(&self, byte: u8) -> u8 {
        self.dfa.class(byte)
    }

    /// A text that it accepts, where one is found with few steps: the shortest that is made of plain letters.
    pub(super) fn sample(self: &Arc<Self>) -> Option<&[u8]> {
        const STEPS: usize = 10_000;
        let find = || {
            let lang = Lang::from(Atom::Regex(Arc::clone(self)));
            lang.witness(Dimension::Path.plain(), &mut Budget::of(STEPS)).ok().flatten()
        };
        self.sample.get_or_init(|| find().map(Into::into)).as_deref()
    }

    /// Bytes that every accepted text holds.
    pub(super) fn needle(&self) -> &[u8] {
        &self.needle
    }

    /// Text that every accepted text begins with.
    pub(super) fn literal_prefix(&self) -> &str {
        &self.prefix
    }
}

/// The longest literal that every accepted text holds, as far as it is easily seen.
fn needle(hir: &Hir) -> &[u8] {
    match hir.kind() {
        HirKind::Literal(literal) => &literal.0,
        HirKind::Capture(capture) => needle(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needle(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().map(needle).max_by_key(|part| part.len()).unwrap_or_default(),
        _ => &[],
    }
}

/// States are handed out by the automaton as such numbers, so every number is one.
fn id(state: u32) -> StateID {
    StateID::must(state as usize)
}
