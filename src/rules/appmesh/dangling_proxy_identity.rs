//! A proxy in a task that serves a virtual node or gateway which is not there.

use rustc_hash::FxHashSet;

use super::task::is_in;
use crate::dialect::appmesh::model::{Served, TaskDefinition};
use crate::finding::{Draft, Span};
use crate::mesh::{Mesh, Name, Resource, ResourceId, Role, ScopeId};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("dangling-proxy-identity", include_str!("../../../rules/dangling-proxy-identity.md")).mesh(check);

/// As many names are compared with one that is not there.
const COMPARED: usize = 256;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let mut world = None;
    for (_, resource, task) in mesh.models::<TaskDefinition>() {
        let Some((Served::One { mesh: home, is_shared: false, role, name }, span)) = task.served() else { continue };
        if name.is_open() || mesh.deployed(resource, *role, name).iter().any(|id| !is_in(mesh, *id, home).is_no()) {
            continue;
        }
        let world = world.get_or_insert_with(|| World::new(mesh));
        if world.is_closed(resource, home, name) && !world.may_be_there(resource, home, *role, name) {
            out.push(dangling(world, resource, (home, *role, name), span));
        }
    }
}

/// What is known of the virtual nodes and gateways of all meshes.
struct World<'m> {
    mesh: &'m Mesh,
    /// Where members of a mesh stand, by what ends the names that are made there: each place once.
    inhabited: FxHashSet<(ScopeId, &'m Name, Option<&'m Name>)>,
    /// Those of whose names not all is known.
    open: Vec<ResourceId>,
}

impl<'m> World<'m> {
    fn new(mesh: &'m Mesh) -> Self {
        let mut world = Self { mesh, inhabited: FxHashSet::default(), open: Vec::new() };
        for (id, one) in mesh.of_role(Role::Node).chain(mesh.of_role(Role::Gateway)) {
            if one.deployed_name.as_ref().is_none_or(|(name, _)| name.is_open()) {
                world.open.push(id);
            }
            if !one.kind.surface.is_cluster() {
                world.inhabited.extend(one.namespace.as_ref().map(|home| (one.scope, home, None)));
            } else {
                let home = mesh.mesh_of(id).one().and_then(|home| mesh.resource(home).deployed_name.as_ref());
                let home = home.filter(|(home, _)| is_in(mesh, id, home).is_yes());
                world.inhabited.extend(home.map(|(home, _)| (one.scope, home, one.namespace.as_ref())));
            }
        }
        world
    }

    /// Whether the place is here in which something of this name would stand: its mesh with other members. The
    /// controller ends names with the namespace, so that the namespace has to be here, too.
    fn is_closed(&self, task: &Resource, home: &Name, name: &Name) -> bool {
        let ends_in = |space: &Name| {
            let before = space.as_known().and_then(|space| name.as_str().strip_suffix(space));
            before.is_some_and(|before| before.ends_with('_'))
        };
        let is_here = |(scope, own, space): &(ScopeId, &Name, Option<&Name>)| {
            self.mesh.scopes().sees(task.scope, *scope) && own.same(home).is_yes() && space.is_none_or(&ends_in)
        };
        // A name that is filled in elsewhere, too, may be another one there.
        let is_meant = |id: &ResourceId| !home.is_open() || self.mesh.resource(*id).file == task.file;
        self.mesh.deployed(task, Role::Mesh, home).iter().any(is_meant) && self.inhabited.iter().any(is_here)
    }

    fn may_be_there(&self, task: &Resource, home: &Name, role: Role, name: &Name) -> bool {
        let kind = if role == Role::Gateway { "irtualGateway" } else { "irtualNode" };
        let may_be = |id: &ResourceId| {
            let one = self.mesh.resource(*id);
            one.kind.role == role
                && self.mesh.scopes().sees(task.scope, one.scope)
                && one.deployed_name.as_ref().is_none_or(|(own, _)| !own.same(name).is_no())
                && !is_in(self.mesh, *id, home).is_no()
        };
        self.open.iter().any(may_be) || self.mesh.may_be_unread(task, kind, name)
    }

    /// The resource of the mesh whose name is nearest, if it may have been meant; one of the other role with the very name
    /// is.
    fn near(&self, task: &Resource, home: &Name, role: Role, name: &Name) -> Option<ResourceId> {
        let other = if role == Role::Gateway { Role::Node } else { Role::Gateway };
        let mut namesakes = self.mesh.deployed(task, other, name).into_iter();
        let is_member = |id: &ResourceId| is_in(self.mesh, *id, home).is_yes();
        if let Some(namesake) = namesakes.find(is_member) {
            return Some(namesake);
        }
        let limit = 1 + name.as_str().len() / 6;
        let members = self.mesh.of_role(role).take(COMPARED).filter(|(id, _)| is_member(id));
        let named = members.filter_map(|(id, one)| Some((id, one.deployed_name.as_ref()?.0.as_known()?)));
        let near = named.filter(|(_, own)| own.len().abs_diff(name.as_str().len()) <= limit);
        let distances = near.map(|(id, own)| (strsim::damerau_levenshtein(own, name.as_str()), id));
        distances.filter(|(distance, _)| *distance <= limit).min().map(|(_, id)| id)
    }
}

fn dangling(world: &World<'_>, task: &Resource, (home, role, name): (&Name, Role, &Name), span: Span) -> Draft {
    let kind = if role == Role::Gateway { "virtual gateway" } else { "virtual node" };
    let draft = Draft::new("envoy-arn-dangling", format!("the mesh `{home}` has no {kind} `{name}`"))
        .at(task.at(span), "what the proxy asks for")
        .why("the control plane refuses a proxy that asks for something that is not there, and it takes no traffic");
    let draft = match world.near(task, home, role, name).map(|id| world.mesh.resource(id)) {
        Some(other) if other.kind.role != role => {
            let message = format!("{} has this name", other.title());
            draft.at(other.place(), message).help("write the kind that it is into the ARN")
        }
        Some(other) => {
            let own = other.deployed_name.as_ref().map_or("", |(own, _)| own.as_str());
            draft.at(other.place(), format!("`{own}` is there")).help(format!("write `{own}`"))
        }
        None => draft.help(format!("name a {kind} of the mesh, or make this one")),
    };
    draft.on(task.subject())
}
