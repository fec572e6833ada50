//! Backend groups, which the controller reads only if it is told to.

use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("gated-backend-group", include_str!("../../../rules/gated-backend-group.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let users = mesh.models::<VirtualNode>().filter(|(_, _, model)| model.backend_groups.items().next().is_some());
    for (_, node, model) in users {
        out.push(
            Draft::new("backend-groups-need-flag", format!("{} lists backend groups", node.title()))
                .at(node.at(model.backend_groups.key), "read only if the controller runs with `--enable-backend-groups`")
                .why("the controller passes over backend groups unless a flag is set, and the node may then call none of their members")
                .help("run the controller with `--enable-backend-groups` (`enableBackendGroups=true` in its chart)")
                .on(node.subject()),
        );
    }
}
