//! What leads to the listeners of nodes, and how long it lets requests take.

use rustc_hash::FxHashMap;

use super::super::timeout::{self, DEFAULT, Limit};
use super::caller::Callers;
use crate::dialect::appmesh::model::{Field, VirtualNode, VirtualRouter};
use crate::finding::Span;
use crate::mesh::{Mesh, Resource, ResourceId, Role, Target};

/// A node and the index of one of its listeners.
pub(super) type Landing = (ResourceId, usize);

/// A route of a router, with what it allows where that is known.
#[derive(Clone, Copy)]
pub(super) struct Way {
    /// The router, and the index of the route there.
    pub(super) route: (ResourceId, usize),
    /// What it allows.
    pub(super) limit: Option<Limit>,
}

/// All that leads to listeners.
#[derive(Default)]
pub(super) struct Ways {
    routes: FxHashMap<Landing, Vec<Way>>,
    services: FxHashMap<Landing, Vec<ResourceId>>,
    slow: FxHashMap<ResourceId, bool>,
}

impl Ways {
    pub(super) fn of(mesh: &Mesh) -> Self {
        let mut ways = Self::default();
        let mut slow_routers: FxHashMap<ResourceId, bool> = FxHashMap::default();
        for (id, router, model) in mesh.models::<VirtualRouter>() {
            let is_slow = ways.add_routes(mesh, id, router, model);
            // Routes that are resources of their own may have others beside them.
            let may_have_others = || mesh.has_stray_routes(id) || !mesh.is_closed(id, router.namespace.as_ref());
            let is_slow = is_slow || router.has_open_routes || !router.kind.surface.is_cluster() && may_have_others();
            *slow_routers.entry(mesh.router_of(id).unwrap_or(id)).or_default() |= is_slow;
        }
        for (id, _) in mesh.of_role(Role::Service) {
            let provider = mesh.provider_of(id);
            let is_slow = match provider {
                Some(node) if mesh.resource(node).kind.role == Role::Node => {
                    ways.add_service(mesh, id);
                    is_slow_node(mesh, node)
                }
                Some(router) => slow_routers.get(&router).copied().unwrap_or(true),
                None => true,
            };
            ways.slow.insert(id, is_slow);
        }
        ways
    }

    /// The routes that lead to a listener.
    pub(super) fn routes_to(&self, landing: Landing) -> &[Way] {
        self.routes.get(&landing).map_or(&[], Vec::as_slice)
    }

    /// The services that the node of a listener provides without a route.
    pub(super) fn services_at(&self, landing: Landing) -> &[ResourceId] {
        self.services.get(&landing).map_or(&[], Vec::as_slice)
    }

    /// Whether a node may have to wait longer than by default for a service that it calls: then its own timeout has
    /// to be raised for that.
    pub(super) fn may_wait(&self, mesh: &Mesh, callers: &Callers, node: ResourceId) -> bool {
        let owner = mesh.resource(node);
        let is_resolved = |target: &Target| matches!(target, Target::Resolved(states) if states.len() == 1);
        let is_slow = |service: &ResourceId| self.slow.get(service).copied().unwrap_or(true);
        owner.is_open
            || !owner.references.iter().all(|one| is_resolved(&one.target))
            || callers.called_by(node).iter().any(is_slow)
    }

    fn add_service(&mut self, mesh: &Mesh, id: ResourceId) {
        for arrival in mesh.arrivals(id) {
            if let Some(index) = arrival.at.listener() {
                self.services.entry((arrival.node, index)).or_default().push(id);
            }
        }
    }

    /// Adds the routes of a router; whether one of them may allow more than the default.
    fn add_routes(&mut self, mesh: &Mesh, id: ResourceId, router: &Resource, model: &VirtualRouter) -> bool {
        let mut is_slow = false;
        for (index, route) in router.routes.iter().enumerate().filter(|(_, route)| !route.is_for_connections) {
            let written = model.routes.known().and_then(|list| list.items.get(route.item)).and_then(Field::known);
            let limit = written.and_then(|written| timeout::of_route(router, written)).map(|bound| bound.limit);
            is_slow |= limit.is_none_or(|limit| limit > DEFAULT);
            for arrival in mesh.arrivals_by((id, index)) {
                if let Some(listener) = arrival.at.listener() {
                    self.routes.entry((arrival.node, listener)).or_default().push(Way { route: (id, index), limit });
                }
            }
        }
        is_slow
    }
}

/// The listeners of a node that allow more than the default, with the place that says so.
pub(super) fn raised<'m>(
    id: ResourceId,
    node: &'m Resource,
    model: &'m VirtualNode,
) -> impl Iterator<Item = (Landing, Limit, Span)> + 'm {
    model.listeners.items().enumerate().filter_map(move |(index, listener)| {
        let bound = timeout::of_listener(node, listener.known()?)?;
        Some(((id, index), bound.limit, bound.written?)).filter(|_| bound.limit > DEFAULT)
    })
}

fn is_slow_node(mesh: &Mesh, id: ResourceId) -> bool {
    let node = mesh.resource(id);
    node.model::<VirtualNode>().is_none_or(|model| raised(id, node, model).next().is_some())
}
