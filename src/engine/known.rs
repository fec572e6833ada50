//! What was known before a run: the findings of a baseline, or those of an older revision.

use std::path::Path;

use rustc_hash::FxHashSet;

use crate::finding::{Baseline, Finding, Known, Severity, Status, World, identity};
use crate::mesh::Mesh;
use crate::source::{self, FileId, GitError, Input, Request, Root, Sources};

use super::clock::Clock;
use super::run::{self, Outcome, Settings};
use super::selection::{Choice, Selection};

/// Which file holds which resource, by names that do not depend on the working directory.
#[derive(Debug, Default)]
pub(super) struct Held {
    files: FxHashSet<String>,
    resources: FxHashSet<(String, String)>,
}

impl Held {
    pub(super) fn of(mesh: &Mesh, sources: &Sources, root: &Root) -> Self {
        let name = |id: FileId| root.name(&sources.file(id).name).into_owned();
        let files = sources.iter().map(|(id, _)| name(id)).collect();
        let resources = mesh.resources().map(|(_, one)| (name(one.file), identity(&one.subject()))).collect();
        Self { files, resources }
    }

    fn holds(&self, file: &str, resource: Option<&str>) -> bool {
        match resource {
            Some(resource) => self.resources.contains(&(file.to_owned(), resource.to_owned())),
            None => self.files.contains(file),
        }
    }
}

/// An older state of what is judged.
#[derive(Debug)]
pub(super) struct Before {
    baseline: Baseline,
    held: Held,
}

/// What is owed: findings that the baseline knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Debt {
    /// Of severity error.
    pub error: usize,
    /// Of severity warning.
    pub warning: usize,
    /// Of severity info.
    pub info: usize,
    /// The day on which the oldest was written down.
    pub oldest: String,
    /// What is known and was not found any more, with its number.
    pub gone: Vec<Known>,
}

/// Judges a request and tells only what was not found at a revision of the repository.
///
/// # Errors
/// The revision cannot be read.
pub fn check_since(request: &Request, revision: &str, cwd: &Path, settings: &Settings) -> Result<Outcome, GitError> {
    let mut clock = Clock::start();
    let old = source::load_revision(request, cwd, revision)?;
    let root = Root::of(cwd);
    let before = run::on_threads(settings.threads, || {
        let gathered = run::gather(old, &settings.config, cwd);
        let held = Held::of(&gathered.mesh, &gathered.sources, &root);
        let settings = Settings { baseline: None, only: Vec::new(), min_severity: None, ..settings.clone() };
        let outcome = run::judge(gathered, request, cwd, &settings, None, Clock::start());
        Before { baseline: baseline_of(&outcome, &root, ""), held }
    });
    clock.lap("judge what was");
    Ok(run::check_against(request, cwd, settings, Some(&before), clock))
}

fn baseline_of(outcome: &Outcome, root: &Root, day: &str) -> Baseline {
    let active = outcome.findings.iter().filter(|finding| finding.is_active());
    Baseline::of(active.map(|finding| (finding, day.to_owned())), &|id| name(root, &outcome.sources, id))
}

fn name(root: &Root, sources: &Sources, id: FileId) -> String {
    root.name(&sources.file(id).name).into_owned()
}

/// Marks what an older state knows; gives the number.
pub(super) fn settle_before(
    findings: &mut [Finding],
    sources: &Sources,
    root: &Root,
    now: &Held,
    before: &Before,
) -> usize {
    let world = World {
        name: &|id| name(root, sources, id),
        holds: &|file, resource| now.holds(file, resource),
        held: &|file, resource| before.held.holds(file, resource),
    };
    let (matched, _) = before.baseline.settle(findings, &world);
    matched.into_iter().flatten().count()
}

/// What a run needs to settle its findings with a baseline.
pub(super) struct Ledger<'a> {
    pub(super) sources: &'a Sources,
    pub(super) root: &'a Root,
    pub(super) now: &'a Held,
    pub(super) selection: &'a Selection,
    pub(super) request: &'a Request,
    pub(super) cwd: &'a Path,
}

impl Ledger<'_> {
    /// Marks what the baseline knows, and says what is owed.
    pub(super) fn settle(&self, findings: &mut [Finding], baseline: &Baseline) -> (Vec<Option<usize>>, Debt) {
        let world = World {
            name: &|id| name(self.root, self.sources, id),
            holds: &|file, resource| self.now.holds(file, resource),
            held: &|_, _| false,
        };
        let (matched, left) = baseline.settle(findings, &world);
        let mut debt = Debt::default();
        for (finding, known) in findings.iter().zip(&matched) {
            let Some(known) = known.map(|at| &baseline.findings[at]) else { continue };
            *match finding.severity {
                Severity::Error => &mut debt.error,
                Severity::Warning => &mut debt.warning,
                Severity::Info => &mut debt.info,
            } += 1;
            if debt.oldest.is_empty() || known.since < debt.oldest {
                debt.oldest.clone_from(&known.since);
            }
        }
        let folders = self.folders();
        let gone =
            baseline.findings.iter().zip(left).filter(|(known, left)| *left > 0 && self.was_judged(known, &folders));
        debt.gone = gone.map(|(known, left)| Known { count: left, ..known.clone() }).collect();
        (matched, debt)
    }

    /// Whether the run would have found what the baseline knows, if it were still there.
    fn was_judged(&self, known: &Known, folders: &[String]) -> bool {
        let is_on = crate::rules::find(&known.rule)
            .is_none_or(|rule| self.selection.judge(rule, &known.case, None) != Choice::Off);
        let is_below = |folder: &String| folder.is_empty() || known.file.starts_with(&format!("{folder}/"));
        is_on && (self.now.holds(&known.file, None) || folders.iter().any(is_below))
    }

    /// The folders that were walked, as a baseline names them; empty for the root.
    fn folders(&self) -> Vec<String> {
        let paths = self.request.inputs.iter().filter_map(|input| match input {
            Input::Path(path) => Some(source::report_name(self.cwd, path)),
            Input::Stdin { .. } => None,
        });
        let named = paths.map(|path| if path == "." { String::new() } else { path });
        let placed = named.map(|name| match name {
            name if name == self.root.path() => String::new(),
            name if name.is_empty() => self.root.name(".").trim_end_matches('.').trim_end_matches('/').to_owned(),
            name => self.root.name(&name).into_owned(),
        });
        placed.collect()
    }
}

/// How a baseline is written anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renewal {
    /// What is gone goes.
    pub prune: bool,
    /// What is new comes.
    pub accept_new: bool,
}

/// A baseline that was written anew.
#[derive(Debug)]
pub struct Renewed {
    /// What it knows now.
    pub baseline: Baseline,
    /// How many findings it knows that it knew before.
    pub kept: usize,
    /// How many findings have come.
    pub added: usize,
    /// How many findings are new and have not come.
    pub refused: usize,
    /// How many are gone that it knew.
    pub gone: usize,
    /// The run behind it.
    pub outcome: Outcome,
}

/// The baseline of what a request holds today. An old one keeps its days; without an old one, everything is new and
/// comes.
#[must_use]
pub fn renew(
    request: &Request,
    cwd: &Path,
    settings: &Settings,
    old: Option<&Baseline>,
    how: Renewal,
    today: &str,
) -> Renewed {
    let root = Root::of(cwd);
    let loaded = source::load(request, cwd, settings.threads);
    let (mut outcome, now) = run::on_threads(settings.threads, || {
        let gathered = run::gather(loaded, &settings.config, cwd);
        let held = Held::of(&gathered.mesh, &gathered.sources, &root);
        (run::judge(gathered, request, cwd, settings, None, Clock::start()), held)
    });
    let none = Baseline { findings: Vec::new() };
    let known = old.unwrap_or(&none);
    let (sources, selection) = (&outcome.sources, &settings.selection);
    let ledger = Ledger { sources, root: &root, now: &now, selection, request, cwd };
    let (matched, debt) = ledger.settle(&mut outcome.findings, known);
    let gone: usize = debt.gone.iter().map(|known| known.count).sum();
    let accepts = how.accept_new || old.is_none();
    let (mut kept, mut added, mut refused) = (0, 0, 0);
    let mut findings = Vec::new();
    for (finding, matched) in outcome.findings.iter().zip(&matched) {
        let day = match (matched, &finding.status) {
            (Some(at), _) => {
                kept += 1;
                known.findings[*at].since.clone()
            }
            (None, Status::Active) if accepts => {
                added += 1;
                today.to_owned()
            }
            (None, Status::Active) => {
                refused += 1;
                continue;
            }
            (None, _) => continue,
        };
        findings.push((finding, day));
    }
    let baseline = Baseline::of(findings, &|id| name(&root, &outcome.sources, id));
    // What was not looked at stays, and what is gone stays until it is pruned.
    let mut left: Vec<usize> = known.findings.iter().map(|one| one.count).collect();
    for at in matched.into_iter().flatten() {
        left[at] -= 1;
    }
    let pruned: FxHashSet<&Known> = debt.gone.iter().filter(|_| how.prune).collect();
    let unseen = known.findings.iter().zip(left).filter(|(_, count)| *count > 0);
    let unseen = unseen.map(|(one, count)| Known { count, ..one.clone() }).filter(|one| !pruned.contains(one));
    let baseline = baseline.with(unseen.collect::<Vec<_>>());
    Renewed { baseline, kept, added, refused, gone, outcome }
}
