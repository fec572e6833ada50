//! A virtual service that nobody may call.

use rustc_hash::FxHashSet;

use super::doubt::Doubts;
use crate::dialect::appmesh::model::{Mesh as MeshModel, VirtualService};
use crate::finding::Draft;
use crate::mesh::{Membership, Mesh, Name, Outbound, Resource, ResourceId, Role, ScopeId};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unused-service", include_str!("../../../rules/unused-service.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let (doubts, calls) = (Doubts::about(mesh, Role::Service), mesh.calls());
    let used: FxHashSet<ResourceId> = calls.iter().map(|call| call.service).collect();
    let homes: FxHashSet<ScopeId> = calls.iter().map(|call| mesh.resource(call.from).scope).collect();
    let stars = stars(mesh);
    for (id, service, _) in mesh.models::<VirtualService>() {
        let states = mesh.find(service, Role::Service, service.namespace.as_ref(), &service.name);
        let is_named = |state: &ResourceId| mesh.referrers(*state).next().is_some() || used.contains(state);
        if states.first() != Some(&id)
            || states.iter().any(is_named)
            || stars.contains(&None)
            || stars.contains(&service.namespace.as_ref())
            || !homes.contains(&service.scope)
            || doubts.may_mean(mesh, service)
            || !is_closed(mesh, id, service)
        {
            continue;
        }
        out.push(
            Draft::new("unused-virtual-service", format!("nobody calls {}", service.title()))
                .at(service.place(), "neither a backend nor the target of a gateway route")
                .why("the mesh lets nodes call their backends alone, and gateways the targets of their routes")
                .help("list it as a backend of its clients, or remove it")
                .on(service.subject()),
        );
    }
}

/// The namespaces of which some node lists every service; `None` stands for one that is not known.
fn stars(mesh: &Mesh) -> FxHashSet<Option<&Name>> {
    let nodes = mesh.of_role(Role::Node).filter_map(|(_, node)| match &node.outbound {
        Outbound::Listed { namespaces, .. } => Some(namespaces),
        _ => None,
    });
    nodes.flatten().map(|name| name.as_ref().filter(|name| !name.is_open())).collect()
}

/// Whether everybody who may call the service is among the manifests, and may call nothing that is not listed.
fn is_closed(mesh: &Mesh, id: ResourceId, service: &Resource) -> bool {
    let Membership::One(meshes) = mesh.mesh_of(id) else { return false };
    let is_own = |state: &ResourceId| {
        let own = mesh.resource(*state);
        let is_shared = own.model::<MeshModel>().is_none_or(|model| !model.mesh_owner.is_absent());
        matches!(own.outbound, Outbound::Listed { .. }) && !is_shared
    };
    meshes.iter().all(is_own)
        && mesh.is_closed(id, service.namespace.as_ref())
        && !["VirtualNode", "GatewayRoute", "BackendGroup"]
            .iter()
            .any(|kind| mesh.may_be_unread(service, kind, &service.name))
}
