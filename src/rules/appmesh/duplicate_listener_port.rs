//! Two listeners of one resource on one port.

use rustc_hash::FxHashMap;

use super::place;
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("duplicate-listener-port", include_str!("../../../rules/duplicate-listener-port.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, owner) in mesh.resources() {
        let mut seen = FxHashMap::default();
        for (at, listener) in owner.listeners.iter().enumerate() {
            let Some(port) = listener.port else { continue };
            match seen.get(&port) {
                Some(first) => out.push(duplicate(owner, *first, at, port)),
                None => {
                    seen.insert(port, at);
                }
            }
        }
    }
}

fn duplicate(owner: &Resource, first: usize, again: usize, port: i64) -> Draft {
    Draft::new("duplicate-listener-port", format!("{} has two listeners on port `{port}`", owner.title()))
        .at(place::port(owner, again), "the same port again")
        .at(place::port(owner, first), "a listener has it already")
        .why("a port can be bound once, so that one of the listeners never gets a connection")
        .help("give one of them another port, or remove it")
        .on(owner.subject())
}
