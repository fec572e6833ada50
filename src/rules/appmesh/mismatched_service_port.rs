//! A Kubernetes Service whose ports are not those of the mesh behind it or in front of it.

use rustc_hash::FxHashSet;

use super::discovery::{Demand, Demands, host};
use super::exposure::elsewhere;
use super::port::of_node;
use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::{Draft, Severity, Span};
use crate::mesh::{ClusterName, Detail, Mesh, Name, Resource, ResourceId, Role, ServicePort, Setting, Truth};
use crate::rules::Rule;

mod dialled;
mod gateway;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-service-port", include_str!("../../../rules/mismatched-service-port.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let demands = std::cell::LazyCell::new(|| Demands::of(mesh));
    let doors = std::cell::LazyCell::new(|| Doors::of(mesh));
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
            let severity = match demands.of_port(id, *port) {
                Demand::Called if refusal.is_certain => Severity::Error,
                Demand::Called => Severity::Warning,
                // What leads in from outside is dialled by others.
                Demand::Offered | Demand::Unknown if !doors.lead_to(refusal.service) => Severity::Warning,
                _ => continue,
            };
            out.push(undialled(node, (*port, *span), hostname.span, &refusal).severity(severity));
        }
    }
    gateway::check(mesh, out);
    dialled::check(mesh, out);
}

/// Services by which requests come in from outside of the cluster.
struct Doors<'m> {
    by_ingress: FxHashSet<(Option<&'m Name>, &'m Name)>,
}

impl<'m> Doors<'m> {
    fn of(mesh: &'m Mesh) -> Self {
        let mut by_ingress = FxHashSet::default();
        for (_, ingress) in mesh.of_role(Role::Ingress) {
            if let Detail::Ingress(model) = &ingress.detail {
                by_ingress.extend(model.backends.iter().map(|one| (ingress.namespace.as_ref(), &one.service)));
            }
        }
        Self { by_ingress }
    }

    fn lead_to(&self, service: &Resource) -> bool {
        let is_of_cluster = service.cluster_service().is_some_and(|front| match &front.kind {
            Setting::Absent => true,
            Setting::Known(kind, _) => kind.as_known() == Some("ClusterIP"),
            Setting::Unknown => false,
        });
        !is_of_cluster || self.by_ingress.contains(&(service.namespace.as_ref(), &service.name))
    }
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
