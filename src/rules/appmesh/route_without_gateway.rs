//! A gateway route that no virtual gateway takes.

use crate::finding::Draft;
use crate::mesh::{Membership, Mesh, Resource, Role, Selection, Truth};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};
use crate::rules::refusal;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("route-without-gateway", include_str!("../../../rules/route-without-gateway.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let routes = mesh.of_role(Role::GatewayRoute);
    let loose = routes.filter(|(id, _)| *mesh.gateway_of(*id) == Membership::None);
    let loose = group(loose.map(|(_, route)| ((route.scope, route.namespace.as_ref()), route)));
    if loose.is_empty() {
        return;
    }
    let gateways: Vec<_> = mesh.of_role(Role::Gateway).map(|(_, one)| one).collect();
    for ((scope, _), routes) in loose {
        let near = || gateways.iter().copied().filter(|one| mesh.scopes().reaches(scope, one.scope));
        // A gateway that selects nothing is the cause, and `missing-gateway-selector` says so.
        if near().any(|one| matches!(one.namespace_selector, Selection::Absent)) {
            continue;
        }
        let Some(first) = routes.first() else { continue };
        let spaces = mesh.namespace_objects(first);
        let selects = |gateway: &Resource| {
            let mut all = spaces.iter().map(|space| gateway.namespace_selector.matches(&space.labels, Truth::No));
            spaces.is_empty() || all.any(|truth| !truth.is_no())
        };
        let willing: Vec<_> = near().filter(|gateway| selects(gateway)).collect();
        match spaces.first() {
            Some(namespace) if willing.is_empty() => {
                let draft = namespace_refused(namespace, first, routes.len());
                let refusal = refusal::nearest(near(), |gateway| &gateway.namespace_selector, &namespace.labels);
                out.extend(refusal.map(|refusal| {
                    let place = first.place();
                    let draft = refusal.point(namespace, draft).at(place, format!("{} has no gateway", first.title()));
                    draft.help(refusal.help(namespace)).on(first.subject())
                }));
            }
            _ => {
                for route in routes {
                    let refusal =
                        refusal::nearest(willing.iter().copied(), |gateway| &gateway.route_selector, &route.labels);
                    let draft = refusal.map(|refusal| {
                        refusal.point(route, route_refused(route)).help(refusal.help(route)).on(route.subject())
                    });
                    out.extend(draft);
                }
            }
        }
    }
}

const CASE: &str = "gatewayroute-no-gateway";
const WHY: &str = "the controller refuses a gateway route that no gateway takes, so its requests get 404";

fn namespace_refused(namespace: &Resource, first: &Resource, count: usize) -> Draft {
    let verb = if count == 1 { "has" } else { "have" };
    let (first, namespace) = (first.title(), namespace.title());
    let message = format!("{first}{} {verb} no gateway: none selects {namespace}", and_more(count));
    Draft::new(CASE, message).why(WHY)
}

fn route_refused(route: &Resource) -> Draft {
    Draft::new(CASE, format!("{} has no gateway: none selects its labels", route.title())).why(WHY)
}
