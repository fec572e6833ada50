//! The trees against what libyaml (by way of serde_yaml) reads from the same text.

use serde_yaml::Value as Other;

use super::{check_spans, sound};
use crate::yaml::{Document, Kind, NodeId, Profile, Value, resolve};

/// Whether a node holds the data that the other reader found.
pub(super) fn same(document: &Document<'_>, id: NodeId, other: &Other) -> bool {
    let Some(id) = document.target(id) else { return false };
    match (document.kind(id), other) {
        (_, Other::Tagged(tagged)) => {
            let tag = tagged.tag.to_string();
            document.tag(id).is_some_and(|(found, _)| found == tag) && same(document, id, &tagged.value)
        }
        (Kind::Sequence, Other::Sequence(others)) => {
            let items: Vec<_> = document.items(id).collect();
            items.len() == others.len() && items.iter().zip(others).all(|(item, other)| same(document, *item, other))
        }
        (Kind::Mapping, Other::Mapping(others)) => {
            let entries: Vec<_> = document.entries(id).collect();
            entries.len() == others.len()
                && entries
                    .iter()
                    .zip(others)
                    .all(|(entry, (key, value))| same(document, entry.key, key) && same(document, entry.value, value))
        }
        (Kind::Scalar, Other::String(text)) => document.text(id) == text,
        (Kind::Scalar, other) => match (resolve(document, id, Profile::Kubernetes), other) {
            (Value::Null, Other::Null) => true,
            (Value::Bool(value), Other::Bool(other)) => value == *other,
            (Value::Int(value), Other::Number(other)) => other.as_i64() == Some(value),
            (Value::Float(value), Other::Number(other)) => other.as_f64() == Some(value),
            _ => false,
        },
        _ => false,
    }
}

#[track_caller]
pub(super) fn check(text: &str) {
    let document = sound(text);
    check_spans(&document);
    let other: Other = serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let root = document.root().expect("a root");
    assert!(same(&document, root, &other), "{text:?}: {other:?}");
}

pub(super) const TRICKY: &[&str] = &[
    "a: 1\r\nb:\r\n  - c\r\n  - |\r\n    d\r\n    e\r\nf: >\r\n  g\r\n  h\r\n",
    "a:\tb\nc: \t d\t\ne:\t\t# f\n",
    "# 1\na: # 2\n  # 3\n  b: c # 4\n  # 5\n# 6\nd: [ # 7\n  e, # 8\n  # 9\n  f\n] # 10\n",
    "a: |\n  x\n\n  y\n\nb: |-\n  x\n\nc: |+\n  x\n\nd: >\n  x\n  y\n\n   z\n\n  w\ne: >-\n  x\n\nf: >+\n  x\n\n",
    "a: |2\n   x\n  y\nb: |1-\n  z\nc: >2+\n   x\n\n",
    "a: |\n  no newline at the end",
    "a: >-\n  no newline\n  at the end",
    "- |\n  x\n- >\n  y\n-\n  |\n  z\n",
    "a: |\nb: >\nc: |-\n",
    "a: |\n\n\n  x\n\n\n",
    "a: |\n  # not a comment\n  x # nor this\n# but this\nb: 1\n",
    "a: one\n  two\n\n  three\nb: x\n",
    "a: 'one\n  two\n\n  three'\nb: \"one\n  two \\\n  three\\n\n\n  four\"\n",
    "a: \"\\x41\\u00e9\\U0001F600\\t\\\\\\\"\\/\\e\\0\"\nb: 'it''s'\n",
    "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\nf: &y\n  g: &z h\ni: [*y, *z]\n",
    "a:\n  b: \"one\ntwo\n\n three\"\n  c: ['x\ny', \"z\n\n\n w\"]\n",
    "a:\n  - \"é\n日\"\n  - 'it''s\n  one'\n",
    "a: {b: [c, {d: e}], f:\n    g,\n  h: \"i\n  j\"}\n",
    "{\"a\": [1, 2.5, -3e2, true, null], \"b\": {\"c\": \"\\u00e9\"}}",
    "[\n  {\n    \"a\": 1\n  },\n  []\n]\n",
    "? a\n: b\n? c\n: - d\n  - e\n? |\n  f\n: g\n",
    "a:\nb: ~\nc: null\nd: ''\ne:\n  f:\n  - \n  -\n  - {}\n  - []\n",
    "a: {}\nb: []\nc: {d: {}, e: []}\nf: {g: , h}\n",
    "é: ü\n日本: 語\n\"😀\": 'ツ'\nı: x\u{a0}y\n",
    "key: \"a\" # c\nkey2: a#b\nkey3: 'a' # 'b'\nurl: http://x:80/#y\n",
    "- - a\n  - b\n- - - c\n",
    "-\n  - a\n-\n  b: c\n- d: e\n  f: g\n",
    "a: 1\n...\n",
    "--- a\n",
    "--- {a: b}\n",
    "--- |\n  a\n",
    "--- # comment\n# more\na: b\n",
    "a:\n- b\n- c\nd:\n- e: f\n  g: h\n",
    "a: -1\nb: -a\n",
    "a: x-y:z\nb: c:d\n\"e: f\": g\n",
    "!Sub a",
    "a: !Ref b\nc: !GetAtt d.e\nf: !Join ['', [a, !Ref b]]\ng: !If\n  - x\n  - y\nh: !Sub |\n  z\n",
    "{a: b, \"c\":d, e: [f: g]}",
    "a: b   \nc:   d\n\n\n   \ne: f",
    "a: [b,c , d,]\n",
    "a: 0x1f\nb: 0o17\nc: 1e3\nd: .5\ne: -.inf\nf: 'yes'\ng: +1\n",
    "x: |-\n   a\n    b\n   c\n\ny: 1\n",
    "a:\n    b:\n        - c\n        # d\n    # e\n    f: g\n# h\n",
];

#[test]
fn tricky_documents_are_read_alike() {
    for text in TRICKY {
        check(text);
    }
}

#[test]
fn yaml_1_1_booleans_keep_their_text() {
    check("a: yes\nb: off\nc: y\nd: 014\n");
}
