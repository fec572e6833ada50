//! A client that trusts an SDS provider and does not say which names it expects.

use super::tls::{Source, Written, calls, enforces, policies, trust};
use crate::dialect::appmesh::model::ClientTls;
use crate::finding::{Draft, Severity, Span};
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-alternative-names", include_str!("../../../rules/missing-alternative-names.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for policy in policies(mesh).filter(|policy| calls(mesh.resource(policy.owner))) {
        let Some(tls) = policy.tls() else { continue };
        let (Some((Source::Sds, key)), Some(validation)) = (trust(tls), tls.validation.known()) else { continue };
        if validation.subject_alternative_names.is_absent() && !validation.is_partial {
            out.push(nameless(mesh, &policy, tls, key));
        }
    }
}

fn nameless(mesh: &Mesh, policy: &Written<'_>, tls: &ClientTls, key: Span) -> Draft {
    let owner = mesh.resource(policy.owner);
    let validation = tls.validation.known();
    let secret = validation.and_then(|one| one.trust.known()?.sds.known()?.secret_name.known());
    let is_spiffe = secret.is_some_and(|secret| secret.starts_with("spiffe://"));
    let message = format!("the client policy of {} trusts `sds`, and has no `subjectAlternativeNames`", owner.title());
    let draft =
        Draft::new("tls-sds-san-missing", message).at(owner.at(key), "no `subjectAlternativeNames` beside this trust");
    let draft = draft
        .help("add `subjectAlternativeNames` with the names of the servers, as `spiffe://shop/cart`")
        .on(owner.subject());
    if is_spiffe && enforces(tls) == Some(true) {
        return draft.why(
            "without names the certificate must carry that of service discovery, and one from SPIRE carries a SPIFFE id: the handshake fails",
        );
    }
    draft.severity(Severity::Warning).why(
        "without names the certificate must carry that of service discovery: where it carries a SPIFFE id, the handshake fails",
    )
}
