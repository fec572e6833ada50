//! A gateway route for one host may take that host away from the routes for any host.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use super::Rule;
use super::group::and_more;
use super::routes::{Spot, request_words, witness};
use crate::finding::Draft;
use crate::mesh::{Mesh, RouteTable, host_requests};
use crate::route::{Budget, Dimension, Request, RequestSet, Undecided};

/// The rule.
pub(super) static RULE: Rule = Rule::new("stolen-host", include_str!("../../rules/stolen-host.md")).decides(decide);

fn decide(mesh: &Mesh, out: &mut Vec<Draft>) -> usize {
    let mut undecided = 0;
    for table in mesh.route_tables().iter().filter(|table| table.is_whole) {
        match thefts(mesh, table) {
            Ok(thefts) => out.extend(thefts.and_then(|thefts| stolen(mesh, table, &thefts))),
            Err(Undecided) => undecided += 1,
        }
    }
    undecided
}

/// The routes that may lose a host, at least one.
struct Thefts {
    /// Their entries.
    losers: Vec<usize>,
    /// The entry of a route that takes a host from the first of them.
    thief: usize,
    /// A request to that host which the first matches and no route for a host does.
    request: Request,
}

/// A condition on the host that routes for one listener have.
struct Thief<'m> {
    /// The first of them.
    entry: usize,
    host: &'m str,
    port: Option<i64>,
    /// The requests to that host.
    requests: RequestSet,
    /// See [`Thief::rivals`]: most losers need none of them.
    rivals: OnceCell<Vec<usize>>,
}

/// The routes that may lose a host, each once. All of them share one budget.
fn thefts(mesh: &Mesh, table: &RouteTable) -> Result<Option<Thefts>, Undecided> {
    if table.hosts.is_empty() {
        return Ok(None);
    }
    let mut budget = Budget::default();
    let thieves = thieves(mesh, table);
    let mut thefts: Option<Thefts> = None;
    for loser in 0..table.routes.len() {
        let own = mesh.route(table.routes[loser]);
        if own.host.is_some() {
            continue;
        }
        let mut seen = FxHashSet::default();
        let here = thieves.iter().filter(|thief| may_be_same(own.port.known(), thief.port));
        for thief in here.filter(|thief| seen.insert(thief.host)) {
            // One request is enough to see that another one is robbed, too.
            if let Some(thefts) = thefts.as_mut().filter(|_| is_plain(mesh, table, loser, thief, &mut budget)) {
                thefts.losers.push(loser);
                break;
            }
            let rivals = thief.rivals(mesh, table).iter().filter(|rival| table.table.may_meet(loser, **rival));
            let rivals = rivals.filter(|rival| may_be_same(own.port.known(), port(mesh, table, **rival)));
            let entries = table.table.entries();
            let lost = entries[loser].set.and(&thief.requests);
            let lost = lost.uncovered(rivals.map(|rival| &entries[*rival].set), &mut budget)?;
            if let Some(request) = lost.witness(&mut budget)? {
                let first = || Thefts { losers: Vec::new(), thief: thief.entry, request };
                thefts.get_or_insert_with(first).losers.push(loser);
                break;
            }
        }
    }
    Ok(thefts)
}

fn port(mesh: &Mesh, table: &RouteTable, entry: usize) -> Option<i64> {
    mesh.route(table.routes[entry]).port.known()
}

fn may_be_same(a: Option<i64>, b: Option<i64>) -> bool {
    a == b || a.is_none() || b.is_none()
}

/// The conditions on hosts that a table has, each for each port that it is written for.
fn thieves<'m>(mesh: &'m Mesh, table: &RouteTable) -> Vec<Thief<'m>> {
    let hosted = || (0..table.routes.len()).filter_map(|at| Some((at, mesh.route(table.routes[at]).host.as_deref()?)));
    let mut known = FxHashSet::default();
    let first = hosted().filter(|(at, host)| known.insert((*host, port(mesh, table, *at))));
    first
        .map(|(entry, host)| {
            let port = port(mesh, table, entry);
            Thief { entry, host, port, requests: host_requests(host), rivals: OnceCell::new() }
        })
        .collect()
}

impl Thief<'_> {
    /// The routes for its host, and for others that may be the same.
    fn rivals(&self, mesh: &Mesh, table: &RouteTable) -> &[usize] {
        self.rivals.get_or_init(|| {
            let is_rival = |at: &usize| {
                let host = mesh.route(table.routes[*at]).host.as_deref();
                host.is_some_and(|host| may_share(self.host, host))
            };
            (0..table.routes.len()).filter(is_rival).collect()
        })
    }
}

/// Whether some host may meet two conditions.
fn may_share(a: &str, b: &str) -> bool {
    match (a.split_once(' '), b.split_once(' ')) {
        (Some(("exact", a)), Some(("exact", b))) => a.eq_ignore_ascii_case(b),
        (Some((_, a)), Some((_, b))) => {
            let (a, b) = (a.bytes().rev(), b.bytes().rev());
            a.zip(b).all(|(a, b)| a.eq_ignore_ascii_case(&b))
        }
        _ => true,
    }
}

/// Whether the request that comes to mind shows that a route loses a host.
fn is_plain(mesh: &Mesh, table: &RouteTable, loser: usize, thief: &Thief<'_>, budget: &mut Budget) -> bool {
    let sample = |set: &RequestSet, budget: &mut Budget| set.witness(budget).ok().flatten();
    let Some(mut request) = sample(&table.table.entries()[loser].set, budget) else { return false };
    let Some(to) = sample(&thief.requests, budget).filter(|_| request.get(&Dimension::Host).is_none()) else {
        return false;
    };
    request.values.extend(to.values);
    let own = port(mesh, table, loser);
    let is_rival = |at: &usize| {
        let route = mesh.route(table.routes[*at]);
        route.host.is_some() && may_be_same(own, route.port.known())
    };
    let near = table.table.beginning(request.get(&Dimension::Path).unwrap_or(b"/"));
    const FEW: usize = 16;
    let among = if near.len() <= FEW { &*near } else { thief.rivals(mesh, table) };
    budget.spend(among.len()).is_ok()
        && !among.iter().filter(|at| is_rival(at)).any(|at| table.table.may_answer(*at, &request))
}

/// One finding a gateway: the cause is one, and the documents do not say that it is one.
fn stolen(mesh: &Mesh, table: &RouteTable, thefts: &Thefts) -> Option<Draft> {
    const SHOWN: usize = 4;
    let loser = *thefts.losers.first()?;
    let (loser_at, thief_at) = (Spot::of(mesh, table, loser), Spot::of(mesh, table, thefts.thief));
    let host = thief_at.route.host.as_deref().and_then(|host| host.split_once(' '))?;
    let host = if host.0 == "suffix" { format!("*{}", host.1) } else { host.1.to_owned() };
    let verb = format!("may not answer for `{host}`, since {} names that host", thief_at.title());
    let message = format!("{}{} {verb}", loser_at.title(), and_more(thefts.losers.len()));
    let proof = witness(mesh, table, loser, &thefts.request, String::new());
    let mut draft = Draft::new("hostname-steals-host", message)
        .at(loser_at.place(), "is for any host, as it is written")
        .at(thief_at.holder.at(thief_at.route.match_span), format!("names `{host}`"));
    for other in thefts.losers.iter().skip(1).take(SHOWN) {
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
