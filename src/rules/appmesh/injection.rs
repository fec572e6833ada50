//! What the injector of the App Mesh controller does with pods: whether it is called, what it is told, and
//! which virtual nodes and gateways take them.

use crate::finding::Place;
use crate::mesh::{Label, Mesh, Resource, ResourceId, Role, Selection, Truth};
use crate::rules::group::group;

use super::annotation::INJECT;

/// What the namespace of a resource says about injection, where all its states agree.
#[derive(Clone, Copy, Debug)]
pub(super) enum Space<'m> {
    /// The namespace is made elsewhere.
    Elsewhere,
    /// Its labels are not known.
    Unknown,
    /// It has no label, so that nothing on a pod can turn injection on.
    Bare(&'m Resource),
    /// It has the label.
    Labelled(&'m Label),
}

/// What happens to the pods of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Injection {
    /// They are injected, or refused if nothing takes them.
    Demanded,
    /// They are injected if something takes them.
    Offered,
    /// The injector is not called, or does nothing.
    Off,
    /// The namespace is made elsewhere and decides; whoever writes a mesh has it labelled.
    Elsewhere,
    /// A placeholder decides.
    Unknown,
}

impl Injection {
    /// Whether the injector looks at the pods, as far as the manifests go.
    pub(super) fn is_on(self) -> bool {
        matches!(self, Self::Demanded | Self::Offered | Self::Elsewhere)
    }
}

/// The virtual nodes and gateways that take the pods of a workload.
#[derive(Debug, Default)]
pub(super) struct Takers {
    /// Those that certainly do, in each of their states; the first state stands for all.
    pub(super) certain: Vec<ResourceId>,
    /// Whether there may be others.
    pub(super) perhaps_more: bool,
}

/// What the namespace of a resource says about injection.
pub(super) fn space<'m>(mesh: &'m Mesh, of: &Resource) -> Space<'m> {
    let spaces = mesh.namespace_objects(of);
    let Some(&first) = spaces.first() else { return Space::Elsewhere };
    let label = first.labels.get(INJECT);
    let agrees = |other: &&Resource| match (label, other.labels.get(INJECT)) {
        (Some(one), Some(other)) => one.value == other.value,
        (None, None) => other.labels.has(INJECT).is_no(),
        _ => false,
    };
    match label {
        _ if !spaces.iter().all(agrees) => Space::Unknown,
        Some(label) if label.value.is_open() => Space::Unknown,
        Some(label) => Space::Labelled(label),
        None => Space::Bare(first),
    }
}

/// What happens to the pods of a workload. The webhook is called in namespaces whose label is exactly
/// `enabled` or `disabled`; the annotation of the pods goes before the label and is read in any case.
pub(super) fn injection(mesh: &Mesh, resource: &Resource) -> Injection {
    let Some(workload) = resource.workload() else { return Injection::Off };
    // A pod that was read from a cluster has been through it.
    if resource.live && resource.kind_name == "Pod" {
        return Injection::Off;
    }
    let annotation = workload.annotations.get(INJECT);
    if annotation.is_some_and(|label| asks(label, "disabled")) {
        return Injection::Off;
    }
    if annotation.is_some_and(|label| label.value.is_open()) || workload.annotations.has(INJECT) == Truth::Unknown {
        return Injection::Unknown;
    }
    let label = match space(mesh, resource) {
        Space::Elsewhere => return Injection::Elsewhere,
        Space::Unknown => return Injection::Unknown,
        Space::Bare(_) => return Injection::Off,
        Space::Labelled(label) if !is_exact(label) => return Injection::Off,
        Space::Labelled(label) => label,
    };
    match annotation {
        Some(label) if asks(label, "enabled") => Injection::Demanded,
        Some(_) => Injection::Offered,
        None if label.value.as_str() == "enabled" => Injection::Demanded,
        None => Injection::Off,
    }
}

/// Whether the label of a namespace has the webhook called: its selector is case-sensitive.
pub(super) fn is_exact(label: &Label) -> bool {
    matches!(label.value.as_str(), "enabled" | "disabled")
}

/// Whether the annotation of a pod says this, in any case.
pub(super) fn asks(label: &Label, mode: &str) -> bool {
    label.value.as_known().is_some_and(|value| value.eq_ignore_ascii_case(mode))
}

/// Whether the labels of a workload's pods are those of its template and the few that Kubernetes adds. Argo
/// Rollouts and other controllers label their pods as they like.
pub(super) fn labels_as_written(workload: &Resource) -> bool {
    matches!(
        &*workload.kind_name,
        "CronJob" | "DaemonSet" | "Deployment" | "Job" | "Pod" | "ReplicaSet" | "ReplicationController" | "StatefulSet"
    )
}

/// Who takes the pods of a workload.
pub(super) fn takers(mesh: &Mesh, workload: ResourceId) -> Takers {
    let picks = mesh.picked_by(workload);
    let home = mesh.resource(workload);
    // Picks come in the order of their ids.
    let pick_of = |id: ResourceId| picks.binary_search_by_key(&id, |pick| pick.id).ok().map(|at| picks[at]);
    let is_sure = |id: ResourceId| pick_of(id).is_some_and(|pick| pick.truth.is_yes());
    let mut takers = Takers::default();
    for pick in picks {
        let taker = mesh.resource(pick.id);
        let states = mesh.find(home, taker.kind.role, taker.namespace.as_ref(), &taker.name).into_iter();
        let mut states = states.filter(|id| mesh.scopes().reaches(home.scope, mesh.resource(*id).scope)).peekable();
        let is_first = states.peek() == Some(&pick.id);
        if !states.all(is_sure) {
            takers.perhaps_more = true;
        } else if is_first {
            takers.certain.push(pick.id);
        }
    }
    takers
}

/// The one taker of a workload's pods, if it is certain that there is no other.
pub(super) fn only_taker(mesh: &Mesh, workload: ResourceId, role: Role) -> Option<&Resource> {
    match takers(mesh, workload) {
        Takers { certain, perhaps_more: false } if certain.len() == 1 => {
            Some(mesh.resource(certain[0])).filter(|taker| taker.kind.role == role)
        }
        _ => None,
    }
}

/// Whether a selector is written that takes every pod.
pub(super) fn takes_all(resource: &Resource) -> bool {
    matches!(&resource.pod_selector, Selection::Written(selector, _) if selector.is_empty())
}

/// Where a taker says which pods it takes.
pub(super) fn selector_place(taker: &Resource) -> Place {
    taker.at(taker.pod_selector.span().unwrap_or(taker.name_span))
}

/// A namespace without the label, where pods wait for an injector that is never called.
#[derive(Debug)]
pub(super) struct BareSpace<'m> {
    /// The namespace.
    pub(super) namespace: &'m Resource,
    /// Workloads whose pods something takes and nothing excepts.
    pub(super) taken: Vec<&'m Resource>,
    /// Workloads that ask for injection, each with its annotation.
    pub(super) asking: Vec<(&'m Resource, &'m Label)>,
}

/// The namespaces without the label that have workloads in want of it. One that has the key as an annotation,
/// or misspelt, is left to the rules about that.
pub(super) fn bare_spaces(mesh: &Mesh) -> Vec<BareSpace<'_>> {
    let waiting = mesh.of_role(Role::Workload).filter_map(|(id, resource)| {
        let annotations = &resource.workload()?.annotations;
        let asking = annotations.get(INJECT).filter(|label| asks(label, "enabled"));
        let is_taken = || mesh.picked_by(id).iter().any(|pick| pick.truth.is_yes());
        let is_waiting = asking.is_some() || (annotations.has(INJECT).is_no() && is_taken());
        match space(mesh, resource) {
            Space::Bare(namespace) if is_waiting => Some((namespace.place(), (namespace, resource, asking))),
            _ => None,
        }
    });
    let mut spaces = Vec::new();
    for (_, workloads) in group(waiting) {
        let namespace = workloads[0].0;
        if namespace.annotations.get(INJECT).is_some() || misspelt(namespace).is_some() {
            continue;
        }
        let mut space = BareSpace { namespace, taken: Vec::new(), asking: Vec::new() };
        for (_, resource, asking) in workloads {
            match asking {
                Some(label) => space.asking.push((resource, label)),
                None => space.taken.push(resource),
            }
        }
        spaces.push(space);
    }
    spaces
}

/// The label of a namespace that was probably meant to be the one about injection. Others with the prefix
/// may be what selectors ask for.
pub(super) fn misspelt(namespace: &Resource) -> Option<&Label> {
    let is_meant = |label: &&Label| {
        let key = super::annotation::short(label).filter(|_| label.key.as_str() != INJECT);
        key.and_then(super::annotation::meant).is_some_and(|(meant, _)| INJECT.ends_with(meant))
    };
    namespace.labels.iter().find(is_meant)
}
