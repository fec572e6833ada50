//! A timeout that is raised at one place on the way of a request, and keeps less at another.

mod caller;
mod listener;
mod route;
mod way;

use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("one-sided-timeout", include_str!("../../../rules/one-sided-timeout.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let callers = caller::Callers::of(mesh);
    route::check(mesh, &callers, out);
    listener::check(mesh, &callers, out);
}
