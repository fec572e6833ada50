//! A whole run, from inputs to findings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::dialect::{self, Skipped};
use crate::finding::{Baseline, Draft, Fact, Finding, Severity, Subject, Summary};
use crate::mesh::{Mesh, Reason, ResourceId, Role, Scope};
use crate::rules::{self, Rule, Spot};
use crate::source::{self, FileId, Note, Origin, Place, Problem, Request, SourceFile, Sources};

use super::clock::Clock;
use super::config::Config;
use super::finish::Objects;
use super::ignore::Bench;
use super::known::{Before, Debt, Held, Ledger};
use super::read::{self, FileReading};
use super::selection::{Levels, Selection};
use super::{copy, finish, ignore, known, remedy, rendered, unrendered};

/// What a run is asked to tell.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Which rules and cases run, and how grave they are.
    pub selection: Selection,
    /// Findings below are counted and not told.
    pub min_severity: Option<Severity>,
    /// Only findings with a place in these files are told; all of them where none is named.
    pub only: Vec<PathBuf>,
    /// Whether what is ignored is told all the same.
    pub no_ignores: bool,
    /// What is known and need not be told.
    pub baseline: Option<Baseline>,
    /// How many threads may work; 0 for as many as the machine has.
    pub threads: usize,
    /// What the project says once.
    pub config: Arc<Config>,
    /// The levels that were asked for in this run: they count before those that the configuration has for files.
    pub levels: Levels,
}

/// What a run comes to.
#[derive(Debug)]
pub struct Outcome {
    /// The files that were read.
    pub sources: Sources,
    /// What they hold.
    pub mesh: Mesh,
    /// What was found, sorted by path, position and rule.
    pub findings: Vec<Finding>,
    /// The run in numbers.
    pub summary: Summary,
    /// What could not be read. A named path among them means that the run did not do what was asked.
    pub problems: Vec<Problem>,
    /// What was passed by.
    pub notes: Vec<Note>,
    /// The scopes beside the whole, each with the reason why it is one.
    pub scopes: Vec<ScopeNote>,
    /// What is owed, if there is a baseline.
    pub debt: Option<Debt>,
    /// The phases of the run: nothing but `--timings` looks at them.
    pub clock: Clock,
    /// How long each rule that ran took to judge the mesh, on whatever thread.
    pub rules: Vec<(&'static str, Duration)>,
}

/// A scope that was found, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeNote {
    /// Its directory, or what it is called.
    pub name: String,
    /// Why it is a scope of its own.
    pub reason: String,
}

/// Facts about one object, with what the rules need to word them.
struct Noticed {
    file: FileId,
    resource: Option<ResourceId>,
    subject: Option<Subject>,
    facts: Vec<Fact>,
}

/// Reads the inputs of a request, as seen from the working directory, and judges them.
#[must_use]
pub fn check(request: &Request, cwd: &Path, settings: &Settings) -> Outcome {
    check_against(request, cwd, settings, None, Clock::start())
}

/// The same; what was there before is known.
pub(super) fn check_against(
    request: &Request,
    cwd: &Path,
    settings: &Settings,
    before: Option<&Before>,
    mut clock: Clock,
) -> Outcome {
    let loaded = source::load(request, cwd, settings.threads);
    clock.lap("read");
    on_threads(settings.threads, || run(loaded, request, cwd, settings, before, clock))
}

/// Judges what was read.
pub(super) fn run(
    loaded: source::Loaded,
    request: &Request,
    cwd: &Path,
    settings: &Settings,
    before: Option<&Before>,
    mut clock: Clock,
) -> Outcome {
    let gathered = gather(loaded, &settings.config, cwd);
    clock.lap("understand");
    judge(gathered, request, cwd, settings, before, clock)
}

/// Works on so many threads; without a pool of its own (the system may refuse threads) on the shared one.
pub(super) fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// What the manifests of a run hold.
pub(super) struct Gathered {
    pub(super) sources: Sources,
    pub(super) mesh: Mesh,
    noticed: Vec<Noticed>,
    pub(super) summary: Summary,
    skipped: BTreeMap<Skipped, usize>,
    /// Files that hold patches.
    patches: FxHashSet<FileId>,
    pub(super) problems: Vec<Problem>,
    notes: Vec<Note>,
}

impl Gathered {
    /// The files that hold something which could not be read.
    pub(super) fn unreadable(&self) -> Vec<String> {
        let broken = |fact: &Fact| fact.rule == "syntax" && fact.case != "not-json";
        let hurt = self.noticed.iter().filter(|object| object.facts.iter().any(broken));
        let mut names: Vec<_> = hurt.map(|object| self.sources.file(object.file).name.clone()).collect();
        names.dedup();
        names
    }
}

/// Reads the documents of all files and links what they hold.
pub(super) fn gather(loaded: source::Loaded, config: &Config, cwd: &Path) -> Gathered {
    let source::Loaded { mut sources, problems, mut notes } = loaded;
    let (problems, met): (Vec<_>, Vec<_>) = problems.into_iter().partition(|problem| problem.named);
    let files: Vec<_> = sources.iter().collect();
    let mut readings: Vec<FileReading> = files.into_par_iter().map(|(id, file)| read::read(id, file)).collect();
    let patches = unrendered::leave(&sources, &mut readings);
    notes.extend(unrendered::notes(&sources, &readings));
    let mut summary = Summary { files: sources.len(), ..Summary::default() };
    let (mut resources, mut unread, mut noticed) = (Vec::new(), Vec::new(), Vec::new());
    let mut skipped: BTreeMap<Skipped, usize> = BTreeMap::new();
    for (index, reading) in readings.into_iter().enumerate() {
        let file = FileId::new(index);
        summary.documents += reading.documents;
        unread.extend(reading.unread);
        let SourceFile { name, origin, .. } = sources.file(file);
        let note = |message, named| Note { path: name.clone(), message, named };
        notes.extend(reading.notes.into_iter().map(|message| note(message, false)));
        for why in reading.skipped {
            let named = *origin != Origin::Walked && why.words(true).is_some();
            notes.extend(why.note().map(|message| note(message, named)));
            *skipped.entry(why).or_default() += 1;
        }
        for object in reading.objects {
            let resource = object.resource.map(|resource| {
                let is_understood = resource.kind.role.is_of_mesh() || resource.kind.role == Role::Task;
                if is_understood && summary.resources == 0 {
                    notes.extend(dialect::remark(resource.kind.dialect).map(|text| note(text.to_owned(), false)));
                }
                summary.resources += usize::from(is_understood);
                resources.push(resource);
                ResourceId::new(resources.len() - 1)
            });
            if !object.facts.is_empty() {
                noticed.push(Noticed { file, resource, subject: object.subject, facts: object.facts });
            }
        }
    }
    for problem in met {
        let file = sources.push(SourceFile::new(problem.path, Origin::Walked, Vec::new()));
        let fact = Fact::new("syntax", "unreadable-file", source::Span::default()).arg(problem.message);
        noticed.push(Noticed { file, resource: None, subject: None, facts: vec![fact] });
    }
    let (world, told) = config.world(&sources, cwd);
    notes.extend(told);
    let mesh = Mesh::link(resources, unread, &sources, world);
    Gathered { sources, mesh, noticed, summary, skipped, patches, problems, notes }
}

pub(super) fn judge(
    gathered: Gathered,
    request: &Request,
    cwd: &Path,
    settings: &Settings,
    before: Option<&Before>,
    mut clock: Clock,
) -> Outcome {
    let Gathered { mut sources, mesh, noticed, mut summary, skipped, patches, problems, mut notes } = gathered;
    let Settings { selection, config, .. } = settings;
    let mut findings = word(&noticed, &mesh, selection);
    let Judged { findings: judged, undecided, took } = run_rules(&mesh, settings);
    findings.extend(judged);
    copy::name(&mut findings, &mesh, &sources);
    clock.lap("judge");
    finish::sort(&mut findings, &sources);
    let objects = Objects::of(&mesh);
    if !settings.no_ignores {
        let bench = Bench { sources: &sources, mesh: &mesh, objects: &objects, selection, patches: &patches };
        let (told, which) = ignore::bind(&mut findings, &bench);
        notes.extend(which);
        if !told.is_empty() {
            findings.extend(told);
            finish::sort(&mut findings, &sources);
        }
    }
    config.judge(&mut findings, &sources, cwd, settings);
    let root = source::Root::of(cwd);
    let now = (settings.baseline.is_some() || before.is_some()).then(|| Held::of(&mesh, &sources, &root));
    let now = &now.unwrap_or_default();
    rendered::trace_back(&mut findings, &mut sources, cwd);
    finish::point(&mut findings, &sources, &objects);
    finish::fingerprint(&mut findings, &sources, &root);
    let ledger = Ledger { sources: &sources, root: &root, now, selection, request, cwd };
    let debt = settings.baseline.as_ref().map(|baseline| ledger.settle(&mut findings, baseline).1);
    if let Some(before) = before {
        summary.before = known::settle_before(&mut findings, &sources, &root, now, before);
    }
    notes.extend(keep_only(&mut findings, &sources, cwd, &settings.only));
    let told = findings.len();
    if let Some(least) = settings.min_severity {
        findings.retain(|finding| finding.severity >= least);
    }
    remedy::carry_out(&mut findings, &sources);
    let counts = Summary::of(&findings);
    summary.skipped = skipped.iter().filter(|(why, _)| why.words(true).is_some()).map(|(_, count)| count).sum();
    let tell = |(why, count): (&Skipped, &usize)| Some(format!("{count} {}", why.words(*count == 1)?));
    summary.not_understood = skipped.iter().filter_map(tell).collect();
    summary.undecided = undecided;
    summary.hidden = told - findings.len();
    (summary.error, summary.warning, summary.info) = (counts.error, counts.warning, counts.info);
    (summary.ignored, summary.baseline) = (counts.ignored, counts.baseline);
    (summary.fixable, summary.fixable_unsafely) = (counts.fixable, counts.fixable_unsafely);
    notes.sort();
    notes.dedup();
    let scopes = mesh.scopes().iter().filter_map(|scope| scope_note(scope, &mesh, &sources)).collect();
    clock.lap("finish");
    Outcome { sources, mesh, findings, summary, problems, notes, scopes, debt, clock, rules: took }
}

/// Why a scope is one; nothing of the whole.
fn scope_note(scope: &Scope, mesh: &Mesh, sources: &Sources) -> Option<ScopeNote> {
    let place = |id: ResourceId| {
        let place = mesh.resource(id).place();
        let file = sources.file(place.file);
        format!("{}:{}", file.name, file.position(place.span.start).line)
    };
    let reason = match &scope.reason {
        Reason::Root => return None,
        Reason::Said(at) => format!("configured at {at}"),
        Reason::Contested(own, other) => {
            let title = mesh.resource(*own).title();
            format!("{title} is defined differently at {} and {}", place(*own), place(*other))
        }
        Reason::Mesh => "it has a mesh, and stands beside scopes".to_owned(),
    };
    Some(ScopeNote { name: scope.directory.clone(), reason })
}

/// What the rules say about the facts. An object that repeats another one is not judged again.
fn word(noticed: &[Noticed], mesh: &Mesh, selection: &Selection) -> Vec<Finding> {
    let mut findings = Vec::new();
    for object in noticed.iter().filter(|object| !object.resource.is_some_and(|id| mesh.is_repeated(id))) {
        let spot = Spot { file: object.file, subject: object.subject.as_ref() };
        for fact in &object.facts {
            let rule = rules::find(fact.rule).filter(|rule| selection.wants(rule));
            let Some((rule, say)) = rule.and_then(|rule| Some((rule, rule.facts?))) else { continue };
            let mut draft = say(fact, &spot);
            draft.subject = draft.subject.or_else(|| object.subject.clone());
            findings.extend(finish::finding(rule, draft, selection));
        }
    }
    findings
}

/// What comes of judging the mesh.
struct Judged {
    findings: Vec<Finding>,
    /// Questions that were too costly to be decided.
    undecided: usize,
    took: Vec<(&'static str, Duration)>,
}

/// What the rules say about the mesh.
fn run_rules(mesh: &Mesh, settings: &Settings) -> Judged {
    let selection = &settings.selection;
    let wanted = rules::ALL.par_iter().filter(|rule| selection.wants(rule));
    let judged = wanted.map(|rule: &&'static Rule| {
        let start = Instant::now();
        let mut drafts: Vec<Draft> = Vec::new();
        if let Some(check) = rule.mesh {
            check(mesh, &mut drafts);
        }
        if let Some(check) = rule.measured {
            check(mesh, &rule.measured_by(&settings.config.measures_of(rule.id)), &mut drafts);
        }
        let undecided = rule.decide.map_or(0, |decide| decide(mesh, &mut drafts));
        let told = drafts.into_iter().filter_map(|draft| finish::finding(rule, draft, selection));
        (told.collect::<Vec<_>>(), undecided, (rule.id, start.elapsed()))
    });
    let mut all = Judged { findings: Vec::new(), undecided: 0, took: Vec::new() };
    for (findings, undecided, took) in judged.collect::<Vec<_>>() {
        all.findings.extend(findings);
        all.undecided += undecided;
        all.took.push(took);
    }
    all
}

/// Drops what has no place in some files. Those that were not read at all are told, lest silence about them pass for
/// praise.
fn keep_only(findings: &mut Vec<Finding>, sources: &Sources, cwd: &Path, only: &[PathBuf]) -> Vec<Note> {
    if only.is_empty() {
        return Vec::new();
    }
    let names: FxHashSet<String> = only.iter().map(|path| source::report_name(cwd, path)).collect();
    let is_wanted = |place: Place| names.contains(&sources.file(place.file).name);
    findings.retain(|finding| finding.labels.iter().any(|label| is_wanted(label.place) || is_wanted(label.home())));
    let read: FxHashSet<&str> = sources.iter().map(|(_, file)| &*file.name).collect();
    let message = "named by `--only`, and not among the files that were read";
    let unread = names.into_iter().filter(|name| !read.contains(&**name));
    unread.map(|path| Note { path, message: message.to_owned(), named: true }).collect()
}
