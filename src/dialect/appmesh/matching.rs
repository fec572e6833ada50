//! What the routes of App Mesh match, as sets of requests, and their order.
//!
//! Facts about matchers: measured on Envoy 1.36 to 1.40. Facts about order: App Mesh user guide (routes, gateway routes).

use std::sync::Arc;

use crate::mesh::{self, Destination, Name};
use crate::route::{Atom, Automaton, Cube, Dimension, Lang, PathRewrite, Rank, RequestSet, Term, Values};

use crate::source::Span;

use super::model::{
    DefaultRewrite, Field, GatewayRoute, GrpcGatewayMatch, GrpcMatch, HeaderMatch, HeaderValue, HostnameMatch,
    HostnameRewrite, HttpGatewayAction, HttpGatewayMatch, HttpGatewayRoute, HttpMatch, HttpRoute, List, PathMatch,
    QueryMatch, Route, Text,
};

/// The requests that a match takes; `None` where it is not known, or where a part is reported by itself.
type Matches = Option<RequestSet>;

/// A route of a router; `None` for one without a name, or without exactly one type, which is reported by itself.
pub(super) fn route(model: &Route, destinations: Vec<Destination>) -> Option<mesh::Route> {
    let name = model.name.known()?.clone();
    let grpc_parts = model.grpc_route.known().map(|route| {
        let known = route.matching.known();
        Parts {
            protocol: "grpcRoute",
            match_span: route.matching.key,
            matches: known.and_then(|matching| grpc(matching)),
            prefix: None,
            host: None,
            is_host_open: false,
            port: known.map(|matching| &matching.port),
            path_rewrite: Some(PathRewrite::Keep),
            host_rewrite: Some(false),
        }
    });
    let parts = [http_parts("httpRoute", &model.http_route), http_parts("http2Route", &model.http2_route), grpc_parts];
    only(parts)?.into_route(name, model.name.span, &model.priority, destinations)
}

fn http_parts<'m>(protocol: &'static str, route: &'m Field<Box<HttpRoute>>) -> Option<Parts<'m>> {
    let matching = &route.known()?.matching;
    let known = matching.known();
    Some(Parts {
        protocol,
        match_span: matching.key,
        matches: known.and_then(|matching| http(matching)),
        prefix: known.and_then(|matching| matching.prefix.known()),
        host: None,
        is_host_open: false,
        port: known.map(|matching| &matching.port),
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
            matches: known.and_then(|matching| grpc_gateway(matching)),
            prefix: None,
            host: host_text(known.map(|matching| &matching.hostname)),
            is_host_open: known.is_none_or(|matching| is_host_open(&matching.hostname)),
            port: known.map(|matching| &matching.port),
            path_rewrite: Some(PathRewrite::Keep),
            host_rewrite: rewrite_of(&route.action, |action| &action.rewrite)
                .and_then(|rewrite| host_rewrite(rewrite.map(|rewrite| &rewrite.hostname))),
        }
    });
    let http = [("httpRoute", &model.http_route), ("http2Route", &model.http2_route)];
    let [http, http2] = http.map(|(protocol, route)| gateway_parts(protocol, route));
    only([http, http2, grpc_parts])?.into_route(name, span, &model.priority, destinations)
}

fn gateway_parts<'m>(protocol: &'static str, route: &'m Field<Box<HttpGatewayRoute>>) -> Option<Parts<'m>> {
    let route = route.known()?;
    let (matching, action) = (&route.matching, &route.action);
    let known = matching.known();
    Some(Parts {
        protocol,
        match_span: matching.key,
        matches: known.and_then(|matching| http_gateway(matching)),
        prefix: known.and_then(|matching| matching.prefix.known()),
        host: host_text(known.map(|matching| &matching.hostname)),
        is_host_open: known.is_none_or(|matching| is_host_open(&matching.hostname)),
        port: known.map(|matching| &matching.port),
        path_rewrite: known.and_then(|matching| path_rewrite(matching, action.known().map(AsRef::as_ref))),
        host_rewrite: rewrite_of(action, |action| &action.rewrite)
            .and_then(|rewrite| host_rewrite(rewrite.map(|rewrite| &rewrite.hostname))),
    })
}

/// What the types of routes have in common.
struct Parts<'m> {
    protocol: &'static str,
    match_span: Span,
    matches: Matches,
    prefix: Option<&'m Text>,
    host: Option<Box<str>>,
    is_host_open: bool,
    port: Option<&'m Field<i64>>,
    path_rewrite: Option<PathRewrite>,
    host_rewrite: Option<bool>,
}

fn only<T, const N: usize>(parts: [Option<T>; N]) -> Option<T> {
    let mut parts = parts.into_iter().flatten();
    parts.next().filter(|_| parts.next().is_none())
}

impl Parts<'_> {
    fn into_route(
        self,
        name: Name,
        span: Span,
        priority: &Field<i64>,
        destinations: Vec<Destination>,
    ) -> Option<mesh::Route> {
        let port = self.port.and_then(|port| port.known().copied());
        let has_unknown_port = self.port.is_none_or(|field| !field.is_absent() && port.is_none());
        Some(mesh::Route {
            name,
            span,
            match_span: if self.match_span.is_empty() { span } else { self.match_span },
            protocol: self.protocol,
            matches: self.matches.filter(|_| !has_unknown_port),
            rank: rank(priority, self.prefix),
            host: self.host,
            is_host_open: self.is_host_open,
            port,
            path_rewrite: self.path_rewrite,
            host_rewrite: self.host_rewrite,
            destinations,
        })
    }
}

/// What becomes of the path: a matched prefix becomes `/` unless the route says otherwise, a path stays. App Mesh user
/// guide, virtual gateways.
fn path_rewrite(matching: &HttpGatewayMatch, action: Option<&HttpGatewayAction>) -> Option<PathRewrite> {
    let rewrite = optional(&action?.rewrite)?;
    let (prefix, path) = match rewrite {
        Some(rewrite) => (optional(&rewrite.prefix)?, optional(&rewrite.path)?),
        None => (None, None),
    };
    if let Some(path) = path {
        return Some(PathRewrite::Exact(text(&path.exact)??.into()));
    }
    let Some(from) = text(&matching.prefix)? else { return Some(PathRewrite::Keep) };
    let value = prefix.map_or(Some(None), |prefix| text(&prefix.value))?;
    let default = prefix.map_or(Some(None), |prefix| optional(&prefix.default_prefix))?;
    match (value, default) {
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

/// What an http or http2 route of a router matches.
fn http(matching: &HttpMatch) -> Matches {
    // A route without prefix and path is refused, and reported by itself.
    if matching.prefix.is_absent() && matching.path.is_absent() {
        return None;
    }
    let mut cube = path(&matching.prefix, &matching.path)?;
    narrow(&mut cube, Dimension::Method, word(&matching.method, |method| method.word())?);
    narrow(&mut cube, Dimension::Scheme, word(&matching.scheme, |scheme| scheme.word())?);
    headers(&mut cube, &matching.headers)?;
    queries(&mut cube, &matching.query_parameters)?;
    Some(RequestSet::of(cube))
}

/// What an http or http2 gateway route matches.
fn http_gateway(matching: &HttpGatewayMatch) -> Matches {
    let mut cube = path(&matching.prefix, &matching.path)?;
    narrow(&mut cube, Dimension::Host, host(&matching.hostname)?);
    narrow(&mut cube, Dimension::Method, word(&matching.method, |method| method.word())?);
    headers(&mut cube, &matching.headers)?;
    queries(&mut cube, &matching.query_parameters)?;
    Some(RequestSet::of(cube))
}

/// What a gRPC route of a router matches.
fn grpc(matching: &GrpcMatch) -> Matches {
    let service = text(&matching.service_name)?;
    let method = text(&matching.method_name)?;
    let mut cube = call(service, method)?;
    headers(&mut cube, &matching.metadata)?;
    Some(RequestSet::of(cube))
}

/// What a gRPC gateway route matches.
fn grpc_gateway(matching: &GrpcGatewayMatch) -> Matches {
    let mut cube = call(text(&matching.service_name)?, None)?;
    narrow(&mut cube, Dimension::Host, host(&matching.hostname)?);
    headers(&mut cube, &matching.metadata)?;
    Some(RequestSet::of(cube))
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
    !hostname.is_absent() && !matches!(host(hostname), Some(Some(_)))
}

/// The rewrite of an action, where it has one; `None` outside where that is not known.
#[expect(clippy::option_option, reason = "not known and not written are two things")]
fn rewrite_of<A, R>(action: &Field<Box<A>>, rewrite: impl Fn(&A) -> &Field<Box<R>>) -> Option<Option<&R>> {
    Some(optional(rewrite(action.known()?))?.map(AsRef::as_ref))
}

fn narrow(cube: &mut Cube, dimension: Dimension, values: Option<Values>) {
    if let Some(values) = values {
        cube.narrow(dimension, &values);
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

#[expect(clippy::option_option, reason = "not known and not written are two things")]
fn word<T>(field: &Field<T>, word: impl Fn(&T) -> &'static str) -> Option<Option<Values>> {
    Some(optional(field)?.map(|value| Values::of(Atom::Exact(word(value).into()))))
}

fn path(prefix: &Field<Text>, path: &Field<Box<PathMatch>>) -> Option<Cube> {
    // Both together are refused, and reported by themselves.
    if !prefix.is_absent() && !path.is_absent() {
        return None;
    }
    let mut cube = Cube::all();
    if let Some(prefix) = text(prefix)? {
        cube.narrow(Dimension::Path, &Values::of(Atom::Prefix(prefix.into())));
    }
    if let Some(path) = optional(path)? {
        if let Some(exact) = text(&path.exact)? {
            cube.narrow(Dimension::Path, &Values::of(Atom::Exact(exact.into())));
        }
        if let Some(pattern) = text(&path.regex)? {
            cube.narrow(Dimension::Path, &Values::of(regex(pattern)?));
        }
    }
    Some(cube)
}

/// A gRPC call is a request with a content type of its own, to a path made of service and method.
fn call(service: Option<&str>, method: Option<&str>) -> Option<Cube> {
    let mut cube =
        Cube::all().with(Dimension::Header("content-type".into()), Values::of(regex("application/grpc(\\+.*)?")?));
    match (service, method) {
        (Some(service), Some(method)) => {
            cube.narrow(Dimension::Path, &Values::of(Atom::Exact(format!("/{service}/{method}").into())));
        }
        (Some(service), None) => cube.narrow(Dimension::Path, &Values::of(Atom::Prefix(format!("/{service}/").into()))),
        (None, _) => {}
    }
    Some(cube)
}

#[expect(clippy::option_option, reason = "not known and not written are two things")]
fn host(field: &Field<Box<HostnameMatch>>) -> Option<Option<Values>> {
    let Some(hostname) = optional(field)? else { return Some(None) };
    let lower = |name: &Name| name.as_known().map(|name| name.to_ascii_lowercase().into_boxed_str());
    let exact = optional(&hostname.exact)?.map(|name| lower(name).map(Atom::Exact));
    let suffix = optional(&hostname.suffix)?.map(|name| lower(name).map(Atom::Suffix));
    match (exact, suffix) {
        (Some(atom), None) | (None, Some(atom)) => Some(Some(Values::of(atom?))),
        // None or both are reported by themselves.
        _ => None,
    }
}

fn headers(cube: &mut Cube, list: &Field<List<Box<HeaderMatch>>>) -> Option<()> {
    let Some(list) = optional(list)? else { return Some(()) };
    if list.open {
        return None;
    }
    for header in &list.items {
        let header = header.known()?;
        let name = header.name.known()?.to_ascii_lowercase();
        let invert = optional(&header.invert)?.copied().unwrap_or(false);
        let values = match optional(&header.matching)? {
            None if invert => Values::absent(),
            None => Values::present(),
            Some(value) => {
                let (atom, negated) = (value_of(value)?, invert);
                // A header that is not there fails every condition on its value, inverted or not.
                Values::of(Lang::all().with(Term { atom, negated }))
            }
        };
        // The header `host` is the authority.
        let dimension = if name == "host" { Dimension::Host } else { Dimension::Header(name.into()) };
        cube.narrow(dimension, &values);
    }
    Some(())
}

fn value_of(value: &HeaderValue) -> Option<Atom> {
    let mut found = Vec::new();
    found.extend(text(&value.exact)?.map(|text| Some(Atom::Exact(text.into()))));
    found.extend(text(&value.prefix)?.map(|text| Some(Atom::Prefix(text.into()))));
    found.extend(text(&value.suffix)?.map(|text| Some(Atom::Suffix(text.into()))));
    found.extend(text(&value.regex)?.map(regex));
    if let Some(range) = optional(&value.range)? {
        found.push(regex(&integers(*range.start.known()?, *range.end.known()?)?));
    }
    // None or several are reported by themselves.
    match &mut found[..] {
        [atom] => atom.take(),
        _ => None,
    }
}

fn queries(cube: &mut Cube, list: &Field<List<Box<QueryMatch>>>) -> Option<()> {
    let Some(list) = optional(list)? else { return Some(()) };
    if list.open {
        return None;
    }
    for parameter in &list.items {
        let parameter = parameter.known()?;
        let name: Box<str> = (**parameter.name.known()?).into();
        let exact = match optional(&parameter.matching)? {
            Some(value) => Some(text(&value.exact)??),
            None => None,
        };
        let values = exact.map_or_else(Values::present, |exact| Values::of(Atom::Exact(exact.into())));
        cube.narrow(Dimension::Query(name), &values);
    }
    Some(())
}

/// A regex as an atom; `None` for one that RE2 refuses, or whose automaton grows too large.
fn regex(pattern: &str) -> Option<Atom> {
    Some(Atom::Regex(Arc::new(Automaton::of(pattern).ok()?)))
}

/// The pattern of the decimal integers from `start` to before `end`, as a header's range reads them: a sign and leading zeros are
/// allowed. `None` for an empty range, which is reported by itself.
fn integers(start: i64, end: i64) -> Option<String> {
    let last = end.checked_sub(1)?;
    if start > last {
        return None;
    }
    let mut parts = Vec::new();
    if start < 0 {
        let (least, greatest) = (last.min(-1).unsigned_abs(), start.unsigned_abs());
        parts.push(format!("-0*(?:{})", naturals(least, greatest).join("|")));
        if last >= 0 {
            parts.push("-0+".to_owned());
        }
    } else if start == 0 {
        parts.push("-0+".to_owned());
    }
    if last >= 0 {
        let least = start.max(0).unsigned_abs();
        parts.push(format!("\\+?0*(?:{})", naturals(least, last.unsigned_abs()).join("|")));
    }
    Some(parts.join("|"))
}

/// Patterns of the numbers from `least` to `greatest`, without leading zeros.
fn naturals(least: u64, greatest: u64) -> Vec<String> {
    // Split where the last digits fill up: 7 to 123 is 7-9, 10-99, 100-119, 120-123.
    let mut bounds = vec![greatest];
    for power in (1..20).map_while(|power| 10_u64.checked_pow(power)) {
        let up = (least / power).saturating_mul(power).saturating_add(power - 1);
        let down = (greatest.saturating_add(1) / power).saturating_mul(power).wrapping_sub(1);
        bounds.extend([up, down].into_iter().filter(|bound| *bound >= least && *bound < greatest));
    }
    bounds.sort_unstable();
    bounds.dedup();
    let mut from = least;
    let mut parts = Vec::new();
    for to in bounds {
        let (low, high) = (from.to_string(), to.to_string());
        let digits = low.bytes().zip(high.bytes()).map(|(a, b)| match (a as char, b as char) {
            (a, b) if a == b => a.to_string(),
            (a, b) => format!("[{a}-{b}]"),
        });
        parts.push(digits.collect());
        from = to.saturating_add(1);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_what_counting_says() {
        for (start, end) in
            [(0, 1), (7, 124), (-5, 3), (-120, -9), (0, 1000), (99, 101), (10, 20), (-1, 0), (1, 2), (995, 1006)]
        {
            let atom = integers(start, end).as_deref().and_then(regex).unwrap();
            let accepts = |text: &str| atom.accepts(text.as_bytes());
            for number in -1100_i64..1100 {
                let inside = (start..end).contains(&number);
                assert_eq!(accepts(&number.to_string()), inside, "{number} in {start} to {end}");
                if number >= 0 {
                    assert_eq!(accepts(&format!("+00{number}")), inside, "+00{number} in {start} to {end}");
                }
            }
            for wrong in ["", "1.5", "0x1", "1e1", "1a", " 1", "--1", "+"] {
                assert!(!accepts(wrong), "{wrong}");
            }
        }
        assert_eq!(integers(5, 5), None);
        assert_eq!(integers(i64::MIN, i64::MIN), None);
    }
}
