//! A port of a match or of a target that none of the listeners has.

use super::meeting::{self, Entry};
use super::place;
use crate::finding::{Draft, Place};
use crate::mesh::{Landing, Mesh, Resource, ResourceId};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unknown-port", include_str!("../../../rules/unknown-port.md")).mesh(check);

/// A port that somebody means, and the resource that has no listener for it.
type Miss = (ResourceId, i64);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let mut matches: Vec<(Miss, (Entry<'_>, Place))> = Vec::new();
    let mut targets = Vec::new();
    for entry in meeting::of_routers(mesh).chain(meeting::of_gateways(mesh)) {
        if let (Some(owner), Landing::NoSuchPort(port)) = (entry.owner, entry.landing) {
            matches.push(((owner, port), (entry, place::match_port(entry.holder, entry.route))));
        }
        let arrivals = mesh.arrivals_by(entry.at).into_iter();
        let nodes = arrivals.filter_map(|one| Some((one.via?.1, one.node, one.at)));
        let provider = meeting::provider(mesh, &entry).map(|(provider, landing)| (0, provider, landing));
        for (at, target, landing) in nodes.chain(provider) {
            if let (Landing::NoSuchPort(port), Some(one)) = (landing, entry.route.destinations.get(at)) {
                let (_, place) = place::target(entry.holder, entry.route, one);
                targets.push(((target, port), (entry, place)));
            }
        }
    }
    for ((owner, port), wrong) in group(matches.into_iter()) {
        let why = "no request arrives on this port, so the route is never taken";
        out.extend(say("match-port-unknown", "is for", mesh.resource(owner), port, &wrong).map(|one| one.why(why)));
    }
    for ((target, port), wrong) in group(targets.into_iter()) {
        let why = "nothing answers on this port, and the requests that are sent there fail";
        out.extend(say("target-port-unknown", "leads to", mesh.resource(target), port, &wrong).map(|one| one.why(why)));
    }
}

fn say(case: &'static str, verb: &str, owner: &Resource, port: i64, wrong: &[(Entry<'_>, Place)]) -> Option<Draft> {
    let (entry, at) = wrong.first()?;
    let (route, title, more) = (entry.title(), owner.title(), and_more(wrong.len()));
    let verb = match (verb, wrong.len()) {
        (one, 1) => one,
        ("is for", _) => "are for",
        _ => "lead to",
    };
    let all = meeting::ports(owner, "and");
    let message = format!("{route}{more} {verb} port `{port}`, which is no listener of {title}");
    let (listens, choose) = match owner.listeners.len() {
        1 => (format!("{title} listens on {all}"), format!("write {all}")),
        _ => (format!("{title} listens on {all}"), format!("write {}", meeting::ports(owner, "or"))),
    };
    let draft = Draft::new(case, message).at(*at, format!("no listener of {title} has this port"));
    let draft = draft.at(place::port(owner, 0), listens);
    Some(draft.help(format!("{choose}, or give {title} a listener on {port}")).on(entry.holder.subject()))
}
