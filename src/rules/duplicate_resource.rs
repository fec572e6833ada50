//! Two different definitions of one object in one file.

use super::Rule;
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("duplicate-resource", include_str!("../../rules/duplicate-resource.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for clash in mesh.clashes() {
        let (first, later) = (mesh.resource(clash.first), mesh.resource(clash.later));
        // Hooks of a chart are made and removed one after the other, under one name if need be.
        let is_cluster = later.kind.surface.is_cluster();
        if is_cluster && !is_hook(first) && !is_hook(later) {
            out.push(duplicate(first, later));
        }
    }
}

fn is_hook(resource: &Resource) -> bool {
    resource.annotations.get("helm.sh/hook").is_some()
}

fn duplicate(first: &Resource, later: &Resource) -> Draft {
    let space = later.space();
    Draft::new("duplicate-object", format!("{}{space} is defined twice, each time differently", later.title()))
        .at(later.place(), "defined again here")
        .at(first.place(), "defined first here")
        .why("what is applied last replaces what was applied before, so the first definition is lost without a word")
        .help("keep one of the two, or give them different names")
        .on(later.subject())
}
