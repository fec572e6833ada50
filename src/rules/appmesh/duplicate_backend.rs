//! A backend that a virtual node lists twice.

use rustc_hash::FxHashMap;

use crate::dialect::appmesh::model::{Field, VirtualNode};
use crate::finding::{Applicability, Change, Draft, Severity};
use crate::mesh::{By, Mesh, Name, Reference, Resource, ResourceId, Target};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("duplicate-backend", include_str!("../../../rules/duplicate-backend.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, node, model) in mesh.models::<VirtualNode>() {
        let mut by_name: FxHashMap<(By, Option<&Name>, &Name), &Reference> = FxHashMap::default();
        let mut by_target: FxHashMap<ResourceId, &Reference> = FxHashMap::default();
        for backend in backends(node, model) {
            let namespace = backend.namespace.as_ref().or(node.namespace.as_ref());
            let namespace = namespace.filter(|_| backend.by == By::Name);
            if let Some(first) = by_name.get(&(backend.by, namespace, &backend.name)) {
                out.push(repeated(node, first, backend));
                continue;
            }
            by_name.insert((backend.by, namespace, &backend.name), backend);
            let Target::Resolved(states) = &backend.target else { continue };
            let first = states.iter().find_map(|id| by_target.get(id)).filter(|first| first.by != backend.by);
            if let Some(first) = first {
                out.push(repeated(node, first, backend).severity(Severity::Warning));
            }
            for id in states {
                by_target.entry(*id).or_insert(backend);
            }
        }
    }
}

/// The backends of a node: by its ARN only where no name is written, since a backend with both is one backend.
fn backends<'r>(node: &'r Resource, model: &'r VirtualNode) -> impl Iterator<Item = &'r Reference> {
    let by_place: FxHashMap<u32, &Reference> = node.references.iter().map(|one| (one.span.start, one)).collect();
    let services = model.backends.items().filter_map(Field::known).filter_map(|one| one.virtual_service.known());
    services.filter_map(move |service| {
        let name = service.reference.known().map(|reference| reference.name.span);
        let other = if service.name.is_absent() { service.arn.span } else { service.name.span };
        by_place.get(&name.unwrap_or(other).start).copied()
    })
}

fn repeated(node: &Resource, first: &Reference, again: &Reference) -> Draft {
    let name = &again.name;
    let by_both = first.by != again.by;
    let draft = Draft::new("duplicate-backend", format!("{} lists backend `{name}` twice", node.title()))
        .at(node.at(again.span), if by_both { "the same virtual service again" } else { "listed again" })
        .at(node.at(first.span), if by_both { "listed here by its other name" } else { "listed here first" });
    let draft = if by_both {
        draft
            .why("the ARN and the reference lead to one virtual service, and the settings of only one of them can hold")
    } else {
        draft.why("the control plane refuses a virtual node with the same backend twice")
    };
    // The settings of the two may differ.
    let changes = [(again.span, Change::RemoveItem)];
    draft
        .help("remove one of the two")
        .remedy("remove the second one", Applicability::Unsafe, changes)
        .on(node.subject())
}
