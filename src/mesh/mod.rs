//! The mesh: typed resources, the names they go by, the references between them, and who belongs to
//! whom, the same for every vocabulary. What is unresolved or unknown is a value here, never an error.

mod call;
mod cluster;
mod flow;
mod front;
mod index;
mod link;
mod member;
mod name;
mod outbound;
mod resource;
mod route;
#[cfg(test)]
mod sample;
mod scope;
mod selector;
mod state;
mod table;
mod truth;
mod workload;
mod world;

pub use call::{Arrival, Call, Landing};
pub use cluster::{ClusterName, Scalers};
pub use flow::{Flow, Flows};
pub use front::{ClusterService, Ingress, IngressBackend, ServicePort};
pub use link::Unread;
pub use member::{Membership, Pick};
pub use name::Name;
pub use outbound::{Listed, Outbound};
pub use resource::{By, Detail, Kind, Miss, Reference, Resource, ResourceId, Role, Surface, Target};
pub use route::{Condition, Destination, Listener, Port, Route};
pub use scope::{Reason, Scope, ScopeId, Scopes};
pub use selector::{LATE_LABELS, Label, Labels, Operator, Requirement, Selection, Selector};
pub use state::Clash;
pub use table::{Attached, RouteTable, host_requests, host_table};
pub use truth::Truth;
pub use workload::{
    Amount, Ask, Autoscaler, Container, ContainerPort, Mount, PortRef, Probe, Rollout, Setting, Transport, Variable,
    Workload,
};
pub use world::{Declared, Elsewhere, World};

use std::any::TypeId;
use std::sync::OnceLock;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::Sources;

use index::Index;
use member::Members;

/// Every resource of a run with what it is linked to.
#[derive(Debug)]
pub struct Mesh {
    resources: Vec<Resource>,
    /// By resource: the equal definition that it repeats, which stands earlier.
    repeated: Vec<Option<ResourceId>>,
    scopes: Scopes,
    /// The resources of clusters by name.
    index: Index,
    /// The others by name: the two kinds of names have nothing to do with one another.
    cloud: Index,
    by_role: FxHashMap<Role, Vec<ResourceId>>,
    /// By the type that a vocabulary has for it.
    by_model: FxHashMap<TypeId, Vec<ResourceId>>,
    by_space: FxHashMap<(Role, Option<Name>), Vec<ResourceId>>,
    in_reach: FxHashSet<(Role, ScopeId)>,
    unread: Vec<(ScopeId, Unread)>,
    members: Members,
    /// By router: its routes that are resources of their own.
    holders: FxHashMap<ResourceId, Vec<ResourceId>>,
    /// The routers and gateways that may have such routes which are not known, or not known to be theirs.
    stray_owners: FxHashSet<ResourceId>,
    tables: Vec<RouteTable>,
    clashes: Vec<Clash>,
    states: Vec<Vec<ResourceId>>,
    /// What is said of what stands elsewhere.
    world: World,
    /// An edge for each resolved reference, from the resource it stands in, weighted with its index there.
    graph: DiGraph<ResourceId, usize>,
    /// What several rules ask for, from the first time on: a mesh does not change once it is linked.
    calls: OnceLock<Vec<Call>>,
    attached: OnceLock<FxHashMap<ResourceId, Vec<Attached>>>,
}

impl Mesh {
    /// Links resources, which come in the order of their files and places, in the world that is said to be.
    #[must_use]
    pub fn link(mut resources: Vec<Resource>, unread: Vec<Unread>, sources: &Sources, world: World) -> Self {
        let scopes = Scopes::find(&mut resources, sources, &world);
        let unread = unread.into_iter().map(|one| (scopes.of_file(one.file, sources, &world), one)).collect();
        let state::Sorted { repeated, clashes, states } = state::sort(&resources);
        let mut mesh = Self {
            resources,
            repeated,
            scopes,
            index: Index::default(),
            cloud: Index::default(),
            by_role: FxHashMap::default(),
            by_model: FxHashMap::default(),
            by_space: FxHashMap::default(),
            in_reach: FxHashSet::default(),
            unread,
            members: Members::default(),
            holders: FxHashMap::default(),
            stray_owners: FxHashSet::default(),
            tables: Vec::new(),
            clashes,
            states,
            world,
            graph: DiGraph::new(),
            calls: OnceLock::new(),
            attached: OnceLock::new(),
        };
        let of =
            |is_cluster: bool| mesh.resources().filter(move |(_, one)| one.kind.surface.is_cluster() == is_cluster);
        let (index, cloud) = (Index::new(of(true)), Index::new(of(false)));
        (mesh.index, mesh.cloud) = (index, cloud);
        let (mut by_role, mut by_model): (FxHashMap<_, Vec<_>>, FxHashMap<_, Vec<_>>) = Default::default();
        let mut by_space: FxHashMap<_, Vec<_>> = FxHashMap::default();
        let mut homes = FxHashSet::default();
        for (id, resource) in mesh.resources() {
            let role = resource.kind.role;
            by_role.entry(role).or_default().push(id);
            if let Some(model) = resource.model_type() {
                by_model.entry(model).or_default().push(id);
            }
            by_space.entry((role, resource.namespace.clone())).or_default().push(id);
            homes.insert((role, resource.scope));
        }
        for scope in mesh.scopes.ids() {
            let reached = homes.iter().filter(|(_, home)| mesh.scopes.reaches(scope, *home));
            mesh.in_reach.extend(reached.map(|(role, _)| (*role, scope)));
        }
        (mesh.by_role, mesh.by_model, mesh.by_space) = (by_role, by_model, by_space);
        mesh.members = mesh.find_members();
        mesh.resolve();
        mesh.find_holders();
        mesh.tables = mesh.make_tables();
        mesh
    }

    /// The names among which those stand that a resource uses.
    fn names_beside(&self, of: &Resource, role: Role) -> &Index {
        let is_cluster = of.kind.surface.is_cluster() || !role.is_of_mesh();
        if is_cluster { &self.index } else { &self.cloud }
    }

    fn resolve(&mut self) {
        for index in 0..self.resources.len() {
            self.graph.add_node(ResourceId::new(index));
        }
        for index in 0..self.resources.len() {
            let from = ResourceId::new(index);
            let targets: Vec<_> = self.resources[index].references.iter().map(|one| self.follow(from, one)).collect();
            for (at, target) in targets.into_iter().enumerate() {
                if let (Target::Resolved(to), false) = (&target, self.repeated[index].is_some()) {
                    for to in to {
                        self.graph.add_edge(NodeIndex::new(index), NodeIndex::new(to.index()), at);
                    }
                }
                self.resources[index].references[at].target = target;
            }
        }
        self.settle_relative();
    }

    /// A name that is looked up from where others are dangles here only if one of them is here.
    fn settle_relative(&mut self) {
        for index in 0..self.resources.len() {
            let is_open = |one: &Reference| one.is_relative && !matches!(one.target, Target::Resolved(_));
            if !self.resources[index].references.iter().any(is_open) {
                continue;
            }
            let id = ResourceId::new(index);
            let is_here = |user: ResourceId| self.share_namespace(self.resource(user), self.resource(id)).is_yes();
            let used_here = self.referrers(id).any(|(user, _)| is_here(user));
            if used_here {
                continue;
            }
            for reference in self.resources[index].references.iter_mut().filter(|one| is_open(one)) {
                reference.target = Target::Unknown;
            }
        }
    }

    /// Every resource, in the order of files and places; equal definitions count once.
    pub fn resources(&self) -> impl Iterator<Item = (ResourceId, &Resource)> {
        let all = self.resources.iter().enumerate().zip(&self.repeated);
        all.filter(|(_, repeated)| repeated.is_none()).map(|((index, resource), _)| (ResourceId::new(index), resource))
    }

    /// The resource of an id.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.index()]
    }

    /// Whether a resource repeats an equal definition that stands earlier in its scope.
    #[must_use]
    pub fn is_repeated(&self, id: ResourceId) -> bool {
        self.repeated[id.index()].is_some()
    }

    /// The resources that repeat an equal definition, each behind that definition, in the order of their files.
    pub fn copies(&self) -> impl Iterator<Item = (ResourceId, ResourceId)> {
        let all = self.repeated.iter().enumerate();
        all.filter_map(|(index, original)| Some(((*original)?, ResourceId::new(index))))
    }

    /// Every resource of a role, in the same order.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = (ResourceId, &Resource)> {
        self.by_role.get(&role).into_iter().flatten().map(|id| (*id, self.resource(*id)))
    }

    /// Every resource whose vocabulary has this type for it, in the same order.
    pub fn models<T: 'static>(&self) -> impl Iterator<Item = (ResourceId, &Resource, &T)> {
        let ids = self.by_model.get(&TypeId::of::<T>()).into_iter().flatten().map(|id| (*id, self.resource(*id)));
        ids.filter_map(|(id, resource)| Some((id, resource, resource.model::<T>()?)))
    }

    /// The resources of a role in a resource's namespace, as far as selectors of its scope reach.
    pub fn beside<'m>(&'m self, of: &'m Resource, role: Role) -> impl Iterator<Item = (ResourceId, &'m Resource)> {
        let ids = self.by_space.get(&(role, of.namespace.clone())).into_iter().flatten();
        let all = ids.map(|id| (*id, self.resource(*id))).filter(|(_, other)| are_alike(of, other));
        all.filter(move |(_, other)| self.scopes.reaches(of.scope, other.scope))
    }

    /// The resources of a role, namespace and name that a resource of this scope can refer to: none, one, or
    /// several states of one.
    pub fn find(&self, from: &Resource, role: Role, namespace: Option<&Name>, name: &Name) -> Vec<ResourceId> {
        let named = self.names_beside(from, role).named(role, namespace, name).iter();
        named.filter(|(scope, _)| self.scopes.sees(from.scope, *scope)).map(|(_, id)| *id).collect()
    }

    /// The resources of a role that the control plane knows by a name, as far as a resource of this scope sees them.
    #[must_use]
    pub fn deployed(&self, from: &Resource, role: Role, name: &Name) -> Vec<ResourceId> {
        let named = self.index.deployed(role, name).iter().chain(self.cloud.deployed(role, name));
        named.filter(|(scope, _)| self.scopes.sees(from.scope, *scope)).map(|(_, id)| *id).collect()
    }

    /// The references that lead to a resource, with the resources they stand in.
    pub fn referrers(&self, id: ResourceId) -> impl Iterator<Item = (ResourceId, &Reference)> {
        let edges = self.graph.edges_directed(NodeIndex::new(id.index()), Direction::Incoming);
        edges.map(|edge| {
            let from = self.graph[edge.source()];
            (from, &self.resource(from).references[*edge.weight()])
        })
    }

    /// The reference graph: an edge for each resolved reference, weighted with its index in the
    /// references of the resource it stands in.
    #[must_use]
    pub fn graph(&self) -> &DiGraph<ResourceId, usize> {
        &self.graph
    }

    /// The tables of all routers and gateways that have routes. Routes of which it is not known what they match
    /// are left out, and so are gateway routes that are there in several states: they do not stand side by side.
    #[must_use]
    pub fn route_tables(&self) -> &[RouteTable] {
        &self.tables
    }

    /// The table of a router or gateway that has one.
    #[must_use]
    pub fn route_table_of(&self, owner: ResourceId) -> Option<&RouteTable> {
        let at = self.tables.binary_search_by_key(&owner, |table| table.owner).ok()?;
        Some(&self.tables[at])
    }

    /// Different definitions of one identity in one file.
    #[must_use]
    pub fn clashes(&self) -> &[Clash] {
        &self.clashes
    }

    /// Different definitions of one identity in several files: states of it over time.
    #[must_use]
    pub fn states(&self) -> &[Vec<ResourceId>] {
        &self.states
    }

    /// The scopes that were found.
    #[must_use]
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Whether a selector that stands in a scope reaches any resource of a role.
    #[must_use]
    pub fn has_in_reach(&self, role: Role, scope: ScopeId) -> bool {
        self.in_reach.contains(&(role, scope))
    }

    /// Whether two resources live in one namespace.
    #[must_use]
    pub fn share_namespace(&self, a: &Resource, b: &Resource) -> Truth {
        if !are_alike(a, b) {
            return Truth::No;
        }
        link::same_namespace(a.namespace.as_ref(), b.namespace.as_ref())
    }
}

/// Whether two resources are both of a cluster, or neither: namespaces of clusters and meshes of templates are not compared.
const fn are_alike(a: &Resource, b: &Resource) -> bool {
    a.kind.surface.is_cluster() == b.kind.surface.is_cluster()
}
