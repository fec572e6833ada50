//! AWS App Mesh, which has ended.

use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("service-ended", include_str!("../../../rules/service-ended.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let first = mesh.resources().map(|(_, one)| one).find(|one| one.kind.role.is_of_mesh());
    // It is about all of them alike, and names none.
    out.extend(first.filter(|one| one.kind.dialect == "appmesh").map(|first| {
        Draft::new("service-ended", "AWS App Mesh ended on 2026-09-30")
            .at(first.place(), "the first of its resources here")
            .why("the control plane takes no changes any more, and proxies get no configuration from it")
            .help("move to a mesh that goes on, as one of the Gateway API or Istio")
    }));
}
