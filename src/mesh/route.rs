//! Routes: which requests they match, their place among the others, and where they lead.

use crate::route::{Dimension, PathRewrite, Rank, RequestSet, Values};
use crate::source::Span;

use super::Name;

/// A port that may be written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Port {
    /// None is.
    #[default]
    Absent,
    /// This one.
    Known(i64),
    /// One that is not known.
    Open,
}

impl Port {
    /// The port, where one is written and known.
    #[must_use]
    pub const fn known(self) -> Option<i64> {
        match self {
            Self::Known(port) => Some(port),
            Self::Absent | Self::Open => None,
        }
    }
}

/// A port that a resource answers on; one of which nothing is known stands for those that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The port, where it is known.
    pub port: Option<i64>,
    /// What is spoken on it, where it is known.
    pub protocol: Option<&'static str>,
}

/// One route of a router, or the one that a gateway route is.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its name.
    pub name: Name,
    /// Which item of the list of routes it is, from 0.
    pub item: usize,
    /// Where its name stands: the place that stands for the whole route.
    pub span: Span,
    /// Where the key of its match stands, or what stands for it.
    pub match_span: Span,
    /// What it is made for, as `httpRoute`: routes for different protocols do not meet.
    pub protocol: &'static str,
    /// Whether it takes connections, of which nothing but the port is known, and not requests.
    pub is_for_connections: bool,
    /// The requests that it matches, whatever the port. `None` where a placeholder, or something that is reported
    /// by itself, leaves that or the port open.
    pub matches: Option<RequestSet>,
    /// What its match asks for, one by one, as far as it is known: every request that it matches meets them all.
    pub conditions: Vec<Condition>,
    /// Its place among the others.
    pub rank: Rank,
    /// The text of its condition on the host, in lower case, where it has one. Whether routes with different conditions
    /// share a table is not documented.
    pub host: Option<Box<str>>,
    /// Whether it has a condition on the host that is not known.
    pub is_host_open: bool,
    /// The port of the listener that it is for.
    pub port: Port,
    /// What becomes of the path of its requests on the way; `None` where that is not known.
    pub path_rewrite: Option<PathRewrite>,
    /// Whether its requests get the host of their destination; `None` where that is not known.
    pub host_rewrite: Option<bool>,
    /// Where it sends requests.
    pub destinations: Vec<Destination>,
}

impl Route {
    /// The text of its condition on the host, where it has one, with the port of the listener that it is for.
    #[must_use]
    pub fn host_condition(&self) -> Option<(Option<i64>, Box<str>)> {
        Some((self.port.known(), self.host.clone()?))
    }
}

/// One thing that a match asks for.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What it is about.
    pub dimension: Dimension,
    /// What may stand there.
    pub values: Values,
    /// Where it is written, or what stands for it.
    pub span: Span,
}

/// Where a route sends requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The reference of the resource that names it, by index; `None` where it is named by nothing that can be followed.
    pub reference: Option<usize>,
    /// Its share, as written.
    pub weight: Option<i64>,
    /// Which item of the list of destinations it is, from 0.
    pub item: usize,
    /// The port of the destination.
    pub port: Port,
}
