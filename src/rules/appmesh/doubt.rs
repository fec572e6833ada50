//! References of which it is not known where they lead: what nothing else names may be meant by them.

use crate::mesh::{By, Mesh, Reference, Resource, Role, ScopeId, Target};

/// Past so many doubtful references nothing is said to be unused.
const MOST: usize = 256;

/// The doubtful references to resources of a role.
pub(super) struct Doubts<'m> {
    list: Vec<(ScopeId, &'m Reference)>,
    /// Where resources stand that may name others beside what can be read.
    open: Vec<ScopeId>,
}

impl<'m> Doubts<'m> {
    /// All of them.
    pub(super) fn about(mesh: &'m Mesh, role: Role) -> Self {
        let mut doubts = Self { list: Vec::new(), open: Vec::new() };
        for (_, from) in mesh.resources().filter(|(_, from)| from.kind.role.is_of_mesh()) {
            let references = from.references.iter().filter(|one| one.wants.role == role);
            let doubtful = references.filter(|one| !matches!(one.target, Target::Resolved(_)));
            doubts.list.extend(doubtful.map(|one| (from.scope, one)));
            let is_open = from.is_open || from.is_patchy || from.has_open_provider || from.has_open_routes;
            if is_open && doubts.open.last() != Some(&from.scope) {
                doubts.open.push(from.scope);
            }
        }
        doubts.open.sort_unstable();
        doubts.open.dedup();
        doubts
    }

    /// Whether one of them may mean a resource.
    pub(super) fn may_mean(&self, mesh: &Mesh, resource: &Resource) -> bool {
        let sees = |scope: &ScopeId| mesh.scopes().sees(resource.scope, *scope);
        self.list.len() > MOST
            || self.open.iter().any(sees)
            || self.list.iter().any(|(scope, one)| sees(scope) && may_name(one, resource))
    }
}

/// Whether a reference that leads to nothing certain may mean a resource.
pub(super) fn may_name(reference: &Reference, resource: &Resource) -> bool {
    // What leads nowhere may have been meant for this one, and is reported itself.
    if matches!(reference.target, Target::Dangling(_) | Target::OtherScope(_)) {
        return true;
    }
    let name = match reference.by {
        By::Name => Some(&resource.name),
        By::DeployedName => resource.deployed_name.as_ref().map(|(name, _)| name),
    };
    name.is_none_or(|name| !reference.name.same(name).is_no())
}
