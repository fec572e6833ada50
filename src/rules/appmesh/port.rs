//! The ports that virtual nodes, routers and gateways listen on, with their places.

use crate::dialect::appmesh::model::{Field, List, VirtualGateway, VirtualNode, VirtualRouter};
use crate::finding::Span;
use crate::mesh::Resource;

/// The listeners of a resource.
#[derive(Debug, Default)]
pub(super) struct Ports {
    /// Those whose port is known, each with the place of the port.
    pub(super) list: Vec<(u16, Span)>,
    /// Whether there may be others.
    pub(super) is_open: bool,
}

impl Ports {
    /// All ports, where they are known.
    pub(super) fn all(&self) -> Option<&[(u16, Span)]> {
        (!self.is_open).then_some(&self.list[..])
    }

    /// Whether one of them is this; false where it may be.
    pub(super) fn has(&self, port: u16) -> bool {
        self.list.iter().any(|(own, _)| *own == port)
    }

    fn read<'l, L: 'l>(
        resource: &Resource,
        listeners: &'l Field<List<L>>,
        port: impl Fn(&'l L) -> Option<&'l Field<i64>>,
    ) -> Self {
        let is_unread = listeners.known().is_none_or(|list| list.open);
        let mut ports =
            Self { list: Vec::new(), is_open: is_unread && (!listeners.is_absent() || resource.is_partial) };
        for listener in listeners.items() {
            let port = listener.known().and_then(&port);
            match port.and_then(|port| Some((u16::try_from(*port.known()?).ok()?, port.span))) {
                Some(known) => ports.list.push(known),
                None => ports.is_open = true,
            }
        }
        ports
    }
}

/// The listeners of a virtual node.
pub(super) fn of_node(resource: &Resource, node: &VirtualNode) -> Ports {
    Ports::read(resource, &node.listeners, |one| Some(&one.port_mapping.known()?.port))
}

/// The listeners of a virtual router.
pub(super) fn of_router(resource: &Resource, router: &VirtualRouter) -> Ports {
    Ports::read(resource, &router.listeners, |one| Some(&one.port_mapping.known()?.port))
}

/// The listeners of a virtual gateway.
pub(super) fn of_gateway(resource: &Resource, gateway: &VirtualGateway) -> Ports {
    Ports::read(resource, &gateway.listeners, |one| Some(&one.port_mapping.known()?.port))
}
