//! Tables of routes: who answers, who never does, and where nothing says who does.

mod forest;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use forest::Forest;

use super::budget::{Budget, Undecided};
use super::rank::{Precedence, Rank};
use super::request::{Dimension, Request};
use super::set::{Cube, RequestSet};

/// One route of a table.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The requests that it matches.
    pub set: RequestSet,
    /// Its place among the others.
    pub rank: Rank,
    /// The routes that it is compared with.
    pub realm: Realm,
}

/// Only routes of one realm are compared: where hosts may form tables of their own, a claim about routes of
/// different hosts would hold in one reading of the documents and not in the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Realm {
    /// What is spoken on the listener that the route is for.
    pub protocol: Box<str>,
    /// The port of that listener, where it is known.
    pub port: Option<i64>,
    /// The condition on the host, as text.
    pub host: Box<str>,
}

impl Realm {
    /// Whether routes of two realms may get requests of one listener.
    fn shares_listener(&self, other: &Self) -> bool {
        let is_one = self.port.is_none() || other.port.is_none() || self.port == other.port;
        self.protocol == other.protocol && is_one
    }
}

/// Routes with a partial order of precedence.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// They never change, and neither does what is found out about them below.
    entries: Vec<Entry>,
    /// Entries by realm and by the text that all their paths begin with.
    by_realm: OnceLock<Realms>,
    /// Entries of whatever realm by the same text.
    by_path: OnceLock<Forest>,
}

/// The entries of each realm, by the text that all their paths begin with.
#[derive(Clone, Debug)]
struct Realms {
    /// By entry: the number of its realm.
    numbers: Vec<u32>,
    forest: Forest,
}

/// Why a route never answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadow {
    /// The routes that are tried before it and answer all of its requests; none of them can be left out.
    pub by: Vec<usize>,
    /// A request that it matches, and one of them answers.
    pub witness: Request,
}

/// What routes leave over of a set.
struct Rest {
    /// A request that none of them matches; `None` where the rest has none that every proxy takes as it is.
    request: Option<Request>,
    /// The routes that were taken out.
    taken: Vec<usize>,
    /// What is left without these.
    set: RequestSet,
}

impl Table {
    /// A table of routes, in any order.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries, ..Self::default() }
    }

    fn by_realm(&self) -> &Realms {
        self.by_realm.get_or_init(|| {
            let mut known: FxHashMap<&Realm, u32> = FxHashMap::default();
            let number = |entry| {
                let next = u32::try_from(known.len()).expect("fewer realms than routes");
                *known.entry(entry).or_insert(next)
            };
            let numbers: Vec<_> = self.entries.iter().map(|entry| &entry.realm).map(number).collect();
            let keys = numbers.iter().copied().zip(self.entries.iter().map(|entry| literal(&entry.set)));
            Realms { forest: Forest::new(keys), numbers }
        })
    }

    /// The routes.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Which of two routes is tried first.
    #[must_use]
    pub fn order(&self, a: usize, b: usize) -> Precedence {
        self.entries[a].rank.against(self.entries[b].rank)
    }

    /// The routes among some that match a request and are not certainly tried after another that does: one where
    /// the answer is certain.
    #[must_use]
    pub fn answers(&self, request: &Request, among: impl Fn(usize) -> bool) -> Vec<usize> {
        let request = &filled(request);
        let path = request.get(&Dimension::Path).unwrap_or_default();
        let here = self.beginning(path).into_iter().filter(|at| among(*at));
        let matching: Vec<_> = here.filter(|at| self.entries[*at].set.accepts(request)).collect();
        let beaten = |at: usize| matching.iter().any(|other| self.order(*other, at) == Precedence::Before);
        matching.iter().copied().filter(|at| !beaten(*at)).collect()
    }

    /// Whether a route matches a request, or does where the request gets something in a dimension in which it has nothing
    /// and needs something.
    #[must_use]
    pub fn may_answer(&self, at: usize, request: &Request) -> bool {
        self.may_take(at, &filled(request))
    }

    /// Whether the paths of two routes, of whatever realm, may be the same.
    #[must_use]
    pub fn may_meet(&self, a: usize, b: usize) -> bool {
        let (a, b) = (literal(&self.entries[a].set), literal(&self.entries[b].set));
        a.starts_with(b) || b.starts_with(a)
    }

    /// Whether a route matches a request, or does once it has something in a dimension where nothing is said. Looking for
    /// the bytes that all of its paths hold is cheaper than its automaton.
    fn may_take(&self, at: usize, request: &Request) -> bool {
        let set = &self.entries[at].set;
        let path = request.get(&Dimension::Path).unwrap_or_default();
        let may_be = |cube: &Cube| memchr::memmem::find(path, cube.path_needle()).is_some();
        set.cubes.iter().any(may_be) && set.may_accept(request)
    }

    /// The routes, of whatever realm, whose text a path begins with, in order: no other matches it.
    #[must_use]
    pub fn beginning(&self, path: &[u8]) -> Vec<usize> {
        let text = |at: usize| literal(&self.entries[at].set);
        let forest = self.by_path.get_or_init(|| Forest::new((0..self.entries.len()).map(|at| (0, text(at)))));
        forest.beginning(path, text)
    }

    /// The routes of the same realm that a route may meet, in order.
    #[must_use]
    pub fn neighbours(&self, at: usize) -> Vec<usize> {
        if self.entries.len() < 2 {
            return Vec::new();
        }
        let realms = self.by_realm();
        realms.forest.neighbours(at, |at| (realms.numbers[at], literal(&self.entries[at].set)))
    }

    /// Why a route never answers: routes that are certainly tried before it match all of its requests.
    /// `None` when it may answer, and for a route that matches nothing at all.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn shadow(&self, at: usize, budget: &mut Budget) -> Result<Option<Shadow>, Undecided> {
        let set = &self.entries[at].set;
        let mut before = self.neighbours(at);
        before.retain(|other| self.order(*other, at) == Precedence::Before);
        if before.is_empty() {
            return Ok(None);
        }
        let Some(witness) = set.witness(budget)? else { return Ok(None) };
        let known = filled(&witness);
        let taking: Vec<_> = before.iter().copied().filter(|other| self.may_take(*other, &known)).collect();
        // Most routes answer something at once.
        if taking.is_empty() {
            return Ok(None);
        }
        for other in taking {
            if self.entries[other].set.accepts(&known) && self.covers(at, &[other], budget)? {
                return Ok(Some(Shadow { by: vec![other], witness }));
            }
        }
        let rest = self.outside(set.clone(), &before, budget)?;
        if rest.request.is_some() {
            return Ok(None);
        }
        // Of what no request shows, the routes that take it are not found by one.
        if rest.set.is_empty(budget)? {
            before = rest.taken;
            before.sort_unstable();
        } else if !self.covers(at, &before, budget)? {
            return Ok(None);
        }
        // What is left when one is taken away shows who is needed.
        for candidate in before.clone() {
            let fewer: Vec<_> = before.iter().copied().filter(|other| *other != candidate).collect();
            if self.covers(at, &fewer, budget)? {
                before = fewer;
            }
        }
        Ok(Some(Shadow { by: before, witness }))
    }

    /// Whether two routes match exactly the same requests, and any at all.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn is_equal(&self, a: usize, b: usize, budget: &mut Budget) -> Result<bool, Undecided> {
        let (a, b) = (&self.entries[a].set, &self.entries[b].set);
        // A request of one that the other does not match says it at once, of most.
        for (one, other) in [(a, b), (b, a)] {
            let Some(witness) = one.witness(budget)? else { return Ok(false) };
            if !other.may_accept(&filled(&witness)) {
                return Ok(false);
            }
        }
        let lacks = |one: &RequestSet, other: &RequestSet, budget: &mut Budget| {
            Ok(!one.minus(other, budget)?.is_empty(budget)?)
        };
        Ok(!lacks(a, b, budget)? && !lacks(b, a, budget)?)
    }

    fn covers(&self, at: usize, others: &[usize], budget: &mut Budget) -> Result<bool, Undecided> {
        let others = others.iter().map(|other| &self.entries[*other].set);
        Ok(self.entries[at].set.uncovered(others, budget)?.cubes.is_empty())
    }

    /// What some routes leave over of a set, as far as a request can show it. Only those are taken out of the set that
    /// match a request which is found in it: of many routes, few do.
    fn outside(&self, mut set: RequestSet, others: &[usize], budget: &mut Budget) -> Result<Rest, Undecided> {
        let mut taken = Vec::new();
        while let Some(witness) = set.witness(budget)? {
            let request = filled(&witness);
            budget.spend(others.len())?;
            let taking = others.iter().find(|other| !taken.contains(*other) && self.may_take(**other, &request));
            let Some(taking) = taking else { return Ok(Rest { request: Some(witness), taken, set }) };
            taken.push(*taking);
            set = set.minus(&self.entries[*taking].set, budget)?;
        }
        Ok(Rest { request: None, taken, set })
    }

    /// A request that two routes match, that no route takes which is certainly tried before either, and for which nothing
    /// says which of the two answers.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn contest(&self, a: usize, b: usize, budget: &mut Budget) -> Result<Option<Request>, Undecided> {
        if self.order(a, b) != Precedence::Unspecified {
            return Ok(None);
        }
        let both = self.entries[a].set.and(&self.entries[b].set);
        if both.witness(budget)?.is_none() {
            return Ok(None);
        }
        let mut before = [self.neighbours(a), self.neighbours(b)].concat();
        before.sort_unstable();
        before.dedup();
        let wins = |other: &usize| [a, b].iter().any(|at| self.order(*other, *at) == Precedence::Before);
        before.retain(wins);
        let Some(request) = self.outside(both.clone(), &before, budget)?.request else { return Ok(None) };
        // Few routes are looked at first; any other may take the request, too.
        let rivals = self.rivals(a, b);
        budget.spend(rivals.len())?;
        let known = filled(&request);
        if !rivals.iter().any(|other| self.may_take(*other, &known)) {
            return Ok(Some(request));
        }
        Ok(self.outside(both, &rivals, budget)?.request)
    }

    /// The routes that take requests before two others, or may: one of another host does in one of the readings.
    fn rivals(&self, a: usize, b: usize) -> Vec<usize> {
        let realm = &self.entries[a].realm;
        let takes = |other: &usize| {
            let rival = &self.entries[*other];
            let order = |at: &usize| self.order(*other, *at);
            // A route for any host that comes after both is asked before neither: not where hosts share a table, and
            // where they do not, the table of the host is asked and no other.
            let comes_last = || rival.realm.host.is_empty() && [a, b].iter().all(|at| order(at) == Precedence::After);
            let may_come_first = match rival.realm == *realm {
                true => [a, b].iter().any(|at| order(at) == Precedence::Before),
                false => !comes_last(),
            };
            rival.realm.shares_listener(realm) && may_come_first
        };
        (0..self.entries.len()).filter(|other| *other != a && *other != b).filter(takes).collect()
    }
}

/// A request with what stands for any path, any method and any scheme, where it has none.
fn filled(request: &Request) -> Request {
    let mut request = request.clone();
    request.values.entry(Dimension::Path).or_insert_with(|| b"/".to_vec());
    request.values.entry(Dimension::Method).or_insert_with(|| b"GET".to_vec());
    request.values.entry(Dimension::Scheme).or_insert_with(|| b"http".to_vec());
    request
}

/// Text that the paths of all requests of a set begin with.
fn literal(set: &RequestSet) -> &str {
    let mut cubes = set.cubes.iter().map(Cube::path_literal);
    let first = cubes.next().unwrap_or("");
    cubes.fold(first, |shared, other| {
        let length = shared.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        let length = (0..=length).rev().find(|end| shared.is_char_boundary(*end)).unwrap_or(0);
        &shared[..length]
    })
}

#[cfg(test)]
mod tests;
