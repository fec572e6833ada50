//! A gateway route whose gateway is a member of another mesh than its namespace.

use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, Role};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("gateway-in-other-mesh", include_str!("../../../rules/gateway-in-other-mesh.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let routes = mesh.of_role(Role::GatewayRoute).filter_map(|(id, route)| {
        let gateway = mesh.gateway_of(id).one()?;
        let (own, other) = (mesh.mesh_of(id).one()?, mesh.mesh_of(gateway).one()?);
        let differ = mesh.resource(own).name.same(&mesh.resource(other).name).is_no();
        differ.then_some(((route.scope, route.namespace.as_ref(), gateway, own, other), route))
    });
    // The routes of a namespace have one mesh, so those of one gateway have one cause.
    for ((_, _, gateway, own, other), routes) in group(routes) {
        let Some(first) = routes.first() else { continue };
        let [gateway, own, other] = [gateway, own, other].map(|id| mesh.resource(id));
        out.push(apart(first, routes.len(), gateway, own, other));
    }
}

fn apart(route: &Resource, count: usize, gateway: &Resource, own: &Resource, other: &Resource) -> Draft {
    let verb = if count == 1 { "attaches" } else { "attach" };
    let message = format!("{}{} {verb} to {} of another mesh", route.title(), and_more(count), gateway.title());
    let selector = |mesh: &Resource| mesh.namespace_selector.span().map_or(mesh.place(), |span| mesh.at(span));
    Draft::new("gatewayroute-gateway-other-mesh", message)
        .at(route.place(), format!("a member of {}", own.title()))
        .at(gateway.place(), format!("a member of {}", other.title()))
        .at(selector(own), "takes the namespace of the route")
        .at(selector(other), "takes the namespace of the gateway")
        .why("the controller refuses a gateway route whose gateway is a member of another mesh")
        .help("let a gateway of the same mesh take the route, or label both namespaces for one mesh")
        .on(route.subject())
}
