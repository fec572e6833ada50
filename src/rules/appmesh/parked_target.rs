//! A destination that gets no share beside others that do.

use super::{meeting, place};
use crate::dialect::appmesh::model::Field;
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("parked-target", include_str!("../../../rules/parked-target.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for entry in meeting::of_routers(mesh) {
        let Some(list) = place::targets(entry.holder, entry.route).and_then(Field::known) else { continue };
        let weights = || list.known().filter_map(|target| Some((*target.weight.known()?, target)));
        if !weights().any(|(weight, _)| weight > 0) {
            continue;
        }
        for (_, target) in weights().filter(|(weight, _)| *weight == 0) {
            let name = target
                .reference
                .known()
                .and_then(|one| one.name.known())
                .or(target.arn.known())
                .or(target.name.known());
            let name = name.map(|name| format!(" `{name}`")).unwrap_or_default();
            let message = format!("destination{name} of {} has weight 0", entry.title());
            out.push(
                Draft::new("weight-parked", message)
                    .at(entry.holder.at(target.weight.span), "gets no request")
                    .why("a parked destination is not tested by traffic, and is easily forgotten")
                    .help("give it a weight, or remove it")
                    .on(entry.holder.subject()),
            );
        }
    }
}
