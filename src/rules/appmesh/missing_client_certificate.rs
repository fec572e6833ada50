//! A client without a certificate, and a server that asks for one.

use super::tls::{
    Keeper, Link, Policy, Server, ServerTls, covers, default, distinct, enforces, keeper, links, point, titles, who,
};
use crate::dialect::appmesh::model::{ListenerTls, TlsMode, VirtualNode};
use crate::finding::{Draft, Place, Severity};
use crate::mesh::{Mesh, Truth};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-client-certificate", include_str!("../../../rules/missing-client-certificate.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for link in links(mesh, |policy| !matches!(policy, Policy::Unknown)) {
        let covered = |server: &Server<'_>| match link.tls() {
            Some((tls, _)) if tls.certificate.is_absent() && !tls.is_partial => covers(tls, server.port),
            Some(_) => Truth::No,
            None => Truth::from(link.has_no_policy()),
        };
        let asks = |mode: TlsMode| {
            let asking = link.servers.iter().filter(|server| covered(server).is_yes() && asked(server) == Some(mode));
            // Of several listeners, the client may dial the one that asks for nothing.
            let asking = asking.filter(|server| !server.is_choice && keeper(mesh, server) == Keeper::Proxy);
            distinct(asking.copied())
        };
        let strict = asks(TlsMode::Strict);
        if !strict.is_empty() {
            out.push(refused(&link, &strict));
            continue;
        }
        // Without an enforced policy nothing changes for the client.
        let is_enforced = link.tls().is_some_and(|(tls, _)| enforces(tls) == Some(true));
        let permissive = if is_enforced { asks(TlsMode::Permissive) } else { Vec::new() };
        if !permissive.is_empty() {
            out.push(tolerated(&link, &permissive));
        }
    }
}

/// The mode of a server that asks for certificates.
fn asked(server: &Server<'_>) -> Option<TlsMode> {
    match server.tls() {
        ServerTls::Tls(tls, mode) if tls.validation.known().is_some() => Some(mode),
        _ => None,
    }
}

fn refused(link: &Link<'_>, servers: &[Server<'_>]) -> Draft {
    let message = format!(
        "{} shows no certificate to {}, and {} for one",
        link.from.title(),
        link.service.title(),
        who(servers, ("asks", "ask"))
    );
    let draft = draft(link, message, servers)
        .why("the server refuses the handshake: every request that arrives there is answered with 503")
        .help("give the client policy a `certificate`, from `file` or `sds`, that the server trusts");
    if !has_default_certificate(link) {
        return draft;
    }
    // That is how it is known to work, and not documented.
    draft
        .severity(Severity::Warning)
        .why("the policy of a backend goes before the default as a whole: the certificate there is not shown to this backend, and its server refuses the handshake")
        .help("write the `certificate` into the policy of the backend, too")
}

fn tolerated(link: &Link<'_>, servers: &[Server<'_>]) -> Draft {
    let message = format!(
        "{} shows no certificate to {}, and {} can check one",
        link.from.title(),
        link.service.title(),
        titles(servers)
    );
    draft(link, message, servers)
        .severity(Severity::Info)
        .why("the server cannot tell who calls; once its mode is `STRICT`, it refuses the handshake")
        .help("give the client policy a `certificate` before the mode of the server becomes `STRICT`")
}

fn draft(link: &Link<'_>, message: String, servers: &[Server<'_>]) -> Draft {
    let (place, text) = match link.tls() {
        Some((_, place)) => (place, "no `certificate` here"),
        None => (link.place_for_policy(), "no client policy for this service"),
    };
    let places: Vec<_> = servers.iter().filter_map(label).collect();
    point(Draft::new("tls-mtls-server-wants-cert", message).at(place, text), &places).on(link.from.subject())
}

fn label(server: &Server<'_>) -> Option<(Place, String)> {
    let tls: &ListenerTls = server.listener.tls.known()?;
    Some((server.node.at(tls.validation.key), format!("{} checks its clients", server.node.title())))
}

/// Whether the policy of a backend hides a default that has a certificate.
fn has_default_certificate(link: &Link<'_>) -> bool {
    let defaults = link.from.model::<VirtualNode>().and_then(|node| default(&node.backend_defaults));
    let tls = defaults.and_then(|policy| policy.known()?.tls.known());
    tls.is_some_and(|tls| !tls.certificate.is_absent())
}
