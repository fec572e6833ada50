//! The catalogue is whole: the list of rules, their pages, their fixtures and their code name the same rules and
//! the same cases.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use meshlint::rules::{ALL, Page};

/// What no text can show: it takes a file that cannot be opened. `tests/texts.rs` has one.
const WITHOUT_EXAMPLE: &[(&str, &str)] = &[("syntax", "unreadable-file")];

/// Where code names a case, and the rule whose page declares it; none for the rule of the file.
const NAMED_BY: &[(&str, Option<&str>)] = &[
    ("Draft::new(\"", None),
    ("CASE: &str = \"", None),
    (" none \"", Some("exactly-one-of")),
    (" several \"", Some("exactly-one-of")),
    ("required_as(\"", Some("missing-field")),
];

#[test]
fn the_list_is_sorted_and_so_are_the_folders() {
    let list: Vec<_> = ALL.iter().map(|rule| rule.id.to_owned()).collect();
    assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
    let stems = |folder: &str| -> Vec<_> {
        let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
        inside(&root().join(folder)).into_iter().map(name).collect()
    };
    assert_eq!(stems("rules"), list);
    assert_eq!(stems("fixtures"), list);
}

#[test]
fn pages_have_all_their_parts() {
    for rule in ALL {
        let (id, page) = (rule.id, rule.page());
        assert_eq!(page.id, id);
        assert!(["safe", "unsafe", "manual", "none"].contains(&&*page.fix), "{id}: fix `{}`", page.fix);
        assert!(!page.summary.is_empty() && !page.dialects.is_empty() && !page.cases.is_empty(), "{id}");
        assert!(!page.symptoms.is_empty() && !page.sources.is_empty(), "{id} names no symptom or no source");
        if page.cases.len() > 1 {
            for case in &page.cases {
                assert!(!case.summary.is_empty(), "{id}/{} has no summary", case.slug);
            }
        }
        let headings: Vec<_> = sections(page).into_iter().map(|(heading, _)| heading).collect();
        assert_eq!(headings, ["", "Why", "Bad", "Good", "Notes"], "{id}");
        for (heading, text) in sections(page) {
            assert!(!text.trim().is_empty(), "{id}: nothing below {heading:?}");
            let is_shown = matches!(heading, "Bad" | "Good");
            assert!(!is_shown || text.contains("```yaml"), "{id}: no example below {heading:?}");
        }
    }
}

#[test]
fn pages_say_how_far_a_machine_mends_it() {
    for rule in ALL {
        let (id, fix) = (rule.id, rule.page().fix.as_str());
        let name = format!("{}.rs", id.replace('-', "_"));
        let homes = ["src/rules", "src/rules/appmesh"].map(|home| root().join(home).join(&name));
        let code = code(homes.iter().find(|path| path.exists()).unwrap());
        let has_fix = code.contains(".fix(") || code.contains(".remedy(");
        match (has_fix, code.contains("Applicability::Safe")) {
            (true, true) => assert_eq!(fix, "safe", "{id}"),
            (true, false) => assert_eq!(fix, "unsafe", "{id}"),
            (false, _) => assert!(matches!(fix, "manual" | "none"), "{id} has no fix, and the page says {fix}"),
        }
    }
}

#[test]
fn rules_that_are_off_by_default_say_so() {
    for rule in ALL {
        let is_off = rule.page().cases.iter().all(|case| !case.default);
        assert_eq!(rule.is_off_by_default, is_off, "{}: `when_selected` and the page differ", rule.id);
    }
}

#[test]
fn a_case_belongs_to_one_rule() {
    let mut owners = BTreeMap::new();
    for rule in ALL {
        for case in &rule.page().cases {
            let other = owners.insert(case.slug.as_str(), rule.id);
            assert_eq!(other, None, "{} declares `{}`, too", rule.id, case.slug);
        }
        for other in ALL.iter().filter(|other| other.id != rule.id) {
            assert!(other.page().case(rule.id).is_none(), "the name of {} is a case of {}", rule.id, other.id);
        }
    }
}

#[test]
fn every_case_is_marked_by_a_bad_example() {
    let mut unproven = Vec::new();
    for rule in ALL {
        let (id, page) = (rule.id, rule.page());
        let bad = sections(page).into_iter().filter(|(heading, _)| *heading == "Bad").map(|(_, text)| text.to_owned());
        let texts: Vec<_> = bad.chain(fixtures(id, "bad-").iter().flat_map(|path| texts(path))).collect();
        let is_marked = |mark: &str| texts.iter().any(|text| text.contains(mark));
        for case in &page.cases {
            let alone = page.cases.len() == 1 && is_marked(&format!("[{id}]"));
            let is_excused = WITHOUT_EXAMPLE.contains(&(id, &case.slug));
            if is_excused == (alone || is_marked(&format!("[{id}/{}]", case.slug))) {
                unproven.push(format!("{id}/{}", case.slug));
            }
        }
    }
    assert_eq!(unproven, [""; 0]);
}

#[test]
fn every_rule_has_a_good_fixture() {
    let without: Vec<_> = ALL.iter().map(|rule| rule.id).filter(|id| fixtures(id, "good-").is_empty()).collect();
    assert_eq!(without, [""; 0]);
}

#[test]
fn cases_in_the_code_are_declared_on_pages() {
    // Outside of the files of rules, the rule that a reference belongs to does not stand beside the case.
    let declared = |rule: &str, case: &str| {
        let mut meant = ALL.iter().filter(|known| rule.is_empty() || known.id == rule);
        meant.any(|rule| rule.page().case(case).is_some())
    };
    let (mut seen, mut undeclared) = (BTreeSet::new(), Vec::new());
    for path in ["src/rules", "src/dialect", "src/engine"].iter().flat_map(|room| files(&root().join(room))) {
        // What is said about tests of users and about configurations is no rule: see below.
        let is_left = |part: &str| matches!(part, "tests" | "tests.rs" | "suite" | "suite.rs" | "config");
        if path.components().filter_map(|part| part.as_os_str().to_str()).any(is_left) {
            continue;
        }
        let code = code(&path);
        let own = behind(&code, "Rule::new(\"").next().map_or("", |(id, _)| id);
        let mut named: Vec<(&str, &str)> = Vec::new();
        for (opener, rule) in NAMED_BY {
            named.extend(behind(&code, opener).map(|(case, _)| (rule.unwrap_or(own), case)));
        }
        for opener in ["Fact::new(\"", "push(\""] {
            named.extend(behind(&code, opener).filter_map(|(rule, rest)| Some((rule, first_word(rest)?))));
        }
        named.extend(behind(&code, "hint { \"").filter_map(|(_, rest)| Some(("unknown-field", first_word(rest)?))));
        for (rule, case) in named {
            seen.insert(rule.to_owned());
            if !declared(rule, case) {
                undeclared.push(format!("{}: {rule}/{case}", path.display()));
            }
        }
    }
    assert_eq!(undeclared, [""; 0]);
    // What nobody writes any more would make this test say nothing.
    assert!(
        seen.len() > ALL.len() / 2 && seen.contains("exactly-one-of") && seen.contains("unknown-field"),
        "{seen:?}"
    );
}

#[test]
fn cases_of_malformed_and_failed_tests_are_documented() {
    let text = fs::read_to_string(root().join("docs/test.md")).unwrap();
    let folder = root().join("src/engine");
    let mut cases = BTreeSet::new();
    for path in
        [files(&folder.join("reader.rs")), files(&folder.join("suite.rs")), files(&folder.join("suite"))].concat()
    {
        let code = code(&path);
        let openers = ["Draft::new(\"", ".fault(\"", "other_case(\""];
        cases.extend(openers.iter().flat_map(|opener| behind(&code, opener)).map(|(case, _)| case.to_owned()));
    }
    assert!(cases.len() > 8, "{cases:?}");
    let undocumented: Vec<_> = cases.iter().filter(|case| !text.contains(&format!("`{case}`"))).collect();
    assert_eq!(undocumented, [""; 0]);
}

/// The parts of a page's body: the heading, empty for what comes first, and the text below it.
fn sections(page: &Page) -> Vec<(&str, &str)> {
    let (mut out, mut start, mut heading, mut at, mut is_fenced) = (Vec::new(), 0, "", 0, false);
    for line in page.body.split_inclusive('\n') {
        is_fenced ^= line.starts_with("```");
        if let Some(next) = line.strip_prefix("## ").filter(|_| !is_fenced) {
            out.push((heading, &page.body[start..at]));
            (heading, start) = (next.trim(), at + line.len());
        }
        at += line.len();
    }
    out.push((heading, &page.body[start..]));
    out
}

fn fixtures(rule: &str, prefix: &str) -> Vec<PathBuf> {
    let is_meant = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(prefix);
    inside(&root().join("fixtures").join(rule)).into_iter().filter(is_meant).collect()
}

/// The texts of a file, or of the files of a folder.
fn texts(path: &Path) -> Vec<String> {
    let text = |path: PathBuf| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    files(path).into_iter().map(text).collect()
}

/// A file itself, or all files below a folder.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_dir() { inside(path).iter().flat_map(|path| files(path)).collect() } else { vec![path.to_owned()] }
}

fn inside(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The code of a file in one line, without comments and tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    let words = lines.filter(|line| !line.trim_start().starts_with("//")).flat_map(str::split_whitespace);
    words.collect::<Vec<_>>().join(" ").replace("( ", "(")
}

/// Each word between an opener and the next quote, with what follows the quote.
fn behind<'c>(code: &'c str, opener: &'c str) -> impl Iterator<Item = (&'c str, &'c str)> {
    code.match_indices(opener).filter_map(move |(at, _)| code[at + opener.len()..].split_once('"'))
}

/// The word between quotes that a list goes on with.
fn first_word(rest: &str) -> Option<&str> {
    rest.strip_prefix(", \"")?.split_once('"').map(|(word, _)| word)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
