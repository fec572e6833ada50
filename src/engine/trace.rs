//! Following one request through the mesh: which gateway route takes it, what it becomes, which route of which router
//! takes it then, and at which nodes it ends.
//!
//! Nothing is guessed: where the documents leave an order open the verdict is [`Verdict::Undecided`], and where a
//! placeholder decides it is [`Verdict::Unknown`].

mod choice;
mod gateway;
mod names;
mod node;
mod outcome;
mod request;
mod router;
#[cfg(test)]
mod tests;
mod words;

pub(in crate::engine) use names::Named;
pub use outcome::{Candidate, Destination, RouteName, Step, StepKind, Trace, Verdict};
pub use request::{Asked, BadRequest, Entrance};

use std::path::Path;

use rustc_hash::FxHashSet;

use crate::mesh::{Listener, Mesh, Resource, ResourceId, Role, Route, Truth};
use crate::source::{self, Place, Problem, Sources};

use super::config::Config;
use super::run::{gather, on_threads};
use choice::Contender;

/// The manifests of a run, ready for requests.
pub struct Tracer {
    sources: Sources,
    mesh: Mesh,
    problems: Vec<Problem>,
    resources: usize,
    unreadable: Vec<String>,
}

impl Tracer {
    /// Reads the manifests of a request for files, as seen from the working directory, on so many threads (0: as many as the
    /// machine has), in the world that a configuration says.
    #[must_use]
    pub fn load(request: &source::Request, cwd: &Path, config: &Config, threads: usize) -> Self {
        let loaded = source::load(request, cwd, threads);
        let gathered = on_threads(threads, || gather(loaded, config, cwd));
        Self {
            unreadable: gathered.unreadable(),
            mesh: gathered.mesh,
            sources: gathered.sources,
            problems: gathered.problems,
            resources: gathered.summary.resources,
        }
    }

    /// The files that were read.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Named paths that could not be read.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many resources of a mesh were understood.
    #[must_use]
    pub fn resources(&self) -> usize {
        self.resources
    }

    /// The files of which not every document could be read.
    pub(super) fn unreadable(&self) -> &[String] {
        &self.unreadable
    }

    /// The files, for whoever goes on with their places alone.
    pub(super) fn into_sources(self) -> Sources {
        self.sources
    }

    /// Where a request ends.
    ///
    /// # Errors
    /// When the node that it is said to come from is not among the manifests.
    pub fn follow(&self, asked: &Asked) -> Result<Trace, BadRequest> {
        self.follow_minding(asked, &FxHashSet::default())
    }

    /// The same; of the routes that do not answer, those at some places are told first.
    pub(super) fn follow_minding(&self, asked: &Asked, minded: &FxHashSet<Place>) -> Result<Trace, BadRequest> {
        let trace = Trace {
            verdict: Verdict::Unknown,
            gateway_route: None,
            route: None,
            destinations: Vec::new(),
            open: Vec::new(),
            steps: Vec::new(),
        };
        let mut walk = Walk { tracer: self, mesh: &self.mesh, asked, minded, trace };
        walk.trace.verdict = match &asked.entrance {
            Entrance::AnyGateway => walk.enter(None),
            Entrance::Gateway(name) => walk.enter(Some(name)),
            Entrance::Node(name) => walk.call(name)?,
        };
        Ok(walk.trace)
    }
}

/// A request on its way.
struct Walk<'t> {
    tracer: &'t Tracer,
    mesh: &'t Mesh,
    asked: &'t Asked,
    /// The places of routes that are told before others.
    minded: &'t FxHashSet<Place>,
    trace: Trace,
}

impl<'t> Walk<'t> {
    fn pass_by(&mut self, text: impl Into<String>, place: Option<Place>) {
        self.trace.steps.push(Step { kind: StepKind::Station, text: text.into(), place });
    }

    fn step(&mut self, text: impl Into<String>, place: Option<Place>) {
        self.trace.steps.push(Step { kind: StepKind::Turn, text: text.into(), place });
    }

    fn detail(&mut self, text: impl Into<String>, place: Option<Place>) {
        self.trace.steps.push(Step { kind: StepKind::Detail, text: text.into(), place });
    }

    /// The resources of a role with a name, as `namespace/name` or a name alone; all of them without one.
    fn named(&self, role: Role, name: Option<&str>) -> Vec<(ResourceId, &'t Resource)> {
        let own = |resource: &'t Resource| resource.namespace.as_ref().map_or("", |namespace| namespace.as_str());
        let is_it = |resource: &'t Resource| match name.map(|name| (name, name.split_once('/'))) {
            None => true,
            Some((_, Some((space, name)))) => own(resource) == space && resource.name.as_str() == name,
            Some((name, None)) => resource.name.as_str() == name,
        };
        self.mesh.of_role(role).filter(|(_, resource)| is_it(resource)).collect()
    }

    /// The listener of a resource that the request comes in at.
    fn listening(&self, listeners: &[Listener]) -> Listening {
        let has = |wanted: i64| listeners.iter().any(|listener| listener.port == Some(wanted));
        let may = listeners.iter().any(|listener| listener.port.is_none());
        match (self.asked.port, listeners) {
            (Some(port), _) if has(port) => Listening::At(Some(port)),
            (Some(_), _) if may => Listening::Perhaps,
            (Some(_), _) => Listening::No,
            (None, _) if has(self.asked.default_port) => Listening::At(Some(self.asked.default_port)),
            (None, [only]) => Listening::Only(only.port),
            (None, _) if may => Listening::Perhaps,
            (None, _) => Listening::No,
        }
    }
}

/// Whether a resource listens where a request comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listening {
    /// It does not.
    No,
    /// A placeholder decides.
    Perhaps,
    /// On this port.
    At(Option<i64>),
    /// The request names no port, and there is only this one, which may not be known.
    Only(Option<i64>),
}

impl Listening {
    /// The port, where it listens.
    const fn port(self) -> Option<Option<i64>> {
        match self {
            Self::At(port) | Self::Only(port) => Some(port),
            Self::No | Self::Perhaps => None,
        }
    }
}

/// Whether a route is for a port of a resource with these listeners.
fn is_for(route: &Route, port: Option<i64>, listeners: &[Listener]) -> Truth {
    match (route.port.known(), port) {
        (Some(wanted), Some(port)) => (wanted == port).into(),
        // A route of several listeners has to name one (App Mesh API, port match criteria); which one this is for is open.
        (None, _) if listeners.len() > 1 => Truth::Unknown,
        _ => Truth::Yes,
    }
}

/// `namespace/name`.
fn full_name(resource: &Resource) -> String {
    let namespace = resource.namespace.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{namespace}/{}", resource.name)
}

/// How many of the routes that do not answer are told one by one.
const MAX_LOSERS: usize = 12;

impl Walk<'_> {
    /// Tells why other contenders do not answer.
    fn tell_losers(&mut self, contenders: &[Contender<'_>], winner: Option<usize>, request: &crate::route::Request) {
        let best = winner.and_then(|at| contenders.get(at));
        let others = || contenders.iter().enumerate().filter(|(at, _)| Some(*at) != winner).map(|(_, one)| one);
        let (first, rest): (Vec<&Contender<'_>>, Vec<_>) = others().partition(|one| self.minded.contains(&one.place()));
        for one in first.into_iter().chain(rest).take(MAX_LOSERS) {
            self.detail(format!("{} {}", one.title(), one.loss(best, request)), Some(one.place()));
        }
        let more = others().count().saturating_sub(MAX_LOSERS);
        if more > 0 {
            self.detail(format!("and {more} more"), None);
        }
    }
}
