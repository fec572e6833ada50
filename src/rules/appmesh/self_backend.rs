//! A virtual node that lists a service which it provides itself.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::{Applicability, Change, Draft};
use crate::mesh::{Mesh, ResourceId};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("self-backend", include_str!("../../../rules/self-backend.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let mut nodes_of: FxHashMap<ResourceId, FxHashSet<ResourceId>> = FxHashMap::default();
    for call in mesh.calls() {
        // What a group brings along is not meant for each node that lists it.
        let Some((_, index)) = call.by.filter(|(owner, _)| *owner == call.from) else { continue };
        // Many services may share a provider.
        let Some(provider) = mesh.provider_of(call.service) else { continue };
        let behind = || mesh.arrivals(call.service).into_iter().map(|arrival| arrival.node).collect();
        if !nodes_of.entry(provider).or_insert_with(behind).contains(&call.from) {
            continue;
        }
        let (node, service) = (mesh.resource(call.from), mesh.resource(call.service));
        out.push(
            Draft::new("self-backend", format!("{} lists {}, which it provides itself", node.title(), service.title()))
                .at(node.at(node.references[index].span), "leads back to this node")
                .why("calls to it go out of the node and come back, which is allowed and seldom meant")
                .help("leave the backend out, unless the endpoints of the node call one another")
                .remedy(
                    "remove the backend",
                    Applicability::Unsafe,
                    [(node.references[index].span, Change::RemoveItem)],
                )
                .on(node.subject()),
        );
    }
}
