//! A name in a template that keeps CloudFormation from replacing the resource.

use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, Role, Surface};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("fixed-name", include_str!("../../../rules/fixed-name.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    // The name of a virtual service is the host that clients call, and has to be written.
    let is_free = |one: &Resource| one.kind.surface == Surface::Template && one.kind.role != Role::Service;
    for (_, resource) in mesh.resources().filter(|(_, one)| is_free(one) && !one.name.is_open()) {
        out.push(
            Draft::new("cfn-replacement-name", format!("{} cannot be replaced under its fixed name", resource.title()))
                .at(resource.place(), "always this name")
                .why("CloudFormation makes the new resource before it removes the old one, and App Mesh refuses a second one of the name: a change that replaces it fails")
                .help("leave the name out, and refer to the resource by `!GetAtt`, or give it another name with each replacement")
                .on(resource.subject()),
        );
    }
}
