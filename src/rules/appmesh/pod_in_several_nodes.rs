//! Pods that several virtual nodes or gateways take: the injector refuses them.

use rustc_hash::FxHashMap;

use super::injection::{and_others, injection, takers, takes_all};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, ResourceId, Role, Selection};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("pod-in-several-nodes", include_str!("../../../rules/pod-in-several-nodes.md")).mesh(check);

/// Selectors that meet on pods.
struct Conflict<'m> {
    takers: Vec<ResourceId>,
    first: &'m Resource,
    others: usize,
}

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let mut conflicts: Vec<Conflict<'_>> = Vec::new();
    let mut known: FxHashMap<Vec<ResourceId>, usize> = FxHashMap::default();
    for (id, workload) in mesh.of_role(Role::Workload) {
        let takers = takers(mesh, id).certain;
        if takers.len() < 2 || !injection(mesh, workload).is_on() {
            continue;
        }
        // A selector that takes every pod of the namespace is one mistake, whomever it meets.
        let greedy = takers.iter().copied().find(|id| takes_all(mesh.resource(*id)));
        let cause = greedy.map_or_else(|| takers.clone(), |id| vec![id]);
        match known.get(&cause) {
            Some(at) => conflicts[*at].others += 1,
            None => {
                known.insert(cause, conflicts.len());
                conflicts.push(Conflict { takers, first: workload, others: 0 });
            }
        }
    }
    out.extend(conflicts.iter().map(|conflict| several(mesh, conflict)));
}

fn several(mesh: &Mesh, conflict: &Conflict<'_>) -> Draft {
    let mut takers: Vec<_> = conflict.takers.iter().map(|id| mesh.resource(*id)).collect();
    let of_role = |role: Role| takers.iter().filter(|taker| taker.kind.role == role).count();
    let is_mixed = of_role(Role::Node) == 1 && of_role(Role::Gateway) == 1;
    let case = if is_mixed { "pod-node-and-gateway" } else { "pod-multiple-virtualnodes" };
    let names: Vec<_> = takers.iter().map(|taker| taker.title()).collect();
    let (workload, others) = (conflict.first.title(), and_others(conflict.others));
    let message = format!("pods of {workload}{others} are taken by {} at once", names.join(" and "));
    // The selector that asks for least is the one that takes too much; of equals, the later one.
    takers.sort_by_key(|taker| (breadth(taker), std::cmp::Reverse(taker.place())));
    let mut draft = Draft::new(case, message);
    for (at, taker) in takers.iter().enumerate() {
        let text = match at {
            _ if takes_all(taker) => "takes every pod of the namespace".to_owned(),
            0 => format!("takes the pods of {workload}, too"),
            _ => "takes the same pods".to_owned(),
        };
        draft = draft.at(taker.at(taker.pod_selector.span().unwrap_or(taker.name_span)), text);
    }
    if let Some(template) = conflict.first.workload() {
        draft = draft.at(conflict.first.at(template.span), "these pods are refused");
    }
    draft
        .why("the injector refuses a pod that belongs to more than one virtual node or gateway: the workload stays without pods")
        .help("let the selectors ask for a label that tells the pods apart, so that each pod has one place in the mesh")
        .on(takers[0].subject())
}

fn breadth(taker: &Resource) -> usize {
    match &taker.pod_selector {
        Selection::Written(selector, _) => selector.requirements.len(),
        Selection::Absent | Selection::Unknown(_) => usize::MAX,
    }
}
