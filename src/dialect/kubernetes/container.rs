//! Containers of pods.

use crate::dialect::shape::Cx;
use crate::mesh::{Ask, Container, ContainerPort, Mount, Name, PortRef, Probe, Setting, Variable};
use crate::source::Span;
use crate::yaml::{Kind, NodeId};

use super::field;

/// A container.
pub(super) fn read(cx: &mut Cx<'_>, item: NodeId) -> Container {
    let doc = cx.doc;
    let name = doc.get(item, "name").filter(|name| doc.kind(*name) == Kind::Scalar);
    let mut container = Container {
        name: name.map(|name| cx.name(name)),
        span: name.map_or(doc.span(item), |name| doc.span(name)),
        image: field::text(cx, item, "image"),
        words: ["command", "args"].into_iter().flat_map(|key| words(cx, item, key)).collect(),
        env: Vec::new(),
        env_from_elsewhere: Vec::new(),
        has_open_env: field::items(cx, item, "envFrom").is_none_or(|list| !list.is_empty()),
        ports: field::items(cx, item, "ports")
            .and_then(|list| list.into_iter().map(|port| declared(cx, port)).collect()),
        probes: ["livenessProbe", "readinessProbe", "startupProbe"]
            .into_iter()
            .filter_map(|field| probe(cx, field, doc.get(item, field)?))
            .collect(),
        mounts: field::items(cx, item, "volumeMounts").map(|list| list.into_iter().map(|one| mount(cx, one)).collect()),
    };
    match field::items(cx, item, "env") {
        Some(list) => list.into_iter().for_each(|one| add_variable(cx, one, &mut container)),
        None => container.has_open_env = true,
    }
    container
}

fn words(cx: &mut Cx<'_>, item: NodeId, key: &str) -> Vec<Name> {
    let list = field::items(cx, item, key).unwrap_or_default();
    list.into_iter().filter(|word| cx.doc.kind(*word) == Kind::Scalar).map(|word| cx.name(word)).collect()
}

fn add_variable(cx: &Cx<'_>, item: NodeId, container: &mut Container) {
    let doc = cx.doc;
    let Some(name) = doc.get(item, "name").filter(|name| doc.kind(*name) == Kind::Scalar) else {
        container.has_open_env = true;
        return;
    };
    let (named, name_span) = (cx.name(name), doc.span(name));
    container.has_open_env |= named.is_open();
    match doc.get(item, "value").filter(|value| doc.kind(*value) == Kind::Scalar) {
        Some(value) => {
            let variable = Variable { name: named, name_span, value: cx.name(value), span: doc.span(value) };
            container.env.push(variable);
        }
        None => container.env_from_elsewhere.push((named, name_span)),
    }
}

fn declared(cx: &Cx<'_>, port: NodeId) -> Option<ContainerPort> {
    let (number, span) = field::number(cx, port, "containerPort")?;
    let (name, transport) = (field::text(cx, port, "name"), field::transport(cx, port));
    Some(ContainerPort { port: number, name, transport, span })
}

fn probe(cx: &Cx<'_>, field: &'static str, node: NodeId) -> Option<Probe> {
    let doc = cx.doc;
    let (ask, handler) = if let Some(http) = doc.get(node, "httpGet") {
        let tls = field::is(&field::text(cx, http, "scheme"), "HTTPS");
        (Ask::Http { tls }, http)
    } else if let Some(tcp) = doc.get(node, "tcpSocket") {
        (Ask::Tcp, tcp)
    } else {
        (Ask::Grpc, doc.get(node, "grpc")?)
    };
    let (port, span) = field::port(cx, handler, "port").unwrap_or((PortRef::Unknown, doc.span(handler)));
    Some(Probe { field, ask, port, is_own: field::text(cx, handler, "host").is_absent(), span })
}

fn mount(cx: &Cx<'_>, item: NodeId) -> Mount {
    Mount { volume: field::text(cx, item, "name"), path: field::text(cx, item, "mountPath") }
}

/// The names of the volumes of a pod.
pub(super) fn volumes(cx: &mut Cx<'_>, spec: NodeId) -> Option<Vec<(Name, Span)>> {
    let list = field::items(cx, spec, "volumes")?;
    let name = |node| match field::text(cx, node, "name") {
        Setting::Known(name, span) => Some((name, span)),
        _ => None,
    };
    list.into_iter().map(name).collect()
}
