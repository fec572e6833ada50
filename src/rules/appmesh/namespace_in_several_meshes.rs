//! A namespace that more than one mesh selects.

use crate::finding::Draft;
use crate::mesh::{Membership, Mesh, Resource};
use crate::rules::Rule;
use crate::rules::group::group;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("namespace-in-several-meshes", include_str!("../../../rules/namespace-in-several-meshes.md")).mesh(check);

/// As many of the meshes are named and shown.
const SHOWN: usize = 4;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let members = mesh.resources().filter_map(|(id, member)| match mesh.mesh_of(id) {
        Membership::Several(meshes) => Some(((member.scope, member.namespace.as_ref()), (member, meshes))),
        _ => None,
    });
    for (_, members) in group(members) {
        let Some((member, meshes)) = members.first() else { continue };
        let meshes: Vec<_> = meshes.iter().map(|id| mesh.resource(*id)).collect();
        // A namespace that is made elsewhere is spoken of where its first member stands.
        let namespace = mesh.namespace_objects(member).into_iter().next();
        out.push(several(namespace, member, &meshes));
    }
}

fn several(namespace: Option<&Resource>, member: &Resource, meshes: &[&Resource]) -> Draft {
    let names: Vec<_> = meshes.iter().take(SHOWN).map(|mesh| format!("`{}`", mesh.name)).collect();
    let space = member.namespace.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
    let message = format!("{} meshes select namespace{space}: {}", meshes.len(), names.join(", "));
    let draft = Draft::new("namespace-multiple-meshes", message);
    let text = format!("{} cannot be a member of all of them", member.title());
    let draft = match namespace {
        Some(namespace) => draft.at(namespace.place(), "selected more than once").at(member.place(), text),
        None => draft.at(member.place(), text),
    };
    let draft = meshes.iter().take(SHOWN).fold(draft, |draft, mesh| {
        let place = mesh.namespace_selector.span().map_or(mesh.place(), |span| mesh.at(span));
        draft.at(place, format!("{} selects it", mesh.title()))
    });
    draft
        .why("the controller refuses every object of App Mesh in a namespace that more than one mesh selects")
        .help("narrow the `namespaceSelector` of all but one of the meshes")
        .on(namespace.unwrap_or(member).subject())
}
