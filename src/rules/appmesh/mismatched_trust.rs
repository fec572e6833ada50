//! A client that trusts authorities of another kind than the one that the server's certificate comes from.

use super::tls::{
    Link, Policy, Server, ServerTls, Source, certificate, covers, distinct, enforces, links, point, titles, trust,
};
use crate::finding::{Draft, Place};
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-trust", include_str!("../../../rules/mismatched-trust.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for link in links(mesh, Policy::is_enforced) {
        // Only an enforced policy decides whom the client trusts.
        let Some((tls, _)) = link.tls().filter(|(tls, _)| enforces(tls) == Some(true)) else { continue };
        let Some((source, key)) = trust(tls) else { continue };
        let is_other = |server: &&Server<'_>| {
            shown(server).is_some_and(|(shown, _)| (shown == Source::Acm) != (source == Source::Acm))
                && covers(tls, server.port).is_yes()
                && !server.is_choice
        };
        let servers = distinct(link.servers.iter().filter(is_other).copied());
        if !servers.is_empty() {
            out.push(mismatched(&link, source, link.from.at(key), &servers));
        }
    }
}

/// Where the certificate of a server comes from.
fn shown(server: &Server<'_>) -> Option<(Source, Place)> {
    match server.tls() {
        ServerTls::Tls(tls, _) => certificate(tls).map(|(source, key)| (source, server.node.at(key))),
        _ => None,
    }
}

fn mismatched(link: &Link<'_>, source: Source, place: Place, servers: &[Server<'_>]) -> Draft {
    let (from, service, nodes) = (link.from.title(), link.service.title(), titles(servers));
    let (trusted, help) = match source {
        Source::Acm => (
            "trusts authorities of ACM",
            "trust the authority of the server's certificate from `file` or `sds`, or give the server a certificate of ACM",
        ),
        Source::File | Source::Sds => (
            "trusts no authority of ACM",
            "trust the root authority of the server's certificate under `acm`, or make sure that this source holds it",
        ),
    };
    let message = match source {
        Source::Acm => format!(
            "{from} trusts authorities of ACM alone for {service}, and the certificate of {nodes} is not from there"
        ),
        _ => format!("{from} does not trust ACM for {service}, and the certificate of {nodes} is from there"),
    };
    let word = |source| match source {
        Source::Acm => "ACM",
        Source::File => "a file",
        Source::Sds => "SDS",
    };
    let places = servers.iter().filter_map(|server| {
        let (source, place) = shown(server)?;
        Some((place, format!("{} shows a certificate from {}", server.node.title(), word(source))))
    });
    point(Draft::new("tls-trust-source-mismatch", message).at(place, trusted), &places.collect::<Vec<_>>())
        .why("unless both hold the same authority, the client refuses the server's certificate, and requests are answered with 503")
        .help(help)
        .on(link.from.subject())
}
