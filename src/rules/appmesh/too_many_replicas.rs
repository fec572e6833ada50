//! More pods than proxies may be connected for one virtual node or gateway.

use rustc_hash::FxHashMap;

use super::injection::{injection, selector_place, takers};
use crate::finding::{Draft, Place};
use crate::mesh::{Mesh, Name, Resource, ResourceId, Role, Scalers};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("too-many-replicas", include_str!("../../../rules/too-many-replicas.md")).mesh(check);

/// Service quotas of App Mesh: connected Envoy processes for each virtual node and each virtual gateway.
const QUOTA: i64 = 50;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    type Most<'m> = FxHashMap<(&'m str, &'m Name), (i64, Place)>;
    let scalers = Scalers::of(mesh);
    let mut demands: FxHashMap<ResourceId, Most<'_>> = FxHashMap::default();
    for (id, pods) in mesh.of_role(Role::Workload) {
        let taken = takers(mesh, id);
        let [taker] = taken.certain[..] else { continue };
        let Some((count, place)) = scalers.most_pods(pods).filter(|_| injection(mesh, pods).is_on()) else { continue };
        // Of the states of one workload the smallest counts: they are not there at the same time.
        let most = demands.entry(taker).or_default().entry((&*pods.kind_name, &pods.name)).or_insert((count, place));
        *most = (*most).min((count, place));
    }
    let mut demands: Vec<_> = demands.into_iter().collect();
    demands.sort_unstable_by_key(|(taker, _)| *taker);
    for (taker, most) in demands {
        let sum = most.values().fold(0_i64, |sum, (count, _)| sum.saturating_add(*count));
        let greatest = most.values().max_by_key(|(count, place)| (*count, std::cmp::Reverse(*place)));
        if let Some((_, place)) = greatest.filter(|_| sum > QUOTA) {
            out.push(beyond(mesh.resource(taker), sum, most.len(), *place));
        }
    }
}

fn beyond(taker: &Resource, sum: i64, count: usize, place: Place) -> Draft {
    let message = format!("{} gets up to {sum} pods, more than {QUOTA} proxies", taker.title());
    let text = match count {
        1 => "so many pods".to_owned(),
        _ => format!("the most of {count} workloads, {sum} pods together"),
    };
    Draft::new("replicas-over-envoy-quota", message)
        .at(place, text)
        .at(selector_place(taker), "takes the pods")
        .why("by default 50 proxies may be connected for one virtual node or gateway; beyond that, new and running ones lose their configuration (`RESOURCE_EXHAUSTED`), and clients get 503")
        .help("have the quota raised (`Connected Envoy processes per virtual node`), or divide the pods among several virtual nodes")
        .on(taker.subject())
}
