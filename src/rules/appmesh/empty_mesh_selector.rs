//! A mesh that selects every namespace.

use crate::dialect::appmesh::model::Mesh as MeshModel;
use crate::finding::{Draft, Severity};
use crate::mesh::{Mesh, Resource, Role, Selection};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("empty-mesh-selector", include_str!("../../../rules/empty-mesh-selector.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, own, _) in mesh.models::<MeshModel>().filter(|(_, own, _)| !own.is_patchy) {
        let Selection::Written(selector, key) = &own.namespace_selector else { continue };
        if !selector.requirements.is_empty() {
            continue;
        }
        let draft = Draft::new("mesh-selector-empty", format!("{} selects every namespace", own.title()))
            .at(own.at(*key), "empty")
            .help("select namespaces by a label");
        let other = mesh.beside(own, Role::Mesh).map(|(_, other)| other).find(|other| is_rival(own, other));
        let draft = match other {
            Some(other) => draft
                .severity(Severity::Warning)
                .at(other.place(), "another mesh")
                .why("the controller refuses objects of a namespace that two meshes select"),
            None => draft.why("every namespace of the cluster belongs to the mesh, also those that are made later"),
        };
        out.push(draft.on(own.subject()));
    }
}

/// Whether another mesh certainly selects namespaces, too.
fn is_rival(own: &Resource, other: &Resource) -> bool {
    other.name.same(&own.name).is_no() && matches!(other.namespace_selector, Selection::Written(..))
}
