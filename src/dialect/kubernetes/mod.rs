//! Core Kubernetes: namespaces, services, ingresses, everything that makes pods, and what scales it. Their own fields
//! are not judged; they are read for what a mesh is tied to.

mod container;
mod field;
mod front;
mod kustomization;
pub(super) mod meta;
mod security;
mod workload;

use std::borrow::Cow;

use crate::mesh::{Detail, Kind, Label, Name, Role, Selection, Surface};
use crate::yaml::{Document, NodeId};

use super::shape::Cx;
use super::{Lowered, Origin};

use meta::Meta;

pub use kustomization::Kustomization;
pub(super) use kustomization::is_json_patch;

const DIALECT: &str = "kubernetes";

static NAMESPACE: Kind =
    Kind { dialect: DIALECT, name: "Namespace", words: "namespace", role: Role::Namespace, surface: Surface::Cluster };
static SERVICE: Kind = Kind {
    dialect: DIALECT,
    name: "Service",
    words: "Kubernetes service",
    role: Role::ClusterService,
    surface: Surface::Cluster,
};
static INGRESS: Kind =
    Kind { dialect: DIALECT, name: "Ingress", words: "ingress", role: Role::Ingress, surface: Surface::Cluster };
static AUTOSCALER: Kind = Kind {
    dialect: DIALECT,
    name: "HorizontalPodAutoscaler",
    words: "autoscaler",
    role: Role::Autoscaler,
    surface: Surface::Cluster,
};
static WORKLOAD: Kind =
    Kind { dialect: DIALECT, name: "Workload", words: "", role: Role::Workload, surface: Surface::Cluster };

/// Kinds of what makes pods, as people write them.
const WORKLOADS: [&str; 7] = ["CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"];

/// Its kinds, with what each is for.
pub(super) fn kinds() -> impl Iterator<Item = (&'static str, Role)> {
    let plain = [&NAMESPACE, &SERVICE, &INGRESS, &AUTOSCALER].into_iter().map(|kind| (kind.name, kind.role));
    plain.chain(WORKLOADS.into_iter().map(|kind| (kind, Role::Workload)))
}

/// Reads an object of core Kubernetes, a pod template of whatever kind, or a kustomization; `None`
/// for anything else.
pub(super) fn read(doc: &Document<'_>, node: NodeId, api_version: &str, kind: &str, origin: Origin) -> Option<Lowered> {
    if let Some(found) = Kustomization::read(doc, node, kind, origin.is_kustomization) {
        return Some(Lowered { kustomization: Some(Box::new(found)), ..Lowered::default() });
    }
    if api_version.is_empty() && kind.is_empty() {
        return None;
    }
    let mut cx = Cx::new(doc, origin.dollar);
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    if (group, kind) == ("flagger.app", "Canary") {
        // Flagger makes virtual nodes, routers and services out of it, which nobody writes down.
        return Some(Lowered { is_opaque: true, ..Lowered::default() });
    }
    let mut selection = Selection::Absent;
    let (known, detail) = match (group, kind) {
        ("", "Namespace") => (&NAMESPACE, Detail::None),
        ("", "Service") => {
            let (service, selects) = front::service(&mut cx, node);
            selection = selects;
            (&SERVICE, Detail::ClusterService(Box::new(service)))
        }
        (_, "Ingress") => (&INGRESS, Detail::Ingress(Box::new(front::ingress(&mut cx, node)))),
        ("autoscaling", "HorizontalPodAutoscaler") => {
            (&AUTOSCALER, Detail::Autoscaler(Box::new(workload::autoscaler(&cx, node))))
        }
        _ => (&WORKLOAD, Detail::Workload(Box::new(workload::read(&mut cx, node, kind)?))),
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
    resource.pod_selector = selection;
    resource.detail = detail;
    Some(Lowered { resource: Some(resource), ..Lowered::default() })
}
