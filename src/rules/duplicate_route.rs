//! Two routes that match exactly the same requests, with nothing to tell which is tried first; and routes of
//! one name.

use rustc_hash::FxHashMap;

use super::Rule;
use super::routes::{Spot, answered, case};
use crate::finding::{Draft, Place};
use crate::mesh::{Mesh, Role, RouteTable};
use crate::route::{Budget, Precedence};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("duplicate-route", include_str!("../../rules/duplicate-route.md")).mesh(check_names).decides(decide);

fn check_names(mesh: &Mesh, out: &mut Vec<Draft>) {
    for clash in mesh.clashes() {
        let (first, later) = (mesh.resource(clash.first), mesh.resource(clash.later));
        if let (Role::Route, Some(router)) = (later.kind.role, later.parent()) {
            let message = format!("two routes of virtual router `{router}` are named `{}`", later.name);
            out.push(same_name(message, later.place(), first.place()).on(later.subject()));
        }
    }
    for (_, router) in mesh.of_role(Role::Router) {
        let mut seen = FxHashMap::default();
        for route in &router.routes {
            let Some(first) = seen.insert(&route.name, route).filter(|_| !route.name.is_open()) else { continue };
            let message = format!("two routes of {} are named `{}`", router.title(), route.name);
            out.push(same_name(message, router.at(route.span), router.at(first.span)).on(router.subject()));
        }
    }
}

fn same_name(message: String, later: Place, first: Place) -> Draft {
    Draft::new("duplicate-route-name", message)
        .at(later, "the same name again")
        .at(first, "first here")
        .why("the control plane refuses a router whose routes share a name")
        .help("name one of them differently")
}

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let mut undecided = 0;
    for table in mesh.route_tables() {
        for later in 0..table.table.entries().len() {
            let earlier = table.table.neighbours(later).into_iter().filter(|other| *other < later);
            for earlier in earlier.filter(|other| table.table.order(*other, later) == Precedence::Unspecified) {
                match table.table.is_equal(earlier, later, &mut Budget::default()) {
                    Ok(true) => {
                        out.extend(duplicate(mesh, table, earlier, later));
                        // One is enough to say so.
                        break;
                    }
                    Ok(false) => {}
                    Err(_) => undecided += 1,
                }
            }
        }
    }
    undecided
}

fn duplicate(mesh: &Mesh, table: &RouteTable, earlier: usize, later: usize) -> Option<Draft> {
    let (first, second) = (Spot::of(mesh, table, earlier), Spot::of(mesh, table, later));
    // Where routes before them take everything, each is shadowed, and reported as that.
    for at in [earlier, later] {
        if table.table.shadow(at, &mut Budget::default()).is_ok_and(|shadow| shadow.is_some()) {
            return None;
        }
    }
    let contested = table.table.contest(earlier, later, &mut Budget::default()).ok().flatten();
    let any = || table.table.entries()[later].set.witness(&mut Budget::default()).ok().flatten();
    let request = contested.or_else(any)?;
    let slug = case(mesh, table, "route-duplicate-match", "gatewayroute-duplicate");
    let proof = answered(mesh, table, later, &request);
    let draft = Draft::new(slug, format!("{} matches exactly what {} matches", second.title(), first.title()))
        .at(second.holder.at(second.route.match_span), format!("the same requests again ({})", second.rank_words()))
        .at(first.holder.at(first.route.match_span), first.rank_words())
        .why(format!("both match `{} {}`, and nothing says which of the two answers", proof.method, proof.url))
        .help("take one of them out, or give them different matches")
        .witness(proof);
    Some(draft.on(second.holder.subject()))
}
