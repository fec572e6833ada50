//! Random requests that sit on the edges of routes: one character off a prefix, a header absent, a parameter twice.

use super::draw::{ARGUMENTS, METHODS, NAMES, PARAMETERS, SERVICES, VALUES, VERBS};
use super::model::{Drawn, Header, HeaderValue, Host, Path, Route, Table, service_host};
use super::random::Random;

/// A request, and where it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) host: String,
    /// The path with the query, as sent.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) port: u16,
    /// The router that is asked; without one the gateway.
    pub(crate) router: Option<usize>,
}

impl Ask {
    /// The head of the request for a table, byte by byte.
    pub(crate) fn head(&self, tables: &[(&str, &str)]) -> Vec<u8> {
        let mut out = format!("{} {} HTTP/1.1\r\nHost: {}\r\n", self.method, self.target, self.host);
        let tables = tables.iter().map(|(name, value)| (*name, *value));
        for (name, value) in self.headers.iter().map(|(name, value)| (&**name, &**value)).chain(tables) {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
        out.push_str("\r\n");
        out.into_bytes()
    }

    /// Whether a header stands on several lines.
    pub(crate) fn repeats_a_line(&self) -> bool {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.iter().enumerate().any(|(at, name)| names[at + 1..].contains(name))
    }

    /// Whether a header holds a character that is one byte to some versions and several to others.
    pub(crate) fn is_beyond_ascii(&self) -> bool {
        self.headers.iter().any(|(_, value)| !value.is_ascii())
    }
}

fn chance(random: &mut Random, percent: usize) -> bool {
    random.below(100) < percent
}

fn one<T: Clone>(random: &mut Random, of: &[T]) -> T {
    random.pick(of).clone()
}

/// A request that is near one of the routes.
pub(crate) fn ask(drawn: &Drawn, random: &mut Random) -> Ask {
    let (table, router) = match &drawn.gateway {
        Some(gateway) => (gateway, None),
        None => (&drawn.behind.routers()[0], Some(0)),
    };
    let route = random.pick(&table.routes);
    // Behind a gateway the routes of the routers count too.
    let behind = drawn.behind.routers().get(route.target.0).filter(|_| router.is_none());
    let next = behind.and_then(|router| router.routes.get(random.below(router.routes.len())));
    let mut ask = near(table, route, next, router, random);
    for _ in 0..random.below(3) {
        nudge(&mut ask, route, random);
    }
    // Envoy joins slashes and resolves dots before it looks for a route, and meshlint says that it does not.
    while ["//", "/./", "/../"].iter().any(|odd| path(&ask).contains(odd)) || path(&ask).ends_with("/.") {
        let (path, query) =
            ask.target.split_once('?').map_or((&*ask.target, None), |(path, query)| (path, Some(query)));
        let path = path.replace("//", "/").replace("/./", "/").replace("/../", "/").trim_end_matches("/.").to_owned();
        let path = if path.is_empty() { "/".to_owned() } else { path };
        ask.target = query.map_or(path.clone(), |query| format!("{path}?{query}"));
    }
    ask
}

fn path(ask: &Ask) -> &str {
    ask.target.split_once('?').map_or(&ask.target, |(path, _)| path)
}

/// A request that a route takes, as nearly as can be told by looking at its texts.
fn near(table: &Table, route: &Route, next: Option<&Route>, router: Option<usize>, random: &mut Random) -> Ask {
    let mut headers: Vec<(String, String)> = Vec::new();
    for condition in route.headers.iter().chain(next.into_iter().flat_map(|next| &next.headers)) {
        let is_there = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(&condition.name));
        if condition.name != "host" && !is_there && chance(random, 85) {
            let value = header_value(condition, random);
            headers.extend(value.map(|value| (condition.name.clone(), value)));
        }
    }
    if route.call.is_some() && chance(random, 85) {
        headers.push(("content-type".to_owned(), content_type(random)));
    }
    let host = match (&route.host, router) {
        (_, Some(router)) => service_host(router),
        (Some(Host::Exact(host)), _) => host.clone(),
        (Some(Host::Suffix(suffix)), _) => format!("{}{suffix}", one(random, &["x", "a", "", "x.a"])),
        (None, _) => one(random, &["a.example", "b.test", "any.example", "x.a.example"]).to_owned(),
    };
    let path = match (&route.path, &route.call) {
        (_, Some(call)) => {
            let service = call.service.as_deref().unwrap_or_else(|| one(random, &SERVICES));
            let next = next.and_then(|next| next.call.as_ref()?.method.as_deref());
            let method = call.method.as_deref().or(next).unwrap_or_else(|| one(random, &METHODS));
            format!("/{service}/{method}")
        }
        (Some(Path::Prefix(prefix)), _) => {
            let below = next.and_then(|next| next.path.as_ref()).filter(|_| chance(random, 60));
            let tail = match below {
                Some(below) => sample(below, random),
                None => one(random, &TAILS).to_owned(),
            };
            let tail = if prefix.ends_with('/') { tail.trim_start_matches('/') } else { &tail };
            format!("{prefix}{tail}")
        }
        (Some(path), _) => sample(path, random),
        (None, None) => format!("/{}", one(random, &TAILS)),
    };
    let queries = route.queries.iter().chain(next.into_iter().flat_map(|next| &next.queries));
    let pieces: Vec<_> = queries
        .map(|query| match &query.exact {
            Some(value) => format!("{}={value}", query.name),
            None => one(random, &["", "=", "=1"]).to_owned() + "&" + &query.name,
        })
        .collect();
    let query = if pieces.is_empty() { String::new() } else { format!("?{}", pieces.join("&")) };
    let port = route.port.unwrap_or_else(|| one(random, &table.ports));
    let method = route.method.or(next.and_then(|next| next.method)).filter(|method| *method != "CONNECT");
    let method = method.unwrap_or("GET");
    let path = if path.starts_with('/') { path } else { format!("/{path}") };
    let path = path.replace('?', "%3F");
    Ask { method: method.to_owned(), host, target: format!("{path}{query}"), headers, port, router }
}

/// The header with the scheme.
pub(crate) const PROTO: &str = "x-forwarded-proto";

const TAILS: [&str; 9] = ["", "", "/", "x", "/x", "b", "/b", ".b", "/1"];

/// A text that a path condition may take. Of a regex it is a guess from the letters that regexes here are made of.
fn sample(path: &Path, random: &mut Random) -> String {
    const PIECES: [&str; 16] =
        ["a", "b", "c", "/", "ab", "a/", "1", "B", ".b", "abc", "a/b", "/b", "x", "0/", "aa", "b/b"];
    match path {
        Path::Prefix(text) => format!("{text}{}", one(random, &TAILS)),
        Path::Exact(text) => text.clone(),
        Path::Regex(pattern) => {
            let plain = |one: char| one.is_ascii_alphanumeric() || "/.-_%+;=".contains(one);
            let head: String = pattern.chars().take_while(|one| plain(*one)).collect();
            let head = if head.starts_with('/') { head } else { format!("/{head}") };
            let tail: String = (0..random.below(4)).map(|_| one(random, &PIECES)).collect();
            format!("{}{tail}", if chance(random, 50) { head.as_str() } else { "/" })
        }
    }
}

fn content_type(random: &mut Random) -> String {
    const TYPES: [&str; 9] = [
        "application/grpc",
        "application/grpc",
        "application/grpc",
        "application/grpc+proto",
        "application/grpc-web",
        "application/grpc; charset=utf-8",
        "Application/grpc",
        "application/json",
        "application/grpc+",
    ];
    one(random, &TYPES).to_owned()
}

fn header_value(condition: &Header, random: &mut Random) -> Option<String> {
    // What stands before a proxy says how a request came in, and says nothing else here.
    if condition.name == PROTO {
        return Some(one(random, &["http", "https"]).to_owned());
    }
    const EDGES: [&str; 8] = ["", "a", "ab", "b", "1", "é", "aé", "a b"];
    let text = match &condition.value {
        None if condition.invert => return chance(random, 30).then(|| one(random, &VALUES).to_owned()),
        None => return Some(one(random, &EDGES).to_owned()),
        Some(HeaderValue::Exact(text) | HeaderValue::Prefix(text) | HeaderValue::Suffix(text)) => text.clone(),
        Some(HeaderValue::Regex(_)) => {
            let pieces = 1 + random.below(2);
            (0..pieces).map(|_| if chance(random, 10) { one(random, &EDGES) } else { one(random, &VALUES) }).collect()
        }
        Some(HeaderValue::Range(start, end)) => {
            let number = one(random, &[*start, start - 1, end - 1, *end, (start + end) / 2, 0]);
            match random.below(8) {
                0 => format!("+{number}"),
                1 => format!("0{number}"),
                2 => format!("{number}.0"),
                3 => format!("{number}a"),
                4 => "-0".to_owned(),
                _ => number.to_string(),
            }
        }
    };
    Some(match random.below(10) {
        0 => format!("{text}b"),
        1 => format!("b{text}"),
        2 => text.to_uppercase(),
        3 => format!(" {text}\t "),
        4 => text[..text.len() - text.chars().next_back().map_or(0, char::len_utf8)].to_owned(),
        5 if condition.invert => one(random, &VALUES).to_owned(),
        _ => text,
    })
}

/// Changes one thing.
fn nudge(ask: &mut Ask, route: &Route, random: &mut Random) {
    match random.below(12) {
        0 => ask.method = one(random, &VERBS).to_owned(),
        1 => drop_last_of_path(ask),
        2 => append_to_path(ask, one(random, &TAILS)),
        3 => {
            let (path, query) = ask.target.split_once('?').map_or((&*ask.target, ""), |(path, query)| (path, query));
            let path = if chance(random, 50) { path.to_uppercase() } else { path.to_lowercase() };
            // An escape in small letters would be another text.
            let path = if path.contains('%') { ask.target.clone() } else { format!("{path}{}", mark(query)) };
            ask.target = path;
        }
        4 if !ask.headers.is_empty() => drop(ask.headers.remove(random.below(ask.headers.len()))),
        5 => {
            let name = one(random, &NAMES);
            let value = if name == PROTO { "https" } else { one(random, &VALUES) };
            let is_second = name == PROTO && ask.headers.iter().any(|(other, _)| other == PROTO);
            ask.headers.extend((!is_second).then(|| (name.to_owned(), value.to_owned())));
        }
        6 => {
            let pair = (one(random, &PARAMETERS), one(random, &ARGUMENTS));
            let link = if ask.target.contains('?') { '&' } else { '?' };
            ask.target = match random.below(5) {
                0 => format!("{}{link}{}", ask.target, pair.0),
                1 => format!("{}{link}&{}=", ask.target, pair.0),
                2 => format!("{}{link}{}={}&{}=2", ask.target, pair.0, pair.1, pair.0),
                3 => format!("{}{link}{}=2;{}={}", ask.target, pair.0, pair.0, pair.1),
                _ => format!("{}{link}{}={}", ask.target, pair.0, pair.1),
            };
        }
        7 => {
            // The first value of a parameter counts.
            if let Some((path, query)) = ask.target.split_once('?') {
                ask.target = format!("{path}?{}={}&{query}", one(random, &PARAMETERS), one(random, &ARGUMENTS));
            }
        }
        // The host of a request to a router is what leads there.
        8 | 9 if ask.router.is_none() => ask.host = near_host(&ask.host, route, random),
        10 => {
            ask.target = ask.target.split_once('?').map_or(&*ask.target, |(path, _)| path).to_owned()
                + one(random, &["", "?", "?&"])
        }
        _ if route.call.is_some() => ask.headers.push(("Content-Type".to_owned(), content_type(random))),
        _ => {}
    }
}

fn mark(query: &str) -> String {
    if query.is_empty() { String::new() } else { format!("?{query}") }
}

fn drop_last_of_path(ask: &mut Ask) {
    let (path, query) = ask.target.split_once('?').map_or((&*ask.target, ""), |(path, query)| (path, query));
    let shorter = path.strip_suffix(|_: char| true).filter(|path| !path.is_empty() && !path.contains('%'));
    ask.target = format!("{}{}", shorter.unwrap_or("/"), mark(query));
}

fn append_to_path(ask: &mut Ask, tail: &str) {
    let (path, query) = ask.target.split_once('?').map_or((&*ask.target, ""), |(path, query)| (path, query));
    ask.target = format!("{path}{tail}{}", mark(query));
}

fn near_host(host: &str, route: &Route, random: &mut Random) -> String {
    let named = match &route.host {
        Some(Host::Exact(text) | Host::Suffix(text)) => text.trim_start_matches('.').to_owned(),
        None => host.to_owned(),
    };
    match random.below(8) {
        0 => named.to_uppercase(),
        1 => format!("{named}:8080"),
        2 => format!("x{named}"),
        3 => format!("x.{named}"),
        4 => format!("{named}."),
        5 => named,
        6 => service_host(0),
        _ => one(random, &["a.example", "b.example", "x.a.example", "c.test", ".a.example", "example", "A.EXAMPLE"])
            .to_owned(),
    }
}
