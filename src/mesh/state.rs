//! Definitions of one identity: equal ones count once, different ones in one file clash, and different
//! ones in several files are states of one object over time.

use rustc_hash::FxHashMap;

use super::{Name, Resource, ResourceId, ScopeId};

/// Two different definitions of one identity in one file: the later one wins when they are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The definition that comes first.
    pub first: ResourceId,
    /// The one that comes later in the same file.
    pub later: ResourceId,
}

/// What became of the definitions.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// By resource: whether an equal definition stands earlier in its scope.
    pub(super) repeated: Vec<bool>,
    pub(super) clashes: Vec<Clash>,
    /// Each identity with different definitions in several files, in the order of the files.
    pub(super) states: Vec<Vec<ResourceId>>,
}

/// Sorts the definitions of each identity of each scope.
pub(super) fn sort(resources: &[Resource]) -> Sorted {
    type Identity<'r> = (ScopeId, (&'r str, &'r str), Option<&'r Name>, &'r Name);
    let mut sorted = Sorted { repeated: vec![false; resources.len()], ..Sorted::default() };
    let mut identities: FxHashMap<Identity<'_>, Vec<ResourceId>> = FxHashMap::default();
    let mut several = Vec::new();
    for (index, resource) in resources.iter().enumerate() {
        // Two groups can have one word for different things, as core Kubernetes and Knative have `Service`.
        let group = resource.api_version.split_once('/').map_or("", |(group, _)| group);
        let identity = (resource.scope, (group, &*resource.kind_name), resource.namespace.as_ref(), &resource.name);
        let definitions = identities.entry(identity).or_default();
        if definitions.iter().any(|id| resources[id.index()].digest == resource.digest) {
            sorted.repeated[index] = true;
            continue;
        }
        definitions.push(ResourceId::new(index));
        if definitions.len() == 2 {
            several.push(identity);
        }
    }
    for identity in several {
        let definitions = &identities[&identity];
        let file = |id: &ResourceId| resources[id.index()].file;
        let before = sorted.clashes.len();
        for pair in definitions.windows(2).filter(|pair| file(&pair[0]) == file(&pair[1])) {
            sorted.clashes.push(Clash { first: pair[0], later: pair[1] });
        }
        if sorted.clashes.len() == before {
            sorted.states.push(definitions.clone());
        }
    }
    sorted
}
