//! A gateway route that more than one virtual gateway takes.

use crate::finding::Draft;
use crate::mesh::{Membership, Mesh, Resource, Role};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("route-in-several-gateways", include_str!("../../../rules/route-in-several-gateways.md")).mesh(check);

/// As many of the gateways are named and shown.
const SHOWN: usize = 4;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let routes = mesh.of_role(Role::GatewayRoute);
    let torn = routes.filter_map(|(id, route)| match mesh.gateway_of(id) {
        Membership::Several(gateways) => Some(((route.namespace.as_ref(), gateways), route)),
        _ => None,
    });
    // The routes of a namespace that the same gateways take have one cause.
    for ((_, gateways), routes) in group(torn) {
        let Some(first) = routes.first() else { continue };
        let gateways: Vec<_> = gateways.iter().map(|id| mesh.resource(*id)).collect();
        out.push(several(first, routes.len(), &gateways));
    }
}

fn several(first: &Resource, count: usize, gateways: &[&Resource]) -> Draft {
    let name = |gateway: &Resource| match &gateway.namespace {
        Some(namespace) => format!("`{namespace}/{}`", gateway.name),
        None => format!("`{}`", gateway.name),
    };
    let names: Vec<_> = gateways.iter().take(SHOWN).map(|gateway| name(gateway)).collect();
    let (total, names) = (gateways.len(), names.join(", "));
    let message = format!("{total} gateways take {}{}: {names}", first.title(), and_more(count));
    let draft = Draft::new("gatewayroute-multiple-gateways", message).at(first.place(), "taken more than once");
    let draft = gateways.iter().take(SHOWN).fold(draft, |draft, gateway| {
        let place = gateway.namespace_selector.span().map_or(gateway.place(), |span| gateway.at(span));
        draft.at(place, format!("{} takes it", name(gateway)))
    });
    draft
        .why("the controller refuses a gateway route unless exactly one gateway takes it, in whatever namespace")
        .help(
            "narrow the `namespaceSelector` of a gateway, or tell routes apart by labels and a `gatewayRouteSelector`",
        )
        .on(first.subject())
}
