//! A virtual node that answers, and that nobody can find.

use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-discovery", include_str!("../../../rules/missing-discovery.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, node, model) in mesh.models::<VirtualNode>() {
        let answers = model.listeners.items().next().is_some();
        if !answers || !model.service_discovery.is_absent() || node.is_partial {
            continue;
        }
        let message = format!("{} has listeners and no `serviceDiscovery`", node.title());
        let draft = Draft::new("listener-without-discovery", message)
            .at(node.at(model.listeners.key), "nobody can find these")
            .why("the controller refuses a virtual node that listens and cannot be found")
            .help("add `serviceDiscovery` with `dns` or `awsCloudMap`, or leave the listeners out if the node only calls others");
        out.push(draft.on(node.subject()));
    }
}
