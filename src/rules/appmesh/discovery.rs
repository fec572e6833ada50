//! How virtual nodes are found, and whether anybody looks for them.

use rustc_hash::FxHashMap;

use crate::dialect::appmesh::model::{CloudMapDiscovery, DnsDiscovery, Field, VirtualNode};
use crate::mesh::{Mesh, Name, Reference, ResourceId, Role, Target};

/// The discovery of a node by DNS.
pub(super) fn dns(node: &VirtualNode) -> Option<&DnsDiscovery> {
    node.service_discovery.known()?.dns.known().map(|dns| &**dns)
}

/// The host name of a node that is discovered by DNS.
pub(super) fn host(node: &VirtualNode) -> Option<(&Field<Name>, &Name)> {
    let hostname = &dns(node)?.hostname;
    Some((hostname, hostname.known()?))
}

/// The discovery of a node by Cloud Map, with the field that holds it.
pub(super) fn cloud_map(node: &VirtualNode) -> Option<(&Field<Box<CloudMapDiscovery>>, &CloudMapDiscovery)> {
    let field = &node.service_discovery.known()?.aws_cloud_map;
    Some((field, field.known()?))
}

/// What the manifests say about calls of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Demand {
    /// No service leads to it, and others of its namespace are among the manifests.
    None,
    /// No service leads to it, and there are none: they are kept elsewhere.
    Unknown,
    /// A service leads to it, which nobody here certainly calls.
    Offered,
    /// Requests are sent to it.
    Called,
}

/// The nodes that services lead to, by the port that is asked for; none where a target names none.
#[derive(Debug, Default)]
pub(super) struct Demands {
    known: FxHashMap<(ResourceId, Option<i64>), Demand>,
}

impl Demands {
    /// Reads what leads to nodes from all services and routers.
    pub(super) fn of(mesh: &Mesh) -> Self {
        let mut demands = Self::default();
        for (id, service) in mesh.of_role(Role::Service) {
            let demand = of_service(mesh, id);
            for reference in &service.references {
                demands.add(reference, None, demand);
            }
        }
        for (id, router) in mesh.of_role(Role::Router) {
            let services = mesh.referrers(id).filter(|(from, _)| mesh.resource(*from).kind.role == Role::Service);
            let Some(demand) = services.map(|(from, _)| of_service(mesh, from)).max() else { continue };
            for reference in &router.references {
                demands.add(reference, None, demand.min(Demand::Offered));
            }
            for one in router.routes.iter().flat_map(|route| &route.destinations) {
                let reference = one.reference.and_then(|index| router.references.get(index));
                if let Some(reference) = reference.filter(|_| one.weight.is_some_and(|weight| weight > 0)) {
                    demands.add(reference, one.port, demand);
                }
            }
        }
        demands
    }

    fn add(&mut self, reference: &Reference, port: Option<i64>, demand: Demand) {
        let Target::Resolved(states) = &reference.target else { return };
        for id in states {
            let known = self.known.entry((*id, port)).or_insert(demand);
            *known = (*known).max(demand);
        }
    }

    /// Whether requests are sent to a node, on whatever port.
    pub(super) fn of_node(&self, mesh: &Mesh, node: ResourceId) -> Demand {
        let elsewhere = || mesh.beside(mesh.resource(node), Role::Service).next().is_none();
        let none = || if elsewhere() { Demand::Unknown } else { Demand::None };
        self.known.get(&(node, None)).copied().unwrap_or_else(none)
    }

    /// Whether requests are sent to a port of a node; `is_only` where that is its only one.
    pub(super) fn of_port(&self, mesh: &Mesh, node: ResourceId, port: u16, is_only: bool) -> Demand {
        // Without a port a target is that of the only listener.
        let unnamed = self.of_node(mesh, node).min(if is_only { Demand::Called } else { Demand::Offered });
        let named = self.known.get(&(node, Some(i64::from(port)))).copied();
        named.map_or(unnamed, |named| named.max(unnamed))
    }
}

/// Whether a virtual service is called.
fn of_service(mesh: &Mesh, service: ResourceId) -> Demand {
    let role = |id: ResourceId| mesh.resource(id).kind.role;
    let calls = |id: ResourceId| match role(id) {
        Role::Node | Role::GatewayRoute => true,
        Role::Group => mesh.referrers(id).any(|(user, _)| role(user) == Role::Node),
        _ => false,
    };
    let is_called = mesh.referrers(service).any(|(from, _)| calls(from));
    if is_called { Demand::Called } else { Demand::Offered }
}
