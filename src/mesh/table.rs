//! Tables of routes: those of a router, and those that attach to a gateway.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::route::{
    Atom, Budget, Cube, Dimension, Entry, Lang, Precedence, Realm, Request, RequestSet, Table, Term, Undecided, Values,
};

use super::link::is_there_with;
use super::{Labels, Membership, Mesh, Resource, ResourceId, Role, Route, Truth};

/// Past so many routes of which it is not known whose they are, no table is whole.
const STRAYS: usize = 256;

/// The routes that one router or gateway chooses from.
#[derive(Debug)]
pub struct RouteTable {
    /// The router or the gateway.
    pub owner: ResourceId,
    /// The routes, each with the resource that holds it and its index there, in the order of the table's entries.
    pub routes: Vec<(ResourceId, usize)>,
    /// What they match and in which order.
    pub table: Table,
    /// The conditions on the host that they have, each with the port of the listener that it is for, once.
    pub hosts: Vec<(Option<i64>, Box<str>)>,
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
                    for gateway in states {
                        let is_certain = !in_states.contains(&id) && is_there_with(resource, self.resource(*gateway));
                        let truth = if is_certain { Truth::Yes } else { Truth::Unknown };
                        of_gateway.entry(*gateway).or_default().push(Attached { id, truth });
                    }
                }
                Membership::Unknown if !resource.kind.surface.is_cluster() => {
                    let gateways = self.of_role(Role::Gateway).filter(|(_, gateway)| self.may_own(gateway, resource));
                    for (gateway, _) in gateways {
                        of_gateway.entry(gateway).or_default().push(Attached { id, truth: Truth::Unknown });
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

    /// Whether a route that is a resource of its own, in no cluster, may be one of a router or a gateway.
    fn may_own(&self, owner: &Resource, route: &Resource) -> bool {
        let is_named = route.attached_to.as_ref().is_none_or(|(_, name)| !name.same(&owner.name).is_no());
        is_named && !self.share_namespace(owner, route).is_no() && self.scopes.sees(owner.scope, route.scope)
    }

    /// The routes that a router certainly chooses from, by the resource that holds each: the router, or the route itself.
    #[must_use]
    pub fn routes_of(&self, router: ResourceId) -> Vec<(ResourceId, usize)> {
        let own = (0..self.resource(router).routes.len()).map(|index| (router, index));
        let attached = self.holders.get(&router).into_iter().flatten();
        own.chain(attached.flat_map(|id| (0..self.resource(*id).routes.len()).map(|index| (*id, index)))).collect()
    }

    /// The resources of their own that may be routes of a router, and hold one that could not be read, or of which it is not
    /// known whether they are there.
    #[must_use]
    pub fn has_stray_routes(&self, router: ResourceId) -> bool {
        self.stray_owners.contains(&router)
    }

    /// The router of a route, by the resource that holds it.
    #[must_use]
    pub fn router_of(&self, holder: ResourceId) -> Option<ResourceId> {
        match self.resource(holder).kind.role {
            Role::Router => Some(holder),
            _ => self.sole_owner(holder),
        }
    }

    fn sole_owner(&self, holder: ResourceId) -> Option<ResourceId> {
        match self.owner_of(holder) {
            Membership::One(states) => match states[..] {
                [one] => Some(one),
                _ => None,
            },
            _ => None,
        }
    }

    /// Sorts the routes that are resources of their own by their routers, and finds the routers and gateways that may have
    /// others.
    pub(super) fn find_holders(&mut self) {
        let in_states: FxHashSet<ResourceId> = self.states.iter().flatten().copied().collect();
        let mut holders: FxHashMap<ResourceId, Vec<ResourceId>> = FxHashMap::default();
        let mut owners: FxHashSet<ResourceId> = FxHashSet::default();
        let mut strays: FxHashMap<_, ResourceId> = FxHashMap::default();
        for (id, route) in self.resources().filter(|(_, one)| !one.kind.surface.is_cluster()) {
            if !matches!(route.kind.role, Role::Route | Role::GatewayRoute) {
                continue;
            }
            let owner = self.sole_owner(id);
            let is_there = |owner: ResourceId| is_there_with(route, self.resource(owner)) && !in_states.contains(&id);
            match owner {
                Some(owner) if is_there(owner) && route.kind.role == Role::Route => {
                    holders.entry(owner).or_default().push(id);
                }
                Some(owner) if is_there(owner) => {}
                Some(owner) => {
                    owners.insert(owner);
                }
                None => {
                    let name = route.attached_to.as_ref().map(|(_, name)| name);
                    strays.entry((route.kind.role, route.scope, &route.namespace, name)).or_insert(id);
                }
            }
        }
        let is_lost = strays.len() > STRAYS;
        for (id, owner) in self.resources().filter(|(_, one)| !one.kind.surface.is_cluster() && !strays.is_empty()) {
            let role = match owner.kind.role {
                Role::Router => Role::Route,
                Role::Gateway => Role::GatewayRoute,
                _ => continue,
            };
            let may_be = |id: &ResourceId| {
                let route = self.resource(*id);
                route.kind.role == role && self.may_own(owner, route)
            };
            if is_lost || strays.values().any(may_be) {
                owners.insert(id);
            }
        }
        (self.holders, self.stray_owners) = (holders, owners);
    }

    pub(super) fn make_tables(&self) -> Vec<RouteTable> {
        let in_states: FxHashSet<ResourceId> = self.states.iter().flatten().copied().collect();
        let mut of_owner: FxHashMap<ResourceId, Vec<(ResourceId, usize)>> = FxHashMap::default();
        let mut hiding: FxHashSet<ResourceId> = FxHashSet::default();
        for (id, resource) in self.resources() {
            let owner = match resource.kind.role {
                Role::Router => Some(id),
                Role::GatewayRoute | Role::Route => self.owner_of(id).one(),
                _ => None,
            };
            let Some(owner) = owner else { continue };
            let is_apart = || !is_there_with(resource, self.resource(owner));
            let is_one_of_states = owner != id && (in_states.contains(&id) || is_apart());
            // Whose routes are resources of their own has none itself.
            let is_bare = owner == id && !resource.kind.surface.is_cluster();
            let has_requests = is_bare || resource.routes.iter().any(|route| !route.is_for_connections);
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
        // Routes that are resources of their own may be made elsewhere.
        let is_known = home.kind.surface.is_cluster()
            || !self.has_stray_routes(owner) && self.is_closed(owner, home.namespace.as_ref());
        let is_whole = is_known && !hides && routes.len() == count;
        let mut hosts: Vec<_> = routes.iter().filter_map(|at| self.route(*at).host_condition()).collect();
        hosts.sort_unstable();
        hosts.dedup();
        RouteTable { owner, routes, table, hosts, is_whole }
    }

    /// The route of a resource at an index.
    #[must_use]
    pub fn route(&self, (id, index): (ResourceId, usize)) -> &Route {
        &self.resource(id).routes[index]
    }
}

impl RouteTable {
    /// The routes that may answer a request to the listener of a route, whether the routes of all hosts form one table or
    /// those of each host one of their own; `None`, which comes last, for nobody. One where the answer is certain.
    #[must_use]
    pub fn answers(&self, mesh: &Mesh, entry: usize, request: &Request) -> Vec<Option<usize>> {
        let route = |at: usize| mesh.route(self.routes[at]);
        let own = route(entry).port.known();
        let is_own = |port: Option<i64>| own.is_none() || port.is_none() || port == own;
        let is_here = |at: usize| is_own(route(at).port.known());
        let host = String::from_utf8_lossy(request.get(&Dimension::Host).unwrap_or_default()).to_ascii_lowercase();
        let hosts = self.hosts.iter().filter(|(port, _)| is_own(*port)).map(|(_, host)| &**host);
        let chosen = host_table(hosts, &host);
        let together = self.table.answers(request, is_here);
        let apart = self.table.answers(request, |at| is_here(at) && route(at).host.as_deref() == chosen);
        let is_open = together.is_empty() || apart.is_empty();
        let mut all: Vec<_> = together.into_iter().chain(apart).map(Some).chain(is_open.then_some(None)).collect();
        all.sort_unstable_by_key(|one| (one.is_none(), *one));
        all.dedup();
        all
    }

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
                    rivals
                        .push(RequestSet::of(Cube::all().with(Dimension::Host, Values::of(host_atom(host).folded()))));
                }
                continue;
            }
            let text = path_literal(&entries[other].set);
            let may_meet = text.starts_with(literal) || literal.starts_with(text);
            if may_meet && self.table.order(entry, other) != Precedence::Before {
                rivals.push(entries[other].set.clone());
            }
        }
        let own = own.host.as_deref().map(host_requests);
        let set = &entries[entry].set;
        own.map_or_else(|| set.clone(), |own| set.and(&own)).uncovered(&rivals, budget)
    }
}

/// The condition on the host whose table is asked for a host, where those of each are a table of their own: exactly
/// this host, else its longest suffix; `None` is the table without a condition. A table that has no answer does not
/// hand over to another (measured on Envoy 1.36 to 1.40).
#[must_use]
pub fn host_table<'h>(conditions: impl Iterator<Item = &'h str> + Clone, host: &str) -> Option<&'h str> {
    let exact = conditions.clone().find(|text| text.strip_prefix("exact ") == Some(host));
    // As for a domain of Envoy, something has to stand before the suffix.
    let is_below = |suffix: &str| host.len() > suffix.len() && host.ends_with(suffix);
    let suffixes = conditions.filter(|text| text.strip_prefix("suffix ").is_some_and(is_below));
    exact.or_else(|| suffixes.max_by_key(|text| text.len()))
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

/// The requests that the table of a condition on the host is asked for, unless that of another is.
#[must_use]
pub fn host_requests(condition: &str) -> RequestSet {
    let mut hosts = Lang::from(host_atom(condition).folded());
    // Something has to stand before a suffix.
    if let Some(suffix) = condition.strip_prefix("suffix ") {
        hosts = hosts.with(Term { atom: Atom::Exact(suffix.into()).folded(), negated: true });
    }
    RequestSet::of(Cube::all().with(Dimension::Host, Values::of(hosts)))
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
    let host = route.host.clone().unwrap_or_default();
    Realm { protocol: route.protocol.into(), port: route.port.known().or(owner.only_port()), host }
}

#[cfg(test)]
mod tests {
    use super::{host_requests, host_table};
    use crate::route::{Budget, Dimension};

    #[test]
    fn the_table_of_a_host_is_the_most_exact_one() {
        let conditions = ["suffix .example", "exact a.example", "suffix .a.example", "suffix b.test"];
        for (host, expected) in [
            ("a.example", Some("exact a.example")),
            ("x.a.example", Some("suffix .a.example")),
            ("b.example", Some("suffix .example")),
            (".example", None),
            ("b.test", None),
            ("ab.test", Some("suffix b.test")),
            ("c.invalid", None),
        ] {
            assert_eq!(host_table(conditions.into_iter(), host), expected, "{host}");
        }
    }

    #[test]
    fn something_stands_before_a_suffix() {
        let host = |condition: &str| {
            let request = host_requests(condition).witness(&mut Budget::default()).unwrap().unwrap();
            String::from_utf8(request.get(&Dimension::Host).unwrap().to_vec()).unwrap()
        };
        assert_eq!(host("exact a.example"), "a.example");
        assert_eq!(host("suffix a.example"), "aa.example");
        assert_eq!(host("suffix .example"), "a.example");
    }
}
