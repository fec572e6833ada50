//! A route, or a destination of one, that does not say which of several listeners it means.

use super::meeting::{self, Entry};
use super::place;
use crate::finding::Draft;
use crate::mesh::{Destination, Landing, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-port", include_str!("../../../rules/missing-port.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for entry in meeting::of_routers(mesh) {
        out.extend(without_match(mesh, &entry));
        for arrival in mesh.arrivals_by(entry.at).iter().filter(|one| one.at == Landing::Several) {
            let destination = arrival.via.and_then(|(_, at)| entry.route.destinations.get(at));
            out.extend(destination.and_then(|one| without_target(&entry, one, mesh.resource(arrival.node))));
        }
    }
    for entry in meeting::of_gateways(mesh) {
        out.extend(without_match(mesh, &entry));
        let provider = meeting::provider(mesh, &entry).filter(|(_, landing)| *landing == Landing::Several);
        let destination = entry.route.destinations.first().zip(provider);
        out.extend(destination.and_then(|(one, (provider, _))| without_target(&entry, one, mesh.resource(provider))));
    }
}

fn without_match(mesh: &Mesh, entry: &Entry<'_>) -> Option<Draft> {
    let owner = mesh.resource(entry.owner?);
    if entry.landing != Landing::Several || !has_several_ports(owner) {
        return None;
    }
    let (route, title) = (entry.title(), owner.title());
    // Neither a route of a router nor one of a gateway is taken by App Mesh.
    Some(
        Draft::new("match-port-missing", format!("{route} does not say which listener of {title} it is for"))
            .at(entry.holder.at(entry.route.match_span), "there is no `port` in this match")
            .at(place::port(owner, 1), format!("{title} has {} listeners", owner.listeners.len()))
            .why("App Mesh refuses a route without a port where there are several listeners")
            .help(format!("write a `port` into the match: {}", meeting::ports(owner, "or")))
            .on(entry.holder.subject()),
    )
}

fn without_target(entry: &Entry<'_>, destination: &Destination, target: &Resource) -> Option<Draft> {
    if !has_several_ports(target) {
        return None;
    }
    let (route, title) = (entry.title(), target.title());
    let what = if entry.holder.kind.role == Role::GatewayRoute { "the service" } else { "the target" };
    let (at, _) = place::target(entry.holder, entry.route, destination);
    Some(
        Draft::new("target-port-missing", format!("{route} does not say which listener of {title} it leads to"))
            .at(at, format!("{what} needs a `port`"))
            .at(place::port(target, 1), format!("{title} has {} listeners", target.listeners.len()))
            .why("App Mesh asks for the port of a target with several listeners, and chooses none by itself")
            .help(format!("write a `port` beside the target: {}", meeting::ports(target, "or")))
            .on(entry.holder.subject()),
    )
}

/// Listeners that share one port are a fault of their own.
fn has_several_ports(owner: &Resource) -> bool {
    owner.listeners.windows(2).any(|pair| pair[0].port != pair[1].port)
}
