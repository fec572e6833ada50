//! Listeners that allow requests more time than anything that leads to them.

use super::super::timeout::{DEFAULT, Limit};
use super::caller::Callers;
use super::way::{Way, Ways, raised};
use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::{Draft, Span};
use crate::mesh::{Mesh, Resource, ResourceId, Role};
use crate::rules::group::{and_more, label_some};

pub(super) fn check(mesh: &Mesh, callers: &Callers, out: &mut Vec<Draft>) {
    let raised: Vec<_> = mesh.models::<VirtualNode>().flat_map(|(id, node, model)| raised(id, node, model)).collect();
    if raised.is_empty() {
        return;
    }
    let ways = Ways::of(mesh);
    for (landing, limit, span) in raised {
        let (node, here) = (mesh.resource(landing.0), (limit, span));
        let mut routes = ways.routes_to(landing).to_vec();
        let is_short = |way: &Way| way.limit.is_some_and(|limit| limit <= DEFAULT);
        // What a raised route leads to, or what waits for a slow service itself, has to be raised.
        let has_reason = !routes.iter().all(is_short) || ways.may_wait(mesh, callers, landing.0);
        let is_called = |service: &ResourceId| !callers.of_service(*service).is_empty();
        let mut services = ways.services_at(landing).to_vec();
        services.retain(|service| is_called(service) || !has_reason);
        // The order of documents must not show.
        services.sort_by_key(|service| &mesh.resource(*service).name);
        routes.sort_by_key(|way| (&mesh.resource(way.route.0).name, way.route.1));
        if let Some(first) = services.first() {
            out.push(without_route(mesh, node, here, *first, &services));
        } else if let (Some(first), false) = (routes.first(), has_reason) {
            out.push(short_routes(mesh, node, here, *first, &routes));
        }
    }
}

fn without_route(
    mesh: &Mesh,
    node: &Resource,
    (limit, span): (Limit, Span),
    first: ResourceId,
    services: &[ResourceId],
) -> Draft {
    let callers = format!("callers of {}{}", mesh.resource(first).title(), and_more(services.len()));
    let message = format!("{} allows a request {limit}, and {callers} give it up after {DEFAULT}", node.title());
    let provided = services.iter().filter_map(|service| {
        let service = mesh.resource(*service);
        let reference = service.references.iter().rev().find(|one| one.wants.role == Role::Node)?;
        Some((service.at(reference.span), format!("no route on the way: {DEFAULT}, by default")))
    });
    let draft = Draft::new("timeout-with-node-provider", message).at(node.at(span), format!("{limit} here"));
    label_some(draft, provided)
        .why("what a caller waits for is written in a route; a virtual node that provides a service directly has none")
        .help("put a virtual router between, and write the same `perRequest` in its route")
        .on(node.subject())
}

fn short_routes(mesh: &Mesh, node: &Resource, (limit, span): (Limit, Span), first: Way, routes: &[Way]) -> Draft {
    let allowed = |way: &Way| way.limit.unwrap_or(DEFAULT);
    let longest = routes.iter().map(allowed).max().unwrap_or(DEFAULT);
    let give = if routes.len() == 1 { "gives" } else { "give" };
    let route = format!("route `{}`{}", mesh.route(first.route).name, and_more(routes.len()));
    let message = format!("{} allows a request {limit}, and {route} {give} it up after {longest}", node.title());
    let places = routes.iter().map(|way| {
        let route = mesh.route(way.route);
        let place = mesh.resource(way.route.0).at(route.span);
        (place, format!("route `{}` allows {}", route.name, allowed(way)))
    });
    let draft = Draft::new("listener-timeout-raised-without-route", message).at(node.at(span), format!("{limit} here"));
    label_some(draft, places)
        .why(
            "a request may take as long as the shortest timeout on its way allows, and a route without one allows 15 s",
        )
        .help("write the same `timeout.perRequest` in the route, or lower that of the listener")
        .on(node.subject())
}
