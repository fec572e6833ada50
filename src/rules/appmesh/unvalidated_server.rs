//! A server with TLS, and a client that does not check whom it talks to.

use super::tls::{
    Keeper, Link, Policy, Server, ServerTls, Source, certificate, distinct, keeper, links, point, titles,
};
use crate::dialect::appmesh::model::TlsMode;
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unvalidated-server", include_str!("../../../rules/unvalidated-server.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for link in &links(mesh, |policy| matches!(policy, Policy::None)) {
        let strict = |server: &&Server<'_>| is_strict(server) && keeper(mesh, server) != Keeper::Outside;
        let servers = distinct(link.servers.iter().filter(strict).copied());
        if !servers.is_empty() {
            out.push(unvalidated(link, &servers));
        }
    }
}

/// Whether a server demands TLS with a certificate that clients without a policy do not check. Those of ACM are
/// checked in any case, and a server that checks its clients refuses this one.
fn is_strict(server: &Server<'_>) -> bool {
    let ServerTls::Tls(tls, TlsMode::Strict) = server.tls() else { return false };
    tls.validation.is_absent() && !tls.is_partial && certificate(tls).is_some_and(|(source, _)| source == Source::File)
}

fn unvalidated(link: &Link<'_>, servers: &[Server<'_>]) -> Draft {
    let (from, service) = (link.from.title(), link.service.title());
    let message = format!("{from} calls {service} without checking the certificate of {}", titles(servers));
    let places = servers.iter().filter_map(|server| {
        let tls = server.listener.tls.known()?;
        Some((server.node.at(tls.mode.span), format!("{} demands TLS", server.node.title())))
    });
    point(
        Draft::new("tls-server-strict-no-policy", message).at(link.place_for_policy(), "no client policy for this service"),
        &places.collect::<Vec<_>>(),
    )
    .why("the proxies encrypt the traffic because the server demands it; with a certificate from a file, the client takes any server for the right one")
    .help("add a client policy with the authority of the server's certificate under `validation.trust`")
    .on(link.from.subject())
}
