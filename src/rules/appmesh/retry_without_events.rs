//! A retry policy that does not say when to try again.

use super::retry;
use crate::dialect::appmesh::model::VirtualRouter;
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("retry-without-events", include_str!("../../../rules/retry-without-events.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, router, model) in mesh.models::<VirtualRouter>().filter(|(_, router, _)| !router.is_patchy) {
        for route in retry::routes(model) {
            let Some(policy) = route.policy.as_ref().filter(|policy| policy.is_without_events()) else { continue };
            out.push(
                Draft::new("retry-no-events", format!("the retry policy of {} names no events", route.title()))
                    .at(router.at(policy.key), "says how often to try again, and not when")
                    .why("a retry policy needs at least one event: App Mesh refuses the route")
                    .help("name events, as `httpRetryEvents: [gateway-error, stream-error]` and `tcpRetryEvents: [connection-error]`")
                    .on(router.subject()),
            );
        }
    }
}
