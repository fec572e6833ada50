//! `VirtualRouter` and its routes.

use crate::dialect::shape::{Cx, List, On, Text, choice, shape};
use crate::finding::Fact;
use crate::mesh::Name;

use super::matcher;
use super::{Duration, HttpTimeout, MeshRef, PortMapping, Ref, TcpTimeout};

shape! {
    /// A table of routes.
    pub struct VirtualRouter = "a virtual router" {
        aws_name: Name = "awsName", length(0, 255), on(On::Kubernetes);
        listeners: List<Box<RouterListener>> = "listeners", required_on(On::CloudFormation), items(1, usize::MAX);
        routes: List<Box<Route>> = "routes", on(On::Kubernetes);
        mesh_ref: Box<MeshRef> = "meshRef", read_only, on(On::Kubernetes);
    }
    hint { "meshName", "legacy-key-in-v1beta2", "leave it out: the labels of the namespace choose the mesh" }
    hint { "virtualRouterName", "wrong-surface-casing", "awsName" }
}

shape! {
    /// A port that clients call a router on.
    pub struct RouterListener = "a router's listener" {
        port_mapping: Box<PortMapping> = "portMapping", required;
    }
    hint { "tls", "unknown-field", "a router ends no connections: `tls` belongs to the listeners of the nodes" }
    hint { "healthCheck", "unknown-field", "a router has no health checks: they belong to the listeners of the nodes" }
    hint { "timeout", "unknown-field", "a router's listener has no timeout: it belongs to the routes and to the listeners of the nodes" }
}

shape! {
    /// One route.
    pub struct Route = "a route" {
        name: Name = "name", required, length(1, 255), on(On::Kubernetes);
        priority: i64 = "priority", range(0, 1000);
        http_route: Box<HttpRoute> = "httpRoute";
        http2_route: Box<HttpRoute> = "http2Route";
        grpc_route: Box<GrpcRoute> = "grpcRoute";
        tcp_route: Box<TcpRoute> = "tcpRoute";
    }
    one_of { ["httpRoute", "http2Route", "grpcRoute", "tcpRoute"], none "route-type-none", several "route-type-multiple" }
    hint { "http", "legacy-key-in-v1beta2", "httpRoute" }
    hint { "http2", "legacy-key-in-v1beta2", "http2Route" }
    hint { "grpc", "legacy-key-in-v1beta2", "grpcRoute" }
    hint { "tcp", "legacy-key-in-v1beta2", "tcpRoute" }
    hint { "routeName", "wrong-surface-casing", "name" }
    check matcher::scheme
}

shape! {
    /// A route of http or http2 requests.
    pub struct HttpRoute = "an http route" {
        matching: Box<HttpMatch> = "match", required;
        action: Box<Action> = "action", required;
        retry_policy: Box<HttpRetryPolicy> = "retryPolicy";
        timeout: Box<HttpTimeout> = "timeout";
    }
}

shape! {
    /// Which http requests a route takes.
    pub struct HttpMatch = "an http match" {
        prefix: Text = "prefix", pattern;
        path: Box<PathMatch> = "path";
        method: Method = "method";
        scheme: Scheme = "scheme";
        port: i64 = "port", range(1, 65535);
        headers: List<Box<HeaderMatch>> = "headers", items(1, 10);
        query_parameters: List<Box<QueryMatch>> = "queryParameters", items(1, 10);
    }
    one_of { ["prefix", "path"], none "route-match-path-missing", several "route-match-prefix-and-path", on Kubernetes }
    one_of { ["prefix", "path"], several "route-match-prefix-and-path", on Cloud }
    one_of { ["prefix", "path", "port"], none "route-match-path-missing", on Cloud }
    hint { "hostname", "unknown-field", "only a gateway route matches the host: a router is reached by its virtual service's name" }
    hint { "metadata", "unknown-field", "headers" }
    check matcher::http
}

shape! {
    /// A whole path.
    pub struct PathMatch = "a path match" {
        exact: Text = "exact", length(1, 255), pattern;
        regex: Text = "regex", length(1, 255), pattern;
    }
    one_of { ["exact", "regex"], none "path-match-ambiguous", several "path-match-ambiguous" }
    hint { "prefix", "unknown-field", "a prefix stands beside `path`, not in it" }
    check matcher::path
}

choice! {
    /// HTTP methods.
    pub enum Method {
        Connect = "CONNECT", Delete = "DELETE", Get = "GET", Head = "HEAD", Options = "OPTIONS",
        Patch = "PATCH", Post = "POST", Put = "PUT", Trace = "TRACE",
    }
}

choice! {
    /// URL schemes.
    pub enum Scheme { Http = "http", Https = "https" }
}

shape! {
    /// A condition on a header, or on the metadata of a gRPC call.
    pub struct HeaderMatch = "a header match" {
        name: Text = "name", required, length(1, 50);
        matching: Box<HeaderValue> = "match";
        invert: bool = "invert";
    }
    hint { "exact", "unknown-field", "write it under `match`" }
    hint { "value", "unknown-field", "write `match: {exact: …}`" }
    check matcher::header
}

shape! {
    /// What the value of a header must be.
    pub struct HeaderValue = "a header's `match`" {
        exact: Text = "exact", length(1, 255), pattern;
        prefix: Text = "prefix", length(1, 255), pattern;
        suffix: Text = "suffix", length(1, 255), pattern;
        regex: Text = "regex", length(1, 255), pattern;
        range: Box<MatchRange> = "range";
    }
    one_of { ["exact", "prefix", "suffix", "regex", "range"], none "header-match-empty", several "header-match-kinds" }
    check matcher::header_value
}

shape! {
    /// Whole numbers from `start` to before `end`.
    pub struct MatchRange = "a range" {
        start: i64 = "start", required;
        end: i64 = "end", required;
    }
    check empty_range
}

fn empty_range(range: &MatchRange, cx: &mut Cx<'_>) {
    if let (Some(start), Some(end)) = (range.start.known(), range.end.known())
        && start >= end
    {
        let fact = Fact::new("inverted-range", "match-range-inverted", range.end.span).other(range.start.span);
        cx.facts.push(fact.arg(start.to_string()).arg(end.to_string()));
    }
}

shape! {
    /// A condition on a query parameter.
    pub struct QueryMatch = "a query parameter match" {
        name: Text = "name", required;
        matching: Box<QueryValue> = "match";
    }
}

shape! {
    /// What the value of a query parameter must be.
    pub struct QueryValue = "a query parameter's `match`" {
        exact: Text = "exact", pattern;
    }
    one_of { ["exact"], none "header-match-empty" }
}

shape! {
    /// Where a route sends requests.
    pub struct Action = "a route's action" {
        weighted_targets: List<Box<WeightedTarget>> = "weightedTargets", required, items(1, 10);
    }
}

shape! {
    /// A node with its share.
    pub struct WeightedTarget = "a weighted target" {
        reference: Box<Ref> = "virtualNodeRef", on(On::Kubernetes);
        arn: Name = "virtualNodeARN", on(On::Kubernetes);
        name: Name = "virtualNode", required, on(On::Cloud), length(1, 255);
        weight: i64 = "weight", required, range(0, 100);
        port: i64 = "port", range(1, 65535);
    }
    one_of { ["virtualNodeRef", "virtualNodeARN"], none "ref-or-arn-missing", several "ref-and-arn", on Kubernetes }
    hint { "virtualNodeName", "legacy-key-in-v1beta2", "virtualNodeRef" }
    hint { "virtualNode", "wrong-surface-casing", "virtualNodeRef" }
}

shape! {
    /// When an http request is tried again.
    pub struct HttpRetryPolicy = "a retry policy" {
        max_retries: i64 = "maxRetries", required, range(0, i64::MAX);
        per_retry_timeout: Box<Duration> = "perRetryTimeout", required;
        http_retry_events: List<HttpRetryEvent> = "httpRetryEvents", items(1, 25);
        tcp_retry_events: List<TcpRetryEvent> = "tcpRetryEvents", items(1, 1);
    }
    hint { "perRetryTimeoutMillis", "legacy-key-in-v1beta2", "perRetryTimeout" }
    hint { "grpcRetryEvents", "unknown-field", "only a grpcRoute retries on gRPC events" }
}

shape! {
    /// When a gRPC call is tried again.
    pub struct GrpcRetryPolicy = "a retry policy" {
        max_retries: i64 = "maxRetries", required, range(0, i64::MAX);
        per_retry_timeout: Box<Duration> = "perRetryTimeout", required;
        http_retry_events: List<HttpRetryEvent> = "httpRetryEvents", items(1, 25);
        tcp_retry_events: List<TcpRetryEvent> = "tcpRetryEvents", items(1, 1);
        grpc_retry_events: List<GrpcRetryEvent> = "grpcRetryEvents", items(1, 5);
    }
    hint { "perRetryTimeoutMillis", "legacy-key-in-v1beta2", "perRetryTimeout" }
}

choice! {
    /// What makes an http request be tried again.
    pub enum HttpRetryEvent {
        ServerError = "server-error", GatewayError = "gateway-error",
        ClientError = "client-error", StreamError = "stream-error",
    }
}

choice! {
    /// What makes a connection be tried again.
    pub enum TcpRetryEvent { ConnectionError = "connection-error" }
}

choice! {
    /// What makes a gRPC call be tried again.
    pub enum GrpcRetryEvent {
        Cancelled = "cancelled", DeadlineExceeded = "deadline-exceeded", Internal = "internal",
        ResourceExhausted = "resource-exhausted", Unavailable = "unavailable",
    }
}

shape! {
    /// A route of gRPC calls.
    pub struct GrpcRoute = "a grpc route" {
        matching: Box<GrpcMatch> = "match", required;
        action: Box<Action> = "action", required;
        retry_policy: Box<GrpcRetryPolicy> = "retryPolicy";
        timeout: Box<HttpTimeout> = "timeout";
    }
}

shape! {
    /// Which gRPC calls a route takes.
    pub struct GrpcMatch = "a grpc match" {
        service_name: Text = "serviceName";
        method_name: Text = "methodName", length(1, 50);
        metadata: List<Box<HeaderMatch>> = "metadata", items(1, 10);
        port: i64 = "port", range(1, 65535);
    }
    hint { "prefix", "unknown-field", "a gRPC call has a `serviceName` and a `methodName`, not a path" }
    hint { "headers", "unknown-field", "metadata" }
    check matcher::grpc
}

shape! {
    /// A route of tcp connections.
    pub struct TcpRoute = "a tcp route" {
        matching: Box<TcpMatch> = "match";
        action: Box<Action> = "action", required;
        timeout: Box<TcpTimeout> = "timeout";
    }
    hint { "retryPolicy", "unknown-field", "a tcp route has no retries" }
}

shape! {
    /// Which tcp connections a route takes.
    pub struct TcpMatch = "a tcp match" {
        port: i64 = "port", range(1, 65535);
    }
}
