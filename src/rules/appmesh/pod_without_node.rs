//! Pods that must be injected and that no virtual node or gateway takes: the injector refuses them.

use rustc_hash::FxHashMap;

use super::annotation::INJECT;
use super::injection::{Injection, Space, and_others, injection, labels_as_written, space};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, Role, Selection};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("pod-without-node", include_str!("../../../rules/pod-without-node.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    // Where a namespace has nothing that takes pods, that is one mistake, however many workloads it has.
    let mut in_void: Vec<(&Resource, usize)> = Vec::new();
    let mut known = FxHashMap::default();
    for (id, workload) in mesh.of_role(Role::Workload) {
        let is_judged = mesh.picked_by(id).is_empty() && labels_as_written(workload);
        if !is_judged || injection(mesh, workload) != Injection::Demanded || !is_closed(mesh, workload) {
            continue;
        }
        let has_takers = [Role::Node, Role::Gateway].iter().any(|role| mesh.beside(workload, *role).next().is_some());
        if has_takers {
            out.push(untaken(mesh, workload, 0));
            continue;
        }
        let space = (workload.scope, workload.namespace.as_ref());
        match known.get(&space) {
            Some(at) => {
                let (_, others): &mut (&Resource, usize) = &mut in_void[*at];
                *others += 1;
            }
            None => {
                known.insert(space, in_void.len());
                in_void.push((workload, 0));
            }
        }
    }
    out.extend(in_void.into_iter().map(|(workload, others)| untaken(mesh, workload, others)));
}

/// Whether a virtual node of the namespace would be among the manifests: a mesh is, no document is left
/// unread that may hold one, and no Flagger is there that makes its own.
fn is_closed(mesh: &Mesh, workload: &Resource) -> bool {
    let sources = ["VirtualNode", "VirtualGateway", "flagger.app/"];
    let may_be_made = sources.iter().any(|kind| mesh.may_be_unread(kind, workload.namespace.as_ref()));
    mesh.has_in_reach(Role::Mesh, workload.scope) && !may_be_made
}

fn untaken(mesh: &Mesh, workload: &Resource, others: usize) -> Draft {
    let namespace = workload.namespace.as_ref().map(|name| format!(" of namespace `{name}`")).unwrap_or_default();
    let title = workload.title();
    let others = and_others(others);
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
