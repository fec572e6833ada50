//! Sets of requests: unions of boxes, each a conjunction over dimensions.

use std::collections::BTreeMap;

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
        let any = Values::any(&dimension);
        let known = self.dimensions.entry(dimension).or_insert(any);
        *known = known.and(values);
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
        other
            .dimensions
            .iter()
            .fold(self.clone(), |cube, (dimension, values)| cube.with(dimension.clone(), values.clone()))
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
        self.find(true, budget)
    }

    /// A request in it, or one that no proxy changes before it looks for a route.
    fn find(&self, is_plain: bool, budget: &mut Budget) -> Result<Option<Request>, Undecided> {
        let mut request = Request::default();
        for (dimension, values) in &self.dimensions {
            if values.absent {
                continue;
            }
            let Some(lang) = &values.present else { return Ok(None) };
            let words: &[&str] = match dimension {
                Dimension::Method => &METHODS,
                Dimension::Scheme => &SCHEMES,
                _ => &[],
            };
            if !words.is_empty() {
                budget.spend(words.len())?;
                let Some(word) = words.iter().find(|word| lang.accepts(word.as_bytes())) else { return Ok(None) };
                request.values.insert(dimension.clone(), word.as_bytes().to_vec());
                continue;
            }
            let mut lang = grounded(dimension, lang);
            if is_plain && *dimension == Dimension::Path {
                lang = lang.with(Term { atom: Atom::Crooked, negated: true });
            }
            match lang.witness(if is_plain { dimension.plain() } else { dimension.alphabet() }, budget)? {
                Some(text) => request.values.insert(dimension.clone(), text),
                None => return Ok(None),
            };
        }
        Ok(Some(request))
    }

    /// Whether no request is in it.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn is_empty(&self, budget: &mut Budget) -> Result<bool, Undecided> {
        Ok(self.find(false, budget)?.is_none())
    }

    /// What is left of it without the requests of another: cubes that share no request, none empty.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn minus(&self, other: &Self, budget: &mut Budget) -> Result<Vec<Self>, Undecided> {
        if self.and(other).is_empty(budget)? {
            return Ok(vec![self.clone()]);
        }
        let mut left = Vec::new();
        let mut inside = self.clone();
        for (dimension, values) in &other.dimensions {
            for outside in opposite(dimension, values) {
                let piece = inside.clone().with(dimension.clone(), outside);
                if !piece.is_empty(budget)? {
                    left.push(piece);
                }
            }
            inside.narrow(dimension.clone(), values);
        }
        Ok(left)
    }
}

/// The methods of requests, the plainest first. Any other word is refused before a route is looked for, and `CONNECT`
/// names no path, so that no route for a path takes it (measured on Envoy 1.36 to 1.40).
const METHODS: [&str; 8] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"];
/// The schemes of requests.
const SCHEMES: [&str; 2] = ["http", "https"];

/// What a dimension has by its nature: a path begins with a slash, a host with a letter or a digit, and blanks
/// around the value of a header are gone before it is matched.
fn grounded(dimension: &Dimension, lang: &Lang) -> Lang {
    let not = |atom: Atom| Term { atom, negated: true };
    match dimension {
        Dimension::Path => lang.with(Term { atom: Atom::Prefix("/".into()), negated: false }),
        Dimension::Query(_) => lang.clone(),
        Dimension::Header(_) => lang.with(not(Atom::Prefix(" ".into()))).with(not(Atom::Suffix(" ".into()))),
        Dimension::Host => [".", "-", "_"]
            .into_iter()
            .fold(lang.with(not(Atom::Exact("".into()))), |lang, first| lang.with(not(Atom::Prefix(first.into())))),
        _ => lang.with(not(Atom::Exact("".into()))),
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
