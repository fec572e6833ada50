//! Gateway routes against the listeners of their gateway, and of what provides their service.

use rustc_hash::FxHashSet;

use super::super::meeting::{self, Entry};
use super::super::place;
use super::{Blamed, End, clash, say};
use crate::finding::{Draft, Severity};
use crate::mesh::Mesh;
use crate::rules::group::{and_more, group};

pub(super) fn check(mesh: &Mesh, blamed: &Blamed, out: &mut Vec<Draft>) {
    let routes: Vec<_> = meeting::of_gateways(mesh).collect();
    let mut told = FxHashSet::default();
    let met = routes.iter().filter_map(|entry| {
        let (listener, word) = meeting::spoken(mesh, entry.owner?, entry.landing)?;
        Some(((entry.owner?, listener, word), *entry))
    });
    for ((owner, listener, word), entries) in group(met) {
        let end = End { owner: mesh.resource(owner), listener, word };
        let wrong: Vec<_> = entries.iter().filter(|one| clash(one.protocol(), word).is_some()).copied().collect();
        told.extend(wrong.iter().map(|one| one.at));
        // Where none of several routes suits the listener, it is the listener that is wrong.
        let has_better = wrong.iter().any(|one| end.other_port(one.protocol()).is_some());
        let is_listener = wrong.len() > 1 && wrong.len() == entries.len() && !has_better;
        let parts = if is_listener { vec![&wrong[..]] } else { wrong.chunks(1).collect() };
        out.extend(
            parts.into_iter().filter_map(|part| say("gatewayroute-protocol-vs-gateway", part, end, is_listener)),
        );
    }
    let handed_on = routes.iter().filter(|one| !told.contains(&one.at)).filter_map(|entry| {
        let (provider, landing) = meeting::provider(mesh, entry)?;
        let (listener, word) = meeting::spoken(mesh, provider, landing)?;
        let is_new = !blamed.contains(&(provider, listener));
        is_new.then_some(((provider, listener, word, entry.protocol()), entry))
    });
    for ((provider, listener, word, protocol), entries) in group(handed_on) {
        // From http to http2 the proxy translates, as a walkthrough of App Mesh shows (circuit breakers).
        let severity = match (protocol, word) {
            (_, "tcp") => Severity::Error,
            ("http" | "http2", "grpc") | ("grpc", "http") => Severity::Warning,
            _ => continue,
        };
        out.extend(
            unfit(&entries, End { owner: mesh.resource(provider), listener, word }).map(|it| it.severity(severity)),
        );
    }
}

fn unfit(routes: &[&Entry<'_>], end: End<'_>) -> Option<Draft> {
    let first = routes.first()?;
    let (protocol, word, title) = (first.protocol(), end.word, end.owner.title());
    let verb = if routes.len() > 1 { "are" } else { "is" };
    let (route, more) = (first.title(), and_more(routes.len()));
    let message = format!("{route}{more} {verb} for {protocol}, and {title} behind the service speaks {word}");
    Some(
        Draft::new("gatewayroute-protocol-vs-provider", message)
            .at(place::route_type(first.holder, first.route), format!("{route} is for {protocol}"))
            .at(end.place(), format!("{title} speaks {word}"))
            .why(format!("the gateway hands {protocol} requests on to a listener that takes {word}, and they fail"))
            .help(format!(
                "lead the route to a service that speaks {protocol}, or change the protocol of one of the two"
            ))
            .on(first.holder.subject()),
    )
}
