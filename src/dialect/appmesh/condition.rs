//! The conditions that the matches of App Mesh are made of, as languages on the dimensions of requests.
//!
//! Facts about matchers: measured on Envoy 1.36 to 1.40.

use std::sync::Arc;

use crate::mesh::{Condition, Name};
use crate::route::{Atom, Automaton, Cube, Dimension, Lang, RequestSet, Term, Values};
use crate::source::Span;

use super::model::{
    Field, GrpcGatewayMatch, GrpcMatch, HeaderMatch, HeaderValue, HostnameMatch, HttpGatewayMatch, HttpMatch, List,
    Method, PathMatch, QueryMatch, Text,
};

/// The conditions of a match.
#[derive(Default)]
pub(super) struct Conditions {
    /// Those that are known, in the order in which they are read.
    pub(super) known: Vec<Condition>,
    /// Whether there may be more: a part is a placeholder, or is reported by itself.
    is_open: bool,
}

impl Conditions {
    /// Those of an http or http2 route of a router.
    pub(super) fn of_http(matching: &HttpMatch) -> Self {
        // A route without prefix and path is refused, and reported by itself.
        let is_open = matching.prefix.is_absent() && matching.path.is_absent();
        let mut all = Self { known: Vec::new(), is_open };
        all.path(&matching.prefix, &matching.path);
        all.method(&matching.method);
        all.field(Dimension::Scheme, &matching.scheme, |scheme| Some(Atom::Exact(scheme.word().into())));
        all.headers(&matching.headers);
        all.queries(&matching.query_parameters);
        all
    }

    /// Those of an http or http2 gateway route.
    pub(super) fn of_http_gateway(matching: &HttpGatewayMatch) -> Self {
        let mut all = Self::default();
        all.path(&matching.prefix, &matching.path);
        all.host(&matching.hostname);
        all.method(&matching.method);
        all.headers(&matching.headers);
        all.queries(&matching.query_parameters);
        all
    }

    /// Those of a gRPC route of a router, whose match has its key at a span.
    pub(super) fn of_grpc(matching: &GrpcMatch, key: Span) -> Self {
        let mut all = Self::default();
        all.call(key, &matching.service_name, Some(&matching.method_name));
        all.headers(&matching.metadata);
        all
    }

    /// Those of a gRPC gateway route, whose match has its key at a span.
    pub(super) fn of_grpc_gateway(matching: &GrpcGatewayMatch, key: Span) -> Self {
        let mut all = Self::default();
        all.call(key, &matching.service_name, None);
        all.host(&matching.hostname);
        all.headers(&matching.metadata);
        all
    }

    /// The requests that meet all of them; `None` where that is not known, or where a part is reported by itself.
    pub(super) fn matches(&self) -> Option<RequestSet> {
        if self.is_open {
            return None;
        }
        let narrowed = |cube: Cube, one: &Condition| cube.with(one.dimension.clone(), one.values.clone());
        Some(RequestSet::of(self.known.iter().fold(Cube::all(), narrowed)))
    }

    /// Adds a condition; `None` is one that is not known.
    fn put(&mut self, dimension: Dimension, span: Span, values: Option<Values>) {
        match values {
            Some(values) => self.known.push(Condition { dimension, values, span }),
            None => self.is_open = true,
        }
    }

    /// The value of a field, where there is one to look at.
    fn part<'m, T>(&mut self, field: &'m Field<T>) -> Option<&'m T> {
        let known = field.known();
        self.is_open |= known.is_none() && !field.is_absent();
        known
    }

    fn field<T>(&mut self, dimension: Dimension, field: &Field<T>, atom: impl FnOnce(&T) -> Option<Atom>) {
        if let Some(value) = self.part(field) {
            self.put(dimension, field.span, atom(value).map(Values::of));
        }
    }

    fn method(&mut self, method: &Field<Method>) {
        self.field(Dimension::Method, method, |method| Some(Atom::Exact(method.word().into())));
    }

    fn path(&mut self, prefix: &Field<Text>, path: &Field<Box<PathMatch>>) {
        // Both together are refused, and reported by themselves.
        if !prefix.is_absent() && !path.is_absent() {
            self.is_open = true;
            return;
        }
        self.field(Dimension::Path, prefix, |prefix| Some(Atom::Prefix((*prefix.0).into())));
        if let Some(path) = self.part(path) {
            // None or both are reported by themselves.
            if path.exact.is_absent() == path.regex.is_absent() {
                self.is_open = true;
                return;
            }
            self.field(Dimension::Path, &path.exact, |exact| Some(Atom::Exact((*exact.0).into())));
            self.field(Dimension::Path, &path.regex, |pattern| regex(pattern));
        }
    }

    /// A gRPC call is a request with a content type of its own, to a path made of service and method.
    fn call(&mut self, key: Span, service: &Field<Text>, method: Option<&Field<Text>>) {
        let gate = regex("application/grpc(\\+.*)?").map(Values::of);
        self.put(Dimension::Header("content-type".into()), key, gate);
        let method = method.and_then(|method| Some((self.part(method)?, method.span)));
        let Some(name) = self.part(service) else { return };
        let name = &**name;
        let (atom, span) = match method {
            Some((method, span)) => (Atom::Exact(format!("/{name}/{}", &**method).into()), service.span.to(span)),
            None => (Atom::Prefix(format!("/{name}/").into()), service.span),
        };
        self.put(Dimension::Path, span, Some(Values::of(atom)));
    }

    fn host(&mut self, hostname: &Field<Box<HostnameMatch>>) {
        let Some(hostname) = self.part(hostname) else { return };
        // None or both are reported by themselves.
        if hostname.exact.is_absent() == hostname.suffix.is_absent() {
            self.is_open = true;
            return;
        }
        let lower = |name: &Name| name.as_known().map(|name| name.to_ascii_lowercase().into());
        self.field(Dimension::Host, &hostname.exact, |name| lower(name).map(|host| Atom::Exact(host).folded()));
        self.field(Dimension::Host, &hostname.suffix, |name| lower(name).map(|host| Atom::Suffix(host).folded()));
    }

    fn headers(&mut self, list: &Field<List<Box<HeaderMatch>>>) {
        let Some(list) = self.part(list) else { return };
        self.is_open |= list.open;
        for item in &list.items {
            if let Some(header) = self.part(item) {
                self.header(header);
            }
        }
    }

    /// Adds a condition on a header. One that asks about a connection is gone when the proxy looks for a route, and one
    /// that it may write itself is not known.
    fn put_header(&mut self, dimension: Dimension, span: Span, values: Values) {
        const OF_CONNECTION: [&str; 3] = ["connection", "keep-alive", "proxy-connection"];
        let name = match &dimension {
            Dimension::Header(name) => &**name,
            _ => "",
        };
        let values = match name {
            "x-envoy-internal" => None,
            name if OF_CONNECTION.contains(&name) => Some(Values { present: None, ..values }),
            _ => Some(values),
        };
        self.put(dimension, span, values);
    }

    fn header(&mut self, header: &HeaderMatch) {
        let (name, invert) = (self.part(&header.name), self.part(&header.invert));
        let Some(name) = name else { return };
        if invert.is_none() && !header.invert.is_absent() {
            return;
        }
        let negated = invert.copied().unwrap_or(false);
        let name = name.to_ascii_lowercase();
        // The header `host` is the authority, and the proxy writes the scheme into another one.
        let dimension = match &*name {
            "host" => Dimension::Host,
            "x-forwarded-proto" => Dimension::Scheme,
            _ => Dimension::Header(name.into()),
        };
        match self.part(&header.matching) {
            None if !header.matching.is_absent() => {}
            None if negated => self.put_header(dimension, header.name.span, Values::absent()),
            None => self.put_header(dimension, header.name.span, Values::present()),
            // A header that is not there fails every condition on its value, inverted or not.
            Some(value) => match value_of(value) {
                Some((atom, span)) => {
                    self.put_header(dimension, span, Values::of(Lang::all().with(Term { atom, negated })));
                }
                None => self.is_open = true,
            },
        }
    }

    fn queries(&mut self, list: &Field<List<Box<QueryMatch>>>) {
        let Some(list) = self.part(list) else { return };
        self.is_open |= list.open;
        for item in &list.items {
            let Some(parameter) = self.part(item) else { continue };
            let Some(name) = self.part(&parameter.name) else { continue };
            let dimension = Dimension::Query(name.0.clone());
            match self.part(&parameter.matching) {
                None if !parameter.matching.is_absent() => {}
                None => self.put(dimension, parameter.name.span, Some(Values::present())),
                Some(value) => {
                    // A match without a value is reported by itself.
                    self.is_open |= value.exact.is_absent();
                    self.field(dimension, &value.exact, |exact| Some(Atom::Exact((*exact.0).into())));
                }
            }
        }
    }
}

/// What is asked of a header's value, and where; `None` where that is not known, and for none or several, which is
/// reported by itself.
fn value_of(value: &HeaderValue) -> Option<(Atom, Span)> {
    let of_text = [
        (&value.exact, Atom::Exact as fn(Arc<str>) -> Atom),
        (&value.prefix, Atom::Prefix),
        (&value.suffix, Atom::Suffix),
    ];
    let mut found = Vec::new();
    for (field, atom) in of_text.into_iter().filter(|(field, _)| !field.is_absent()) {
        found.push((atom((*field.known()?.0).into()), field.span));
    }
    if !value.regex.is_absent() {
        found.push((regex(value.regex.known()?)?, value.regex.span));
    }
    if !value.range.is_absent() {
        let range = value.range.known()?;
        found.push((regex(&integers(*range.start.known()?, *range.end.known()?)?)?, value.range.key));
    }
    let only = found.pop()?;
    found.is_empty().then_some(only)
}

/// A regex as an atom; `None` for one that RE2 refuses, or whose automaton grows too large.
fn regex(pattern: &str) -> Option<Atom> {
    Some(Atom::Regex(Automaton::shared(pattern).ok()?))
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
