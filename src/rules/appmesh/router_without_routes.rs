//! A virtual router that provides a service and has no route.

use crate::dialect::appmesh::model::VirtualRouter;
use crate::finding::Draft;
use crate::mesh::{Mesh, ResourceId, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("router-without-routes", include_str!("../../../rules/router-without-routes.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, router, model) in mesh.models::<VirtualRouter>().filter(|(_, one, _)| one.kind.role == Role::Router) {
        // A router may get its routes in a later state of its own.
        let states = mesh.find(router, Role::Router, router.namespace.as_ref(), &router.name);
        if states.first() != Some(&id) || !states.iter().all(|state| is_bare(mesh, *state)) {
            continue;
        }
        let mut users = mesh.referrers(id).filter(|(user, _)| mesh.resource(*user).kind.role == Role::Service);
        let Some((user, reference)) = users.next() else { continue };
        let service = mesh.resource(user);
        let place = if model.routes.is_absent() { router.spec_key } else { model.routes.key };
        out.push(
            Draft::new("router-without-routes", format!("{} has no routes", router.title()))
                .at(router.at(place), "there is no route here")
                .at(service.at(reference.span), format!("it provides {}", service.title()))
                .why("every request for the virtual service gets 404, since no route takes it")
                .help("write at least one route, or let a virtual node provide the service")
                .on(router.subject()),
        );
    }
}

fn is_bare(mesh: &Mesh, id: ResourceId) -> bool {
    let router = mesh.resource(id);
    if !router.kind.surface.is_cluster() {
        // Its routes are resources of their own, which may be made elsewhere unless others are among the manifests.
        return mesh.routes_of(id).is_empty()
            && !mesh.has_stray_routes(id)
            && mesh.is_closed(id, router.namespace.as_ref())
            && mesh.beside(router, Role::Route).next().is_some();
    }
    let Some(model) = router.model::<VirtualRouter>() else { return false };
    let is_empty = model.routes.known().is_some_and(|routes| routes.items.is_empty());
    !router.is_partial && (is_empty || model.routes.is_absent())
}
