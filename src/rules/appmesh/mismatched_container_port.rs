//! A listener of a virtual node on a port that its pods do not answer on.

use super::discovery::{Demand, Demands, host};
use super::exposure::{Declared, answers_elsewhere, elsewhere};
use super::injection::{only_taker, selector_place};
use super::port::of_node;
use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::{Draft, Place, Severity, Span};
use crate::mesh::{ClusterName, Mesh, PortRef, Resource, ResourceId, Role, Truth};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-container-port", include_str!("../../../rules/mismatched-container-port.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let demands = std::cell::LazyCell::new(|| Demands::of(mesh));
    for (id, node, model) in mesh.models::<VirtualNode>() {
        let ports = of_node(node, model);
        let mut is_told = false;
        for (port, span) in &ports.list {
            let declared = elsewhere(mesh, id, *port).filter(|_| !is_handed_on(mesh, node, model, *port));
            if let Some(declared) = declared {
                is_told = true;
                let refused =
                    refusing(mesh, node, model, *port).filter(|_| demands.of_port(id, *port) == Demand::Called);
                out.push(unanswered(node, (*port, *span), declared, refused));
            }
        }
        if let (false, Some(ports)) = (is_told, ports.all()) {
            out.extend(strangers(mesh, id, (node, model), ports));
        }
    }
}

/// Whether the Kubernetes Service by which a node is found hands connections to a port.
fn is_handed_on(mesh: &Mesh, node: &Resource, model: &VirtualNode, port: u16) -> bool {
    let Some(name) = host(model).and_then(|(_, name)| ClusterName::parse(name)) else { return false };
    let services = mesh.find_services(node, &name).into_iter();
    let mut ports =
        services.filter_map(|id| mesh.resource(id).cluster_service()).flat_map(|front| front.ports.iter().flatten());
    ports.any(|one| one.target == PortRef::Number(port))
}

/// The port of the Kubernetes Service by which a node is found, where it has none that could be dialled.
fn refusing(mesh: &Mesh, node: &Resource, model: &VirtualNode, port: u16) -> Option<Place> {
    let name = ClusterName::parse(host(model)?.1)?;
    let services = mesh.find_services(node, &name);
    let refuses = |id: &ResourceId| {
        let service = mesh.resource(*id).cluster_service()?;
        let ports = service.numbers().filter(|_| service.is_plain())?;
        let first = service.ports.as_ref()?.first().filter(|_| !ports.contains(&port))?;
        Some(mesh.resource(*id).at(first.span))
    };
    let places: Option<Vec<_>> = services.iter().map(refuses).collect();
    places?.first().copied()
}

fn unanswered(node: &Resource, (port, span): (u16, Span), declared: Declared<'_>, refused: Option<Place>) -> Draft {
    let workload = declared.workload;
    let message = format!("{} listens on port {port}, where its pods do not answer", node.title());
    let draft = Draft::new("listener-port-not-exposed", message)
        .at(node.at(span), "no container of the pods has this port")
        .at(workload.at(declared.port.span), format!("the pods of {} answer here", workload.title()));
    let draft = match refused {
        // That the Service has no such port either is the same mistake, and certain to be felt.
        Some(place) => draft.at(place, "clients find the node by this service").severity(Severity::Error),
        None => draft,
    };
    draft
        .why("the proxy hands requests to the port of the listener, and what the application answers on is never asked: clients get 503")
        .help("listen on the port of the container, or declare the port if the application does answer on it")
        .on(node.subject())
}

/// Pods that answer on none of the ports of a node, while others of the node do.
fn strangers(
    mesh: &Mesh,
    id: ResourceId,
    (node, model): (&Resource, &VirtualNode),
    ports: &[(u16, Span)],
) -> Vec<Draft> {
    let name = host(model).and_then(|(_, name)| ClusterName::parse(name));
    let services = name.map(|name| mesh.find_services(node, &name)).unwrap_or_default();
    let takes = |service: &ResourceId, workload: &Resource| {
        let labels = workload.workload().map(|workload| &workload.labels);
        labels.is_some_and(|labels| mesh.resource(*service).pod_selector.matches(labels, Truth::Unknown).is_yes())
    };
    let numbers: Vec<_> = ports.iter().map(|(port, _)| *port).collect();
    let Some((_, listener)) = ports.first() else { return Vec::new() };
    let certain = mesh.picks(id).iter().filter(|pick| pick.truth.is_yes());
    let strange = certain.filter_map(|pick| {
        let declared = answers_elsewhere(mesh, pick.id, &numbers)?;
        let workload = declared.workload;
        let states = mesh.find(workload, Role::Workload, workload.namespace.as_ref(), &workload.name);
        let is_meant = only_taker(mesh, pick.id, Role::Node).is_some_and(|taker| std::ptr::eq(taker, node))
            && states.len() == 1
            // Clients find them only where the service does.
            && services.iter().all(|service| takes(service, workload))
            && !is_for_operators(declared);
        is_meant.then(|| stranger(node, *listener, declared))
    });
    strange.collect()
}

/// Whether a port is named after what people watch, not after what they use.
fn is_for_operators(declared: Declared<'_>) -> bool {
    const WORDS: [&str; 5] = ["metric", "prom", "admin", "health", "debug"];
    let name = declared.port.name.known().map_or("", |(name, _)| name.as_str());
    WORDS.iter().any(|word| name.contains(word))
}

fn stranger(node: &Resource, listener: Span, declared: Declared<'_>) -> Draft {
    let workload = declared.workload;
    let port = declared.port.port.unwrap_or_default();
    let message =
        format!("pods of {} answer on port {port}, which {} does not listen on", workload.title(), node.title());
    Draft::new("app-port-not-in-listener", message)
        .at(workload.at(declared.port.span), "not the port of a listener")
        .at(node.at(listener), "listens here")
        .at(selector_place(node), "takes the pods")
        .why("what is sent to this port passes the proxy by, and what the proxy takes for the pods reaches nobody")
        .help("listen on the port of the container, or give the pods a virtual node of their own")
        .on(workload.subject())
}
