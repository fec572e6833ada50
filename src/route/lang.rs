//! Languages: sets of text, as conjunctions of atoms and of their opposites.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::atom::{Atom, DEAD, State};
use super::budget::{Budget, Undecided};

/// An atom or its opposite.
#[derive(Clone, Debug)]
pub struct Term {
    /// What is asked.
    pub atom: Atom,
    /// Whether the opposite is asked.
    pub negated: bool,
}

/// The texts that every term accepts; without terms, every text.
#[derive(Clone, Debug, Default)]
pub struct Lang {
    terms: Vec<Term>,
}

/// The bytes that the texts of a dimension are made of, in the order in which a witness prefers them.
pub type Alphabet = &'static [u8];

/// Every byte: what no text over it can meet, no text can.
pub static BYTES: [u8; 256] = {
    let mut all = [0; 256];
    let mut at = 0;
    while at < all.len() {
        all[at] = at as u8;
        at += 1;
    }
    all
};

impl From<Atom> for Lang {
    fn from(atom: Atom) -> Self {
        Self { terms: vec![Term { atom, negated: false }] }
    }
}

impl Lang {
    /// Every text.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Every text that an atom does not accept.
    #[must_use]
    pub fn except(atom: Atom) -> Self {
        Self { terms: vec![Term { atom, negated: true }] }
    }

    /// The terms, all of which must hold.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether it is every text, as far as that can be seen without looking for one that is not.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.terms.is_empty()
    }

    /// The texts of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self { terms: [&*self.terms, &*other.terms].concat() }
    }

    /// The texts of this one that a term accepts.
    #[must_use]
    pub fn with(&self, term: Term) -> Self {
        let mut terms = self.terms.clone();
        terms.push(term);
        Self { terms }
    }

    /// Whether a text is accepted.
    #[must_use]
    pub fn accepts(&self, text: &[u8]) -> bool {
        self.terms.iter().all(|term| term.atom.accepts(text) != term.negated)
    }

    /// A shortest accepted text over an alphabet, the most readable one of its length; `None` when no
    /// text is accepted.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn witness(&self, alphabet: Alphabet, budget: &mut Budget) -> Result<Option<Vec<u8>>, Undecided> {
        if let Some(exact) = self.only_text(alphabet) {
            budget.spend(self.terms.len())?;
            return Ok(
                (exact.iter().all(|byte| alphabet.contains(byte)) && self.accepts(exact)).then(|| exact.to_vec())
            );
        }
        let wanted: Vec<_> = self.terms.iter().filter(|term| !term.negated).collect();
        // Two prefixes (or exact texts) that part ways share nothing: the commonest question of all.
        for (at, one) in wanted.iter().enumerate() {
            if wanted[at + 1..].iter().any(|other| parted(&one.atom, &other.atom)) {
                return Ok(None);
            }
        }
        self.search(alphabet, budget)
    }

    /// The text, where a term asks for exactly one that an alphabet can spell.
    fn only_text(&self, alphabet: Alphabet) -> Option<&[u8]> {
        let has_capitals = || alphabet.iter().any(u8::is_ascii_uppercase);
        self.terms.iter().find_map(|term| match (&term.atom, term.negated) {
            (Atom::Exact(text), false) => Some(text.as_bytes()),
            (Atom::Folded(inner), false) => match &**inner {
                Atom::Exact(text) if !has_capitals() => Some(text.as_bytes()),
                _ => None,
            },
            _ => None,
        })
    }

    /// Walks the product of the terms, breadth first.
    fn search(&self, alphabet: Alphabet, budget: &mut Budget) -> Result<Option<Vec<u8>>, Undecided> {
        let letters = self.letters(alphabet);
        let start: Box<[State]> = self.terms.iter().map(|term| term.atom.start()).collect();
        if self.is_hopeless(&start) {
            return Ok(None);
        }
        let mut states: Vec<Reached> = vec![(start.clone(), None)];
        let mut known = FxHashMap::from_iter([(start, 0_usize)]);
        let mut queue = VecDeque::from([0_usize]);
        while let Some(at) = queue.pop_front() {
            if self.is_final(&states[at].0) {
                return Ok(Some(spell(&states, at)));
            }
            budget.spend(letters.len())?;
            for &letter in &letters {
                let from = &states[at].0;
                let next: Box<[State]> =
                    self.terms.iter().zip(from).map(|(term, state)| term.atom.step(*state, letter)).collect();
                if self.is_hopeless(&next) || known.contains_key(&next) {
                    continue;
                }
                known.insert(next.clone(), states.len());
                queue.push_back(states.len());
                states.push((next, Some((at, letter))));
            }
        }
        Ok(None)
    }

    /// One byte for each class of bytes that no term tells apart, the preferred one.
    fn letters(&self, alphabet: Alphabet) -> Vec<u8> {
        let mut classes: Vec<Vec<(u8, u8)>> = Vec::new();
        let mut letters = Vec::new();
        for &byte in alphabet {
            let class: Vec<_> = self.terms.iter().map(|term| term.atom.class(byte)).collect();
            if !classes.contains(&class) {
                classes.push(class);
                letters.push(byte);
            }
        }
        letters
    }

    fn is_final(&self, states: &[State]) -> bool {
        self.terms.iter().zip(states).all(|(term, state)| term.atom.is_final(*state) != term.negated)
    }

    /// Whether no continuation can be accepted: a term is dead, or one whose opposite is asked accepts whatever follows.
    fn is_hopeless(&self, states: &[State]) -> bool {
        let is_lost = |(term, state): (&Term, &State)| match term.negated {
            false => *state == DEAD,
            true => term.atom.accepts_all(*state),
        };
        self.terms.iter().zip(states).any(is_lost)
    }
}

fn parted(a: &Atom, b: &Atom) -> bool {
    fn head(atom: &Atom) -> Option<&[u8]> {
        match atom {
            Atom::Exact(text) | Atom::Prefix(text) | Atom::Segment(text) => Some(text.as_bytes()),
            Atom::Folded(inner) => head(inner),
            _ => None,
        }
    }
    let (Some(one), Some(other)) = (head(a), head(b)) else { return false };
    let shared = one.len().min(other.len());
    let (one, other) = (&one[..shared], &other[..shared]);
    match (a, b) {
        (Atom::Folded(_), _) | (_, Atom::Folded(_)) => !one.eq_ignore_ascii_case(other),
        _ => one != other,
    }
}

/// States of the product, each with the one it was reached from and the byte that led here.
type Reached = (Box<[State]>, Option<(usize, u8)>);

fn spell(states: &[Reached], mut at: usize) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some((before, letter)) = states[at].1 {
        text.push(letter);
        at = before;
    }
    text.reverse();
    text
}
