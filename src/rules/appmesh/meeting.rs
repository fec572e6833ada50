//! Which routes meet which listeners: what the rules about ports and protocols share.

use rustc_hash::FxHashSet;

use crate::mesh::{Arrival, Landing, Membership, Mesh, Port, Resource, ResourceId, Role, Route};
use crate::rules::wording::list;

/// A route with the resource that takes its requests in, a router or a gateway.
#[derive(Clone, Copy)]
pub(super) struct Entry<'m> {
    /// The route, by the resource that holds it and its index there.
    pub(super) at: (ResourceId, usize),
    pub(super) holder: &'m Resource,
    pub(super) route: &'m Route,
    /// The router or the gateway, where it is certainly that one.
    pub(super) owner: Option<ResourceId>,
    /// Which listener of that the route is for.
    pub(super) landing: Landing,
}

impl Entry<'_> {
    /// The route in a sentence.
    pub(super) fn title(&self) -> String {
        match self.holder.kind.role {
            Role::GatewayRoute => self.holder.title(),
            _ => format!("route `{}`", self.route.name),
        }
    }

    /// The router or the gateway, or what holds the route where that is not known.
    pub(super) fn router(&self) -> ResourceId {
        self.owner.unwrap_or(self.at.0)
    }

    /// What the route is made for, in the words of listeners.
    pub(super) fn protocol(&self) -> &'static str {
        self.route.protocol.trim_end_matches("Route")
    }
}

/// The routes of routers.
pub(super) fn of_routers(mesh: &Mesh) -> impl Iterator<Item = Entry<'_>> {
    let routes = |(id, _): (ResourceId, &'_ Resource)| mesh.routes_of(id).into_iter().map(move |at| (id, at));
    mesh.of_role(Role::Router).flat_map(routes).map(|(owner, at)| {
        let (holder, route) = (mesh.resource(at.0), mesh.route(at));
        Entry { at, holder, route, owner: Some(owner), landing: mesh.entrance(at) }
    })
}

/// The listeners of routers with a route for another protocol: which of the two is meant is not known.
pub(super) fn disputed(mesh: &Mesh) -> FxHashSet<(ResourceId, usize)> {
    let clash = |entry: Entry<'_>| {
        let owner = entry.owner?;
        let (listener, word) = spoken(mesh, owner, entry.landing)?;
        (word != entry.protocol()).then_some((owner, listener))
    };
    of_routers(mesh).filter_map(clash).collect()
}

/// The gateway routes; a gateway that is there in several states is none that could be named.
pub(super) fn of_gateways(mesh: &Mesh) -> impl Iterator<Item = Entry<'_>> {
    mesh.of_role(Role::GatewayRoute).filter_map(|(id, holder)| {
        let [route] = &holder.routes[..] else { return None };
        let owner = match mesh.gateway_of(id) {
            Membership::One(states) => Some(&states[..]).filter(|states| states.len() == 1).map(|states| states[0]),
            _ => None,
        };
        let landing = owner.map_or(Landing::Open, |owner| Landing::of(&mesh.resource(owner).listeners, route.port));
        Some(Entry { at: (id, 0), holder, route, owner, landing })
    })
}

/// Where a gateway route comes out: at a listener of what provides its service.
pub(super) fn provider(mesh: &Mesh, entry: &Entry<'_>) -> Option<(ResourceId, Landing)> {
    let provider = mesh.provider_of(mesh.target_of(entry.at)?)?;
    let port = entry.route.destinations.first().map_or(Port::Open, |one| one.port);
    Some((provider, Landing::of(&mesh.resource(provider).listeners, port)))
}

/// What is spoken on a listener, where that is known.
pub(super) fn spoken(mesh: &Mesh, owner: ResourceId, landing: Landing) -> Option<(usize, &'static str)> {
    let listener = landing.listener()?;
    Some((listener, mesh.resource(owner).listeners.get(listener)?.protocol?))
}

/// The listeners of nodes at which a route of a router comes out, with what is spoken there.
pub(super) fn nodes(mesh: &Mesh, at: (ResourceId, usize)) -> Vec<(ResourceId, usize, &'static str)> {
    let known = |one: &Arrival| spoken(mesh, one.node, one.at).map(|(listener, word)| (one.node, listener, word));
    let mut nodes: Vec<_> = mesh.arrivals_by(at).iter().filter_map(known).collect();
    nodes.dedup();
    nodes
}

/// The ports of a resource in a sentence; of many the first few.
pub(super) fn ports(owner: &Resource, link: &str) -> String {
    const SHOWN: usize = 8;
    let mut ports = owner.listeners.iter().filter_map(|one| one.port).map(|port| port.to_string());
    let shown: Vec<_> = ports.by_ref().take(SHOWN).collect();
    match ports.next() {
        Some(_) => format!("{}, …", list(&shown.join(", "), ",")),
        None => list(&shown.join(", "), link),
    }
}
