//! What `--fix` does to manifests: the faults are gone, nothing else has changed, and there is nothing left to do.
//!
//! * Every bad fixture is fixed, and what has to hold of any fixing is asked.
//! * A mesh without faults is written down in some layout, and again with faults in it that are known. Fixing the second
//!   text has to give the first one, byte for byte. `MESHLINT_FIXES` says how many such texts are drawn.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[allow(dead_code)]
#[path = "../random/mod.rs"]
mod random;

mod edit;
mod layout;
mod mesh;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use meshlint::engine::{self, Fixed, Outcome, Selection, Settings};
use meshlint::finding::Applicability;
use meshlint::source::{Input, Request};

use layout::Layout;
use random::Random;

fn fixed(name: &str, text: &str, select: &[&str], kind: Applicability) -> Fixed {
    let names: Vec<_> = select.iter().map(|one| (*one).to_owned()).collect();
    let selection = Selection::new(&names, &[], &[]).unwrap();
    let settings = Settings { threads: 1, selection, ..Settings::default() };
    let request = Request::new(vec![Input::Stdin { name: name.to_owned(), bytes: text.as_bytes().to_vec() }]);
    engine::fix(&request, Path::new("."), &settings, kind)
}

/// The text after fixing, and what is found in it.
fn after(fixed: &Fixed) -> (&str, &Outcome) {
    let outcome = fixed.after.as_ref().unwrap_or(&fixed.before);
    (outcome.sources.iter().next().map_or("", |(_, file)| file.text.as_str()), outcome)
}

/// What a finding says, wherever it stands.
fn told(outcome: &Outcome) -> Vec<String> {
    let words = |one: &meshlint::finding::Finding| format!("{}/{} {}", one.rule, one.case, one.message);
    outcome.findings.iter().map(words).collect()
}

#[test]
fn fixtures_are_mended() {
    let mut mended = BTreeSet::new();
    for path in bad(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let text: String = text.split_inclusive('\n').filter(|line| !is_mark(line)).collect();
        let name = path.file_name().unwrap().to_str().unwrap();
        let done = fixed(name, &text, &["all"], Applicability::Unsafe);
        let (new, outcome) = after(&done);
        for patched in done.files.values() {
            let (old, new): (Vec<_>, Vec<_>) =
                (text.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
            assert_eq!(patched.lines.len(), new.len(), "{path:?}");
            assert!(patched.lines.iter().flatten().is_sorted_by(|a, b| a < b), "{path:?}");
            for (line, was) in new.iter().zip(&patched.lines) {
                assert!(was.is_none_or(|was| old[was as usize] == *line), "{path:?}: {line:?}");
            }
        }
        if done.fixed == 0 {
            assert_eq!(new, text, "{path:?}");
            continue;
        }
        let now: BTreeSet<_> = told(outcome).into_iter().collect();
        let rules = done.before.findings.iter().filter(|one| !one.fixes.is_empty());
        mended.extend(
            rules
                .filter(|one| !now.contains(&format!("{}/{} {}", one.rule, one.case, one.message)))
                .map(|one| one.rule),
        );
        let again = fixed(name, new, &["all"], Applicability::Unsafe);
        assert!(
            again.fixed == 0 && again.files.is_empty(),
            "{path:?} is fixed twice:\n{new}\n{:?}",
            told(&again.before)
        );
    }
    // Every rule that has a fix shows it.
    let promised = engine::RULES.iter().map(|rule| rule.page()).filter(|page| matches!(&*page.fix, "safe" | "unsafe"));
    let promised: BTreeSet<_> = promised.map(|page| page.id.as_str()).collect();
    // Of these two, the fixtures hold several faults with the same words.
    let left: Vec<_> = promised.difference(&mended).copied().collect();
    assert_eq!(left, ["malformed-path", "retired-api-version"]);
}

#[test]
fn what_was_meant_comes_back_byte_for_byte() {
    let count = std::env::var("MESHLINT_FIXES").ok().and_then(|count| count.parse().ok()).unwrap_or(200);
    let mut seen = BTreeSet::new();
    let mut fixes = 0;
    for seed in 0..count {
        let random = &mut Random::new(seed);
        let layout = Layout::draw(random);
        let mut mesh = mesh::good();
        let meant = layout.write(&mesh);
        let faults = mesh::damage(&mut mesh, random);
        let text = layout.write(&mesh);
        let place = || format!("seed {seed}, {faults:?}, {layout:?}\n{text}");
        let done = fixed(layout.name(), &text, &["all"], faults.kind);
        let (new, outcome) = after(&done);
        assert_eq!(new, meant, "{}", place());
        assert!(done.declined == 0 && done.fixed >= faults.words.len(), "{}", place());
        let clean = fixed(layout.name(), &meant, &["all"], faults.kind);
        assert!(clean.fixed == 0, "there is something to fix in the good mesh: {:?}", told(&clean.before));
        assert_eq!(told(outcome), told(&clean.before), "{}", place());
        fixes += done.fixed;
        seen.extend(faults.words.into_iter().map(|(fault, _)| fault));
    }
    assert!(count < 200 || seen.len() == mesh::FAULTS.len(), "{seen:?}");
    println!("{fixes} fixes in {count} texts");
}

fn is_mark(line: &str) -> bool {
    line.trim_start().strip_prefix('#').is_some_and(|rest| rest.trim_start().starts_with('^'))
}

/// Bad fixtures of one file.
fn bad(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for rule in fs::read_dir(folder).unwrap().flatten() {
        let files = fs::read_dir(rule.path()).unwrap().flatten().map(|file| file.path());
        out.extend(
            files.filter(|path| path.is_file() && path.file_name().unwrap().to_str().unwrap().starts_with("bad-")),
        );
    }
    out.sort();
    out
}
