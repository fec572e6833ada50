#![allow(unreachable_pub, reason = "the macros declare public types")]

use std::fmt::Write as _;

use super::*;
use crate::yaml;

choice! {
    /// One of two words.
    pub enum Mode { On = "STRICT", Off = "DISABLED" }
}

shape! {
    /// A field of every type.
    pub struct Sample = "a sample" {
        text: Text = "text", length(1, 5);
        name: Name = "name", length(1, 5);
        regex: Text = "regex", pattern;
        port: i64 = "port", required, range(1, 65535);
        flag: bool = "flag";
        mode: Mode = "mode";
        one: Box<Part> = "one";
        parts: List<Box<Part>> = "parts", items(1, 2);
        ports: List<i64> = "ports", range(1, 65535);
        labels: TextMap = "labels";
    }
    one_of { ["text", "name"], several "both" }
}

shape! {
    /// A part.
    pub struct Part = "a part" {
        weight: i64 = "weight", required, range(0, 100);
        parts: List<Box<Leaf>> = "parts";
    }
}

shape! {
    /// The last of a chain of lists.
    pub struct Leaf = "a leaf" {
        values: List<i64> = "values";
    }
}

/// Lowers the `spec` of a document; each fact as `rule "place" arguments`.
fn lower(text: &str) -> (Box<Sample>, Vec<String>) {
    let chunk = yaml::split(text)[0];
    let (doc, errors) = yaml::parse(text, chunk, &yaml::Options::default());
    assert!(errors.is_empty(), "{errors:?}");
    let mut cx = Cx::new(&doc, true);
    let root = doc.root().unwrap();
    let sample = read_root(&mut cx, "spec", doc.entry(root, "spec"), doc.span(root));
    let facts = cx.facts.iter().map(|fact| {
        let place = &text[fact.span.start as usize..fact.span.end as usize];
        let mut line = format!("{}/{} {place:?}", fact.rule, fact.case);
        if let Some(other) = fact.other {
            let _ = write!(line, " and {:?}", &text[other.start as usize..other.end as usize]);
        }
        let _ = write!(line, " {}", fact.args.join("|"));
        line
    });
    let facts = facts.collect();
    (sample, facts)
}

fn facts(text: &str) -> Vec<String> {
    lower(text).1
}

const NONE: [&str; 0] = [];

#[test]
fn every_type_is_lowered_with_its_places() {
    let text =
        "spec:\n  text: abc\n  port: 0x1F90\n  flag: yes\n  mode: STRICT\n  parts: [{weight: 1}]\n  labels: {a: b}\n";
    let (sample, facts) = lower(text);
    assert_eq!(facts, NONE);
    assert_eq!(sample.text.known().map(|text| &**text), Some("abc"));
    assert_eq!((sample.port.known(), sample.flag.known()), (Some(&8080), Some(&true)));
    assert_eq!(sample.mode.known().map(|mode| mode.word()), Some("STRICT"));
    assert_eq!(sample.parts.items().filter_map(Field::known).filter_map(|part| part.weight.known()).sum::<i64>(), 1);
    assert_eq!(&text[sample.mode.span.start as usize..sample.mode.span.end as usize], "STRICT");
    assert_eq!(&text[sample.mode.key.start as usize..sample.mode.key.end as usize], "mode");
    assert!(sample.name.is_absent() && sample.one.is_absent());
}

#[test]
fn an_alias_is_what_it_stands_for_and_its_faults_stand_where_they_are_written() {
    let (sample, facts) = lower("spec:\n  port: &p 8080\n  ports: [*p, *p]\n  one: &o {weight: 1}\n  parts: [*o]\n");
    assert_eq!(facts, NONE);
    assert_eq!(sample.ports.items().filter_map(Field::known).collect::<Vec<_>>(), [&8080, &8080]);
    assert_eq!(sample.parts.items().filter_map(Field::known).count(), 1);
    let faults = self::facts("x: &x 70000\nspec:\n  port: *x\n  one: {weight: *x}\n");
    assert_eq!(
        faults,
        [
            "out-of-range/value-out-of-range \"70000\" port|1|65535|70000",
            "out-of-range/value-out-of-range \"70000\" weight|0|100|70000",
        ]
    );
}

#[test]
fn merge_keys_bring_fields_and_own_keys_win() {
    let text = "base: &base {port: 1, text: a}\nmore: &more {port: 2, flag: true}\n\
                spec:\n  <<: [*base, *more]\n  text: own\n";
    let (sample, facts) = lower(text);
    assert_eq!(facts, NONE);
    assert_eq!(sample.text.known().map(|text| &**text), Some("own"));
    assert_eq!((sample.port.known(), sample.flag.known()), (Some(&1), Some(&true)));
    let (sample, facts) = lower("l: &l {a: x}\nspec:\n  port: 1\n  labels: {<<: *l, b: z}\n");
    assert_eq!(facts, NONE);
    assert_eq!(sample.labels.known().map(|map| map.pairs.len()), Some(2));
}

#[test]
fn an_alias_bomb_is_bounded() {
    let many = |item: &str| vec![item; 1000].join(", ");
    let text = format!(
        "values: &v [{}]\nleaves: &l [{}]\nspec:\n  port: 1\n  parts: [{}]\n",
        many("1"),
        many("{values: *v}"),
        many("{weight: 1, parts: *l}"),
    );
    let (sample, facts) = lower(&text);
    let rules: Vec<_> = facts.iter().filter_map(|fact| fact.split(' ').next()).collect();
    assert_eq!(rules, ["syntax/syntax", "bad-length/string-length"]);
    let parts = sample.parts.items().filter_map(Field::known);
    let leaves = parts.flat_map(|part| part.parts.items()).filter_map(Field::known);
    let (mut whole, mut unknown) = (0, 0);
    for leaf in leaves {
        match leaf.values.state {
            State::Known(_) => whole += 1,
            _ => unknown += 1,
        }
    }
    // A thousand million numbers would be read without a bound.
    assert!((1..=ALIAS_BUDGET / 1000).contains(&whole), "{whole}");
    assert!(unknown > 0 && unknown < ALIAS_BUDGET, "{unknown}");
}

#[test]
fn merge_keys_are_bounded_too() {
    let big: String = (0..1000).map(|at| format!("k{at}: v, ")).collect();
    let merges = "{weight: 1, <<: *m}, ".repeat(1000);
    let text = format!("m: &m {{{big}}}\nspec:\n  port: 1\n  parts: [{merges}]\n");
    let (sample, facts) = lower(&text);
    assert!(facts.len() <= ALIAS_BUDGET, "{}", facts.len());
    let states: Vec<_> = sample.parts.items().map(|part| matches!(part.state, State::Unknown(_))).collect();
    assert!(!states[0] && states[999]);
}

#[test]
fn a_placeholder_fits_every_type() {
    for hole in ["${X}", "\"${X}\"", "{{ X }}", "'{{ X }}'", "<X>", "\"%X%\"", "$X", "${X:-1}"] {
        let text = format!(
            "spec:\n  text: {hole}\n  port: {hole}\n  flag: {hole}\n  mode: {hole}\n  one: {hole}\n  \
             parts: {hole}\n  ports: {hole}\n  labels: {hole}\n"
        );
        let (sample, facts) = lower(&text);
        assert_eq!(facts, NONE, "{hole}");
        assert!(matches!(sample.text.state, State::Unknown(_)), "{hole}");
        assert!(matches!(sample.port.state, State::Unknown(_)), "{hole}");
        assert!(matches!(sample.flag.state, State::Unknown(_)), "{hole}");
        assert!(matches!(sample.mode.state, State::Unknown(_)), "{hole}");
        assert!(matches!(sample.one.state, State::Unknown(_)), "{hole}");
        assert!(matches!(sample.parts.state, State::Unknown(_)), "{hole}");
        assert!(matches!(sample.ports.state, State::Unknown(_)), "{hole}");
        assert!(matches!(sample.labels.state, State::Unknown(_)), "{hole}");
    }
}

#[test]
fn a_name_with_a_placeholder_is_known_as_far_as_it_goes() {
    for hole in ["${X}", "{{ X }}", "<X>", "%X%"] {
        let (sample, facts) = lower(&format!("spec:\n  port: 1\n  name: \"cart-{hole}\"\n"));
        assert_eq!(facts, NONE, "{hole}");
        let name = sample.name.known().unwrap();
        assert!(name.is_open() && name.known_prefix() == "cart-", "{hole}");
    }
    // In a pattern these are its own signs.
    let (sample, facts) = lower("spec:\n  port: 1\n  regex: \"/(?P<x>a)/%20%x%\"\n");
    assert_eq!(facts, NONE);
    assert_eq!(sample.regex.known().map(|text| &**text), Some("/(?P<x>a)/%20%x%"));
}

#[test]
fn a_placeholder_among_items_leaves_a_list_open() {
    for item in ["${X}", "{{ X }}", "<X>"] {
        let (sample, facts) =
            lower(&format!("spec:\n  port: 1\n  parts: [{item}, {item}, {item}]\n  ports: [{item}, 0]\n"));
        assert_eq!(facts, ["out-of-range/value-out-of-range \"0\" ports[]|1|65535|0"], "{item}");
        assert!(sample.parts.known().is_some_and(|list| list.open), "{item}");
    }
}

#[test]
fn a_placeholder_among_keys_may_be_any_key() {
    for key in ["${X}", "{{ X }}", "\"<X>\"", "$X", "name-${X}"] {
        assert_eq!(facts(&format!("spec:\n  {key}: 1\n")), NONE, "{key}");
    }
    assert_eq!(facts("spec:\n  one:\n    ${X}: 1\n  port: 1\n"), NONE);
    // What else stands there is judged all the same.
    assert_eq!(facts("spec:\n  ${X}: 1\n  flag: 7\n"), ["wrong-type/wrong-type \"7\" flag|a boolean|an integer|7|7"]);
}

#[test]
fn null_is_as_good_as_not_written() {
    for null in ["", "~", "null", "Null"] {
        let text = format!("spec:\n  port: {null}\n  text: {null}\n  name: a\n  parts: {null}\n  one: {null}\n");
        let (sample, facts) = lower(&text);
        assert_eq!(facts, ["missing-field/required-missing \"spec\" port|a sample|an integer|"], "{null}");
        assert!(sample.text.is_absent() && sample.parts.is_absent() && sample.one.is_absent());
    }
    assert_eq!(facts("spec:\n"), ["missing-field/required-missing \"spec:\" port|a sample|an integer|"]);
    assert_eq!(
        facts("spec:\n  port: 1\n  ports: [1, ~]\n"),
        ["wrong-type/wrong-type \"~\" ports[]|an integer|null|~|null"]
    );
    assert_eq!(facts("spec:\n  port: 1\n  text: \"null\"\n"), NONE);
    assert_eq!(facts("spec:\n  port: 1\n  labels: {a: ~}\n"), NONE);
}

#[test]
fn three_mistakes_are_three_facts() {
    let text = "spec:\n  port: \"80\"\n  mode: strict\n  parts:\n    - wieght: 1\n    - weight: 101\n";
    assert_eq!(
        facts(text),
        [
            "wrong-type/wrong-type \"\\\"80\\\"\" port|an integer|a string|\"80\"|80",
            "unknown-value/enum-invalid \"strict\" mode|strict|STRICT|STRICT, DISABLED",
            "unknown-field/unknown-field \"wieght\" wieght|parts|near|weight",
            "out-of-range/value-out-of-range \"101\" weight|0|100|101",
        ]
    );
}

#[test]
fn whole_numbers_may_be_written_with_a_point() {
    let (sample, facts) = lower("spec:\n  port: 8080.0\n  ports: [1e3, 1.5, 1e300]\n");
    assert_eq!(sample.port.known(), Some(&8080));
    assert_eq!(facts.len(), 2, "{facts:?}");
    assert!(facts[0].starts_with("wrong-type/wrong-type \"1.5\" ports[]|an integer|a number|1.5|1.5"), "{facts:?}");
}

#[test]
fn lengths_count_characters_and_the_first_item_too_many_is_shown() {
    assert_eq!(facts("spec:\n  port: 1\n  text: ééééé\n"), NONE);
    assert_eq!(
        facts("spec:\n  port: 1\n  text: éééééé\n"),
        ["bad-length/string-length \"éééééé\" text|1|5|6|characters|"]
    );
    assert_eq!(
        facts("spec:\n  port: 1\n  parts:\n    - weight: 1\n    - weight: 2\n    - {weight: 3}\n"),
        ["bad-length/string-length \"weight\" parts|1|2|3|items|"]
    );
    assert_eq!(facts("spec:\n  port: 1\n  parts: []\n"), ["bad-length/string-length \"[]\" parts|1|2|0|items|"]);
}

#[test]
fn fields_that_exclude_one_another_are_both_shown() {
    assert_eq!(
        facts("spec:\n  name: a\n  port: 1\n  text: b\n"),
        ["exactly-one-of/both \"text\" and \"name\" a sample|text, name|name, text"]
    );
}
