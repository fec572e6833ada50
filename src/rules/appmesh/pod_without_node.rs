//! Pods that must be injected and that no virtual node or gateway takes: the injector refuses them.

use super::annotation::INJECT;
use super::injection::{Injection, Space, injection, labels_as_written, space};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, ResourceId, Role, Selection};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("pod-without-node", include_str!("../../../rules/pod-without-node.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let lost = mesh.of_role(Role::Workload).filter(|(id, workload)| {
        mesh.picked_by(*id).is_empty()
            && labels_as_written(workload)
            && injection(mesh, workload) == Injection::Demanded
            && is_closed(mesh, workload)
    });
    // Where a namespace has nothing that takes pods, that is one mistake, however many workloads it has.
    let cause = |(id, workload): (ResourceId, &'_ Resource)| {
        let has_takers = [Role::Node, Role::Gateway].iter().any(|role| mesh.beside(workload, *role).next().is_some());
        (has_takers.then_some(id), workload.scope, workload.namespace.clone())
    };
    out.extend(group(lost.map(|one| (cause(one), one.1))).iter().map(|(_, workloads)| untaken(mesh, workloads)));
}

/// Whether a virtual node of the namespace would be among the manifests: a mesh is, no document is left
/// unread that may hold one, and no Flagger is there that makes its own.
fn is_closed(mesh: &Mesh, workload: &Resource) -> bool {
    let sources = ["VirtualNode", "VirtualGateway", "flagger.app/"];
    let may_be_made = sources.iter().any(|kind| mesh.may_hide_beside(workload, kind));
    mesh.has_in_reach(Role::Mesh, workload.scope) && !may_be_made
}

fn untaken(mesh: &Mesh, workloads: &[&Resource]) -> Draft {
    let (workload, others) = (workloads[0], and_more(workloads.len()));
    let namespace = workload.namespace.as_ref().map(|name| format!(" of namespace `{name}`")).unwrap_or_default();
    let title = workload.title();
    let message = format!("no virtual node or gateway{namespace} takes the pods of {title}{others}");
    let mut draft = Draft::new("pod-no-virtualnode", message).at(workload.place(), "its pods are refused");
    let namesakes = mesh.find(workload, Role::Node, workload.namespace.as_ref(), &workload.name).into_iter();
    let mut namesakes = namesakes.map(|id| mesh.resource(id));
    if let Some(node) = namesakes.find(|node| mesh.scopes().reaches(workload.scope, node.scope)) {
        draft = match &node.pod_selector {
            Selection::Written(_, span) => draft.at(node.at(*span), format!("{} asks for other labels", node.title())),
            _ => draft.at(node.place(), format!("{} has no `podSelector`", node.title())),
        };
    }
    let annotation = workload.workload().and_then(|workload| workload.annotations.get(INJECT));
    match (annotation, space(mesh, workload), mesh.namespace_objects(workload).first()) {
        (Some(label), ..) => draft = draft.at(workload.at(label.span), "the pods are to be injected"),
        (None, Space::Labelled(label), Some(space)) => {
            draft = draft.at(space.at(label.span), "every pod here is to be injected");
        }
        _ => {}
    }
    draft
        .why("with injection enabled, the injector refuses pods that belong to no virtual node or gateway: the workload stays without pods")
        .help("give the pods the labels that the `podSelector` of a virtual node asks for, or annotate them with `appmesh.k8s.aws/sidecarInjectorWebhook: disabled`")
        .on(workload.subject())
}
