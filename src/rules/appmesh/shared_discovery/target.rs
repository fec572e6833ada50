//! Targets of a route that are one endpoint, or the way back to the route.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{endpoint, is_same};
use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::{Draft, Span};
use crate::mesh::{Destination, Mesh, Port, Resource, ResourceId, Role, Route, Target};
use crate::rules::appmesh::discovery::host;

/// A target of a route that gets requests.
struct Share<'m> {
    id: ResourceId,
    node: &'m Resource,
    /// Where the router names it.
    place: Span,
    port: Port,
}

/// Judges the targets of all routes; gives the pairs of nodes that were told to be one, the first in order first.
pub(super) fn check(mesh: &Mesh, out: &mut Vec<Draft>) -> FxHashSet<(ResourceId, ResourceId)> {
    let mut told = FxHashSet::default();
    for (id, router) in mesh.of_role(Role::Router) {
        for at in mesh.routes_of(id) {
            let holder = mesh.resource(at.0);
            pairs(mesh, holder, &shares(mesh, holder, mesh.route(at)), &mut told, out);
        }
        back_to_router(mesh, id, router, out);
    }
    told
}

/// The targets that certainly get requests, as far as they lead to one node.
fn shares<'m>(mesh: &'m Mesh, router: &Resource, route: &Route) -> Vec<Share<'m>> {
    let share = |one: &Destination| {
        let reference = router.references.get(one.reference?)?;
        let Target::Resolved(states) = &reference.target else { return None };
        let [id] = states[..] else { return None };
        let gets_some = one.weight.is_some_and(|weight| weight > 0);
        gets_some.then(|| Share { id, node: mesh.resource(id), place: reference.span, port: one.port })
    };
    route.destinations.iter().filter_map(share).collect()
}

fn pairs(
    mesh: &Mesh,
    router: &Resource,
    shares: &[Share<'_>],
    told: &mut FxHashSet<(ResourceId, ResourceId)>,
    out: &mut Vec<Draft>,
) {
    if shares.len() < 2 {
        return;
    }
    let mut seen = FxHashMap::default();
    let mut sorted: Vec<_> = shares.iter().collect();
    sorted.sort_by_key(|share| share.id);
    for share in sorted {
        let Some((endpoint, span)) = endpoint(share.node, share.port) else { continue };
        let (first, place): &(&Share<'_>, Span) = seen.entry(endpoint).or_insert((share, span));
        if is_same(first.node, share.node) || mesh.share_mesh(first.id, share.id).is_no() {
            continue;
        }
        if told.insert((first.id, share.id)) {
            out.push(one_endpoint(router, (first, *place), (share, span)));
        }
    }
}

fn one_endpoint(router: &Resource, (first, place): (&Share<'_>, Span), (later, span): (&Share<'_>, Span)) -> Draft {
    let message = format!("{} and {} are the same endpoints", first.node.title(), later.node.title());
    Draft::new("discovery-same-endpoint", message)
        .at(later.node.at(span), "is found where the other is")
        .at(first.node.at(place), "the same place")
        .at(router.at(later.place), "a route divides requests between them")
        .why("the weights of the route have no effect: whichever virtual node is chosen, the requests go to the same pods")
        .help("give each virtual node the name of a service that selects its own pods, or attributes of its own")
        .on(later.node.subject())
}

/// Nodes that are found by the name of the service in front of the router that divides requests between them.
fn back_to_router(mesh: &Mesh, id: ResourceId, router: &Resource, out: &mut Vec<Draft>) {
    let targets = router.references.iter().filter_map(|one| match &one.target {
        Target::Resolved(states) => states.first().copied(),
        _ => None,
    });
    let mut targets: Vec<_> = targets.collect();
    targets.sort_unstable();
    targets.dedup();
    if targets.len() < 2 {
        return;
    }
    let services: Vec<_> =
        mesh.referrers(id).map(|(from, _)| mesh.resource(from)).filter(|one| one.kind.role == Role::Service).collect();
    for node in targets.into_iter().map(|id| mesh.resource(id)) {
        let Some((hostname, name)) = node.model::<VirtualNode>().and_then(host) else { continue };
        let is_its = |service: &&&Resource| service.deployed_name.as_ref().is_some_and(|(own, _)| own == name);
        let Some(service) = services.iter().find(is_its) else { continue };
        let message =
            format!("{} is found by the name of {}, which stands for several nodes", node.title(), service.title());
        let place = service.deployed_name.as_ref().map_or(service.name_span, |(_, span)| *span);
        let draft = Draft::new("discovery-is-virtual-service", message)
            .at(node.at(hostname.span), "the name of all nodes together")
            .at(service.at(place), format!("{} divides its requests between several", router.title()))
            .why("where the name leads to the pods of all versions, the share of this virtual node goes to all of them")
            .help("give the pods of this virtual node a service of their own, and write its name");
        out.push(draft.on(node.subject()));
    }
}
