//! TLS on both sides of a call: the policy of the caller, and what the listener does where the call arrives.
//!
//! Facts: App Mesh user guide, Transport Layer Security and mutual TLS authentication; App Mesh API reference,
//! ClientPolicyTls and ListenerTls.

mod link;

pub(super) use link::{Keeper, Known, Link, Policy, Server, ServerTls, keeper, links};

use rustc_hash::FxHashSet;

use crate::dialect::appmesh::model::{
    BackendDefaults, ClientPolicy, ClientTls, ClientTrust, Field, ListenerCertificate, ListenerTls, Text, TlsMode,
    VirtualGateway, VirtualNode,
};
use crate::finding::{Draft, Place, Span};
use crate::mesh::{Mesh, Resource, ResourceId, Role, Truth};
use crate::rules::group::and_more;

/// A client policy as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'m> {
    /// The node or gateway that calls by it.
    pub(super) owner: ResourceId,
    /// Which backend it is for; `None` for the default.
    pub(super) backend: Option<usize>,
    /// The policy.
    pub(super) field: &'m Field<Box<ClientPolicy>>,
}

impl<'m> Written<'m> {
    /// Its `tls`, where it is known.
    pub(super) fn tls(&self) -> Option<&'m ClientTls> {
        self.field.known()?.tls.known().map(AsRef::as_ref)
    }
}

/// Every client policy: those of nodes, the default first, then those of gateways.
pub(super) fn policies(mesh: &Mesh) -> impl Iterator<Item = Written<'_>> {
    let owners = mesh.of_role(Role::Node).chain(mesh.of_role(Role::Gateway));
    owners.flat_map(|(owner, resource)| {
        policies_of(resource).into_iter().map(move |(backend, field)| Written { owner, backend, field })
    })
}

/// The client policies of a node or a gateway, each with the backend that it is for.
fn policies_of(owner: &Resource) -> Vec<(Option<usize>, &Field<Box<ClientPolicy>>)> {
    let mut all = Vec::new();
    if let Some(node) = owner.model::<VirtualNode>() {
        all.extend(default(&node.backend_defaults).map(|field| (None, field)));
        for (index, backend) in node.backends.items().enumerate() {
            let service = backend.known().and_then(|backend| backend.virtual_service.known());
            let field = service.map(|service| &service.client_policy).filter(|field| !field.is_absent());
            all.extend(field.map(|field| (Some(index), field)));
        }
    }
    if let Some(gateway) = owner.model::<VirtualGateway>() {
        all.extend(default(&gateway.backend_defaults).map(|field| (None, field)));
    }
    all
}

/// Whether something is called by the policies of a node or a gateway: the default of a node that lists nothing is
/// for nothing.
pub(super) fn calls(owner: &Resource) -> bool {
    let node = owner.model::<VirtualNode>().filter(|_| !owner.is_partial);
    node.is_none_or(|node| !node.backends.is_absent() || !node.backend_groups.is_absent())
}

/// The default policy, where one is written.
pub(super) fn default(defaults: &Field<Box<BackendDefaults>>) -> Option<&Field<Box<ClientPolicy>>> {
    Some(&defaults.known()?.client_policy).filter(|field| !field.is_absent())
}

/// The `tls` of every listener: those of nodes, then those of gateways.
pub(super) fn listeners(mesh: &Mesh) -> impl Iterator<Item = (ResourceId, &Resource, &ListenerTls)> {
    let owners = mesh.of_role(Role::Node).chain(mesh.of_role(Role::Gateway));
    owners.flat_map(|(id, owner)| listeners_of(owner).into_iter().map(move |tls| (id, owner, tls)))
}

/// The `tls` of the listeners of a node or a gateway.
fn listeners_of(owner: &Resource) -> Vec<&ListenerTls> {
    let node = owner.model::<VirtualNode>().map(|node| &node.listeners);
    let of_node = node.into_iter().flat_map(Field::items).filter_map(|listener| listener.known()?.tls.known());
    let gateway = owner.model::<VirtualGateway>().map(|gateway| &gateway.listeners);
    let of_gateway = gateway.into_iter().flat_map(Field::items).filter_map(|listener| listener.known()?.tls.known());
    of_node.chain(of_gateway).map(AsRef::as_ref).collect()
}

/// The mode of a listener, where it is known.
pub(super) fn mode(tls: &ListenerTls) -> Option<TlsMode> {
    tls.mode.known().copied()
}

/// Whether a client speaks nothing but TLS: the default is that it does. `None` where that is not known.
pub(super) fn enforces(tls: &ClientTls) -> Option<bool> {
    match tls.enforce.is_absent() && !tls.is_partial {
        true => Some(true),
        false => tls.enforce.known().copied(),
    }
}

/// Whether a client policy is for a port of a server: without ports it is for all.
pub(super) fn covers(tls: &ClientTls, port: i64) -> Truth {
    let Some(list) = tls.ports.known() else {
        return if tls.ports.is_absent() && !tls.is_partial { Truth::Yes } else { Truth::Unknown };
    };
    let is_read = !list.open && list.items.iter().all(|item| item.known().is_some());
    match list.known().any(|one| *one == port) || list.items.is_empty() {
        true => Truth::Yes,
        false if is_read => Truth::No,
        false => Truth::Unknown,
    }
}

/// Where certificates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// AWS Certificate Manager, or AWS Private CA.
    Acm,
    /// A file.
    File,
    /// A local agent.
    Sds,
}

/// Whom a client trusts, with the place of the key that says so; `None` where that is not one thing.
pub(super) fn trust(tls: &ClientTls) -> Option<(Source, Span)> {
    let trust: &ClientTrust = tls.validation.known()?.trust.known()?;
    if trust.is_partial { None } else { sole(&trust.acm, &trust.file, &trust.sds) }
}

/// Where the certificate of a listener comes from, with the place of the key that says so; `None` where that is
/// not one thing.
pub(super) fn certificate(tls: &ListenerTls) -> Option<(Source, Span)> {
    let certificate: &ListenerCertificate = tls.certificate.known()?;
    if certificate.is_partial { None } else { sole(&certificate.acm, &certificate.file, &certificate.sds) }
}

/// The one of three sources that is written, where it is one and known.
fn sole<A, F, S>(acm: &Field<A>, file: &Field<F>, sds: &Field<S>) -> Option<(Source, Span)> {
    match (acm.known(), file.known(), sds.known()) {
        (Some(_), None, None) if file.is_absent() && sds.is_absent() => Some((Source::Acm, acm.key)),
        (None, Some(_), None) if acm.is_absent() && sds.is_absent() => Some((Source::File, file.key)),
        (None, None, Some(_)) if acm.is_absent() && file.is_absent() => Some((Source::Sds, sds.key)),
        _ => None,
    }
}

/// Points at places beside the primary one: at three of them, the last of which says how many more there are.
pub(super) fn point(mut draft: Draft, places: &[(Place, String)]) -> Draft {
    const SHOWN: usize = 3;
    let rest = places.len().saturating_sub(SHOWN);
    for (index, (place, text)) in places.iter().take(SHOWN).enumerate() {
        let is_last = index + 1 == SHOWN && rest > 0;
        draft = draft.at(*place, if is_last { format!("{text}, and {rest} more like it") } else { text.clone() });
    }
    draft
}

/// The titles of the nodes of some servers for a sentence: the first, and how many more.
pub(super) fn titles(servers: &[Server<'_>]) -> String {
    let count = servers.iter().map(|server| server.node_id).collect::<FxHashSet<_>>().len();
    servers.first().map_or(String::new(), |first| first.node.title() + &and_more(count))
}

/// The same with a verb, for one and for many.
pub(super) fn who(servers: &[Server<'_>], (one, many): (&str, &str)) -> String {
    let is_one = servers.iter().all(|server| server.node_id == servers[0].node_id);
    format!("{} {}", titles(servers), if is_one { one } else { many })
}

/// Each server once, whatever the number of routes that lead there.
pub(super) fn distinct<'m>(servers: impl Iterator<Item = Server<'m>>) -> Vec<Server<'m>> {
    let mut seen = FxHashSet::default();
    servers.filter(|server| seen.insert((server.node_id, server.port))).collect()
}

/// The files that the proxies of a node or a gateway must have: those of listeners that speak TLS, and of client
/// policies by which something is called.
pub(super) fn files(owner: &Resource) -> Vec<&Field<Text>> {
    let mut files = Vec::new();
    for tls in speaking(owner) {
        let own = tls.certificate.known().and_then(|certificate| certificate.file.known());
        files.extend(own.into_iter().flat_map(|file| [&file.certificate_chain, &file.private_key]));
        let trust = tls.validation.known().and_then(|validation| validation.trust.known()?.file.known());
        files.extend(trust.map(|file| &file.certificate_chain));
    }
    for tls in calling(owner) {
        let own = tls.certificate.known().and_then(|certificate| certificate.file.known());
        files.extend(own.into_iter().flat_map(|file| [&file.certificate_chain, &file.private_key]));
        let trust = tls.validation.known().and_then(|validation| validation.trust.known()?.file.known());
        files.extend(trust.map(|file| &file.certificate_chain));
    }
    files
}

/// The places where a node or a gateway names secrets of SDS that its proxies must have, as those of [`files`].
pub(super) fn secrets(owner: &Resource) -> Vec<Span> {
    let mut secrets = Vec::new();
    for tls in speaking(owner) {
        let own = tls.certificate.known().map(|certificate| &certificate.sds);
        let trust = tls.validation.known().and_then(|validation| Some(&validation.trust.known()?.sds));
        secrets.extend(own.into_iter().chain(trust));
    }
    for tls in calling(owner) {
        let own = tls.certificate.known().map(|certificate| &certificate.sds);
        let trust = tls.validation.known().and_then(|validation| Some(&validation.trust.known()?.sds));
        secrets.extend(own.into_iter().chain(trust));
    }
    secrets.into_iter().filter(|sds| sds.known().is_some()).map(|sds| sds.key).collect()
}

/// The listeners that speak TLS.
fn speaking(owner: &Resource) -> impl Iterator<Item = &ListenerTls> {
    let is_on = |tls: &&ListenerTls| matches!(mode(tls), Some(TlsMode::Strict | TlsMode::Permissive));
    listeners_of(owner).into_iter().filter(is_on)
}

/// The client policies by which something is called.
fn calling(owner: &Resource) -> impl Iterator<Item = &ClientTls> {
    let all = policies_of(owner).into_iter().filter(|_| calls(owner));
    all.filter_map(|(_, field)| field.known()?.tls.known().map(AsRef::as_ref))
}
