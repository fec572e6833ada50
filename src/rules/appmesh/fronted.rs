//! Kubernetes Services in front of the pods of a virtual gateway.

use super::injection::takers;
use crate::mesh::{Mesh, Resource, ResourceId, Role, Workload};

/// What stands behind a Service: pods of one gateway and nothing else.
#[derive(Debug)]
pub(super) struct Fronted<'m> {
    /// The gateway, in each of its states.
    pub(super) states: Vec<ResourceId>,
    /// The pods.
    pub(super) pods: Vec<&'m Workload>,
}

impl<'m> Fronted<'m> {
    /// The gateway, in its first state.
    pub(super) fn gateway(&self, mesh: &'m Mesh) -> &'m Resource {
        mesh.resource(self.states[0])
    }
}

/// The gateway behind a Service; `None` where other pods may be behind it, too.
pub(super) fn fronted(mesh: &Mesh, service: ResourceId) -> Option<Fronted<'_>> {
    let mut gateway = None;
    let mut pods = Vec::new();
    for pick in mesh.serves(service) {
        let taken = takers(mesh, pick.id);
        let [taker] = taken.certain[..] else { return None };
        if !pick.truth.is_yes() || taken.perhaps_more || gateway.is_some_and(|other| other != taker) {
            return None;
        }
        gateway = Some(taker);
        pods.push(mesh.resource(pick.id).workload()?);
    }
    let home = mesh.resource(gateway?);
    let states = mesh.find(home, Role::Gateway, home.namespace.as_ref(), &home.name);
    (home.kind.role == Role::Gateway && !states.is_empty()).then_some(Fronted { states, pods })
}
