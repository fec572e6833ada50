//! A list of names that does not hold the one under which a server is found.

use super::tls::{Link, Policy, Server, ServerTls, Source, certificate, covers, distinct, enforces, links, point};
use crate::dialect::appmesh::model::ClientTls;
use crate::finding::{Draft, Place};
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unlisted-server-name", include_str!("../../../rules/unlisted-server-name.md"))
        .when_selected()
        .mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for link in links(mesh, Policy::is_enforced) {
        let Some((tls, _)) = link.tls().filter(|(tls, _)| enforces(tls) == Some(true)) else { continue };
        let Some((names, key)) = names(&link, tls) else { continue };
        let is_unlisted = |server: &&Server<'_>| {
            shows_own_name(server)
                && covers(tls, server.port).is_yes()
                && found(server).is_some_and(|(name, _)| !names.iter().any(|listed| stands_for(listed, &name)))
        };
        let servers = distinct(link.servers.iter().filter(is_unlisted).copied());
        if !servers.is_empty() {
            out.push(unlisted(&link, key, &servers));
        }
    }
}

/// The names that a client expects, where all are known and are those of hosts.
fn names<'m>(link: &Link<'m>, tls: &'m ClientTls) -> Option<(Vec<&'m str>, Place)> {
    let matching = tls.validation.known()?.subject_alternative_names.known()?.matching.known()?;
    let list = matching.exact.known()?;
    let names: Option<Vec<_>> = list.items.iter().map(|item| item.known().map(|text| &**text)).collect();
    let names =
        names.filter(|names| !list.open && !names.is_empty() && !names.iter().any(|name| name.contains(':')))?;
    Some((names, link.from.at(matching.exact.key)))
}

/// Whether a server shows a certificate that is made out to hosts.
fn shows_own_name(server: &Server<'_>) -> bool {
    match server.tls() {
        ServerTls::Tls(tls, _) => certificate(tls).is_some_and(|(source, _)| source != Source::Sds),
        _ => false,
    }
}

/// The name under which a server is found: App Mesh user guide, Transport Layer Security, certificate requirements.
fn found(server: &Server<'_>) -> Option<(String, Place)> {
    let discovery = server.model.service_discovery.known()?;
    if let Some(dns) = discovery.dns.known() {
        let name = dns.hostname.known()?.as_known()?;
        return Some((name.to_owned(), server.node.at(dns.hostname.span)));
    }
    let cloud = discovery.aws_cloud_map.known()?;
    let (service, namespace) = (cloud.service_name.known()?.as_known()?, cloud.namespace_name.known()?.as_known()?);
    Some((format!("{service}.{namespace}"), server.node.at(cloud.service_name.span)))
}

fn stands_for(listed: &str, name: &str) -> bool {
    let name = name.trim_end_matches('.');
    match listed.strip_prefix("*.") {
        Some(end) => name.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(end)),
        None => listed.trim_end_matches('.').eq_ignore_ascii_case(name),
    }
}

fn unlisted(link: &Link<'_>, key: Place, servers: &[Server<'_>]) -> Draft {
    let mut places = Vec::new();
    let mut first = String::new();
    for (name, place) in servers.iter().filter_map(found) {
        if first.is_empty() {
            first.clone_from(&name);
        }
        places.push((place, format!("found as `{name}`")));
    }
    let message =
        format!("{} calls {}, and does not expect the name `{first}`", link.from.title(), link.service.title());
    point(
        Draft::new("tls-san-vs-discovery", message).at(key, "a server is found under a name that is not listed"),
        &places,
    )
    .why("if the certificate of the server carries no other name, the client refuses it")
    .help("add the name to the list, or leave `subjectAlternativeNames` out: then it is the one that is expected")
    .on(link.from.subject())
}
