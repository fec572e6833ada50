//! Routes: which requests they match, their place among the others, and where they lead.

use crate::route::{Dimension, PathRewrite, Rank, RequestSet, Values};
use crate::source::Span;

use super::Name;

/// A port that a router or a gateway answers on.
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
    /// Where its name stands: the place that stands for the whole route.
    pub span: Span,
    /// Where the key of its match stands, or what stands for it.
    pub match_span: Span,
    /// What it is made for, as `httpRoute`: routes for different protocols do not meet.
    pub protocol: &'static str,
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
    /// The port of the listener that it is for, where it says so.
    pub port: Option<i64>,
    /// What becomes of the path of its requests on the way; `None` where that is not known.
    pub path_rewrite: Option<PathRewrite>,
    /// Whether its requests get the host of their destination; `None` where that is not known.
    pub host_rewrite: Option<bool>,
    /// Where it sends requests.
    pub destinations: Vec<Destination>,
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
    /// The port of the destination, as written.
    pub port: Option<i64>,
}
