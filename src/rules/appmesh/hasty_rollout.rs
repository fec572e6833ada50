//! A rolling update that takes old pods away before new ones are there, or makes many at once.

use super::injection::takers;
use crate::finding::{Draft, Span};
use crate::mesh::{Amount, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("hasty-rollout", include_str!("../../../rules/hasty-rollout.md")).when_selected().mesh(check);

/// What the user guide of App Mesh recommends at the most, in percent.
const SURGE: i64 = 25;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, pods) in mesh.of_role(Role::Workload) {
        let taken = takers(mesh, id);
        let [taker] = taken.certain[..] else { continue };
        let Some(workload) = pods.workload() else { continue };
        let (missing, surge) = (workload.rollout.max_unavailable.known(), workload.rollout.max_surge.known());
        let is_many = |amount: Amount| match amount {
            Amount::Percent(share) => share > SURGE,
            // One pod is the least that a rollout needs, however few there are.
            Amount::Count(count) => {
                let all = workload.replicas.known().map(|(count, _)| *count);
                count > 1 && all.is_some_and(|all| count.saturating_mul(100) > all.saturating_mul(SURGE))
            }
        };
        let taker = mesh.resource(taker);
        if let Some((_, span)) = missing.filter(|(amount, _)| !matches!(amount, Amount::Count(0) | Amount::Percent(0)))
        {
            out.push(hasty(pods, taker, span, "maxUnavailable", "takes pods away before others are there"));
        } else if let Some((_, span)) = surge.filter(|(amount, _)| is_many(**amount)) {
            out.push(hasty(pods, taker, span, "maxSurge", "more than a quarter at once"));
        }
    }
}

fn hasty(pods: &Resource, taker: &Resource, span: Span, field: &str, text: &str) -> Draft {
    Draft::new("rolling-update-surge", format!("`{field}` of {} lets an update outrun the proxies", pods.title()))
        .at(pods.at(span), text)
        .at(taker.place(), "takes the pods")
        .why("proxies learn of pods that come and go with some delay: while many change at once, requests are sent to pods that are gone")
        .help("set `maxUnavailable` to 0 and `maxSurge` to 25%")
        .on(pods.subject())
}
