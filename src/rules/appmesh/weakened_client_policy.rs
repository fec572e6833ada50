//! A client policy that asks for nothing, or for less than the default that it hides.

use super::tls::{Written, default, enforces, policies};
use crate::dialect::appmesh::model::{ClientPolicy, ClientTls, Field, VirtualNode};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("weakened-client-policy", include_str!("../../../rules/weakened-client-policy.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for written in policies(mesh) {
        let Some(policy) = written.field.known() else { continue };
        let owner = mesh.resource(written.owner);
        let hidden = written.backend.and_then(|_| hidden(owner));
        if policy.tls.is_absent() && !policy.is_partial {
            out.push(empty(owner, &written, hidden));
        } else if let (Some(tls), Some(field)) = (written.tls(), hidden)
            && let Some(strict) = field.known().and_then(|policy| policy.tls.known())
            && (enforces(tls), enforces(strict)) == (Some(false), Some(true))
        {
            out.push(weaker(owner, tls, strict, field));
        }
    }
}

/// The default policy that the policies of a node's backends hide.
fn hidden(owner: &Resource) -> Option<&Field<Box<ClientPolicy>>> {
    let field = default(&owner.model::<VirtualNode>()?.backend_defaults)?;
    field.known()?.tls.known().map(|_| field)
}

fn empty(owner: &Resource, written: &Written<'_>, hidden: Option<&Field<Box<ClientPolicy>>>) -> Draft {
    let place = owner.at(written.field.key);
    let draft = match hidden {
        Some(field) => {
            let message = format!("an empty client policy of {} goes before its default", owner.title());
            Draft::new("tls-client-policy-empty", message)
                .at(place, "asks for nothing")
                .at(owner.at(field.key), "not in force for this backend")
                .why("the policy of a backend goes before the default as a whole: nothing is enforced towards this backend")
                .help("leave `clientPolicy` out to keep the default, or write `tls` with `enforce: false`")
        }
        None => Draft::new("tls-client-policy-empty", format!("a client policy of {} is empty", owner.title()))
            .at(place, "asks for nothing")
            .why("without `tls` nothing is enforced: the server alone decides how it is called")
            .help("write `tls` with its `validation`, or leave `clientPolicy` out"),
    };
    draft.on(owner.subject())
}

fn weaker(owner: &Resource, tls: &ClientTls, strict: &ClientTls, field: &Field<Box<ClientPolicy>>) -> Draft {
    let default = if strict.enforce.is_absent() { field.key } else { strict.enforce.span };
    let message = format!("a backend of {} is called without enforced TLS, which is the default", owner.title());
    Draft::new("tls-backend-override-drops-default", message)
        .at(owner.at(tls.enforce.span), "not enforced for this backend")
        .at(owner.at(default), "the default enforces it")
        .why("the policy of a backend goes before the default as a whole")
        .help("leave the `clientPolicy` of the backend out, if the default was meant for it, too")
        .on(owner.subject())
}
