//! Task definitions of Amazon ECS and what their proxies serve, for rules about them.

use rustc_hash::FxHashMap;

use crate::dialect::appmesh::model::{ProxyConfiguration, Served, TaskDefinition};
use crate::finding::Span;
use crate::mesh::{Membership, Mesh, Name, Resource, ResourceId, Role, Truth};

/// Task definitions with a proxy configuration that is known, with the place of its key. Those of gateways are not among
/// them: they should have none.
pub(super) fn configured(mesh: &Mesh) -> impl Iterator<Item = (&Resource, &TaskDefinition, &ProxyConfiguration, Span)> {
    let tasks = mesh.models::<TaskDefinition>().filter(|(_, _, task)| !serves_gateway(task));
    tasks.filter_map(|(_, resource, task)| {
        let (proxy, key) = task.configuration()?;
        Some((resource, task, proxy, key))
    })
}

/// Whether the proxy of a task is a virtual gateway.
pub(super) fn serves_gateway(task: &TaskDefinition) -> bool {
    matches!(task.served(), Some((Served::One { role: Role::Gateway, .. }, _)))
}

/// A task definition in a sentence.
pub(super) fn title(task: &Resource) -> String {
    // The family may be given when it is registered.
    if task.name.as_str().is_empty() { "the task definition".to_owned() } else { task.title() }
}

/// The virtual node or gateway that the proxy of a task certainly serves, in each of its states.
pub(super) fn served(mesh: &Mesh, resource: &Resource, task: &TaskDefinition) -> Vec<ResourceId> {
    let Some((Served::One { mesh: home, role, name, .. }, _)) = task.served() else { return Vec::new() };
    let mut found = mesh.deployed(resource, *role, name);
    found.retain(|id| !is_in(mesh, *id, home).is_no());
    if found.iter().all(|id| is_in(mesh, *id, home).is_yes()) { found } else { Vec::new() }
}

/// The task definitions whose proxies serve a resource, by that resource.
pub(super) fn servants(mesh: &Mesh, role: Role) -> FxHashMap<ResourceId, Vec<(&Resource, &TaskDefinition)>> {
    let mut servants: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for (_, resource, task) in mesh.models::<TaskDefinition>() {
        for id in served(mesh, resource, task) {
            if mesh.resource(id).kind.role == role {
                servants.entry(id).or_default().push((resource, task));
            }
        }
    }
    servants
}

/// Whether what the proxy of a task serves is certainly this resource, and not another one of a mesh whose name is filled
/// in elsewhere, too: a parameter of one template may have another value in the next.
pub(super) fn is_certain(resource: &Resource, task: &TaskDefinition, served: &Resource) -> bool {
    let is_open =
        matches!(task.served(), Some((Served::One { mesh, name, .. }, _)) if mesh.is_open() || name.is_open());
    !is_open || resource.file == served.file
}

/// Whether a resource is a member of the mesh that AWS knows by a name. What is no custom resource says so itself, in the
/// place of a namespace.
pub(super) fn is_in(mesh: &Mesh, id: ResourceId, home: &Name) -> Truth {
    let resource = mesh.resource(id);
    if !resource.kind.surface.is_cluster() {
        return resource.namespace.as_ref().map_or(Truth::Unknown, |own| own.same(home));
    }
    let Membership::One(states) = mesh.mesh_of(id) else { return Truth::Unknown };
    let same = |state: &ResourceId| match &mesh.resource(*state).deployed_name {
        Some((own, _)) => own.same(home),
        None => Truth::Unknown,
    };
    let mut all = states.iter().map(same);
    let first = all.next().unwrap_or(Truth::Unknown);
    if all.all(|other| other == first) { first } else { Truth::Unknown }
}
