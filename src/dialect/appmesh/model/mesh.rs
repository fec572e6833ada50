//! `Mesh`, and what several kinds share.

use crate::dialect::shape::{List, On, Text, TextMap, choice, shape};
use crate::mesh::Name;

shape! {
    /// The mesh: a boundary, and the namespaces whose objects lie inside.
    pub struct Mesh = "a mesh" {
        aws_name: Name = "awsName", length(0, 255), on(On::Kubernetes);
        namespace_selector: Box<LabelSelector> = "namespaceSelector", on(On::Kubernetes);
        egress_filter: Box<EgressFilter> = "egressFilter";
        mesh_owner: Text = "meshOwner", on(On::Kubernetes);
        mesh_service_discovery: Box<MeshServiceDiscovery> = "meshServiceDiscovery", on(On::Kubernetes);
        service_discovery: Box<CloudMeshDiscovery> = "serviceDiscovery", on(On::Cloud);
    }
    hint { "meshName", "wrong-surface-casing", "awsName" }
    hint { "serviceDiscoveryType", "legacy-key-in-v1beta2", "leave it out: each virtual node has its `serviceDiscovery`" }
    hint { "meshRef", "unknown-field", "leave it out: a mesh is not a member of another" }
    hint { "serviceDiscovery", "wrong-surface-casing", "meshServiceDiscovery" }
}

shape! {
    /// What a node may talk to beside its backends.
    pub struct EgressFilter = "an egress filter" {
        kind: EgressType = "type", required;
    }
}

choice! {
    /// The kinds of egress.
    pub enum EgressType { AllowAll = "ALLOW_ALL", DropAll = "DROP_ALL" }
}

shape! {
    /// Discovery settings of a whole mesh.
    pub struct MeshServiceDiscovery = "a mesh's service discovery" {
        ip_preference: IpPreference = "ipPreference";
    }
}

shape! {
    /// Discovery settings of a whole mesh, as the cloud takes them.
    pub struct CloudMeshDiscovery = "a mesh's service discovery" {
        ip_preference: AddressFamily = "ipPreference";
    }
}

choice! {
    /// The address families that the API offers.
    pub enum AddressFamily {
        Ipv6Preferred = "IPv6_PREFERRED", Ipv4Preferred = "IPv4_PREFERRED", Ipv4Only = "IPv4_ONLY", Ipv6Only = "IPv6_ONLY",
    }
}

choice! {
    /// The address families that the Kubernetes custom resource offers.
    pub enum IpPreference { Ipv6Only = "IPv6_ONLY", Ipv4Only = "IPv4_ONLY" }
}

shape! {
    /// A Kubernetes label selector.
    pub struct LabelSelector = "a label selector" {
        match_labels: TextMap = "matchLabels";
        match_expressions: List<Box<LabelExpression>> = "matchExpressions";
    }
}

shape! {
    /// One expression of a label selector. The custom resource definitions take any operator.
    pub struct LabelExpression = "a label expression" {
        key: Name = "key", required;
        operator: Text = "operator", required;
        values: List<Name> = "values";
    }
}

shape! {
    /// The mesh of an object, as the control plane writes it.
    pub struct MeshRef = "a mesh reference" {
        name: Name = "name";
        uid: Text = "uid";
    }
}

shape! {
    /// A reference by name, into the same namespace unless it says another.
    pub struct Ref = "a reference" {
        name: Name = "name", required;
        namespace: Name = "namespace";
    }
}

shape! {
    /// A span of time. Zero switches the limit off.
    pub struct Duration = "a duration" {
        unit: DurationUnit = "unit", required_as("duration-incomplete"), required_on(On::Declared);
        value: i64 = "value", required_as("duration-incomplete"), required_on(On::Declared), range(0, i64::MAX);
    }
}

choice! {
    /// The units of a duration.
    pub enum DurationUnit { Seconds = "s", Milliseconds = "ms" }
}

choice! {
    /// The protocols of routers and nodes.
    pub enum Protocol { Http = "http", Http2 = "http2", Grpc = "grpc", Tcp = "tcp" }
}

shape! {
    /// A port with what is spoken on it.
    pub struct PortMapping = "a port mapping" {
        port: i64 = "port", required, range(1, 65535);
        protocol: Protocol = "protocol", required;
    }
}

shape! {
    /// Access logs.
    pub struct Logging = "logging" {
        access_log: Box<AccessLog> = "accessLog";
    }
}

shape! {
    /// Where access logs go.
    pub struct AccessLog = "an access log" {
        file: Box<AccessLogFile> = "file";
    }
}

shape! {
    /// A file that access logs go to.
    pub struct AccessLogFile = "an access log file" {
        path: Text = "path", required, length(1, 255);
        format: Box<LoggingFormat> = "format";
    }
}

shape! {
    /// The form of an access log line.
    pub struct LoggingFormat = "a logging format" {
        json: List<Box<JsonFormat>> = "json";
        text: Text = "text", length(1, 1000), pattern;
    }
    one_of { ["json", "text"], none "logging-format-union", several "logging-format-union" }
}

shape! {
    /// One member of a JSON access log line.
    pub struct JsonFormat = "a JSON log member" {
        key: Text = "key", required, length(1, 100), pattern;
        value: Text = "value", required, length(1, 100), pattern;
    }
}
