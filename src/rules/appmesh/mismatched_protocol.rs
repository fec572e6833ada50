//! A route that is made for another protocol than the listeners that it connects.

mod gateway;
mod router;

use rustc_hash::FxHashSet;

use super::meeting::Entry;
use super::place;
use crate::finding::{Draft, Place, Severity};
use crate::mesh::{Mesh, Port, Resource, ResourceId};
use crate::rules::Rule;
use crate::rules::group::and_more;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-protocol", include_str!("../../../rules/mismatched-protocol.md")).mesh(check);

/// The case about the listeners of nodes.
const NODE: &str = "route-protocol-vs-node-listener";

/// Listeners that are found to be the fault: nobody else is told about them.
type Blamed = FxHashSet<(ResourceId, usize)>;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let mut blamed = Blamed::default();
    router::check(mesh, &mut blamed, out);
    gateway::check(mesh, &blamed, out);
}

/// How bad it is that a route for one protocol meets a listener of another; `None` where they agree. gRPC is a way to
/// use http2, and whether App Mesh tells the two apart is not documented.
fn clash(route: &str, listener: &str) -> Option<Severity> {
    match (route, listener) {
        _ if route == listener => None,
        ("http2", "grpc") | ("grpc", "http2") => Some(Severity::Warning),
        _ => Some(Severity::Error),
    }
}

/// One listener, with what is spoken there.
#[derive(Clone, Copy)]
struct End<'m> {
    owner: &'m Resource,
    listener: usize,
    word: &'static str,
}

impl End<'_> {
    fn place(&self) -> Place {
        place::protocol(self.owner, self.listener)
    }

    /// What is spoken, and where if that is one of several.
    fn words(&self) -> String {
        let port = self.owner.listeners.get(self.listener).and_then(|one| one.port);
        match port.filter(|_| self.owner.listeners.len() > 1) {
            Some(port) => format!("{} speaks {} on port {port}", self.owner.title(), self.word),
            None => format!("{} speaks {}", self.owner.title(), self.word),
        }
    }

    /// Another port of the owner on which a protocol is spoken.
    fn other_port(&self, protocol: &str) -> Option<i64> {
        self.owner.listeners.iter().find(|one| one.protocol == Some(protocol))?.port
    }
}

/// What is said of some routes with one cause and the listener that they clash with. The culprit comes first.
fn say(case: &'static str, routes: &[Entry<'_>], end: End<'_>, is_listener: bool) -> Option<Draft> {
    let first = routes.first()?;
    let (protocol, word, title) = (first.protocol(), end.word, end.owner.title());
    let severities: Vec<_> = routes.iter().filter_map(|one| clash(one.protocol(), word)).collect();
    let severity = if severities.contains(&Severity::Error) { Severity::Error } else { Severity::Warning };
    let verb = if routes.len() > 1 { "are" } else { "is" };
    let mut protocols: Vec<_> = routes.iter().map(Entry::protocol).collect();
    protocols.sort_unstable();
    protocols.dedup();
    let (route, more, all) = (first.title(), and_more(routes.len()), protocols.join(" and "));
    let message = format!("{route}{more} {verb} for {all}, and {}", end.words());
    // Whoever named the port of one listener, and meant another.
    let meant = end.other_port(protocol);
    let (at, text) = match (meant, first.route.port) {
        (Some(_), Port::Known(port)) if case != NODE => {
            (place::match_port(first.holder, first.route), format!("{route} is for {protocol}, on port {port}"))
        }
        _ => (place::route_type(first.holder, first.route), format!("{route} is for {protocol}")),
    };
    let (at_route, at_listener) = ((at, text), (end.place(), end.words()));
    let (one, other) = if is_listener { (at_listener, at_route) } else { (at_route, at_listener) };
    let why = match severity {
        Severity::Warning => "gRPC runs on http2, so this may work, but the user guide asks for one protocol",
        _ => "App Mesh takes both as they are, and traffic fails: a route and its listeners have to speak one protocol",
    };
    let help = match meant {
        Some(port) => {
            let place = if case == NODE { "beside the target" } else { "into the match" };
            format!("{title} speaks {protocol} on port {port}: write that {place}, or `{word}Route`")
        }
        None => format!("write `{word}Route`, or give the listener the protocol `{protocol}`"),
    };
    let subject = if is_listener { end.owner.subject() } else { first.holder.subject() };
    let draft = Draft::new(case, message).at(one.0, one.1).at(other.0, other.1).severity(severity);
    Some(draft.why(why).help(help).on(subject))
}
