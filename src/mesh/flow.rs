//! Flow: what a gateway route hands to the router behind its service, and who else may call that router.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::route::{Atom, Budget, Cube, Dimension, Entry, Lang, PathRewrite, RequestSet, Rewrite, Undecided, Values};

use super::call::sole_of;
use super::{By, Mesh, Reference, Resource, ResourceId, Role, RouteTable, Target};

/// A gateway route, and the router that gets its requests.
#[derive(Debug)]
pub struct Flow<'m> {
    /// The route of the gateway.
    pub from: (ResourceId, usize),
    /// The requests that it matches.
    pub set: &'m RequestSet,
    /// The service that it leads to.
    pub service: ResourceId,
    /// The routes of the router that provides the service; all of them are known.
    pub router: &'m RouteTable,
    /// The entries of that table for the port on which the requests arrive.
    pub entries: Vec<usize>,
    /// What becomes of a request on the way.
    pub rewrite: Rewrite,
}

impl<'m> Flow<'m> {
    /// The routes that the router chooses from for these requests.
    pub fn routes(&self) -> impl Iterator<Item = &'m Entry> {
        let all = self.router.table.entries();
        self.entries.iter().map(|entry| &all[*entry])
    }

    /// Whether a set of the router is plainly for everything that comes: easily seen, so that `false` says nothing.
    #[must_use]
    pub fn passes(&self, set: &RequestSet) -> bool {
        self.rewrite.path.keeps_slash() && set.takes_every_path()
    }

    /// What is left of requests, as the client sends them, without those that a route of the router takes.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn dead(&self, of: &RequestSet, budget: &mut Budget) -> Result<RequestSet, Undecided> {
        // Many routers have a route for everything, behind which nothing can die.
        if self.routes().any(|route| self.passes(&route.set)) {
            return Ok(RequestSet::default());
        }
        let taken: Vec<_> = self.routes().map(|route| self.rewrite.pre_image(&route.set)).collect();
        // A gateway joins slashes and resolves dots before it looks for a route (App Mesh sets the proxy up so).
        let straight = Lang::except(Atom::Crooked);
        let arriving = Cube::all().with(Dimension::Path, Values::of(straight));
        of.and(&RequestSet::of(arriving)).uncovered(&taken, budget)
    }

    /// Whether a route of the router takes a request of these, as the client sends it.
    ///
    /// # Errors
    /// When the budget ends before that is known.
    pub fn is_alive(&self, of: &RequestSet, budget: &mut Budget) -> Result<bool, Undecided> {
        for route in self.routes() {
            if !of.and(&self.rewrite.pre_image(&route.set)).is_empty(budget)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The prefix that is taken off the path although every route of the router asks for a path below it.
    #[must_use]
    pub fn missed_prefix(&self) -> Option<&str> {
        let PathRewrite::Prefix { from, to } = &self.rewrite.path else { return None };
        let prefix = from.trim_end_matches('/');
        let is_below =
            |text: &str| text.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_missed = |route: &Entry| route.set.cubes.iter().all(|cube| is_below(cube.path_literal()));
        (!prefix.is_empty() && !is_below(to.trim_end_matches('/')) && self.routes().all(is_missed)).then_some(prefix)
    }
}

/// All flows of a mesh that are known, with what may hide others.
#[derive(Debug)]
pub struct Flows<'m> {
    mesh: &'m Mesh,
    all: Vec<Flow<'m>>,
    known: FxHashSet<ResourceId>,
    into: FxHashMap<ResourceId, Vec<usize>>,
    /// By route: the index of its table, and of its entry there.
    places: FxHashMap<(ResourceId, usize), (usize, usize)>,
    /// References that may lead to something that is not known.
    loose: Vec<(&'m Resource, &'m Reference)>,
    /// Resources that may name others beside those that their references show.
    open: Vec<&'m Resource>,
}

impl Mesh {
    /// The service that a gateway route leads to, or the destination of a route with only one: `None` where it
    /// is not known, or is there in several states.
    #[must_use]
    pub fn target_of(&self, (id, index): (ResourceId, usize)) -> Option<ResourceId> {
        let [destination] = &self.route((id, index)).destinations[..] else { return None };
        sole_of(&self.resource(id).references[destination.reference?].target)
    }

    /// What provides a service, a node or a router; `None` where nothing certainly does: none is named, it is not
    /// among the manifests, or it is there in several states.
    #[must_use]
    pub fn provider_of(&self, service: ResourceId) -> Option<ResourceId> {
        // Where something is named twice, the later reference is the one that counts.
        let mut all = self.resource(service).references.iter().rev();
        sole_of(&all.find(|one| matches!(one.wants.role, Role::Node | Role::Router))?.target)
    }

    /// What becomes of a request that a gateway route takes; `None` where that is not known.
    #[must_use]
    pub fn rewrite_of(&self, at: (ResourceId, usize)) -> Option<Rewrite> {
        let route = self.route(at);
        let host = match route.host_rewrite? {
            true => {
                let (name, _) = self.resource(self.target_of(at)?).deployed_name.as_ref()?;
                Some(name.as_known()?.into())
            }
            false => None,
        };
        Some(Rewrite { path: route.path_rewrite.clone()?, host })
    }

    /// What the gateway routes hand on to routers, as far as it is known.
    #[must_use]
    pub fn flows(&self) -> Flows<'_> {
        let tables: FxHashMap<_, _> = self.route_tables().iter().map(|table| (table.owner, table)).collect();
        let routes = self.of_role(Role::GatewayRoute);
        let routes = routes.flat_map(|(id, resource)| (0..resource.routes.len()).map(move |index| (id, index)));
        let all: Vec<_> = routes.filter_map(|at| self.flow(at, &tables)).collect();
        let mut places = FxHashMap::default();
        for (index, table) in self.route_tables().iter().enumerate() {
            places.extend(table.routes.iter().enumerate().map(|(entry, at)| (*at, (index, entry))));
        }
        let mut into: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (index, flow) in all.iter().enumerate() {
            into.entry(flow.router.owner).or_default().push(index);
        }
        let is_loose = |one: &&Reference| !matches!(one.target, Target::Resolved(_) | Target::Dangling(_));
        let references = self.resources().flat_map(|(_, from)| from.references.iter().map(move |one| (from, one)));
        Flows {
            mesh: self,
            known: all.iter().map(|flow| flow.from.0).collect(),
            into,
            all,
            places,
            loose: references.filter(|(_, one)| is_loose(one)).collect(),
            open: self.resources().map(|(_, one)| one).filter(|one| one.is_open).collect(),
        }
    }

    fn flow<'m>(
        &'m self,
        from: (ResourceId, usize),
        tables: &FxHashMap<ResourceId, &'m RouteTable>,
    ) -> Option<Flow<'m>> {
        let service = self.target_of(from)?;
        let owner = self.provider_of(service)?;
        let router = tables.get(&owner).filter(|table| table.is_whole)?;
        let route = self.route(from);
        let port = route.destinations.first().and_then(|one| one.port.known());
        let fits = |at: &(ResourceId, usize)| {
            let own = self.route(*at).port.known();
            own.is_none() || port.is_none() || own == port
        };
        Some(Flow {
            from,
            set: route.matches.as_ref()?,
            service,
            router,
            entries: (0..router.routes.len()).filter(|entry| fits(&router.routes[*entry])).collect(),
            rewrite: self.rewrite_of(from)?,
        })
    }
}

impl<'m> Flows<'m> {
    /// The flows, in the order of their gateway routes.
    #[must_use]
    pub fn all(&self) -> &[Flow<'m>] {
        &self.all
    }

    /// The table of a gateway's routes in which a flow begins, with its entry there: `None` where it is not
    /// known which gateway that is, or which routes it has.
    #[must_use]
    pub fn gate(&self, flow: &Flow<'_>) -> Option<(&'m RouteTable, usize)> {
        let (table, entry) = self.places.get(&flow.from)?;
        Some((&self.mesh.route_tables()[*table], *entry)).filter(|(table, _)| table.is_whole)
    }

    /// The flows that lead to a router; `None` where there are some, and may be others.
    #[must_use]
    pub fn leading_to(&self, router: ResourceId) -> Option<Vec<&Flow<'m>>> {
        // Most routers have none, and looking for what is hidden goes through all that is not resolved.
        let Some(into) = self.into.get(&router) else { return Some(Vec::new()) };
        let services: Vec<_> = self.services(router).collect();
        let users = || services.iter().flat_map(|service| self.mesh.referrers(*service)).map(|(user, _)| user);
        let is_route = |id: &ResourceId| self.mesh.resource(*id).kind.role == Role::GatewayRoute;
        let is_hidden = self.is_loosely_named(router, |_| true)
            || services.iter().any(|service| self.is_loosely_named(*service, |role| role == Role::GatewayRoute))
            || users().filter(is_route).any(|user| !self.known.contains(&user));
        (!is_hidden).then(|| into.iter().map(|index| &self.all[*index]).collect())
    }

    /// Whether a node, or a group of services that nodes list, leads to a router, or may.
    #[must_use]
    pub fn may_be_called(&self, router: ResourceId) -> bool {
        let calls = |role: Role| matches!(role, Role::Node | Role::Group);
        let may_call = |service: ResourceId| {
            let home = self.mesh.resource(service);
            let sees = |one: &&&Resource| self.mesh.scopes().sees(one.scope, home.scope) && calls(one.kind.role);
            self.mesh.referrers(service).any(|(user, _)| calls(self.mesh.resource(user).kind.role))
                || self.open.iter().any(|one| sees(&one))
                || self.is_loosely_named(service, calls)
                || self.mesh.may_be_unread(home, "", &home.name)
        };
        self.services(router).any(may_call) || self.is_loosely_named(router, |_| true)
    }

    fn services(&self, router: ResourceId) -> impl Iterator<Item = ResourceId> {
        let users = self.mesh.referrers(router).map(|(user, _)| user);
        users.filter(|user| self.mesh.resource(*user).kind.role == Role::Service)
    }

    /// Whether a reference from a resource of some role may lead to a resource, and may not.
    fn is_loosely_named(&self, id: ResourceId, from: impl Fn(Role) -> bool) -> bool {
        let home = self.mesh.resource(id);
        let names = |reference: &Reference| match reference.by {
            By::Name => !reference.name.same(&home.name).is_no(),
            By::DeployedName => home.deployed_name.as_ref().is_none_or(|(name, _)| !reference.name.same(name).is_no()),
        };
        let is_it = |one: &Reference| one.wants.role == home.kind.role && names(one);
        self.loose
            .iter()
            .any(|(user, one)| from(user.kind.role) && is_it(one) && self.mesh.scopes().sees(user.scope, home.scope))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{GROUP, NODE, ROUTER, SERVICE, Sample, to};
    use super::super::{Mesh, ResourceId};

    fn provider(mesh: &Mesh, index: usize) -> Option<usize> {
        mesh.provider_of(ResourceId::new(index)).map(ResourceId::index)
    }

    #[test]
    fn a_service_is_provided_by_one_thing_or_by_nothing_that_is_certain() {
        let mut sample = Sample::default();
        sample.add("a.yaml", &SERVICE, "shop/cart", 1).references.push(to(&ROUTER, "cart"));
        sample.add("a.yaml", &ROUTER, "shop/cart", 1);
        sample.add("a.yaml", &SERVICE, "shop/stock", 1).references.push(to(&NODE, "stock"));
        for (state, file) in ["v1.yaml", "v2.yaml"].into_iter().enumerate() {
            sample.add(file, &NODE, "shop/stock", state as u64);
        }
        sample.add("a.yaml", &SERVICE, "shop/mail", 1).references.push(to(&GROUP, "all"));
        let mesh = sample.link();
        assert_eq!([0, 2, 5].map(|index| provider(&mesh, index)), [Some(1), None, None]);
    }
}
