//! An ARN that names another mesh than the one its resource is a member of.

use crate::finding::Draft;
use crate::mesh::{Membership, Mesh, Name, Reference, Resource, ResourceId};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("foreign-mesh-arn", include_str!("../../../rules/foreign-mesh-arn.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, from) in mesh.resources() {
        for reference in &from.references {
            let Some(named) = &reference.within else { continue };
            let Membership::One(states) = mesh.mesh_of(id) else { continue };
            let is_other = |state: &ResourceId| {
                let deployed = &mesh.resource(*state).deployed_name;
                deployed.as_ref().is_some_and(|(own, _)| own.same(named).is_no())
            };
            if states.iter().all(is_other)
                && let Some(own) = states.first().map(|state| mesh.resource(*state))
            {
                out.push(foreign(from, reference, named, own));
            }
        }
    }
}

fn foreign(from: &Resource, reference: &Reference, named: &Name, own: &Resource) -> Draft {
    let (name, wants) = (&reference.name, reference.wants.words);
    let deployed = own.deployed_name.as_ref().map_or(&own.name, |(deployed, _)| deployed);
    let place = own.deployed_name.as_ref().map_or(own.place(), |(_, span)| own.at(*span));
    Draft::new("arn-foreign-mesh", format!("the ARN of the {} names mesh `{named}`, not `{deployed}`", reference.words))
        .at(from.at(reference.span), format!("names mesh `{named}`"))
        .at(place, format!("{} is a member of this mesh", from.title()))
        .why(format!("only the last part of the ARN counts: the {wants} `{name}` of mesh `{deployed}` is what is used, if there is one"))
        .help(format!("write the ARN of a {wants} of mesh `{deployed}`; no reference leads into another mesh"))
        .on(from.subject())
}
