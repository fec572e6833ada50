//! Services in front of the pods of a gateway.

use crate::dialect::appmesh::model::VirtualGateway;
use crate::finding::{Draft, Span};
use crate::mesh::{Mesh, Resource, ResourceId, Role, ServicePort, Transport, Workload};
use crate::rules::appmesh::fronted::{Fronted, fronted};
use crate::rules::appmesh::pod_with_envoy_container::is_envoy;
use crate::rules::appmesh::port::of_gateway;

/// Ports on which the proxy answers beside its listeners (App Mesh user guide, variables of the Envoy image):
/// administration, the agent, and what inbound and outbound traffic is redirected to.
const OF_PROXY: [u16; 4] = [9901, 9902, 15000, 15001];

pub(super) fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, service) in mesh.of_role(Role::ClusterService) {
        let Some(front) = service.cluster_service().filter(|front| front.is_plain()) else { continue };
        let Some(fronted) = fronted(mesh, id) else { continue };
        for port in front.ports.iter().flatten().filter(|port| port.transport == Transport::Tcp) {
            if let Some(missed) = missed(mesh, &fronted, port) {
                out.push(misses(service, port, fronted.gateway(mesh), &missed));
            }
        }
    }
}

/// Where a Service leads, and where the gateway listens instead.
struct Missed {
    number: u16,
    listener: (ResourceId, Span),
}

/// What a port of a Service misses, where it certainly leads to no listener of the gateway.
fn missed(mesh: &Mesh, fronted: &Fronted<'_>, port: &ServicePort) -> Option<Missed> {
    let mut first = None;
    let numbers: Option<Vec<_>> = fronted.pods.iter().map(|pod| pod.number(&port.target)).collect();
    for number in numbers? {
        let is_other = |pod: &&Workload| pod.every_container().any(|one| !is_envoy(one) && may_declare(one, number));
        let is_unread = |pod: &&Workload| pod.containers.is_none() || pod.init_containers.is_none();
        if OF_PROXY.contains(&number) || fronted.pods.iter().any(|pod| is_unread(pod) || is_other(pod)) {
            return None;
        }
        for state in &fronted.states {
            let gateway = mesh.resource(*state);
            let ports = of_gateway(gateway, gateway.model::<VirtualGateway>()?);
            let listener = ports.all()?.first()?.1;
            if ports.has(number) {
                return None;
            }
            first = first.or(Some(Missed { number, listener: (*state, listener) }));
        }
    }
    first
}

/// Whether a container may answer on a port.
fn may_declare(container: &crate::mesh::Container, port: u16) -> bool {
    let ports = container.ports.as_ref();
    ports.is_none_or(|ports| ports.iter().any(|one| one.port.is_none_or(|own| own == port)))
}

fn misses(service: &Resource, port: &ServicePort, gateway: &Resource, missed: &Missed) -> Draft {
    let what = port.port.map_or_else(|| "a port".to_owned(), |port| format!("port {port}"));
    let (title, behind) = (service.title(), gateway.title());
    let message = format!("{what} of {title} leads to port {}, where {behind} does not listen", missed.number);
    Draft::new("gateway-service-targetport", message)
        .at(service.at(port.target_span), "no listener has this port")
        .at(gateway.at(missed.listener.1), "the gateway listens here")
        .why("the load balancer or the cluster connects to a port on which the proxy does not answer: connections are refused")
        .help("set `targetPort` to the port of a listener of the gateway")
        .on(service.subject())
}
