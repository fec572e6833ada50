//! How virtual nodes are found, and whether anybody looks for them.

use crate::dialect::appmesh::model::{CloudMapDiscovery, DnsDiscovery, Field, VirtualNode};
use crate::mesh::{Mesh, Name, ResourceId, Role};

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
    /// No service leads to it.
    None,
    /// A service leads to it, which nobody here certainly calls.
    Offered,
    /// Requests are sent to it.
    Called,
}

/// Whether requests are sent to a port of a node; `is_only` where that is its only one.
pub(super) fn demand(mesh: &Mesh, node: ResourceId, port: u16, is_only: bool) -> Demand {
    let mut demand = Demand::None;
    for (from, reference) in mesh.referrers(node) {
        let user = mesh.resource(from);
        let found = match user.kind.role {
            Role::Service if is_only => of_service(mesh, from),
            Role::Service => of_service(mesh, from).min(Demand::Offered),
            Role::Router => {
                let is_meant = |index: Option<usize>| {
                    index.is_some_and(|index| user.references.get(index).is_some_and(|one| one.span == reference.span))
                };
                let destinations = user.routes.iter().flat_map(|route| &route.destinations);
                let takes = destinations.filter(|one| is_meant(one.reference)).any(|one| {
                    let is_port = one.port.map_or(is_only, |wanted| wanted == i64::from(port));
                    is_port && one.weight.is_some_and(|weight| weight > 0)
                });
                let services = mesh.referrers(from).filter(|(id, _)| mesh.resource(*id).kind.role == Role::Service);
                let best = services.map(|(id, _)| of_service(mesh, id)).max().unwrap_or(Demand::None);
                if takes { best } else { best.min(Demand::Offered) }
            }
            _ => Demand::None,
        };
        demand = demand.max(found);
    }
    demand
}

/// Whether a virtual service is called.
fn of_service(mesh: &Mesh, service: ResourceId) -> Demand {
    let calls = |role: Role| matches!(role, Role::Node | Role::Group | Role::GatewayRoute);
    let is_called = mesh.referrers(service).any(|(from, _)| calls(mesh.resource(from).kind.role));
    if is_called { Demand::Called } else { Demand::Offered }
}
