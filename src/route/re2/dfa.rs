//! Automata that decide full matches, for walking over the bytes of many texts at once.

use std::fmt;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::Hir;

/// The most memory for the automaton that has several states at once, in bytes.
pub const NFA_LIMIT: usize = 2 << 20;
/// The most memory for the finished automaton, in bytes.
pub const DFA_LIMIT: usize = 4 << 20;
/// The most memory for finding its states, in bytes.
pub const DETERMINIZE_LIMIT: usize = 8 << 20;

/// The language was not made into an automaton because it would have gone past a limit. It says nothing about the
/// language: every question about it is then not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecided;

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the automaton of the pattern is too large")
    }
}

impl std::error::Error for Undecided {}

/// A state of a [`Dfa`]; it means nothing in another one.
pub type State = StateID;

/// A deterministic automaton over bytes that accepts exactly the texts that an expression matches as a whole.
#[derive(Clone, Debug)]
pub struct Dfa {
    dfa: dense::DFA<Vec<u32>>,
    start: State,
}

impl Dfa {
    /// Builds the automaton of an expression, or gives up at one of the limits of this module.
    pub fn new(hir: &Hir) -> Result<Self, Undecided> {
        let config = thompson::Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(NFA_LIMIT));
        let nfa = thompson::Compiler::new().configure(config).build_from_hir(hir).map_err(|_| Undecided)?;
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            // With the default, `a|ab` would stop at `a` and refuse `ab`.
            .match_kind(MatchKind::All)
            .accelerate(false)
            .dfa_size_limit(Some(DFA_LIMIT))
            .determinize_size_limit(Some(DETERMINIZE_LIMIT));
        let dfa = dense::Builder::new().configure(config).build_from_nfa(&nfa).map_err(|_| Undecided)?;
        let start = dfa.start_state(&start::Config::new().anchored(Anchored::Yes)).map_err(|_| Undecided)?;
        Ok(Self { dfa, start })
    }

    /// Where every text begins.
    pub fn start(&self) -> State {
        self.start
    }

    /// Where a byte leads.
    pub fn next(&self, state: State, byte: u8) -> State {
        self.dfa.next_state(state, byte)
    }

    /// Whether a text that ends in this state is accepted.
    pub fn accepts(&self, state: State) -> bool {
        self.dfa.is_match_state(self.dfa.next_eoi_state(state))
    }

    /// Whether nothing is accepted from this state on. The answer may be false for some states that are dead too.
    pub fn is_dead(&self, state: State) -> bool {
        self.dfa.is_dead_state(state)
    }

    /// The class of a byte: bytes of one class lead to the same states from everywhere.
    pub fn class(&self, byte: u8) -> u8 {
        self.dfa.byte_classes().get(byte)
    }

    /// Whether a whole text is accepted.
    pub fn matches(&self, text: &[u8]) -> bool {
        let mut state = self.start;
        for &byte in text {
            state = self.next(state, byte);
            if self.is_dead(state) {
                return false;
            }
        }
        self.accepts(state)
    }

    /// How much memory the automaton takes, in bytes.
    pub fn memory(&self) -> usize {
        self.dfa.memory_usage()
    }
}
