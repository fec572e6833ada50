//! Requests that are tried again seldom or never.

use super::retry::{self, Policy, Retried};
use crate::dialect::appmesh::model::{Field, VirtualRouter, VirtualService};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, Role, Target};
use crate::rules::Rule;
use crate::rules::group::{and_more, label_some};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("few-retries", include_str!("../../../rules/few-retries.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, router, model) in mesh.models::<VirtualRouter>() {
        let mut bare = Vec::new();
        for route in retry::routes(model) {
            if route.is_bare && !router.is_patchy && route.route.name.known().is_some() {
                bare.push(route);
            } else if let Some(policy) = &route.policy {
                out.extend(seldom(router, &route, policy));
            }
        }
        out.extend(missing(router, &bare));
    }
    for (_, service, model) in mesh.models::<VirtualService>() {
        let Some(provider) = model.provider.known() else { continue };
        if !provider.virtual_node.is_absent() && provider.virtual_router.is_absent() && takes_requests(mesh, service) {
            out.push(without_router(service, &provider.virtual_node));
        }
    }
}

fn seldom(router: &Resource, route: &Retried<'_>, policy: &Policy<'_>) -> Option<Draft> {
    let place = router.at(policy.max_retries.span);
    let draft = match policy.max_retries.known()? {
        0 => Draft::new("retry-zero", format!("the retry policy of {} tries nothing again", route.title()))
            .at(place, "no retries")
            .why("the policy takes the place of the default one, so that a request is tried only once")
            .help("write 2 or more, unless requests must not be repeated"),
        1 => Draft::new("retry-low", format!("{} tries a request again only once", route.title()))
            .at(place, "one retry")
            .why("during a deployment the second endpoint may be going away, too")
            .help("write 2 or more"),
        _ => return None,
    };
    Some(draft.on(router.subject()))
}

fn missing(router: &Resource, routes: &[Retried<'_>]) -> Option<Draft> {
    let (first, others) = routes.split_first()?;
    let of = if router.kind.role == Role::Route { String::new() } else { format!(" of {}", router.title()) };
    let message = format!("{}{}{of} without a retry policy", first.title(), and_more(routes.len()));
    let draft = Draft::new("retry-missing", message).at(router.at(first.route.name.span), "has no `retryPolicy`");
    let places = others.iter().map(|route| (router.at(route.route.name.span), "has none either".to_owned()));
    let draft = label_some(draft, places)
        .why("whether a request is tried again when an endpoint goes away is left to a default that differs between accounts")
        .help("add a `retryPolicy` with at least two retries, as on stream and gateway errors");
    Some(draft.on(router.subject()))
}

fn without_router<T>(service: &Resource, provider: &Field<T>) -> Draft {
    Draft::new("node-provider-no-retry", format!("{} has no router that could try requests again", service.title()))
        .at(service.at(provider.key), "a virtual node provides it directly")
        .why("retries are written in routes, and without a virtual router there are none")
        .help("put a virtual router with a retry policy between")
        .on(service.subject())
}

/// Whether the node that provides a service certainly speaks something else than tcp, which has no retries.
fn takes_requests(mesh: &Mesh, service: &Resource) -> bool {
    let Some(Target::Resolved(states)) = service.references.last().map(|one| &one.target) else { return false };
    let speaks = |node: &Resource| node.listeners.iter().any(|one| one.protocol.is_some_and(|word| word != "tcp"));
    states.iter().all(|state| speaks(mesh.resource(*state)))
}
