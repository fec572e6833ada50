//! A route of a router that no request of any gateway route gets to, while nothing else calls the router.

use super::Rule;
use super::routes::Spot;
use crate::finding::Draft;
use crate::mesh::{Flow, Mesh, RouteTable};
use crate::route::{Budget, RequestSet, Undecided};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("unreachable-route", include_str!("../../rules/unreachable-route.md")).decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let flows = mesh.flows();
    let mut undecided = 0;
    for table in mesh.route_tables().iter().filter(|table| table.is_whole) {
        let router = mesh.resource(table.owner);
        let Some(into) = flows.leading_to(table.owner).filter(|into| !into.is_empty()) else { continue };
        let is_missed = into.iter().any(|flow| flow.missed_prefix().is_some());
        if is_missed || flows.may_be_called(table.owner) || !mesh.is_closed(table.owner, router.namespace.as_ref()) {
            continue;
        }
        match unreached(table, &into) {
            // Where nothing gets through, the gateway routes are the cause, and are reported.
            Ok(unreached) if unreached.len() < table.routes.len() => {
                out.extend(unreached.into_iter().map(|entry| unreachable(mesh, table, entry, &into)));
            }
            Ok(_) => {}
            Err(Undecided) => undecided += 1,
        }
    }
    undecided
}

/// The entries of a table that no request gets to, without those that take none, or whose requests others take first.
fn unreached(table: &RouteTable, into: &[&Flow<'_>]) -> Result<Vec<usize>, Undecided> {
    let mut unreached = Vec::new();
    for (entry, route) in table.table.entries().iter().enumerate() {
        let mut budget = Budget::default();
        if !is_reached(entry, &route.set, into, &mut budget)?
            && route.set.witness(&mut budget)?.is_some()
            && table.table.shadow(entry, &mut budget)?.is_none()
        {
            unreached.push(entry);
        }
    }
    Ok(unreached)
}

fn is_reached(entry: usize, set: &RequestSet, into: &[&Flow<'_>], budget: &mut Budget) -> Result<bool, Undecided> {
    for flow in into.iter().filter(|flow| flow.entries.contains(&entry)) {
        if flow.passes(set) && !flow.set.is_empty(budget)? {
            return Ok(true);
        }
        if !flow.set.and(&flow.rewrite.pre_image(set)).is_empty(budget)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn unreachable(mesh: &Mesh, table: &RouteTable, entry: usize, into: &[&Flow<'_>]) -> Draft {
    const SHOWN: usize = 3;
    let spot = Spot::of(mesh, table, entry);
    let message = format!("no request of a gateway gets to {}, and nothing else calls its router", spot.title());
    let mut draft =
        Draft::new("unreachable-route", message).at(spot.place(), "waits for requests that nobody hands on");
    for flow in into.iter().take(SHOWN) {
        let from = mesh.resource(flow.from.0);
        draft = draft.at(from.at(mesh.route(flow.from).match_span), "hands on requests of other paths or kinds");
    }
    draft
        .why("a router gets requests from the gateway routes and the backends that lead to its services, from nowhere else")
        .help("write a gateway route whose requests fit it, list the service as a backend, or take the route out")
        .on(spot.holder.subject())
}
