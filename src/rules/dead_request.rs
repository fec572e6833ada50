//! Requests that pass a gateway route and that no route of the router behind it takes.

use super::Rule;
use super::routes::{NOBODY, request_words, witness, witness_at};
use crate::finding::{Draft, Witness};
use crate::mesh::{Flow, Flows, Mesh};
use crate::route::{Budget, PathRewrite, Request, RequestSet, Undecided};

/// The rule.
pub(super) static RULE: Rule = Rule::new("dead-request", include_str!("../../rules/dead-request.md")).decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let flows = mesh.flows();
    let mut undecided = 0;
    for flow in flows.all() {
        // A router that nodes call as well has routes for them, and may lack some on purpose.
        if flow.missed_prefix().is_some() || flows.may_be_called(flow.router.owner) {
            continue;
        }
        match judge(mesh, &flows, flow) {
            Ok(draft) => out.extend(draft),
            Err(Undecided) => undecided += 1,
        }
    }
    undecided
}

fn judge(mesh: &Mesh, flows: &Flows<'_>, flow: &Flow<'_>) -> Result<Option<Draft>, Undecided> {
    let mut budget = Budget::default();
    let budget = &mut budget;
    let Some(first) = flow.dead(flow.set, budget)?.witness(budget)? else { return Ok(None) };
    // A route that takes nothing at all is the cause, and is reported by itself.
    for route in flow.routes() {
        if route.set.witness(budget)?.is_none() {
            return Ok(None);
        }
    }
    let Some((gate, entry)) = flows.gate(flow) else {
        // Other routes may take the requests before this one, so nothing can be said about some of them.
        let route = mesh.route(flow.from);
        let proof = |first| witness_at(mesh, None, route, first, NOBODY.to_owned());
        return Ok((!flow.is_alive(flow.set, budget)?).then(|| all_die(mesh, flow, proof(&first), &first)));
    };
    let certain: RequestSet = gate.certain(mesh, entry, budget)?;
    let Some(request) = flow.dead(&certain, budget)?.witness(budget)? else { return Ok(None) };
    let proof = witness(mesh, gate, entry, &request, NOBODY.to_owned());
    Ok(Some(match flow.is_alive(flow.set, budget)? {
        false => all_die(mesh, flow, proof, &request),
        true => some_die(mesh, flow, proof, &request),
    }))
}

fn all_die(mesh: &Mesh, flow: &Flow<'_>, proof: Witness, request: &Request) -> Draft {
    let router = mesh.resource(flow.router.owner);
    let message =
        format!("no request of {} is taken by a route of {}", mesh.resource(flow.from.0).title(), router.title());
    draft("no-request-survives", message, mesh, flow, proof, request)
        .help("write a route of the router for the path that the gateway route hands on, or have it hand on another")
}

fn some_die(mesh: &Mesh, flow: &Flow<'_>, proof: Witness, request: &Request) -> Draft {
    let (route, router) = (mesh.resource(flow.from.0), mesh.resource(flow.router.owner));
    let message = format!("some requests of {} are taken by no route of {}", route.title(), router.title());
    draft("some-requests-die", message, mesh, flow, proof, request)
        .help("write a route of the router for them, or let the gateway route match less")
}

fn draft(
    slug: &'static str,
    message: String,
    mesh: &Mesh,
    flow: &Flow<'_>,
    proof: Witness,
    request: &Request,
) -> Draft {
    let (route, router) = (mesh.resource(flow.from.0), mesh.resource(flow.router.owner));
    Draft::new(slug, message)
        .at(route.at(mesh.route(flow.from).match_span), format!("takes {}", request_words(&proof)))
        .at(router.place(), "none of its routes does")
        .why(format!(
            "{}{}, and no route of the router matches that: 404",
            request_words(&proof),
            arrival(flow, request)
        ))
        .witness(proof)
        .on(route.subject())
}

/// What a request is when it comes to the router, in words.
pub(super) fn arrival(flow: &Flow<'_>, request: &Request) -> String {
    use crate::route::Dimension::Path;
    if flow.rewrite.path == PathRewrite::Keep {
        return " comes to the router with its path as it is".to_owned();
    }
    let mut request = request.clone();
    request.values.entry(Path).or_insert_with(|| b"/".to_vec());
    let path = flow.rewrite.apply(&request).and_then(|after| after.get(&Path).map(<[u8]>::to_vec));
    format!(" comes to the router as `{}`", String::from_utf8_lossy(&path.unwrap_or_default()))
}
