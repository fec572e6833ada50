//! Services by whose name a virtual service is called, and the port on which it answers.

use crate::dialect::appmesh::model::{VirtualNode, VirtualRouter};
use crate::finding::Draft;
use crate::mesh::{ClusterName, Mesh, Name, Resource, ResourceId, Role, ServicePort};
use crate::rules::appmesh::discovery::host;
use crate::rules::appmesh::port::{Ports, of_node, of_router};

pub(super) fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, service) in mesh.of_role(Role::Service) {
        let Some((name, _)) = &service.deployed_name else { continue };
        let Some(dialled) = ClusterName::parse(name).and_then(|name| dialled(mesh, service, &name)) else { continue };
        let Some((provider, ports)) = answering(mesh, service) else { continue };
        let Some(listening) = ports.all().filter(|all| !all.is_empty()) else { continue };
        if dialled.numbers.iter().any(|port| ports.has(*port)) || is_found_there(provider, name) {
            continue;
        }
        let callers: Vec<_> =
            mesh.referrers(id).filter(|(from, _)| mesh.resource(*from).kind.role == Role::Node).collect();
        // Whoever writes the port of the mesh into a call dials that.
        let knows = |(caller, _): &(ResourceId, _)| ports.list.iter().any(|(port, _)| is_told(mesh, *caller, *port));
        let Some((caller, backend)) = callers.first().filter(|_| !callers.iter().any(knows)) else { continue };
        let caller = mesh.resource(*caller);
        let message =
            format!("{} is called by the name of {}, which has other ports", service.title(), dialled.service.title());
        let draft = Draft::new("router-port-vs-service-port", message)
            .at(provider.at(listening[0].1), format!("{} answers here", service.title()))
            .at(dialled.service.at(dialled.port.span), "clients of the service call this port")
            .at(caller.at(backend.span), format!("{} calls it", caller.title()))
            .why("a proxy knows the virtual service by the port of its provider: a call of another port matches nothing (`No matching filter chain found`)")
            .help("let the service and the provider have one port, or have clients call the port of the provider");
        out.push(draft.on(service.subject()));
    }
}

/// A Service by its name, with what it answers on.
struct Dialled<'m> {
    service: &'m Resource,
    port: &'m ServicePort,
    numbers: Vec<u16>,
}

fn dialled<'m>(mesh: &'m Mesh, service: &Resource, name: &ClusterName) -> Option<Dialled<'m>> {
    let states = mesh.find_services(service, name);
    let mut numbers = Vec::new();
    for id in &states {
        let front = mesh.resource(*id).cluster_service().filter(|front| front.is_plain())?;
        numbers.extend(front.numbers()?);
    }
    let first = mesh.resource(*states.first()?);
    let port = first.cluster_service()?.ports.as_ref()?.first()?;
    Some(Dialled { service: first, port, numbers })
}

/// What provides a virtual service, with its ports: one thing in one state.
fn answering<'m>(mesh: &'m Mesh, service: &Resource) -> Option<(&'m Resource, Ports)> {
    let [reference] = &service.references[..] else { return None };
    let crate::mesh::Target::Resolved(states) = &reference.target else { return None };
    let [provider] = states[..] else { return None };
    let provider = mesh.resource(provider);
    let node = || provider.model::<VirtualNode>().map(|model| of_node(provider, model));
    let ports = provider.model::<VirtualRouter>().map(|model| of_router(provider, model)).or_else(node)?;
    Some((provider, ports))
}

/// Whether a node that provides a service is found by the same Service, so that its own port is the mistake.
fn is_found_there(provider: &Resource, name: &Name) -> bool {
    let found = provider.model::<VirtualNode>().and_then(host);
    found.is_some_and(|(_, host)| ClusterName::parse(host) == ClusterName::parse(name))
}

/// Whether the pods of a node are told this port.
fn is_told(mesh: &Mesh, node: ResourceId, port: u16) -> bool {
    let text = format!(":{port}");
    let pods = mesh.picks(node).iter().filter_map(|pick| mesh.resource(pick.id).workload());
    let mut words = pods
        .flat_map(|pod| pod.every_container())
        .flat_map(|container| container.env.iter().map(|one| &one.value).chain(&container.words).map(Name::as_str));
    words.any(|word| word.contains(&text))
}
