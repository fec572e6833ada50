//! Health checks that begin before the last one has ended.

use super::listener;
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("overlapping-health-checks", include_str!("../../../rules/overlapping-health-checks.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (view, check) in listener::checks(mesh) {
        let (Some(timeout), Some(interval)) = (check.timeout.known(), check.interval.known()) else { continue };
        if timeout <= interval {
            continue;
        }
        let owner = view.owner;
        let message =
            format!("a health check of {} may take {timeout} ms, and begins every {interval} ms", owner.title());
        out.push(
            Draft::new("health-check-timeout-over-interval", message)
                .at(owner.at(check.timeout.span), "longer than the interval")
                .at(owner.at(check.interval.span), "the interval")
                .why("checks of a slow endpoint overlap: what cannot keep up gets more of them, and is found to be ill later")
                .help("write a timeout that is no longer than the interval")
                .on(owner.subject()),
        );
    }
}
