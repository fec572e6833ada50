//! Scopes: which manifests are deployed together.
//!
//! A repository holds many independent meshes, and nothing says so. All inputs start as one scope.
//! Where one mesh identity (kind, namespace, name) is defined differently under two children of a
//! directory, every child that holds such a definition, or a mesh, becomes a scope of its own; what is
//! left is shared by them; and so on inside.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::source::{FileId, Sources};

use super::{Name, Resource, ResourceId, Role, Surface, World};

/// A scope: an index into the scopes of a mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub(super) u32);

impl ScopeId {
    /// The scope that holds all others.
    pub const ROOT: Self = Self(0);

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why something is a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is the root, which holds whatever is read.
    Root,
    /// Somebody says so, at a place.
    Said(String),
    /// One of its resources is defined differently beside it: that resource, and the other definition.
    Contested(ResourceId, ResourceId),
    /// It has a mesh, and stands beside scopes.
    Mesh,
}

/// One scope.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The scope whose shared resources it sees; none for the root.
    pub parent: Option<ScopeId>,
    /// The directory that made it, or what it is called where it is said; empty for the root.
    pub directory: String,
    /// Why it is one.
    pub reason: Reason,
    /// Whether a mesh stands in it (and not in a scope below).
    pub has_mesh: bool,
}

/// All scopes of a run; the first is the root.
#[derive(Clone, Debug)]
pub struct Scopes {
    list: Vec<Scope>,
}

impl Scopes {
    /// Finds the scopes and tells each resource its own: those that are said, and what the directories of the other
    /// files show.
    pub(super) fn find(resources: &mut [Resource], sources: &Sources, world: &World) -> Self {
        let root = Scope { parent: None, directory: String::new(), reason: Reason::Root, has_mesh: false };
        let mut scopes = Self { list: vec![root] };
        for said in &world.scopes {
            scopes.open(ScopeId::ROOT, &said.name, Reason::Said(said.place.clone()));
        }
        if !world.scopes.is_empty() || is_any_contested(resources) {
            scopes.divide(resources, sources, world);
        } else {
            resources.iter_mut().for_each(|resource| resource.scope = ScopeId::ROOT);
        }
        for resource in resources.iter().filter(|resource| resource.kind.role == Role::Mesh) {
            scopes.list[resource.scope.index()].has_mesh = true;
        }
        scopes
    }

    fn divide(&mut self, resources: &mut [Resource], sources: &Sources, world: &World) {
        let mut tree = Directory::default();
        for (index, resource) in resources.iter_mut().enumerate() {
            if let Some(said) = world.scope_of.get(&resource.file) {
                resource.scope = said_scope(*said);
                continue;
            }
            let path = sources.path(resource.file);
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let home = parts(folder).fold(&mut tree, |at, part| at.children.entry(part.to_owned()).or_default());
            home.resources.push(index);
        }
        let definitions = tree.define(resources);
        self.split(&tree, &definitions, None, ScopeId::ROOT, resources);
    }

    fn split(
        &mut self,
        at: &Directory,
        known: &Definitions,
        path: Option<&str>,
        scope: ScopeId,
        resources: &mut [Resource],
    ) {
        for &index in &at.resources {
            resources[index].scope = scope;
        }
        let contested = known.contested();
        for ((name, child), below) in at.children.iter().zip(&known.children) {
            let path = path.map_or_else(|| name.clone(), |path| format!("{path}/{name}"));
            let reason = if contested.is_empty() { None } else { below.reason(&contested) };
            let home = reason.map_or(scope, |reason| self.open(scope, &path, reason));
            self.split(child, below, Some(&path), home, resources);
        }
    }

    fn open(&mut self, parent: ScopeId, directory: &str, reason: Reason) -> ScopeId {
        let id = ScopeId(u32::try_from(self.list.len()).expect("more scopes than ids"));
        self.list.push(Scope { parent: Some(parent), directory: directory.to_owned(), reason, has_mesh: false });
        id
    }

    /// A scope.
    #[must_use]
    pub fn get(&self, id: ScopeId) -> &Scope {
        &self.list[id.index()]
    }

    /// Every scope, the root first.
    pub fn iter(&self) -> std::slice::Iter<'_, Scope> {
        self.list.iter()
    }

    /// Every scope's id, the root first.
    pub fn ids(&self) -> impl Iterator<Item = ScopeId> + use<> {
        (0..u32::try_from(self.list.len()).unwrap_or(u32::MAX)).map(ScopeId)
    }

    /// How many scopes there are; at least one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// The scope that is said for a file, else the innermost that it lies in.
    pub(super) fn of_file(&self, file: FileId, sources: &Sources, world: &World) -> ScopeId {
        if let Some(said) = world.scope_of.get(&file) {
            return said_scope(*said);
        }
        let path = sources.path(file);
        let holds = |id: &ScopeId| {
            let Scope { directory, reason, .. } = self.get(*id);
            let is_below = path.strip_prefix(&**directory).is_some_and(|rest| rest.starts_with('/'));
            *id == ScopeId::ROOT || is_below && !matches!(reason, Reason::Said(_))
        };
        self.ids().filter(holds).max_by_key(|id| self.get(*id).directory.len()).unwrap_or(ScopeId::ROOT)
    }

    /// A scope and those it lies in, innermost first.
    pub fn outward(&self, id: ScopeId) -> impl Iterator<Item = ScopeId> + '_ {
        std::iter::successors(Some(id), |at| self.get(*at).parent)
    }

    /// Whether a reference that stands in `from` may lead to a resource in `to`: to its own scope, to
    /// what it shares with others, and from shared resources into any scope that shares them.
    #[must_use]
    pub fn sees(&self, from: ScopeId, to: ScopeId) -> bool {
        from == to || self.outward(from).any(|at| at == to) || self.outward(to).any(|at| at == from)
    }

    /// Whether a selector that stands in `from` reaches a resource in `to`: selectors do not cross
    /// the bounds of a scope that has a mesh of its own.
    #[must_use]
    pub fn reaches(&self, from: ScopeId, to: ScopeId) -> bool {
        self.sees(from, to) && self.realm(from) == self.realm(to)
    }

    fn realm(&self, id: ScopeId) -> ScopeId {
        self.outward(id).find(|at| self.get(*at).has_mesh).unwrap_or(ScopeId::ROOT)
    }
}

/// Whether any identity is defined in two ways, wherever: nothing else splits a scope.
fn is_any_contested(resources: &[Resource]) -> bool {
    let mut known = FxHashMap::default();
    let mut of_mesh = resources.iter().filter(|resource| resource.kind.role.is_of_mesh());
    of_mesh.any(|one| {
        let identity = (one.kind.name, one.namespace.as_ref(), &one.name);
        known.insert(identity, one.digest).is_some_and(|before| before != one.digest)
    })
}

/// The id of a scope that is said: they stand behind the root.
fn said_scope(index: usize) -> ScopeId {
    ScopeId(u32::try_from(index + 1).expect("more scopes than ids"))
}

/// The directories of a path; none for a path that has none. An absolute one begins with an empty one.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(usize::from(path.is_empty()))
}

#[derive(Default)]
struct Directory {
    children: BTreeMap<String, Directory>,
    resources: Vec<usize>,
}

/// The identity of a mesh resource: kind, namespace and name, as written.
type Identity = (Surface, &'static str, Option<Name>, Option<Name>, Name);

/// The different definitions of one identity, each with the first resource that has it.
type Digests = FxHashMap<u64, usize>;

/// What the resources below a directory define, and what those below each child do.
struct Definitions {
    digests: FxHashMap<Identity, Digests>,
    has_mesh: bool,
    children: Vec<Definitions>,
}

impl Directory {
    fn define(&self, resources: &[Resource]) -> Definitions {
        let children: Vec<_> = self.children.values().map(|child| child.define(resources)).collect();
        let mut all = Definitions { digests: FxHashMap::default(), has_mesh: false, children };
        for (index, resource) in self.resources.iter().map(|&index| (index, &resources[index])) {
            if resource.kind.role.is_of_mesh() {
                let (namespace, parent) = (resource.namespace.clone(), resource.parent().cloned());
                let kind = resource.kind;
                let identity = (kind.surface, kind.name, namespace, parent, resource.name.clone());
                all.digests.entry(identity).or_default().entry(resource.digest).or_insert(index);
                all.has_mesh |= resource.kind.role == Role::Mesh;
            }
        }
        for child in &all.children {
            for (identity, digests) in &child.digests {
                let known = all.digests.entry(identity.clone()).or_default();
                for (digest, index) in digests {
                    let first = known.entry(*digest).or_insert(*index);
                    *first = (*first).min(*index);
                }
            }
            all.has_mesh |= child.has_mesh;
        }
        all
    }
}

/// The identities that children of a directory define differently, each with two of these that differ.
type Contested<'d> = FxHashMap<&'d Identity, (&'d Digests, &'d Digests)>;

impl Definitions {
    /// The identities that two children define differently.
    fn contested(&self) -> Contested<'_> {
        let mut seen: FxHashMap<&Identity, &Digests> = FxHashMap::default();
        let mut contested = FxHashMap::default();
        for (identity, digests) in self.children.iter().flat_map(|child| &child.digests) {
            let before = seen.insert(identity, digests);
            if let Some(before) = before.filter(|before| !is_same(before, digests)) {
                contested.insert(identity, (before, digests));
            }
        }
        contested
    }

    /// Why a child is a scope of its own: the first of its contested definitions, else its mesh.
    fn reason(&self, contested: &Contested<'_>) -> Option<Reason> {
        let pair = |(identity, own): (&Identity, &Digests)| {
            let (a, b) = contested.get(identity)?;
            let other = if is_same(own, a) { b } else { a };
            Some((differing(own, other)?, differing(other, own)?))
        };
        let first = self.digests.iter().filter_map(pair).min();
        first
            .map(|(own, other)| Reason::Contested(ResourceId::new(own), ResourceId::new(other)))
            .or_else(|| self.has_mesh.then_some(Reason::Mesh))
    }
}

fn is_same(a: &Digests, b: &Digests) -> bool {
    a.len() == b.len() && a.keys().all(|digest| b.contains_key(digest))
}

/// The first resource with a definition that the others lack, or the first of all.
fn differing(own: &Digests, other: &Digests) -> Option<usize> {
    let lacking = own.iter().filter(|(digest, _)| !other.contains_key(digest)).map(|(_, index)| *index).min();
    lacking.or_else(|| own.values().copied().min())
}

#[cfg(test)]
mod tests {
    use super::super::sample::{MESH, NAMESPACE, NODE, SERVICE, Sample, WORKLOAD};
    use super::super::{Mesh, ResourceId};
    use super::*;

    fn directories(mesh: &Mesh) -> Vec<&str> {
        mesh.scopes().iter().map(|scope| &*scope.directory).collect()
    }

    /// The directory of the scope of each resource.
    fn homes(mesh: &Mesh) -> Vec<&str> {
        let home = |index| &*mesh.scopes().get(mesh.resource(ResourceId::new(index)).scope).directory;
        (0..mesh.resources.len()).map(home).collect()
    }

    #[test]
    fn what_is_defined_alike_splits_nothing() {
        let mut sample = Sample::default();
        for (at, folder) in ["front", "cart"].into_iter().enumerate() {
            sample.add(&format!("{folder}/app.yaml"), &MESH, "shop", 1);
            // Namespaces and workloads differ, and no scope comes of it.
            sample.add(&format!("{folder}/app.yaml"), &NAMESPACE, "shop", at as u64);
            sample.add(&format!("{folder}/app.yaml"), &WORKLOAD, "shop/app", at as u64);
            sample.add(&format!("{folder}/app.yaml"), &NODE, &format!("shop/{folder}"), 1);
        }
        assert_eq!(directories(&sample.link()), [""]);
    }

    #[test]
    fn demos_of_one_name_are_scopes() {
        let mut sample = Sample::default();
        for (at, file) in ["demos/a/x/app.yaml", "demos/b/app.yaml"].into_iter().enumerate() {
            sample.add(file, &MESH, "*", 1);
            sample.add(file, &NODE, "*/color", at as u64);
        }
        // Neither a mesh nor a contested definition: shared by all.
        sample.add("demos/common/app.yaml", &SERVICE, "*/color", 1);
        let mesh = sample.link();
        assert_eq!(directories(&mesh), ["", "demos/a", "demos/b"]);
        assert_eq!(homes(&mesh), ["demos/a", "demos/a", "demos/b", "demos/b", ""]);
        let [root, a, b] = [0, 1, 2].map(ScopeId);
        let scopes = mesh.scopes();
        assert!(scopes.sees(a, root) && scopes.sees(root, a) && scopes.sees(a, a) && !scopes.sees(a, b));
        assert!(!scopes.reaches(a, root) && !scopes.reaches(root, a) && scopes.reaches(a, a));
        let node = ResourceId::new;
        assert_eq!(scopes.get(a).reason, Reason::Contested(node(1), node(3)));
        assert_eq!(scopes.get(b).reason, Reason::Contested(node(3), node(1)));
    }

    #[test]
    fn scopes_split_again_inside() {
        let mut sample = Sample::default();
        for (content, file) in ["a/x/1.yaml", "a/y/1.yaml", "b/1.yaml"].into_iter().enumerate() {
            sample.add(file, &NODE, "shop/color", content as u64);
        }
        sample.add("a/1.yaml", &SERVICE, "shop/color", 1);
        let mesh = sample.link();
        assert_eq!(directories(&mesh), ["", "a", "a/x", "a/y", "b"]);
        assert_eq!(homes(&mesh), ["a/x", "a/y", "b", "a"]);
        let outward: Vec<_> = mesh.scopes().outward(ScopeId(2)).map(|id| id.0).collect();
        assert_eq!(outward, [2, 1, 0]);
    }

    #[test]
    fn a_scope_without_a_mesh_lies_in_the_realm_around_it() {
        let mut sample = Sample::default();
        sample.add("mesh.yaml", &MESH, "shop", 1);
        sample.add("blue/1.yaml", &NODE, "shop/cart", 1);
        sample.add("green/1.yaml", &NODE, "shop/cart", 2);
        let mesh = sample.link();
        assert_eq!(homes(&mesh), ["", "blue", "green"]);
        let [root, blue, green] = [0, 1, 2].map(ScopeId);
        assert!(mesh.scopes().reaches(root, blue) && mesh.scopes().reaches(green, root));
        assert!(!mesh.scopes().reaches(blue, green));
    }

    #[test]
    fn files_of_the_common_directory_are_shared() {
        for root in ["", "trees/", "/srv/"] {
            let mut sample = Sample::default();
            sample.add(&format!("{root}common.yaml"), &NODE, "shop/cart", 0);
            sample.add(&format!("{root}blue/1.yaml"), &NODE, "shop/cart", 1);
            sample.add(&format!("{root}green/1.yaml"), &NODE, "shop/cart", 2);
            let (blue, green) = (format!("{root}blue"), format!("{root}green"));
            let mesh = sample.link();
            assert_eq!(homes(&mesh), ["", &*blue, &*green], "{root}");
            // The definition above and those below are in different scopes: they are no states of one another.
            assert!(mesh.states().is_empty());
        }
    }
}
