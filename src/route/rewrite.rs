//! Rewrites: what becomes of the path and the host of a request on its way through a gateway.

use super::atom::Atom;
use super::budget::{Budget, Undecided};
use super::lang::{Lang, Term};
use super::request::{Dimension, Request, Values};
use super::set::{Cube, RequestSet};

/// What becomes of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathRewrite {
    /// It stays.
    Keep,
    /// The prefix at its beginning is replaced: the result is the replacement and the rest, of which one leading
    /// slash is left out when the replacement ends in one. A path that does not begin with the prefix has no result.
    Prefix {
        /// What goes.
        from: Box<str>,
        /// What comes.
        to: Box<str>,
    },
    /// It becomes this path.
    Exact(Box<str>),
}

impl PathRewrite {
    /// Whether what comes out certainly begins with a slash, as what goes in does.
    #[must_use]
    pub fn keeps_slash(&self) -> bool {
        match self {
            Self::Keep => true,
            Self::Prefix { to: text, .. } | Self::Exact(text) => text.starts_with('/'),
        }
    }
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// Of its path.
    pub path: PathRewrite,
    /// Its new host, where it gets one.
    pub host: Option<Box<str>>,
}

impl Rewrite {
    /// What becomes of a request; `None` when it does not carry the prefix that goes.
    #[must_use]
    pub fn apply(&self, request: &Request) -> Option<Request> {
        let mut out = request.clone();
        if let Some(path) = request.get(&Dimension::Path) {
            let path = match &self.path {
                PathRewrite::Keep => path.to_vec(),
                PathRewrite::Exact(path) => path.as_bytes().to_vec(),
                PathRewrite::Prefix { from, to } => {
                    let rest = path.strip_prefix(from.as_bytes())?;
                    let rest = if to.ends_with('/') { rest.strip_prefix(b"/").unwrap_or(rest) } else { rest };
                    [to.as_bytes(), rest].concat()
                }
            };
            out.values.insert(Dimension::Path, path);
        }
        if let Some(host) = &self.host {
            out.values.insert(Dimension::Host, host.as_bytes().to_vec());
        }
        Some(out)
    }

    /// The requests that become one of a set.
    #[must_use]
    pub fn pre_image(&self, set: &RequestSet) -> RequestSet {
        let mut cubes = Vec::new();
        for cube in &set.cubes {
            let host_fits = |host: &str| cube.values(&Dimension::Host).accepts(Some(host.as_bytes()));
            if self.host.as_deref().is_some_and(|host| !host_fits(host)) {
                continue;
            }
            let rest = self.without_rewritten(cube);
            let path = cube.values(&Dimension::Path);
            match &self.path {
                PathRewrite::Keep => cubes.push(rest.with(Dimension::Path, path)),
                PathRewrite::Exact(exact) if path.accepts(Some(exact.as_bytes())) => cubes.push(rest),
                PathRewrite::Exact(_) => {}
                PathRewrite::Prefix { from, to } => {
                    let lang = path.present.unwrap_or_default();
                    let slashed = format!("{from}/");
                    let leaves_slash_out = to.ends_with('/');
                    if leaves_slash_out {
                        cubes.push(rest.clone().with(Dimension::Path, shifted(&lang, &slashed, to, None)));
                    }
                    let without = leaves_slash_out.then_some(&*slashed);
                    cubes.push(rest.with(Dimension::Path, shifted(&lang, from, to, without)));
                }
            }
        }
        RequestSet { cubes }
    }

    /// What becomes of the requests of a set.
    ///
    /// # Errors
    /// When the budget ends before it is known which parts of the set are empty.
    pub fn image(&self, set: &RequestSet, budget: &mut Budget) -> Result<RequestSet, Undecided> {
        let mut cubes = Vec::new();
        for cube in &set.cubes {
            // What a replaced path or host was is forgotten, but not whether there was any.
            if cube.is_empty(budget)? {
                continue;
            }
            let mut rest = self.without_rewritten(cube);
            if let Some(host) = &self.host {
                rest.narrow(Dimension::Host, &Values::of(Atom::Exact((**host).into())));
            }
            let path = cube.values(&Dimension::Path);
            match &self.path {
                PathRewrite::Keep => cubes.push(rest.with(Dimension::Path, path)),
                PathRewrite::Exact(exact) => {
                    cubes.push(rest.with(Dimension::Path, Values::of(Atom::Exact((**exact).into()))));
                }
                PathRewrite::Prefix { from, to } => {
                    let lang = path.present.unwrap_or_default();
                    let (slashed, doubled) = (format!("{from}/"), format!("{to}/"));
                    let leaves_slash_out = to.ends_with('/');
                    if leaves_slash_out {
                        cubes.push(rest.clone().with(Dimension::Path, shifted(&lang, to, &slashed, None)));
                    }
                    // A rest that begins with a slash only comes of one that began with two.
                    let without = leaves_slash_out.then_some(&*doubled);
                    cubes.push(rest.with(Dimension::Path, shifted(&lang, to, from, without)));
                }
            }
        }
        Ok(RequestSet { cubes })
    }

    /// What a cube asks of everything that is not rewritten.
    fn without_rewritten(&self, cube: &Cube) -> Cube {
        let stays = |dimension: &Dimension| match dimension {
            Dimension::Path => false,
            Dimension::Host => self.host.is_none(),
            _ => true,
        };
        let kept = cube.dimensions().filter(|(dimension, _)| stays(dimension));
        kept.fold(Cube::all(), |rest, (dimension, values)| rest.with(dimension.clone(), values.clone()))
    }
}

/// The texts that begin with `drop` (and not with `without`) and are in a language with `put` in its place.
fn shifted(lang: &Lang, drop: &str, put: &str, without: Option<&str>) -> Values {
    let mut out = Lang::from(Atom::Prefix(drop.into()));
    for term in lang.terms() {
        let atom = Atom::Shifted { drop: drop.into(), put: put.into(), inner: Box::new(term.atom.clone()) };
        out = out.with(Term { atom, negated: term.negated });
    }
    if let Some(without) = without {
        out = out.with(Term { atom: Atom::Prefix(without.into()), negated: true });
    }
    Values::of(out)
}
