//! Languages: sets of text, as conjunctions of atoms and of their opposites.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

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

/// The bytes that the texts of a dimension are made of.
#[derive(Debug)]
pub struct Letters {
    /// In the order in which a witness prefers them.
    all: &'static [u8],
    /// By byte: whether it is among them.
    has: [bool; 256],
}

/// The same, as it is handed around.
pub type Alphabet = &'static Letters;

impl Letters {
    /// These bytes.
    pub(super) const fn new(all: &'static [u8]) -> Self {
        let (mut has, mut at) = ([false; 256], 0);
        while at < all.len() {
            has[all[at] as usize] = true;
            at += 1;
        }
        Self { all, has }
    }

    /// Whether a text is made of them.
    fn spell(&self, text: &[u8]) -> bool {
        text.iter().all(|byte| self.has[usize::from(*byte)])
    }
}

/// Every byte: what no text over it can meet, no text can.
pub static BYTES: Letters = {
    static ALL: [u8; 256] = {
        let mut all = [0; 256];
        let mut at = 0;
        while at < all.len() {
            all[at] = at as u8;
            at += 1;
        }
        all
    };
    Letters::new(&ALL)
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
        let mut both = Self { terms: Vec::with_capacity(self.terms.len() + other.terms.len()) };
        both.terms.extend_from_slice(&self.terms);
        other.terms.iter().for_each(|term| both.add(term));
        both
    }

    /// The texts of this one that a term accepts.
    #[must_use]
    pub fn with(&self, term: Term) -> Self {
        let mut both = Self { terms: Vec::with_capacity(self.terms.len() + 1) };
        both.terms.extend_from_slice(&self.terms);
        both.add(&term);
        both
    }

    /// Adds a term, unless it is there.
    fn add(&mut self, term: &Term) {
        if !self.terms.iter().any(|known| known.negated == term.negated && known.atom.is_same(&term.atom)) {
            self.terms.push(term.clone());
        }
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
        self.witness_among(&[], alphabet, budget)
    }

    /// Whether no text over an alphabet is accepted that further terms accept too.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub(super) fn is_void_among(
        &self,
        more: &[Term],
        alphabet: Alphabet,
        budget: &mut Budget,
    ) -> Result<bool, Undecided> {
        let product = Product { terms: self.terms.iter().chain(more).collect() };
        budget.spend(product.terms.len())?;
        if product.has_plain_text(alphabet) {
            return Ok(false);
        }
        Ok(self.witness_among(more, alphabet, budget)?.is_none())
    }

    /// The same as a witness, among the texts that further terms accept.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub(super) fn witness_among(
        &self,
        more: &[Term],
        alphabet: Alphabet,
        budget: &mut Budget,
    ) -> Result<Option<Vec<u8>>, Undecided> {
        let product = Product { terms: self.terms.iter().chain(more).collect() };
        if let Some(exact) = product.only_text(alphabet) {
            budget.spend(product.terms.len())?;
            let is_one = alphabet.spell(exact) && product.accepts(exact);
            return Ok(is_one.then(|| exact.to_vec()));
        }
        // Every accepted text begins with what the terms begin with: if that is one, none is shorter.
        let start = product.literal_prefix();
        if alphabet.spell(start) && product.accepts(start) {
            budget.spend(product.terms.len())?;
            return Ok(Some(start.to_vec()));
        }
        if product.is_contradiction() {
            return Ok(None);
        }
        product.search(alphabet, budget)
    }
}

/// Terms that are walked through together.
struct Product<'t> {
    terms: Vec<&'t Term>,
}

impl<'t> Product<'t> {
    fn accepts(&self, text: &[u8]) -> bool {
        self.terms.iter().all(|term| term.atom.accepts(text) != term.negated)
    }

    /// The text, where a term asks for exactly one that an alphabet can spell.
    fn only_text(&self, alphabet: Alphabet) -> Option<&'t [u8]> {
        let has_capitals = || alphabet.all.iter().any(u8::is_ascii_uppercase);
        self.terms.iter().find_map(|term| match (&term.atom, term.negated) {
            (Atom::Exact(text), false) => Some(text.as_bytes()),
            (Atom::Folded(inner), false) => match &**inner {
                Atom::Exact(text) if !has_capitals() => Some(text.as_bytes()),
                _ => None,
            },
            _ => None,
        })
    }

    /// Text that every accepted text begins with.
    fn literal_prefix(&self) -> &'t [u8] {
        let wanted = self.terms.iter().filter(|term| !term.negated);
        wanted.map(|term| term.atom.literal_prefix().as_bytes()).max_by_key(|text| text.len()).unwrap_or_default()
    }

    /// Whether a text is accepted that any look at the terms brings to mind: what they ask for at the beginning
    /// and at the end, with nothing or a letter between.
    fn has_plain_text(&self, alphabet: Alphabet) -> bool {
        fn unfolded(atom: &Atom) -> &Atom {
            match atom {
                Atom::Folded(inner) => inner,
                _ => atom,
            }
        }
        let wanted = || self.terms.iter().filter(|term| !term.negated).map(|term| unfolded(&term.atom));
        let prefix = wanted().map(Atom::literal_prefix).max_by_key(|text| text.len()).unwrap_or("");
        let suffix = wanted().find_map(|atom| match atom {
            Atom::Suffix(text) => Some(&**text),
            _ => None,
        });
        let mut text = Vec::with_capacity(64);
        ["", "a"].into_iter().any(|between| {
            text.clear();
            [prefix, between, suffix.unwrap_or("")].iter().for_each(|part| text.extend_from_slice(part.as_bytes()));
            alphabet.spell(&text) && self.accepts(&text)
        })
    }

    /// Whether two terms share nothing, as far as that can be seen without a walk: the commonest question of all.
    fn is_contradiction(&self) -> bool {
        let wanted = || self.terms.iter().filter(|term| !term.negated);
        let excludes = |one: &Term, other: &Term| {
            other.atom.is_same(&one.atom) && other.negated
                || match (head(&one.atom), &other.atom) {
                    (Some(text), Atom::Prefix(prefix)) if other.negated => {
                        !matches!(one.atom, Atom::Folded(_)) && text.starts_with(prefix.as_bytes())
                    }
                    (Some(_), _) if !other.negated => parted(&one.atom, &other.atom),
                    _ => false,
                }
        };
        wanted().any(|one| self.terms.iter().any(|other| excludes(one, other)))
    }

    /// Walks the product of the terms, breadth first.
    fn search(&self, alphabet: Alphabet, budget: &mut Budget) -> Result<Option<Vec<u8>>, Undecided> {
        let letters = self.letters(alphabet);
        let mut at: Vec<State> = self.terms.iter().map(|term| term.atom.start()).collect();
        let mut text = Vec::new();
        if self.is_hopeless(&at) {
            return Ok(None);
        }
        // As long as a term says which letter comes next, there is one way only.
        while let Some(letter) = self.forced(text.len()) {
            budget.spend(letters.len())?;
            self.terms.iter().zip(&mut at).for_each(|(term, state)| *state = term.atom.step(*state, letter));
            if !letters.contains(&letter) || self.is_hopeless(&at) {
                return Ok(None);
            }
            text.push(letter);
        }
        if self.is_final(&at) {
            return Ok(Some(text));
        }
        let start: Box<[State]> = at.into();
        let mut next = Vec::with_capacity(start.len());
        let mut states: Vec<Reached> = vec![(start.clone(), None)];
        let mut known = FxHashSet::from_iter([start]);
        let mut queue = VecDeque::from([0_usize]);
        while let Some(at) = queue.pop_front() {
            if self.is_final(&states[at].0) {
                text.extend(spell(&states, at));
                return Ok(Some(text));
            }
            budget.spend(letters.len())?;
            for &letter in &letters {
                next.clear();
                next.extend(self.terms.iter().zip(&states[at].0).map(|(term, state)| term.atom.step(*state, letter)));
                if self.is_hopeless(&next) || known.contains(&*next) {
                    continue;
                }
                known.insert(next.as_slice().into());
                queue.push_back(states.len());
                states.push((next.as_slice().into(), Some((at, letter))));
            }
        }
        Ok(None)
    }

    /// The only byte that may stand at an index of an accepted text, where a term begins with that text.
    fn forced(&self, index: usize) -> Option<u8> {
        let mut wanted = self.terms.iter().filter(|term| !term.negated);
        wanted.find_map(|term| term.atom.literal_prefix().as_bytes().get(index).copied())
    }

    /// One byte for each class of bytes that no term tells apart, the preferred one.
    fn letters(&self, alphabet: Alphabet) -> Vec<u8> {
        let mut own = [false; 256];
        // Terms that are made of text tell their own bytes from all others.
        let others: Vec<_> = self.terms.iter().filter(|term| !term.atom.mark(&mut own)).collect();
        let (mut met, mut classes) = ([false; 256], Vec::<Vec<(u8, u8)>>::new());
        let mut is_new = |byte: u8| {
            if own[usize::from(byte)] {
                return true;
            }
            if let [only] = others[..] {
                // Of one atom, either half of the class is always 0.
                let (text, machine) = only.atom.class(byte);
                return !std::mem::replace(&mut met[usize::from(text | machine)], true);
            }
            let class = || others.iter().map(|term| term.atom.class(byte));
            let is_new = !classes.iter().any(|known| known.iter().copied().eq(class()));
            if is_new {
                classes.push(class().collect());
            }
            is_new
        };
        alphabet.all.iter().copied().filter(|byte| is_new(*byte)).collect()
    }

    fn is_final(&self, states: &[State]) -> bool {
        self.terms.iter().zip(states).all(|(term, state)| term.atom.is_final(*state) != term.negated)
    }

    /// Whether no continuation can be accepted: a term is dead, or one whose opposite is asked accepts whatever follows.
    fn is_hopeless(&self, states: &[State]) -> bool {
        let is_lost = |(term, state): (&&Term, &State)| match term.negated {
            false => *state == DEAD,
            true => term.atom.accepts_all(*state),
        };
        self.terms.iter().zip(states).any(is_lost)
    }
}

/// Whether what two atoms begin with differs.
fn parted(one: &Atom, other: &Atom) -> bool {
    let (Some(a), Some(b)) = (head(one), head(other)) else { return false };
    let is_folded = matches!(one, Atom::Folded(_)) || matches!(other, Atom::Folded(_));
    let differ = |(a, b): (&u8, &u8)| a != b && !(is_folded && a.eq_ignore_ascii_case(b));
    a.iter().zip(b).any(differ)
}

/// The text that an atom made of text begins with, in whatever case.
fn head(atom: &Atom) -> Option<&[u8]> {
    match atom {
        Atom::Exact(text) | Atom::Prefix(text) | Atom::Segment(text) => Some(text.as_bytes()),
        Atom::Folded(inner) => head(inner),
        _ => None,
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
