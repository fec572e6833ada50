//! Random tables: what meshlint says of a request is what Envoy does with it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use serde_json::Value;

use super::client::{Client, Reply};
use super::config::{self, ARRIVED, GATEWAY_ROUTE, INNER, ROUTE, TABLE, table_name};
use super::question::{Case, Expect, Probe, Question};
use super::random::Random;
use super::server::{Envoy, Server, say};

/// How many tables one Envoy gets at a time.
const BATCH: usize = 250;

/// How many tables are drawn, unless `MESHLINT_ENVOY_TABLES` says so.
const TABLES: usize = 200;

#[test]
fn envoy_answers_as_meshlint_says() {
    let Some(envoy) = Envoy::find("random tables") else { return };
    let tables = env::var("MESHLINT_ENVOY_TABLES").map_or(TABLES, |text| text.parse().expect("a number of tables"));
    let (major, minor, patch) = envoy.version;
    say(&format!("{tables} tables for Envoy {major}.{minor}.{patch}"));
    let mut tally = Tally::default();
    for first in (0..tables).step_by(BATCH) {
        let last = (first + BATCH).min(tables);
        let cases = work((first..last).collect(), Case::new);
        say(&format!(
            "tables {first} to {last}: {} questions",
            cases.iter().map(|case| case.questions.len()).sum::<usize>()
        ));
        put_all(&cases, envoy, "tables", &mut tally);
        say("all are answered");
    }
    tally.finish(tables);
}

/// Puts the questions of some cases to an Envoy that has all of their tables.
pub(super) fn put_all(cases: &[Case], envoy: &Envoy, name: &str, tally: &mut Tally) {
    let scopes: Vec<_> = cases.iter().flat_map(scopes).collect();
    let server = Server::start(envoy, name, |port, folder| config::bootstrap(&scopes, port, folder));
    say(&format!("Envoy has {} variants of {} tables", scopes.len(), cases.len()));
    work(cases.iter().collect(), |case| put(case, envoy, &server, tally));
}

/// Does something with each of a list, on all cores. A panic of one ends the test.
fn work<I: Copy + Send + Sync, O: Send>(items: Vec<I>, work: impl Fn(I) -> O + Sync) -> Vec<O> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = thread::available_parallelism().map_or(2, usize::from).max(2);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let out = work(*item);
                    done.lock().unwrap().push(out);
                }
            });
        }
    });
    done.into_inner().unwrap()
}

fn scopes(case: &Case) -> Vec<Value> {
    let tables = case.tables();
    let scope = |(router, port, variant): (Option<usize>, u16, config::Variant)| {
        // The reverse of an order is one of the same order.
        let seed = (case.at as u64) << 24 | u64::from(port) << 8 | router.map_or(0, |router| router as u64 + 1) << 1;
        let mut random = Random::new(seed | u64::from(variant.is_partitioned));
        config::scope(&case.drawn, (case.at, router, port), &variant, &mut random)
    };
    tables.into_iter().map(scope).collect()
}

/// Who answered: a gateway route, a route.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    gateway_route: Option<String>,
    route: Option<String>,
    /// What came to the router: the host, and the path with the query.
    arrived: Option<String>,
}

impl Seen {
    fn of(reply: &Reply) -> Result<Self, String> {
        let name = |header: &str| reply.header(header).map(str::to_owned);
        let seen = Self { gateway_route: name(GATEWAY_ROUTE), route: name(ROUTE), arrived: name(ARRIVED) };
        // A gRPC call that nobody takes is answered with a status of its own.
        let is_missing = reply.status == 404 || reply.header("grpc-status").is_some_and(|status| status == "12");
        let is_answered = reply.status == 200 && (seen.gateway_route.is_some() || seen.route.is_some());
        if is_missing || is_answered { Ok(seen) } else { Err(format!("answered with {}", reply.status)) }
    }
}

/// What has come of it so far.
#[derive(Default)]
pub(super) struct Tally {
    kinds: Mutex<BTreeMap<String, usize>>,
    requests: AtomicUsize,
    left_out: AtomicUsize,
    failures: Mutex<Vec<String>>,
}

/// Puts the questions of a case.
fn put(case: &Case, envoy: &Envoy, server: &Server, tally: &Tally) {
    let mut client = Client::new(server.address);
    let mut all: Vec<(String, Seen)> = Vec::new();
    for question in &case.questions {
        // What versions do not agree on is only sent where it is as meshlint says: several lines of one header (from
        // 1.39.0 they are compared one by one), and regexes on more than ASCII (from 1.39.3 they read bytes).
        if question.ask.repeats_a_line() && !envoy.joins_lines()
            || question.ask.is_beyond_ascii() && envoy.reads_utf8() != Some(true)
        {
            tally.left_out.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        let mut seen = Vec::with_capacity(question.probes.len());
        for probe in &question.probes {
            let first = table_name(case.at, question.ask.router, question.ask.port) + &probe.outer.name();
            let head = question.ask.head(&[(TABLE, &first), (INNER, &probe.inner.name())]);
            let reply = client.ask(&head).map_err(|error| error.to_string());
            tally.requests.fetch_add(1, Ordering::Relaxed);
            match reply.and_then(|reply| Seen::of(&reply)) {
                Ok(one) => seen.push(one),
                Err(why) => return tally.fail(case, question, &format!("{}: {why}", probe.outer.name())),
            }
        }
        *tally.kinds.lock().unwrap().entry(question.kind.clone()).or_default() += 1;
        if let Err(why) = question.expect.judge(&seen) {
            tally.fail(case, question, &format!("{why}\n{}", told(&question.probes, &seen)));
        }
        all.extend(seen.into_iter().map(|seen| (question.ask.target.clone(), seen)));
    }
    for never in &case.never {
        let about = &never.about;
        let answers = |seen: &Seen| {
            [&seen.gateway_route, &seen.route].contains(&&Some(never.name.clone()))
                && (!never.of_gateway || seen.gateway_route.is_some())
        };
        if let Some((target, seen)) = all.iter().find(|(_, seen)| answers(seen)) {
            tally.failures.lock().unwrap().push(format!("table {}: {about}\n  and yet {target}: {seen:?}", case.at));
            keep(case);
        }
        *tally.kinds.lock().unwrap().entry("routes that never answer".to_owned()).or_default() += 1;
    }
}

fn told(probes: &[Probe], seen: &[Seen]) -> String {
    let mut out = String::new();
    for (probe, seen) in probes.iter().zip(seen) {
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "nobody".to_owned());
        let _ = writeln!(
            out,
            "  {} (behind: {}): {}, {}",
            probe.outer.name(),
            probe.inner.name(),
            name(&seen.gateway_route),
            name(&seen.route),
        );
    }
    out
}

impl Expect {
    fn judge(&self, seen: &[Seen]) -> Result<(), String> {
        let levels = [
            ("gateway route", &self.gateway_routes, seen.iter().map(|seen| &seen.gateway_route).collect::<Vec<_>>()),
            ("route", &self.routes, seen.iter().map(|seen| &seen.route).collect()),
        ];
        for (level, wanted, found) in levels {
            let Some(wanted) = wanted else { continue };
            if let Some(other) = found.iter().find(|one| !wanted.contains(one)) {
                return Err(format!("the {level} should be one of {wanted:?} and is {other:?}"));
            }
            if let Some(missing) = wanted.iter().find(|one| !found.contains(one)).filter(|_| self.is_open) {
                return Err(format!("the {level} should be able to be {missing:?}"));
            }
        }
        let Some((host, path)) = &self.arrived else { return Ok(()) };
        for arrived in seen.iter().filter_map(|seen| seen.arrived.as_deref()) {
            let (own_host, target) = arrived.split_at(arrived.find('/').unwrap_or(arrived.len()));
            let own_path = target.split('?').next().unwrap_or_default();
            if host.as_deref().is_some_and(|host| host != own_host)
                || path.as_deref().is_some_and(|path| path != own_path)
            {
                return Err(format!("{arrived} comes to the router, and not {host:?} with {path:?}"));
            }
        }
        Ok(())
    }
}

/// Keeps the manifests of a table that something is wrong with.
fn keep(case: &Case) {
    let _ = fs::write(format!("{}/envoy-{}.yaml", env!("CARGO_TARGET_TMPDIR"), case.at), &case.manifests);
}

impl Tally {
    fn fail(&self, case: &Case, question: &Question, why: &str) {
        keep(case);
        let failure = format!("table {}: {}\n  {:?}\n  {why}", case.at, question.about, question.ask);
        self.failures.lock().unwrap().push(failure);
    }

    /// Fails where anything has, and says what was done.
    pub(super) fn hold(&mut self) {
        let failures = std::mem::take(self.failures.get_mut().unwrap());
        let count = failures.len();
        assert!(failures.is_empty(), "{count} failures\n{}", failures[..count.min(20)].join("\n"));
    }

    fn finish(mut self, tables: usize) {
        let kinds = std::mem::take(self.kinds.get_mut().unwrap());
        for (kind, count) in &kinds {
            say(&format!("{count:7} {kind}"));
        }
        let (requests, left_out) = (*self.requests.get_mut(), *self.left_out.get_mut());
        say(&format!("{requests} requests, {left_out} questions left out on this version"));
        self.hold();
        // Of what never happens nothing is proved.
        let count = |kind: &str| kinds.get(kind).copied().unwrap_or(0);
        let verdicts: usize =
            kinds.iter().filter(|(kind, _)| kind.starts_with("verdict ")).map(|(_, count)| count).sum();
        let undecided = count("verdict undecided");
        assert!(undecided * 100 < verdicts * 30, "{undecided} of {verdicts} requests are undecided");
        assert!(count("verdict routed") * 100 > verdicts * 25, "most requests reach nothing");
        if tables >= TABLES {
            for rule in ["shadowed-route", "ambiguous-route", "duplicate-route", "dead-request", "stolen-host"] {
                assert!(count(&format!("witness of {rule}")) > 0, "nothing was found by {rule}");
            }
        }
    }
}
