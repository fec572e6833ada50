//! A Kubernetes Service whose ports are not those of the mesh behind it or in front of it.

use super::discovery::{Demand, Demands, host};
use super::exposure::elsewhere;
use super::port::of_node;
use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::{Draft, Severity, Span};
use crate::mesh::{ClusterName, Mesh, Resource, ResourceId, ServicePort, Truth};
use crate::rules::Rule;

mod dialled;
mod gateway;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-service-port", include_str!("../../../rules/mismatched-service-port.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let demands = std::cell::LazyCell::new(|| Demands::of(mesh));
    for (id, node, model) in mesh.models::<VirtualNode>() {
        let Some((hostname, name)) = host(model) else { continue };
        let Some(services) = ClusterName::parse(name).map(|name| mesh.find_services(node, &name)) else { continue };
        let ports = of_node(node, model);
        for (port, span) in &ports.list {
            // That the pods do not answer there either is told as that.
            let Some(refusal) = refused(mesh, &services, *port) else { continue };
            if elsewhere(mesh, id, *port).is_some() {
                continue;
            }
            let is_only = ports.list.len() == 1 && !ports.is_open;
            let severity = match (demands.get(id, *port, is_only), refusal.is_certain) {
                (Demand::None, _) => continue,
                (Demand::Called, true) => Severity::Error,
                (Demand::Called, false) | (Demand::Offered, _) => Severity::Warning,
            };
            out.push(undialled(node, (*port, *span), hostname.span, &refusal).severity(severity));
        }
    }
    gateway::check(mesh, out);
    dialled::check(mesh, out);
}

/// A Service through which a port cannot be reached.
struct Refusal<'m> {
    service: &'m Resource,
    port: &'m ServicePort,
    /// Whether it has an address of its own, which forwards nothing but its ports.
    is_certain: bool,
}

/// The first of several states of a Service, where none forwards a port.
fn refused<'m>(mesh: &'m Mesh, services: &[ResourceId], port: u16) -> Option<Refusal<'m>> {
    let refusals: Option<Vec<_>> = services.iter().map(|id| refuse(mesh, *id, port)).collect();
    refusals?.into_iter().next()
}

fn refuse(mesh: &Mesh, id: ResourceId, port: u16) -> Option<Refusal<'_>> {
    let resource = mesh.resource(id);
    let service = resource.cluster_service().filter(|service| service.is_external().is_no())?;
    let numbers = service.numbers()?;
    let first = service.ports.as_ref()?.first().filter(|_| !numbers.contains(&port))?;
    let is_certain = match service.is_headless {
        Truth::No => true,
        Truth::Unknown => return None,
        Truth::Yes => {
            // The name stands for the pods: they are dialled on the port itself.
            let pods = mesh.serves(id).iter().map(|pick| mesh.resource(pick.id).workload());
            let targets = |target| pods.clone().all(|pod| pod.is_none_or(|pod| pod.number(target) != Some(port)));
            let is_known = |target: &_| !matches!(target, crate::mesh::PortRef::Unknown);
            let ports = service.ports.iter().flatten();
            let is_silent = pods.clone().all(|pod| pod.and_then(|pod| pod.ports()).is_some_and(|own| own.is_empty()));
            if !is_silent || !ports.clone().all(|one| is_known(&one.target) && targets(&one.target)) {
                return None;
            }
            if ports.into_iter().any(|one| one.target == crate::mesh::PortRef::Number(port)) {
                return None;
            }
            false
        }
    };
    Some(Refusal { service: resource, port: first, is_certain })
}

fn undialled(node: &Resource, (port, span): (u16, Span), hostname: Span, refusal: &Refusal<'_>) -> Draft {
    let service = refusal.service;
    let message = format!("{} listens on port {port}, and {} has no such port", node.title(), service.title());
    let draft = Draft::new("discovery-service-port-mismatch", message)
        .at(node.at(span), "clients dial this port")
        .at(service.at(refusal.port.span), "the service answers here")
        .at(node.at(hostname), "at this host")
        .on(node.subject());
    if refusal.is_certain {
        draft
            .why("the proxy of a client dials the host of the virtual node on the port of its listener: the service forwards nothing there, and clients get 503")
            .help(format!("give the service a port {port} with the `targetPort` of the pods, or listen on the port of the service"))
    } else {
        draft
            .why("the name of a service without an address stands for its pods, which are dialled on the port of the listener")
            .help("listen on the port on which the pods answer")
    }
}
