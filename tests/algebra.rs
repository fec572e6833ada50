//! The algebra of requests against a brute-force twin: what it says of sets is what counting says, on every
//! short request over a small alphabet.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use meshlint::route::{
    Atom, Automaton, Budget, Cube, Dimension, Entry, Lang, PathRewrite, Precedence, Rank, Realm, Request, RequestSet,
    Rewrite, Table, Term, Values,
};
use proptest::prelude::*;

fn words(letters: &[u8], longest: usize) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last.iter().flat_map(|word| letters.iter().map(|letter| [&**word, &[*letter]].concat())).collect();
        all.extend(last.iter().cloned());
    }
    all
}

fn paths(longest: usize) -> Vec<Vec<u8>> {
    words(b"ab/", longest - 1).into_iter().map(|rest| [b"/", &*rest].concat()).collect()
}

/// Every short request over the small alphabet.
fn universe() -> Vec<Request> {
    let mut all = Vec::new();
    for path in paths(4) {
        for header in [None, Some("".as_bytes()), Some(b"a"), Some(b"ab"), Some(b"b")] {
            for host in [b"a", b"b"] {
                let mut request = Request::default();
                request.values.insert(Dimension::Path, path.clone());
                request.values.insert(Dimension::Host, host.to_vec());
                if let Some(value) = header {
                    request.values.insert(Dimension::Header("x".into()), value.to_vec());
                }
                all.push(request);
            }
        }
    }
    all
}

fn text(letters: &'static str) -> impl Strategy<Value = Box<str>> {
    prop::collection::vec(prop::sample::select(letters.chars().collect::<Vec<_>>()), 0..4)
        .prop_map(|all| all.into_iter().collect::<String>().into_boxed_str())
}

fn path_text() -> impl Strategy<Value = Box<str>> {
    text("ab/").prop_map(|rest| format!("/{rest}").into_boxed_str())
}

fn path_atom() -> impl Strategy<Value = Atom> {
    prop_oneof![
        path_text().prop_map(|text| Atom::Prefix(text.into())),
        path_text().prop_map(|text| Atom::Exact(text.into())),
        text("ab/").prop_map(|text| Atom::Suffix(text.into())),
        path_text().prop_map(|text| Atom::Segment(text.into())),
        path_text().prop_map(|text| Atom::Prefix(text.into()).folded()),
        prop::sample::select(vec!["/(ab)*b?", "/[^a]*", "(?i)/A.*", "/a|/b", ".*/a"])
            .prop_map(|pattern| { Atom::Regex(Arc::new(Automaton::of(pattern).unwrap())) }),
    ]
}

fn value_atom() -> impl Strategy<Value = Atom> {
    prop_oneof![
        text("ab").prop_map(|text| Atom::Exact(text.into())),
        text("ab").prop_map(|text| Atom::Prefix(text.into())),
        text("ab").prop_map(|text| Atom::Suffix(text.into()))
    ]
}

fn lang(atom: impl Strategy<Value = Atom>) -> impl Strategy<Value = Lang> {
    (atom, any::<bool>()).prop_map(|(atom, negated)| Lang::all().with(Term { atom, negated }))
}

fn header() -> impl Strategy<Value = Values> {
    prop_oneof![
        lang(value_atom()).prop_map(Values::of),
        Just(Values::present()),
        Just(Values::absent()),
        lang(value_atom()).prop_map(|lang| Values { absent: true, present: Some(lang) }),
    ]
}

fn cube() -> impl Strategy<Value = Cube> {
    let paths = prop::collection::vec(lang(path_atom()), 0..3);
    let headers = prop::collection::vec(header(), 0..3);
    let host = prop::option::of(prop::sample::select(vec!["a", "b"]));
    (paths, headers, host).prop_map(|(paths, headers, host)| {
        let mut cube = Cube::all();
        for path in paths {
            cube.narrow(Dimension::Path, &Values::of(path));
        }
        for header in headers {
            cube.narrow(Dimension::Header("x".into()), &header);
        }
        if let Some(host) = host {
            cube.narrow(Dimension::Host, &Values::of(Atom::Exact(host.into())));
        }
        cube
    })
}

fn set() -> impl Strategy<Value = RequestSet> {
    prop::collection::vec(cube(), 0..3).prop_map(|cubes| RequestSet { cubes })
}

fn rewrite() -> impl Strategy<Value = Rewrite> {
    let path = prop_oneof![
        Just(PathRewrite::Keep),
        path_text().prop_map(PathRewrite::Exact),
        (path_text(), path_text()).prop_map(|(from, to)| PathRewrite::Prefix { from, to }),
        path_text().prop_map(|from| PathRewrite::Prefix { from, to: "/".into() }),
    ];
    (path, prop::option::of(Just("b".into()))).prop_map(|(path, host)| Rewrite { path, host })
}

/// What a witness leaves out does not matter, except that the sets ask for it.
fn complete(mut request: Request) -> Request {
    request.values.entry(Dimension::Path).or_insert_with(|| b"/".to_vec());
    request.values.entry(Dimension::Host).or_insert_with(|| b"a".to_vec());
    request
}

/// Whether every proxy takes its path as it is.
fn is_plain(request: &Request) -> bool {
    !request.get(&Dimension::Path).is_some_and(|path| path.windows(2).any(|pair| pair == b"//"))
}

fn budget() -> Budget {
    Budget::of(50_000_000)
}

fn entry() -> impl Strategy<Value = Entry> {
    let length = prop::option::of(0_u32..3);
    let rank = prop_oneof![
        8 => (0_u32..3, 0_u32..2, length).prop_map(|(least, more, length)| Rank::Tier { least, greatest: least + more, length }),
        1 => Just(Rank::Unknown),
    ];
    (cube(), rank).prop_map(|(cube, rank)| Entry { set: RequestSet::of(cube), rank, realm: Realm::default() })
}

/// Some hundred cases a property, unless the environment asks for more.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(500), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn intersection_difference_and_union(a in set(), b in set()) {
        let (both, either) = (a.and(&b), a.or(&b));
        let only = a.minus(&b, &mut budget()).unwrap();
        for request in universe() {
            let (in_a, in_b) = (a.accepts(&request), b.accepts(&request));
            prop_assert_eq!(both.accepts(&request), in_a && in_b, "{:?}", request);
            prop_assert_eq!(either.accepts(&request), in_a || in_b, "{:?}", request);
            prop_assert_eq!(only.accepts(&request), in_a && !in_b, "{:?}", request);
        }
    }

    #[test]
    fn a_witness_is_in_its_set(a in set()) {
        match a.witness(&mut budget()).unwrap() {
            Some(request) => prop_assert!(a.accepts(&complete(request))),
            None => prop_assert!(!universe().iter().any(|request| is_plain(request) && a.accepts(request))),
        }
        prop_assert!(!a.is_empty(&mut budget()).unwrap() || !universe().iter().any(|request| a.accepts(request)));
    }

    #[test]
    fn a_cover_covers(b in set(), others in prop::collection::vec(set(), 0..4)) {
        let left = b.uncovered(&others, &mut budget()).unwrap();
        let is_left = |request: &Request| b.accepts(request) && !others.iter().any(|other| other.accepts(request));
        for request in universe() {
            prop_assert_eq!(left.accepts(&request), is_left(&request), "{:?}", request);
        }
        if let Some(request) = left.witness(&mut budget()).unwrap() {
            prop_assert!(is_left(&complete(request)));
        }
        prop_assert_eq!(left.cubes.is_empty(), left.is_empty(&mut budget()).unwrap());
    }

    #[test]
    fn images_and_pre_images(a in set(), rewrite in rewrite()) {
        let pre = rewrite.pre_image(&a);
        let image = rewrite.image(&a, &mut budget()).unwrap();
        for request in universe() {
            let after = rewrite.apply(&request);
            let lands = after.as_ref().is_some_and(|after| a.accepts(after));
            prop_assert_eq!(pre.accepts(&request), lands, "{:?} becomes {:?}", request, after);
            if a.accepts(&request) && let Some(after) = &after {
                prop_assert!(image.accepts(after), "{:?} becomes {:?}", request, after);
            }
        }
        // Whatever is in the image comes from something in the set.
        if let Some(after) = image.witness(&mut budget()).unwrap() {
            let one = Cube::all();
            let after = complete(after);
            let exact = after.values.iter().fold(one, |cube, (dimension, text)| {
                let text = String::from_utf8(text.clone()).unwrap();
                cube.with(dimension.clone(), Values::of(Atom::Exact(text.into())))
            });
            let exact = if after.get(&Dimension::Header("x".into())).is_none() {
                exact.with(Dimension::Header("x".into()), Values::any(&Dimension::Header("x".into())))
            } else {
                exact
            };
            let source = rewrite.pre_image(&RequestSet::of(exact)).and(&a);
            prop_assert!(!source.is_empty(&mut budget()).unwrap(), "nothing becomes {:?}", after);
        }
    }

    #[test]
    fn shadows_and_contests_of_tables(entries in prop::collection::vec(entry(), 1..5)) {
        let table = Table::new(entries);
        let universe = universe();
        let before = |a: usize, b: usize| table.order(a, b) == Precedence::Before;
        let all = 0..table.entries().len();
        for at in all.clone() {
            let matches = |at: usize, request: &Request| table.entries()[at].set.accepts(request);
            let is_taken = |request: &Request| all.clone().any(|other| before(other, at) && matches(other, request));
            let shadow = table.shadow(at, &mut budget()).unwrap();
            if let Some(shadow) = &shadow {
                let witness = complete(shadow.witness.clone());
                prop_assert!(matches(at, &witness) && is_taken(&witness));
                for request in universe.iter().filter(|request| matches(at, request)) {
                    let by = shadow.by.iter().any(|other| before(*other, at) && matches(*other, request));
                    prop_assert!(by, "{:?} reaches {} past {:?}", request, at, shadow.by);
                }
            } else if universe.iter().any(|request| is_plain(request) && matches(at, request)) {
                // What counting finds uncovered is not claimed, and what it finds covered can have a longer way out.
                let left = table.entries()[at].set.uncovered(
                    all.clone().filter(|other| before(*other, at)).map(|other| &table.entries()[other].set), &mut budget()).unwrap();
                prop_assert!(!left.is_empty(&mut budget()).unwrap());
            }
            for other in 0..at {
                let contested = |request: &Request| matches(at, request) && matches(other, request)
                    && !all.clone().any(|third| (before(third, at) || before(third, other)) && matches(third, request));
                match table.contest(other, at, &mut budget()).unwrap() {
                    Some(request) => prop_assert!(contested(&complete(request))),
                    None if table.order(other, at) == Precedence::Unspecified => {
                        prop_assert!(!universe.iter().any(|request| is_plain(request) && contested(request)));
                    }
                    None => {}
                }
            }
        }
    }
}
