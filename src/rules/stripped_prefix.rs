//! A gateway route takes a prefix off the path that every route of the router behind it asks for.

use super::Rule;
use super::dead_request::arrival;
use super::routes::{NOBODY, Spot, request_words, witness_at};
use crate::finding::{Draft, Severity, Witness};
use crate::mesh::{Flow, Flows, Mesh};
use crate::route::{Budget, PathRewrite, Request, Undecided};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("stripped-prefix", include_str!("../../rules/stripped-prefix.md")).decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let flows = mesh.flows();
    let mut undecided = 0;
    for flow in flows.all() {
        let Some(prefix) = flow.missed_prefix() else { continue };
        match proof(mesh, &flows, flow) {
            Ok(None) => {}
            Ok(Some((proof, request))) => out.push(stripped(mesh, &flows, flow, prefix, proof, &request)),
            Err(Undecided) => undecided += 1,
        }
    }
    undecided
}

/// A request of the gateway route that dies, as certainly its own as can be known.
fn proof(mesh: &Mesh, flows: &Flows<'_>, flow: &Flow<'_>) -> Result<Option<(Witness, Request)>, Undecided> {
    let mut budget = Budget::default();
    let gate = flows.gate(flow);
    let certain = match gate {
        Some((table, entry)) => &table.certain(mesh, entry, &mut budget)?,
        None => flow.set,
    };
    let Some(request) = flow.dead(certain, &mut budget)?.witness(&mut budget)? else { return Ok(None) };
    let owner = gate.map(|(table, _)| table.owner);
    let proof = witness_at(mesh, owner, mesh.route(flow.from), &request, NOBODY.to_owned());
    Ok(Some((proof, request)))
}

fn stripped(mesh: &Mesh, flows: &Flows<'_>, flow: &Flow<'_>, prefix: &str, proof: Witness, request: &Request) -> Draft {
    const SHOWN: usize = 3;
    let (route, router) = (mesh.resource(flow.from.0), mesh.resource(flow.router.owner));
    let put = match &flow.rewrite.path {
        PathRewrite::Prefix { to, .. } => to,
        PathRewrite::Keep | PathRewrite::Exact(_) => "",
    };
    let message =
        format!("{} takes `{prefix}` off the path, and every route of {} asks for it", route.title(), router.title());
    let mut draft = Draft::new("gateway-rewrite-hides-route-prefix", message)
        .at(route.at(mesh.route(flow.from).match_span), format!("`{prefix}` becomes `{put}`"));
    for entry in flow.entries.iter().take(SHOWN) {
        let spot = Spot::of(mesh, flow.router, *entry);
        draft = draft.at(spot.holder.at(spot.route.match_span), format!("asks for a path below `{prefix}`"));
    }
    let why = format!(
        "{}{}: only a request that carries the prefix twice gets through",
        request_words(&proof),
        arrival(flow, request)
    );
    draft = draft
        .why(why)
        .help("leave the prefix out of the routes of the router, or keep it with `rewrite.prefix.defaultPrefix: DISABLED`")
        .witness(proof)
        .on(route.subject());
    // What nodes call needs the prefix, so the routes are there for them.
    if flows.may_be_called(flow.router.owner) { draft.severity(Severity::Info) } else { draft }
}
