//! The manifests that everything here starts from, and running them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use meshlint::engine::{self, Outcome, Selection, Settings};
use meshlint::finding::Finding;
use meshlint::source::{Input, Request};

/// One manifest: a file of the fixtures, or a fence of a page.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// Where it comes from, relative to the root of the project.
    pub(crate) name: String,
    pub(crate) text: String,
    /// Whether it is judged without other files.
    pub(crate) is_alone: bool,
}

impl Sample {
    /// The name that the file has when it is judged; only its ending matters.
    pub(crate) fn file(&self) -> &str {
        if self.name.ends_with(".md") { "example.yaml" } else { self.name.rsplit('/').next().unwrap_or(&self.name) }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.name.ends_with(".json")
    }
}

/// Every manifest under `fixtures/` and every fence of `rules/`, in the order of their names.
pub(crate) fn samples() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut samples = Vec::new();
    for path in files(&root.join("fixtures")) {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        // Some fixtures are no text on purpose, so there is no text to change.
        let text = String::from_utf8(fs::read(&path).unwrap());
        if let (Ok(text), false) = (text, name.ends_with("expect.txt")) {
            let is_alone = name.split('/').count() == 3;
            samples.push(Sample { name, text, is_alone });
        }
    }
    for path in files(&root.join("rules")) {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let page = fs::read_to_string(&path).unwrap();
        let blocks = page.split("\n```yaml").skip(1);
        for (head, text) in blocks.filter_map(|block| block.split_once("\n```")?.0.split_once('\n')) {
            samples.push(Sample { name: name.clone(), text: format!("{text}\n"), is_alone: !head.contains("file=") });
        }
    }
    assert!(samples.len() > 300, "the fixtures are not where they were");
    samples
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Whether the long run is wanted.
pub(crate) fn is_deep() -> bool {
    std::env::var_os("MESHLINT_DEEP").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Judges files under all cases of all rules.
pub(crate) fn check(files: &[(&str, &[u8])]) -> Outcome {
    check_with(files, &["all".to_owned()], 1)
}

/// Judges files.
pub(crate) fn check_with(files: &[(&str, &[u8])], select: &[String], threads: usize) -> Outcome {
    let inputs = files.iter().map(|(name, text)| Input::Stdin { name: (*name).to_owned(), bytes: text.to_vec() });
    let selection = Selection::new(select, &[], &[]).unwrap();
    let settings = Settings { threads, selection, ..Settings::default() };
    engine::check(&Request::new(inputs.collect()), Path::new("."), &settings)
}

/// What is found in what, and not where: `rule/case kind namespace/name`.
pub(crate) fn verdicts(outcome: &Outcome) -> BTreeSet<String> {
    outcome.findings.iter().map(verdict).collect()
}

fn verdict(finding: &Finding) -> String {
    let mut out = format!("{}/{}", finding.rule, finding.case);
    if let Some(subject) = &finding.subject {
        let namespace = subject.namespace.as_deref().unwrap_or("");
        out += &format!(" {} {namespace}/{}", subject.kind, subject.name);
    }
    out
}

/// Does something for each item on all cores. A panic of one of them is that of the caller.
pub(crate) fn each<T: Sync>(items: &[T], work: impl Fn(usize, &T) + Sync) {
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((at, item)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    items.get(at).map(|item| (at, item))
                } {
                    work(at, item);
                }
            });
        }
    });
}
