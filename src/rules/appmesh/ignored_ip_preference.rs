//! A preference for an address family that the controller overwrites.

use crate::dialect::appmesh::model::Mesh as MeshModel;
use crate::finding::{Applicability, Change, Draft};
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("ignored-ip-preference", include_str!("../../../rules/ignored-ip-preference.md"))
        .when_selected()
        .mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, home, model) in mesh.models::<MeshModel>() {
        let discovery = &model.mesh_service_discovery;
        if home.live || discovery.is_absent() {
            continue;
        }
        let draft =
            Draft::new("ip-preference-ignored", format!("`meshServiceDiscovery` of {} has no effect", home.title()))
                .at(home.at(discovery.key), "overwritten when the mesh is created")
                .why("the controller sets the address family by its own flag, whatever the manifest says")
                .help("leave it out, and set the family where the controller is installed")
                .remedy("remove `meshServiceDiscovery`", Applicability::Unsafe, [(discovery.key, Change::RemoveEntry)]);
        out.push(draft.on(home.subject()));
    }
}
