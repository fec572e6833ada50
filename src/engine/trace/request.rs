//! Requests as people write them.

use std::fmt;

use crate::route::{Dimension, Request};

/// Where a request enters the mesh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Entrance {
    /// At the only gateway that listens on its port.
    #[default]
    AnyGateway,
    /// At this gateway, as `namespace/name` or a name alone.
    Gateway(String),
    /// At the proxy of this node, as `namespace/name` or a name alone.
    Node(String),
}

/// A request to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The URL as written.
    pub url: String,
    /// Where it enters.
    pub entrance: Entrance,
    /// The host, in lower case.
    pub(super) host: String,
    /// The port, where the URL names one.
    pub(super) port: Option<i64>,
    /// The port of the scheme.
    pub(super) default_port: i64,
    /// The request as matchers look at it.
    pub(super) request: Request,
}

/// Why something is no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRequest {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

impl fmt::Display for BadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

fn refuse<T>(message: impl Into<String>, help: &'static str) -> Result<T, BadRequest> {
    Err(BadRequest { message: message.into(), help })
}

impl Asked {
    /// A request of a method, a URL and headers. The host of the URL, without its port, is the `Host` header unless the
    /// headers say otherwise; its port selects the listener. A query is read as Envoy does: the first
    /// value of a name counts, and nothing is decoded. Repeated headers are joined by commas.
    ///
    /// # Errors
    /// What a proxy would refuse before it asks any route.
    pub fn new(method: &str, url: &str, headers: &[(String, String)], entrance: Entrance) -> Result<Self, BadRequest> {
        if !is_token(method) || method.chars().any(|one| one.is_ascii_lowercase()) {
            return refuse(
                format!("`{method}` is no method that a proxy takes"),
                "methods are written in capitals: `GET http://shop.example/cart`",
            );
        }
        let (scheme, default_port, rest) = if let Some(rest) = strip_scheme(url, "http://") {
            ("http", 80, rest)
        } else if let Some(rest) = strip_scheme(url, "https://") {
            ("https", 443, rest)
        } else {
            return refuse(
                format!("`{url}` is no URL of http or https"),
                "write the scheme and the host: `http://shop.example:8080/cart`",
            );
        };
        let (authority, target) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (host, port) = split_authority(authority)?;
        let mut request = Request::default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if let Some(bad) = target.chars().find(|one| *one == '#' || !one.is_ascii_graphic()) {
            return refuse(
                format!("the URL holds `{bad}`, which a proxy refuses"),
                "leave a fragment out, and write other characters percent-encoded",
            );
        }
        let path = if path.is_empty() { "/" } else { path };
        let mut set = |dimension: Dimension, text: &str| request.values.insert(dimension, text.into());
        set(Dimension::Method, method);
        set(Dimension::Scheme, scheme);
        set(Dimension::Path, path);
        for piece in query.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            request.values.entry(Dimension::Query(name.into())).or_insert_with(|| value.into());
        }
        let mut host = host.to_owned();
        for (name, text) in merged(headers)? {
            match &*name {
                "host" => host = text,
                // The proxy takes the scheme from here, where something before it says so.
                "x-forwarded-proto" => {
                    request.values.insert(Dimension::Scheme, text.into());
                }
                // The proxy takes them out before it asks a route.
                "connection" | "keep-alive" | "proxy-connection" | "x-envoy-internal" => {}
                _ => {
                    request.values.insert(Dimension::Header(name.into()), text.into());
                }
            }
        }
        // Names of hosts are the same in capitals; a condition on the header `host` compares it as it is.
        request.values.insert(Dimension::Host, host.as_bytes().into());
        let host = host.to_ascii_lowercase();
        Ok(Self { method: method.to_owned(), url: url.to_owned(), entrance, host, port, default_port, request })
    }

    /// A request from `METHOD URL`, and headers from `name: value`.
    ///
    /// # Errors
    /// When it is written otherwise, and what [`Self::new`] refuses.
    pub fn parse(text: &str, headers: &[String], entrance: Entrance) -> Result<Self, BadRequest> {
        let mut words = text.split_whitespace();
        let (Some(method), Some(url), None) = (words.next(), words.next(), words.next()) else {
            return refuse(
                format!("`{text}` is not a method and a URL"),
                "write both in one argument: `meshlint route 'GET http://shop.example:8080/cart'`",
            );
        };
        let mut pairs = Vec::with_capacity(headers.len());
        for header in headers {
            let Some((name, value)) = header.split_once(':') else {
                return refuse(
                    format!("`{header}` is no header"),
                    "write a name, a colon and a value: `-H 'x-user: ann'`",
                );
            };
            pairs.push((name.to_owned(), value.to_owned()));
        }
        Self::new(method, url, &pairs, entrance)
    }
}

/// Schemes are the same in capitals (RFC 3986).
fn strip_scheme<'u>(url: &'u str, scheme: &str) -> Option<&'u str> {
    let (start, rest) = url.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn split_authority(authority: &str) -> Result<(&str, Option<i64>), BadRequest> {
    const HELP: &str =
        "write the host that clients call, and the port of the listener: `http://shop.example:8080/cart`";
    let (host, port) = match authority.rsplit_once(':') {
        // The colons of an IPv6 address stand between brackets.
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let is_host = |one: char| one.is_ascii_alphanumeric() || "-._~[]:%!$&'()*+,;=".contains(one);
    if host.is_empty() || !host.chars().all(is_host) || (host.contains(':') && !host.starts_with('[')) {
        return refuse(format!("`{authority}` is no host"), HELP);
    }
    let Some(port) = port.filter(|port| !port.is_empty()) else { return Ok((host, None)) };
    match port.parse::<u16>() {
        Ok(number) if number > 0 && port.bytes().all(|one| one.is_ascii_digit()) => Ok((host, Some(number.into()))),
        _ => refuse(format!("`{port}` is no port"), HELP),
    }
}

/// Headers by name in lower case, their values without blanks around; those of one name are one text (measured on
/// Envoy up to 1.38, where the values are joined by a comma without a blank).
fn merged(headers: &[(String, String)]) -> Result<Vec<(String, String)>, BadRequest> {
    let mut all: Vec<(String, String)> = Vec::new();
    for (name, value) in headers {
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim_matches([' ', '\t']));
        if !is_token(&name) {
            return refuse(
                format!("`{name}` is no name of a header"),
                "names are letters, digits and `-`; what `:path` and the like stand for is in the URL",
            );
        }
        if value.chars().any(|one| one.is_control() && one != '\t') {
            return refuse(
                format!("the header `{name}` holds a control character, which a proxy refuses"),
                "write a value of one line",
            );
        }
        match all.iter_mut().find(|(known, _)| *known == name) {
            // A second host is no list of hosts.
            Some(_) if name == "host" => {
                return refuse("there are two `host` headers, which a proxy refuses", "name one host");
            }
            Some((_, text)) => {
                text.push(',');
                text.push_str(value);
            }
            None => all.push((name, value.to_owned())),
        }
    }
    Ok(all)
}

/// A token of RFC 9110.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str, headers: &[&str]) -> Result<Asked, BadRequest> {
        let headers: Vec<_> = headers.iter().map(|one| (*one).to_owned()).collect();
        Asked::parse(text, &headers, Entrance::AnyGateway)
    }

    fn value(asked: &Asked, dimension: &Dimension) -> Option<String> {
        asked.request.get(dimension).map(|text| String::from_utf8_lossy(text).into_owned())
    }

    #[test]
    fn the_parts_of_a_request_are_told_apart() {
        let headers = ["X-A: 1", "x-a:2 ", "connection: close", "x-empty:"];
        let one = asked("POST HTTP://Shop.Example:8080/a/b?x=1&&y&x=2&z=a=b?c", &headers).unwrap();
        assert_eq!((&*one.host, one.port, one.default_port), ("shop.example", Some(8080), 80));
        let header = |name: &str| value(&one, &Dimension::Header(name.into()));
        let query = |name: &str| value(&one, &Dimension::Query(name.into()));
        assert_eq!(value(&one, &Dimension::Path).as_deref(), Some("/a/b"));
        assert_eq!([query("x"), query("y"), query("z")].map(Option::unwrap), ["1", "", "a=b?c"]);
        assert_eq!([header("x-a"), header("x-empty")].map(Option::unwrap), ["1,2", ""]);
        assert_eq!(value(&one, &Dimension::Scheme).as_deref(), Some("http"));
        assert_eq!(header("connection"), None);
    }

    #[test]
    fn a_host_header_is_the_host_and_the_url_selects_the_listener() {
        let one = asked("GET https://10.0.0.1:8443", &["Host: Shop.Example:80"]).unwrap();
        assert_eq!((&*one.host, one.port, one.default_port), ("shop.example:80", Some(8443), 443));
        assert_eq!(value(&one, &Dimension::Path).as_deref(), Some("/"));
        assert_eq!(value(&one, &Dimension::Host).as_deref(), Some("Shop.Example:80"));
        assert_eq!(asked("GET http://[::1]/", &[]).unwrap().port, None);
    }

    #[test]
    fn what_a_proxy_refuses_is_no_request() {
        for (text, headers) in [
            ("GET", &[][..]),
            ("GET http://a/ more", &[]),
            ("get http://a/", &[]),
            ("GET /a", &[]),
            ("GET ftp://a/", &[]),
            ("GET http:///a", &[]),
            ("GET http://a:x/", &[]),
            ("GET http://a:0/", &[]),
            ("GET http://a:70000/", &[]),
            ("GET http://user@a/", &[]),
            ("GET http://::1/", &[]),
            ("GET http://a/#b", &[]),
            ("GET http://a/é", &[]),
            ("GET http://a/", &["x"]),
            ("GET http://a/", &[":path: /b"]),
            ("GET http://a/", &["x: a\nb"]),
            ("GET http://a/", &["host: a", "Host: b"]),
        ] {
            assert!(asked(text, headers).is_err(), "{text} {headers:?}");
        }
    }
}
