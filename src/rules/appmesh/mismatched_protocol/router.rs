//! Routes of routers against the router's own listener and those of their nodes.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::meeting::{self, Entry};
use super::{Blamed, End, NODE, clash, say};
use crate::finding::Draft;
use crate::mesh::{Landing, Mesh, ResourceId};
use crate::rules::group::group;

const OWN: &str = "route-protocol-vs-router-listener";

/// As many further nodes are pointed at.
const SHOWN: usize = 3;

/// A listener, by its owner and its index there.
type Spot = (ResourceId, usize);

/// A route of a router with the listeners between which it stands.
struct Meeting<'m> {
    entry: Entry<'m>,
    /// The router's own listener, where it is known.
    own: Option<(usize, &'static str)>,
    nodes: Vec<(ResourceId, usize, &'static str)>,
}

impl Meeting<'_> {
    fn is_apart(&self) -> bool {
        self.own.is_some_and(|(_, word)| clash(self.entry.protocol(), word).is_some())
    }

    fn nodes_agree_with(&self, word: &str) -> bool {
        self.nodes.iter().any(|(.., spoken)| *spoken == word)
    }
}

pub(super) fn check(mesh: &Mesh, blamed: &mut Blamed, out: &mut Vec<Draft>) {
    // A port that is missing, or no listener's, is one fault, and is told already.
    let is_placed = |entry: &Entry<'_>| matches!(entry.landing, Landing::On(_) | Landing::Open);
    let meetings: Vec<_> = meeting::of_routers(mesh)
        .filter(is_placed)
        .map(|entry| Meeting {
            entry,
            own: meeting::spoken(mesh, entry.router(), entry.landing),
            nodes: meeting::nodes(mesh, entry.at),
        })
        .collect();
    check_own(mesh, &meetings, blamed, out);
    check_nodes(mesh, &meetings, blamed, out);
}

fn check_own(mesh: &Mesh, meetings: &[Meeting<'_>], blamed: &mut Blamed, out: &mut Vec<Draft>) {
    let met = meetings.iter().filter_map(|one| one.own.map(|(at, word)| ((one.entry.router(), at, word), one)));
    for ((owner, listener, word), all) in group(met) {
        let wrong: Vec<_> = all.iter().filter(|one| one.is_apart()).collect();
        let end = End { owner: mesh.resource(owner), listener, word };
        // The listener is wrong where nobody agrees with it, and somebody with the routes. Where another listener of
        // the router suits them, they name the wrong port.
        let has_better = wrong.iter().any(|one| end.other_port(one.entry.protocol()).is_some());
        let is_lonely = wrong.len() == all.len() && !has_better && !all.iter().any(|one| one.nodes_agree_with(word));
        let is_listener =
            is_lonely && (wrong.len() > 1 || wrong.iter().any(|one| one.nodes_agree_with(one.entry.protocol())));
        if is_listener {
            blamed.insert((owner, listener));
        }
        let entries: Vec<_> = wrong.iter().map(|one| one.entry).collect();
        let parts = if is_listener { vec![&entries[..]] } else { entries.chunks(1).collect() };
        out.extend(parts.into_iter().filter_map(|part| say(OWN, part, end, is_listener)));
    }
}

fn check_nodes(mesh: &Mesh, meetings: &[Meeting<'_>], blamed: &mut Blamed, out: &mut Vec<Draft>) {
    // A route that does not suit its own router would have to change first.
    let fitting = || meetings.iter().filter(|one| !one.is_apart());
    let landings = || fitting().flat_map(|one| one.nodes.iter().map(move |node| (one, *node)));
    let suited: FxHashSet<Spot> = landings()
        .filter(|(one, (.., word))| clash(one.entry.protocol(), word).is_none())
        .map(|(_, (node, listener, _))| (node, listener))
        .collect();
    let clashing = || landings().filter(|(one, (.., word))| clash(one.entry.protocol(), word).is_some());
    // By router and protocol: the listeners of nodes that do not suit it.
    let mut unfit: FxHashMap<(ResourceId, &str), FxHashSet<Spot>> = FxHashMap::default();
    for (one, (node, listener, _)) in clashing() {
        unfit.entry((one.entry.router(), one.entry.protocol())).or_default().insert((node, listener));
    }
    let is_culprit = |one: &Meeting<'_>, spot: Spot| {
        let is_only = unfit.get(&(one.entry.router(), one.entry.protocol())).is_some_and(|all| all.len() == 1);
        let is_alone = is_only || one.nodes_agree_with(one.entry.protocol());
        // Where another listener of the node suits the route, its destination names the wrong port.
        let end = End { owner: mesh.resource(spot.0), listener: spot.1, word: "" };
        let has_better = end.other_port(one.entry.protocol()).is_some();
        one.own.is_some() && !suited.contains(&spot) && !has_better && is_alone
    };
    let keyed = clashing().map(|(one, (node, listener, word))| {
        let is_node = is_culprit(one, (node, listener));
        let owner = if is_node { None } else { Some(one.entry.router()) };
        let spot = is_node.then_some((node, listener));
        ((owner, spot, one.entry.protocol(), word), (one.entry, (node, listener)))
    });
    for ((_, spot, _, word), all) in group(keyed) {
        let mut entries: Vec<Entry<'_>> = all.iter().map(|(entry, _)| *entry).collect();
        entries.dedup_by_key(|entry| entry.at);
        let Some((_, (node, listener))) = all.first().copied() else { continue };
        blamed.extend(spot);
        let end = End { owner: mesh.resource(node), listener, word };
        let mut told: FxHashSet<Spot> = std::iter::once((node, listener)).collect();
        let mut others: Vec<_> = all.iter().map(|(_, spot)| *spot).filter(|spot| told.insert(*spot)).collect();
        others.truncate(SHOWN);
        let draft = say(NODE, &entries, end, spot.is_some());
        out.extend(
            draft.map(|draft| others.iter().fold(draft, |draft, (node, listener)| also(mesh, draft, *node, *listener))),
        );
    }
}

/// Points at a further node of the same protocol.
fn also(mesh: &Mesh, draft: Draft, node: ResourceId, listener: usize) -> Draft {
    let node = mesh.resource(node);
    draft.at(super::place::protocol(node, listener), format!("so does {}", node.title()))
}
