//! A gateway route for one host may take that host away from the routes for any host.

use super::Rule;
use super::group::and_more;
use super::routes::{Spot, request_words, witness};
use crate::finding::Draft;
use crate::mesh::{Mesh, RouteTable, host_requests};
use crate::route::{Budget, Request, Undecided};

/// The rule.
pub(super) static RULE: Rule = Rule::new("stolen-host", include_str!("../../rules/stolen-host.md")).decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let mut undecided = 0;
    for table in mesh.route_tables().iter().filter(|table| table.is_whole) {
        match thefts(mesh, table) {
            Ok(thefts) => out.extend(stolen(mesh, table, &thefts)),
            Err(Undecided) => undecided += 1,
        }
    }
    undecided
}

/// A route for any host, a route for one, and a request to that host which the first matches and no route for a host does.
type Theft = (usize, usize, Request);

/// The routes that may lose a host, each once. All of them share one budget.
fn thefts(mesh: &Mesh, table: &RouteTable) -> Result<Vec<Theft>, Undecided> {
    let entries = table.table.entries();
    let route = |entry: usize| Spot::of(mesh, table, entry).route;
    let (hosted, open): (Vec<_>, Vec<_>) = (0..entries.len()).partition(|entry| route(*entry).host.is_some());
    let mut budget = Budget::default();
    let mut thefts = Vec::new();
    for loser in open {
        let own = route(loser);
        let meets = |other: &&usize| {
            let other = route(**other);
            let ports = (own.port.known(), other.port.known());
            ports.0 == ports.1 || ports.0.is_none() || ports.1.is_none()
        };
        let rivals: Vec<_> = hosted.iter().filter(meets).copied().collect();
        let mut seen = Vec::new();
        for &thief in &rivals {
            if seen.contains(&&route(thief).host) {
                continue;
            }
            seen.push(&route(thief).host);
            let Some(host) = &route(thief).host else { continue };
            let lost = entries[loser].set.and(&host_requests(host));
            let lost = lost.uncovered(rivals.iter().map(|rival| &entries[*rival].set), &mut budget)?;
            if let Some(request) = lost.witness(&mut budget)? {
                thefts.push((loser, thief, request));
                break;
            }
        }
    }
    Ok(thefts)
}

/// One finding a gateway: the cause is one, and the documents do not say that it is one.
fn stolen(mesh: &Mesh, table: &RouteTable, thefts: &[Theft]) -> Option<Draft> {
    const SHOWN: usize = 4;
    let (loser, thief, request) = thefts.first()?;
    let (loser_at, thief_at) = (Spot::of(mesh, table, *loser), Spot::of(mesh, table, *thief));
    let host = thief_at.route.host.as_deref().and_then(|host| host.split_once(' '))?;
    let host = if host.0 == "suffix" { format!("*{}", host.1) } else { host.1.to_owned() };
    let verb = format!("may not answer for `{host}`, since {} names that host", thief_at.title());
    let message = format!("{}{} {verb}", loser_at.title(), and_more(thefts.len()));
    let proof = witness(mesh, table, *loser, request, String::new());
    let mut draft = Draft::new("hostname-steals-host", message)
        .at(loser_at.place(), "is for any host, as it is written")
        .at(thief_at.holder.at(thief_at.route.match_span), format!("names `{host}`"));
    for (other, ..) in thefts.iter().skip(1).take(SHOWN) {
        draft = draft.at(Spot::of(mesh, table, *other).place(), "is for any host, too");
    }
    let why = format!(
        "a proxy looks for the host first and does not come back: {} may get 404. The documents do not say how a gateway \
         orders hosts",
        request_words(&proof)
    );
    draft
        .why(why)
        .help("repeat the route with the host, or name a host in every route of the gateway")
        .on(loser_at.holder.subject())
        .into()
}
