//! Two objects that App Mesh knows under one name, so that one overwrites the other.

use rustc_hash::FxHashMap;

use crate::finding::Draft;
use crate::mesh::{Membership, Mesh, Name, Resource, ResourceId, Role, ScopeId};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("duplicate-aws-name", include_str!("../../../rules/duplicate-aws-name.md")).mesh(check);

/// Where a name has to be unique.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Space {
    Mesh(ResourceId),
    Gateway(ResourceId),
    /// The objects of a namespace are members of one mesh, whichever it is.
    Namespace(Option<Name>),
}

/// A name of a role in a space, as far as a scope reaches.
type Key<'m> = (Role, &'m Name, Space, ScopeId);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for clash in mesh.clashes() {
        let (first, later) = (mesh.resource(clash.first), mesh.resource(clash.later));
        if !later.kind.surface.is_cluster() && later.kind.role != Role::Route {
            out.push(duplicate(first, later, &later.name));
        }
    }
    // Two objects of each key are enough: whoever comes next shares its name with one of them.
    let mut seen: FxHashMap<Key<'_>, Vec<ResourceId>> = FxHashMap::default();
    let mut named = Vec::new();
    for (id, resource) in
        mesh.resources().filter(|(_, one)| one.kind.role != Role::Mesh && one.kind.surface.is_cluster())
    {
        let Some((name, _)) = &resource.deployed_name else { continue };
        let Some(space) = space(mesh, id, resource) else { continue };
        let key = (resource.kind.role, name, space, resource.scope);
        let holders = seen.entry(key.clone()).or_default();
        if holders.len() < 2 && holders.iter().all(|other| !is_one(mesh.resource(*other), resource)) {
            holders.push(id);
        }
        named.push((id, resource, key));
    }
    for (id, resource, (role, name, space, scope)) in named {
        // The states of one object count once.
        if states(mesh, resource).first() != Some(&id) {
            continue;
        }
        let outward = mesh.scopes().outward(scope);
        let holders = outward.filter_map(|at| seen.get(&(role, name, space.clone(), at))).flatten().copied();
        let other = holders.filter(|other| at_home(mesh, *other, id)).find(|other| {
            let other = mesh.resource(*other);
            !is_one(other, resource)
                && is_certain(mesh, resource, name, other)
                && is_certain(mesh, other, name, resource)
        });
        if let Some(other) = other {
            let (first, later) = if other < id { (other, id) } else { (id, other) };
            out.push(duplicate(mesh.resource(first), mesh.resource(later), name));
        }
    }
}

/// In one scope the later of two speaks for both.
fn at_home(mesh: &Mesh, other: ResourceId, id: ResourceId) -> bool {
    mesh.resource(other).scope != mesh.resource(id).scope || other < id
}

fn space(mesh: &Mesh, id: ResourceId, resource: &Resource) -> Option<Space> {
    if resource.kind.role == Role::GatewayRoute {
        return mesh.gateway_of(id).one().map(Space::Gateway);
    }
    Some(match mesh.mesh_of(id) {
        Membership::One(states) => Space::Mesh(*states.first()?),
        _ => Space::Namespace(resource.namespace.clone()),
    })
}

fn is_one(a: &Resource, b: &Resource) -> bool {
    a.namespace == b.namespace && a.name == b.name
}

fn states(mesh: &Mesh, of: &Resource) -> Vec<ResourceId> {
    mesh.find(of, of.kind.role, of.namespace.as_ref(), &of.name)
}

/// Whether every state of an object has the name, in the file of the other where placeholders make it:
/// two files may be filled in differently.
fn is_certain(mesh: &Mesh, of: &Resource, name: &Name, other: &Resource) -> bool {
    let mut states = states(mesh, of).into_iter().map(|id| mesh.resource(id));
    states.all(|state| {
        let has_name = state.deployed_name.as_ref().is_some_and(|(own, _)| own == name);
        has_name && (!name.is_open() || state.file == other.file)
    })
}

fn duplicate(first: &Resource, later: &Resource, name: &Name) -> Draft {
    let place = |of: &Resource| of.at(of.deployed_name.as_ref().map_or(of.name_span, |(_, span)| *span));
    let message = match later.kind.surface.is_cluster() {
        false => format!("{} is defined twice", later.title()),
        true => format!("{} and {} share the name `{name}` in App Mesh", later.title(), first.title()),
    };
    let draft = Draft::new("duplicate-aws-name", message)
        .at(place(later), format!("the name of {} again", first.title()))
        .at(place(first), format!("{} has it first", first.title()))
        .on(later.subject());
    if !later.kind.surface.is_cluster() {
        return draft.why("App Mesh refuses the second resource of a name").help("give one of them another name");
    }
    draft
        .why("the controller writes both to one object in AWS, and each reconciliation replaces what the other wrote")
        .help("give one of them another `awsName`, or leave it out")
}
