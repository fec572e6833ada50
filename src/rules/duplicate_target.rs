//! A destination that a route names twice.

use rustc_hash::FxHashMap;

use super::Rule;
use crate::finding::Draft;
use crate::mesh::{By, Mesh, Name, Port, Reference, Resource, Route};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("duplicate-target", include_str!("../../rules/duplicate-target.md")).mesh(check);

/// What makes two destinations one: how they are named, their namespace, name and port.
type Key<'m> = (By, Option<&'m Name>, &'m Name, Option<i64>);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, holder) in mesh.resources() {
        for route in &holder.routes {
            let mut seen: FxHashMap<Key<'_>, &Reference> = FxHashMap::default();
            for destination in route.destinations.iter().filter(|one| one.port != Port::Open) {
                let reference = destination.reference.and_then(|index| holder.references.get(index));
                let Some(reference) = reference else { continue };
                let namespace = reference.namespace.as_ref().or(holder.namespace.as_ref());
                let namespace = namespace.filter(|_| reference.by == By::Name);
                let key = (reference.by, namespace, &reference.name, destination.port.known());
                match seen.get(&key) {
                    Some(first) => out.push(twice(holder, route, first, reference)),
                    None => {
                        seen.insert(key, reference);
                    }
                }
            }
        }
    }
}

fn twice(holder: &Resource, route: &Route, first: &Reference, again: &Reference) -> Draft {
    let message = format!("route `{}` leads to {} `{}` twice", route.name, again.wants.words, again.name);
    Draft::new("duplicate-target", message)
        .at(holder.at(again.span), "the same destination again")
        .at(holder.at(first.span), "named here first")
        .why("the shares of one destination only add up: one of the two was probably meant for another one")
        .help("name the destination that was meant, or keep one of the two with the sum of both weights")
        .on(holder.subject())
}
