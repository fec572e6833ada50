//! `VirtualNode` and its listeners.

use crate::dialect::shape::{List, On, Text, choice, shape};
use crate::mesh::Name;

use super::{
    AddressFamily, BackendDefaults, ClientPolicy, Duration, LabelSelector, ListenerTls, Logging, MeshRef, PortMapping,
    Protocol, Ref,
};

shape! {
    /// What answers: a set of pods (or hosts), how it is found and what it calls.
    pub struct VirtualNode = "a virtual node" {
        aws_name: Name = "awsName", length(0, 255), on(On::Kubernetes);
        pod_selector: Box<LabelSelector> = "podSelector", on(On::Kubernetes);
        listeners: List<Box<Listener>> = "listeners";
        service_discovery: Box<ServiceDiscovery> = "serviceDiscovery";
        backends: List<Box<Backend>> = "backends";
        backend_groups: List<Box<Ref>> = "backendGroups", on(On::Kubernetes);
        backend_defaults: Box<BackendDefaults> = "backendDefaults";
        logging: Box<Logging> = "logging";
        mesh_ref: Box<MeshRef> = "meshRef", read_only, on(On::Kubernetes);
    }
    hint { "meshName", "legacy-key-in-v1beta2", "leave it out: the labels of the namespace choose the mesh" }
    hint { "virtualNodeName", "wrong-surface-casing", "awsName" }
    hint { "tls", "unknown-field", "each listener has its own `tls`: write it there" }
    hint { "namespaceSelector", "unknown-field", "only meshes and virtual gateways select namespaces" }
}

shape! {
    /// A port that a node answers on.
    pub struct Listener = "a listener" {
        port_mapping: Box<PortMapping> = "portMapping", required;
        health_check: Box<HealthCheck> = "healthCheck";
        outlier_detection: Box<OutlierDetection> = "outlierDetection";
        connection_pool: Box<ConnectionPool> = "connectionPool";
        timeout: Box<ListenerTimeout> = "timeout";
        tls: Box<ListenerTls> = "tls";
    }
}

shape! {
    /// Active health checks of a node.
    pub struct HealthCheck = "a health check" {
        protocol: Protocol = "protocol", required;
        path: Text = "path", pattern;
        port: i64 = "port", range(1, 65535);
        healthy_threshold: i64 = "healthyThreshold", required, range(2, 10);
        unhealthy_threshold: i64 = "unhealthyThreshold", required, range(2, 10);
        interval_millis: i64 = "intervalMillis", required, range(5000, 300_000);
        timeout_millis: i64 = "timeoutMillis", required, range(2000, 60_000);
    }
}

shape! {
    /// When an endpoint is left alone for a while.
    pub struct OutlierDetection = "outlier detection" {
        max_server_errors: i64 = "maxServerErrors", required, range(1, i64::MAX);
        interval: Box<Duration> = "interval", required;
        base_ejection_duration: Box<Duration> = "baseEjectionDuration", required;
        max_ejection_percent: i64 = "maxEjectionPercent", required, range(0, 100);
    }
}

shape! {
    /// How much a node takes at once.
    pub struct ConnectionPool = "a connection pool" {
        tcp: Box<TcpPool> = "tcp";
        http: Box<HttpPool> = "http";
        http2: Box<RequestPool> = "http2";
        grpc: Box<RequestPool> = "grpc";
    }
    one_of { ["tcp", "http", "http2", "grpc"], none "connection-pool-multiple", several "connection-pool-multiple" }
}

shape! {
    /// Connections of a tcp listener.
    pub struct TcpPool = "a tcp connection pool" {
        max_connections: i64 = "maxConnections", required, range(1, i64::MAX);
    }
}

shape! {
    /// Connections of an http listener.
    pub struct HttpPool = "an http connection pool" {
        max_connections: i64 = "maxConnections", required, range(1, i64::MAX);
        max_pending_requests: i64 = "maxPendingRequests", range(1, i64::MAX);
    }
}

shape! {
    /// Requests of an http2 or grpc listener.
    pub struct RequestPool = "an http2 or grpc connection pool" {
        max_requests: i64 = "maxRequests", required, range(1, i64::MAX);
    }
}

shape! {
    /// How long a listener waits.
    pub struct ListenerTimeout = "a listener timeout" {
        tcp: Box<TcpTimeout> = "tcp";
        http: Box<HttpTimeout> = "http";
        http2: Box<HttpTimeout> = "http2";
        grpc: Box<HttpTimeout> = "grpc";
    }
    one_of { ["tcp", "http", "http2", "grpc"], several "listener-timeout-union" }
}

shape! {
    /// How long a tcp connection may be idle.
    pub struct TcpTimeout = "a tcp timeout" {
        idle: Box<Duration> = "idle";
    }
}

shape! {
    /// How long a request may take, and a connection be idle.
    pub struct HttpTimeout = "a timeout" {
        per_request: Box<Duration> = "perRequest";
        idle: Box<Duration> = "idle";
    }
}

shape! {
    /// How clients find a node's endpoints.
    pub struct ServiceDiscovery = "service discovery" {
        dns: Box<DnsDiscovery> = "dns";
        aws_cloud_map: Box<CloudMapDiscovery> = "awsCloudMap";
    }
    one_of { ["dns", "awsCloudMap"], none "service-discovery-union", several "service-discovery-union" }
    hint { "cloudMap", "legacy-key-in-v1beta2", "awsCloudMap" }
}

shape! {
    /// Discovery by DNS.
    pub struct DnsDiscovery = "DNS discovery" {
        hostname: Name = "hostname", required;
        response_type: ResponseType = "responseType";
        ip_preference: AddressFamily = "ipPreference", on(On::Cloud);
    }
    hint { "hostName", "legacy-key-in-v1beta2", "hostname" }
    hint { "serviceName", "legacy-key-in-v1beta2", "hostname" }
}

choice! {
    /// Whether a host name stands for one address or for all of them.
    pub enum ResponseType { LoadBalancer = "LOADBALANCER", Endpoints = "ENDPOINTS" }
}

shape! {
    /// Discovery by AWS Cloud Map.
    pub struct CloudMapDiscovery = "Cloud Map discovery" {
        namespace_name: Name = "namespaceName", required, length(1, 1024);
        service_name: Name = "serviceName", required, length(1, 1024);
        attributes: List<Box<CloudMapAttribute>> = "attributes";
        ip_preference: AddressFamily = "ipPreference", on(On::Cloud);
    }
}

shape! {
    /// What an instance must carry.
    pub struct CloudMapAttribute = "a Cloud Map attribute" {
        key: Name = "key", required, length(1, 255);
        value: Name = "value", required, length(1, 1024);
    }
}

shape! {
    /// What a node calls.
    pub struct Backend = "a backend" {
        virtual_service: Box<BackendService> = "virtualService", required;
    }
}

shape! {
    /// The virtual service of a backend.
    pub struct BackendService = "a backend's virtual service" {
        reference: Box<Ref> = "virtualServiceRef", on(On::Kubernetes);
        arn: Name = "virtualServiceARN", on(On::Kubernetes);
        name: Name = "virtualServiceName", required, on(On::Cloud);
        client_policy: Box<ClientPolicy> = "clientPolicy";
    }
    one_of { ["virtualServiceRef", "virtualServiceARN"], none "ref-or-arn-missing", several "ref-and-arn", on Kubernetes }
    hint { "virtualServiceName", "legacy-key-in-v1beta2", "virtualServiceRef" }
    hint { "name", "unknown-field", "virtualServiceRef" }
}
