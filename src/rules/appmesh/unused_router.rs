//! A virtual router that no virtual service provides.

use super::doubt::may_name;
use crate::dialect::appmesh::model::VirtualService;
use crate::finding::Draft;
use crate::mesh::{Mesh, Reference, Resource, ResourceId, Role, Target};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unused-router", include_str!("../../../rules/unused-router.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let services = mesh.models::<VirtualService>().map(|(_, service, model)| (service, provider(service, model)));
    let doubtful: Vec<_> = services.filter(|(_, provider)| *provider != Provider::Told).collect();
    for (id, router) in mesh.of_role(Role::Router) {
        let states = mesh.find(router, Role::Router, router.namespace.as_ref(), &router.name);
        let is_service = |user: ResourceId| mesh.resource(user).kind.role == Role::Service;
        let is_used = |state: &ResourceId| mesh.referrers(*state).any(|(user, _)| is_service(user));
        let may_be_used = |(service, provider): &(&Resource, Provider)| {
            mesh.scopes().sees(router.scope, service.scope)
                && (*provider == Provider::Hidden || routers(service).any(|one| may_name(one, router)))
        };
        if states.first() != Some(&id)
            || states.iter().any(is_used)
            || doubtful.iter().any(may_be_used)
            || !is_closed(mesh, id, router)
        {
            continue;
        }
        out.push(
            Draft::new("unused-virtual-router", format!("{} provides no virtual service", router.title()))
                .at(router.place(), "no virtual service names it as its provider")
                .why("clients reach a router through a virtual service alone: none of its routes is ever taken")
                .help("name it as the provider of a virtual service, or remove it")
                .on(router.subject()),
        );
    }
}

/// Whether the services that could name the router are here: a mesh, and services in its namespace.
fn is_closed(mesh: &Mesh, id: ResourceId, router: &Resource) -> bool {
    mesh.is_closed(id, router.namespace.as_ref())
        && mesh.beside(router, Role::Service).next().is_some()
        && !mesh.may_be_unread(router, "VirtualService", &router.name)
}

/// What is known of the router that provides a service.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Provider {
    /// Which one it is, or that there is none.
    Told,
    /// A name that leads nowhere, or perhaps somewhere.
    Named,
    /// Nothing.
    Hidden,
}

fn provider(service: &Resource, model: &VirtualService) -> Provider {
    // A service without a provider may have been meant for any router, and is reported itself.
    let Some(provider) = model.provider.known() else { return Provider::Hidden };
    let Some(router) = provider.virtual_router.known() else {
        let is_node = provider.virtual_router.is_absent() && !provider.virtual_node.is_absent();
        return if is_node { Provider::Told } else { Provider::Hidden };
    };
    // An ARN with a placeholder for its name makes no reference.
    let written = [router.reference.is_absent(), router.arn.is_absent(), router.name.is_absent()];
    let written = written.into_iter().filter(|is_absent| !is_absent).count();
    if routers(service).count() < written || written == 0 {
        return Provider::Hidden;
    }
    let is_told = routers(service).all(|one| matches!(one.target, Target::Resolved(_)));
    if is_told { Provider::Told } else { Provider::Named }
}

fn routers(service: &Resource) -> impl Iterator<Item = &Reference> {
    service.references.iter().filter(|one| one.wants.role == Role::Router)
}
