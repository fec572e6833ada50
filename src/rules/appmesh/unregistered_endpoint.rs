//! Pods, or ports of pods, that the controller does not register in Cloud Map.

use super::discovery::cloud_map;
use crate::dialect::appmesh::model::{CloudMapDiscovery, VirtualNode};
use crate::finding::{Draft, Span};
use crate::mesh::{Mesh, Name, Resource, Role, Selection};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unregistered-endpoint", include_str!("../../../rules/unregistered-endpoint.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    // Elsewhere than in a cluster instances are registered by other means.
    for (_, node, model) in mesh.models::<VirtualNode>().filter(|(_, node, _)| node.kind.surface.is_cluster()) {
        let Some((field, cloud_map)) = cloud_map(model) else { continue };
        let is_read = model.listeners.known().is_some_and(|list| !list.open);
        let listeners: Vec<_> = model.listeners.items().collect();
        match (&node.pod_selector, &listeners[..]) {
            (Selection::Written(_, selector), []) if is_read || (model.listeners.is_absent() && !node.is_partial) => {
                out.push(silent(node, field.key, *selector));
            }
            (Selection::Written(..), [first, second, ..]) => {
                out.push(second_port(node, field.key, first.key, second.key));
            }
            (Selection::Absent, [_, ..]) if !is_elsewhere(mesh, node, cloud_map) => {
                out.push(without_pods(node, field.key))
            }
            _ => {}
        }
    }
}

/// Whether something else registers the instances of a node: the manifests hold the pods of its namespace, and
/// none is called like the node or the service; or the attributes are those of another platform.
fn is_elsewhere(mesh: &Mesh, node: &Resource, cloud_map: &CloudMapDiscovery) -> bool {
    let is_of_platform = |key: &Name| ["ECS_", "AWS_", "EC2_"].iter().any(|head| key.as_str().starts_with(head));
    let keys = cloud_map.attributes.items().filter_map(|one| one.known()?.key.known());
    let names = [Some(&node.name), cloud_map.service_name.known()];
    let mut pods = mesh.beside(node, Role::Workload).peekable();
    let is_known = pods.peek().is_some();
    let is_meant = |pod: &Resource| names.iter().flatten().any(|name| !pod.name.same(name).is_no());
    keys.into_iter().any(is_of_platform) || (is_known && !pods.any(|(_, pod)| is_meant(pod)))
}

fn silent(node: &Resource, key: Span, selector: Span) -> Draft {
    Draft::new("cloudmap-no-listener", format!("{} registers pods in Cloud Map and has no listener", node.title()))
        .at(node.at(key), "an instance is registered with the port of the first listener")
        .at(node.at(selector), "these pods are to be registered")
        .why("the controller takes the first listener for the port of each pod without looking whether there is one, and crashes")
        .help("add the listener that the pods answer on, or leave `awsCloudMap` out if they only call others")
        .on(node.subject())
}

fn second_port(node: &Resource, key: Span, first: Span, second: Span) -> Draft {
    let message = format!("only the first listener of {} is registered in Cloud Map", node.title());
    Draft::new("cloudmap-multi-listener", message)
        .at(node.at(second), "this port is not registered")
        .at(node.at(first), "this one is")
        .at(node.at(key), "instances are found here")
        .why("the controller registers each pod with one port, that of the first listener: whoever reads the port from Cloud Map does not find the others")
        .help("give each port a virtual node of its own, or discover the node by DNS")
        .on(node.subject())
}

fn without_pods(node: &Resource, key: Span) -> Draft {
    let message = format!("{} is found in Cloud Map and has no `podSelector`", node.title());
    Draft::new("cloudmap-no-podselector", message)
        .at(node.at(key), "the controller registers no instance here")
        .at(node.at(node.spec_key), "selects no pods")
        .why("the controller registers the pods that the virtual node selects; unless something else registers instances, clients find none")
        .help("add `podSelector` with the labels of the pods")
        .on(node.subject())
}
