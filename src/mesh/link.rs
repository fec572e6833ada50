//! Following references: what each leads to, or why it leads nowhere.

use crate::source::FileId;

use super::{By, Mesh, Miss, Name, Reference, Resource, ResourceId, Role, ScopeId, Target, Truth};

/// As many names are compared with one that leads nowhere, letter by letter.
const COMPARED: usize = 256;

/// A document that could not be read: whatever it may define does not dangle.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The file it stands in.
    pub file: FileId,
    /// The text of the document; empty where it may define anything.
    pub text: String,
    /// Whether it is a template: its names are made when it is rendered.
    pub is_template: bool,
    /// Whether it is understood but for its name, which is given elsewhere and may be any beside it.
    pub is_nameless: bool,
    /// The files, sorted, whose resources it is of concern to; `None` for all that are in its scope.
    pub reach: Option<Box<[FileId]>>,
}

impl Unread {
    fn may_define(&self, kind: &str, name: &str) -> bool {
        self.text.is_empty() || self.text.contains(kind) && (self.is_template || self.text.contains(name))
    }

    fn reaches(&self, file: FileId) -> bool {
        self.reach.as_ref().is_none_or(|files| files.binary_search(&file).is_ok())
    }
}

impl Mesh {
    /// What a reference leads to where it stands in a resource.
    #[must_use]
    pub fn follow(&self, from: ResourceId, reference: &Reference) -> Target {
        let home = self.resource(from);
        let namespace = reference.namespace.as_ref().or(home.namespace.as_ref());
        if reference.by == By::DeployedName {
            return self.follow_deployed(from, reference);
        }
        let role = reference.wants.role;
        let named = self.names_beside(home, role).named(role, namespace, &reference.name);
        let seen: Vec<_> =
            named.iter().filter(|(scope, _)| self.scopes.sees(home.scope, *scope)).map(|(_, id)| *id).collect();
        if !seen.is_empty() {
            let is_certain =
                home.kind.surface.is_cluster() || seen.iter().all(|id| self.leads_to(home, reference, *id));
            return if is_certain { Target::Resolved(seen) } else { Target::Unknown };
        }
        if self.is_elsewhere(role, namespace, &reference.name) {
            return Target::External;
        }
        if self.may_be_elsewhere(home, role, namespace, &reference.name) || !self.is_closed(from, namespace) {
            return Target::Unknown;
        }
        if let Some((_, id)) = named.first() {
            return Target::OtherScope(*id);
        }
        // A body of a call does not say its kind.
        let kind = if home.kind.surface.is_cluster() { reference.wants.name } else { "" };
        if self.is_unread(home, kind, &reference.name) {
            return Target::Unknown;
        }
        Target::Dangling(self.explain_miss(home, namespace, reference))
    }

    /// Whether a name in a template certainly means a resource of this name: what two templates leave open by the same
    /// words may differ, and what is there under a condition may not be there.
    fn leads_to(&self, home: &Resource, reference: &Reference, id: ResourceId) -> bool {
        let target = self.resource(id);
        (!reference.name.is_open() || target.file == home.file) && is_there_with(target, home)
    }

    /// Whether something of a kind, namespace and name is there for a resource to use: `No` only where
    /// neither a placeholder, nor another scope, nor a document that cannot be read can hold it.
    #[must_use]
    pub fn is_there(
        &self,
        home: &Resource,
        (role, kind): (Role, &str),
        namespace: Option<&Name>,
        name: &Name,
    ) -> Truth {
        let named = self.names_beside(home, role).named(role, namespace, name);
        if named.iter().any(|(scope, _)| self.scopes.sees(home.scope, *scope)) {
            return Truth::Yes;
        }
        let may_be = !named.is_empty()
            || self.is_elsewhere(role, namespace, name)
            || self.may_be_elsewhere(home, role, namespace, name)
            || self.is_unread(home, kind, name);
        if may_be { Truth::Unknown } else { Truth::No }
    }

    /// Whether a document that a resource sees and that cannot be read, or not before it is rendered, or that is said
    /// to stand elsewhere, may define something of a kind, or lead from it to a name.
    #[must_use]
    pub fn may_be_unread(&self, home: &Resource, kind: &str, name: &Name) -> bool {
        self.is_unread(home, kind, name) || self.is_spoken_of_elsewhere(kind, None)
    }

    fn is_unread(&self, home: &Resource, kind: &str, name: &Name) -> bool {
        let may_define = |(scope, unread): &(ScopeId, Unread)| {
            let may_be_it = unread.is_nameless && !home.kind.surface.is_cluster();
            self.scopes.sees(home.scope, *scope)
                && unread.reaches(home.file)
                && (may_be_it || unread.may_define(kind, name.as_str()))
        };
        self.unread.iter().any(may_define)
    }

    /// Whether a document that cannot be read, or is said to stand elsewhere, may hold something of a kind in the
    /// namespace of a resource.
    #[must_use]
    pub fn may_hide_beside(&self, home: &Resource, kind: &str) -> bool {
        // What lives in no named namespace may be in any document.
        let any = Name::known("");
        self.is_unread(home, kind, home.namespace.as_ref().unwrap_or(&any))
            || self.is_spoken_of_elsewhere(kind, Some(home))
    }

    /// The control plane looks a name of its own up in the mesh that the reference stands in.
    fn follow_deployed(&self, from: ResourceId, reference: &Reference) -> Target {
        let (role, home) = (reference.wants.role, self.resource(from));
        let all = self.index.deployed(role, &reference.name).iter().chain(self.cloud.deployed(role, &reference.name));
        let seen = all.filter(|(scope, _)| self.scopes.sees(home.scope, *scope)).map(|(_, id)| *id);
        let is_of_mesh = |id: &ResourceId| {
            let is_one = self.share_mesh(from, *id);
            let is_alike = self.resource(*id).kind.surface.is_cluster() == home.kind.surface.is_cluster();
            if is_alike { !is_one.is_no() } else { is_one.is_yes() }
        };
        let seen: Vec<_> = seen.filter(is_of_mesh).collect();
        if seen.is_empty() { Target::External } else { Target::Resolved(seen) }
    }

    /// Whether a name that is not found as written may still be there once placeholders are filled in,
    /// or once the unnamed namespace has a name.
    fn may_be_elsewhere(&self, home: &Resource, role: Role, namespace: Option<&Name>, name: &Name) -> bool {
        let agrees = |id: ResourceId| {
            let other = self.resource(id);
            let spaces = same_namespace(namespace, other.namespace.as_ref());
            !spaces.and(name.same(&other.name)).is_no() && self.scopes.sees(home.scope, other.scope)
        };
        let index = self.names_beside(home, role);
        if index.open(role).iter().any(|id| agrees(*id)) {
            return true;
        }
        if name.is_open() {
            // What a deployment fills in may come from another one, and a name of which nothing is written from anywhere.
            let says_nothing = !home.kind.surface.is_cluster() || name.literals().all(str::is_empty);
            return says_nothing || index.beginning(role, name.known_prefix()).any(agrees);
        }
        let spaces_differ = namespace.is_none_or(Name::is_open);
        let same_name = || index.called(role, name);
        // A named namespace may be the unnamed one, and the other way round.
        let unnamed = || !index.named(role, None, name).is_empty();
        if spaces_differ { same_name().any(agrees) } else { unnamed() }
    }

    /// Whether the scope of a resource holds the place where another one of a namespace would live: a mesh,
    /// and the namespace or something else in it. In a world that is said to be closed it always does.
    #[must_use]
    pub fn is_closed(&self, from: ResourceId, namespace: Option<&Name>) -> bool {
        if self.world.is_closed {
            return true;
        }
        let home = self.resource(from);
        if !home.kind.surface.is_cluster() {
            return namespace.is_some_and(|mesh| self.is_mesh_closed(home, mesh));
        }
        let seen = |id: ResourceId| self.scopes.sees(home.scope, self.resource(id).scope);
        let has_mesh = self.index.of_role(Role::Mesh).iter().any(|(_, id)| seen(*id));
        let has_namespace = || {
            let Some(name) = namespace else { return false };
            self.index.named(Role::Namespace, None, name).iter().any(|(_, id)| seen(*id))
        };
        has_mesh && (has_namespace() || self.index.is_inhabited(namespace, from, home.scope, &self.scopes))
    }

    /// Whether all members of a mesh are among what a resource sees: the mesh is defined there, and nothing says that
    /// others add to it.
    fn is_mesh_closed(&self, home: &Resource, mesh: &Name) -> bool {
        let is_it = |own: &Resource| {
            let is_certain = !mesh.is_open() || own.file == home.file;
            is_certain && self.scopes.sees(home.scope, own.scope) && is_there_with(own, home)
        };
        let is_here = self.cloud.named(Role::Mesh, None, mesh).iter().any(|(_, id)| is_it(self.resource(*id)));
        // Objects of a cluster may be members of the mesh by the name that the control plane knows.
        let in_cluster = || {
            let meshes = self.index.of_role(Role::Mesh);
            let may_be_it =
                |own: &Resource| own.deployed_name.as_ref().is_none_or(|(name, _)| !name.same(mesh).is_no());
            let members = [Role::Node, Role::Service, Role::Router, Role::Gateway];
            let has_members = || members.iter().any(|role| !self.index.of_role(*role).is_empty());
            meshes.iter().any(|(_, id)| may_be_it(self.resource(*id))) || meshes.is_empty() && has_members()
        };
        // What a document holds that cannot be read, or does not say its name, may be any member.
        let may_hold = |(scope, unread): &(ScopeId, Unread)| {
            (unread.is_nameless || unread.may_define("", mesh.as_str())) && self.scopes.sees(home.scope, *scope)
        };
        is_here && !self.cloud.is_shared(mesh) && !in_cluster() && !self.unread.iter().any(may_hold)
    }

    /// What a route that is a resource of its own names, where that is in another mesh alone.
    #[must_use]
    pub fn owner_elsewhere(&self, route: ResourceId, role: Role) -> Option<ResourceId> {
        let home = self.resource(route);
        let (namespace, name) = home.attached_to.as_ref().filter(|(_, name)| !name.is_open())?;
        let namespace = namespace.as_ref().filter(|_| !home.kind.surface.is_cluster())?;
        let index = self.names_beside(home, role);
        let is_seen = |id: &ResourceId| self.scopes.sees(home.scope, self.resource(*id).scope);
        if index.named(role, Some(namespace), name).iter().any(|(_, id)| is_seen(id))
            || self.may_be_elsewhere(home, role, Some(namespace), name)
            || !self.is_closed(route, Some(namespace))
            || self.may_be_unread(home, "", name)
        {
            return None;
        }
        let mut others = index.called(role, name).filter(is_seen);
        others.next().filter(|_| others.next().is_none())
    }

    fn explain_miss(&self, home: &Resource, namespace: Option<&Name>, reference: &Reference) -> Miss {
        let role = reference.wants.role;
        let seen = |id: &ResourceId| self.scopes.sees(home.scope, self.resource(*id).scope);
        let index = self.names_beside(home, role);
        let deployed = index.deployed(role, &reference.name).iter().map(|(_, id)| *id);
        let deployed = deployed.filter(|_| home.kind.surface.is_cluster());
        if let Some(id) =
            deployed.filter(seen).find(|id| !same_namespace(namespace, self.resource(*id).namespace.as_ref()).is_no())
        {
            return Miss::DeployedName(id);
        }
        let same_name = |role: Role| index.called(role, &reference.name).filter(seen);
        let mut elsewhere: Vec<_> = same_name(role).collect();
        elsewhere.dedup_by_key(|id| self.resource(*id).namespace.clone());
        if let [only] = elsewhere[..] {
            return Miss::OtherNamespace(only);
        }
        let here = |id: &ResourceId| {
            // A service and the node behind it often have one name: that of the resource itself explains nothing.
            let other = self.resource(*id);
            !std::ptr::eq(other, home) && same_namespace(namespace, other.namespace.as_ref()).is_yes()
        };
        let others = [Role::Service, Role::Router, Role::Node, Role::Gateway, Role::Group];
        let of_other_role =
            others.iter().filter(|other| **other != role).find_map(|other| same_name(*other).find(here));
        if let Some(id) = of_other_role {
            return Miss::OtherKind(id);
        }
        self.near_name(home, namespace, reference).map_or(Miss::Nothing, Miss::NearName)
    }

    /// The resource whose name is nearest, if it is near enough to be a slip of the finger. Only names
    /// that share the first character are looked at, and of many the closest in the order of names, so that
    /// a miss costs little in a big mesh.
    fn near_name(&self, home: &Resource, namespace: Option<&Name>, reference: &Reference) -> Option<ResourceId> {
        let wanted = reference.name.as_known()?;
        let limit = 1 + wanted.len() / 6;
        let role = reference.wants.role;
        self.names_beside(home, role)
            .like(role, wanted, COMPARED)
            .map(|id| (id, self.resource(id)))
            .filter(|(_, other)| other.name.as_str().len().abs_diff(wanted.len()) <= limit)
            .filter(|(_, other)| self.scopes.sees(home.scope, other.scope))
            .filter(|(_, other)| same_namespace(namespace, other.namespace.as_ref()).is_yes())
            .map(|(id, other)| (strsim::damerau_levenshtein(wanted, other.name.as_str()), id))
            .filter(|(distance, _)| *distance <= limit)
            .min()
            .map(|(_, id)| id)
    }
}

/// Whether a resource is there whenever another one is, as far as the conditions of a template go.
pub(super) fn is_there_with(one: &Resource, other: &Resource) -> bool {
    one.condition.is_none() || one.condition == other.condition && one.file == other.file
}

/// Whether two namespaces are one. Resources without a namespace share one, whose name the client
/// that applies them gives.
pub(super) fn same_namespace(a: Option<&Name>, b: Option<&Name>) -> Truth {
    match (a, b) {
        (Some(a), Some(b)) => a.same(b),
        (None, None) => Truth::Yes,
        _ => Truth::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{GROUP, MESH, NAMESPACE, NODE, ROUTER, SERVICE, Sample, name, target, to};
    use super::*;

    /// What the reference leads to that a node `shop/front` holds beside services of these names.
    fn follow(reference: Reference, services: &[&str]) -> Target {
        let mut sample = Sample::default();
        sample.add("a.yaml", &NODE, "shop/front", 1).references.push(reference);
        sample.add("a.yaml", &MESH, "mesh", 1);
        sample.add("a.yaml", &NAMESPACE, "shop", 1);
        for service in services {
            sample.add("b.yaml", &SERVICE, service, 1);
        }
        target(&sample.link(), 0).clone()
    }

    #[test]
    fn names_lead_to_what_they_name() {
        let third = || Target::Resolved(vec![ResourceId::new(3)]);
        let miss = Target::Dangling;
        for (written, services, expected) in [
            ("cart", &["shop/cart"][..], third()),
            ("sales/cart", &["sales/cart"], third()),
            ("*", &["shop/*"], third()),
            ("cart", &[], miss(Miss::Nothing)),
            ("cart", &["shop/catr"], miss(Miss::NearName(ResourceId::new(3)))),
            ("cart", &["sales/cart"], miss(Miss::OtherNamespace(ResourceId::new(3)))),
            ("cart", &["sales/cart", "bank/cart"], miss(Miss::Nothing)),
            // Nothing says that the namespace is among the manifests.
            ("sales/cart", &["shop/cart"], Target::Unknown),
            // What could be the same once the placeholders are filled in.
            ("cart-*", &["shop/cart-1"], Target::Unknown),
            ("cart", &["shop/*"], Target::Unknown),
            ("cart", &["*/cart"], Target::Unknown),
            ("*/cart", &["shop/cart"], Target::Unknown),
            ("cart", &["cart"], Target::Unknown),
            // What could not.
            ("cart-*", &["shop/stock-1"], miss(Miss::Nothing)),
            ("cart", &["shop/stock-*"], miss(Miss::Nothing)),
        ] {
            assert_eq!(follow(to(&SERVICE, written), services), expected, "{written} among {services:?}");
        }
    }

    #[test]
    fn the_world_is_closed_only_by_a_mesh_and_a_neighbour() {
        for (kinds, expected) in [
            (&[][..], Target::Unknown),
            (&[&MESH][..], Target::Unknown),
            (&[&NAMESPACE], Target::Unknown),
            (&[&MESH, &NAMESPACE], Target::Dangling(Miss::Nothing)),
            (&[&MESH, &ROUTER], Target::Dangling(Miss::Nothing)),
        ] {
            let mut sample = Sample::default();
            sample.add("a.yaml", &NODE, "shop/front", 1).references.push(to(&SERVICE, "cart"));
            for kind in kinds {
                let name = if kind.role == Role::Router { "shop/other" } else { "shop" };
                sample.add("a.yaml", kind, name, 1);
            }
            assert_eq!(*target(&sample.link(), 0), expected, "{kinds:?}");
        }
    }

    #[test]
    fn unread_documents_may_define_what_they_speak_of() {
        for (text, is_template, is_unknown) in [
            ("kind: Service, name: cart", false, true),
            ("kind: Service, name: stock", false, false),
            ("kind: Node, name: cart", false, false),
            ("kind: Service, name: {{ .Values.name }}", true, true),
            ("kind: Node, name: {{ .Values.name }}", true, false),
        ] {
            let mut sample = Sample::default();
            sample.add("a.yaml", &NODE, "shop/front", 1).references.push(to(&SERVICE, "cart"));
            sample.add("a.yaml", &MESH, "mesh", 1);
            sample.add("a.yaml", &NAMESPACE, "shop", 1);
            sample.unread("b.yaml", text, is_template);
            assert_eq!(*target(&sample.link(), 0) == Target::Unknown, is_unknown, "{text}");
        }
    }

    #[test]
    fn a_reference_leads_to_every_state_and_to_what_is_shared() {
        let mut sample = Sample::default();
        sample.add("app.yaml", &NODE, "shop/front", 1).references.push(to(&SERVICE, "cart"));
        sample.add("v1.yaml", &SERVICE, "shop/cart", 1);
        sample.add("v2.yaml", &SERVICE, "shop/cart", 2);
        sample.add("blue/v3.yaml", &SERVICE, "shop/cart", 3);
        sample.add("green/v4.yaml", &SERVICE, "shop/cart", 4);
        let mesh = sample.link();
        assert_eq!(*target(&mesh, 0), Target::Resolved([1, 2, 3, 4].map(ResourceId::new).to_vec()));
        assert_eq!(mesh.referrers(ResourceId::new(4)).next().map(|(from, _)| from.index()), Some(0));
    }

    #[test]
    fn what_only_a_sibling_has_is_in_another_scope() {
        let mut sample = Sample::default();
        sample.add("mesh.yaml", &MESH, "mesh", 1);
        sample.add("blue/a.yaml", &NODE, "shop/front", 1).references.push(to(&SERVICE, "cart"));
        sample.add("blue/a.yaml", &NODE, "shop/cart", 1);
        sample.add("green/a.yaml", &NODE, "shop/cart", 2);
        sample.add("green/a.yaml", &SERVICE, "shop/cart", 1);
        assert_eq!(*target(&sample.link(), 1), Target::OtherScope(ResourceId::new(4)));
    }

    #[test]
    fn a_name_that_explains_a_miss_is_of_the_namespace() {
        let deployed = |name: &str| Some((self::name(name), crate::source::Span::default()));
        for (kind, deployed_name, written, expected) in [
            (&SERVICE, deployed("cart.local"), "cart.local", Miss::DeployedName(ResourceId::new(3))),
            (&ROUTER, None, "cart", Miss::OtherKind(ResourceId::new(3))),
        ] {
            let mut sample = Sample::default();
            sample.add("a.yaml", &NODE, "shop/front", 1).references.push(to(&SERVICE, written));
            sample.add("a.yaml", &MESH, "mesh", 1);
            sample.add("a.yaml", &NAMESPACE, "shop", 1);
            sample.add("a.yaml", kind, "shop/cart", 1).deployed_name = deployed_name;
            assert_eq!(*target(&sample.link(), 0), Target::Dangling(expected), "{written}");
        }
        // A service that names a node of its own name explains nothing by itself.
        let mut sample = Sample::default();
        sample.add("a.yaml", &SERVICE, "shop/cart", 1).references.push(to(&NODE, "cart"));
        sample.add("a.yaml", &MESH, "mesh", 1);
        sample.add("a.yaml", &NAMESPACE, "shop", 1);
        assert_eq!(*target(&sample.link(), 0), Target::Dangling(Miss::Nothing));
    }

    #[test]
    fn a_near_name_is_found_among_many() {
        let names: Vec<_> = (0..4 * COMPARED).map(|at| format!("shop/service-{at:04}-of-many")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        for (written, near) in
            [("service-0000-of-man", 0), ("service-0512-of-mnay", 512), ("service-1023-of-maany", 1023)]
        {
            let expected = Target::Dangling(Miss::NearName(ResourceId::new(near + 3)));
            assert_eq!(follow(to(&SERVICE, written), &names), expected, "{written}");
        }
    }

    #[test]
    fn deployed_names_lead_out_of_the_manifests() {
        let by_name = |wanted: &str| Reference { by: By::DeployedName, ..to(&SERVICE, wanted) };
        for (wanted, expected) in
            [("cart.local", Target::Resolved(vec![ResourceId::new(1)])), ("cart", Target::External)]
        {
            let mut sample = Sample::default();
            sample.add("a.yaml", &NODE, "shop/front", 1).references.push(by_name(wanted));
            sample.add("a.yaml", &SERVICE, "sales/cart", 1).deployed_name =
                Some((name("cart.local"), crate::source::Span::default()));
            assert_eq!(*target(&sample.link(), 0), expected, "{wanted}");
        }
    }

    #[test]
    fn relative_names_dangle_only_for_those_who_use_them() {
        for (user, expected) in [
            (None, Target::Unknown),
            (Some("sales/front"), Target::Unknown),
            (Some("shop/front"), Target::Dangling(Miss::OtherNamespace(ResourceId::new(3)))),
        ] {
            let mut sample = Sample::default();
            let member = Reference { is_relative: true, ..to(&SERVICE, "cart") };
            sample.add("a.yaml", &GROUP, "shop/common", 1).references.push(member);
            sample.add("a.yaml", &MESH, "mesh", 1);
            sample.add("a.yaml", &NAMESPACE, "shop", 1);
            sample.add("a.yaml", &SERVICE, "bank/cart", 1);
            if let Some(user) = user {
                sample.add("a.yaml", &NODE, user, 1).references.push(to(&GROUP, "shop/common"));
            }
            assert_eq!(*target(&sample.link(), 0), expected, "{user:?}");
        }
    }
}
