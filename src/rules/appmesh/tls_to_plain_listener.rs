//! A client that speaks nothing but TLS, and listeners that speak none.

use super::tls::{Keeper, Link, Policy, Server, ServerTls, covers, distinct, enforces, keeper, links, point, who};
use crate::dialect::appmesh::model::{ClientTls, Protocol};
use crate::finding::{Draft, Place, Severity, Span};
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("tls-to-plain-listener", include_str!("../../../rules/tls-to-plain-listener.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for link in links(mesh, Policy::is_enforced) {
        let Some((tls, place)) = link.tls().filter(|(tls, _)| enforces(tls) == Some(true)) else { continue };
        let servers = distinct(link.servers.iter().filter(|server| is_plain(server, tls)).copied());
        // Of several listeners of the provider, the client may dial the one that it can speak to.
        let has_other = link.servers.iter().any(|server| server.is_choice && !is_plain(server, tls));
        let judged = servers.into_iter().filter(|server| !(server.is_choice && has_other));
        let judged: Vec<_> = judged.map(|server| (keeper(mesh, &server), server)).collect();
        let (certain, unsure): (Vec<_>, Vec<_>) = judged
            .into_iter()
            .filter(|(keeper, _)| *keeper != Keeper::Outside)
            .partition(|(keeper, server)| *keeper == Keeper::Proxy && !passes_through(server));
        let plain = |servers: Vec<(Keeper, Server<'_>)>, is_certain: bool| {
            let servers: Vec<_> = servers.into_iter().map(|(_, server)| server).collect();
            (!servers.is_empty()).then(|| refused(&link, tls, place, &servers, is_certain))
        };
        out.extend(plain(certain, true).or_else(|| plain(unsure, false)));
    }
}

fn is_plain(server: &Server<'_>, tls: &ClientTls) -> bool {
    matches!(server.tls(), ServerTls::Plain(_)) && covers(tls, server.port).is_yes()
}

/// Whether the proxy hands bytes on as they come, so that an application behind it can speak TLS itself.
fn passes_through(server: &Server<'_>) -> bool {
    let mapping = server.listener.port_mapping.known();
    mapping.is_none_or(|mapping| mapping.protocol.known().is_none_or(|one| *one == Protocol::Tcp))
}

fn refused(link: &Link<'_>, tls: &ClientTls, place: Place, servers: &[Server<'_>], is_certain: bool) -> Draft {
    let places: Vec<_> =
        servers.iter().map(|server| (server.node.at(plain_span(server)), plain_text(server))).collect();
    let message = format!(
        "{} speaks only TLS to {}, and {} none",
        link.from.title(),
        link.service.title(),
        who(servers, ("speaks", "speak"))
    );
    let text = match tls.enforce.is_absent() {
        true => "TLS is enforced: that is the default",
        false => "TLS is enforced",
    };
    let draft = Draft::new("tls-enforced-plain-server", message).at(place, text);
    let draft = point(draft, &places).on(link.from.subject());
    if is_certain {
        return draft
            .why("the handshake fails: every request that arrives there is answered with 503")
            .help("give the listener `tls` with a certificate, or set `enforce: false` until it has one");
    }
    draft
        .severity(Severity::Warning)
        .why("the connection fails, unless what answers there speaks TLS by itself")
        .help("give the listener `tls` with a certificate, if a proxy of the mesh answers there, or give the backend a policy of its own")
}

fn plain_span(server: &Server<'_>) -> Span {
    match server.tls() {
        ServerTls::Plain(span) => span,
        _ => server.key,
    }
}

fn plain_text(server: &Server<'_>) -> String {
    match server.listener.tls.is_absent() {
        true => format!("no `tls` on port {} of {}", server.port, server.node.title()),
        false => format!("TLS is off on port {} of {}", server.port, server.node.title()),
    }
}
