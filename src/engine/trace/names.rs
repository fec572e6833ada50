//! What the manifests call things, and which routes lead to one of them.

use rustc_hash::FxHashSet;

use crate::mesh::{Mesh, Resource, ResourceId, Role, Target};
use crate::source::Place;

use super::{Tracer, full_name};

/// Something that a name may be the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Named {
    Gateway,
    Node,
    GatewayRoute,
    Route,
}

impl Tracer {
    /// All names of a sort in order, each once: `namespace/name`, of a route `namespace/router/route`.
    pub(in crate::engine) fn names(&self, sort: Named) -> Vec<String> {
        let of_role = |role| self.mesh.of_role(role).map(|(_, one)| one);
        let mut names: Vec<_> = match sort {
            Named::Gateway => of_role(Role::Gateway).map(full_name).collect(),
            Named::Node => of_role(Role::Node).map(full_name).collect(),
            Named::GatewayRoute => of_role(Role::GatewayRoute).map(full_name).collect(),
            Named::Route => {
                let full = |(id, router): (ResourceId, &Resource)| {
                    let name = full_name(router);
                    let routes = self.mesh.routes_of(id).into_iter().map(|at| self.mesh.route(at));
                    routes.map(|route| format!("{name}/{}", route.name)).collect::<Vec<_>>()
                };
                self.mesh.of_role(Role::Router).flat_map(full).collect()
            }
        };
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Where the routes stand that lead to one of some nodes: routes of routers, and routes of gateways to the services
    /// behind which these routers or nodes are.
    pub(in crate::engine) fn leading_to(&self, names: &[String]) -> FxHashSet<Place> {
        let mesh = &self.mesh;
        let mut places = FxHashSet::default();
        let nodes = mesh.of_role(Role::Node).filter(|(_, node)| names.contains(&full_name(node)));
        let mut ends: FxHashSet<ResourceId> = nodes.map(|(id, _)| id).collect();
        ends.extend(holders(mesh, Role::Router, &ends, &mut places));
        let attached = holders(mesh, Role::Route, &ends, &mut places);
        ends.extend(attached.into_iter().filter_map(|route| mesh.router_of(route)));
        let is_behind = |id: ResourceId| mesh.provider_of(id).is_some_and(|provider| ends.contains(&provider));
        let services = mesh.of_role(Role::Service).map(|(id, _)| id).filter(|id| is_behind(*id)).collect();
        holders(mesh, Role::GatewayRoute, &services, &mut places);
        places
    }
}

/// The resources of a role with a route to one of some resources; takes down where these routes stand.
fn holders(mesh: &Mesh, role: Role, ends: &FxHashSet<ResourceId>, places: &mut FxHashSet<Place>) -> Vec<ResourceId> {
    let mut found = Vec::new();
    for (id, holder) in mesh.of_role(role) {
        let leads_there = |at: usize| match holder.references.get(at).map(|one| &one.target) {
            Some(Target::Resolved(states)) => states.iter().any(|state| ends.contains(state)),
            _ => false,
        };
        let before = places.len();
        let routes = holder.routes.iter();
        let leading =
            routes.filter(|route| route.destinations.iter().any(|one| one.reference.is_some_and(leads_there)));
        places.extend(leading.map(|route| holder.at(route.span)));
        found.extend((places.len() > before).then_some(id));
    }
    found
}
