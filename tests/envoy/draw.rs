//! Random routes. Their texts come from few letters, so that they meet, shadow one another and miss each other by
//! a character.

use meshlint::route::re2;

use super::ask::PROTO;
use super::config::quoted;
use super::model::{
    Behind, Call, Drawn, Header, HeaderValue, Host, Path, PathRewrite, Protocol, Query, Rewrite, Route, Table,
};
use super::random::Random;

/// Routes of a router, of a gateway, or of both, by turns.
pub(crate) fn drawn(at: usize, random: &mut Random) -> Drawn {
    match at % 5 {
        0 | 1 => Drawn { gateway: None, behind: Behind::Routers(vec![table(Owner::Router(0), 1, random)]) },
        2 | 3 => {
            let services = 1 + random.below(3);
            Drawn { gateway: Some(table(Owner::Gateway(&[]), services, random)), behind: Behind::Nodes(services) }
        }
        _ => {
            let count = 1 + random.below(2);
            let protocol = protocol(random);
            let mut routers = Vec::new();
            for at in 0..count {
                routers.push(table_of(protocol, Owner::Router(at), 1, random));
            }
            let ports: Vec<_> = routers.iter().map(|router| router.ports.clone()).collect();
            let gateway = table_of(protocol, Owner::Gateway(&ports), count, random);
            Drawn { gateway: Some(gateway), behind: Behind::Routers(routers) }
        }
    }
}

/// Whose routes are drawn.
#[derive(Clone, Copy)]
enum Owner<'p> {
    /// With its number, so that no two routes of a drawing share a name.
    Router(usize),
    /// With the ports of the routers behind it; none where nodes provide the services.
    Gateway(&'p [Vec<u16>]),
}

fn chance(random: &mut Random, percent: usize) -> bool {
    random.below(100) < percent
}

fn one<T: Clone>(random: &mut Random, of: &[T]) -> T {
    random.pick(of).clone()
}

fn protocol(random: &mut Random) -> Protocol {
    one(random, &[Protocol::Http, Protocol::Http, Protocol::Http2, Protocol::Grpc])
}

fn table(owner: Owner<'_>, targets: usize, random: &mut Random) -> Table {
    let protocol = protocol(random);
    table_of(protocol, owner, targets, random)
}

fn table_of(protocol: Protocol, owner: Owner<'_>, targets: usize, random: &mut Random) -> Table {
    let first = if matches!(owner, Owner::Router(_)) { 9080 } else { 8080 };
    let ports: Vec<u16> = if chance(random, 12) { vec![first, first + 1] } else { vec![first] };
    let count = 1 + random.below(6);
    let mut routes: Vec<Route> = Vec::with_capacity(count);
    for at in 0..count {
        let mut route = route(protocol, owner, targets, &routes, random);
        route.name = match owner {
            Owner::Router(router) => format!("route-{router}-{at}"),
            Owner::Gateway(_) => format!("gate-{at}"),
        };
        // With several listeners every route has to name one.
        route.port = (ports.len() > 1 || chance(random, 10)).then(|| one(random, &ports));
        if let Owner::Gateway(behind) = owner {
            let ports = behind.get(route.target.0);
            route.target.1 = ports.filter(|ports| ports.len() > 1).map(|ports| one(random, ports));
        }
        routes.push(route);
    }
    Table { protocol, ports, routes }
}

fn route(protocol: Protocol, owner: Owner<'_>, targets: usize, others: &[Route], random: &mut Random) -> Route {
    let is_gateway = matches!(owner, Owner::Gateway(_));
    let mut route = match others {
        // A route is often a copy of another that was changed in one place.
        [_, ..] if chance(random, 30) => one(random, others),
        _ => fresh(protocol, is_gateway, random),
    };
    route.priority = one(random, &[None, None, None, Some(0), Some(1), Some(1), Some(7), Some(1000)]);
    route.target = (random.below(if is_gateway { targets } else { 3 }), None);
    match random.below(5) {
        0 => route.headers = headers(random),
        1 if route.call.is_none() => route.queries = queries(random),
        2 if route.call.is_none() => route.method = method(random),
        3 if route.call.is_none() => {
            let near = others.iter().filter_map(|other| other.path.as_ref()).collect::<Vec<_>>();
            route.path = Some(match near[..] {
                [_, ..] if chance(random, 60) => near_path(one(random, &near), random),
                _ => path(random),
            });
        }
        _ if is_gateway && chance(random, 50) => route.host = Some(host(random)),
        _ => {}
    }
    let is_bare = route.path.is_none() && route.call.as_ref().is_none_or(|call| call.service.is_none());
    // A gateway route without a path or a service has to have a host.
    if is_gateway && is_bare && route.host.is_none() {
        route.host = Some(host(random));
    }
    route.rewrite = if is_gateway { rewrite(&route, random) } else { Rewrite::default() };
    route
}

fn fresh(protocol: Protocol, is_gateway: bool, random: &mut Random) -> Route {
    let is_call = protocol == Protocol::Grpc && chance(random, 92);
    let call = is_call.then(|| {
        let service = chance(random, 80).then(|| one(random, &SERVICES).to_owned());
        let has_method = service.is_some() && !is_gateway && chance(random, 50);
        Call { service, method: has_method.then(|| one(random, &METHODS).to_owned()) }
    });
    let has_path = call.is_none() && !(is_gateway && chance(random, 15));
    let is_http = call.is_none();
    Route {
        name: String::new(),
        priority: None,
        port: None,
        path: has_path.then(|| path(random)),
        method: if is_http && chance(random, 15) { method(random) } else { None },
        scheme: (is_http && !is_gateway && protocol == Protocol::Http2 && chance(random, 15))
            .then(|| one(random, &["http", "http", "https"])),
        host: (is_gateway && chance(random, 35)).then(|| host(random)),
        headers: if chance(random, 40) { headers(random) } else { Vec::new() },
        queries: if is_http && chance(random, 20) { queries(random) } else { Vec::new() },
        call,
        target: (0, None),
        rewrite: Rewrite::default(),
    }
}

pub(crate) const SERVICES: [&str; 4] = ["p.S", "p.S2", "p.Other", "a.b"];
pub(crate) const METHODS: [&str; 3] = ["Get", "GetAll", "Put"];
pub(crate) const VERBS: [&str; 8] = ["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "TRACE"];

fn method(random: &mut Random) -> Option<&'static str> {
    // No request has it here: it would name no path.
    if chance(random, 5) {
        return Some("CONNECT");
    }
    Some(if chance(random, 50) { "GET" } else { one(random, &VERBS) })
}

/// Paths that are the same under every setting for normalisation.
const PATHS: [&str; 22] = [
    "/", "/", "/", "/a", "/a", "/a/", "/ab", "/ab/", "/a/b", "/a/b/", "/b", "/b/a", "/abc", "/a.b", "/a-b", "/A",
    "/a/B", "/a%20b", "/a+b", "/a/1", "/a/b/c", "/a;v=1",
];

/// Paths that no request has: without a slash at the beginning, or with a query.
/// And such as a proxy has set straight before.
const IMPOSSIBLE: [&str; 6] = ["a", "a/b", "/a?x=1", "/a//b", "/a/../b", "/./a"];

const PATTERNS: [&str; 32] = [
    "/.*",
    ".*",
    "/a/.*",
    "/a.*",
    "/ab?",
    "/[^/]+",
    "/[^/]*",
    "/a/[0-9]+",
    "/(a|b)/.*",
    "/a|/b",
    "(?i)/a",
    "(?i)/AB?/.*",
    "/[a-c]{1,3}",
    "/a/\\d+",
    "/a/[^b]*",
    "/\\w+",
    "/.*b",
    "/a/?",
    "/a(/.*)?",
    "/.*\\.b",
    "^/a$",
    "/a\\b.*",
    "/[[:alpha:]]+/b",
    "/a.b",
    "/[^a].*",
    "/(?:a|ab)(?:c|bc)?",
    "/a{2,}",
    "/.{2,5}",
    "/[\"<>^]+b?",
    "/a[%|].*",
    "/(?:[^/]+/)*b",
    "a.*",
];

fn path(random: &mut Random) -> Path {
    match random.below(100) {
        0..45 => Path::Prefix(one(random, &PATHS).to_owned()),
        45..65 => Path::Exact(one(random, &PATHS).to_owned()),
        65..80 => Path::Regex(one(random, &PATTERNS).to_owned()),
        80..97 => Path::Regex(grown(random, |random| format!("/{}", pattern(3, random)))),
        97 | 98 => Path::Prefix(one(random, &IMPOSSIBLE).to_owned()),
        _ => Path::Exact(one(random, &IMPOSSIBLE).to_owned()),
    }
}

/// A pattern that every Envoy takes: not much more than half as large as it may be.
fn grown(random: &mut Random, mut draw: impl FnMut(&mut Random) -> String) -> String {
    loop {
        let pattern = draw(random);
        if re2::compile(&pattern).is_ok_and(|pattern| pattern.size <= 60) {
            return pattern;
        }
    }
}

fn pattern(depth: usize, random: &mut Random) -> String {
    const ATOMS: [&str; 14] =
        ["a", "b", "c", "/", "ab", "[ab]", "[^a]", ".", "\\d", "[0-9]", "(?i:a)", "[^/]", "\\.", "1"];
    if depth == 0 {
        return one(random, &ATOMS).to_owned();
    }
    let inner = |random: &mut Random| pattern(depth - 1, random);
    match random.below(9) {
        0..4 => format!("{}{}", inner(random), inner(random)),
        4 => format!("(?:{}|{})", inner(random), inner(random)),
        5 => format!("(?:{})*", inner(random)),
        6 => format!("(?:{})?", inner(random)),
        7 => format!("(?:{}){}", inner(random), one(random, &["+", "{2}", "{1,2}", "*?", "+?"])),
        _ => inner(random),
    }
}

/// A path that differs from another by a little, or asks for the same in another way.
fn near_path(path: &Path, random: &mut Random) -> Path {
    let (Path::Prefix(text) | Path::Exact(text)) = path else { return path.clone() };
    if !text.starts_with('/') || text.contains('?') {
        return path.clone();
    }
    match random.below(6) {
        0 => Path::Exact(text.clone()),
        1 => Path::Prefix(text.clone()),
        2 => Path::Regex(format!("{}{}", quoted(text), one(random, &[".*", "", "[^/]*", ".+", "(/.*)?"]))),
        3 => Path::Prefix(text.trim_end_matches('/').rsplit_once('/').map_or("/", |(head, _)| head).to_owned() + "/"),
        4 => Path::Prefix(format!("{text}{}", if text.ends_with('/') { "b" } else { "/" })),
        _ => Path::Exact(format!("{text}b")),
    }
}

pub(crate) const VALUES: [&str; 12] = ["a", "a", "b", "ab", "abc", "A", "1", "10", "9", "-5", "a,b", "a b"];
pub(crate) const NAMES: [&str; 6] = ["x-a", "x-a", "X-A", "x-b", "x_c", "x-forwarded-proto"];
/// Headers that no request has any more when a proxy looks for a route. (Whether `x-envoy-internal` is one of them
/// depends on the proxy's settings, so that meshlint says nothing of it.)
const TAKEN: [&str; 2] = ["Connection", "keep-alive"];

fn headers(random: &mut Random) -> Vec<Header> {
    (0..1 + random.below(2)).map(|_| header(random)).collect()
}

fn header(random: &mut Random) -> Header {
    const PATTERNS: [&str; 12] =
        ["a.*", "[0-9]+", "a|b", ".*", ".+", "[^a]*", "(?i)ab?", "\\d{1,2}", "a,b", "[a-c]+", "", "https?"];
    const RANGES: [(i64, i64); 7] = [(0, 10), (10, 20), (-5, 5), (9, 11), (1, 2), (-120, -4), (0, 1000)];
    if chance(random, 8) {
        let value = one(
            random,
            &[service_host_exact(), HeaderValue::Prefix("a".into()), HeaderValue::Suffix(".example".into())],
        );
        return Header { name: "host".to_owned(), value: Some(value), invert: chance(random, 30) };
    }
    let name = if chance(random, 4) { one(random, &TAKEN) } else { one(random, &NAMES) }.to_owned();
    let text = if name == PROTO { one(random, &["http", "https", "ht"]) } else { one(random, &VALUES) }.to_owned();
    let value = match random.below(7) {
        0 => None,
        1 => Some(HeaderValue::Prefix(text)),
        2 => Some(HeaderValue::Suffix(text)),
        3 => match one(random, &PATTERNS) {
            "" => Some(HeaderValue::Regex(grown(random, |random| pattern(2, random)))),
            pattern => Some(HeaderValue::Regex(pattern.to_owned())),
        },
        4 => {
            let (start, end) = one(random, &RANGES);
            Some(HeaderValue::Range(start, end))
        }
        _ => Some(HeaderValue::Exact(text)),
    };
    Header { name, value, invert: chance(random, 35) }
}

fn service_host_exact() -> HeaderValue {
    HeaderValue::Exact(super::model::service_host(0))
}

pub(crate) const PARAMETERS: [&str; 3] = ["q", "Q", "r"];
pub(crate) const ARGUMENTS: [&str; 6] = ["1", "a", "ab", "a%20b", "a+b", "a=b"];

fn queries(random: &mut Random) -> Vec<Query> {
    let query = |random: &mut Random| Query {
        name: one(random, &PARAMETERS).to_owned(),
        exact: chance(random, 65).then(|| one(random, &ARGUMENTS).to_owned()),
    };
    (0..1 + random.below(2)).map(|_| query(random)).collect()
}

fn host(random: &mut Random) -> Host {
    const EXACT: [&str; 5] = ["a.example", "b.example", "A.Example", "x.a.example", "any.example"];
    const SUFFIX: [&str; 5] = [".example", ".a.example", "a.example", ".Example", ".test"];
    if chance(random, 60) { Host::Exact(one(random, &EXACT).into()) } else { Host::Suffix(one(random, &SUFFIX).into()) }
}

/// A rewrite that suits its route.
fn rewrite(route: &Route, random: &mut Random) -> Rewrite {
    let keeps_host = chance(random, 30);
    let path = match (&route.path, random.below(4)) {
        (Some(Path::Prefix(_)), 0) => PathRewrite::Disabled,
        (Some(Path::Prefix(_)), 1) => PathRewrite::Prefix(one(random, &["/", "/a/", "/b/", "/a/b/"]).to_owned()),
        (Some(Path::Exact(_) | Path::Regex(_)), 0) => {
            PathRewrite::Exact(one(random, &["/", "/a", "/a/b", "/b/"]).to_owned())
        }
        _ => PathRewrite::Default,
    };
    Rewrite { path, keeps_host }
}
