//! Pods that several virtual nodes or gateways take: the injector refuses them.

use super::injection::{injection, selector_place, takers, takes_all};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, Role, Selection};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("pod-in-several-nodes", include_str!("../../../rules/pod-in-several-nodes.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let torn = mesh.of_role(Role::Workload).filter_map(|(id, workload)| {
        let takers = takers(mesh, id).certain;
        if takers.len() < 2 || !injection(mesh, workload).is_on() {
            return None;
        }
        // A selector that takes every pod of the namespace is one mistake, whomever it meets.
        let greedy = takers.iter().copied().find(|id| takes_all(mesh.resource(*id)));
        let cause = greedy.map_or_else(|| takers.clone(), |id| vec![id]);
        Some((cause, (takers, workload)))
    });
    for (_, workloads) in group(torn) {
        let (takers, first) = &workloads[0];
        let takers = takers.iter().map(|id| mesh.resource(*id)).collect();
        out.push(several(takers, first, and_more(workloads.len())));
    }
}

fn several(mut takers: Vec<&Resource>, first: &Resource, others: String) -> Draft {
    let of_role = |role: Role| takers.iter().filter(|taker| taker.kind.role == role).count();
    let is_mixed = of_role(Role::Node) == 1 && of_role(Role::Gateway) == 1;
    let case = if is_mixed { "pod-node-and-gateway" } else { "pod-multiple-virtualnodes" };
    let names: Vec<_> = takers.iter().map(|taker| taker.title()).collect();
    let workload = first.title();
    let message = format!("pods of {workload}{others} are taken by {} at once", names.join(" and "));
    // The selector that asks for least is the one that takes too much; of equals, the later one.
    takers.sort_by_key(|taker| (demands(taker), std::cmp::Reverse(taker.place())));
    let mut draft = Draft::new(case, message);
    for (at, taker) in takers.iter().enumerate() {
        let text = match at {
            _ if takes_all(taker) => "takes every pod of the namespace".to_owned(),
            0 => format!("takes the pods of {workload}, too"),
            _ => "takes the same pods".to_owned(),
        };
        draft = draft.at(selector_place(taker), text);
    }
    if let Some(template) = first.workload() {
        draft = draft.at(first.at(template.span), "these pods are refused");
    }
    draft
        .why("the injector refuses a pod that belongs to more than one virtual node or gateway: the workload stays without pods")
        .help("let the selectors ask for a label that tells the pods apart, so that each pod has one place in the mesh")
        .on(takers[0].subject())
}

fn demands(taker: &Resource) -> usize {
    match &taker.pod_selector {
        Selection::Written(selector, _) => selector.requirements.len(),
        Selection::Absent | Selection::Unknown(_) => usize::MAX,
    }
}
