//! Tables of routes: who answers, who never does, and where nothing says who does.

use rustc_hash::FxHashMap;

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
    entries: Vec<Entry>,
    /// Entries by realm and by the text that all their paths begin with: two routes can only meet where one
    /// of these texts begins with the other.
    by_literal: FxHashMap<(Realm, Box<str>), Vec<usize>>,
    /// The same in order, to find what begins with a text.
    sorted: Vec<(Realm, Box<str>, usize)>,
}

/// Why a route never answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadow {
    /// The routes that are tried before it and answer all of its requests; none of them can be left out.
    pub by: Vec<usize>,
    /// A request that it matches, and one of them answers.
    pub witness: Request,
}

/// How many routes below a path are looked at: a route is covered by narrower ones only where few of them
/// leave nothing over, as regexes can.
const MAX_BELOW: usize = 64;

/// How many routes that nobody looked at before are taken away from a contested set, one by one.
const MAX_RIVALS: usize = 32;

impl Table {
    /// A table of routes, in any order.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut table = Self { entries, ..Self::default() };
        for (at, entry) in table.entries.iter().enumerate() {
            let literal: Box<str> = literal(&entry.set).into();
            table.by_literal.entry((entry.realm.clone(), literal.clone())).or_default().push(at);
            table.sorted.push((entry.realm.clone(), literal, at));
        }
        table.sorted.sort_unstable();
        table
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
        let here = (0..self.entries.len()).filter(|at| among(*at));
        let matching: Vec<_> = here.filter(|at| self.entries[*at].set.accepts(request)).collect();
        let beaten = |at: usize| matching.iter().any(|other| self.order(*other, at) == Precedence::Before);
        matching.iter().copied().filter(|at| !beaten(*at)).collect()
    }

    /// The routes of the same realm that a route may meet, in order.
    #[must_use]
    pub fn neighbours(&self, at: usize) -> Vec<usize> {
        let entry = &self.entries[at];
        let literal = literal(&entry.set);
        let mut out = Vec::new();
        for end in (0..=literal.len()).filter(|end| literal.is_char_boundary(*end)) {
            let key = (entry.realm.clone(), literal[..end].into());
            out.extend(self.by_literal.get(&key).into_iter().flatten().copied());
        }
        let from = self.sorted.partition_point(|(realm, text, _)| (realm, &**text) <= (&entry.realm, literal));
        let below = self.sorted[from..]
            .iter()
            .take_while(|(realm, text, _)| *realm == entry.realm && text.starts_with(literal));
        out.extend(below.take(MAX_BELOW).map(|(.., other)| *other));
        out.retain(|other| *other != at);
        out.sort_unstable();
        out
    }

    /// Why a route never answers: routes that are certainly tried before it match all of its requests.
    /// `None` when it may answer, and for a route that matches nothing at all.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn shadow(&self, at: usize, budget: &mut Budget) -> Result<Option<Shadow>, Undecided> {
        let set = &self.entries[at].set;
        let Some(witness) = set.witness(budget)? else { return Ok(None) };
        let mut before: Vec<_> =
            self.neighbours(at).into_iter().filter(|other| self.order(*other, at) == Precedence::Before).collect();
        for &other in &before {
            if self.entries[other].set.accepts(&filled(&witness)) && self.covers(at, &[other], budget)? {
                return Ok(Some(Shadow { by: vec![other], witness }));
            }
        }
        if before.len() < 2 || !self.covers(at, &before, budget)? {
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
        let lacks = |one: &RequestSet, other: &RequestSet, budget: &mut Budget| {
            Ok(!one.minus(other, budget)?.is_empty(budget)?)
        };
        Ok(!lacks(a, b, budget)? && !lacks(b, a, budget)? && a.witness(budget)?.is_some())
    }

    fn covers(&self, at: usize, others: &[usize], budget: &mut Budget) -> Result<bool, Undecided> {
        let others = others.iter().map(|other| &self.entries[*other].set);
        Ok(self.entries[at].set.uncovered(others, budget)?.cubes.is_empty())
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
        let before = before.iter().filter(|other| wins(other)).map(|other| &self.entries[*other].set);
        let mut left = both.uncovered(before, budget)?;
        for _ in 0..MAX_RIVALS {
            let Some(request) = left.witness(budget)? else { return Ok(None) };
            let Some(rival) = self.rival(a, b, &request) else { return Ok(Some(request)) };
            left = left.minus(&self.entries[rival].set, budget)?;
        }
        Err(Undecided)
    }

    /// A route that takes a request before two others, or may: one of another host does in one of the readings.
    fn rival(&self, a: usize, b: usize, request: &Request) -> Option<usize> {
        let realm = &self.entries[a].realm;
        let request = &filled(request);
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
            rival.realm.shares_listener(realm) && may_come_first && rival.set.accepts(request)
        };
        (0..self.entries.len()).filter(|other| *other != a && *other != b).find(takes)
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
mod tests {
    use std::sync::Arc;

    use super::super::{Atom, Automaton, Values};
    use super::*;

    fn entry(path: Atom, tier: u32) -> Entry {
        let set = RequestSet::of(Cube::all().with(Dimension::Path, Values::of(path)));
        Entry { set, rank: Rank::Tier { least: tier, greatest: tier, length: None }, realm: Realm::default() }
    }

    fn regex(pattern: &str) -> Atom {
        Atom::Regex(Arc::new(Automaton::of(pattern).unwrap()))
    }

    fn contest(table: &Table) -> Result<Option<Request>, Undecided> {
        table.contest(0, 1, &mut Budget::default())
    }

    /// Two routes of one tier that match `/aa` to `/dt`, and behind them exact ones for the paths of some letters.
    fn with_exact(letters: &str) -> Table {
        let mut entries = vec![entry(regex("/[a-d][a-t]"), 2), entry(regex("/[a-z][a-t]"), 2)];
        let ends = || ('a'..='t').map(String::from);
        let paths = letters.chars().flat_map(|first| ends().map(move |end| format!("/{first}{end}")));
        entries.extend(paths.map(|path| entry(Atom::Exact(path.into()), 1)));
        Table::new(entries)
    }

    #[test]
    fn what_many_narrower_routes_take_is_not_contested() {
        const { assert!(MAX_BELOW < 80, "more narrower routes than are looked at") };
        assert_eq!(contest(&with_exact("abcd")), Ok(None));
        let left = contest(&with_exact("abc")).unwrap().unwrap();
        assert!(left.get(&Dimension::Path).unwrap().starts_with(b"/d"));
    }

    #[test]
    fn more_rivals_than_are_taken_away_leave_it_undecided() {
        let mut entries = vec![entry(regex("/[a-z]+"), 2), entry(regex("/[a-z]*"), 2)];
        let paths = ('a'..='z').flat_map(|first| ('a'..='z').map(move |end| format!("/{first}{end}")));
        entries.extend(('a'..='z').map(|path| entry(Atom::Exact(format!("/{path}").into()), 1)));
        entries.extend(paths.map(|path| entry(Atom::Exact(path.into()), 1)));
        assert_eq!(contest(&Table::new(entries)), Err(Undecided));
    }

    #[test]
    fn a_route_of_another_host_may_take_what_seems_contested() {
        let host = |mut one: Entry, host: &str, port: i64| {
            one.realm = Realm { protocol: "http".into(), port: Some(port), host: host.into() };
            one
        };
        let pair = |port| [regex("/[a-d]"), regex("/[a-z]")].map(|path| host(entry(path, 2), "suffix .example", port));
        let table = |port, tier| {
            let other = host(entry(regex("/[a-d]"), tier), "", 80);
            Table::new(pair(port).into_iter().chain([other]).collect())
        };
        assert_eq!(contest(&table(80, 2)), Ok(None));
        assert!(contest(&table(81, 2)).unwrap().is_some(), "it answers on another port");
        assert!(contest(&table(80, 5)).unwrap().is_some(), "it comes after both");
    }
}
