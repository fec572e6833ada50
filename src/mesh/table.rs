//! Tables of routes: those of a router, and those that attach to a gateway.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::route::{Entry, Table};

use super::{Mesh, Resource, ResourceId, Role, Route};

/// The routes that one router or gateway chooses from.
#[derive(Debug)]
pub struct RouteTable {
    /// The router or the gateway.
    pub owner: ResourceId,
    /// The routes, each with the resource that holds it and its index there, in the order of the table's entries.
    pub routes: Vec<(ResourceId, usize)>,
    /// What they match and in which order.
    pub table: Table,
}

impl Mesh {
    pub(super) fn make_tables(&self) -> Vec<RouteTable> {
        let in_states: FxHashSet<ResourceId> = self.states.iter().flatten().copied().collect();
        let mut of_owner: FxHashMap<ResourceId, Vec<(ResourceId, usize)>> = FxHashMap::default();
        for (id, resource) in self.resources() {
            let owner = match resource.kind.role {
                Role::Router => Some(id),
                Role::GatewayRoute if !in_states.contains(&id) => self.gateway_of(id).one(),
                _ => None,
            };
            let routes = (0..resource.routes.len()).map(|index| (id, index));
            of_owner.entry(owner.unwrap_or(id)).or_default().extend(routes.filter(|_| owner.is_some()));
        }
        let mut tables: Vec<_> = of_owner.into_iter().filter(|(_, routes)| !routes.is_empty()).collect();
        tables.sort_unstable_by_key(|(owner, _)| *owner);
        tables.into_iter().map(|(owner, routes)| self.route_table(owner, routes)).collect()
    }

    fn route_table(&self, owner: ResourceId, mut routes: Vec<(ResourceId, usize)>) -> RouteTable {
        let home = self.resource(owner);
        routes.retain(|at| self.route(*at).matches.is_some());
        let entries = routes.iter().filter_map(|at| {
            let route = self.route(*at);
            Some(Entry { set: route.matches.clone()?, rank: route.rank, realm: realm(home, route) })
        });
        let table = Table::new(entries.collect());
        RouteTable { owner, routes, table }
    }

    /// The route of a resource at an index.
    #[must_use]
    pub fn route(&self, (id, index): (ResourceId, usize)) -> &Route {
        &self.resource(id).routes[index]
    }
}

/// Routes of one realm are tried against one another: those for one listener, for one condition on the host.
fn realm(owner: &Resource, route: &Route) -> Box<str> {
    let only = match &owner.listeners[..] {
        [listener] => listener.port,
        _ => None,
    };
    let port = route.port.or(only).map_or_else(String::new, |port| port.to_string());
    format!("{} {port} {}", route.protocol, route.host.as_deref().unwrap_or("")).into()
}
