//! Membership: which mesh a resource belongs to, which gateway a route attaches to, and which pods a
//! destination stands for. All of it is decided by labels and selectors, nothing by reference.

use rustc_hash::{FxHashMap, FxHashSet};

use super::link::{is_there_with, same_namespace};
use super::{
    LATE_LABELS, Labels, Mesh, Name, Operator, Requirement, Resource, ResourceId, Role, ScopeId, Selection, Truth,
};

/// What a resource belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// The documents do not say.
    Unknown,
    /// Certainly nothing of what is in the scope.
    None,
    /// Certainly this one, and nothing else. Several ids are states of one resource.
    One(Vec<ResourceId>),
    /// Certainly these, which are too many.
    Several(Vec<ResourceId>),
}

impl Membership {
    /// The one thing that the resource belongs to, in its first state.
    #[must_use]
    pub fn one(&self) -> Option<ResourceId> {
        match self {
            Self::One(states) => states.first().copied(),
            _ => None,
        }
    }
}

/// A resource that a selector takes, certainly or perhaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The resource at the other end.
    pub id: ResourceId,
    /// `Yes` or `Unknown`.
    pub truth: Truth,
}

/// Who belongs to whom, by resource. Memberships stand in a table of their own, since the resources
/// of a namespace share theirs.
#[derive(Debug, Default)]
pub(super) struct Members {
    table: Vec<Membership>,
    mesh: Vec<u32>,
    /// The gateway, or the router, of a route that is a resource of its own.
    owner: Vec<u32>,
    picked_by: FxHashMap<ResourceId, Vec<Pick>>,
    picks: FxHashMap<ResourceId, Vec<Pick>>,
    served_by: FxHashMap<ResourceId, Vec<Pick>>,
    serves: FxHashMap<ResourceId, Vec<Pick>>,
}

impl Members {
    fn add(&mut self, membership: Membership) -> u32 {
        self.table.push(membership);
        u32::try_from(self.table.len() - 1).expect("as many memberships as resources at the most")
    }
}

impl Mesh {
    /// The mesh that a resource is a member of.
    #[must_use]
    pub fn mesh_of(&self, id: ResourceId) -> &Membership {
        &self.members.table[self.members.mesh[id.index()] as usize]
    }

    /// Whether two resources are members of one mesh; unknown where the mesh of either is.
    #[must_use]
    pub fn share_mesh(&self, a: ResourceId, b: ResourceId) -> Truth {
        match (self.mesh_of(a).one(), self.mesh_of(b).one()) {
            (Some(a), Some(b)) => {
                let (a, b) = (self.resource(a), self.resource(b));
                let is_alike = a.kind.surface.is_cluster() == b.kind.surface.is_cluster();
                let name = |own: &'_ Resource| {
                    own.deployed_name.as_ref().map_or_else(|| own.name.clone(), |(name, _)| name.clone())
                };
                if is_alike { a.name.same(&b.name) } else { name(a).same(&name(b)) }
            }
            _ => Truth::Unknown,
        }
    }

    /// The gateway that a gateway route attaches to, or the router of a route that is a resource of its own; unknown for
    /// other resources.
    #[must_use]
    pub fn owner_of(&self, id: ResourceId) -> &Membership {
        &self.members.table[self.members.owner[id.index()] as usize]
    }

    /// The gateway that a gateway route attaches to; unknown for other resources.
    #[must_use]
    pub fn gateway_of(&self, id: ResourceId) -> &Membership {
        self.owner_of(id)
    }

    /// The resources whose pod selectors take the pods of a workload, in the order of their ids.
    #[must_use]
    pub fn picked_by(&self, workload: ResourceId) -> &[Pick] {
        self.members.picked_by.get(&workload).map_or(&[], Vec::as_slice)
    }

    /// The workloads whose pods a resource's pod selector takes.
    #[must_use]
    pub fn picks(&self, id: ResourceId) -> &[Pick] {
        self.members.picks.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The Kubernetes Services that select the pods of a workload, in the order of their ids.
    #[must_use]
    pub fn served_by(&self, workload: ResourceId) -> &[Pick] {
        self.members.served_by.get(&workload).map_or(&[], Vec::as_slice)
    }

    /// The workloads whose pods a Kubernetes Service selects.
    #[must_use]
    pub fn serves(&self, service: ResourceId) -> &[Pick] {
        self.members.serves.get(&service).map_or(&[], Vec::as_slice)
    }

    /// The namespace objects of a resource's namespace that selectors of its scope reach: several when
    /// the namespace is there in several states, none when it is made elsewhere.
    #[must_use]
    pub fn namespace_objects(&self, of: &Resource) -> Vec<&Resource> {
        let name = of.namespace.as_ref();
        let all = name.map_or(&[][..], |name| self.index.named(Role::Namespace, None, name));
        let reached = all.iter().filter(|(scope, _)| self.scopes.reaches(of.scope, *scope));
        reached.map(|(_, id)| self.resource(*id)).collect()
    }

    pub(super) fn find_members(&self) -> Members {
        let mut members = Members { table: vec![Membership::Unknown], ..Members::default() };
        members.mesh = vec![0; self.resources.len()];
        members.owner = vec![0; self.resources.len()];
        let meshes = Takers::new(self, &[Role::Mesh], |mesh| &mesh.namespace_selector);
        let gateways = Takers::new(self, &[Role::Gateway], |gateway| &gateway.namespace_selector);
        let nodes = Takers::new(self, &[Role::Node, Role::Gateway], |node| &node.pod_selector);
        let services = Takers::new(self, &[Role::ClusterService], |service| &service.pod_selector);
        let mut known: FxHashMap<(ScopeId, Option<&Name>), u32> = FxHashMap::default();
        for (id, resource) in self.resources() {
            let role = resource.kind.role;
            if role.is_of_mesh() && role != Role::Mesh {
                members.mesh[id.index()] = match &resource.member_of {
                    Some(name) => members.add(self.named_membership(resource, Role::Mesh, None, name)),
                    None if !resource.kind.surface.is_cluster() => 0,
                    None => *known.entry((resource.scope, resource.namespace.as_ref())).or_insert_with(|| {
                        let spaces = self.namespace_labels(resource);
                        members.add(meshes.choose(self, resource, &spaces, |_| Truth::Yes))
                    }),
                };
            }
            if matches!(role, Role::GatewayRoute | Role::Route) {
                let owner = if role == Role::Route { Role::Router } else { Role::Gateway };
                members.owner[id.index()] = match &resource.attached_to {
                    Some((namespace, name)) => {
                        let namespace = namespace.as_ref().or(resource.namespace.as_ref());
                        members.add(self.named_membership(resource, owner, namespace, name))
                    }
                    None if !resource.kind.surface.is_cluster() => 0,
                    None => {
                        let takes = |gateway: &Resource| gateway.route_selector.matches(&resource.labels, Truth::Yes);
                        let spaces = self.namespace_labels(resource);
                        members.add(gateways.choose(self, resource, &spaces, takes))
                    }
                };
            }
            if let Some(workload) = resource.workload() {
                for pick in nodes.take(self, resource, &workload.labels) {
                    members.picked_by.entry(id).or_default().push(pick);
                    members.picks.entry(pick.id).or_default().push(Pick { id, truth: pick.truth });
                }
                for pick in services.take(self, resource, &workload.labels) {
                    members.served_by.entry(id).or_default().push(pick);
                    members.serves.entry(pick.id).or_default().push(Pick { id, truth: pick.truth });
                }
            }
        }
        members
    }

    /// Where a resource says itself what it belongs to, as all do that live in no cluster.
    fn named_membership(&self, of: &Resource, role: Role, namespace: Option<&Name>, name: &Name) -> Membership {
        let named = self.names_beside(of, role).named(role, namespace, name).iter();
        let mut seen: Vec<_> =
            named.filter(|(scope, _)| self.scopes.sees(of.scope, *scope)).map(|(_, id)| *id).collect();
        // Whatever is made under another condition, or filled in elsewhere, may be something else.
        if role != Role::Mesh && !of.kind.surface.is_cluster() {
            let is_it = |id: &ResourceId| {
                let owner = self.resource(*id);
                // One without a name of its own may stand in another edition of the same template.
                let is_open = name.is_open() || of.name.is_open();
                (!is_open || owner.file == of.file) && is_there_with(owner, of)
            };
            seen = if seen.iter().all(is_it) { seen } else { Vec::new() };
        }
        if seen.is_empty() { Membership::Unknown } else { Membership::One(seen) }
    }

    /// The labels of a resource's namespace, one set for each state; none where it is made elsewhere and nothing is
    /// said of them.
    pub(super) fn namespace_labels(&self, of: &Resource) -> Vec<&Labels> {
        let here: Vec<_> = self.namespace_objects(of).into_iter().map(|namespace| &namespace.labels).collect();
        match &of.namespace {
            Some(name) if here.is_empty() => self.labels_elsewhere(name).collect(),
            _ => here,
        }
    }
}

/// Whether a label is set at run time: what asks for it cannot be found by what manifests say.
fn is_late(key: &Name) -> bool {
    LATE_LABELS.contains(&key.as_str())
}

/// The labels of which an object must have one to meet a requirement; none where that cannot be told.
fn wanted(one: &Requirement) -> impl Iterator<Item = (&Name, &Name)> {
    let is_open = one.key.is_open() || one.values.iter().any(Name::is_open);
    let is_plain = one.operator == Operator::In && !is_open && !is_late(&one.key);
    let values = if is_plain { &one.values[..] } else { &[] };
    values.iter().map(|value| (&one.key, value))
}

/// Resources with selectors, found by a label that they ask for, so that nobody asks all of them.
struct Takers<'m> {
    by_label: FxHashMap<(&'m Name, &'m Name), Vec<ResourceId>>,
    /// Those that ask for no label with known values.
    others: Vec<ResourceId>,
    roles: &'static [Role],
    selection: fn(&Resource) -> &Selection,
}

impl<'m> Takers<'m> {
    fn new(mesh: &'m Mesh, roles: &'static [Role], selection: fn(&Resource) -> &Selection) -> Self {
        let mut takers = Self { by_label: FxHashMap::default(), others: Vec::new(), roles, selection };
        let mut asking = Vec::new();
        for (_, id) in roles.iter().flat_map(|role| mesh.index.of_role(*role)) {
            match selection(mesh.resource(*id)) {
                Selection::Absent => {}
                Selection::Unknown(_) => takers.others.push(*id),
                Selection::Written(selector, _) => asking.push((*id, selector)),
            }
        }
        // A label that many ask for tells little: each is found by the rarest of what it asks for.
        let mut demand: FxHashMap<(&Name, &Name), usize> = FxHashMap::default();
        for label in asking.iter().flat_map(|(_, selector)| selector.requirements.iter().flat_map(wanted)) {
            *demand.entry(label).or_default() += 1;
        }
        for (id, selector) in asking {
            let most = |one: &&Requirement| wanted(one).map(|label| demand[&label]).max();
            let plain = selector.requirements.iter().filter(|one| wanted(one).next().is_some());
            match plain.min_by_key(most) {
                Some(one) => wanted(one).for_each(|label| takers.by_label.entry(label).or_default().push(id)),
                None => takers.others.push(id),
            }
        }
        takers
    }

    /// Those whose selectors may take something with these labels.
    fn candidates(&self, labels: &Labels) -> Vec<ResourceId> {
        let mut out = self.others.clone();
        if labels.is_complete() {
            for label in labels.iter() {
                out.extend(self.by_label.get(&(&label.key, &label.value)).into_iter().flatten());
            }
        } else {
            out.extend(self.by_label.values().flatten());
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The takers of something with these labels in the namespace of a resource.
    fn take(&self, mesh: &Mesh, of: &Resource, labels: &Labels) -> Vec<Pick> {
        let verdict = |id: ResourceId| {
            let taker = mesh.resource(id);
            let truth = if mesh.scopes.reaches(of.scope, taker.scope) {
                same_namespace(of.namespace.as_ref(), taker.namespace.as_ref())
                    .and((self.selection)(taker).matches(labels, Truth::No))
            } else {
                Truth::No
            };
            Pick { id, truth }
        };
        self.candidates(labels).into_iter().map(verdict).filter(|pick| !pick.truth.is_no()).collect()
    }

    /// What a resource in a namespace with these labels (one set for each of its states) belongs to.
    fn choose(&self, mesh: &Mesh, of: &Resource, spaces: &[&Labels], also: impl Fn(&Resource) -> Truth) -> Membership {
        let unknown = Labels::unknown();
        let spaces = if spaces.is_empty() { &[&unknown][..] } else { spaces };
        let mut candidates: Vec<_> = spaces.iter().flat_map(|labels| self.candidates(labels)).collect();
        candidates.sort_unstable();
        candidates.dedup();
        let reached = |id: &ResourceId| mesh.scopes.reaches(of.scope, mesh.resource(*id).scope);
        let mut taken: Vec<Vec<ResourceId>> = Vec::new();
        let mut known: FxHashSet<ResourceId> = FxHashSet::default();
        let mut perhaps_more = false;
        for id in candidates.into_iter().filter(reached) {
            if known.contains(&id) {
                continue;
            }
            let candidate = mesh.resource(id);
            // States of one identity stand for one thing; where they disagree, nothing is known.
            let named = mesh.index.named(candidate.kind.role, candidate.namespace.as_ref(), &candidate.name);
            let states: Vec<_> = named.iter().map(|(_, id)| *id).filter(reached).collect();
            known.extend(&states);
            let verdict = |(state, labels): (&ResourceId, &&Labels)| {
                let state = mesh.resource(*state);
                (self.selection)(state).matches(labels, Truth::No).and(also(state))
            };
            let mut verdicts =
                states.iter().flat_map(|state| spaces.iter().map(move |labels| (state, labels))).map(verdict);
            let first = verdicts.next().unwrap_or(Truth::Unknown);
            match if verdicts.all(|other| other == first) { first } else { Truth::Unknown } {
                Truth::Yes => taken.push(states),
                Truth::No => {}
                Truth::Unknown => perhaps_more = true,
            }
        }
        match taken.len() {
            0 | 1 if perhaps_more => Membership::Unknown,
            0 if self.roles.iter().any(|role| mesh.has_elsewhere(*role)) => Membership::Unknown,
            0 if self.roles.iter().any(|role| mesh.has_in_reach(*role, of.scope)) => Membership::None,
            0 => Membership::Unknown,
            1 => Membership::One(taken.swap_remove(0)),
            _ => Membership::Several(taken.into_iter().filter_map(|states| states.first().copied()).collect()),
        }
    }
}
