//! Retries for which the timeout of their route leaves no time.

use super::retry::{self, Policy, Retried};
use super::timeout::{self, Bound, Limit};
use crate::dialect::appmesh::model::VirtualRouter;
use crate::finding::{Draft, Span};
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("retry-over-timeout", include_str!("../../../rules/retry-over-timeout.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, router, model) in mesh.models::<VirtualRouter>() {
        for route in retry::routes(model) {
            let Some(bound) = timeout::of_route(router, route.route) else { continue };
            out.extend(route.policy.as_ref().and_then(|policy| judge(router, &route, policy, bound)));
        }
    }
}

fn judge(router: &Resource, route: &Retried<'_>, policy: &Policy<'_>, bound: Bound) -> Option<Draft> {
    let (retries, duration) = (*policy.max_retries.known()?, policy.per_try.known()?);
    let (per_try, span) = (timeout::millis(duration)?, duration.value.span);
    let Limit::Millis(limit) = bound.limit else { return None };
    if retries == 0 {
        return None;
    }
    let draft = if per_try >= limit {
        no_second_try(router, route, (per_try, span), bound)
    } else if retries.saturating_mul(per_try) > limit {
        too_many(router, route, policy, (per_try, span), bound)
    } else {
        return None;
    };
    Some(draft.on(router.subject()))
}

fn no_second_try(router: &Resource, route: &Retried<'_>, per_try: (i64, Span), bound: Bound) -> Draft {
    let (millis, limit) = (Limit::Millis(per_try.0), bound.limit);
    let message = format!("one try of {} may take {millis}, and the whole request {limit}", route.title());
    let draft = Draft::new("retry-per-try-longer-than-request", message)
        .at(router.at(per_try.1), "no time is left for a second try");
    label_limit(draft, router, route, bound)
        .why("the request is given up before its first try is, so that a slow answer is never tried again")
        .help(format!("write a `perRetryTimeout` well below {limit}, or raise `timeout.perRequest`"))
}

fn too_many(
    router: &Resource,
    route: &Retried<'_>,
    policy: &Policy<'_>,
    (per_try, span): (i64, Span),
    bound: Bound,
) -> Draft {
    let retries = policy.max_retries.known().copied().unwrap_or_default();
    let (whole, one, limit) = (Limit::Millis(retries.saturating_mul(per_try)), Limit::Millis(per_try), bound.limit);
    let message = format!("{retries} retries of {one} take {whole}, and {} allows {limit}", route.title());
    let draft = Draft::new("retry-exceeds-timeout", message)
        .at(router.at(span), format!("up to {one} a try"))
        .at(router.at(policy.max_retries.span), format!("{retries} retries"));
    label_limit(draft, router, route, bound)
        .why("the request is given up while it is still tried again: the last retries never come about")
        .help("lower `maxRetries` or `perRetryTimeout`, or raise `timeout.perRequest` to their product")
}

fn label_limit(draft: Draft, router: &Resource, route: &Retried<'_>, bound: Bound) -> Draft {
    let limit = bound.limit;
    match bound.written {
        Some(span) => draft.at(router.at(span), format!("{limit} for the whole request")),
        None => draft.at(router.at(route.route.name.span), format!("{limit} for the whole request, by default")),
    }
}
