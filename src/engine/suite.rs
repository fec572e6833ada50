//! Tests that users keep beside their manifests: requests, and where they are to end.
//!
//! What is wrong is told as findings, of two ids that are no rules and so have no page: [`FAILED`] where an expectation
//! does not hold, [`MALFORMED`] where a file cannot be read as tests.

mod file;
mod judge;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::finding::{Category, Draft, Expectations, Finding, Place, Severity, Summary};
use crate::source::{self, FileId, Input, Origin, Problem, Request, Sources};

use super::config::Config;
use super::finish;
use super::reader::Written;
use super::trace::Tracer;
use file::{Suite, Test};
use judge::World;

/// The id of what does not hold.
const FAILED: &str = "failed-expectation";

/// The id of what cannot be read.
const MALFORMED: &str = "malformed-test";

/// How files of tests are called, so that a walk finds them.
const ENDINGS: [&str; 3] = [".meshlint-test.yaml", ".meshlint-test.yml", ".meshlint-test.json"];

/// What a run of tests comes to.
#[derive(Debug)]
pub struct Tested {
    /// The files that findings point into: tests and manifests.
    pub sources: Sources,
    /// Expectations that do not hold, and what cannot be read, sorted by path and position.
    pub findings: Vec<Finding>,
    /// The run in numbers, with its expectations.
    pub summary: Summary,
    /// Files of tests that could not be opened.
    pub problems: Vec<Problem>,
    /// Manifests of which some could not be read, so that the tests do not see what is in them.
    pub unreadable: Vec<String>,
    /// How many files of tests there were.
    pub files: usize,
    /// Whether everything that is written was asked.
    pub is_whole: bool,
}

/// Runs the tests of files, and of the files in directories that are named `*.meshlint-test.yaml` (or `.yml`, `.json`).
/// Paths are seen from the working directory, those of manifests from the folder of the file that names them. The configuration says which world they are in.
#[must_use]
pub fn test(request: &Request, cwd: &Path, config: &Config, threads: usize) -> Tested {
    let loaded = source::load(request, cwd, threads);
    let problems: Vec<_> = loaded.problems.into_iter().filter(|problem| problem.named).collect();
    let is_test = |file: &source::SourceFile| {
        file.origin != Origin::Walked || ENDINGS.iter().any(|ending| file.name.ends_with(ending))
    };
    let sources = loaded.sources.filtered(is_test);
    let mut run = Run {
        cwd,
        config,
        request,
        threads,
        files: sources.len(),
        sources: Sources::default(),
        failed: Vec::new(),
        malformed: Vec::new(),
        counts: Expectations::default(),
        unreadable: Vec::new(),
        summary: Summary { files: sources.len(), ..Summary::default() },
    };
    // Tests of the same manifests share one reading of them.
    let mut groups: BTreeMap<Vec<String>, Vec<(FileId, Suite)>> = BTreeMap::new();
    for (id, file) in sources.iter() {
        for mut suite in file::read(file, id) {
            run.summary.documents += 1;
            run.counts.total += suite.count;
            run.malformed.append(&mut suite.faults);
            let paths = paths_of(&suite.manifests, &file.name);
            groups.entry(paths).or_default().push((id, suite));
        }
    }
    run.sources = sources;
    for (paths, suites) in groups {
        run.group(&paths, &suites);
    }
    run.finish(problems)
}

/// The paths of manifests, seen from the working directory; the folder of the file where none is named.
fn paths_of(manifests: &[Written], file: &str) -> Vec<String> {
    let folder = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if manifests.is_empty() {
        return vec![folder.to_string_lossy().into_owned()];
    }
    let below = |path: &Written| folder.join(&path.text).to_string_lossy().into_owned();
    manifests.iter().map(below).collect()
}

struct Run<'a> {
    cwd: &'a Path,
    config: &'a Config,
    request: &'a Request,
    threads: usize,
    files: usize,
    sources: Sources,
    failed: Vec<Draft>,
    malformed: Vec<Draft>,
    counts: Expectations,
    unreadable: Vec<String>,
    summary: Summary,
}

impl Run<'_> {
    /// The tests of one set of manifests.
    fn group(&mut self, paths: &[String], suites: &[(FileId, Suite)]) {
        if suites.iter().all(|(_, suite)| suite.tests.is_empty()) {
            return;
        }
        let inputs = paths.iter().map(|path| Input::Path(PathBuf::from(path))).collect();
        let Request { gitignore, filter, .. } = self.request;
        let request = Request { inputs, gitignore: *gitignore, filter: filter.clone() };
        let tracer = Tracer::load(&request, self.cwd, self.config, self.threads);
        if !tracer.problems().is_empty() || tracer.resources() == 0 {
            for (file, suite) in suites.iter().filter(|(_, suite)| !suite.tests.is_empty()) {
                self.malformed.push(self.without_manifests(*file, suite, paths, &tracer));
            }
            return;
        }
        let paths: Vec<_> = paths.iter().map(|path| source::report_name(self.cwd, Path::new(path))).collect();
        let world = World { tracer: &tracer, offset: self.sources.len(), paths: &paths };
        for (file, suite) in suites {
            for test in &suite.tests {
                match judge::judge(test, *file, &world) {
                    Some(draft) => self.failed.push(draft),
                    None => self.counts.held += 1,
                }
            }
        }
        self.unreadable.extend(tracer.unreadable().iter().cloned());
        self.summary.resources += tracer.resources();
        let manifests = tracer.into_sources();
        self.summary.files += manifests.len();
        self.sources.append(manifests);
    }

    /// What to say where the manifests of a suite are not there, or are none.
    fn without_manifests(&self, file: FileId, suite: &Suite, paths: &[String], tracer: &Tracer) -> Draft {
        let place = |at: Option<&Written>| {
            let first = suite.tests.first().map(Test::place);
            Place::new(file, at.map(|one| one.span).or(first).unwrap_or_default())
        };
        match tracer.problems().first() {
            Some(problem) => {
                let is_it = |path: &&String| source::report_name(self.cwd, Path::new(path)) == problem.path;
                let at = paths.iter().position(|path| is_it(&path)).and_then(|at| suite.manifests.get(at));
                let draft =
                    Draft::new("missing-manifests", format!("manifests `{}`: {}", problem.path, problem.message));
                let help = "paths are relative to the folder of this file".to_owned();
                draft.at(place(at), "").help(problem.help.clone().unwrap_or(help))
            }
            None => {
                let names: Vec<_> = paths.iter().map(|path| source::report_name(self.cwd, Path::new(path))).collect();
                let message = format!("there is no mesh resource in `{}`", names.join("`, `"));
                let help = "name the files or folders of the manifests: `manifests: [../deploy]`, seen from the folder of this file";
                Draft::new("missing-manifests", message).at(place(suite.manifests.first()), "").help(help)
            }
        }
    }

    fn finish(self, problems: Vec<Problem>) -> Tested {
        let Self { sources, failed, malformed, mut counts, mut summary, .. } = self;
        let is_whole = malformed.is_empty() && problems.is_empty();
        counts.unread = counts.total - counts.held - failed.len();
        let told = |rule: &'static str, category: Category| {
            move |draft: Draft| finish::told(rule, Severity::Error, category, draft)
        };
        let mut findings: Vec<_> = failed.into_iter().map(told(FAILED, Category::Routing)).collect();
        findings.extend(malformed.into_iter().map(told(MALFORMED, Category::Schema)));
        finish::sort(&mut findings, &sources);
        finish::point(&mut findings, &sources, &finish::Objects::default());
        finish::fingerprint(&mut findings, &sources, &source::Root::of(self.cwd));
        summary.error = findings.len();
        summary.expectations = Some(counts);
        let mut unreadable = self.unreadable;
        unreadable.sort();
        unreadable.dedup();
        Tested { sources, findings, summary, problems, unreadable, files: self.files, is_whole }
    }
}

#[cfg(test)]
mod tests;
