//! What somebody says about the world outside of the manifests, and about how they belong together.

use rustc_hash::FxHashMap;

use crate::source::FileId;

use super::{Labels, Mesh, Name, Resource, Role};

/// What is said outright, and is not to be guessed.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Whether everything that there is stands in the manifests.
    pub is_closed: bool,
    /// What is there and stands elsewhere.
    pub elsewhere: Vec<Elsewhere>,
    /// The scopes that are said.
    pub scopes: Vec<Declared>,
    /// Which of them a file belongs to; scopes are guessed for the others.
    pub scope_of: FxHashMap<FileId, usize>,
}

/// A scope that is said.
#[derive(Clone, Debug)]
pub struct Declared {
    /// What it is called.
    pub name: String,
    /// Where that is said, in words.
    pub place: String,
}

/// Something that is there and stands elsewhere. Its names may hold placeholders, which stand for anything.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// What it is for; anything where that is not said.
    pub role: Option<Role>,
    /// The kind as written, for texts that cannot be read.
    pub kind: Option<Box<str>>,
    /// Its namespace; any where that is not said.
    pub namespace: Option<Name>,
    /// Its name; any where that is not said.
    pub name: Option<Name>,
    /// The labels of a namespace, where they are said.
    pub labels: Option<Labels>,
}

impl Elsewhere {
    /// Whether this may be something of a role in a namespace.
    fn may_be(&self, role: Role, namespace: Option<&Name>) -> bool {
        let is_of_role = self.role.is_none_or(|own| own == role);
        let is_spaced = !matches!(role, Role::Mesh | Role::Namespace);
        let is_there = match (&self.namespace, namespace) {
            (Some(own), Some(namespace)) => !own.same(namespace).is_no(),
            // The unnamed namespace may be any.
            (Some(_), None) => is_spaced,
            (None, _) => true,
        };
        is_of_role && is_there
    }

    fn is_called(&self, name: &Name) -> bool {
        self.name.as_ref().is_none_or(|own| !own.same(name).is_no())
    }
}

impl Mesh {
    /// Whether something of a role, namespace and name is said to stand elsewhere.
    pub(super) fn is_elsewhere(&self, role: Role, namespace: Option<&Name>, name: &Name) -> bool {
        self.world.elsewhere.iter().any(|one| one.may_be(role, namespace) && one.is_called(name))
    }

    /// Whether anything of a role is said to stand elsewhere.
    pub(super) fn has_elsewhere(&self, role: Role) -> bool {
        let is_cluster_wide = matches!(role, Role::Mesh | Role::Namespace);
        self.world.elsewhere.iter().any(|one| one.role.map_or(!is_cluster_wide, |own| own == role))
    }

    /// Whether something that a word speaks of, as an unread document would, is said to stand elsewhere: anywhere, or
    /// in the namespace of a resource. An empty word speaks of whatever may call others.
    pub(super) fn is_spoken_of_elsewhere(&self, word: &str, beside: Option<&Resource>) -> bool {
        let speaks = |one: &Elsewhere| match (&one.kind, one.role) {
            (None, _) => true,
            (Some(_), Some(role)) if word.is_empty() => role.is_of_mesh() && role != Role::Mesh,
            (_, Some(Role::Workload)) => word == "containers",
            (Some(kind), _) => **kind == *word,
        };
        let is_near = |one: &Elsewhere| match (&one.namespace, beside.and_then(|home| home.namespace.as_ref())) {
            (Some(own), Some(namespace)) => !own.same(namespace).is_no(),
            _ => true,
        };
        self.world.elsewhere.iter().any(|one| speaks(one) && is_near(one))
    }

    /// The labels that a namespace is said to have elsewhere.
    pub(super) fn labels_elsewhere<'m>(&'m self, namespace: &Name) -> impl Iterator<Item = &'m Labels> {
        let is_it = move |one: &&Elsewhere| one.role == Some(Role::Namespace) && one.is_called(namespace);
        self.world.elsewhere.iter().filter(is_it).filter_map(|one| one.labels.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{MESH, NAMESPACE, NODE, SERVICE, Sample, name, target, to};
    use super::super::{Membership, Miss, ResourceId, ScopeId, Target, Truth};
    use super::*;

    fn elsewhere(role: Option<Role>, kind: Option<&str>, namespace: Option<&str>, called: Option<&str>) -> Elsewhere {
        let name = |text: Option<&str>| text.map(self::name);
        Elsewhere { role, kind: kind.map(Into::into), namespace: name(namespace), name: name(called), labels: None }
    }

    /// A node `shop/front` that refers to a service `shop/cart` in a closed scope.
    fn sample() -> Sample {
        let mut sample = Sample::default();
        sample.add("a.yaml", &NODE, "shop/front", 1).references.push(to(&SERVICE, "cart"));
        sample.add("a.yaml", &MESH, "mesh", 1);
        sample.add("a.yaml", &NAMESPACE, "shop", 1);
        sample
    }

    #[test]
    fn what_is_elsewhere_does_not_dangle() {
        let service = Some(Role::Service);
        for (one, is_external) in [
            (elsewhere(service, Some("Service"), Some("shop"), Some("cart")), true),
            (elsewhere(service, Some("Service"), None, Some("c*")), true),
            (elsewhere(service, Some("Service"), None, None), true),
            (elsewhere(None, None, Some("shop"), None), true),
            (elsewhere(service, Some("Service"), Some("sales"), Some("cart")), false),
            (elsewhere(service, Some("Service"), Some("shop"), Some("stock")), false),
            (elsewhere(Some(Role::Node), Some("Node"), Some("shop"), Some("cart")), false),
        ] {
            let mut sample = sample();
            sample.world.elsewhere.push(one.clone());
            let mesh = sample.link();
            let expected = if is_external { Target::External } else { Target::Dangling(Miss::Nothing) };
            assert_eq!(*target(&mesh, 0), expected, "{one:?}");
            let home = mesh.resource(ResourceId::new(0));
            let space = Name::known("shop");
            let there = mesh.is_there(home, (Role::Service, "Service"), Some(&space), &Name::known("cart"));
            assert_eq!(there, if is_external { Truth::Unknown } else { Truth::No }, "{one:?}");
        }
    }

    #[test]
    fn what_is_here_counts_before_what_is_elsewhere() {
        let mut sample = sample();
        sample.add("a.yaml", &SERVICE, "shop/cart", 1);
        sample.world.elsewhere.push(elsewhere(None, None, Some("shop"), None));
        assert_eq!(*target(&sample.link(), 0), Target::Resolved(vec![ResourceId::new(3)]));
    }

    #[test]
    fn a_closed_world_needs_no_neighbour() {
        for (is_closed, expected) in [(false, Target::Unknown), (true, Target::Dangling(Miss::Nothing))] {
            let mut sample = Sample::default();
            sample.add("a.yaml", &NODE, "shop/front", 1).references.push(to(&SERVICE, "cart"));
            sample.world.is_closed = is_closed;
            assert_eq!(*target(&sample.link(), 0), expected);
        }
    }

    #[test]
    fn a_mesh_elsewhere_may_be_that_of_any_resource() {
        for (role, expected) in [(Role::Gateway, Membership::None), (Role::Mesh, Membership::Unknown)] {
            let mut sample = sample();
            sample.world.elsewhere.push(elsewhere(Some(role), Some("X"), None, None));
            assert_eq!(*sample.link().mesh_of(ResourceId::new(0)), expected, "{role:?}");
        }
    }

    #[test]
    fn scopes_that_are_said_are_not_guessed() {
        let mut sample = Sample::default();
        for (content, file) in ["a/dev.yaml", "a/prod.yaml", "b/x.yaml", "c/x.yaml"].into_iter().enumerate() {
            sample.add(file, &NODE, "shop/cart", content as u64);
        }
        sample.add("common.yaml", &SERVICE, "shop/cart", 1);
        for name in ["dev", "prod"] {
            sample.world.scopes.push(Declared { name: name.to_owned(), place: "here".to_owned() });
        }
        sample.world.scope_of.extend([(FileId::new(0), 0), (FileId::new(1), 1)]);
        let mesh = sample.link();
        let names: Vec<_> = mesh.scopes().iter().map(|scope| &*scope.directory).collect();
        assert_eq!(names, ["", "dev", "prod", "b", "c"]);
        let homes: Vec<_> = (0..5).map(|at| mesh.resource(ResourceId::new(at)).scope.index()).collect();
        assert_eq!(homes, [1, 2, 3, 4, 0]);
        assert!(mesh.scopes().sees(ScopeId(1), ScopeId::ROOT) && !mesh.scopes().sees(ScopeId(1), ScopeId(2)));
        assert!(mesh.states().is_empty());
    }
}
