//! App Mesh as JSON: what `aws appmesh create-… --cli-input-json` takes, and what `describe-…` and `list-…` answer.
//!
//! App Mesh API reference, 2019-01-25.

use crate::dialect::shape::{Cx, Spelling};
use crate::dialect::{Lowered, Origin};
use crate::finding::{Fact, Subject};
use crate::source::Span;
use crate::yaml::{self, Document, Kind as NodeKind, NodeId, Profile};

use super::cloud::{From, Home, Kind};
use super::kind::CALL;

/// The keys that hold the name of a resource, the more telling ones first: a route has the name of its router, too.
const NAMES: [(&str, Kind); 7] = [
    ("routeName", Kind::Route),
    ("gatewayRouteName", Kind::GatewayRoute),
    ("virtualNodeName", Kind::VirtualNode),
    ("virtualServiceName", Kind::VirtualService),
    ("virtualRouterName", Kind::VirtualRouter),
    ("virtualGatewayName", Kind::VirtualGateway),
    ("meshName", Kind::Mesh),
];

/// The keys under which an answer of the API brings a resource.
const ANSWERS: [(&str, Kind); 7] = [
    ("mesh", Kind::Mesh),
    ("virtualNode", Kind::VirtualNode),
    ("virtualService", Kind::VirtualService),
    ("virtualRouter", Kind::VirtualRouter),
    ("route", Kind::Route),
    ("virtualGateway", Kind::VirtualGateway),
    ("gatewayRoute", Kind::GatewayRoute),
];

/// The keys under which the API lists resources.
const LISTS: [&str; 7] =
    ["meshes", "virtualNodes", "virtualServices", "virtualRouters", "routes", "virtualGateways", "gatewayRoutes"];

/// Words of which every body of a call has one.
const WORDS: [&str; 8] = [
    "meshName",
    "portMapping",
    "weightedTargets",
    "virtualServiceName",
    "virtualRouterName",
    "virtualNodeName",
    "egressFilter",
    "serviceDiscovery",
];

/// Whether a text may hold a body of a call, or an answer.
pub(in crate::dialect) fn may_be_in(text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    (has("\"spec\"") && WORDS.iter().any(|word| has(word))) || (has("\"meshName\"") && has("\"arn\""))
}

/// Whether a document is what `list-…` answers with: names of what is there, and nothing about it.
fn is_list(doc: &Document<'_>, root: NodeId) -> bool {
    let mut lists = doc.entries(root).filter(|entry| doc.text(entry.key) != "nextToken");
    let (Some(list), None) = (lists.next(), lists.next()) else { return false };
    let is_listed = |item: NodeId| doc.entry(item, "meshName").is_some() && doc.entry(item, "arn").is_some();
    LISTS.contains(&doc.text(list.key))
        && doc.items(list.value).next().is_some()
        && doc.items(list.value).all(is_listed)
}

/// Reads the resource that a document is the body of, or the answer about; `None` for anything else.
pub(in crate::dialect) fn read(doc: &Document<'_>, root: NodeId, origin: Origin) -> Option<Lowered> {
    if is_list(doc, root) {
        // Whatever it names is there, so nothing among it dangles.
        return Some(Lowered { is_nameless: true, is_opaque: true, ..Lowered::default() });
    }
    let mut entries = doc.entries(root);
    let only = entries.next().filter(|_| entries.next().is_none());
    let answer = only.and_then(|entry| {
        let (_, kind) = ANSWERS.iter().find(|(key, _)| *key == doc.text(entry.key))?;
        let spec = doc.entry(entry.value, "spec")?;
        doc.entry(entry.value, "metadata").map(|_| (*kind, entry.value, spec))
    });
    let spec = answer.map_or_else(|| doc.get(root, "spec"), |(_, _, spec)| Some(spec.value));
    if let Some(span) = spec.and_then(|spec| preview(doc, spec)) {
        let fact = Fact::new("retired-api-version", "deprecated-api-2018", span).arg("2018-10-01").arg("2019-01-25");
        return Some(Lowered { facts: vec![fact], is_opaque: true, ..Lowered::default() });
    }
    let mut cx = Cx::new(doc, origin.dollar || is_program(doc));
    cx.spelling = Spelling::Api;
    let (kind, node) = match answer {
        Some((kind, node, _)) => (kind, node),
        None => (kind_of(doc, root)?, root),
    };
    cx.live = answer.is_some();
    let home = Home {
        kinds: &CALL,
        file: origin.file,
        span: doc.span(root),
        anchor: anchor(doc, root),
        digest: yaml::digest(doc, node, Profile::Json),
        condition: None,
        is_shared: answer.is_some() && is_shared(doc, node),
        made: None,
    };
    let from = answer.map_or(From::Body(root), |(kind, node, spec)| {
        From::Answer(spec, [Some("meshName"), parent(kind), name_key(kind)].map(|key| doc.entry(node, key?)))
    });
    let resource = kind.read(&mut cx, from, &home);
    let text = |key: &str| doc.get(node, key).map(|value| doc.text(value).to_owned());
    let name = name_key(kind).and_then(text);
    let subject = Subject {
        dialect: super::DIALECT,
        api_version: String::new(),
        kind: kind.name().to_owned(),
        namespace: text("meshName"),
        name: name.unwrap_or_default(),
    };
    let is_nameless = resource.is_none();
    Some(Lowered { resource, subject: Some(subject), facts: cx.facts, is_nameless, ..Lowered::default() })
}

/// The key that holds the name of a kind.
fn name_key(kind: Kind) -> Option<&'static str> {
    NAMES.iter().find(|(_, named)| *named == kind).map(|(key, _)| *key)
}

/// The key that holds the name of what a kind is attached to.
const fn parent(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Route => Some("virtualRouterName"),
        Kind::GatewayRoute => Some("virtualGatewayName"),
        _ => None,
    }
}

/// Whether an answer is about a resource in the mesh of another account.
fn is_shared(doc: &Document<'_>, answer: NodeId) -> bool {
    let owner = |key: &str| doc.path(answer, &["metadata", key]).map(|node| doc.text(node));
    owner("meshOwner") != owner("resourceOwner")
}

/// Where a body has no key to point at.
fn anchor(doc: &Document<'_>, root: NodeId) -> Span {
    doc.entries(root).next().map_or(doc.span(root), |entry| doc.span(entry.key))
}

/// Whether a document is filled in by `jq`: one of its values is a variable, which no quotes enclose.
pub(super) fn is_program(doc: &Document<'_>) -> bool {
    let is_variable = |node: &NodeId| doc.kind(*node) == NodeKind::Scalar && doc.raw(*node).starts_with('$');
    doc.nodes().any(|node| is_variable(&node))
}

/// Where a spec shows that it was written for the preview of the API: routers had names of services, backends were
/// names, and hosts were called `serviceName` (App Mesh API model, 2018-10-01).
fn preview(doc: &Document<'_>, spec: NodeId) -> Option<Span> {
    if let Some(entry) = doc.entry(spec, "serviceNames").filter(|entry| doc.kind(entry.value) == NodeKind::Sequence) {
        return Some(doc.span(entry.key));
    }
    let dns = doc.path(spec, &["serviceDiscovery", "dns"]);
    if let Some(entry) = dns.and_then(|dns| doc.entry(dns, "serviceName")) {
        return Some(doc.span(entry.key));
    }
    let backends = doc.entry(spec, "backends")?;
    let is_name = |item: NodeId| doc.kind(item) == NodeKind::Scalar && !doc.raw(item).starts_with('$');
    let is_old = doc.entry(spec, "listeners").is_some() && doc.items(backends.value).any(is_name);
    is_old.then(|| doc.span(backends.key))
}

/// What a body is about, by the names that it has, else by the shape of its spec. Bodies with a spec alone are common, as
/// names are given on the command line; one with nothing but ports may be a router's or a gateway's.
fn kind_of(doc: &Document<'_>, root: NodeId) -> Option<Kind> {
    let spec = doc.get(root, "spec").filter(|spec| doc.kind(*spec) == NodeKind::Mapping)?;
    let known = ["spec", "meshOwner", "tags", "clientToken"];
    let is_name = |key: &str| NAMES.iter().any(|(name, _)| *name == key);
    if !doc.entries(root).all(|entry| known.contains(&doc.text(entry.key)) || is_name(doc.text(entry.key))) {
        return None;
    }
    let shape = by_spec(doc, spec);
    let named = NAMES.iter().find(|(key, _)| doc.entry(root, key).is_some()).map(|(_, kind)| *kind);
    match (named, shape) {
        // The mesh and the parent are named for all of its members.
        (None | Some(Kind::Mesh | Kind::VirtualRouter | Kind::VirtualGateway), Some(shape)) => Some(shape),
        // Something that names no resource of this spec is none of ours.
        (Some(Kind::Mesh), None) => doc.entries(spec).next().is_none().then_some(Kind::Mesh),
        (named, _) => named,
    }
}

fn by_spec(doc: &Document<'_>, spec: NodeId) -> Option<Kind> {
    let has = |key: &str| doc.entry(spec, key).is_some();
    let action = |key: &str| doc.path(spec, &[key, "action"]);
    let routes = ["httpRoute", "http2Route", "grpcRoute", "tcpRoute"];
    if let Some(action) = routes.iter().find_map(|route| action(route)) {
        if doc.entry(action, "weightedTargets").is_some() {
            return Some(Kind::Route);
        }
        return doc.entry(action, "target").map(|_| Kind::GatewayRoute);
    }
    let is_node = has("backends")
        || doc
            .get(spec, "serviceDiscovery")
            .is_some_and(|one| ["dns", "awsCloudMap"].iter().any(|key| doc.entry(one, key).is_some()));
    match () {
        () if is_node => Some(Kind::VirtualNode),
        () if has("egressFilter") => Some(Kind::Mesh),
        () if doc
            .get(spec, "provider")
            .is_some_and(|one| ["virtualNode", "virtualRouter"].iter().any(|key| doc.entry(one, key).is_some())) =>
        {
            Some(Kind::VirtualService)
        }
        () => None,
    }
}
