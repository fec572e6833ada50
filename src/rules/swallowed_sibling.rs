//! A prefix without a slash at its end that takes the paths of a sibling.

use super::Rule;
use super::routes::{Spot, answered, request_words};
use crate::finding::Draft;
use crate::mesh::{Mesh, RouteTable};
use crate::route::{Atom, Budget, Cube, Dimension, Precedence, Request, RequestSet, Undecided, Values};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("swallowed-sibling", include_str!("../../rules/swallowed-sibling.md")).when_selected().decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let mut undecided = 0;
    for table in mesh.route_tables() {
        for entry in 0..table.routes.len() {
            let Some(prefix) = prefix_of(&table.table.entries()[entry].set) else { continue };
            for other in table.table.neighbours(entry) {
                let Some(sibling) = sibling_of(prefix, &table.table.entries()[other].set) else { continue };
                // A route that comes behind and loses everything is shadowed, and reported as that.
                let is_behind = table.table.order(entry, other) == Precedence::Before;
                let spots = [entry, other].map(|at| Spot::of(mesh, table, at));
                if is_behind || spots[0].destinations() == spots[1].destinations() {
                    continue;
                }
                match swallowed(table, entry, sibling) {
                    Ok(None) => continue,
                    Ok(Some(request)) => out.push(swallows(mesh, table, (entry, other), (prefix, sibling), &request)),
                    Err(Undecided) => undecided += 1,
                }
                break;
            }
        }
    }
    undecided
}

/// The prefix that a route asks for and that ends within a segment of the path.
fn prefix_of(set: &RequestSet) -> Option<&str> {
    let [cube] = &set.cubes[..] else { return None };
    let (_, path) = cube.dimensions().find(|(dimension, _)| **dimension == Dimension::Path)?;
    match path.present.as_ref()?.terms() {
        [term] if !term.negated => match &term.atom {
            Atom::Prefix(text) => Some(&**text).filter(|text| !text.ends_with('/')),
            _ => None,
        },
        _ => None,
    }
}

/// The path up to the end of the segment in which a prefix ends, where a route asks for paths that go on in it.
fn sibling_of<'t>(prefix: &str, set: &'t RequestSet) -> Option<&'t str> {
    let [cube] = &set.cubes[..] else { return None };
    let path = cube.path_literal();
    let rest = path.strip_prefix(prefix).filter(|rest| !rest.is_empty() && !rest.starts_with('/'))?;
    let end = rest.find('/').unwrap_or(rest.len());
    Some(&path[..prefix.len() + end])
}

/// A request to the sibling, or below it, that the route takes and no other route does.
fn swallowed(table: &RouteTable, entry: usize, sibling: &str) -> Result<Option<Request>, Undecided> {
    let mut budget = Budget::default();
    let entries = table.table.entries();
    let below = Cube::all().with(Dimension::Path, Values::of(Atom::Segment(sibling.into())));
    let others = table
        .table
        .neighbours(entry)
        .into_iter()
        .filter(|other| table.table.order(entry, *other) != Precedence::Before);
    let taken = entries[entry].set.and(&RequestSet::of(below));
    taken.uncovered(others.map(|other| &entries[other].set), &mut budget)?.witness(&mut budget)
}

fn swallows(
    mesh: &Mesh,
    table: &RouteTable,
    (entry, other): (usize, usize),
    (prefix, sibling): (&str, &str),
    request: &Request,
) -> Draft {
    let (spot, neighbour) = (Spot::of(mesh, table, entry), Spot::of(mesh, table, other));
    let proof = answered(mesh, table, entry, request);
    Draft::new("prefix-segment-trap", format!("{} takes requests for `{sibling}`, too", spot.title()))
        .at(spot.holder.at(spot.route.match_span), format!("`{prefix}` also begins `{sibling}`"))
        .at(neighbour.place(), format!("has a part of `{sibling}`, and leads elsewhere"))
        .why(format!(
            "a prefix is compared as text, not by segments: {} is answered by `{}`",
            request_words(&proof),
            proof.answered_by
        ))
        .help(format!("write `{prefix}/`, or a route with the prefix `{sibling}`"))
        .witness(proof)
        .on(spot.holder.subject())
}
