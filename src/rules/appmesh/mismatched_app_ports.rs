//! Ports of the application that the proxy does not get, or that nobody has.

use super::place;
use super::task::{configured, is_certain, served, title};
use crate::dialect::appmesh::model::{ProxyConfiguration, TaskDefinition};
use crate::finding::{Draft, Severity, Span};
use crate::mesh::{Container, ContainerPort, Mesh, Resource, ResourceId, Role, Transport};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-app-ports", include_str!("../../../rules/mismatched-app-ports.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (resource, task, proxy, _) in configured(mesh) {
        let Some((ports, span)) = proxy.ports("AppPorts") else { continue };
        match unlisted(mesh, resource, task, &ports) {
            Some((node, at, port)) => {
                let node = mesh.resource(node);
                let draft = passed_by(resource, span, node, at, port);
                let is_certain = is_certain(resource, task, node);
                out.push(if is_certain { draft } else { draft.severity(Severity::Warning) });
            }
            None => out.extend(undeclared(resource, task, proxy, &ports, span)),
        }
    }
}

/// A listener whose port is not among those of the application, where every state of the node has one: the first state,
/// with the listener.
fn unlisted(
    mesh: &Mesh,
    resource: &Resource,
    task: &TaskDefinition,
    ports: &[i64],
) -> Option<(ResourceId, usize, i64)> {
    let lost = |node: ResourceId| {
        let listeners = mesh.resource(node).listeners.iter().enumerate();
        let mut known = listeners.filter_map(|(at, listener)| Some((at, listener.port?)));
        known.find(|(_, port)| !ports.contains(port)).map(|(at, port)| (node, at, port))
    };
    let nodes = served(mesh, resource, task);
    let all: Option<Vec<_>> =
        nodes.into_iter().filter(|node| mesh.resource(*node).kind.role == Role::Node).map(lost).collect();
    all?.first().copied()
}

fn passed_by(resource: &Resource, span: Span, node: &Resource, at: usize, port: i64) -> Draft {
    let message = format!("`AppPorts` lacks `{port}`, on which {} listens", node.title());
    Draft::new("proxyconfig-appports-vs-listener", message)
        .at(resource.at(span), "what is led through the proxy")
        .at(place::port(node, at), "the port of the listener")
        .why("requests for this port pass by the proxy: neither TLS, nor timeouts, nor metrics of the mesh take effect")
        .help(format!("add `{port}` to `AppPorts`"))
        .on(resource.subject())
}

/// A port that no container declares, where containers declare theirs.
fn undeclared(
    resource: &Resource,
    task: &TaskDefinition,
    proxy: &ProxyConfiguration,
    ports: &[i64],
    span: Span,
) -> Option<Draft> {
    if task.has_more {
        return None;
    }
    let is_proxy = |one: &Container| {
        let named = proxy.container.known();
        one.name.as_ref().is_none_or(|own| named.is_none_or(|(name, _)| !own.same(name).is_no()))
    };
    let mut declared: Vec<&ContainerPort> = Vec::new();
    for one in task.containers.iter().map(|one| &one.container).filter(|one| !is_proxy(one)) {
        declared.extend(one.ports.as_ref()?);
    }
    declared.retain(|port| port.transport != Transport::Other);
    // A task with its own network need not declare any.
    let last = declared.last()?;
    let is_declared = |port: &i64| declared.iter().any(|one| one.port.map(i64::from) == Some(*port));
    let port = ports.iter().find(|port| !is_declared(port))?;
    let message = format!("`AppPorts` has `{port}`, which no container of {} declares", title(resource));
    let draft = Draft::new("proxyconfig-appports-vs-containers", message)
        .at(resource.at(span), "what is led through the proxy")
        .at(resource.at(last.span), "what is declared")
        .why("the proxy hands requests on to a port on which the application may not listen")
        .help("list the ports of the application, or declare the port in its container");
    Some(draft.on(resource.subject()))
}
