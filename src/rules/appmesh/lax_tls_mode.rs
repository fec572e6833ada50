//! A listener whose mode lets plaintext through.

use super::tls::{listeners, mode};
use crate::dialect::appmesh::model::{ListenerTls, TlsMode};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("lax-tls-mode", include_str!("../../../rules/lax-tls-mode.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource, tls) in listeners(mesh) {
        let draft = match mode(tls) {
            Some(TlsMode::Permissive) if tls.validation.known().is_some() => bypassed(resource, tls),
            Some(TlsMode::Permissive) if tls.validation.is_absent() && !tls.is_partial => permissive(resource, tls),
            Some(TlsMode::Disabled) => disabled(resource, tls),
            _ => continue,
        };
        out.push(draft.on(resource.subject()));
    }
}

fn bypassed(resource: &Resource, tls: &ListenerTls) -> Draft {
    let message = format!("{} checks the certificates of clients, and lets plaintext through", resource.title());
    Draft::new("tls-permissive-with-validation", message)
        .at(resource.at(tls.mode.span), "plaintext is let through")
        .at(resource.at(tls.validation.key), "asked of those alone who speak TLS")
        .why("whoever leaves TLS out needs no certificate: nobody is kept out")
        .help("write `STRICT` once all clients have a certificate")
}

fn permissive(resource: &Resource, tls: &ListenerTls) -> Draft {
    Draft::new("tls-permissive", format!("a listener of {} takes TLS and plaintext", resource.title()))
        .at(resource.at(tls.mode.span), "plaintext is let through")
        .why("clients outside of the mesh are let in without encryption")
        .help("write `STRICT` once all clients speak TLS")
}

fn disabled(resource: &Resource, tls: &ListenerTls) -> Draft {
    Draft::new("tls-disabled-block", format!("a listener of {} has a certificate, and speaks no TLS", resource.title()))
        .at(resource.at(tls.mode.span), "TLS is off")
        .at(resource.at(tls.certificate.key), "not used")
        .why("the certificate is there, and the traffic is not encrypted")
        .help("write `PERMISSIVE` or `STRICT`, or leave `tls` out")
}
