//! Tables of routes: those of a router, and those that attach to a gateway.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::route::{Entry, Table};

use super::{Labels, Membership, Mesh, Resource, ResourceId, Role, Route, Truth};

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

/// A resource whose route attaches to a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The resource that is the route.
    pub id: ResourceId,
    /// `Yes`, or `Unknown` where the documents leave open whether it attaches, or in which of its states.
    pub truth: Truth,
}

impl Mesh {
    /// The routes of every gateway that has any or may have, those included of which it is not known what they
    /// match, in the order of the documents. A route that several gateways take is refused and attaches to none.
    #[must_use]
    pub fn attached_routes(&self) -> FxHashMap<ResourceId, Vec<Attached>> {
        let in_states: FxHashSet<ResourceId> = self.states.iter().flatten().copied().collect();
        let mut of_gateway: FxHashMap<ResourceId, Vec<Attached>> = FxHashMap::default();
        for (id, resource) in self.of_role(Role::GatewayRoute) {
            match self.gateway_of(id) {
                Membership::One(states) => {
                    let truth = if in_states.contains(&id) { Truth::Unknown } else { Truth::Yes };
                    for gateway in states {
                        of_gateway.entry(*gateway).or_default().push(Attached { id, truth });
                    }
                }
                // A live route that is attached to something says to what.
                Membership::Unknown if resource.attached_to.is_none() => {
                    let spaces = self.namespace_labels(resource);
                    let takes = |gateway: &Resource| {
                        let may = |labels: &&Labels| !gateway.namespace_selector.matches(labels, Truth::No).is_no();
                        self.scopes.reaches(resource.scope, gateway.scope)
                            && !gateway.route_selector.matches(&resource.labels, Truth::Yes).is_no()
                            && (spaces.iter().any(may) || spaces.is_empty() && may(&&Labels::unknown()))
                    };
                    for (gateway, _) in self.of_role(Role::Gateway).filter(|(_, gateway)| takes(gateway)) {
                        of_gateway.entry(gateway).or_default().push(Attached { id, truth: Truth::Unknown });
                    }
                }
                _ => {}
            }
        }
        of_gateway
    }

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
