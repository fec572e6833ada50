//! What is drawn: the routes of a gateway, of routers, or of both, before anybody has written them down; and the
//! manifests that say so.

use serde_json::{Map, Value, json};

/// Routes that are deployed together.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) gateway: Option<Table>,
    /// What provides the services: as many routers, or as many nodes.
    pub(crate) behind: Behind,
}

#[derive(Clone, Debug)]
pub(crate) enum Behind {
    Nodes(usize),
    Routers(Vec<Table>),
}

impl Behind {
    pub(crate) fn routers(&self) -> &[Table] {
        match self {
            Self::Nodes(_) => &[],
            Self::Routers(all) => all,
        }
    }
}

/// The routes that a gateway or a router chooses from.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) protocol: Protocol,
    pub(crate) ports: Vec<u16>,
    pub(crate) routes: Vec<Route>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http,
    Http2,
    Grpc,
}

#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) name: String,
    pub(crate) priority: Option<u16>,
    pub(crate) port: Option<u16>,
    pub(crate) path: Option<Path>,
    pub(crate) call: Option<Call>,
    pub(crate) method: Option<&'static str>,
    pub(crate) scheme: Option<&'static str>,
    pub(crate) host: Option<Host>,
    pub(crate) headers: Vec<Header>,
    pub(crate) queries: Vec<Query>,
    /// Which node or service it leads to, and on which port.
    pub(crate) target: (usize, Option<u16>),
    pub(crate) rewrite: Rewrite,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    Prefix(String),
    Exact(String),
    Regex(String),
}

/// A gRPC match.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) service: Option<String>,
    pub(crate) method: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Exact(String),
    Suffix(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) name: String,
    /// Without one it is asked whether the header is there.
    pub(crate) value: Option<HeaderValue>,
    pub(crate) invert: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum HeaderValue {
    Exact(String),
    Prefix(String),
    Suffix(String),
    Regex(String),
    Range(i64, i64),
}

#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) name: String,
    pub(crate) exact: Option<String>,
}

/// What a gateway route does to its requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rewrite {
    pub(crate) path: PathRewrite,
    pub(crate) keeps_host: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum PathRewrite {
    #[default]
    Default,
    Disabled,
    Prefix(String),
    Exact(String),
}

/// The namespace of everything that is drawn.
pub(crate) const NAMESPACE: &str = "t";
/// The only gateway.
pub(crate) const GATEWAY: &str = "edge";

/// The host of a service: of the second one with a capital.
pub(crate) fn service_host(index: usize) -> String {
    let head = if index == 1 { "S" } else { "s" };
    format!("{head}{index}.t.example")
}

impl Drawn {
    /// The manifests, a document each.
    pub(crate) fn manifests(&self) -> String {
        let labels = json!({"mesh": "m", "appmesh.k8s.aws/sidecarInjectorWebhook": "enabled"});
        let mut all = vec![
            json!({"apiVersion": VERSION, "kind": "Mesh", "metadata": {"name": "m"},
                "spec": {"namespaceSelector": {"matchLabels": {"mesh": "m"}}}}),
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels}}),
        ];
        let services = match &self.behind {
            Behind::Nodes(count) => *count,
            Behind::Routers(routers) => routers.len(),
        };
        for index in 0..services {
            let (kind, reference, name) = match &self.behind {
                Behind::Nodes(_) => ("virtualNode", "virtualNodeRef", format!("n{index}")),
                Behind::Routers(_) => ("virtualRouter", "virtualRouterRef", format!("r{index}")),
            };
            let provider = json!({kind: {reference: {"name": name}}});
            let spec = json!({"awsName": service_host(index), "provider": provider});
            all.push(object("VirtualService", &format!("s{index}"), spec));
        }
        let tables = self.gateway.iter().chain(self.behind.routers());
        let nodes = tables.flat_map(|table| &table.routes).map(|route| route.target.0 + 1).max().unwrap_or(0);
        all.extend((0..nodes.max(1)).map(|index| node(&format!("n{index}"), &[])));
        for (index, router) in self.behind.routers().iter().enumerate() {
            let routes: Vec<_> = router.routes.iter().map(|route| router_route(route, router.protocol)).collect();
            let spec = json!({"listeners": listeners(router), "routes": routes});
            all.push(object("VirtualRouter", &format!("r{index}"), spec));
        }
        match &self.gateway {
            Some(gateway) => {
                let spec = json!({
                    "namespaceSelector": {"matchLabels": {"mesh": "m"}},
                    "podSelector": {"matchLabels": {"app": GATEWAY}},
                    "listeners": listeners(gateway),
                });
                all.push(object("VirtualGateway", GATEWAY, spec));
                all.extend(gateway.routes.iter().map(|route| gateway_route(route, gateway.protocol)));
            }
            // Without a gateway the requests come from a node.
            None => all.push(node("caller", &(0..services).map(|index| format!("s{index}")).collect::<Vec<_>>())),
        }
        all.iter().map(|one| format!("---\n{one}\n")).collect()
    }
}

const VERSION: &str = "appmesh.k8s.aws/v1beta2";

fn object(kind: &str, name: &str, spec: Value) -> Value {
    json!({"apiVersion": VERSION, "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec})
}

fn node(name: &str, backends: &[String]) -> Value {
    let backend = |service: &String| json!({"virtualService": {"virtualServiceRef": {"name": service}}});
    let spec = json!({
        "podSelector": {"matchLabels": {"app": name}},
        "listeners": [{"portMapping": {"port": 80, "protocol": "http"}}],
        "serviceDiscovery": {"dns": {"hostname": format!("{name}.t.svc.cluster.local")}},
        "backends": backends.iter().map(backend).collect::<Vec<_>>(),
    });
    object("VirtualNode", name, spec)
}

fn listeners(table: &Table) -> Value {
    let protocol = match table.protocol {
        Protocol::Http => "http",
        Protocol::Http2 => "http2",
        Protocol::Grpc => "grpc",
    };
    table.ports.iter().map(|port| json!({"portMapping": {"port": port, "protocol": protocol}})).collect()
}

/// A map of what is there.
fn map<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect::<Map<_, _>>().into()
}

fn router_route(route: &Route, protocol: Protocol) -> Value {
    let (node, port) = route.target;
    let target = map([
        ("virtualNodeRef", Some(json!({"name": format!("n{node}")}))),
        ("weight", Some(json!(1))),
        ("port", port.map(Value::from)),
    ]);
    let one = json!({"match": matching(route), "action": {"weightedTargets": [target]}});
    map([
        ("name", Some(json!(route.name))),
        ("priority", route.priority.map(Value::from)),
        (route.kind(protocol), Some(one)),
    ])
}

fn gateway_route(route: &Route, protocol: Protocol) -> Value {
    let (service, port) = route.target;
    let service = json!({"virtualServiceRef": {"name": format!("s{service}")}});
    let target = map([("virtualService", Some(service)), ("port", port.map(Value::from))]);
    let action = map([("target", Some(target)), ("rewrite", rewrite(&route.rewrite))]);
    let spec = map([
        ("priority", route.priority.map(Value::from)),
        (route.kind(protocol), Some(json!({"match": matching(route), "action": action}))),
    ]);
    object("GatewayRoute", &route.name, spec)
}

fn rewrite(rewrite: &Rewrite) -> Option<Value> {
    let (prefix, path) = match &rewrite.path {
        PathRewrite::Default => (None, None),
        PathRewrite::Disabled => (Some(json!({"defaultPrefix": "DISABLED"})), None),
        PathRewrite::Prefix(value) => (Some(json!({"value": value})), None),
        PathRewrite::Exact(exact) => (None, Some(json!({"exact": exact}))),
    };
    let hostname = rewrite.keeps_host.then(|| json!({"defaultTargetHostname": "DISABLED"}));
    let all = map([("prefix", prefix), ("path", path), ("hostname", hostname)]);
    (all != json!({})).then_some(all)
}

fn matching(route: &Route) -> Value {
    let host = route.host.as_ref().map(|host| match host {
        Host::Exact(text) => json!({"exact": text}),
        Host::Suffix(text) => json!({"suffix": text}),
    });
    let headers = (!route.headers.is_empty()).then(|| route.headers.iter().map(header).collect());
    if let Some(call) = &route.call {
        return map([
            ("serviceName", call.service.as_ref().map(|name| json!(name))),
            ("methodName", call.method.as_ref().map(|name| json!(name))),
            ("hostname", host),
            ("metadata", headers),
            ("port", route.port.map(Value::from)),
        ]);
    }
    let (prefix, path) = match &route.path {
        None => (None, None),
        Some(Path::Prefix(text)) => (Some(json!(text)), None),
        Some(Path::Exact(text)) => (None, Some(json!({"exact": text}))),
        Some(Path::Regex(text)) => (None, Some(json!({"regex": text}))),
    };
    let query = |one: &Query| {
        let value = one.exact.as_ref().map(|exact| json!({"exact": exact}));
        map([("name", Some(json!(one.name))), ("match", value)])
    };
    let queries = (!route.queries.is_empty()).then(|| route.queries.iter().map(query).collect());
    map([
        ("prefix", prefix),
        ("path", path),
        ("hostname", host),
        ("method", route.method.map(|method| json!(method))),
        ("scheme", route.scheme.map(|scheme| json!(scheme))),
        ("headers", headers),
        ("queryParameters", queries),
        ("port", route.port.map(Value::from)),
    ])
}

fn header(header: &Header) -> Value {
    let value = header.value.as_ref().map(|value| match value {
        HeaderValue::Exact(text) => json!({"exact": text}),
        HeaderValue::Prefix(text) => json!({"prefix": text}),
        HeaderValue::Suffix(text) => json!({"suffix": text}),
        HeaderValue::Regex(text) => json!({"regex": text}),
        HeaderValue::Range(start, end) => json!({"range": {"start": start, "end": end}}),
    });
    map([("name", Some(json!(header.name))), ("match", value), ("invert", header.invert.then_some(Value::Bool(true)))])
}

impl Route {
    /// The key under which a route of this type stands.
    fn kind(&self, protocol: Protocol) -> &'static str {
        match (&self.call, protocol) {
            (Some(_), _) => "grpcRoute",
            (None, Protocol::Http) => "httpRoute",
            (None, _) => "http2Route",
        }
    }
}
