//! `VirtualGateway` and `GatewayRoute`.

use crate::dialect::shape::{List, On, Text, choice, shape};
use crate::mesh::Name;

use super::matcher;
use super::{
    BackendDefaults, HeaderMatch, HttpPool, LabelSelector, ListenerTls, Logging, MeshRef, Method, PathMatch,
    QueryMatch, Ref, RequestPool,
};

shape! {
    /// Where traffic enters a mesh.
    pub struct VirtualGateway = "a virtual gateway" {
        aws_name: Name = "awsName", length(0, 255), on(On::Kubernetes);
        namespace_selector: Box<LabelSelector> = "namespaceSelector", on(On::Kubernetes);
        gateway_route_selector: Box<LabelSelector> = "gatewayRouteSelector", on(On::Kubernetes);
        pod_selector: Box<LabelSelector> = "podSelector", on(On::Kubernetes);
        listeners: List<Box<GatewayListener>> = "listeners", required_on(On::Cloud);
        backend_defaults: Box<BackendDefaults> = "backendDefaults";
        logging: Box<Logging> = "logging";
        mesh_ref: Box<MeshRef> = "meshRef", read_only, on(On::Kubernetes);
    }
    hint { "meshName", "legacy-key-in-v1beta2", "leave it out: the labels of the namespace choose the mesh" }
    hint { "virtualGatewayName", "wrong-surface-casing", "awsName" }
    hint { "backends", "unknown-field", "a gateway has no backends: its gateway routes name the virtual services" }
    hint { "serviceDiscovery", "unknown-field", "a gateway is not discovered: a load balancer stands in front of it" }
}

choice! {
    /// The protocols of gateways.
    pub enum GatewayProtocol { Http = "http", Http2 = "http2", Grpc = "grpc" }
}

shape! {
    /// A port of a gateway with what is spoken on it.
    pub struct GatewayPortMapping = "a port mapping" {
        port: i64 = "port", required, range(1, 65535);
        protocol: GatewayProtocol = "protocol", required;
    }
}

shape! {
    /// A port that a gateway answers on.
    pub struct GatewayListener = "a gateway's listener" {
        port_mapping: Box<GatewayPortMapping> = "portMapping", required;
        health_check: Box<GatewayHealthCheck> = "healthCheck";
        connection_pool: Box<GatewayPool> = "connectionPool";
        tls: Box<ListenerTls> = "tls";
    }
    hint { "timeout", "unknown-field", "a gateway has no timeout of its own: it waits as long as the routes behind it" }
    hint { "outlierDetection", "unknown-field", "only the listeners of virtual nodes have outlier detection" }
}

shape! {
    /// Active health checks of a gateway. The custom resource takes a check without `healthyThreshold`, the API does not.
    pub struct GatewayHealthCheck = "a health check" {
        protocol: GatewayProtocol = "protocol", required;
        path: Text = "path", pattern;
        port: i64 = "port", range(1, 65535);
        healthy_threshold: i64 = "healthyThreshold", required, range(2, 10);
        unhealthy_threshold: i64 = "unhealthyThreshold", required, range(2, 10);
        interval_millis: i64 = "intervalMillis", required, range(5000, 300_000);
        timeout_millis: i64 = "timeoutMillis", required, range(2000, 60_000);
    }
}

shape! {
    /// How much a gateway takes at once.
    pub struct GatewayPool = "a connection pool" {
        http: Box<HttpPool> = "http";
        http2: Box<RequestPool> = "http2";
        grpc: Box<RequestPool> = "grpc";
    }
    one_of { ["http", "http2", "grpc"], none "connection-pool-multiple", several "connection-pool-multiple" }
}

shape! {
    /// A route of a gateway.
    pub struct GatewayRoute = "a gateway route" {
        aws_name: Name = "awsName", length(0, 255), on(On::Kubernetes);
        priority: i64 = "priority", range(0, 1000);
        http_route: Box<HttpGatewayRoute> = "httpRoute";
        http2_route: Box<HttpGatewayRoute> = "http2Route";
        grpc_route: Box<GrpcGatewayRoute> = "grpcRoute";
        mesh_ref: Box<MeshRef> = "meshRef", read_only, on(On::Kubernetes);
        virtual_gateway_ref: Box<GatewayRef> = "virtualGatewayRef", read_only, on(On::Kubernetes);
    }
    one_of { ["httpRoute", "http2Route", "grpcRoute"], none "gatewayroute-type-none", several "gatewayroute-type-multiple" }
    hint { "meshName", "legacy-key-in-v1beta2", "leave it out: the labels of the namespace choose the mesh" }
    hint { "gatewayRouteName", "wrong-surface-casing", "awsName" }
    hint { "virtualGatewayName", "wrong-surface-casing", "leave it out: the selectors of the gateway choose its routes" }
    hint { "tcpRoute", "unknown-field", "a gateway takes no tcp" }
}

shape! {
    /// The gateway of a route, as the control plane writes it.
    pub struct GatewayRef = "a gateway reference" {
        name: Name = "name";
        namespace: Name = "namespace";
        uid: Text = "uid";
    }
}

shape! {
    /// A gateway route of http or http2 requests.
    pub struct HttpGatewayRoute = "an http gateway route" {
        matching: Box<HttpGatewayMatch> = "match", required;
        action: Box<HttpGatewayAction> = "action", required;
    }
    hint { "retryPolicy", "unknown-field", "a gateway route has no retries: write the policy in the routes of the virtual router behind it" }
    hint { "timeout", "unknown-field", "a gateway route has no timeout: write it in the routes of the virtual router behind it" }
}

shape! {
    /// Which http requests a gateway route takes.
    pub struct HttpGatewayMatch = "an http gateway match" {
        prefix: Text = "prefix", pattern;
        path: Box<PathMatch> = "path";
        hostname: Box<HostnameMatch> = "hostname";
        method: Method = "method";
        port: i64 = "port", range(1, 65535);
        headers: List<Box<HeaderMatch>> = "headers", items(1, 10);
        query_parameters: List<Box<QueryMatch>> = "queryParameters", items(1, 10);
    }
    one_of { ["prefix", "path", "hostname"], none "gatewayroute-match-empty", on Kubernetes }
    one_of { ["prefix", "path", "hostname", "port"], none "gatewayroute-match-empty", on Cloud }
    one_of { ["prefix", "path"], several "route-match-prefix-and-path" }
    hint { "scheme", "unknown-field", "only the routes of a virtual router match the scheme" }
    check matcher::http_gateway
}

shape! {
    /// A host.
    pub struct HostnameMatch = "a host name match" {
        exact: Name = "exact", length(1, 253);
        suffix: Name = "suffix", length(1, 253);
    }
    one_of { ["exact", "suffix"], none "hostname-match-ambiguous", several "hostname-match-ambiguous" }
    check matcher::hostname
}

shape! {
    /// Where an http gateway route sends requests, and what it rewrites.
    pub struct HttpGatewayAction = "a gateway route's action" {
        target: Box<GatewayTarget> = "target", required;
        rewrite: Box<HttpRewrite> = "rewrite";
    }
    hint { "weightedTargets", "unknown-field", "a gateway route has one `target`: weights belong to the virtual router behind it" }
}

shape! {
    /// The target of a gateway route.
    pub struct GatewayTarget = "a gateway route's target" {
        virtual_service: Box<TargetService> = "virtualService", required;
        port: i64 = "port", range(1, 65535);
    }
}

shape! {
    /// The virtual service of a target.
    pub struct TargetService = "a target's virtual service" {
        reference: Box<Ref> = "virtualServiceRef", on(On::Kubernetes);
        arn: Name = "virtualServiceARN", on(On::Kubernetes);
        name: Name = "virtualServiceName", required, on(On::Cloud), length(1, 255);
    }
    one_of { ["virtualServiceRef", "virtualServiceARN"], none "ref-or-arn-missing", several "ref-and-arn", on Kubernetes }
    hint { "virtualServiceName", "legacy-key-in-v1beta2", "virtualServiceRef" }
    hint { "name", "unknown-field", "virtualServiceRef" }
}

shape! {
    /// What an http gateway route rewrites.
    pub struct HttpRewrite = "a rewrite" {
        prefix: Box<PrefixRewrite> = "prefix";
        path: Box<PathRewrite> = "path";
        hostname: Box<HostnameRewrite> = "hostname";
    }
    one_of { ["prefix", "path", "hostname"], none "rewrite-empty" }
    one_of { ["prefix", "path"], several "rewrite-prefix-and-path" }
}

shape! {
    /// What becomes of the matched prefix.
    pub struct PrefixRewrite = "a prefix rewrite" {
        default_prefix: DefaultRewrite = "defaultPrefix";
        value: Text = "value", length(1, 255), pattern;
    }
    one_of { ["defaultPrefix", "value"], several "rewrite-prefix-default-and-value" }
}

choice! {
    /// Whether the default rewrite is carried out.
    pub enum DefaultRewrite { Enabled = "ENABLED", Disabled = "DISABLED" }
}

shape! {
    /// What becomes of the path.
    pub struct PathRewrite = "a path rewrite" {
        exact: Text = "exact", length(1, 255), pattern;
    }
}

shape! {
    /// What becomes of the host.
    pub struct HostnameRewrite = "a host name rewrite" {
        default_target_hostname: DefaultRewrite = "defaultTargetHostname";
    }
}

shape! {
    /// A gateway route of gRPC calls.
    pub struct GrpcGatewayRoute = "a grpc gateway route" {
        matching: Box<GrpcGatewayMatch> = "match", required;
        action: Box<GrpcGatewayAction> = "action", required;
    }
    hint { "retryPolicy", "unknown-field", "a gateway route has no retries: write the policy in the routes of the virtual router behind it" }
    hint { "timeout", "unknown-field", "a gateway route has no timeout: write it in the routes of the virtual router behind it" }
}

shape! {
    /// Which gRPC calls a gateway route takes.
    pub struct GrpcGatewayMatch = "a grpc gateway match" {
        service_name: Text = "serviceName";
        hostname: Box<HostnameMatch> = "hostname";
        metadata: List<Box<HeaderMatch>> = "metadata", items(1, 10);
        port: i64 = "port", range(1, 65535);
    }
    one_of { ["serviceName", "hostname"], none "grpc-gatewayroute-match-empty" }
    hint { "prefix", "unknown-field", "a gRPC call has a `serviceName`, not a path" }
    hint { "methodName", "unknown-field", "only the routes of a virtual router match the method" }
    hint { "headers", "unknown-field", "metadata" }
    check matcher::grpc_gateway
}

shape! {
    /// Where a grpc gateway route sends calls, and what it rewrites.
    pub struct GrpcGatewayAction = "a gateway route's action" {
        target: Box<GatewayTarget> = "target", required;
        rewrite: Box<GrpcRewrite> = "rewrite";
    }
    hint { "weightedTargets", "unknown-field", "a gateway route has one `target`: weights belong to the virtual router behind it" }
}

shape! {
    /// What a grpc gateway route rewrites.
    pub struct GrpcRewrite = "a rewrite" {
        hostname: Box<HostnameRewrite> = "hostname";
    }
    one_of { ["hostname"], none "rewrite-empty" }
}
