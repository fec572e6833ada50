//! The routes of App Mesh: what they match, their order, and what becomes of their requests.
//!
//! Facts about order: App Mesh user guide (routes, gateway routes).

use crate::mesh::{self, Destination, Name, Port};
use crate::route::{PathRewrite, Rank};
use crate::source::Span;

use super::condition::Conditions;
use super::model::{
    DefaultRewrite, Field, GatewayRoute, HostnameMatch, HostnameRewrite, HttpGatewayAction, HttpGatewayMatch,
    HttpGatewayRoute, HttpRoute, Route, Text,
};

/// The one type of route that takes connections.
const TCP: &str = "tcpRoute";

/// A route of a router; `None` for one without a name, or without exactly one type, which is reported by itself.
pub(super) fn route(model: &Route, item: usize, destinations: Vec<Destination>) -> Option<mesh::Route> {
    let name = model.name.known()?.clone();
    let grpc_parts = model.grpc_route.known().map(|route| {
        let known = route.matching.known();
        Parts {
            protocol: "grpcRoute",
            match_span: route.matching.key,
            conditions: known.map(|matching| Conditions::of_grpc(matching, route.matching.key)),
            prefix: None,
            host: None,
            is_host_open: false,
            port: known.map_or(Port::Open, |matching| port(&matching.port)),
            path_rewrite: Some(PathRewrite::Keep),
            host_rewrite: Some(false),
        }
    });
    let tcp_parts = model.tcp_route.known().map(|route| Parts {
        protocol: TCP,
        match_span: route.matching.key,
        conditions: None,
        prefix: None,
        host: None,
        is_host_open: false,
        port: if route.matching.is_absent() {
            Port::Absent
        } else {
            route.matching.known().map_or(Port::Open, |matching| port(&matching.port))
        },
        path_rewrite: Some(PathRewrite::Keep),
        host_rewrite: Some(false),
    });
    let http = [("httpRoute", &model.http_route), ("http2Route", &model.http2_route)];
    let [http, http2] = http.map(|(protocol, route)| http_parts(protocol, route));
    let parts = only([http, http2, grpc_parts, tcp_parts])?;
    Some(mesh::Route { item, ..parts.into_route(name, model.name.span, &model.priority, destinations) })
}

fn http_parts<'m>(protocol: &'static str, route: &'m Field<Box<HttpRoute>>) -> Option<Parts<'m>> {
    let matching = &route.known()?.matching;
    let known = matching.known();
    Some(Parts {
        protocol,
        match_span: matching.key,
        conditions: known.map(|matching| Conditions::of_http(matching)),
        prefix: known.and_then(|matching| matching.prefix.known()),
        host: None,
        is_host_open: false,
        port: known.map_or(Port::Open, |matching| port(&matching.port)),
        path_rewrite: Some(PathRewrite::Keep),
        host_rewrite: Some(false),
    })
}

/// The route that a gateway route is; `None` for one without exactly one type, which is reported by itself.
pub(super) fn gateway_route(
    model: &GatewayRoute,
    name: Name,
    span: Span,
    destinations: Vec<Destination>,
) -> Option<mesh::Route> {
    let grpc_parts = model.grpc_route.known().map(|route| {
        let known = route.matching.known();
        Parts {
            protocol: "grpcRoute",
            match_span: route.matching.key,
            conditions: known.map(|matching| Conditions::of_grpc_gateway(matching, route.matching.key)),
            prefix: None,
            host: host_text(known.map(|matching| &matching.hostname)),
            is_host_open: known.is_none_or(|matching| is_host_open(&matching.hostname)),
            port: known.map_or(Port::Open, |matching| port(&matching.port)),
            path_rewrite: Some(PathRewrite::Keep),
            host_rewrite: rewrite_of(&route.action, |action| &action.rewrite)
                .and_then(|rewrite| host_rewrite(rewrite.map(|rewrite| &rewrite.hostname))),
        }
    });
    let http = [("httpRoute", &model.http_route), ("http2Route", &model.http2_route)];
    let [http, http2] = http.map(|(protocol, route)| gateway_parts(protocol, route));
    Some(only([http, http2, grpc_parts])?.into_route(name, span, &model.priority, destinations))
}

fn gateway_parts<'m>(protocol: &'static str, route: &'m Field<Box<HttpGatewayRoute>>) -> Option<Parts<'m>> {
    let route = route.known()?;
    let (matching, action) = (&route.matching, &route.action);
    let known = matching.known();
    Some(Parts {
        protocol,
        match_span: matching.key,
        conditions: known.map(|matching| Conditions::of_http_gateway(matching)),
        prefix: known.and_then(|matching| matching.prefix.known()),
        host: host_text(known.map(|matching| &matching.hostname)),
        is_host_open: known.is_none_or(|matching| is_host_open(&matching.hostname)),
        port: known.map_or(Port::Open, |matching| port(&matching.port)),
        path_rewrite: known.and_then(|matching| path_rewrite(matching, action.known().map(AsRef::as_ref))),
        host_rewrite: rewrite_of(action, |action| &action.rewrite)
            .and_then(|rewrite| host_rewrite(rewrite.map(|rewrite| &rewrite.hostname))),
    })
}

/// What the types of routes have in common.
struct Parts<'m> {
    protocol: &'static str,
    match_span: Span,
    conditions: Option<Conditions>,
    prefix: Option<&'m Text>,
    host: Option<Box<str>>,
    is_host_open: bool,
    port: Port,
    path_rewrite: Option<PathRewrite>,
    host_rewrite: Option<bool>,
}

fn only<T, const N: usize>(parts: [Option<T>; N]) -> Option<T> {
    let mut parts = parts.into_iter().flatten();
    parts.next().filter(|_| parts.next().is_none())
}

impl Parts<'_> {
    fn into_route(self, name: Name, span: Span, priority: &Field<i64>, destinations: Vec<Destination>) -> mesh::Route {
        let matches = self.conditions.as_ref().and_then(Conditions::matches);
        mesh::Route {
            name,
            item: 0,
            span,
            match_span: if self.match_span.is_empty() { span } else { self.match_span },
            protocol: self.protocol,
            is_for_connections: self.protocol == TCP,
            matches: matches.filter(|_| self.port != Port::Open),
            conditions: self.conditions.map(|all| all.known).unwrap_or_default(),
            rank: rank(priority, self.prefix),
            host: self.host,
            is_host_open: self.is_host_open,
            port: self.port,
            path_rewrite: self.path_rewrite,
            host_rewrite: self.host_rewrite,
            destinations,
        }
    }
}

/// What becomes of the path: a matched prefix becomes `/` unless the route says otherwise, a path stays. App Mesh user
/// guide, virtual gateways. A rewrite that does not suit its match is reported by itself.
fn path_rewrite(matching: &HttpGatewayMatch, action: Option<&HttpGatewayAction>) -> Option<PathRewrite> {
    let rewrite = optional(&action?.rewrite)?;
    let (prefix, path) = match rewrite {
        Some(rewrite) => (optional(&rewrite.prefix)?, optional(&rewrite.path)?),
        None => (None, None),
    };
    if prefix.is_some() && !matching.path.is_absent() || path.is_some() && matching.path.is_absent() {
        return None;
    }
    if let Some(path) = path {
        return Some(PathRewrite::Exact(text(&path.exact)??.into()));
    }
    let Some(from) = text(&matching.prefix)? else { return Some(PathRewrite::Keep) };
    let value = prefix.map_or(Some(None), |prefix| text(&prefix.value))?;
    let default = prefix.map_or(Some(None), |prefix| optional(&prefix.default_prefix))?;
    match (value, default) {
        (Some(to), _) if !to.starts_with('/') || !to.ends_with('/') => None,
        (Some(to), _) => Some(PathRewrite::Prefix { from: from.into(), to: to.into() }),
        (None, Some(DefaultRewrite::Disabled)) => Some(PathRewrite::Keep),
        (None, _) => Some(PathRewrite::Prefix { from: from.into(), to: "/".into() }),
    }
}

/// Whether the host becomes the name of the virtual service, which it does unless the route says otherwise.
fn host_rewrite(hostname: Option<&Field<Box<HostnameRewrite>>>) -> Option<bool> {
    let Some(hostname) = hostname else { return Some(true) };
    let default = match optional(hostname)? {
        Some(hostname) => optional(&hostname.default_target_hostname)?.copied(),
        None => None,
    };
    Some(default != Some(DefaultRewrite::Disabled))
}

/// The place of a route: smaller priorities first, routes without one behind all others, of one priority the longer of two
/// prefixes first, and nothing else. Whether a route without priority comes behind one of priority 1000 is not documented.
fn rank(priority: &Field<i64>, prefix: Option<&Text>) -> Rank {
    let length = prefix.and_then(|prefix| u32::try_from(prefix.len()).ok());
    match (priority.known(), priority.is_absent()) {
        (Some(priority), _) => match u32::try_from(*priority) {
            Ok(tier) => Rank::Tier { least: tier, greatest: tier, length },
            Err(_) => Rank::Unknown,
        },
        (None, true) => Rank::Tier { least: 1000, greatest: 1001, length },
        (None, false) => Rank::Unknown,
    }
}

/// The condition of a route on the host as text, to tell realms apart.
fn host_text(hostname: Option<&Field<Box<HostnameMatch>>>) -> Option<Box<str>> {
    let hostname = hostname?.known()?;
    let lower = |kind: &str, name: &Name| format!("{kind} {}", name.as_str().to_ascii_lowercase()).into_boxed_str();
    let exact = hostname.exact.known().map(|name| lower("exact", name));
    exact.or_else(|| hostname.suffix.known().map(|name| lower("suffix", name)))
}

/// Whether there is a condition on the host that is not known as text.
fn is_host_open(hostname: &Field<Box<HostnameMatch>>) -> bool {
    let is_read = |hostname: &HostnameMatch| {
        let known = [&hostname.exact, &hostname.suffix].map(|name| name.known().is_some_and(|name| !name.is_open()));
        let is_absent = [&hostname.exact, &hostname.suffix].map(Field::is_absent);
        (known[0] && is_absent[1]) || (known[1] && is_absent[0])
    };
    !hostname.is_absent() && !hostname.known().is_some_and(|hostname| is_read(hostname))
}

/// The rewrite of an action, where it has one; `None` outside where that is not known.
#[expect(clippy::option_option, reason = "not known and not written are two things")]
fn rewrite_of<A, R>(action: &Field<Box<A>>, rewrite: impl Fn(&A) -> &Field<Box<R>>) -> Option<Option<&R>> {
    Some(optional(rewrite(action.known()?))?.map(AsRef::as_ref))
}

/// A port that may be left out.
pub(super) fn port(field: &Field<i64>) -> Port {
    match (field.known(), field.is_absent()) {
        (Some(port), _) => Port::Known(*port),
        (None, true) => Port::Absent,
        (None, false) => Port::Open,
    }
}

/// A field that may be left out; `None` outside where it is written and not known.
#[expect(clippy::option_option, reason = "not known and not written are two things")]
fn text(field: &Field<Text>) -> Option<Option<&str>> {
    optional(field).map(|text| text.map(|text| &**text))
}

#[expect(clippy::option_option, reason = "not known and not written are two things")]
fn optional<T>(field: &Field<T>) -> Option<Option<&T>> {
    match (field.known(), field.is_absent()) {
        (Some(value), _) => Some(Some(value)),
        (None, true) => Some(None),
        (None, false) => None,
    }
}
