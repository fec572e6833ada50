//! A virtual node that nothing leads to.

use super::doubt::Doubts;
use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, ResourceId, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unreachable-node", include_str!("../../../rules/unreachable-node.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let doubts = Doubts::about(mesh, Role::Node);
    for (id, node, model) in mesh.models::<VirtualNode>() {
        // A node that calls others may be where traffic enters the mesh, behind a load balancer.
        let is_server = model.listeners.items().next().is_some()
            && model.backends.is_absent()
            && model.backend_groups.is_absent()
            && !node.is_partial;
        let states = mesh.find(node, Role::Node, node.namespace.as_ref(), &node.name);
        if !is_server
            || states.first() != Some(&id)
            || states.iter().any(|state| mesh.referrers(*state).next().is_some())
            || doubts.may_mean(mesh, node)
            || !is_closed(mesh, id, node)
        {
            continue;
        }
        out.push(
            Draft::new("unreachable-virtual-node", format!("nothing leads to {}", node.title()))
                .at(node.place(), "neither the target of a route nor a provider")
                .why("clients reach a node through a virtual service alone: by a route, or as its provider")
                .help("name it in a route or as a provider, or remove it")
                .on(node.subject()),
        );
    }
}

/// Whether what may lead to the node is here: a mesh, and services in the node's namespace.
fn is_closed(mesh: &Mesh, id: ResourceId, node: &Resource) -> bool {
    mesh.is_closed(id, node.namespace.as_ref())
        && mesh.beside(node, Role::Service).next().is_some()
        && !["VirtualRouter", "VirtualService"].iter().any(|kind| mesh.may_be_unread(node, kind, &node.name))
}
