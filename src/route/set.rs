//! Sets of requests: unions of boxes, each a conjunction over dimensions.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::LazyLock;

use super::atom::Atom;
use super::budget::{Budget, Undecided};
use super::lang::{Lang, Term};
use super::request::{Dimension, Request, Values};

/// The requests that are allowed in every dimension. A dimension that is not listed allows everything.
#[derive(Clone, Debug, Default)]
pub struct Cube {
    dimensions: BTreeMap<Dimension, Values>,
}

/// A set of requests: the union of its cubes. Without cubes it is empty.
#[derive(Clone, Debug, Default)]
pub struct RequestSet {
    /// The cubes.
    pub cubes: Vec<Cube>,
}

impl Cube {
    /// Every request.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Narrows a dimension.
    #[must_use]
    pub fn with(mut self, dimension: Dimension, values: Values) -> Self {
        self.narrow(dimension, &values);
        self
    }

    /// Narrows a dimension.
    pub fn narrow(&mut self, dimension: Dimension, values: &Values) {
        match self.dimensions.entry(dimension) {
            Entry::Vacant(entry) => {
                let absent = values.absent && entry.key().is_optional();
                entry.insert(Values { absent, present: values.present.clone() });
            }
            Entry::Occupied(mut entry) => {
                let both = entry.get().and(values);
                entry.insert(both);
            }
        }
    }

    /// The dimensions that are narrowed.
    pub fn dimensions(&self) -> impl Iterator<Item = (&Dimension, &Values)> {
        self.dimensions.iter()
    }

    /// What is allowed in a dimension.
    #[must_use]
    pub fn values(&self, dimension: &Dimension) -> Values {
        self.dimensions.get(dimension).cloned().unwrap_or_else(|| Values::any(dimension))
    }

    /// Text that the path of every request in it begins with.
    #[must_use]
    pub fn path_literal(&self) -> &str {
        let path = self.dimensions.get(&Dimension::Path).and_then(|values| values.present.as_ref());
        let wanted = path.map(Lang::terms).unwrap_or_default().iter().filter(|term| !term.negated);
        wanted.map(|term| term.atom.literal_prefix()).max_by_key(|text| text.len()).unwrap_or("")
    }

    /// Bytes that the paths of all of its requests hold.
    pub(super) fn path_needle(&self) -> &[u8] {
        let path = self.dimensions.get(&Dimension::Path).and_then(|values| values.present.as_ref());
        let wanted = path.map(Lang::terms).unwrap_or_default().iter().filter(|term| !term.negated);
        wanted.map(|term| term.atom.needle()).max_by_key(|bytes| bytes.len()).unwrap_or_default()
    }

    /// The requests of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        other.dimensions.iter().for_each(|(dimension, values)| both.narrow(dimension.clone(), values));
        both
    }

    /// Whether a request is in it.
    #[must_use]
    pub fn accepts(&self, request: &Request) -> bool {
        self.dimensions.iter().all(|(dimension, values)| values.accepts(request.get(dimension)))
    }

    /// A request in it, the shortest in every dimension, with nothing where nothing is allowed; `None` when it has none
    /// that every proxy takes as it is, whatever its settings. It is not empty for that: see [`Self::is_empty`].
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn witness(&self, budget: &mut Budget) -> Result<Option<Request>, Undecided> {
        let mut request = Request::default();
        for (dimension, values) in &self.dimensions {
            if values.absent {
                continue;
            }
            let Some(text) = text_of(dimension, values, budget)? else { return Ok(None) };
            request.values.insert(dimension.clone(), text);
        }
        Ok(Some(request))
    }

    /// Whether no request is in it.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn is_empty(&self, budget: &mut Budget) -> Result<bool, Undecided> {
        for (dimension, values) in &self.dimensions {
            if is_void(dimension, values, budget)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether no request is in both. Where both narrow a dimension, they part ways soonest.
    fn is_apart(&self, other: &Self, budget: &mut Budget) -> Result<bool, Undecided> {
        let shared = |(dimension, values)| Some((dimension, other.dimensions.get(dimension)?.and(values)));
        for (dimension, values) in self.dimensions.iter().filter_map(shared) {
            if is_void(dimension, &values, budget)? {
                return Ok(true);
            }
        }
        for (one, against) in [(self, other), (other, self)] {
            for (dimension, values) in &one.dimensions {
                if !against.dimensions.contains_key(dimension) && is_void(dimension, values, budget)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// What is left of it without the requests of another: cubes that share no request, none empty.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn minus(&self, other: &Self, budget: &mut Budget) -> Result<Vec<Self>, Undecided> {
        if self.is_apart(other, budget)? {
            return Ok(vec![self.clone()]);
        }
        let mut left = Vec::new();
        let mut inside = self.clone();
        for (dimension, values) in &other.dimensions {
            let known = inside.values(dimension);
            for outside in opposite(dimension, values) {
                // In every other dimension there is something: some requests are in both.
                let piece = known.and(&outside);
                if !is_void(dimension, &piece, budget)? {
                    let mut cube = inside.clone();
                    cube.dimensions.insert(dimension.clone(), piece);
                    left.push(cube);
                }
            }
            inside.narrow(dimension.clone(), values);
        }
        Ok(left)
    }
}

/// The words that a dimension knows, the plainest first; none where it takes any text.
const fn words(dimension: &Dimension) -> &'static [&'static str] {
    match dimension {
        Dimension::Method => &METHODS,
        Dimension::Scheme => &SCHEMES,
        _ => &[],
    }
}

/// The shortest text that is allowed in a dimension, in requests that no proxy changes before it looks for a route.
fn text_of(dimension: &Dimension, values: &Values, budget: &mut Budget) -> Result<Option<Vec<u8>>, Undecided> {
    let Some(lang) = &values.present else { return Ok(None) };
    match words(dimension) {
        [] => lang.witness_among(plain_ground(dimension), dimension.plain(), budget),
        words => Ok(word_of(words, lang, budget)?.map(|word| word.as_bytes().to_vec())),
    }
}

/// The plainest of some words that is accepted.
fn word_of(words: &[&'static str], lang: &Lang, budget: &mut Budget) -> Result<Option<&'static str>, Undecided> {
    budget.spend(words.len())?;
    Ok(words.iter().copied().find(|word| lang.accepts(word.as_bytes())))
}

/// Whether a dimension allows neither a text nor nothing.
fn is_void(dimension: &Dimension, values: &Values, budget: &mut Budget) -> Result<bool, Undecided> {
    if values.absent {
        return Ok(false);
    }
    let Some(lang) = &values.present else { return Ok(true) };
    match words(dimension) {
        [] => lang.is_void_among(ground(dimension), dimension.alphabet(), budget),
        words => Ok(word_of(words, lang, budget)?.is_none()),
    }
}

/// The methods of requests, the plainest first. Any other word is refused before a route is looked for, and `CONNECT`
/// names no path, so that no route for a path takes it (measured on Envoy 1.36 to 1.40).
const METHODS: [&str; 8] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"];
/// The schemes of requests.
const SCHEMES: [&str; 2] = ["http", "https"];

/// What a dimension has by its nature: a path begins with a slash, a host with a letter or a digit, and blanks
/// around the value of a header are gone before it is matched.
fn ground(dimension: &Dimension) -> &'static [Term] {
    fn not(atoms: &[Atom]) -> Vec<Term> {
        atoms.iter().map(|atom| Term { atom: atom.clone(), negated: true }).collect()
    }
    fn prefix(text: &str) -> Atom {
        Atom::Prefix(text.into())
    }
    static PATH: LazyLock<Vec<Term>> = LazyLock::new(|| vec![Term { atom: prefix("/"), negated: false }]);
    static HEADER: LazyLock<Vec<Term>> = LazyLock::new(|| not(&[prefix(" "), Atom::Suffix(" ".into())]));
    static HOST: LazyLock<Vec<Term>> =
        LazyLock::new(|| not(&[Atom::Exact("".into()), prefix("."), prefix("-"), prefix("_")]));
    static WORD: LazyLock<Vec<Term>> = LazyLock::new(|| not(&[Atom::Exact("".into())]));
    match dimension {
        Dimension::Path => &PATH,
        Dimension::Query(_) => &[],
        Dimension::Header(_) => &HEADER,
        Dimension::Host => &HOST,
        _ => &WORD,
    }
}

/// The same, and what a dimension has in a request that no proxy changes: nothing in a path is to be set straight.
fn plain_ground(dimension: &Dimension) -> &'static [Term] {
    static PATH: LazyLock<Vec<Term>> =
        LazyLock::new(|| [ground(&Dimension::Path), &[Term { atom: Atom::Crooked, negated: true }]].concat());
    match dimension {
        Dimension::Path => &PATH,
        _ => ground(dimension),
    }
}

/// The values that are not allowed, as parts that share nothing.
fn opposite(dimension: &Dimension, values: &Values) -> Vec<Values> {
    let mut parts = Vec::new();
    if dimension.is_optional() && !values.absent {
        parts.push(Values::absent());
    }
    match &values.present {
        None => parts.push(Values::present()),
        Some(lang) => {
            let mut before = Lang::all();
            for term in lang.terms() {
                parts.push(Values::of(before.with(Term { atom: term.atom.clone(), negated: !term.negated })));
                before = before.with(term.clone());
            }
        }
    }
    parts
}

/// How many cubes a difference may fall into before it is given up.
const MAX_CUBES: usize = 256;

impl RequestSet {
    /// The set of one cube.
    #[must_use]
    pub fn of(cube: Cube) -> Self {
        Self { cubes: vec![cube] }
    }

    /// The requests of either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self { cubes: [&*self.cubes, &*other.cubes].concat() }
    }

    /// The requests of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let pairs = self.cubes.iter().flat_map(|a| other.cubes.iter().map(move |b| a.and(b)));
        Self { cubes: pairs.collect() }
    }

    /// Whether a request is in it.
    #[must_use]
    pub fn accepts(&self, request: &Request) -> bool {
        self.cubes.iter().any(|cube| cube.accepts(request))
    }

    /// Whether a request is in it, or becomes one that is when it gets something in a dimension where it has to have
    /// something and nothing is said.
    #[must_use]
    pub(super) fn may_accept(&self, request: &Request) -> bool {
        let is_open = |dimension: &Dimension| !dimension.is_optional() && request.get(dimension).is_none();
        let takes = |cube: &Cube| {
            let mut all = cube.dimensions();
            all.all(|(dimension, values)| is_open(dimension) || values.accepts(request.get(dimension)))
        };
        self.cubes.iter().any(takes)
    }

    /// Whether no request is in it.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn is_empty(&self, budget: &mut Budget) -> Result<bool, Undecided> {
        for cube in &self.cubes {
            if !cube.is_empty(budget)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A request in it, from the first cube that has one; `None` when it has none that every proxy takes as it is.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn witness(&self, budget: &mut Budget) -> Result<Option<Request>, Undecided> {
        for cube in &self.cubes {
            if let Some(request) = cube.witness(budget)? {
                return Ok(Some(request));
            }
        }
        Ok(None)
    }

    /// What is left of it without the requests of another.
    ///
    /// # Errors
    /// When the budget ends before that is known, or the rest falls into too many pieces.
    pub fn minus(&self, other: &Self, budget: &mut Budget) -> Result<Self, Undecided> {
        let mut left = self.cubes.clone();
        for cube in &other.cubes {
            let mut next = Vec::with_capacity(left.len());
            for piece in &left {
                next.extend(piece.minus(cube, budget)?);
            }
            if next.len() > MAX_CUBES {
                return Err(Undecided);
            }
            left = next;
        }
        Ok(Self { cubes: left })
    }

    /// Whether it plainly asks for nothing but a path that begins with a slash, as every path does: easily seen, so that
    /// `false` says nothing.
    #[must_use]
    pub fn takes_every_path(&self) -> bool {
        let is_slash = |term: &Term| !term.negated && matches!(&term.atom, Atom::Prefix(text) if &**text == "/");
        let is_open = |values: &Values| values.present.as_ref().is_some_and(|path| path.terms().iter().all(is_slash));
        let takes =
            |cube: &Cube| cube.dimensions().all(|(dimension, values)| *dimension == Dimension::Path && is_open(values));
        self.cubes.iter().any(takes)
    }

    /// What is left of it without the union of others: empty when they cover it.
    ///
    /// # Errors
    /// When the budget ends before that is known, or the rest falls into too many pieces.
    pub fn uncovered<'s>(
        &self,
        others: impl IntoIterator<Item = &'s Self>,
        budget: &mut Budget,
    ) -> Result<Self, Undecided> {
        let mut left = self.clone();
        for other in others {
            if left.cubes.is_empty() {
                break;
            }
            left = left.minus(other, budget)?;
        }
        left.cubes.retain(|cube| !matches!(cube.is_empty(budget), Ok(true)));
        Ok(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn witness(dimension: &Dimension, values: Values) -> Option<String> {
        let cube = Cube::all().with(dimension.clone(), values);
        let request = cube.witness(&mut Budget::default()).unwrap()?;
        Some(String::from_utf8(request.get(dimension).unwrap_or_default().to_vec()).unwrap())
    }

    #[test]
    fn hosts_are_compared_without_case_where_they_are_folded() {
        let both = |a: Atom, b: Atom| witness(&Dimension::Host, Values::of(a).and(&Values::of(b)));
        let exact = |text: &str| Atom::Exact(text.into());
        assert_eq!(both(exact("A.Test").folded(), Atom::Suffix(".test".into())).as_deref(), Some("a.test"));
        assert_eq!(both(exact("A.Test").folded(), exact("a.test")).as_deref(), Some("a.test"));
        assert_eq!(both(exact("a.test").folded(), Atom::Prefix("b".into()).folded()), None);
        // Whoever calls writes hosts small, so that nothing is proved by capitals.
        assert_eq!(both(exact("a.test").folded(), exact("A.test")), None);
        let set = RequestSet::of(Cube::all().with(Dimension::Host, Values::of(exact("A.Test").folded())));
        let mut request = Request::default();
        request.values.insert(Dimension::Host, b"a.tEST".to_vec());
        assert!(set.accepts(&request));
    }

    #[test]
    fn witnesses_are_requests_that_reach_a_route() {
        let suffix = Values::of(Atom::Suffix(".shop.example".into()));
        assert_eq!(witness(&Dimension::Host, suffix).as_deref(), Some("a.shop.example"));
        let not_get = Values::of(Lang::except(Atom::Exact("GET".into())));
        assert_eq!(witness(&Dimension::Method, not_get).as_deref(), Some("POST"));
        assert_eq!(witness(&Dimension::Method, Values::of(Atom::Exact("get".into()))), None);
        let header = Dimension::Header("x".into());
        assert_eq!(witness(&header, Values::of(Atom::Exact("a ".into()))), None, "blanks are stripped");
        assert_eq!(witness(&header, Values::of(Atom::Prefix("a ".into()))).as_deref(), Some("a a"));
        assert_eq!(witness(&Dimension::Path, Values::of(Atom::Prefix("a".into()))), None, "a path begins with a slash");
        let path = |prefix: &str| witness(&Dimension::Path, Values::of(Atom::Prefix(prefix.into())));
        assert_eq!(path("/a/.").as_deref(), Some("/a/.a"));
        for crooked in ["//", "/a/../b", "/./", "/a%", "/\\"] {
            assert_eq!(path(crooked), None, "{crooked} is another path to some proxies");
            let cube = Cube::all().with(Dimension::Path, Values::of(Atom::Prefix(crooked.into())));
            assert!(!cube.is_empty(&mut Budget::default()).unwrap(), "{crooked} is a path to others");
        }
        assert_eq!(witness(&Dimension::Method, Values::of(Atom::Exact("CONNECT".into()))), None, "it names no path");
    }
}
