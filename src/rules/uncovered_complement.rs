//! Two routes that divide the values of a header between them, and leave requests without the header to nobody.

use super::Rule;
use super::routes::{NOBODY, Spot, request_words, witness};
use crate::finding::Draft;
use crate::mesh::{Mesh, RouteTable};
use crate::route::{Budget, Cube, Dimension, Request, RequestSet, Undecided, Values};

/// The rule.
pub(super) static RULE: Rule = Rule::new("uncovered-complement", include_str!("../../rules/uncovered-complement.md"))
    .when_selected()
    .decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let mut undecided = 0;
    for table in mesh.route_tables().iter().filter(|table| table.is_whole) {
        for later in 0..table.routes.len() {
            for earlier in table.table.neighbours(later).into_iter().filter(|other| *other < later) {
                match gap(table, earlier, later) {
                    Ok(gap) => {
                        out.extend(gap.map(|(header, gap)| uncovered(mesh, table, (earlier, later), &header, &gap)))
                    }
                    Err(Undecided) => undecided += 1,
                }
            }
        }
    }
    undecided
}

/// The header of which two routes together take every value and each alone does not, with a request
/// without it that no route takes.
fn gap(table: &RouteTable, a: usize, b: usize) -> Result<Option<(Box<str>, Request)>, Undecided> {
    let entries = table.table.entries();
    let (one, other) = (&entries[a].set, &entries[b].set);
    let ([one_cube], [other_cube]) = (&one.cubes[..], &other.cubes[..]) else { return Ok(None) };
    let mut budget = Budget::default();
    for (dimension, _) in one_cube.dimensions() {
        let Dimension::Header(name) = dimension else { continue };
        if !other_cube.dimensions().any(|(also, _)| also == dimension) {
            continue;
        }
        let rest = without(one_cube, dimension).and(&without(other_cube, dimension));
        let present = RequestSet::of(rest.clone().with(dimension.clone(), Values::present()));
        let mut leaves = |sets: &[&RequestSet]| {
            let left = present.uncovered(sets.iter().copied(), &mut budget)?;
            left.is_empty(&mut budget).map(|is_empty| !is_empty)
        };
        if leaves(&[one, other])? || !leaves(&[one])? || !leaves(&[other])? {
            continue;
        }
        let absent = RequestSet::of(rest.with(dimension.clone(), Values::absent()));
        let gap = absent.uncovered(entries.iter().map(|entry| &entry.set), &mut budget)?.witness(&mut budget)?;
        if let Some(request) = gap {
            return Ok(Some((name.clone(), request)));
        }
    }
    Ok(None)
}

fn without(cube: &Cube, dropped: &Dimension) -> Cube {
    let kept = cube.dimensions().filter(|(dimension, _)| *dimension != dropped);
    kept.fold(Cube::all(), |rest, (dimension, values)| rest.with(dimension.clone(), values.clone()))
}

fn uncovered(
    mesh: &Mesh,
    table: &RouteTable,
    (earlier, later): (usize, usize),
    header: &str,
    request: &Request,
) -> Draft {
    let (one, other) = (Spot::of(mesh, table, later), Spot::of(mesh, table, earlier));
    let proof = witness(mesh, table, later, request, NOBODY.to_owned());
    let message = format!(
        "{} and {} take every value of `{header}`, and no route takes requests without it",
        other.title(),
        one.title()
    );
    Draft::new("header-invert-leaves-missing", message)
        .at(one.place(), "takes the other values")
        .at(other.place(), "takes some values")
        .why(format!(
            "a missing header fails every condition on its value, inverted or not: {} gets 404",
            request_words(&proof)
        ))
        .help("add a route without a condition on the header")
        .witness(proof)
        .on(one.holder.subject())
}
