//! Pods of a virtual node that have a container `envoy` already: the injector adds no proxy to them.

use super::injection::{injection, selector_place, takers};
use crate::finding::Draft;
use crate::mesh::{Container, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("pod-with-envoy-container", include_str!("../../../rules/pod-with-envoy-container.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, resource) in mesh.of_role(Role::Workload) {
        let containers = resource.workload().and_then(|workload| workload.containers.as_deref()).unwrap_or(&[]);
        let Some(envoy) = containers.iter().find(|one| is_envoy(one)).filter(|one| !is_hand_made(one)) else {
            continue;
        };
        if !injection(mesh, resource).is_on() {
            continue;
        }
        let takers = takers(mesh, id).certain;
        let mut nodes = takers.iter().map(|id| mesh.resource(*id)).filter(|taker| taker.kind.role == Role::Node);
        // Pods of a gateway have such a container; that they are also a node's is another fault.
        if let (Some(node), true) = (nodes.next(), takers.len() == 1) {
            out.push(occupied(resource, envoy, node));
        }
    }
}

/// Whether the injector takes a container for the proxy.
pub(super) fn is_envoy(container: &Container) -> bool {
    container.name.as_ref().is_some_and(|name| name.as_known() == Some("envoy"))
}

/// Whether a container is told which resource of App Mesh it serves: somebody wrote the proxy by hand
/// (App Mesh user guide, variables of the Envoy image).
pub(super) fn is_hand_made(container: &Container) -> bool {
    const NAMED: [&str; 3] = ["APPMESH_RESOURCE_ARN", "APPMESH_VIRTUAL_NODE_NAME", "APPMESH_RESOURCE_NAME"];
    container.env.iter().any(|variable| NAMED.contains(&variable.name.as_str()))
}

fn occupied(resource: &Resource, envoy: &Container, node: &Resource) -> Draft {
    let message =
        format!("pods of {} have a container `envoy` of their own, so that no proxy is added", resource.title());
    Draft::new("pod-has-envoy-container", message)
        .at(resource.at(envoy.span), "the injector takes this for the proxy")
        .at(selector_place(node), format!("{} takes the pods", node.title()))
        .why("the traffic of the pods is redirected to a proxy that is not there, since the injector leaves a container of this name as it is")
        .help("give the container another name, or turn injection off for the pods")
        .on(resource.subject())
}
