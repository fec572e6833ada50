//! Findings that are mended: fixes are applied to the texts, and what comes of it is judged again, until none is left
//! to apply. Nothing is written here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::{Applicability, Edit, Finding, Fix, Severity};
use crate::source::{self, FileId, Note, Problem, Request, Sources};
use crate::yaml;

use super::clock::Clock;
use super::patch::Patched;
use super::run::{Outcome, Settings, on_threads, run};

/// So often a tree is judged at most. Most are mended by the first pass.
const MOST_RUNS: usize = 64;

/// What came of fixing.
#[derive(Debug)]
pub struct Fixed {
    /// The run as the files are.
    pub before: Outcome,
    /// The run as they are to be; none where nothing was fixed.
    pub after: Option<Outcome>,
    /// The files that change, by their ids in both runs.
    pub files: BTreeMap<FileId, Patched>,
    /// How many findings were fixed.
    pub fixed: usize,
    /// Findings whose fixes were taken back, because they did not mend them or broke something else.
    pub declined: usize,
}

/// Reads the inputs of a request, judges them, and fixes what can be fixed by fixes of this kind: with
/// [`Applicability::Unsafe`], by both kinds.
///
/// Of two fixes that touch one another, the first is applied, and the other one when the rest has been judged again. A
/// fix is taken back if its finding is still there afterwards or a file cannot be read any more; an unsafe one also if
/// it brings an error, because then it was the wrong guess. What a safe fix brings to light is told like anything else.
#[must_use]
pub fn fix(request: &Request, cwd: &Path, settings: &Settings, kind: Applicability) -> Fixed {
    let mut clock = Clock::start();
    let loaded = source::load(request, cwd, settings.threads);
    clock.lap("read");
    let bench = Bench {
        request,
        cwd,
        settings,
        files: loaded.sources.len(),
        problems: loaded.problems.clone(),
        notes: loaded.notes.clone(),
        only: settings.only.iter().map(|path: &PathBuf| source::report_name(cwd, path)).collect(),
    };
    on_threads(settings.threads, || {
        let before = run(loaded, request, cwd, settings, None, clock);
        let (state, fixed, declined) = bench.mend(&before, kind);
        let (after, files) = state.map_or_else(Default::default, |state| (Some(state.outcome), state.files));
        Fixed { before, after, files, fixed, declined }
    })
}

/// What stays the same from run to run.
struct Bench<'r> {
    request: &'r Request,
    cwd: &'r Path,
    settings: &'r Settings,
    /// How many files were read. Behind them may stand some that could not be.
    files: usize,
    problems: Vec<Problem>,
    notes: Vec<Note>,
    /// The only files that may change; all where none is named.
    only: FxHashSet<String>,
}

/// Where fixing has come to.
struct State {
    outcome: Outcome,
    files: BTreeMap<FileId, Patched>,
}

/// What a finding is known by while lines and list items move.
type Key<'f> = (&'static str, &'static str, FileId, &'f str);

fn key(finding: &Finding) -> Key<'_> {
    (finding.rule, finding.case, finding.place().file, &finding.message)
}

impl Bench<'_> {
    /// Applies fixes until there are none; answers with the last state, and how many were applied and taken back.
    fn mend(&self, before: &Outcome, kind: Applicability) -> (Option<State>, usize, usize) {
        let (mut state, mut fixed): (Option<State>, usize) = (None, 0);
        let mut declined: BTreeSet<(&str, &str, FileId, String)> = BTreeSet::new();
        let (mut allowed, mut width) = (Applicability::Safe, usize::MAX);
        for _ in 1..MOST_RUNS {
            let outcome = state.as_ref().map_or(before, |state| &state.outcome);
            let is_open = |finding: &Finding| {
                let (rule, case, file, message) = key(finding);
                declined.is_empty() || !declined.contains(&(rule, case, file, message.to_owned()))
            };
            let mut plan = self.plan(outcome, allowed, is_open);
            if plan.is_empty() {
                if allowed == kind {
                    break;
                }
                (allowed, width) = (kind, usize::MAX);
                continue;
            }
            plan.truncate(width);
            let next = self.attempt(outcome, state.as_ref().map(|state| &state.files), &plan, allowed);
            match next {
                Some(next) => {
                    fixed += plan.len();
                    width = width.saturating_mul(2);
                    state = Some(next);
                }
                // One of them is at fault: the first half shows in which half it is.
                None if plan.len() > 1 => width = plan.len() / 2,
                None => {
                    let (rule, case, file, message) = key(plan[0].0);
                    declined.insert((rule, case, file, message.to_owned()));
                    width = usize::MAX;
                }
            }
        }
        (state, fixed, declined.len())
    }

    /// The fixes to apply at once: for each finding the first that is allowed, if it touches none before it.
    fn plan<'o>(
        &self,
        outcome: &'o Outcome,
        allowed: Applicability,
        is_open: impl Fn(&Finding) -> bool,
    ) -> Vec<(&'o Finding, &'o Fix)> {
        let mut taken: FxHashMap<FileId, BTreeMap<u32, u32>> = FxHashMap::default();
        let mut plan = Vec::new();
        for finding in outcome.findings.iter().filter(|finding| finding.is_active()) {
            let is_allowed = |fix: &&Fix| allowed == Applicability::Unsafe || fix.applicability == Applicability::Safe;
            let Some(fix) = finding.fixes.iter().find(is_allowed).filter(|fix| !fix.edits.is_empty()) else { continue };
            let is_free = |edit: &Edit| {
                let span = edit.place.span;
                let before = taken.get(&edit.place.file).and_then(|taken| taken.range(..=span.end).next_back());
                // What is added between two lines must not depend on which of them goes first.
                before.is_none_or(|(start, end)| {
                    *end < span.start || (*end == span.start && start < end && !span.is_empty())
                })
            };
            let may_change = |edit: &Edit| self.may_change(&outcome.sources, edit.place.file);
            if is_open(finding) && fix.edits.iter().all(|edit| may_change(edit) && is_free(edit)) {
                for edit in &fix.edits {
                    taken.entry(edit.place.file).or_default().insert(edit.place.span.start, edit.place.span.end);
                }
                plan.push((finding, fix));
            }
        }
        plan
    }

    fn may_change(&self, sources: &Sources, file: FileId) -> bool {
        let source = sources.file(file);
        file.index() < self.files && source.is_verbatim() && (self.only.is_empty() || self.only.contains(&source.name))
    }

    /// The state after some fixes, unless they did not do what they are for.
    fn attempt(
        &self,
        outcome: &Outcome,
        files: Option<&BTreeMap<FileId, Patched>>,
        plan: &[(&Finding, &Fix)],
        allowed: Applicability,
    ) -> Option<State> {
        let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
        for edit in plan.iter().flat_map(|(_, fix)| &fix.edits) {
            edits.entry(edit.place.file).or_default().push(edit);
        }
        let mut files = files.cloned().unwrap_or_default();
        for (file, mut edits) in edits {
            edits.sort_by_key(|edit| edit.place.span);
            let old = &outcome.sources.file(file).text;
            let patched = Patched::new(old, &edits, files.get(&file))?;
            if !is_sound(old, &patched.text) {
                return None;
            }
            files.insert(file, patched);
        }
        let text = |file: FileId| files.get(&file).map(|patched| patched.text.clone());
        let sources = outcome.sources.rewritten(self.files, text);
        let loaded = source::Loaded { sources, problems: self.problems.clone(), notes: self.notes.clone() };
        let next = run(loaded, self.request, self.cwd, self.settings, None, Clock::start());
        is_better(outcome, &next, plan, allowed).then_some(State { outcome: next, files })
    }
}

/// Whether fixes did what they are for.
fn is_better(before: &Outcome, after: &Outcome, plan: &[(&Finding, &Fix)], allowed: Applicability) -> bool {
    let (old, new) = (counts(&before.findings), counts(&after.findings));
    let mended = counts(plan.iter().map(|(finding, _)| *finding));
    let count = |counts: &FxHashMap<Key<'_>, usize>, key: &Key<'_>| counts.get(key).copied().unwrap_or(0);
    let is_gone = mended.iter().all(|(key, mended)| count(&new, key) + mended <= count(&old, key));
    let is_wrong_guess = |finding: &Finding| {
        finding.severity == Severity::Error && count(&new, &key(finding)) > count(&old, &key(finding))
    };
    let is_guess = allowed == Applicability::Unsafe;
    is_gone
        && before.summary.resources <= after.summary.resources
        && !(is_guess && after.findings.iter().any(is_wrong_guess))
}

fn counts<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> FxHashMap<Key<'f>, usize> {
    let mut counts = FxHashMap::default();
    for finding in findings {
        *counts.entry(key(finding)).or_default() += 1;
    }
    counts
}

/// Whether a text reads as well as another one: as many documents, no more errors, no more keys that stand there twice.
fn is_sound(old: &str, new: &str) -> bool {
    let faults = |text: &str| {
        let chunks = yaml::split(text);
        let (mut errors, mut twice) = (0, 0);
        for chunk in &chunks {
            let (document, all) = yaml::parse(text, *chunk, &yaml::Options::default());
            errors += all.len();
            twice += yaml::duplicate_keys(&document).len();
        }
        (chunks.len(), errors, twice)
    };
    let (old, new) = (faults(old), faults(new));
    old.0 == new.0 && new.1 <= old.1 && new.2 <= old.2
}
