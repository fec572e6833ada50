//! Core Kubernetes: namespaces, services, ingresses, and everything that makes pods. Their own fields
//! are not judged; they are read for what a mesh is tied to.

pub(super) mod meta;
mod security;
mod workload;

use std::borrow::Cow;

use crate::mesh::{
    ClusterService, Detail, Kind, Label, Labels, Name, Operator, Requirement, Role, Selection, Selector, ServicePort,
};
use crate::yaml::{Document, NodeId, Profile, Value, resolve};

use super::shape::Cx;
use super::{Lowered, Origin};

use meta::Meta;

const DIALECT: &str = "kubernetes";

static NAMESPACE: Kind = Kind { dialect: DIALECT, name: "Namespace", words: "namespace", role: Role::Namespace };
static SERVICE: Kind =
    Kind { dialect: DIALECT, name: "Service", words: "Kubernetes service", role: Role::ClusterService };
static INGRESS: Kind = Kind { dialect: DIALECT, name: "Ingress", words: "ingress", role: Role::Ingress };
static WORKLOAD: Kind = Kind { dialect: DIALECT, name: "Workload", words: "", role: Role::Workload };

/// Reads an object of core Kubernetes, a pod template of whatever kind, or a kustomization; `None`
/// for anything else.
pub(super) fn read(doc: &Document<'_>, node: NodeId, api_version: &str, kind: &str, origin: Origin) -> Option<Lowered> {
    if api_version.is_empty() && kind.is_empty() {
        return None;
    }
    if kind == "Kustomization" {
        return Some(Lowered { patches: patches(doc, node), ..Lowered::default() });
    }
    let cx = Cx::new(doc, origin.dollar);
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    if (group, kind) == ("flagger.app", "Canary") {
        // Flagger makes virtual nodes, routers and services out of it, which nobody writes down.
        return Some(Lowered { is_opaque: true, ..Lowered::default() });
    }
    let (known, detail) = match (group, kind) {
        ("", "Namespace") => (&NAMESPACE, Detail::None),
        ("", "Service") => (&SERVICE, Detail::ClusterService(Box::new(service(&cx, node)))),
        (_, "Ingress") => (&INGRESS, Detail::None),
        _ => (&WORKLOAD, Detail::Workload(Box::new(workload::read(&cx, node, kind)?))),
    };
    let meta = Meta::read(&cx, node);
    let mut resource = meta.resource(&cx, node, known, origin)?;
    if known.role == Role::Workload {
        resource.kind_name = Cow::Owned(kind.to_owned());
    }
    if known.role == Role::Namespace {
        // The API server gives every namespace its name as a label (Kubernetes 1.21).
        let (name, span) = (resource.name.clone(), resource.name_span);
        let key = Name::known("kubernetes.io/metadata.name");
        resource.labels.add(Label { key, value: name, key_span: span, span });
    }
    resource.detail = detail;
    Some(Lowered { resource: Some(resource), ..Lowered::default() })
}

fn service(cx: &Cx<'_>, node: NodeId) -> ClusterService {
    let doc = cx.doc;
    let spec = doc.get(node, "spec");
    let selector = spec.and_then(|spec| doc.entry(spec, "selector"));
    let selector = selector.map_or(Selection::Absent, |entry| {
        let labels = meta::labels(cx, Some(entry.value));
        Selection::Written(equal_to(&labels), doc.span(entry.key))
    });
    let list = spec.and_then(|spec| doc.get(spec, "ports"));
    let ports = list.into_iter().flat_map(|list| doc.items(list)).filter_map(|port| doc.entry(port, "port"));
    let ports = ports.map(|port| ServicePort {
        port: match resolve(doc, port.value, Profile::Kubernetes) {
            Value::Int(port) => u16::try_from(port).ok(),
            _ => None,
        },
        span: super::place(doc, port.key, port.value),
    });
    ClusterService { selector, ports: ports.collect() }
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

/// The files of a kustomization that hold patches.
fn patches(doc: &Document<'_>, node: NodeId) -> Vec<String> {
    let list = |key: &str| doc.get(node, key).into_iter().flat_map(|list| doc.items(list));
    let merges = list("patchesStrategicMerge").map(|item| doc.text(item));
    let paths = list("patches").chain(list("patchesJson6902"));
    let paths = paths.filter_map(|item| doc.get(item, "path")).map(|path| doc.text(path));
    merges.chain(paths).filter(|path| !path.is_empty() && !path.contains('\n')).map(str::to_owned).collect()
}
