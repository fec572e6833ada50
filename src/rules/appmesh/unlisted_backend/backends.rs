//! What a virtual node may call.

use rustc_hash::FxHashSet;

use crate::dialect::appmesh::model::{Arn, BackendGroup, Field, List, Ref, VirtualNode};
use crate::mesh::{Mesh, Name, Reference, Resource, ResourceId, Role, Target};

/// The services that a node lists, in all of its states, with those that it provides itself.
pub(super) struct Backends<'m> {
    services: FxHashSet<ResourceId>,
    /// What it lists by ARN and what is not among the manifests.
    elsewhere: Vec<&'m Name>,
    /// The namespaces of which it lists every service.
    namespaces: Vec<Option<&'m Name>>,
}

impl<'m> Backends<'m> {
    /// `None` where something in the lists cannot be told.
    pub(super) fn of(mesh: &'m Mesh, states: &[ResourceId]) -> Option<Self> {
        let mut backends = Self { services: FxHashSet::default(), elsewhere: Vec::new(), namespaces: Vec::new() };
        for state in states {
            let node = mesh.resource(*state);
            backends.list(mesh, *state, node, node.model::<VirtualNode>()?)?;
            backends.add_own(mesh, *state);
        }
        Some(backends)
    }

    /// Whether a service is listed, or may be.
    pub(super) fn may_hold(&self, mesh: &Mesh, service: ResourceId) -> bool {
        let namespace = mesh.resource(service).namespace.as_ref();
        let deployed = mesh.resource(service).deployed_name.as_ref();
        let is_name = |name: &&Name| deployed.is_none_or(|(deployed, _)| !deployed.same(name).is_no());
        let is_in = |listed: &Option<&Name>| match (listed, namespace) {
            (Some(listed), Some(namespace)) => !listed.same(namespace).is_no(),
            _ => true,
        };
        self.services.contains(&service) || self.namespaces.iter().any(is_in) || self.elsewhere.iter().any(is_name)
    }

    fn list(&mut self, mesh: &'m Mesh, id: ResourceId, node: &'m Resource, model: &'m VirtualNode) -> Option<()> {
        let whole = !node.is_partial && is_whole(&model.backends) && is_whole(&model.backend_groups);
        let is_read = model.backends.items().all(|backend| {
            let service = backend.known().and_then(|backend| backend.virtual_service.known());
            service.is_some_and(|service| match service.arn.known() {
                Some(arn) => Arn::parse(arn).is_some_and(|arn| arn.kind == "virtualService"),
                None => {
                    let is_named = service.reference.known().is_some_and(|one| one.name.known().is_some());
                    service.arn.is_absent() && (is_named || service.name.known().is_some())
                }
            })
        });
        if !whole || !is_read {
            return None;
        }
        for group in model.backend_groups.items() {
            let group: &Ref = group.known()?;
            if group.name.known()?.as_str() == "*" {
                let written = group.namespace.known().filter(|name| !name.as_str().is_empty());
                self.namespaces.push(written.or(node.namespace.as_ref()));
            }
        }
        for reference in &node.references {
            match (reference.wants.role, &reference.target) {
                (Role::Group, Target::Resolved(groups)) => {
                    for group in groups {
                        self.add_members(mesh, id, *group)?;
                    }
                }
                (Role::Group, _) => return None,
                (_, Target::External) => self.elsewhere.push(&reference.name),
                _ => self.add(&reference.target)?,
            }
        }
        Some(())
    }

    fn add_members(&mut self, mesh: &Mesh, node: ResourceId, group: ResourceId) -> Option<()> {
        let group = mesh.resource(group);
        let model: &BackendGroup = group.model()?;
        if group.is_partial || !is_whole(&model.virtual_services) {
            return None;
        }
        // Each member with a name is a reference.
        if model.virtual_services.items().count() != group.references.len() {
            return None;
        }
        let from_node = |member: &Reference| mesh.follow(node, member);
        for member in &group.references {
            self.add(&if member.is_relative { from_node(member) } else { member.target.clone() })?;
        }
        Some(())
    }

    fn add(&mut self, target: &Target) -> Option<()> {
        match target {
            Target::Resolved(services) => self.services.extend(services),
            _ => return None,
        }
        Some(())
    }

    /// The services that the node answers for, directly or behind a router.
    fn add_own(&mut self, mesh: &Mesh, node: ResourceId) {
        for (user, _) in mesh.referrers(node) {
            match mesh.resource(user).kind.role {
                Role::Service => {
                    self.services.insert(user);
                }
                Role::Router | Role::Route => {
                    let router = mesh.router_of(user).into_iter();
                    self.services.extend(router.flat_map(|id| mesh.referrers(id)).map(|(service, _)| service));
                }
                _ => {}
            }
        }
    }
}

/// Whether a list is there with all of its items, or not there at all.
fn is_whole<T>(field: &Field<List<T>>) -> bool {
    field.is_absent() || field.known().is_some_and(|list| !list.open)
}
