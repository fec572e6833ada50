//! Destinations that share the traffic of a route, and of which nobody asks whether they are well.

use rustc_hash::FxHashSet;

use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::Draft;
use crate::mesh::{Arrival, Mesh, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-health-check", include_str!("../../../rules/missing-health-check.md"))
        .when_selected()
        .mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let mut told = FxHashSet::default();
    for (id, _) in mesh.of_role(Role::Router) {
        let arrivals = mesh.routes_of(id).into_iter().map(|at| mesh.arrivals_by(at));
        for arrival in arrivals.filter(|all| all.len() > 1).flatten() {
            if told.insert((arrival.node, arrival.at.listener())) {
                out.extend(bare(mesh, &arrival));
            }
        }
    }
}

fn bare(mesh: &Mesh, arrival: &Arrival) -> Option<Draft> {
    let node = mesh.resource(arrival.node);
    let listener = node.model::<VirtualNode>()?.listeners.items().nth(arrival.at.listener()?)?.known()?;
    if !listener.health_check.is_absent() || node.is_patchy {
        return None;
    }
    let (at, index) = arrival.via?;
    let (router, route) = (mesh.resource(at.0), mesh.route(at));
    let target = &router.references[route.destinations.get(index)?.reference?];
    let draft = Draft::new("health-check-missing", format!("nobody checks the health of {}", node.title()))
        .at(node.at(listener.port_mapping.key), "no `healthCheck` beside it")
        .at(router.at(target.span), format!("route `{}` gives it a share of its requests", route.name))
        .why("a destination whose endpoints are ill keeps getting its share of the requests")
        .help("add a `healthCheck` to the listener");
    Some(draft.on(node.subject()))
}
