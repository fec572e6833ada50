//! Something that traffic is sent to, without a listener that takes it.

use super::{meeting, place};
use crate::finding::{Draft, Place};
use crate::mesh::{Landing, Mesh, Resource, ResourceId, Role};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-listener", include_str!("../../../rules/missing-listener.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, owner) in mesh.resources() {
        match owner.kind.role {
            Role::Router if is_bare(mesh, id, owner) => {
                let why = "App Mesh refuses a router without a listener, and clients would have no port to call";
                out.push(bare("router-without-listener", owner).why(why));
            }
            Role::Gateway if is_bare(mesh, id, owner) => {
                let why = "App Mesh refuses a gateway without a listener, and nothing could enter the mesh by it";
                out.push(bare("gateway-without-listener", owner).why(why));
            }
            _ => {}
        }
    }
    let users = by_routes(mesh).chain(by_services(mesh));
    for (node, users) in group(users) {
        let Some((place, user)) = users.first() else { continue };
        let node = mesh.resource(node);
        let verb = if users.len() > 1 { "lead" } else { "leads" };
        let message = format!("{} has no listener, and {user}{} {verb} to it", node.title(), and_more(users.len()));
        out.push(
            Draft::new("target-without-listener", message)
                .at(place::listeners(node), "there is no listener here")
                .at(*place, format!("{user} leads to {}", node.title()))
                .why("there is no port to connect to: every request that is sent there fails")
                .help("give the virtual node a listener, or lead the traffic to another one")
                .on(node.subject()),
        );
    }
}

/// Whether no state of a resource has a listener; the first one speaks for all.
fn is_bare(mesh: &Mesh, id: ResourceId, owner: &Resource) -> bool {
    let states = mesh.find(owner, owner.kind.role, owner.namespace.as_ref(), &owner.name);
    states.first() == Some(&id) && states.iter().all(|state| mesh.resource(*state).listeners.is_empty())
}

fn bare(case: &'static str, owner: &Resource) -> Draft {
    Draft::new(case, format!("{} has no listener", owner.title()))
        .at(place::listeners(owner), "there is no listener here")
        .help("write at least one listener, with its port and protocol")
        .on(owner.subject())
}

/// The nodes without listeners that routes of routers lead to.
fn by_routes(mesh: &Mesh) -> impl Iterator<Item = (ResourceId, (Place, String))> {
    meeting::of_routers(mesh).flat_map(move |entry| {
        let bare = mesh.arrivals_by(entry.at).into_iter().filter(|one| one.at == Landing::Nowhere);
        bare.filter_map(move |one| {
            let reference = entry.route.destinations.get(one.via?.1)?.reference?;
            let place = entry.holder.at(entry.holder.references.get(reference)?.span);
            Some((one.node, (place, entry.title())))
        })
    })
}

/// The nodes without listeners that provide services by themselves.
fn by_services(mesh: &Mesh) -> impl Iterator<Item = (ResourceId, (Place, String))> {
    mesh.of_role(Role::Service).filter_map(|(id, service)| {
        let node = mesh.provider_of(id).filter(|node| mesh.resource(*node).kind.role == Role::Node)?;
        let reference = service.references.iter().rev().find(|one| one.wants.role == Role::Node)?;
        let is_bare = mesh.resource(node).listeners.is_empty();
        is_bare.then(|| (node, (service.at(reference.span), service.title())))
    })
}
