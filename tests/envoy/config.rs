//! Tables of Envoy, made from what was drawn and from what the documents of App Mesh say about order and hosts; nothing
//! here asks meshlint.
//!
//! What the documents leave open is drawn: routes that are in no order come in several orders, whether a route without a
//! priority is of priority 1000 or comes after it, and whether the routes of all hosts share one virtual host.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use serde_json::{Value, json};

use super::model::{Behind, Drawn, Header, HeaderValue, Host, Path, PathRewrite, Query, Route, service_host};
use super::random::Random;

/// The header that says which table a request is for.
pub(crate) const TABLE: &str = "x-oracle-table";
/// The header that says in which of its variants the table of a router is asked, behind a gateway.
pub(crate) const INNER: &str = "x-oracle-inner";
/// The header of an answer with the name of the gateway route.
pub(crate) const GATEWAY_ROUTE: &str = "x-oracle-gateway-route";
/// The header of an answer with what came to the router: the host, and the path with the query.
pub(crate) const ARRIVED: &str = "x-oracle-arrived";
/// The header of an answer with the name of the route.
pub(crate) const ROUTE: &str = "x-oracle-route";

/// One way to write a table down.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Variant {
    /// Whether each distinct host is a virtual host of its own.
    pub(crate) is_partitioned: bool,
    pub(crate) order: Order,
}

/// Where the documents leave an order open.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Order {
    /// Drawn.
    Any,
    /// The one that was drawn, from its end.
    Reversed,
    /// This route is as early as it may be.
    First(String),
}

impl Variant {
    /// A name for it.
    pub(crate) fn name(&self) -> String {
        let hosts = if self.is_partitioned { "apart" } else { "flat" };
        match &self.order {
            Order::Any => format!("{hosts}-any"),
            Order::Reversed => format!("{hosts}-reversed"),
            Order::First(name) => format!("{hosts}-{name}"),
        }
    }
}

/// The routes of a port in an order that a variant allows.
fn ordered<'t>(routes: Vec<&'t Route>, variant: &Variant, random: &mut Random) -> Vec<&'t Route> {
    let mut routes = routes;
    random.shuffle(&mut routes);
    // A route without a priority is of the last one in one reading, and comes after it in the other.
    let mut last = if random.below(2) == 0 { 1000 } else { 1001 };
    let mut favoured = None;
    match &variant.order {
        Order::Any => {}
        Order::Reversed => {
            routes.reverse();
            last = 2001 - last;
        }
        Order::First(name) => {
            favoured = routes.iter().find(|route| route.name == *name).copied();
            match favoured.map(|route| route.priority) {
                Some(None) => last = 1000,
                Some(Some(1000)) => last = 1001,
                _ => {}
            }
        }
    }
    let mut tiers: BTreeMap<u16, Vec<&Route>> = BTreeMap::new();
    for route in routes {
        tiers.entry(route.priority.unwrap_or(last)).or_default().push(route);
    }
    tiers.into_values().flat_map(|tier| within_tier(tier, favoured)).collect()
}

/// Among routes of one priority the longer of two prefixes comes first; nothing else is said.
fn within_tier<'t>(tier: Vec<&'t Route>, favoured: Option<&'t Route>) -> Vec<&'t Route> {
    let length = |route: &Route| match &route.path {
        Some(Path::Prefix(prefix)) => Some(prefix.len()),
        _ => None,
    };
    let is_favoured = |route: &&&Route| favoured.is_some_and(|favoured| std::ptr::eq(**route, favoured));
    let Some(first) = tier.iter().find(is_favoured).copied() else {
        let mut prefixes: Vec<_> = tier.iter().copied().filter(|route| length(route).is_some()).collect();
        prefixes.sort_by_key(|route| std::cmp::Reverse(length(route)));
        let mut prefixes = prefixes.into_iter();
        // The places of the prefixes stay, and the longest takes the first.
        let place = |route: &'t Route| if length(route).is_some() { prefixes.next() } else { Some(route) };
        return tier.into_iter().filter_map(place).collect();
    };
    let must_precede = |route: &&Route| length(first).is_some_and(|own| length(route) > Some(own));
    let (before, after): (Vec<_>, Vec<_>) =
        tier.into_iter().filter(|route| !std::ptr::eq(*route, first)).partition(|route| must_precede(route));
    within_tier(before, None).into_iter().chain([first]).chain(within_tier(after, None)).collect()
}

/// The name of the table of a router's or gateway's port. A gateway is `None`.
pub(crate) fn table_name(case: usize, router: Option<usize>, port: u16) -> String {
    match router {
        Some(router) => format!("{case}-r{router}-{port}-"),
        None => format!("{case}-gateway-{port}-"),
    }
}

/// A table of Envoy under a name of its own.
pub(crate) fn scope(
    drawn: &Drawn,
    (case, router, port): (usize, Option<usize>, u16),
    variant: &Variant,
    random: &mut Random,
) -> Value {
    let key = format!("{}{}", table_name(case, router, port), variant.name());
    let table = match router {
        Some(router) => &drawn.behind.routers()[router],
        None => drawn.gateway.as_ref().expect("a table of a gateway"),
    };
    let here = table.routes.iter().filter(|route| route.port.is_none_or(|own| own == port)).collect();
    let action = |route: &Route| action(drawn, case, router.is_none(), route);
    let hosts = virtual_hosts(&ordered(here, variant, random), variant, action);
    json!({
        "name": key,
        "key": {"fragments": [{"string_key": key}]},
        "route_configuration": {"name": key, "virtual_hosts": hosts},
    })
}

fn virtual_hosts(routes: &[&Route], variant: &Variant, action: impl Fn(&Route) -> Value) -> Value {
    let entry = |route: &Route| {
        let mut entry = action(route);
        entry["match"] = matching(route, !variant.is_partitioned);
        entry
    };
    if !variant.is_partitioned {
        let all: Vec<_> = routes.iter().map(|route| entry(route)).collect();
        return json!([{"name": "all", "domains": ["*"], "routes": all}]);
    }
    let mut hosts: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for route in routes {
        let domain = match &route.host {
            None => "*".to_owned(),
            Some(Host::Exact(host)) => host.to_ascii_lowercase(),
            Some(Host::Suffix(suffix)) => format!("*{}", suffix.to_ascii_lowercase()),
        };
        hosts.entry(domain).or_default().push(entry(route));
    }
    hosts.into_iter().map(|(host, routes)| json!({"name": host, "domains": [host], "routes": routes})).collect()
}

fn action(drawn: &Drawn, case: usize, is_gateway: bool, route: &Route) -> Value {
    let header = |name: &str, value: &str| json!({"header": {"key": name, "value": value}});
    let told = |name: &str| json!([header(name, &route.name)]);
    let Behind::Routers(routers) = &drawn.behind else {
        return json!({"direct_response": {"status": 200}, "response_headers_to_add": told(GATEWAY_ROUTE)});
    };
    if !is_gateway {
        let told = [header(ROUTE, &route.name), header(ARRIVED, "%REQ(:AUTHORITY)%%REQ(:PATH)%")];
        return json!({"direct_response": {"status": 200}, "response_headers_to_add": told});
    }
    let (service, port) = route.target;
    let next = table_name(case, Some(service), port.unwrap_or(routers[service].ports[0]));
    let mut on = json!({"cluster": "self"});
    if !route.rewrite.keeps_host {
        on["host_rewrite_literal"] = json!(service_host(service));
    }
    if let Some((pattern, substitution)) = path_rewrite(route) {
        on["regex_rewrite"] = json!({"pattern": {"regex": pattern}, "substitution": substitution});
    }
    json!({
        "route": on,
        "request_headers_to_add": [{
            "header": {"key": TABLE, "value": format!("{next}%REQ({INNER})%")},
            "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
        }],
        "response_headers_to_add": told(GATEWAY_ROUTE),
    })
}

/// What becomes of the path, as Envoy can be told: a prefix becomes another one that ends in a slash, and the rest
/// follows without its leading slash. (Envoy's own `prefix_rewrite` would leave two.)
fn path_rewrite(route: &Route) -> Option<(String, String)> {
    let to = match (&route.rewrite.path, &route.path) {
        (PathRewrite::Exact(path), _) => return Some(("^.+$".to_owned(), path.clone())),
        (PathRewrite::Prefix(to), _) => to,
        (PathRewrite::Default, Some(Path::Prefix(_))) => "/",
        _ => return None,
    };
    let Some(Path::Prefix(from)) = &route.path else { return None };
    Some((format!("^{}/?", quoted(from)), to.to_owned()))
}

/// Text as a regex that matches it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::new();
    for one in text.chars() {
        if one.is_ascii_punctuation() && one != '/' && one != '_' {
            out.push('\\');
        }
        out.push(one);
    }
    out
}

fn matching(route: &Route, asks_host: bool) -> Value {
    let mut out = match (&route.path, &route.call) {
        (Some(Path::Prefix(text)), _) => json!({"prefix": text}),
        (Some(Path::Exact(text)), _) => json!({"path": text}),
        (Some(Path::Regex(text)), _) => json!({"safe_regex": {"regex": text}}),
        (None, Some(call)) => match (&call.service, &call.method) {
            (Some(service), Some(method)) => json!({"path": format!("/{service}/{method}")}),
            (Some(service), None) => json!({"prefix": format!("/{service}/")}),
            (None, _) => json!({"prefix": "/"}),
        },
        (None, None) => json!({"prefix": "/"}),
    };
    if route.call.is_some() {
        out["grpc"] = json!({});
    }
    let exact = |name: &str, text: &str| json!({"name": name, "string_match": {"exact": text}});
    let mut headers: Vec<Value> = route.headers.iter().map(header).collect();
    headers.extend(route.method.map(|method| exact(":method", method)));
    headers.extend(route.scheme.map(|scheme| exact(":scheme", scheme)));
    // Hosts are the same in capitals (RFC 9110 §4.2.3), whichever way they are looked for.
    let host = route.host.as_ref().filter(|_| asks_host).map(|host| match host {
        Host::Exact(text) => json!({"exact": text, "ignore_case": true}),
        Host::Suffix(text) => json!({"suffix": text, "ignore_case": true}),
    });
    headers.extend(host.map(|host| json!({"name": ":authority", "string_match": host})));
    out["headers"] = headers.into();
    out["query_parameters"] = route.queries.iter().map(query).collect();
    out
}

fn header(header: &Header) -> Value {
    let mut out = json!({"name": header.name, "invert_match": header.invert});
    let (key, value) = match &header.value {
        None => ("present_match", json!(true)),
        Some(HeaderValue::Exact(text)) => ("string_match", json!({"exact": text})),
        Some(HeaderValue::Prefix(text)) => ("string_match", json!({"prefix": text})),
        Some(HeaderValue::Suffix(text)) => ("string_match", json!({"suffix": text})),
        Some(HeaderValue::Regex(text)) => ("string_match", json!({"safe_regex": {"regex": text}})),
        Some(HeaderValue::Range(start, end)) => {
            ("range_match", json!({"start": start.to_string(), "end": end.to_string()}))
        }
    };
    out[key] = value;
    out
}

fn query(query: &Query) -> Value {
    match &query.exact {
        Some(text) => json!({"name": query.name, "string_match": {"exact": text}}),
        None => json!({"name": query.name, "present_match": true}),
    }
}

/// A whole configuration with one listener for all tables: a header of the request names its table. Gateways hand their
/// requests on to the same listener, under the name of the router's table.
pub(crate) fn bootstrap(scopes: &[Value], port: u16, _folder: &FilePath) -> Value {
    const KIND: &str = "type.googleapis.com/envoy.extensions.filters";
    let address = json!({"socket_address": {"address": "127.0.0.1", "port_value": port}});
    let manager = json!({
        "@type": format!("{KIND}.network.http_connection_manager.v3.HttpConnectionManager"),
        "stat_prefix": "tables",
        "generate_request_id": false,
        // As App Mesh sets its proxies up for matches on paths (user guide).
        "normalize_path": true,
        "merge_slashes": true,
        "http_filters": [{
            "name": "envoy.filters.http.router",
            "typed_config": {"@type": format!("{KIND}.http.router.v3.Router"), "suppress_envoy_headers": true},
        }],
        "scoped_routes": {
            "name": "tables",
            "scope_key_builder": {"fragments": [{"header_value_extractor": {"name": TABLE, "index": 0}}]},
            "scoped_route_configurations_list": {"scoped_route_configurations": scopes},
        },
    });
    let filter = json!({"name": "envoy.filters.network.http_connection_manager", "typed_config": manager});
    let end = json!({"endpoint": {"address": address}});
    json!({"static_resources": {
        "listeners": [{"name": "tables", "address": address, "filter_chains": [{"filters": [filter]}]}],
        "clusters": [{
            "name": "self",
            "type": "STATIC",
            "connect_timeout": "5s",
            "load_assignment": {"cluster_name": "self", "endpoints": [{"lb_endpoints": [end]}]},
        }],
    }})
}
