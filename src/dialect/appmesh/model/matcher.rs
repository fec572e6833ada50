//! What the texts of matches must look like, beyond their types: paths, regexes, names of headers, hosts and services.

use std::cell::RefCell;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::dialect::shape::{Cx, Field, Text};
use crate::finding::Fact;
use crate::mesh::Name;
use crate::route::re2::{self, ErrorKind, Pattern};
use crate::route::{Atom, Automaton, BYTES, Budget, Lang, Term};
use crate::source::Span;

use super::{
    GrpcGatewayMatch, GrpcMatch, HeaderMatch, HeaderValue, HostnameMatch, HttpGatewayMatch, HttpMatch, PathMatch, Route,
};

/// Envoy's default limit on the instructions of a regex, measured on Envoy 1.36 to 1.40.
const MAX_PROGRAM: usize = 100;

pub(super) fn http(matching: &HttpMatch, cx: &mut Cx<'_>) {
    plain_path(cx, &matching.prefix, "prefix");
}

pub(super) fn http_gateway(matching: &HttpGatewayMatch, cx: &mut Cx<'_>) {
    plain_path(cx, &matching.prefix, "prefix");
    reserved(cx, &matching.prefix, &["/aws-appmesh", "/aws-app-mesh"], "prefix");
}

pub(super) fn path(path: &PathMatch, cx: &mut Cx<'_>) {
    plain_path(cx, &path.exact, "exact");
    regex(cx, &path.regex, "/");
}

pub(super) fn header(header: &HeaderMatch, cx: &mut Cx<'_>) {
    // The pattern of the names of headers: botocore's model of the App Mesh API, and RFC 9110 §5.1.
    let fits = |byte: u8| byte.is_ascii_graphic() && byte != b':';
    if let Some(name) = header.name.known()
        && !name.bytes().all(fits)
    {
        let fact = Fact::new("malformed-header-name", "header-pseudo-name", header.name.span);
        cx.facts.push(fact.arg(&**name));
    }
}

pub(super) fn header_value(value: &HeaderValue, cx: &mut Cx<'_>) {
    regex(cx, &value.regex, "");
}

/// Only http2 routes take a scheme: App Mesh API reference, HttpRouteMatch.
pub(super) fn scheme(route: &Route, cx: &mut Cx<'_>) {
    let matching = route.http_route.known().and_then(|route| route.matching.known());
    if let Some(scheme) = matching.map(|matching| &matching.scheme)
        && scheme.known().is_some()
    {
        cx.facts.push(Fact::new("ignored-scheme", "method-scheme-on-http1", scheme.key).other(route.http_route.key));
    }
}

pub(super) fn grpc(matching: &GrpcMatch, cx: &mut Cx<'_>) {
    let method = &matching.method_name;
    if method.known().is_some() && matching.service_name.is_absent() && !cx.is_partial {
        cx.facts.push(Fact::new("grpc-method-without-service", "grpc-method-without-service", method.key));
    }
    service(cx, &matching.service_name);
}

pub(super) fn grpc_gateway(matching: &GrpcGatewayMatch, cx: &mut Cx<'_>) {
    if !reserved(cx, &matching.service_name, &["/aws.app-mesh", "aws.appmesh"], "serviceName") {
        service(cx, &matching.service_name);
    }
}

pub(super) fn hostname(hostname: &HostnameMatch, cx: &mut Cx<'_>) {
    for (field, name) in [(&hostname.exact, "exact"), (&hostname.suffix, "suffix")] {
        let Some(host) = field.known().and_then(Name::as_known) else { continue };
        let case = if host.contains([':', '/']) {
            "hostname-has-port-or-scheme"
        } else if host.contains('*') {
            "hostname-wildcard"
        } else if name == "suffix" && !host.starts_with('.') {
            "hostname-suffix-no-dot"
        } else {
            continue;
        };
        cx.facts.push(Fact::new("malformed-hostname", case, field.place()).arg(name).arg(host));
    }
}

/// Whether a text begins as those do that a gateway keeps for itself, which is then a fact. App Mesh user guide,
/// gateway routes.
fn reserved(cx: &mut Cx<'_>, field: &Field<Text>, heads: &[&str], name: &str) -> bool {
    let Some(text) = field.known() else { return false };
    let found = heads.iter().find(|head| text.starts_with(**head));
    if let Some(head) = found {
        let fact = Fact::new("reserved-path", "reserved-path", field.span);
        cx.facts.push(fact.arg(name).arg(&**text).arg(*head));
    }
    found.is_some()
}

fn service(cx: &mut Cx<'_>, field: &Field<Text>) {
    if let Some(name) = field.known()
        && (name.contains('/') || !name.contains('.'))
    {
        cx.facts.push(Fact::new("malformed-grpc-service", "grpc-service-slash", field.place()).arg(&**name));
    }
}

/// A prefix or a whole path.
fn plain_path(cx: &mut Cx<'_>, field: &Field<Text>, name: &'static str) {
    const RULE: &str = "malformed-path";
    let Some(path) = field.known() else { return };
    let is_prefix = name == "prefix";
    if !path.starts_with('/') {
        let case = if is_prefix { "prefix-no-leading-slash" } else { "path-exact-no-leading-slash" };
        // The target of `OPTIONS *`.
        if is_prefix || &**path != "*" {
            cx.facts.push(Fact::new(RULE, case, field.place()).arg(name).arg(&**path));
        }
        return;
    }
    let is_odd = |one: char| matches!(one, '*' | '?' | '#') || !one.is_ascii_graphic();
    if let Some((at, odd)) = path.char_indices().find(|(_, one)| is_odd(*one)) {
        let span = inside(cx, field.span, path, at..at + odd.len_utf8());
        let fact = Fact::new(RULE, "prefix-contains-glob-or-query", span).arg(name).arg(&**path).arg(odd);
        cx.facts.push(fact);
    }
    if let Some(part) = not_normalised(path, is_prefix) {
        let span = inside(cx, field.span, path, part.clone());
        let fact = Fact::new(RULE, "path-not-normalised", span).arg(name).arg(&**path);
        cx.facts.push(fact.arg(&path[part]).arg(normalised(path)));
    }
}

/// The first part of a path that normalisation takes away. A prefix may end inside a segment that begins with a dot.
fn not_normalised(path: &str, is_prefix: bool) -> Option<Range<usize>> {
    let found = ["//", "/./", "/../"].iter().filter_map(|part| path.find(part).map(|at| at..at + part.len()));
    let first = found.min_by_key(|part| part.start);
    let tail = ["/..", "/."].iter().find(|tail| !is_prefix && path.ends_with(**tail));
    first.or_else(|| tail.map(|tail| path.len() - tail.len()..path.len()))
}

/// A path as it is once dot segments are resolved and slashes merged.
fn normalised(path: &str) -> String {
    let mut kept = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    let is_open = ["/", "/.", "/.."].iter().any(|tail| path.ends_with(tail)) && !kept.is_empty();
    format!("/{}{}", kept.join("/"), if is_open { "/" } else { "" })
}

/// A regex on texts that all begin with something.
fn regex(cx: &mut Cx<'_>, field: &Field<Text>, head: &str) {
    const RULE: &str = "malformed-regex";
    const NEEDLESS: &str = "needless-regex";
    let Some(text) = field.known() else { return };
    let fact = match Verdict::shared(text) {
        Verdict::Fine => return,
        Verdict::TooLarge(size) => {
            let fact = Fact::new(RULE, "regex-too-large", field.span);
            fact.arg(size.to_string()).arg(MAX_PROGRAM.to_string())
        }
        Verdict::Refused(error) => {
            let (case, advice) = judged(error.kind, &error.text);
            let span = inside(cx, field.span, text, error.span.clone());
            Fact::new(RULE, case, span).arg(error.to_string()).arg(advice)
        }
        // One that does not begin so matches nothing, which is told by itself.
        Verdict::Literal(literal) if literal.starts_with(head) => {
            Fact::new(NEEDLESS, "regex-literal", field.span).arg(literal)
        }
        Verdict::Literal(_) => return,
        Verdict::Anchored(bare) => Fact::new(NEEDLESS, "regex-redundant-anchors", field.span).arg(&**text).arg(bare),
    };
    cx.facts.push(fact);
}

/// What there is to say of a regex, wherever it stands.
#[derive(Clone, Debug)]
enum Verdict {
    Fine,
    TooLarge(usize),
    Refused(re2::Error),
    /// It matches this text alone.
    Literal(String),
    /// It matches the same without its anchors.
    Anchored(String),
}

/// How many verdicts a thread keeps, as many as automata; past that, it begins anew.
const KEPT: usize = 512;

thread_local! {
    static KNOWN: RefCell<FxHashMap<Box<str>, Verdict>> = RefCell::default();
}

impl Verdict {
    /// The verdict on a regex, found out once for those that are written again and again. A long one is not worth its
    /// memory.
    fn shared(text: &str) -> Self {
        if text.len() > 256 {
            return Self::of(text);
        }
        KNOWN.with_borrow_mut(|known| {
            if let Some(verdict) = known.get(text) {
                return verdict.clone();
            }
            if known.len() == KEPT {
                known.clear();
            }
            let verdict = Self::of(text);
            known.insert(text.into(), verdict.clone());
            verdict
        })
    }

    fn of(text: &str) -> Self {
        match re2::compile(text) {
            Ok(pattern) if pattern.size > MAX_PROGRAM => Self::TooLarge(pattern.size),
            Ok(pattern) => Self::needless(text, &pattern),
            // That says nothing about RE2; the bounds of the field speak about it.
            Err(error) if error.kind == ErrorKind::TooLong => Self::Fine,
            Err(error) => Self::Refused(error),
        }
    }

    /// What a regex could do without. It is matched as a whole: measured on Envoy 1.36 to 1.40.
    fn needless(text: &str, pattern: &Pattern) -> Self {
        if pattern.is_literal {
            let literal = std::str::from_utf8(&pattern.literal_prefix);
            return literal.map_or(Self::Fine, |literal| Self::Literal(literal.to_owned()));
        }
        let bare = text.strip_prefix('^').unwrap_or(text);
        let bare = bare.strip_suffix('$').unwrap_or(bare);
        let is_needless = bare.len() < text.len() && is_same(text, bare) == Some(true);
        if is_needless { Self::Anchored(bare.to_owned()) } else { Self::Fine }
    }
}

/// The case of a refusal, and a word for the remedy: what other engines know and RE2 leaves out, or no regex at all.
fn judged(kind: ErrorKind, text: &str) -> (&'static str, &'static str) {
    match kind {
        ErrorKind::LookAround => ("regex-not-re2", "look-around"),
        ErrorKind::BackReference => ("regex-not-re2", "back-reference"),
        ErrorKind::GroupSyntax => ("regex-not-re2", "group"),
        // `a++`, `a*+`, `a?+`: possessive in other engines.
        ErrorKind::RepetitionOperator if text.ends_with('+') => ("regex-not-re2", "possessive"),
        _ => ("regex-invalid", ""),
    }
}

/// How much a comparison of two regexes may cost. It is made while documents are read, and most need some hundred steps.
const STEPS: usize = 20_000;

/// Whether two regexes match the same texts; `None` where that is not known.
fn is_same(a: &str, b: &str) -> Option<bool> {
    let [a, b] = [a, b].map(|text| Automaton::of(text).map(|machine| Atom::Regex(machine.into())));
    let (a, b) = (a.ok()?, b.ok()?);
    let is_within = |one: &Atom, other: &Atom| {
        let rest = Lang::from(one.clone()).with(Term { atom: other.clone(), negated: true });
        rest.witness(&BYTES, &mut Budget::of(STEPS)).ok().map(|text| text.is_none())
    };
    Some(is_within(&a, &b)? && is_within(&b, &a)?)
}

/// The place of a part of a scalar, where the scalar is written as it reads; else that of the whole.
fn inside(cx: &Cx<'_>, span: Span, text: &str, part: Range<usize>) -> Span {
    let raw = cx.doc.source().get(span.start as usize..span.end as usize).unwrap_or("");
    let quoted = raw.get(1..raw.len().saturating_sub(1)).filter(|_| raw.starts_with(['"', '\'']));
    let before = match (raw == text, quoted == Some(text)) {
        (true, _) => 0,
        (_, true) => 1,
        _ => return span,
    };
    let at = |offset: usize| u32::try_from(offset).ok()?.checked_add(span.start + before);
    match (at(part.start), at(part.end)) {
        (Some(start), Some(end)) if start < end => Span::new(start, end),
        _ => span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_as_a_proxy_does() {
        for (path, is_prefix, part, result) in [
            ("/a//b", false, Some("//"), "/a/b"),
            ("/a/./b/", true, Some("/./"), "/a/b/"),
            ("/a/../../b", true, Some("/../"), "/b"),
            ("/a/..", false, Some("/.."), "/"),
            ("/a/.", true, None, "/a/"),
            ("/.well-known", false, None, "/.well-known"),
            ("/a/...", false, None, "/a/..."),
            ("//", true, Some("//"), "/"),
        ] {
            assert_eq!(not_normalised(path, is_prefix).map(|part| &path[part]), part, "{path}");
            assert_eq!(normalised(path), result, "{path}");
        }
    }

    #[test]
    fn anchors_are_needless_where_the_language_stays() {
        for (with, without, expected) in
            [("^/a.*$", "/a.*", true), ("^/a|/b$", "/a|/b", true), ("\\Q/a$", "\\Q/a", false), ("/a\\$", "/a\\", false)]
        {
            assert_eq!(is_same(with, without).unwrap_or(false), expected, "{with}");
        }
    }
}
