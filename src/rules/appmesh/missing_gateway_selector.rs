//! A virtual gateway without a `namespaceSelector`: no gateway route attaches to it.

use crate::dialect::appmesh::model::VirtualGateway;
use crate::finding::{Draft, Severity};
use crate::mesh::{Membership, Mesh, Resource, Role, Selection};
use crate::rules::Rule;
use crate::rules::group::group;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-gateway-selector", include_str!("../../../rules/missing-gateway-selector.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let bare = |resource: &Resource| {
        resource.kind.surface.is_cluster() && matches!(resource.namespace_selector, Selection::Absent)
    };
    let mut bare = mesh.models::<VirtualGateway>().filter(|(_, resource, _)| bare(resource)).peekable();
    if bare.peek().is_none() {
        return;
    }
    let routes = mesh.of_role(Role::GatewayRoute);
    let loose = routes
        .filter(|(id, route)| route.kind.surface.is_cluster() && !matches!(mesh.gateway_of(*id), Membership::One(_)));
    let loose = group(loose.map(|(_, route)| (route.scope, route)));
    for (_, resource, _) in bare {
        let mut near = loose.iter().filter(|(scope, _)| mesh.scopes().reaches(resource.scope, *scope));
        let route = near.find_map(|(_, routes)| routes.first().copied());
        let draft = Draft::new("gateway-selector-absent", format!("no gateway route attaches to {}", resource.title()))
            .at(resource.at(resource.spec_key), "has no `namespaceSelector`")
            .why("a gateway takes the gateway routes of the namespaces that it selects, and without a `namespaceSelector` it selects none, not even its own")
            .help("add a `namespaceSelector`; an empty one (`{}`) selects every namespace");
        let draft = match route {
            Some(route) => draft.at(route.place(), format!("{} has no gateway", route.title())),
            None => draft.severity(Severity::Warning),
        };
        out.push(draft.on(resource.subject()));
    }
}
