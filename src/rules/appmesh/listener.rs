//! The listeners of nodes and gateways, as far as they are the same.

use crate::dialect::appmesh::model::{Field, Text, VirtualGateway, VirtualNode};
use crate::finding::Span;
use crate::mesh::{Mesh, Resource};

/// A word with its place.
pub(super) type Word = (&'static str, Span);

/// A listener of a node or a gateway.
pub(super) struct View<'m> {
    /// Whose it is.
    pub(super) owner: &'m Resource,
    /// The port, where it is known.
    pub(super) port: Option<(i64, Span)>,
    /// The protocol, where it is known.
    pub(super) protocol: Option<Word>,
    /// The protocols for which a connection pool is written, each at its key.
    pub(super) pools: Vec<Word>,
    /// The protocols for which a timeout is written, each at its key.
    pub(super) timeouts: Vec<Word>,
    /// The health check, where it is known.
    pub(super) check: Option<Check<'m>>,
}

/// A health check.
pub(super) struct Check<'m> {
    /// Where its key stands.
    pub(super) key: Span,
    /// The protocol, where it is known.
    pub(super) protocol: Option<Word>,
    /// The path.
    pub(super) path: &'m Field<Text>,
    /// The port.
    pub(super) port: &'m Field<i64>,
    /// From one check to the next.
    pub(super) interval: &'m Field<i64>,
    /// How long a check may take.
    pub(super) timeout: &'m Field<i64>,
}

/// What is known of a field, with its place.
fn placed<T: Copy>(field: &Field<T>) -> Option<(T, Span)> {
    Some((*field.known()?, field.span))
}

/// The variants of a union that are written.
macro_rules! written {
    ($union:expr, $($field:ident),*) => {
        $union.known().map_or_else(Vec::new, |one| {
            let all = [$( (stringify!($field), !one.$field.is_absent(), one.$field.key) ),*];
            all.into_iter().filter(|(_, is_there, _)| *is_there).map(|(word, _, key)| (word, key)).collect()
        })
    };
}

/// The health check of a listener; that of a node and that of a gateway have the same fields.
macro_rules! check {
    ($listener:expr) => {
        $listener.health_check.known().map(|check| Check {
            key: $listener.health_check.key,
            protocol: placed(&check.protocol).map(|(protocol, span)| (protocol.word(), span)),
            path: &check.path,
            port: &check.port,
            interval: &check.interval_millis,
            timeout: &check.timeout_millis,
        })
    };
}

/// Every listener of a mesh that is known.
pub(super) fn all(mesh: &Mesh) -> impl Iterator<Item = View<'_>> {
    let nodes = mesh.models::<VirtualNode>().flat_map(|(_, owner, model)| {
        model.listeners.items().filter_map(Field::known).map(move |listener| {
            let mapping = listener.port_mapping.known();
            let protocol = mapping.and_then(|mapping| placed(&mapping.protocol));
            View {
                owner,
                port: mapping.and_then(|mapping| placed(&mapping.port)),
                protocol: protocol.map(|(protocol, span)| (protocol.word(), span)),
                pools: written!(listener.connection_pool, tcp, http, http2, grpc),
                timeouts: written!(listener.timeout, tcp, http, http2, grpc),
                check: check!(listener),
            }
        })
    });
    let gateways = mesh.models::<VirtualGateway>().flat_map(|(_, owner, model)| {
        model.listeners.items().filter_map(Field::known).map(move |listener| {
            let mapping = listener.port_mapping.known();
            let protocol = mapping.and_then(|mapping| placed(&mapping.protocol));
            View {
                owner,
                port: mapping.and_then(|mapping| placed(&mapping.port)),
                protocol: protocol.map(|(protocol, span)| (protocol.word(), span)),
                pools: written!(listener.connection_pool, http, http2, grpc),
                timeouts: Vec::new(),
                check: check!(listener),
            }
        })
    });
    nodes.chain(gateways)
}

/// Every health check of a mesh that is known, with its listener.
pub(super) fn checks(mesh: &Mesh) -> impl Iterator<Item = (View<'_>, Check<'_>)> {
    all(mesh).filter_map(|mut view| {
        let check = view.check.take()?;
        Some((view, check))
    })
}
