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
            Some(namespace) if willing.is_empty() => out.extend(namespace_refused(namespace, &routes, near())),
            _ => out.extend(routes.iter().filter_map(|route| route_refused(route, &willing))),
        }
    }
}

const CASE: &str = "gatewayroute-no-gateway";
const WHY: &str = "the controller refuses a gateway route that no gateway takes, so its requests get 404";

/// One finding for all routes of a namespace that no gateway selects.
fn namespace_refused<'m>(
    namespace: &'m Resource,
    routes: &[&'m Resource],
    gateways: impl Iterator<Item = &'m Resource>,
) -> Option<Draft> {
    let refusal = refusal::nearest(gateways, |gateway| &gateway.namespace_selector, &namespace.labels)?;
    let (first, count) = (routes.first()?, routes.len());
    let (title, space) = (first.title(), namespace.title());
    let verb = if count == 1 { "has" } else { "have" };
    let message = format!("{title}{} {verb} no gateway: none selects {space}", and_more(count));
    let draft =
        refusal.point(namespace, Draft::new(CASE, message)).at(first.place(), format!("{title} has no gateway"));
    Some(draft.why(WHY).help(refusal.help(namespace)).on(first.subject()))
}

/// A route whose namespace a gateway selects, while its own labels do not fit.
fn route_refused(route: &Resource, willing: &[&Resource]) -> Option<Draft> {
    let refusal = refusal::nearest(willing.iter().copied(), |gateway| &gateway.route_selector, &route.labels)?;
    let message = format!("{} has no gateway: none selects its labels", route.title());
    let draft = refusal.point(route, Draft::new(CASE, message)).why(WHY);
    Some(draft.help(refusal.help(route)).on(route.subject()))
}
