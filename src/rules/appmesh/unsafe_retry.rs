//! A retry of requests that may have been carried out already.

use super::retry;
use crate::dialect::appmesh::model::{Field, HttpRetryEvent, Method, VirtualRouter};
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unsafe-retry", include_str!("../../../rules/unsafe-retry.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, router, model) in mesh.models::<VirtualRouter>() {
        for route in retry::routes(model) {
            let (Some(policy), Some((method, span))) = (&route.policy, route.method) else { continue };
            let is_risky = |event: &&Field<HttpRetryEvent>| event.known() == Some(&HttpRetryEvent::ServerError);
            let Some(event) = policy.http.items().find(is_risky) else { continue };
            if !matches!(method, Method::Post | Method::Patch) || policy.max_retries.known() == Some(&0) {
                continue;
            }
            let word = method.word();
            out.push(
                Draft::new("retry-non-idempotent", format!("{} repeats {word} requests after server errors", route.title()))
                    .at(router.at(event.span), "any error of the server, also half way through")
                    .at(router.at(span), format!("takes {word} requests"))
                    .why(format!("a {word} that failed on its way back has been carried out, and is carried out again"))
                    .help("name events before which nothing was done, as `stream-error` and, under `tcpRetryEvents`, `connection-error`")
                    .on(router.subject()),
            );
        }
    }
}
