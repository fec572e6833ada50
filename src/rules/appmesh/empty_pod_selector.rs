//! An empty pod selector beside others: it takes their pods, too.

use super::injection::{injection, selector_place, takers, takes_all};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, ResourceId, Role, Selection};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("empty-pod-selector", include_str!("../../../rules/empty-pod-selector.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, taker) in mesh.of_role(Role::Node).chain(mesh.of_role(Role::Gateway)) {
        if takes_all(taker)
            && let Some(other) = other_taker(mesh, taker)
            && !meets_another(mesh, id)
        {
            out.push(greedy(taker, other));
        }
    }
}

/// Another resource of the namespace that selects pods.
fn other_taker<'m>(mesh: &'m Mesh, taker: &'m Resource) -> Option<&'m Resource> {
    let selects = |other: &&Resource| matches!(other.pod_selector, Selection::Written(..));
    let is_other = |other: &&Resource| other.name != taker.name || other.kind != taker.kind;
    let roles = [Role::Node, Role::Gateway].into_iter();
    let mut others = roles.flat_map(|role| mesh.beside(taker, role)).map(|(_, other)| other);
    others.find(|other| selects(other) && is_other(other))
}

/// Whether pods are there that it shares with another: then `pod-in-several-nodes` says so.
fn meets_another(mesh: &Mesh, id: ResourceId) -> bool {
    let is_shared = |workload: ResourceId| {
        takers(mesh, workload).certain.len() > 1 && injection(mesh, mesh.resource(workload)).is_on()
    };
    mesh.picks(id).iter().any(|pick| is_shared(pick.id))
}

fn greedy(taker: &Resource, other: &Resource) -> Draft {
    let message = format!("the empty `podSelector` of {} takes the pods of {}, too", taker.title(), other.title());
    Draft::new("podselector-empty", message)
        .at(selector_place(taker), "takes every pod of the namespace")
        .at(selector_place(other), format!("{} selects pods here", other.title()))
        .why("an empty selector matches every pod, and the injector refuses pods that several virtual nodes or gateways take")
        .help("select the pods by a label, or leave `podSelector` out if there are none")
        .on(taker.subject())
}
