//! Finding resources by name, by scope.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Name, Resource, ResourceId, Role, ScopeId, Scopes};

type Key = (Role, Option<Name>, Name);

/// The resources of a mesh by what they can be asked for.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_name: FxHashMap<Key, Vec<(ScopeId, ResourceId)>>,
    by_deployed_name: FxHashMap<(Role, Name), Vec<(ScopeId, ResourceId)>>,
    /// Names of a role in order, for questions about placeholders and near misses.
    by_role: FxHashMap<Role, Vec<(Name, ResourceId)>>,
    /// Resources whose name or namespace holds a placeholder: few, and asked about one by one.
    open: FxHashMap<Role, Vec<ResourceId>>,
    /// Whatever of a mesh lives in a namespace.
    by_namespace: FxHashMap<Option<Name>, Vec<(ScopeId, ResourceId)>>,
    /// The meshes of which some member says that others may add to them.
    shared: FxHashSet<Name>,
}

impl Index {
    pub(super) fn new<'a>(resources: impl Iterator<Item = (ResourceId, &'a Resource)>) -> Self {
        let mut index = Self::default();
        for (id, resource) in resources {
            let role = resource.kind.role;
            let place = (resource.scope, id);
            index.by_name.entry((role, resource.namespace.clone(), resource.name.clone())).or_default().push(place);
            if let Some((name, _)) = &resource.deployed_name {
                index.by_deployed_name.entry((role, name.clone())).or_default().push(place);
            }
            if resource.is_shared {
                index.shared.extend(resource.namespace.clone().or_else(|| Some(resource.name.clone())));
            }
            index.by_role.entry(role).or_default().push((resource.name.clone(), id));
            if resource.name.is_open() || resource.namespace.as_ref().is_some_and(Name::is_open) {
                index.open.entry(role).or_default().push(id);
            }
            if role.is_of_mesh() && role != Role::Mesh {
                index.by_namespace.entry(resource.namespace.clone()).or_default().push(place);
            }
        }
        for names in index.by_role.values_mut() {
            names.sort_unstable();
        }
        index
    }

    /// The resources of a role, namespace and name, as written, in whatever scope.
    pub(super) fn named(&self, role: Role, namespace: Option<&Name>, name: &Name) -> &[(ScopeId, ResourceId)] {
        // The key is built once a question; names are short.
        self.by_name.get(&(role, namespace.cloned(), name.clone())).map_or(&[], Vec::as_slice)
    }

    /// The resources of a role that the control plane knows by a name.
    pub(super) fn deployed(&self, role: Role, name: &Name) -> &[(ScopeId, ResourceId)] {
        self.by_deployed_name.get(&(role, name.clone())).map_or(&[], Vec::as_slice)
    }

    /// All resources of a role, by name.
    pub(super) fn of_role(&self, role: Role) -> &[(Name, ResourceId)] {
        self.by_role.get(&role).map_or(&[], Vec::as_slice)
    }

    /// The resources of a role whose name begins with a text.
    pub(super) fn beginning(&self, role: Role, prefix: &str) -> impl Iterator<Item = ResourceId> + '_ {
        let names = self.of_role(role);
        let from = names.partition_point(|(name, _)| name.as_str() < prefix);
        let prefix = prefix.to_owned();
        names[from..].iter().take_while(move |(name, _)| name.as_str().starts_with(&prefix)).map(|(_, id)| *id)
    }

    /// The resources of a role with a name, in whatever namespace.
    pub(super) fn called(&self, role: Role, name: &Name) -> impl Iterator<Item = ResourceId> + '_ {
        let names = self.of_role(role);
        let from = names.partition_point(|(other, _)| other < name);
        let name = name.clone();
        names[from..].iter().take_while(move |(other, _)| *other == name).map(|(_, id)| *id)
    }

    /// The resources of a role whose name has the same first character as a text; where they are more than
    /// `most`, as many of those that stand beside it in the order of names, which share the longest beginnings.
    pub(super) fn like(&self, role: Role, text: &str, most: usize) -> impl Iterator<Item = ResourceId> + '_ {
        let names = self.of_role(role);
        let first = text.chars().next().map_or("", |first| &text[..first.len_utf8()]);
        let start = names.partition_point(|(name, _)| name.as_str() < first);
        let end = start + names[start..].partition_point(|(name, _)| name.as_str().starts_with(first));
        let start = if end - start > most {
            let here = names.partition_point(|(name, _)| name.as_str() < text);
            here.saturating_sub(most / 2).clamp(start, end - most)
        } else {
            start
        };
        names[start..end.min(start + most)].iter().map(|(_, id)| *id)
    }

    /// The resources of a role with placeholders in their identity.
    pub(super) fn open(&self, role: Role) -> &[ResourceId] {
        self.open.get(&role).map_or(&[], Vec::as_slice)
    }

    /// Whether others may add to a mesh, as a member of it says.
    pub(super) fn is_shared(&self, mesh: &Name) -> bool {
        self.shared.contains(mesh)
    }

    /// Whether anything of a mesh lives in a namespace of a scope that is seen, beside one resource.
    pub(super) fn is_inhabited(
        &self,
        namespace: Option<&Name>,
        beside: ResourceId,
        from: ScopeId,
        scopes: &Scopes,
    ) -> bool {
        self.by_namespace
            .get(&namespace.cloned())
            .is_some_and(|all| all.iter().any(|(scope, id)| *id != beside && scopes.sees(from, *scope)))
    }
}
