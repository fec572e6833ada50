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

    /// A request in it, the shortest in every dimension, with nothing where nothing is allowed; `None`
    /// when it is empty.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn witness(&self, budget: &mut Budget) -> Result<Option<Request>, Undecided> {
        let mut request = Request::default();
        for (dimension, values) in &self.dimensions {
            if values.absent {
                continue;
            }
            let Some(lang) = &values.present else { return Ok(None) };
            let lang = &grounded(dimension, lang);
            match lang.witness(dimension.alphabet(), budget)? {
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
        Ok(self.witness(budget)?.is_none())
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

/// What a dimension has by its nature: a path begins with a slash, a host and a method are not empty.
fn grounded(dimension: &Dimension, lang: &Lang) -> Lang {
    let term = match dimension {
        Dimension::Path => Term { atom: Atom::Prefix("/".into()), negated: false },
        Dimension::Header(_) | Dimension::Query(_) => return lang.clone(),
        _ => Term { atom: Atom::Exact("".into()), negated: true },
    };
    lang.with(term)
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

    /// A request in it, from the first cube that has one; `None` when it is empty.
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
