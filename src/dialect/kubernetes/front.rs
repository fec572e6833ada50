//! Services and Ingresses.

use crate::dialect::shape::Cx;
use crate::mesh::{
    ClusterService, Ingress, IngressBackend, Label, Labels, Operator, PortRef, Requirement, Selection, Selector,
    ServicePort, Setting,
};
use crate::yaml::NodeId;

use super::{field, meta};

/// A Service with the pods that it selects.
pub(super) fn service(cx: &mut Cx<'_>, node: NodeId) -> (ClusterService, Selection) {
    let doc = cx.doc;
    let Some(spec) = doc.get(node, "spec") else {
        let service =
            ClusterService { ports: Some(Vec::new()), kind: Setting::Absent, is_headless: crate::mesh::Truth::No };
        return (service, Selection::Absent);
    };
    let selector = doc.entry(spec, "selector").map_or(Selection::Absent, |entry| {
        let labels = meta::labels(cx, Some(entry.value));
        match labels.iter().next() {
            _ if labels.is_unclear() => Selection::Unknown(doc.span(entry.key)),
            Some(_) => Selection::Written(equal_to(&labels), doc.span(entry.key)),
            // Without labels a Service selects nothing: somebody else says where it leads.
            None => Selection::Absent,
        }
    });
    let list = field::items(cx, spec, "ports");
    let service = ClusterService {
        ports: list.and_then(|list| list.into_iter().map(|item| port(cx, item)).collect()),
        kind: field::text(cx, spec, "type"),
        is_headless: field::is(&field::text(cx, spec, "clusterIP"), "None"),
    };
    (service, selector)
}

fn port(cx: &Cx<'_>, item: NodeId) -> Option<ServicePort> {
    let (number, span) = field::number(cx, item, "port")?;
    let own = (number.map_or(PortRef::Unknown, PortRef::Number), span);
    let (target, target_span) = match field::port(cx, item, "targetPort") {
        // Zero counts as not written.
        None | Some((PortRef::Number(0), _)) => own,
        Some(written) => written,
    };
    let (name, transport) = (field::text(cx, item, "name"), field::transport(cx, item));
    Some(ServicePort { port: number, name, target, transport, span, target_span })
}

/// The selector that asks for exactly these labels.
fn equal_to(labels: &Labels) -> Selector {
    let one = |label: &Label| Requirement {
        key: label.key.clone(),
        operator: Operator::In,
        values: vec![label.value.clone()],
        span: label.key_span,
    };
    Selector { requirements: labels.iter().map(one).collect() }
}

/// An Ingress, in the form of `networking.k8s.io/v1` and in the older ones.
pub(super) fn ingress(cx: &mut Cx<'_>, node: NodeId) -> Ingress {
    let mut ingress = Ingress::default();
    let Some(spec) = cx.doc.get(node, "spec") else { return ingress };
    let all = ["defaultBackend", "backend"].into_iter().filter_map(|key| cx.doc.get(spec, key));
    ingress.backends.extend(all.filter_map(|one| backend(cx, one)));
    for rule in field::items(cx, spec, "rules").unwrap_or_default() {
        let Some(http) = cx.doc.get(rule, "http") else { continue };
        let paths = field::items(cx, http, "paths").unwrap_or_default().into_iter();
        let backends = paths.filter_map(|path| backend(cx, cx.doc.get(path, "backend")?));
        ingress.backends.extend(backends);
    }
    ingress
}

fn backend(cx: &Cx<'_>, node: NodeId) -> Option<IngressBackend> {
    let doc = cx.doc;
    let (name, port) = match doc.get(node, "service") {
        Some(service) => {
            let port = doc.get(service, "port");
            let port = port.and_then(|port| field::port(cx, port, "number").or_else(|| field::port(cx, port, "name")));
            (field::text(cx, service, "name"), port)
        }
        None => (field::text(cx, node, "serviceName"), field::port(cx, node, "servicePort")),
    };
    let Setting::Known(service, span) = name else { return None };
    Some(IngressBackend { service, port: port.map_or(PortRef::Unknown, |(port, _)| port), span })
}
