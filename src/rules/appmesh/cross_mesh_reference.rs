//! A reference from a member of one mesh to a member of another.

use crate::finding::{Draft, Span};
use crate::mesh::{By, Mesh, Miss, Name, Reference, Resource, ResourceId, Role, Target};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("cross-mesh-reference", include_str!("../../../rules/cross-mesh-reference.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    by_name(mesh, out);
    // A group belongs to no node's mesh in particular: its members are held against each node that lists it.
    for (id, from) in mesh.resources().filter(|(_, from)| from.kind.role != Role::Group) {
        for reference in &from.references {
            let Some(target) = target(mesh, reference) else { continue };
            if reference.wants.role != Role::Group {
                if mesh.share_mesh(id, target).is_no() {
                    out.push(crossing(mesh, id, reference, reference, target));
                }
                continue;
            }
            for member in &mesh.resource(target).references {
                // A member without a namespace is looked up in the node's own, which is in the node's mesh.
                let service = if member.is_relative { None } else { self::target(mesh, member) };
                if let Some(service) = service.filter(|service| mesh.share_mesh(id, *service).is_no()) {
                    out.push(crossing(mesh, id, reference, member, service));
                }
            }
        }
    }
}

/// Names that are looked up in the mesh of the resource that they stand in, and are those of another mesh alone.
fn by_name(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, from) in mesh.resources().filter(|(_, from)| !from.kind.surface.is_cluster()) {
        for reference in &from.references {
            if let Target::Dangling(Miss::OtherNamespace(target)) = reference.target {
                out.extend(mismatch(from, reference.words, &reference.name, reference.span, mesh.resource(target)));
            }
        }
        let owner = match from.kind.role {
            Role::Route => mesh.owner_elsewhere(id, Role::Router),
            Role::GatewayRoute => mesh.owner_elsewhere(id, Role::Gateway),
            _ => None,
        };
        if let (Some(owner), Some(name)) = (owner.map(|owner| mesh.resource(owner)), from.parent()) {
            out.extend(mismatch(from, owner.kind.words, name, from.attached_at, owner));
        }
    }
}

fn mismatch(from: &Resource, words: &str, name: &Name, span: Span, to: &Resource) -> Option<Draft> {
    let (ours, theirs) = (from.namespace.as_ref()?.as_known()?, to.namespace.as_ref()?.as_known()?);
    let message = format!("{words} `{name}` is in mesh `{theirs}`, and {} in mesh `{ours}`", from.title());
    let draft = Draft::new("cfn-mesh-mismatch", message)
        .at(from.at(span), format!("looked up in mesh `{ours}`"))
        .at(to.place(), format!("{} is a member of mesh `{theirs}`", to.title()))
        .why("App Mesh looks a name up in the mesh of the resource that it stands in, and finds nothing there")
        .help("give both the same mesh");
    Some(draft.on(from.subject()))
}

/// What a reference by name leads to, where it is one thing.
fn target(mesh: &Mesh, reference: &Reference) -> Option<ResourceId> {
    match &reference.target {
        Target::Resolved(states) if reference.by == By::Name => {
            // States of one object live in one namespace, and so in one mesh.
            states.first().copied().filter(|first| states.iter().all(|id| mesh.share_mesh(*first, *id).is_yes()))
        }
        _ => None,
    }
}

fn crossing(mesh: &Mesh, id: ResourceId, written: &Reference, last: &Reference, target: ResourceId) -> Draft {
    let (from, to) = (mesh.resource(id), mesh.resource(target));
    let (ours, theirs) = (mesh_name(mesh, id), mesh_name(mesh, target));
    let through = if std::ptr::eq(written, last) { String::new() } else { format!(" of group `{}`", written.name) };
    let words = last.words;
    let message =
        format!("{words} `{}`{through} is in mesh `{theirs}`, and {} in mesh `{ours}`", last.name, from.title());
    Draft::new("cross-mesh-reference", message)
        .at(from.at(written.span), format!("leads into mesh `{theirs}`"))
        .at(to.place(), format!("{} is a member of mesh `{theirs}`", to.title()))
        .why(format!("the controller refuses to create {} while what it refers to is in another mesh", from.title()))
        .help(format!("refer to a {} of mesh `{ours}`, or put both namespaces into one mesh", last.wants.words))
        .on(from.subject())
}

fn mesh_name(mesh: &Mesh, id: ResourceId) -> String {
    mesh.mesh_of(id).one().map(|own| mesh.resource(own)).map(|own: &Resource| own.name.to_string()).unwrap_or_default()
}
