//! Repeated keys and digests.

use super::{at, sound};
use crate::yaml::{Profile, digest, duplicate_keys};

#[test]
fn repeated_keys_are_found_in_every_mapping() {
    let text = "a: 1\nb: {c: 1, 'c': 2, c: 3}\n\"a\": 2\nx: &x {}\n<<: *x\n<<: *x\n";
    let document = sound(text);
    let found: Vec<_> =
        duplicate_keys(&document).into_iter().map(|twice| (twice.key, twice.first.start, twice.again.start)).collect();
    let place = |part: &str| u32::try_from(text.find(part).unwrap()).unwrap();
    let c = place("c: 1");
    assert_eq!(found, [("c".into(), c, place("'c'")), ("c".into(), c, place("c: 3")), ("a".into(), 0, place("\"a\""))]);
}

#[test]
fn large_mappings_are_compared_too() {
    let mut text: String = (0..20_000).map(|key| format!("k{key}: 1\n")).collect();
    assert_eq!(duplicate_keys(&sound(&text)), []);
    text.push_str("k7: 2\nk7: 3\n");
    let found = duplicate_keys(&sound(&text));
    assert_eq!(found.iter().map(|twice| (&*twice.key, twice.first)).collect::<Vec<_>>(), [("k7", found[0].first); 2]);
}

fn hash(text: &str) -> u64 {
    let document = sound(text);
    digest(&document, document.root().unwrap(), Profile::Kubernetes)
}

#[test]
fn equal_data_has_equal_digests() {
    let one = "a: 1\nb: [x, yes, null]\nc: {d: 'é', e: 0x10}\n";
    for other in [
        "c:\n  e: 16.0 # hex\n  d: \"\\xe9\"\nb:\n- \"x\"\n- true\n-\na: 1.0\n",
        "{\"b\": [\"x\", on, ~], \"a\": 01, \"c\": {\"d\": !!str é, \"e\": !!int 16}}",
        "a: &one 1\nb:\n  - 'x'\n  - True\n  - Null\nc:\n  d: >-\n    é\n  e: 16",
    ] {
        assert_eq!(hash(one), hash(other), "{other}");
    }
    for other in [
        "a: 1\nb: [x, yes, null]\nc: {d: 'é', e: 17}\n",
        "a: '1'\nb: [x, yes, null]\nc: {d: 'é', e: 0x10}\n",
        "a: 1\nb: [yes, x, null]\nc: {d: 'é', e: 0x10}\n",
        "a: !Ref 1\nb: [x, yes, null]\nc: {d: 'é', e: 0x10}\n",
        "a: 1\nb: [x, yes, null]\nc: {d: 'é', e: 0x10, f: {}}\n",
    ] {
        assert_ne!(hash(one), hash(other), "{other}");
    }
    assert_ne!(hash("{}"), hash("[]"));
}

#[test]
fn aliases_count_as_what_they_stand_for() {
    let document = sound("a: &a {x: [1]}\nb: *a\nc: {x: [1]}\nd: {e: *a}\nf: {e: {x: [1]}}\n");
    let of = |key: &str| digest(&document, at(&document, &[key]), Profile::Kubernetes);
    let root = document.root().unwrap();
    let written: Vec<_> =
        document.entries(root).map(|entry| digest(&document, entry.value, Profile::Kubernetes)).collect();
    assert_eq!(written[0], written[1]);
    assert_eq!(of("a"), of("c"));
    assert_eq!(of("d"), of("f"));
}

#[test]
fn an_alias_bomb_is_hashed_once() {
    let mut text = String::from("a0: &a0 [x, x]\n");
    for level in 1..200 {
        let last = level - 1;
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{last}"); 9].join(", ")));
    }
    let document = sound(&text);
    assert_ne!(digest(&document, at(&document, &["a199"]), Profile::Kubernetes), 0);
}
