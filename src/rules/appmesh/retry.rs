//! The retry policies of routes, whatever their type.

use crate::dialect::appmesh::model::{
    Duration, Field, GrpcRetryEvent, GrpcRetryPolicy, HttpRetryEvent, HttpRetryPolicy, List, Method, Route,
    TcpRetryEvent, VirtualRouter,
};
use crate::finding::Span;

/// A route of requests, with what it says about retries.
pub(super) struct Retried<'m> {
    /// The route.
    pub(super) route: &'m Route,
    /// Its policy, where it is known.
    pub(super) policy: Option<Policy<'m>>,
    /// Whether none is written.
    pub(super) is_bare: bool,
    /// The method that it asks for, with its place.
    pub(super) method: Option<(Method, Span)>,
}

/// A retry policy.
pub(super) struct Policy<'m> {
    /// Where its key stands.
    pub(super) key: Span,
    /// How often a request is tried again.
    pub(super) max_retries: &'m Field<i64>,
    /// How long a single try may take.
    pub(super) per_try: &'m Field<Box<Duration>>,
    /// The events of http.
    pub(super) http: &'m Field<List<HttpRetryEvent>>,
    tcp: &'m Field<List<TcpRetryEvent>>,
    grpc: Option<&'m Field<List<GrpcRetryEvent>>>,
}

impl<'m> Policy<'m> {
    fn of_http(key: Span, policy: &'m HttpRetryPolicy) -> Self {
        Self {
            key,
            max_retries: &policy.max_retries,
            per_try: &policy.per_retry_timeout,
            http: &policy.http_retry_events,
            tcp: &policy.tcp_retry_events,
            grpc: None,
        }
    }

    fn of_grpc(key: Span, policy: &'m GrpcRetryPolicy) -> Self {
        Self {
            key,
            max_retries: &policy.max_retries,
            per_try: &policy.per_retry_timeout,
            http: &policy.http_retry_events,
            tcp: &policy.tcp_retry_events,
            grpc: Some(&policy.grpc_retry_events),
        }
    }

    /// Whether no list of events is written.
    pub(super) fn is_without_events(&self) -> bool {
        self.http.is_absent() && self.tcp.is_absent() && self.grpc.is_none_or(Field::is_absent)
    }
}

/// The routes of a router that take requests: those of exactly one type, which is not tcp.
pub(super) fn routes(router: &VirtualRouter) -> impl Iterator<Item = Retried<'_>> {
    router.routes.items().filter_map(Field::known).filter_map(|route| retried(route))
}

fn retried(route: &Route) -> Option<Retried<'_>> {
    let types = [!route.http_route.is_absent(), !route.http2_route.is_absent(), !route.grpc_route.is_absent()];
    if types.into_iter().filter(|is_there| *is_there).count() != 1 || !route.tcp_route.is_absent() {
        return None;
    }
    if let Some(grpc) = route.grpc_route.known() {
        let policy = grpc.retry_policy.known().map(|policy| Policy::of_grpc(grpc.retry_policy.key, policy));
        return Some(Retried { route, policy, is_bare: grpc.retry_policy.is_absent(), method: None });
    }
    let http = route.http_route.known().or_else(|| route.http2_route.known())?;
    let policy = http.retry_policy.known().map(|policy| Policy::of_http(http.retry_policy.key, policy));
    let method = http.matching.known().map(|matching| &matching.method);
    let method = method.and_then(|method| Some((*method.known()?, method.span)));
    Some(Retried { route, policy, is_bare: http.retry_policy.is_absent(), method })
}

impl Retried<'_> {
    /// The route in a sentence.
    pub(super) fn title(&self) -> String {
        match self.route.name.known() {
            Some(name) => format!("route `{name}`"),
            None => "a route".to_owned(),
        }
    }
}
