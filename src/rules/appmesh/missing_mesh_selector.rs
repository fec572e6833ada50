//! A mesh without a `namespaceSelector`: it has no members.

use crate::dialect::appmesh::model::Mesh as MeshModel;
use crate::finding::{Draft, Severity};
use crate::mesh::{Membership, Mesh, Resource, Selection};
use crate::rules::Rule;
use crate::rules::group::group;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-mesh-selector", include_str!("../../../rules/missing-mesh-selector.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let bare = |resource: &Resource| {
        resource.kind.surface.is_cluster() && matches!(resource.namespace_selector, Selection::Absent)
    };
    let mut bare = mesh.models::<MeshModel>().filter(|(_, resource, _)| bare(resource)).peekable();
    if bare.peek().is_none() {
        return;
    }
    let strays = mesh.resources().filter(|(id, _)| *mesh.mesh_of(*id) == Membership::None);
    let strays = group(strays.map(|(_, stray)| (stray.scope, stray)));
    for (_, resource, _) in bare {
        let mut near = strays.iter().filter(|(scope, _)| mesh.scopes().reaches(resource.scope, *scope));
        let stray = near.find_map(|(_, strays)| strays.first().copied());
        let draft = Draft::new("mesh-selector-absent", format!("{} selects no namespace", resource.title()))
            .at(resource.at(resource.spec_key), "has no `namespaceSelector`")
            .why("without a `namespaceSelector` a mesh has no members: the controller refuses objects that no mesh takes")
            .help("add a `namespaceSelector`; an empty one (`{}`) selects every namespace");
        let draft = match stray {
            Some(stray) => draft.at(stray.place(), format!("{} is a member of no mesh", stray.title())),
            None => draft.severity(Severity::Warning),
        };
        out.push(draft.on(resource.subject()));
    }
}
