//! Pairs of routes that a comparison of texts gets wrong: later routes that are dead without looking like it, and
//! routes that are alive although an earlier one seems to take all.

use std::sync::Arc;

use super::forest::MAX_BELOW;
use super::{Entry, Realm, Table, Undecided};
use crate::route::{Atom, Automaton, Budget, Cube, Dimension, Rank, Request, RequestSet, Values};

/// What becomes of the last route of a table.
enum Fate {
    /// It never answers, because of these routes.
    Dead(&'static [usize]),
    /// It answers this request, in which every dimension counts that is written.
    Alive(&'static str),
}
use Fate::{Alive, Dead};

fn dimension(name: &str) -> Dimension {
    match name {
        "path" => Dimension::Path,
        "method" => Dimension::Method,
        "source" => Dimension::Source,
        "scheme" => Dimension::Scheme,
        "port" => Dimension::Port,
        name => Dimension::Header(name.into()),
    }
}

/// A route as conditions, `dimension predicate text`, that are separated by commas.
fn set(route: &str) -> RequestSet {
    let cube = route.split(", ").fold(Cube::all(), |cube, condition| {
        let words: Vec<_> = condition.split(' ').collect();
        let atom = match words[1] {
            "exact" => Atom::Exact(words[2].into()),
            "prefix" => Atom::Prefix(words[2].into()),
            "segment" => Atom::Segment(words[2].into()),
            "folded" => Atom::Prefix(words[2].into()).folded(),
            "regex" => Atom::Regex(Arc::new(Automaton::of(words[2]).unwrap())),
            other => panic!("{other}"),
        };
        cube.with(dimension(words[0]), Values::of(atom))
    });
    RequestSet::of(cube)
}

/// A request as `dimension=text`, separated by blanks.
fn request(text: &str) -> Request {
    let pairs = text.split(' ').map(|pair| pair.split_once('=').unwrap());
    Request { values: pairs.map(|(name, value)| (dimension(name), value.as_bytes().to_vec())).collect() }
}

/// Routes that are tried in their order.
fn table(routes: &[&str]) -> Table {
    let tier = |at: u32| Rank::Tier { least: at, greatest: at, length: None };
    let entries =
        routes.iter().zip(0..).map(|(route, at)| Entry { set: set(route), rank: tier(at), realm: Realm::default() });
    Table::new(entries.collect())
}

#[test]
fn the_last_route_is_dead_or_alive() {
    for (routes, fate) in [
        (&["path prefix /a", "path prefix /a, x exact 1"][..], Dead(&[0])),
        (&["path prefix /a", "path prefix /ab, x exact 1"], Dead(&[0])),
        (&["path prefix /a", "path exact /a/b"], Dead(&[0])),
        (&["path prefix /", "path regex /v[0-9]+"], Dead(&[0])),
        (&["path regex /v[0-9]+", "path exact /v1"], Dead(&[0])),
        (&["path exact /a", "path exact /b", "path regex /(a|b)"], Dead(&[0, 1])),
        (&["path prefix /a, method exact GET", "path prefix /ab"], Alive("path=/ab method=POST")),
        (&["path prefix /a", "path prefix /ab, method exact POST"], Dead(&[0])),
        (&["path prefix /a, x prefix abc", "path prefix /ab, x prefix ab"], Alive("path=/ab x=ab")),
        (&["path prefix /a, x prefix ab", "path prefix /ab, x prefix abc"], Dead(&[0])),
        (&["path prefix /a, x exact 1", "path prefix /ab, x regex .*"], Alive("path=/ab x=2")),
        (&["path prefix /a, source exact p", "path prefix /ab"], Alive("path=/ab source=q")),
        (&["path folded /A", "path prefix /ab"], Dead(&[0])),
        // The same with what is compared besides.
        (&["path prefix /a, scheme exact https", "path prefix /ab"], Alive("path=/ab scheme=http")),
        (&["path prefix /a, port exact 80", "path prefix /ab, port exact 81"], Alive("path=/ab port=81")),
        (&["path prefix /a, source exact p", "path prefix /ab, source exact p"], Dead(&[0])),
        (&["source exact p", "source regex q|r", "path exact /a, source regex [p-r]"], Dead(&[0, 1])),
        (&["path folded /A", "path prefix /B"], Alive("path=/B")),
        (&["path prefix /ab", "path folded /ab"], Alive("path=/aB")),
        (&["path segment /a", "path prefix /a"], Alive("path=/ab")),
        (&["path segment /a", "path exact /a/b"], Dead(&[0])),
        (&["path segment /a", "path exact /a"], Dead(&[0])),
        (&["path prefix /a", "path segment /a"], Dead(&[0])),
        (&["path segment /a", "path segment /a/b"], Dead(&[0])),
        (&["path prefix /a/", "path segment /a"], Alive("path=/a")),
        (&["path prefix /a/", "path exact /a", "path segment /a"], Dead(&[0, 1])),
    ] {
        let table = table(routes);
        let last = routes.len() - 1;
        let shadow = table.shadow(last, &mut Budget::default()).unwrap();
        match (fate, shadow) {
            (Dead(by), Some(shadow)) => {
                assert_eq!(shadow.by, by, "{routes:?}");
                assert!(table.entries()[last].set.accepts(&shadow.witness), "{routes:?}: {:?}", shadow.witness);
                assert!(!table.answers(&shadow.witness, |_| true).contains(&last), "{routes:?}: {:?}", shadow.witness);
            }
            (Alive(proof), None) => {
                assert_eq!(table.answers(&request(proof), |_| true), [last], "{routes:?}");
                // What is found without being told is as good a proof.
                let before = table.entries()[..last].iter().map(|entry| &entry.set);
                let left = table.entries()[last].set.uncovered(before, &mut Budget::default()).unwrap();
                let found = left.witness(&mut Budget::default()).unwrap().unwrap();
                assert_eq!(table.answers(&found, |_| true), [last], "{routes:?}: {found:?}");
            }
            (Dead(_), None) => panic!("{routes:?}: the last one is said to be alive"),
            (Alive(_), Some(shadow)) => panic!("{routes:?}: the last one is said to be dead: {shadow:?}"),
        }
    }
}

fn entry(path: Atom, tier: u32) -> Entry {
    let set = RequestSet::of(Cube::all().with(Dimension::Path, Values::of(path)));
    Entry { set, rank: Rank::Tier { least: tier, greatest: tier, length: None }, realm: Realm::default() }
}

fn regex(pattern: &str) -> Atom {
    Atom::Regex(Arc::new(Automaton::of(pattern).unwrap()))
}

fn contest(table: &Table) -> Result<Option<Request>, Undecided> {
    table.contest(0, 1, &mut Budget::default())
}

/// Two routes of one tier that match `/aa` to `/dt`, and behind them exact ones for the paths of some letters.
fn with_exact(letters: &str) -> Table {
    let mut entries = vec![entry(regex("/[a-d][a-t]"), 2), entry(regex("/[a-z][a-t]"), 2)];
    let ends = || ('a'..='t').map(String::from);
    let paths = letters.chars().flat_map(|first| ends().map(move |end| format!("/{first}{end}")));
    entries.extend(paths.map(|path| entry(Atom::Exact(path.into()), 1)));
    Table::new(entries)
}

#[test]
fn what_many_narrower_routes_take_is_not_contested() {
    const { assert!(MAX_BELOW < 80, "more narrower routes than are looked at") };
    assert_eq!(contest(&with_exact("abcd")), Ok(None));
    let left = contest(&with_exact("abc")).unwrap().unwrap();
    assert!(left.get(&Dimension::Path).unwrap().starts_with(b"/d"));
}

/// Where the work ends before every route is looked at, nothing is claimed.
#[test]
fn many_rivals_are_taken_away_or_it_stays_undecided() {
    let mut entries = vec![entry(regex("/[a-z]+"), 2), entry(regex("/[a-z]*"), 2)];
    let paths = ('a'..='z').flat_map(|first| ('a'..='z').map(move |end| format!("/{first}{end}")));
    entries.extend(('a'..='z').map(|path| entry(Atom::Exact(format!("/{path}").into()), 1)));
    entries.extend(paths.map(|path| entry(Atom::Exact(path.into()), 1)));
    if let Ok(request) = contest(&Table::new(entries)) {
        assert!(request.unwrap().get(&Dimension::Path).unwrap().len() > 3);
    }
}

#[test]
fn a_route_of_another_host_may_take_what_seems_contested() {
    let host = |mut one: Entry, host: &str, port: i64| {
        one.realm = Realm { protocol: "http".into(), port: Some(port), host: host.into() };
        one
    };
    let pair = |port| [regex("/[a-d]"), regex("/[a-z]")].map(|path| host(entry(path, 2), "suffix .example", port));
    let table = |port, tier| {
        let other = host(entry(regex("/[a-d]"), tier), "", 80);
        Table::new(pair(port).into_iter().chain([other]).collect())
    };
    assert_eq!(contest(&table(80, 2)), Ok(None));
    assert!(contest(&table(81, 2)).unwrap().is_some(), "it answers on another port");
    assert!(contest(&table(80, 5)).unwrap().is_some(), "it comes after both");
}
