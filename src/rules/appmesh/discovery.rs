//! How virtual nodes are found, and whether anybody looks for them.

use rustc_hash::FxHashSet;

use crate::dialect::appmesh::model::{CloudMapDiscovery, DnsDiscovery, Field, VirtualNode};
use crate::mesh::{Landing, Mesh, Name, Port, ResourceId, Role};

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
    /// A service or a router leads to it, by which nobody here certainly calls it.
    Offered,
    /// Requests are sent to it.
    Called,
}

/// Which nodes are called, and at which of their listeners.
#[derive(Debug)]
pub(super) struct Demands<'m> {
    mesh: &'m Mesh,
    /// The nodes with the indices of the listeners at which calls arrive.
    called: FxHashSet<(ResourceId, usize)>,
}

impl<'m> Demands<'m> {
    /// Follows all calls of a mesh.
    pub(super) fn of(mesh: &'m Mesh) -> Self {
        let services: FxHashSet<_> = mesh.calls().iter().map(|call| call.service).collect();
        let arrivals = services.into_iter().flat_map(|service| mesh.arrivals(service));
        let called = arrivals.filter_map(|arrival| Some((arrival.node, arrival.at.listener()?))).collect();
        Self { mesh, called }
    }

    /// Whether anything leads to a node, on whatever port.
    pub(super) fn of_node(&self, node: ResourceId) -> Demand {
        let mesh = self.mesh;
        let leads = |id: ResourceId| matches!(mesh.resource(id).kind.role, Role::Service | Role::Router);
        if mesh.referrers(node).any(|(from, _)| leads(from)) {
            return Demand::Offered;
        }
        let has_services = mesh.beside(mesh.resource(node), Role::Service).next().is_some();
        if has_services { Demand::None } else { Demand::Unknown }
    }

    /// Whether requests are sent to a port of a node.
    pub(super) fn of_port(&self, node: ResourceId, port: u16) -> Demand {
        let landing = Landing::of(&self.mesh.resource(node).listeners, Port::Known(port.into()));
        let is_called = landing.listener().is_some_and(|index| self.called.contains(&(node, index)));
        if is_called { Demand::Called } else { self.of_node(node) }
    }
}
