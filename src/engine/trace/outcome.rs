//! What following a request comes to.

use serde::Serialize;

use crate::source::Place;

/// Where a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// At nodes.
    Routed,
    /// No gateway listens where it comes in.
    NoGateway,
    /// No gateway route takes it: 404.
    NoGatewayRoute,
    /// No route of the router takes it: 404.
    NoRoute,
    /// Nothing provides the service that it is for.
    NoProvider,
    /// The node that calls may not call that host and port.
    NotABackend,
    /// It leaves the mesh as it is.
    Passthrough,
    /// The documents leave open which of several answers.
    Undecided,
    /// A placeholder decides, or something that is not among the manifests.
    Unknown,
}

impl Verdict {
    /// The word for it in machine-readable answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Routed => "routed",
            Self::NoGateway => "no-gateway",
            Self::NoGatewayRoute => "no-gateway-route",
            Self::NoRoute => "no-route",
            Self::NoProvider => "no-provider",
            Self::NotABackend => "not-a-backend",
            Self::Passthrough => "passthrough",
            Self::Undecided => "undecided",
            Self::Unknown => "unknown",
        }
    }
}

/// A route of a router.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteName {
    /// The router, as `namespace/name`.
    pub router: String,
    /// The route.
    pub name: String,
}

/// Where a share of requests ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Destination {
    /// The node, as `namespace/name`.
    pub node: String,
    /// Its share, as written; `None` where that is not known.
    pub weight: Option<i64>,
}

/// What may answer where that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Candidate {
    /// A gateway, a gateway route, a service or a node, as `namespace/name`.
    Resource(String),
    /// A route of a router.
    Route(RouteName),
}

/// What a step is on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The request passes by: there was nothing to choose.
    Station,
    /// Something decides what becomes of it, or that nothing more does.
    Turn,
    /// What explains the step before, as why another route does not answer.
    Detail,
}

/// Something that was said on the way, with the place that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is on the way.
    pub kind: StepKind,
    /// What happened.
    pub text: String,
    /// Where that is written.
    pub place: Option<Place>,
}

/// The way of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// Where it ends.
    pub verdict: Verdict,
    /// The gateway route that takes it, as `namespace/name`.
    pub gateway_route: Option<String>,
    /// The route that takes it.
    pub route: Option<RouteName>,
    /// The nodes that it ends at; none unless it is routed.
    pub destinations: Vec<Destination>,
    /// What may answer where that is undecided, in the order of the documents; `None` for nobody, which is a 404.
    pub open: Vec<Option<Candidate>>,
    /// What happened on the way, for people.
    #[serde(skip)]
    pub steps: Vec<Step>,
}

#[cfg(test)]
mod tests {
    use super::Verdict;

    #[test]
    fn verdicts_have_one_word_each() {
        for verdict in [
            Verdict::Routed,
            Verdict::NoGateway,
            Verdict::NoGatewayRoute,
            Verdict::NoRoute,
            Verdict::NoProvider,
            Verdict::NotABackend,
            Verdict::Passthrough,
            Verdict::Undecided,
            Verdict::Unknown,
        ] {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.word());
        }
    }
}
