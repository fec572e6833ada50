//! Every manifest under `fixtures/` and every example in `rules/*.md` is a test: what is marked in it is
//! found, and nothing else.
//!
//! * `fixtures/<rule>/bad-*.yaml` (or a folder of several files) has a mark of its rule at least,
//!   `good-*.yaml` has none.
//! * A fence under `## Bad` or `## Good` of a page is a project of one file; fences that name themselves
//!   (`yaml file=a.yaml`) form one project together.
//! * Each manifest under `tests/faults/` is a fault in the mesh of `base.yaml` there; the folders beside it carry their
//!   own marks.
//! * Each manifest under `tests/ignores/` shows where an ignore may stand: see `ignores/mod.rs`. Ignores are written
//!   for all that is found there and in the bad fixtures.
//! * How marks are written: see `marks/mod.rs`.

#![allow(clippy::unwrap_used)]

mod faults;
mod ignores;
mod marks;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use marks::Project;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials = Vec::new();
    for rule in sorted(&root.join("fixtures")) {
        let id = file_name(&rule);
        for case in sorted(&rule) {
            let name = file_name(&case);
            let (id, kind) = (id.clone(), name.split('-').next().unwrap_or("").to_owned());
            trials.push(Trial::test(format!("fixtures/{id}/{name}"), move || fixture(&id, &kind, &case)));
        }
    }
    for fault in sorted(&root.join("tests/faults")).into_iter().filter(|path| path.extension() == Some("yaml".as_ref()))
    {
        trials.push(Trial::test(format!("faults/{}", file_name(&fault)), move || faults::judge(&fault)));
    }
    let spellings = sorted(&root.join("tests/faults/spellings"));
    for marked in sorted(&root.join("tests/faults/template")).into_iter().chain(spellings.clone()) {
        trials.push(Trial::test(format!("faults/{}", file_name(&marked)), move || faults::judge_marked(&marked)));
    }
    trials.push(Trial::test("faults/spellings agree", move || faults::agree(&spellings)));
    let manifests = |folder: &Path| -> Vec<PathBuf> {
        sorted(folder).into_iter().filter(|path| path.extension() == Some("yaml".as_ref())).collect()
    };
    for case in manifests(&root.join("tests/ignores/cases")) {
        let name = file_name(&case);
        let again = case.clone();
        trials.push(Trial::test(format!("ignores/{name}"), move || ignores::judge(&case)));
        trials.push(Trial::test(format!("ignores/add/{name}"), move || ignores::write(&again)));
    }
    for rule in sorted(&root.join("fixtures")) {
        for case in manifests(&rule).into_iter().filter(|path| file_name(path).starts_with("bad-")) {
            let name = format!("ignores/add/{}/{}", file_name(&rule), file_name(&case));
            trials.push(Trial::test(name, move || ignores::write(&case)));
        }
    }
    for page in sorted(&root.join("rules")) {
        let text = fs::read_to_string(&page).unwrap();
        let id = file_name(&page).trim_end_matches(".md").to_owned();
        for (section, project) in examples(&text) {
            let (id, is_bad) = (id.clone(), section.starts_with("bad"));
            trials.push(Trial::test(format!("rules/{id}/{section}"), move || judge(&id, is_bad, &project)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).map(|all| all.flatten().map(|one| one.path()).collect()).unwrap_or_default();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn fixture(rule: &str, kind: &str, case: &Path) -> Result<(), Failed> {
    if !matches!(kind, "bad" | "good") {
        return Err(Failed::from("a fixture is called bad-… or good-…"));
    }
    judge(rule, kind == "bad", &Project::read(case))
}

fn judge(rule: &str, is_bad: bool, project: &Project) -> Result<(), Failed> {
    let marked = project.marks_rule(rule);
    match (is_bad, project.has_marks()) {
        (true, _) if !marked => return Err(Failed::from(format!("a bad example marks at least one `{rule}`"))),
        (false, true) => return Err(Failed::from("a good example marks nothing")),
        _ => {}
    }
    project.judge().map_err(Failed::from)
}

/// The examples of a page, each with the name of its section and a number.
fn examples(page: &str) -> Vec<(String, Project)> {
    let mut out: Vec<(String, Project)> = Vec::new();
    let mut section = String::new();
    let mut fence: Option<(String, String)> = None;
    let mut grows = false;
    for line in page.lines() {
        match &mut fence {
            None if line.starts_with("## ") => {
                section = line[3..].trim().to_lowercase();
                grows = false;
            }
            None if line.starts_with("```yaml") && matches!(&*section, "bad" | "good") => {
                let file = line.split_once("file=").map_or("", |(_, file)| file.trim());
                fence = Some((file.to_owned(), String::new()));
            }
            None => {}
            Some((file, text)) if line.starts_with("```") => {
                let is_named = !file.is_empty();
                let name = if is_named { file.clone() } else { "example.yaml".to_owned() };
                if !(is_named && grows) {
                    out.push((format!("{section}-{}", out.len() + 1), Project::default()));
                }
                grows = is_named;
                if let Some((_, project)) = out.last_mut() {
                    project.add(name, std::mem::take(text));
                }
                fence = None;
            }
            Some((_, text)) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    out
}
