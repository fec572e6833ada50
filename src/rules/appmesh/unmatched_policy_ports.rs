//! A client policy for ports that none of the servers has.

use std::cell::LazyCell;

use super::tls::{Known, Link, distinct, links, point};
use crate::dialect::appmesh::model::{ClientTls, Field, List};
use crate::finding::{Draft, Place};
use crate::mesh::Mesh;
use crate::rules::Rule;
use crate::rules::group::group;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unmatched-policy-ports", include_str!("../../../rules/unmatched-policy-ports.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let links = links(mesh, |policy| policy.tls().is_some_and(|tls| !tls.ports.is_absent()));
    let known = LazyCell::new(|| Known::of(mesh));
    let with_ports = links.iter().filter_map(|link| {
        let (tls, place) = link.tls()?;
        Some((place, (link, tls, ports(tls)?)))
    });
    for (_, users) in group(with_ports) {
        let (first, tls, ports) = &users[0];
        let servers = distinct(users.iter().flat_map(|(link, ..)| link.servers.iter().copied()));
        let is_unused = !servers.is_empty() && servers.iter().all(|server| !ports.contains(&server.port));
        let is_whole = users.iter().all(|(link, ..)| link.is_whole);
        // A backend's own policy is for that backend alone; the default may be for what is not known here.
        if is_unused && is_whole && (first.is_own || known.is_all(first.from_id)) {
            let places = servers.iter().map(|server| {
                let mapping = server.listener.port_mapping.known();
                let span = mapping.map_or(server.key, |mapping| mapping.port.span);
                (server.node.at(span), format!("{} listens on {}", server.node.title(), server.port))
            });
            out.push(unused(first, tls, ports, &places.collect::<Vec<_>>()));
        }
    }
}

/// The ports of a policy, where it has some and all are known.
fn ports(tls: &ClientTls) -> Option<Vec<i64>> {
    let list: &List<i64> = tls.ports.known()?;
    let ports: Option<Vec<i64>> = list.items.iter().map(|item: &Field<i64>| item.known().copied()).collect();
    ports.filter(|ports| !ports.is_empty() && !list.open)
}

fn unused(link: &Link<'_>, tls: &ClientTls, ports: &[i64], places: &[(Place, String)]) -> Draft {
    let all: Vec<_> = ports.iter().map(ToString::to_string).collect();
    let word = if ports.len() == 1 { "port" } else { "ports" };
    let message = format!(
        "the client policy of {} is for {word} {}, which none of its servers has",
        link.from.title(),
        all.join(", ")
    );
    let draft = Draft::new("tls-policy-port-mismatch", message)
        .at(link.from.at(tls.ports.span), "ports of listeners of the nodes that are called");
    point(draft, places)
        .why("the policy is never used: TLS is not enforced, and servers are not validated as it says")
        .help("write the port of the server's listener, or leave `ports` out for all of them")
        .on(link.from.subject())
}
