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
    /// By resource: the equal definition that stands earlier in its scope.
    pub(super) repeated: Vec<Option<ResourceId>>,
    pub(super) clashes: Vec<Clash>,
    /// Each identity with different definitions in several files, in the order of the files.
    pub(super) states: Vec<Vec<ResourceId>>,
}

/// Sorts the definitions of each identity of each scope.
pub(super) fn sort(resources: &[Resource]) -> Sorted {
    type Identity<'r> = (ScopeId, (&'r str, &'r str), Option<&'r Name>, Option<&'r Name>, &'r Name);
    let mut sorted = Sorted { repeated: vec![None; resources.len()], ..Sorted::default() };
    let mut identities: FxHashMap<Identity<'_>, Vec<ResourceId>> = FxHashMap::default();
    let mut several = Vec::new();
    for (index, resource) in resources.iter().enumerate() {
        // Two groups can have one word for different things, as core Kubernetes and Knative have `Service`.
        let group = resource.api_version.split_once('/').map_or("", |(group, _)| group);
        let space = (resource.namespace.as_ref(), resource.parent());
        let identity = (resource.scope, (group, &*resource.kind_name), space.0, space.1, &resource.name);
        let definitions = identities.entry(identity).or_default();
        let equal = definitions.iter().find(|id| resources[id.index()].digest == resource.digest);
        if let Some(original) = equal {
            sorted.repeated[index] = Some(*original);
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
        let condition = |id: &ResourceId| &resources[id.index()].condition;
        // What is there under another condition may be there instead.
        let together =
            |pair: &&[ResourceId]| file(&pair[0]) == file(&pair[1]) && condition(&pair[0]) == condition(&pair[1]);
        for pair in definitions.windows(2).filter(together) {
            sorted.clashes.push(Clash { first: pair[0], later: pair[1] });
        }
        if sorted.clashes.len() == before {
            sorted.states.push(definitions.clone());
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NODE, SERVICE, Sample};
    use super::super::{Mesh, ResourceId};

    fn states(mesh: &Mesh) -> Vec<Vec<usize>> {
        mesh.states().iter().map(|states| states.iter().map(|id| id.index()).collect()).collect()
    }

    #[test]
    fn equal_definitions_count_once() {
        let mut sample = Sample::default();
        sample.add("a.yaml", &NODE, "shop/cart", 1);
        sample.add("b.yaml", &NODE, "shop/cart", 1);
        sample.add("b.yaml", &SERVICE, "shop/cart", 1);
        sample.add("b.yaml", &NODE, "sales/cart", 1);
        let mesh = sample.link();
        assert_eq!(mesh.resources().map(|(id, _)| id.index()).collect::<Vec<_>>(), [0, 2, 3]);
        assert!(mesh.is_repeated(ResourceId::new(1)));
        assert!(mesh.states().is_empty() && mesh.clashes().is_empty());
    }

    #[test]
    fn different_definitions_clash_in_one_file_and_are_states_in_several() {
        let mut sample = Sample::default();
        sample.add("one.yaml", &NODE, "shop/cart", 1);
        sample.add("one.yaml", &NODE, "shop/cart", 2);
        for (version, file) in ["v1.yaml", "v2.yaml", "v3.yaml"].into_iter().enumerate() {
            sample.add(file, &NODE, "shop/stock", version as u64);
        }
        sample.add("again.yaml", &NODE, "shop/stock", 1);
        let mesh = sample.link();
        let clashes: Vec<_> = mesh.clashes().iter().map(|clash| (clash.first.index(), clash.later.index())).collect();
        assert_eq!(clashes, [(0, 1)]);
        assert_eq!(states(&mesh), [[2, 3, 4]]);
    }

    #[test]
    fn scopes_have_their_own_definitions() {
        let mut sample = Sample::default();
        sample.add("blue/a.yaml", &NODE, "shop/cart", 1);
        sample.add("green/a.yaml", &NODE, "shop/cart", 2);
        sample.add("green/b.yaml", &NODE, "shop/cart", 2);
        let mesh = sample.link();
        assert!(mesh.states().is_empty());
        assert_eq!(mesh.resources().count(), 2);
    }
}
