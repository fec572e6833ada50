//! A router whose routes leave requests over.

use super::Rule;
use super::group::group;
use super::routes::{NOBODY, request_words, witness};
use crate::finding::Draft;
use crate::mesh::{Mesh, Role, RouteTable};
use crate::route::{Budget, Cube, Request, RequestSet, Undecided};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("missing-catch-all", include_str!("../../rules/missing-catch-all.md")).when_selected().decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let mut undecided = 0;
    let of_router = |table: &&RouteTable| mesh.resource(table.owner).kind.role == Role::Router;
    for table in mesh.route_tables().iter().filter(of_router).filter(|table| table.is_whole) {
        let only = mesh.resource(table.owner).only_port();
        let ports =
            group(table.routes.iter().enumerate().map(|(entry, at)| (mesh.route(*at).port.known().or(only), entry)));
        // Of several listeners a route has to name one, and which one the others are for is not known.
        if ports.len() > 1 && ports.iter().any(|(port, _)| port.is_none()) {
            continue;
        }
        for (_, entries) in ports {
            // A gRPC call to a method that no route knows is answered as such a call should be.
            if entries.iter().any(|entry| mesh.route(table.routes[*entry]).protocol == "grpcRoute") {
                continue;
            }
            match left_over(table, &entries) {
                Ok(request) => out.extend(request.map(|request| missing(mesh, table, entries[0], &request))),
                Err(Undecided) => undecided += 1,
            }
        }
    }
    undecided
}

fn left_over(table: &RouteTable, entries: &[usize]) -> Result<Option<Request>, Undecided> {
    let mut budget = Budget::default();
    let sets = entries.iter().map(|entry| &table.table.entries()[*entry].set);
    RequestSet::of(Cube::all()).uncovered(sets, &mut budget)?.witness(&mut budget)
}

fn missing(mesh: &Mesh, table: &RouteTable, entry: usize, request: &Request) -> Draft {
    let router = mesh.resource(table.owner);
    let proof = witness(mesh, table, entry, request, NOBODY.to_owned());
    Draft::new("no-catch-all-route", format!("{} has no route for the requests that its others leave", router.title()))
        .at(router.place(), "no route for every path")
        .why(format!("{} gets 404", request_words(&proof)))
        .help("add a route with `prefix: /` and the greatest priority, if something should answer them")
        .witness(proof)
        .on(router.subject())
}
