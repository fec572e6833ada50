//! A client certificate that no server asks for.

use std::cell::LazyCell;

use super::tls::{Known, Link, Server, ServerTls, covers, distinct, links, point};
use crate::finding::{Draft, Place};
use crate::mesh::Mesh;
use crate::rules::Rule;
use crate::rules::group::group;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unused-client-certificate", include_str!("../../../rules/unused-client-certificate.md"))
        .when_selected()
        .mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let links = links(mesh, |policy| policy.tls().is_some_and(|tls| !tls.certificate.is_absent()));
    let known = LazyCell::new(|| Known::of(mesh));
    let with_certificate = links.iter().filter_map(|link| {
        let certificate = &link.tls()?.0.certificate;
        certificate.known().map(|_| (link.from.at(certificate.key), link))
    });
    for (place, users) in group(with_certificate) {
        let servers = distinct(users.iter().flat_map(|link| link.servers.iter().copied()));
        let asks_not = |server: &Server<'_>| match (server.tls(), users[0].tls()) {
            (ServerTls::Plain(_), _) => true,
            (ServerTls::Tls(tls, _), _) if tls.validation.is_absent() && !tls.is_partial => true,
            (ServerTls::Tls(..), Some((tls, _))) => covers(tls, server.port).is_no(),
            _ => false,
        };
        let is_whole = users.iter().all(|link| link.is_whole);
        let is_known = || users[0].is_own || known.is_all(users[0].from_id);
        if !servers.is_empty() && is_whole && servers.iter().all(asks_not) && is_known() {
            out.push(unused(users[0], place, &servers));
        }
    }
}

fn unused(link: &Link<'_>, place: Place, servers: &[Server<'_>]) -> Draft {
    let message = format!("no server asks {} for its client certificate", link.from.title());
    let places = servers.iter().map(|server| {
        let tls = &server.listener.tls;
        let span = if tls.is_absent() { server.key } else { tls.key };
        (server.node.at(span), format!("{} does not check its clients", server.node.title()))
    });
    point(Draft::new("tls-client-cert-unused", message).at(place, "never shown"), &places.collect::<Vec<_>>())
        .why("a client certificate is sent only when the server asks for it: nobody learns who calls")
        .help("give the listeners of the servers a `validation`, once all clients have a certificate")
        .on(link.from.subject())
}
