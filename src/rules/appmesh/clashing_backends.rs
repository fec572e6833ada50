//! Two backends of a virtual node that one port cannot tell apart.

use rustc_hash::FxHashSet;

use super::{meeting, place};
use crate::finding::{Draft, Place, Severity};
use crate::mesh::{Call, Mesh, ResourceId, Role};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("clashing-backends", include_str!("../../../rules/clashing-backends.md")).mesh(check);

const DIFFERENT: &str = "backends-same-port-different-protocol";

/// A service at a port: the call of it, and the listener of its provider.
#[derive(Clone, Copy)]
struct Door {
    call: Call,
    provider: ResourceId,
    listener: usize,
    word: &'static str,
}

/// The services that a node calls at a port.
type Port = (ResourceId, i64);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    // A listener that does not suit its own routes is one fault, and is told already.
    let disputed = meeting::disputed(mesh);
    let mut seen = FxHashSet::default();
    let mut doors: Vec<(Port, Door)> = Vec::new();
    let is_node = |call: &&Call| mesh.resource(call.from).kind.role == Role::Node;
    // The calls of one caller stand together, and one call alone clashes with nothing.
    let several = mesh.calls().chunk_by(|a, b| a.from == b.from).filter(|calls| calls.len() > 1);
    for call in several.flatten().filter(is_node).copied() {
        let Some(provider) = mesh.provider_of(call.service) else { continue };
        for (listener, one) in mesh.resource(provider).listeners.iter().enumerate() {
            let (Some(port), Some(word)) = (one.port, one.protocol) else { continue };
            if !disputed.contains(&(provider, listener)) && seen.insert((call.from, port, call.service)) {
                doors.push(((call.from, port), Door { call, provider, listener, word }));
            }
        }
    }
    let clashes = group(doors.into_iter()).into_iter().flat_map(|((_, port), doors)| {
        let pairs = [two_of_tcp(&doors), two_protocols(&doors)].into_iter().flatten();
        // Whichever of the two a node lists first.
        let key = |(one, other): (Door, Door)| {
            let (a, b) = (one.call.service, other.call.service);
            ((a.min(b), a.max(b), port), (one, other))
        };
        pairs.map(key).collect::<Vec<_>>()
    });
    // Many nodes may have the same two backends: one fault.
    for ((_, _, port), pairs) in group(clashes) {
        let Some((first, later)) = pairs.first() else { continue };
        out.push(clash(mesh, port, first, later, pairs.len()));
    }
}

fn two_of_tcp(doors: &[Door]) -> Option<(Door, Door)> {
    let mut tcp = doors.iter().filter(|door| door.word == "tcp");
    Some((*tcp.next()?, *tcp.next()?))
}

/// Of the services with the protocol that the fewest have the first, and before it one with another.
fn two_protocols(doors: &[Door]) -> Option<(Door, Door)> {
    let by_word = group(doors.iter().map(|door| (door.word, *door)));
    let (word, fewest) = by_word.iter().rev().min_by_key(|(_, doors)| doors.len())?;
    let (_, others) = by_word.iter().find(|(other, _)| other != word)?;
    Some((*others.first()?, *fewest.first()?))
}

fn clash(mesh: &Mesh, port: i64, first: &Door, later: &Door, count: usize) -> Draft {
    let node = mesh.resource(later.call.from);
    let title = |door: &Door| mesh.resource(door.call.service).title();
    let (one, other) = (title(first), title(later));
    let who = format!("{}{}", node.title(), and_more(count));
    let verb = if count > 1 { "call" } else { "calls" };
    let (case, severity, words) = match (first.word, later.word) {
        ("tcp", "tcp") => ("backends-tcp-same-port", Severity::Error, "both by tcp".to_owned()),
        (a, b) if a == "tcp" || b == "tcp" => (DIFFERENT, Severity::Error, format!("by {a} and by {b}")),
        (a, b) => (DIFFERENT, Severity::Warning, format!("by {a} and by {b}")),
    };
    let why = match (case, severity) {
        (DIFFERENT, Severity::Warning) => {
            "the proxy has one listener for the port, and one protocol on it: one of the two may not be reached"
        }
        (DIFFERENT, _) => {
            "the proxy has one listener for the port, and cannot speak tcp and something else on it: the node gets no \
             working configuration"
        }
        _ => {
            "a tcp connection names no host: the proxy tells services apart by their ports alone, and reaches only one \
             of the two"
        }
    };
    let draft = Draft::new(case, format!("{who} {verb} {one} and {other} on port `{port}`, {words}"));
    let (at_later, at_first) = (reference(mesh, &later.call), reference(mesh, &first.call));
    let draft = draft.at(at_later, format!("{other} speaks {} on port {port}", later.word));
    // A list of a whole namespace is one place for both.
    let is_one = at_later == at_first;
    let first_text = format!("{one} speaks {} on port {port}", first.word);
    let draft = if is_one { draft } else { draft.at(at_first, first_text) };
    draft
        .at(place::protocol(mesh.resource(later.provider), later.listener), format!("the protocol of {other}"))
        .at(place::protocol(mesh.resource(first.provider), first.listener), format!("the protocol of {one}"))
        .severity(severity)
        .why(why)
        .help("give one of the two services another port, at the listener of what provides it")
        .on(node.subject())
}

/// Where a call is allowed for: the name of the backend, else of the node that lists a whole namespace.
fn reference(mesh: &Mesh, call: &Call) -> Place {
    let by = call.by.map(|(id, index)| (mesh.resource(id), index));
    let place = by.and_then(|(from, index)| Some(from.at(from.references.get(index)?.span)));
    place.unwrap_or_else(|| mesh.resource(call.from).place())
}
