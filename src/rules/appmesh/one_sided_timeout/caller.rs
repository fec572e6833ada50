//! Who calls which service.

use rustc_hash::FxHashMap;

use crate::mesh::{Mesh, ResourceId, Role};

/// Who certainly calls which service.
pub(super) struct Callers {
    by_service: FxHashMap<ResourceId, Vec<ResourceId>>,
    by_node: FxHashMap<ResourceId, Vec<ResourceId>>,
}

impl Callers {
    pub(super) fn of(mesh: &Mesh) -> Self {
        let mut callers = Self { by_service: FxHashMap::default(), by_node: FxHashMap::default() };
        for call in mesh.calls() {
            callers.by_service.entry(call.service).or_default().push(call.from);
            if mesh.resource(call.from).kind.role == Role::Node {
                callers.by_node.entry(call.from).or_default().push(call.service);
            }
        }
        callers
    }

    /// The nodes and gateways that call a service, one of them perhaps several times.
    pub(super) fn of_service(&self, service: ResourceId) -> &[ResourceId] {
        self.by_service.get(&service).map_or(&[], Vec::as_slice)
    }

    /// The services that a node calls.
    pub(super) fn called_by(&self, node: ResourceId) -> &[ResourceId] {
        self.by_node.get(&node).map_or(&[], Vec::as_slice)
    }
}
