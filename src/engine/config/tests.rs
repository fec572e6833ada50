//! What is read into a configuration, and what is wrong with it.

use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;

use crate::dialect;
use crate::finding::FileId;
use crate::report::Format;
use crate::rules;
use crate::source::{Origin, SourceFile};

use super::load::read;
use super::{Config, KEYS, Where};

const SCHEMA: &str = include_str!("../../../schema/config-v1.json");
const TEMPLATE: &str = include_str!("../../cli/meshlint.yaml");
const PAGE: &str = include_str!("../../../docs/configuration.md");

/// What a text says, and what is wrong with it, as `line:column case`.
fn load(text: &str) -> (Config, Vec<String>) {
    let file = SourceFile::new("meshlint.yaml", Origin::Named, text.as_bytes().to_vec());
    let (config, faults, _) = read(&file, FileId::new(0), Path::new("/shop"));
    let faults = faults.iter().map(|fault| {
        let at = file.position(fault.labels[0].place.span.start);
        format!("{}:{} {}", at.line, at.column, fault.case)
    });
    (config, faults.collect())
}

fn schema() -> Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
}

fn is_valid(text: &str) -> bool {
    serde_yaml::from_str::<Value>(text).is_ok_and(|value| schema().is_valid(&value))
}

/// The file to begin with, with everything in it said.
fn everything() -> String {
    TEMPLATE.lines().filter_map(|line| line.strip_prefix("# ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_file_to_begin_with_says_nothing_and_may_say_everything() {
    assert_eq!(load(TEMPLATE).1, [""; 0]);
    let text = everything();
    let (config, faults) = load(&text);
    assert_eq!(faults, [""; 0], "{text}");
    assert!(is_valid(&text) && is_valid(TEMPLATE));
    assert_eq!(config.include.unwrap().value.texts, ["deploy/**", "mesh/**"]);
    assert_eq!(config.rules.len(), 3);
    assert_eq!(config.measures[0].value, ("over-quota", "routes-per-router".to_owned(), 100));
    assert_eq!(config.external.len(), 3);
    assert_eq!(config.external[1].value.labels, Some(vec![("mesh".to_owned(), "shop".to_owned())]));
    assert_eq!((config.per_file.len(), config.resources.len(), config.scopes.len()), (1, 1, 2));
    assert!(config.baseline.unwrap().value.ends_with("shop/.meshlint-baseline.json"));
}

#[test]
fn every_value_has_its_place() {
    let (config, _) = load("# comment\nfail-on: warning\nrules:\n  shadowed-route: off\n");
    let at = |line| Where { file: "meshlint.yaml".into(), line };
    assert_eq!(config.fail_on.unwrap().at, at(2));
    assert_eq!((config.rules[0].at.clone(), &*config.rules[0].value.level), (at(4), "off"));
    assert_eq!(at(4).to_string(), "meshlint.yaml:4");
}

#[test]
fn an_empty_configuration_says_nothing() {
    for text in ["", "# nothing\n", "---\n", "fail-on:\n", "rules: null\n", "\u{feff}fail-on: error\n"] {
        assert_eq!(load(text).1, [""; 0], "{text:?}");
    }
}

/// Texts with what is wrong with them, and whether the schema knows it, too.
const WRONG: &[(&str, &str, bool)] = &[
    ("exclud: [a]", "1:1 unknown-key", true),
    ("exclude: {a: b}", "1:10 wrong-type", true),
    ("exclude: [a, [b]]", "1:14 wrong-type", true),
    ("exclude: ['[z-a]']", "1:11 bad-pattern", false),
    ("gitignore: maybe", "1:12 wrong-type", true),
    ("gitignore: \"true\"", "1:12 wrong-type", true),
    ("select: [shadowed-rout]", "1:10 unknown-rule", false),
    ("ignore: nothing-at-all", "1:9 unknown-rule", false),
    ("rules: [a]", "1:8 wrong-type", true),
    ("rules: {shadowed-rout: error}", "1:9 unknown-rule", false),
    ("rules: {routing: error}", "1:9 unknown-rule", false),
    ("rules: {all: error}", "1:9 unknown-rule", false),
    ("rules: {shadowed-route/nothing: error}", "1:9 unknown-rule", false),
    ("rules: {shadowed-route: eror}", "1:25 unknown-value", true),
    ("rules: {shadowed-route: {sevrity: error}}", "1:26 unknown-key", true),
    ("rules: {shadowed-route: {routes-per-router: 1}}", "1:26 unknown-key", true),
    ("rules: {over-quota: {meshes: many}}", "1:30 wrong-type", true),
    ("rules: {over-quota: {meshes: -1}}", "1:30 wrong-type", true),
    ("rules: {over-quota: {meshes: 99999999}}", "1:30 wrong-type", true),
    ("rules: {over-quota/quota-meshes: {meshes: 1}}", "1:35 unknown-key", true),
    ("categories: {ruoting: off}", "1:14 unknown-rule", true),
    ("categories: {routing: loud}", "1:23 unknown-value", true),
    ("min-severity: never", "1:15 unknown-value", true),
    ("fail-on: fatal", "1:10 unknown-value", true),
    ("format: xml", "1:9 unknown-value", true),
    ("max-findings: few", "1:15 wrong-type", true),
    ("color: [auto]", "1:8 wrong-type", true),
    ("per-file: {files: a}", "1:1 wrong-type", true),
    ("per-file: [a]", "1:12 wrong-type", true),
    ("per-file: [{ignore: style}]", "1:13 missing-key", true),
    ("per-file: [{files: a}]", "1:13 missing-key", true),
    ("per-file: [{files: a, ignore: [x-y-z]}]", "1:32 unknown-rule", false),
    ("per-file: [{files: a, rules: {over-quota: {meshes: 1}}}]", "1:44 unknown-key", true),
    ("resources: [{match: {kind: A}}]", "1:14 missing-key", true),
    ("resources: [{match: {}, ignore: style}]", "1:21 missing-key", true),
    ("resources: [{ignore: style}]", "1:14 missing-key", true),
    ("world: shut", "1:8 unknown-value", true),
    ("external: [{}]", "1:12 missing-key", true),
    ("external: [{kind: VirtualServis}]", "1:19 unknown-value", true),
    ("external: [{kind: VirtualService, labels: {a: b}}]", "1:35 unknown-key", true),
    ("external: [{kind: Namespace, labels: [a]}]", "1:38 wrong-type", true),
    ("scopes: [{name: a}]", "1:11 missing-key", true),
    ("scopes: [{files: a}]", "1:11 missing-key", true),
    ("scopes: [[a]]", "1:10 wrong-type", true),
    ("[a]", "1:1 wrong-type", true),
    ("text", "1:1 wrong-type", true),
    ("fail-on: error\nfail-on: never", "2:1 duplicate-key", false),
    ("fail-on: error\n---\nfail-on: never", "3:1 second-document", true),
    ("fail-on: [", "1:10 syntax", true),
];

#[test]
fn what_is_wrong_is_told_at_its_place_and_once() {
    for (text, expected, is_known) in WRONG {
        assert_eq!(load(text).1, [*expected], "{text}");
        assert_eq!(!is_valid(text), *is_known, "{text}");
    }
}

#[test]
fn faults_do_not_hide_one_another() {
    let (config, faults) = load("exclud: a\nfail-on: warning\nrules: {a-b: off, shadowed-route: info}\nworld: x\n");
    assert_eq!(faults, ["1:1 unknown-key", "3:9 unknown-rule", "4:8 unknown-value"]);
    assert_eq!((config.fail_on.unwrap().value, config.rules.len()), ("warning".to_owned(), 1));
}

#[test]
fn schema_and_code_agree() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(properties.len(), KEYS.len());
    for key in KEYS {
        let about = properties[key.name]["description"].as_str().unwrap().to_lowercase();
        assert!(about.starts_with(&key.about.to_lowercase()), "{}: {about}", key.name);
    }
    let words = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(words(&properties["format"]["enum"]), Format::NAMES);
    let kinds: Vec<_> = dialect::kinds().map(|(kind, _)| kind).collect();
    assert_eq!(words(&properties["external"]["items"]["properties"]["kind"]["enum"]), kinds);
    let mut categories = words(&properties["categories"]["propertyNames"]["enum"]);
    categories.sort();
    assert_eq!(categories, super::categories().collect::<Vec<_>>());
    for rule in rules::ALL {
        let of_rule = &properties["rules"]["properties"][rule.id]["oneOf"][1]["properties"];
        let known = of_rule.as_object().map_or(1, serde_json::Map::len) - 1;
        assert_eq!(known, rule.measures.len(), "{}", rule.id);
        for measure in rule.measures {
            assert!(of_rule[measure.name].is_object(), "{}: {}", rule.id, measure.name);
            assert!(
                PAGE.contains(&format!("`{}`", measure.name)),
                "`{}` is not in docs/configuration.md",
                measure.name
            );
        }
    }
}

#[test]
fn every_key_is_explained() {
    for key in KEYS {
        assert!(PAGE.contains(&format!("| `{}` |", key.name)), "`{}` is not in docs/configuration.md", key.name);
    }
    // What the page shows is right.
    for example in PAGE.split("```yaml\n").skip(1).filter_map(|rest| rest.split_once("```")) {
        assert_eq!(load(example.0).1, [""; 0], "{}", example.0);
        assert!(is_valid(example.0), "{}", example.0);
    }
}

#[test]
fn hostile_configurations_are_told_and_nothing_more() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let values = [
        "~",
        "1",
        "1.5e99",
        "''",
        "a",
        "[a]",
        "[[a]]",
        "{a: b}",
        "{a: {b: c}}",
        "[{}]",
        "[~]",
        "*x",
        "!t v",
        "|\n  a\n",
        &deep,
    ];
    for key in KEYS {
        for value in values {
            load(&format!("{}: {value}", key.name));
            load(&format!("{}: [{{{}: {value}}}]", key.name, key.name));
        }
    }
    let bomb: String = (0..20).map(|at| format!("a{at}: &a{at} [*a{}, *a{}]\n", at - 1, at - 1)).collect();
    load(&format!("a-1: &a-1 x\n{bomb}exclude: *a19\n"));
    let many =
        format!("select: &s [{}]\nper-file:\n{}", "style, ".repeat(2000), "  - {files: a, ignore: *s}\n".repeat(2000));
    assert!(load(&many).1.iter().any(|fault| fault.ends_with("too-large")));
    for bytes in [&b"\xff\xfe\x00"[..], b"a\0b", b"fail-on: \xff"] {
        let file = SourceFile::new("meshlint.yaml", Origin::Named, bytes.to_vec());
        assert!(!read(&file, FileId::new(0), Path::new("/")).1.is_empty());
    }
}

#[test]
fn damaged_configurations_never_panic() {
    let text = everything();
    let mut state = 7_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..2000 {
        let mut mutant: Vec<u8> = text.bytes().collect();
        for _ in 0..=draw(3) {
            if mutant.len() < 2 {
                break;
            }
            let at = draw(mutant.len());
            match draw(4) {
                0 => {
                    mutant.remove(at);
                }
                1 => mutant.insert(at, b"[]{}:-&*!|>'\"#,\n \t"[draw(18)]),
                2 => mutant.truncate(at.max(1)),
                _ => mutant[at] = b"a0[{:\n"[draw(6)],
            }
        }
        load(&String::from_utf8_lossy(&mutant));
    }
}
