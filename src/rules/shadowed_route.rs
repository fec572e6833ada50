//! A route that can never be reached, because routes that are certainly tried first take all of its requests.

use super::Rule;
use super::routes::{Spot, answered, case};
use crate::finding::Draft;
use crate::mesh::{Mesh, RouteTable};
use crate::route::{Budget, Shadow};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("shadowed-route", include_str!("../../rules/shadowed-route.md")).decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let mut undecided = 0;
    for table in mesh.route_tables() {
        for entry in 0..table.table.entries().len() {
            match table.table.shadow(entry, &mut Budget::default()) {
                Ok(Some(shadow)) => out.push(shadowed(mesh, table, entry, &shadow)),
                Ok(None) => {}
                Err(_) => undecided += 1,
            }
        }
    }
    undecided
}

fn shadowed(mesh: &Mesh, table: &RouteTable, entry: usize, shadow: &Shadow) -> Draft {
    let route = Spot::of(mesh, table, entry);
    let slug = case(mesh, table, "route-unreachable", "gatewayroute-unreachable");
    let before: Vec<_> = shadow.by.iter().map(|at| Spot::of(mesh, table, *at)).collect();
    let proof = answered(mesh, table, entry, &shadow.witness);
    let is_catch_all = shadow.by.iter().any(|at| table.table.entries()[*at].set.takes_every_path());
    let help = if is_catch_all {
        "a smaller priority is tried first: give the route for everything the greatest one, or none"
    } else {
        "a smaller priority is tried first: give the narrower route the smaller one, or take it out"
    };
    let mut draft = Draft::new(slug, format!("{} can never be reached", route.title()))
        .at(route.place(), format!("{}: everything it matches is taken before", route.rank_words()));
    for one in &before {
        let share = match before.len() {
            1 if is_catch_all => "takes every request first",
            1 => "takes all of its requests first",
            _ => "takes some of its requests first",
        };
        draft = draft.at(one.place(), format!("{share} ({})", one.rank_words()));
    }
    draft
        .why(format!("`{} {}` is answered by `{}`", proof.method, proof.url, proof.answered_by))
        .help(help)
        .witness(proof)
        .on(route.holder.subject())
}
