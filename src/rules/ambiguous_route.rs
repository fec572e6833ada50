//! Two routes that match one request and lead to different places, and nothing says which is tried first.

use super::Rule;
use super::routes::{Spot, answered, case};
use crate::finding::Draft;
use crate::mesh::{Mesh, RouteTable};
use crate::route::{Budget, Precedence, Request};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("ambiguous-route", include_str!("../../rules/ambiguous-route.md")).decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let mut undecided = 0;
    for table in mesh.route_tables() {
        for later in 0..table.table.entries().len() {
            let earlier = table.table.neighbours(later).into_iter().filter(|other| *other < later);
            for earlier in earlier.filter(|other| table.table.order(*other, later) == Precedence::Unspecified) {
                let different =
                    Spot::of(mesh, table, earlier).destinations() != Spot::of(mesh, table, later).destinations();
                let equal = table.table.is_equal(earlier, later, &mut Budget::default());
                // Two routes that match the same are a rule of their own.
                if !different || equal != Ok(false) {
                    undecided += usize::from(equal.is_err());
                    continue;
                }
                match table.table.contest(earlier, later, &mut Budget::default()) {
                    Ok(Some(request)) => out.push(ambiguous(mesh, table, (earlier, later), &request)),
                    Ok(None) => {}
                    Err(_) => undecided += 1,
                }
            }
        }
    }
    undecided
}

fn ambiguous(mesh: &Mesh, table: &RouteTable, (earlier, later): (usize, usize), request: &Request) -> Draft {
    let (first, second) = (Spot::of(mesh, table, earlier), Spot::of(mesh, table, later));
    let slug = case(mesh, table, "route-order-ambiguous", "gatewayroute-order-ambiguous");
    let proof = answered(mesh, table, later, request);
    Draft::new(slug, format!("nothing says whether {} or {} answers", second.title(), first.title()))
        .at(second.place(), format!("{}, and it matches the same requests as the other", second.rank_words()))
        .at(first.place(), first.rank_words())
        .why(format!(
            "both match `{} {}`: between routes of one priority only the length of two prefixes decides, and the order may change over time",
            proof.method, proof.url
        ))
        .help("give the route that is to be tried first the smaller priority")
        .witness(proof)
        .on(second.holder.subject())
}
