//! What App Mesh lets nodes call: their backends, and what the egress filter of the mesh adds.

use crate::mesh::{Name, Outbound, Resource};

use super::model::{Backend, EgressType, Field, List, Mesh, Ref, VirtualNode};

/// What the mesh lets nodes call beside their backends: nothing is the default (user guide, service meshes), but the
/// endpoints of the cloud are always let through.
pub(super) fn egress(model: &Mesh, is_partial: bool) -> Outbound {
    let dropped = || Outbound::Listed { namespaces: Vec::new(), suffixes: &[".amazonaws.com"] };
    match model.egress_filter.known().map(|filter| filter.kind.known()) {
        Some(Some(EgressType::AllowAll)) => Outbound::Anything,
        Some(Some(EgressType::DropAll)) => dropped(),
        None if model.egress_filter.is_absent() && !is_partial => dropped(),
        _ => Outbound::Unknown,
    }
}

/// What a node lists beside what its references name: a group called `*` stands for its whole namespace.
pub(super) fn backends(model: &VirtualNode, resource: &Resource) -> Outbound {
    let groups = || model.backend_groups.items().filter_map(Field::known);
    let stars = groups().filter(|group| group.name.known().is_some_and(|name| name.as_str() == "*"));
    let namespaces = stars.map(|group| {
        let written = group.namespace.known().filter(|name| !name.as_str().is_empty());
        written.or(resource.namespace.as_ref()).cloned()
    });
    let is_read = |backend: &Field<Box<Backend>>| {
        let service = backend.known().and_then(|backend| backend.virtual_service.known());
        service.is_some_and(|one| names(&one.reference) || one.arn.known().is_some() || one.name.known().is_some())
    };
    let is_whole = is_whole(&model.backends) && is_whole(&model.backend_groups) && !resource.is_partial;
    let all_read = model.backends.items().all(is_read) && model.backend_groups.items().all(names);
    listed(namespaces.collect(), is_whole && all_read)
}

pub(super) fn listed(namespaces: Vec<Option<Name>>, is_whole: bool) -> Outbound {
    if is_whole { Outbound::Listed { namespaces, suffixes: &[] } } else { Outbound::Unknown }
}

/// Whether a list is there with all of its items, or not there at all.
pub(super) fn is_whole<T>(field: &Field<List<T>>) -> bool {
    field.is_absent() || field.known().is_some_and(|list| !list.open)
}

/// Whether a reference has a name that is known.
pub(super) fn names(reference: &Field<Box<Ref>>) -> bool {
    reference.known().is_some_and(|reference| reference.name.known().is_some())
}
