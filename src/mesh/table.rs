//! Tables of routes: those of a router, and those that attach to a gateway.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::route::{Atom, Budget, Cube, Dimension, Entry, Precedence, Realm, RequestSet, Table, Undecided, Values};

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
    /// Whether these are all routes: of none is it unknown what it matches, and none is there in several states.
    pub is_whole: bool,
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
        let mut hiding: FxHashSet<ResourceId> = FxHashSet::default();
        for (id, resource) in self.resources() {
            let owner = match resource.kind.role {
                Role::Router => Some(id),
                Role::GatewayRoute => self.gateway_of(id).one(),
                _ => None,
            };
            let Some(owner) = owner else { continue };
            let is_one_of_states = owner != id && in_states.contains(&id);
            let has_requests = resource.routes.iter().any(|route| !route.is_for_connections);
            if is_one_of_states || resource.is_open || !has_requests {
                hiding.insert(owner);
            }
            if !is_one_of_states {
                let routes = resource.routes.iter().enumerate().filter(|(_, route)| !route.is_for_connections);
                of_owner.entry(owner).or_default().extend(routes.map(|(index, _)| (id, index)));
            }
        }
        let mut tables: Vec<_> = of_owner.into_iter().filter(|(_, routes)| !routes.is_empty()).collect();
        tables.sort_unstable_by_key(|(owner, _)| *owner);
        tables.into_iter().map(|(owner, routes)| self.route_table(owner, routes, hiding.contains(&owner))).collect()
    }

    fn route_table(&self, owner: ResourceId, mut routes: Vec<(ResourceId, usize)>, hides: bool) -> RouteTable {
        let home = self.resource(owner);
        let count = routes.len();
        routes.retain(|at| self.route(*at).matches.is_some());
        let entries = routes.iter().filter_map(|at| {
            let route = self.route(*at);
            Some(Entry { set: route.matches.clone()?, rank: route.rank, realm: realm(home, route) })
        });
        let table = Table::new(entries.collect());
        let is_whole = !hides && routes.len() == count;
        RouteTable { owner, routes, table, is_whole }
    }

    /// The route of a resource at an index.
    #[must_use]
    pub fn route(&self, (id, index): (ResourceId, usize)) -> &Route {
        &self.resource(id).routes[index]
    }
}

impl RouteTable {
    /// The requests that a route of a gateway certainly gets, whether the routes of all hosts form one table or those
    /// of each host one of their own. It may get others.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn certain(&self, mesh: &Mesh, entry: usize, budget: &mut Budget) -> Result<RequestSet, Undecided> {
        let (own, entries) = (mesh.route(self.routes[entry]), self.table.entries());
        let literal = path_literal(&entries[entry].set);
        let mut rivals = Vec::new();
        let mut hosts = FxHashSet::default();
        for other in (0..entries.len()).filter(|other| *other != entry) {
            let rival = mesh.route(self.routes[other]);
            let ports = (own.port.known(), rival.port.known());
            if ports.0.is_some() && ports.1.is_some() && ports.0 != ports.1 {
                continue;
            }
            if let Some(host) = rival.host.as_deref().filter(|host| is_narrower(host, own.host.as_deref())) {
                if hosts.insert(host) {
                    rivals.push(RequestSet::of(Cube::all().with(Dimension::Host, Values::of(host_atom(host)))));
                }
                continue;
            }
            let text = path_literal(&entries[other].set);
            let may_meet = text.starts_with(literal) || literal.starts_with(text);
            if may_meet && self.table.order(entry, other) != Precedence::Before {
                rivals.push(entries[other].set.clone());
            }
        }
        entries[entry].set.uncovered(&rivals, budget)
    }
}

/// Whether a condition on the host is tried before another wherever conditions are tried by what they say: an exact host
/// before a suffix, a longer suffix before a shorter one, and any before none.
fn is_narrower(host: &str, than: Option<&str>) -> bool {
    let Some(than) = than else { return true };
    match (host.starts_with("exact "), than.starts_with("exact ")) {
        (true, is_exact) => !is_exact,
        (false, true) => false,
        (false, false) => host.len() > than.len(),
    }
}

fn host_atom(host: &str) -> Atom {
    match host.split_once(' ') {
        Some(("suffix", text)) => Atom::Suffix(text.into()),
        Some((_, text)) => Atom::Exact(text.into()),
        None => Atom::Exact(host.into()),
    }
}

/// Text that all paths of a set of one part begin with.
fn path_literal(set: &RequestSet) -> &str {
    match &set.cubes[..] {
        [only] => only.path_literal(),
        _ => "",
    }
}

/// Routes of one realm are tried against one another: those for one listener, for one condition on the host.
fn realm(owner: &Resource, route: &Route) -> Realm {
    let only = match &owner.listeners[..] {
        [listener] => listener.port,
        _ => None,
    };
    let host = route.host.clone().unwrap_or_default();
    Realm { protocol: route.protocol.into(), port: route.port.known().or(only), host }
}
