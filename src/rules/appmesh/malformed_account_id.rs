//! The owner of a shared mesh that is no AWS account.

use crate::dialect::appmesh::model;
use crate::finding::{Applicability, Change, Draft};
use crate::mesh::Mesh;
use crate::rules::Rule;
use crate::rules::wording::short;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-account-id", include_str!("../../../rules/malformed-account-id.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource, model) in mesh.models::<model::Mesh>() {
        let Some(owner) = model.mesh_owner.known().filter(|owner| !is_account(owner)) else { continue };
        let digits: String = owner.chars().filter(|one| !matches!(one, '-' | ' ')).collect();
        let what = match owner.is_empty() {
            true => "`meshOwner` is empty".to_owned(),
            false => format!("`meshOwner` is `{}`, which is no AWS account", short(owner)),
        };
        let draft = Draft::new("mesh-owner-format", what)
            .at(resource.at(model.mesh_owner.span), "an account is 12 digits")
            .why("the control plane looks for the mesh in that account, and finds none")
            .on(resource.subject());
        let quoted = format!("\"{digits}\"");
        out.push(match is_account(&digits) {
            true => draft.help(format!("write the digits alone: `{quoted}`")).remedy(
                format!("write `{quoted}`"),
                Applicability::Safe,
                [(model.mesh_owner.span, Change::Text(quoted))],
            ),
            false => draft.help("write the 12 digits of the account that shares the mesh, in quotes"),
        });
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
