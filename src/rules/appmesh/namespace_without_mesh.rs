//! A namespace that no mesh selects, with objects that need one.

use crate::finding::Draft;
use crate::mesh::{Membership, Mesh, Resource, Role, Selection};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};
use crate::rules::refusal::{self, Refusal};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("namespace-without-mesh", include_str!("../../../rules/namespace-without-mesh.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let strays = mesh.resources().filter(|(id, _)| *mesh.mesh_of(*id) == Membership::None);
    let strays = group(strays.map(|(_, stray)| ((stray.scope, stray.namespace.as_ref()), stray)));
    if strays.is_empty() {
        return;
    }
    let meshes: Vec<_> = mesh.of_role(Role::Mesh).map(|(_, one)| one).collect();
    for ((scope, _), strays) in strays {
        let near = || meshes.iter().copied().filter(|one| mesh.scopes().reaches(scope, one.scope));
        // A mesh that selects nothing is the cause, and `missing-mesh-selector` says so.
        if near().any(|one| matches!(one.namespace_selector, Selection::Absent)) {
            continue;
        }
        let Some(stray) = strays.first() else { continue };
        let Some(namespace) = mesh.namespace_objects(stray).into_iter().next() else { continue };
        if let Some(refusal) = refusal::nearest(near(), |mesh| &mesh.namespace_selector, &namespace.labels) {
            out.push(no_mesh(namespace, stray, strays.len(), &refusal));
        }
    }
}

fn no_mesh(namespace: &Resource, stray: &Resource, count: usize, refusal: &Refusal<'_>) -> Draft {
    let verb = if count == 1 { "is a member" } else { "are members" };
    let (title, space) = (stray.title(), namespace.title());
    let message = format!("{title}{} {verb} of no mesh: none selects {space}", and_more(count));
    refusal
        .point(namespace, Draft::new("namespace-no-mesh", message))
        .at(stray.place(), format!("{title} needs a mesh"))
        .why("the controller refuses every object of App Mesh in a namespace that no mesh selects")
        .help(refusal.help(namespace))
        .on(namespace.subject())
}
