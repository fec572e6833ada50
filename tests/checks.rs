//! The table of all checks in `docs/checks.md` is made from the pages of the rules, their fixtures, and the list of
//! what has to be checked, and says of each check which rule makes it, or why none does.
//!
//! `CHECKS=overwrite cargo test --test checks` writes it anew.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use meshlint::rules::{ALL, Case};

const TABLE: &str = "docs/checks.md";

/// One line of the list of what has to be checked.
struct Check {
    group: &'static str,
    slug: &'static str,
    /// Why it is left out; empty where it is not.
    reason: &'static str,
}

fn checks() -> Vec<Check> {
    let lines = include_str!("data/checks.tsv").lines().filter(|line| !line.starts_with('#'));
    let check = |line: &'static str| {
        let [group, slug, reason] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line:?}") };
        Check { group, slug, reason }
    };
    lines.map(check).collect()
}

/// The rule that makes a check, and its case there.
fn made_by(slug: &str) -> Option<(&'static str, &'static Case)> {
    ALL.iter().find_map(|rule| Some((rule.id, rule.page().case(slug)?)))
}

#[test]
fn every_check_is_made_or_left_out_for_a_reason() {
    for check in checks() {
        let is_made = made_by(check.slug).is_some();
        assert!(is_made || !check.reason.is_empty(), "no rule makes `{}`, and nothing says why", check.slug);
        assert!(!is_made || check.reason.is_empty(), "`{}` is made, and the list says why it is not", check.slug);
    }
}

#[test]
fn the_table_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    let table = table();
    if std::env::var_os("CHECKS").is_some_and(|value| value == "overwrite") {
        fs::write(&path, &table).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == table, "{TABLE} is out of date: run `CHECKS=overwrite cargo test --test checks`");
}

fn table() -> String {
    let checks = checks();
    let made = checks.iter().filter(|check| made_by(check.slug).is_some()).count();
    let mut out = String::from("# Checks\n\n<!-- made by tests/checks.rs -->\n\n");
    let _ = write!(
        out,
        "What can go wrong in a mesh, check by check, with the rule that finds it: {made} of {} are made, by {} rules.\n\
         A check in brackets is off unless it is selected (`--select RULE/CHECK`, or `--select all`).\n",
        checks.len(),
        ALL.len()
    );
    let mut group = "";
    for check in &checks {
        if check.group != group {
            group = check.group;
            let _ = write!(out, "\n## {group}\n\n| check | rule | severity | fixtures |\n|---|---|---|---|\n");
        }
        out.push_str(&match made_by(check.slug) {
            Some((rule, case)) => row(rule, case),
            None => format!("| `{}` | none: {} | | |\n", check.slug, check.reason),
        });
    }
    out.push_str("\n## Beyond the list\n\n| check | rule | severity | fixtures |\n|---|---|---|---|\n");
    for rule in ALL {
        let others = rule.page().cases.iter().filter(|case| !checks.iter().any(|check| check.slug == case.slug));
        others.for_each(|case| out.push_str(&row(rule.id, case)));
    }
    out
}

fn row(rule: &str, case: &Case) -> String {
    let check = if case.default { format!("`{}`", case.slug) } else { format!("(`{}`)", case.slug) };
    let fixtures = fixtures(rule, &case.slug);
    format!("| {check} | [{rule}](../rules/{rule}.md) | {} | {fixtures} |\n", case.severity)
}

/// The fixtures that mark a check, the page itself where only that does, and how many good ones its rule has.
fn fixtures(rule: &str, slug: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let alone = ALL.iter().any(|one| one.id == rule && one.page().cases.len() == 1);
    let is_marked =
        |text: &str| text.contains(&format!("[{rule}/{slug}]")) || alone && text.contains(&format!("[{rule}]"));
    let mut names = Vec::new();
    let mut good = 0;
    let mut entries: Vec<_> =
        fs::read_dir(root.join("fixtures").join(rule)).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        good += usize::from(name.starts_with("good-"));
        if texts(&path).iter().any(|text| is_marked(text)) {
            names.push(format!("[{}](../fixtures/{rule}/{name})", name.trim_end_matches(".yaml")));
        }
    }
    if names.is_empty() && is_marked(&fs::read_to_string(root.join(format!("rules/{rule}.md"))).unwrap()) {
        names.push("its page".to_owned());
    }
    format!("{}; {good} good", names.join(", "))
}

fn texts(path: &Path) -> Vec<String> {
    if path.is_dir() {
        let inside = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        return inside.flat_map(|path| texts(&path)).collect();
    }
    vec![String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()]
}
