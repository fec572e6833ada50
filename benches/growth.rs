//! What a route costs on a gateway that has a thousand of them, and on one that has ten thousand. `benches/README.md`
//! says how to read it.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use divan::Bencher;
use divan::counter::ItemsCount;
use meshlint::engine::{self, Settings};
use meshlint::route::{
    Atom, Automaton, Budget, Cube, Dimension, Entry, Precedence, Rank, Realm, RequestSet, Table, Values,
};
use meshlint::source::{Input, Request};

const SIZES: [usize; 2] = [1_000, 10_000];

fn main() {
    divan::main();
    // With a flag or a name somebody asks for something else.
    if std::env::args().skip(1).all(|argument| argument == "--bench") {
        growth("tables, no regexes", |count| judged(&table(count, Paths::Plain)));
        growth("tables, every fifth a regex", |count| judged(&table(count, Paths::Mixed)));
        growth("check, no regexes", |count| checked(manifests(count, Paths::Plain)));
        growth("check, every fifth a regex", |count| checked(manifests(count, Paths::Mixed)));
    }
}

/// Tells what a route costs in a small table and in a large one: the best of some runs, since the others waited.
fn growth(name: &str, run: impl Fn(usize) -> usize) {
    let best = |count: usize| {
        let time = || {
            let start = Instant::now();
            divan::black_box(run(count));
            start.elapsed()
        };
        (0..3).map(|_| time()).min().unwrap_or(Duration::ZERO).as_secs_f64() * 1e6 / count as f64
    };
    let [few, many] = SIZES.map(best);
    println!("{name}: {few:.1} µs a route of {}, {many:.1} of {}: {:.2} times", SIZES[0], SIZES[1], many / few);
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn tables(bencher: Bencher<'_, '_>, count: usize) {
    let table = table(count, Paths::Plain);
    bencher.counter(ItemsCount::new(count)).bench(|| judged(&table));
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn tables_with_regexes(bencher: Bencher<'_, '_>, count: usize) {
    let table = table(count, Paths::Mixed);
    bencher.counter(ItemsCount::new(count)).bench(|| judged(&table));
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn check(bencher: Bencher<'_, '_>, count: usize) {
    let text = manifests(count, Paths::Plain);
    bencher.counter(ItemsCount::new(count)).with_inputs(|| text.clone()).bench_values(checked);
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn check_with_regexes(bencher: Bencher<'_, '_>, count: usize) {
    let text = manifests(count, Paths::Mixed);
    bencher.counter(ItemsCount::new(count)).with_inputs(|| text.clone()).bench_values(checked);
}

/// What the routes of a gateway match.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Paths {
    /// Prefixes and exact paths.
    Plain,
    /// Every fifth a regex.
    Mixed,
}

/// A route of a gateway.
struct Route {
    path: Match,
    /// A header that it asks for.
    header: Option<usize>,
    priority: Option<u32>,
}

enum Match {
    Exact(String),
    Prefix(String),
    Regex(String),
}

/// The route at an index: the same one in every run. Twenty routes make a team with a path of its own; one in fifty is
/// covered by the prefix of its team.
fn route(at: usize, paths: Paths) -> Route {
    let team = at / 20;
    let header = (at % 7 == 3).then_some(at % 3);
    if paths == Paths::Mixed && at.is_multiple_of(5) {
        let regex = match at / 5 % 4 {
            0 => format!("/team-{team}/(orders|carts)-{at}/[0-9]+"),
            1 => format!("/(en|de|fr)/item-{at}(/.*)?"),
            2 => format!("/v[0-9]+/service-{at}/.*"),
            _ => format!(".*/[a-z]+\\.type-{at}"),
        };
        return Route { path: Match::Regex(regex), header, priority: Some(1 + at as u32 % 500) };
    }
    match at % 50 {
        1 => Route { path: Match::Prefix(format!("/team-{team}/")), header: None, priority: Some(600) },
        2 => Route { path: Match::Prefix(format!("/team-{team}/late-{at}")), header, priority: Some(700) },
        other if other % 4 == 3 => {
            Route { path: Match::Exact(format!("/team-{team}/page-{at}")), header, priority: Some(500) }
        }
        _ => Route { path: Match::Prefix(format!("/team-{team}/service-{at}/")), header, priority: None },
    }
}

fn table(count: usize, paths: Paths) -> Table {
    let entries = (0..count).map(|at| {
        let route = route(at, paths);
        let (atom, length) = match route.path {
            Match::Exact(text) => (Atom::Exact(text.into()), None),
            Match::Prefix(text) => (Atom::Prefix(text.as_str().into()), Some(text.len() as u32)),
            Match::Regex(text) => (Atom::Regex(Arc::new(Automaton::of(&text).unwrap())), None),
        };
        let mut cube = Cube::all().with(Dimension::Path, Values::of(atom));
        if let Some(value) = route.header {
            let wanted = Values::of(Atom::Exact(format!("v{value}").into()));
            cube = cube.with(Dimension::Header("x-version".into()), wanted);
        }
        let tier = route.priority.unwrap_or(1000);
        Entry {
            set: RequestSet::of(cube),
            rank: Rank::Tier { least: tier, greatest: tier, length },
            realm: Realm::default(),
        }
    });
    Table::new(entries.collect())
}

/// What the rules ask of every route: whether it ever answers, and whether something says who does.
fn judged(table: &Table) -> usize {
    let mut found = 0;
    for at in 0..table.entries().len() {
        found += usize::from(!matches!(table.shadow(at, &mut Budget::default()), Ok(None)));
        for other in table.neighbours(at).into_iter().filter(|other| *other < at) {
            if table.order(other, at) == Precedence::Unspecified {
                found += usize::from(!matches!(table.contest(other, at, &mut Budget::default()), Ok(None)));
            }
        }
    }
    found
}

/// One gateway with so many routes, to services that nodes provide: one for each team.
fn manifests(count: usize, paths: Paths) -> Vec<u8> {
    let mut out = String::from(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: big, labels: {mesh: big, gateway: big}}\n---\n\
         apiVersion: appmesh.k8s.aws/v1beta2\nkind: Mesh\nmetadata: {name: big}\n\
         spec: {namespaceSelector: {matchLabels: {mesh: big}}}\n---\n\
         apiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualGateway\nmetadata: {name: edge, namespace: big}\nspec:\n  \
         namespaceSelector: {matchLabels: {gateway: big}}\n  podSelector: {matchLabels: {app: edge}}\n  \
         listeners: [{portMapping: {port: 8080, protocol: http}}]\n",
    );
    for team in 0..=count / 20 {
        let _ = write!(
            out,
            "---\napiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualNode\nmetadata: {{name: team-{team}, namespace: big}}\n\
             spec:\n  podSelector: {{matchLabels: {{app: team-{team}}}}}\n  \
             listeners: [{{portMapping: {{port: 8080, protocol: http}}}}]\n  \
             serviceDiscovery: {{dns: {{hostname: team-{team}.big.svc.cluster.local}}}}\n\
             ---\napiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualService\nmetadata: {{name: team-{team}, namespace: big}}\n\
             spec:\n  awsName: team-{team}.big.svc.cluster.local\n  \
             provider: {{virtualNode: {{virtualNodeRef: {{name: team-{team}}}}}}}\n"
        );
    }
    for at in 0..count {
        let route = route(at, paths);
        let path = match route.path {
            Match::Exact(text) => format!("path: {{exact: {text}}}"),
            Match::Prefix(text) => format!("prefix: {text}"),
            Match::Regex(text) => format!("path: {{regex: '{text}'}}"),
        };
        let priority = route.priority.map_or_else(String::new, |priority| format!("  priority: {priority}\n"));
        let header = route.header.map_or_else(String::new, |value| {
            format!("      headers: [{{name: x-version, match: {{exact: v{value}}}}}]\n")
        });
        let _ = write!(
            out,
            "---\napiVersion: appmesh.k8s.aws/v1beta2\nkind: GatewayRoute\nmetadata: {{name: route-{at}, namespace: big}}\n\
             spec:\n{priority}  httpRoute:\n    match:\n      {path}\n{header}    action:\n      \
             target: {{virtualService: {{virtualServiceRef: {{name: team-{}}}}}}}\n",
            at / 20
        );
    }
    out.into_bytes()
}

/// Reads, lowers and judges; how much was found.
fn checked(bytes: Vec<u8>) -> usize {
    let request = Request::new(vec![Input::Stdin { name: "big.yaml".to_owned(), bytes }]);
    let outcome = engine::check(&request, Path::new("."), &Settings { threads: 1, ..Settings::default() });
    assert!(outcome.summary.resources > 1_000, "{:?}", outcome.summary);
    outcome.findings.len()
}
