//! A virtual gateway that no gateway route attaches to.

use rustc_hash::FxHashSet;

use crate::finding::Draft;
use crate::mesh::{Membership, Mesh, Name, Resource, ResourceId, Role, ScopeId, Selection};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("gateway-without-routes", include_str!("../../../rules/gateway-without-routes.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let mut taken: FxHashSet<ResourceId> = FxHashSet::default();
    let mut strays: FxHashSet<ScopeId> = FxHashSet::default();
    for (id, route) in mesh.of_role(Role::GatewayRoute) {
        match mesh.gateway_of(id) {
            Membership::One(gateways) | Membership::Several(gateways) => taken.extend(gateways),
            // A route without a gateway, or with one that cannot be told, may have been meant for any.
            Membership::None | Membership::Unknown => {
                if route.kind.surface.is_cluster() {
                    strays.insert(route.scope);
                }
            }
        }
    }
    let inhabited: FxHashSet<&Name> =
        mesh.of_role(Role::Service).filter_map(|(_, one)| one.namespace.as_ref()).collect();
    for (id, gateway) in mesh.of_role(Role::Gateway) {
        let states = mesh.find(gateway, Role::Gateway, gateway.namespace.as_ref(), &gateway.name);
        let is_meant = strays.iter().any(|scope| mesh.scopes().sees(gateway.scope, *scope));
        if states.first() != Some(&id)
            || states.iter().any(|state| taken.contains(state))
            || is_meant && gateway.kind.surface.is_cluster()
        {
            continue;
        }
        if is_closed(mesh, id, gateway, &inhabited) {
            out.push(
                Draft::new("gateway-without-routes", format!("no gateway route attaches to {}", gateway.title()))
                    .at(gateway.place(), "has no gateway routes")
                    .why("a gateway without routes answers every request with 404")
                    .help(match gateway.kind.surface.is_cluster() {
                        true => "add a gateway route in a namespace that its `namespaceSelector` selects, or remove the gateway",
                        false => "add a gateway route that names it, or remove the gateway",
                    })
                    .on(gateway.subject()),
            );
        }
    }
}

/// Whether routes of the gateway would be here: a mesh, and a namespace that it selects, with a service to
/// route to. A gateway that selects no namespace is another fault.
fn is_closed(mesh: &Mesh, id: ResourceId, gateway: &Resource, inhabited: &FxHashSet<&Name>) -> bool {
    if !gateway.kind.surface.is_cluster() {
        // Routes may be made elsewhere unless others are among the manifests.
        return mesh.is_closed(id, gateway.namespace.as_ref())
            && !mesh.has_stray_routes(id)
            && mesh.beside(gateway, Role::GatewayRoute).next().is_some();
    }
    let Selection::Written(selector, _) = &gateway.namespace_selector else { return false };
    let is_selected = |namespace: &Resource| {
        mesh.scopes().reaches(gateway.scope, namespace.scope)
            && inhabited.contains(&namespace.name)
            && selector.matches(&namespace.labels).is_yes()
    };
    mesh.of_role(Role::Namespace).any(|(_, namespace)| is_selected(namespace))
        && mesh.is_closed(id, gateway.namespace.as_ref())
        && !mesh.may_be_unread(gateway, "GatewayRoute", &gateway.name)
}
