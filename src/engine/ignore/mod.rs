//! Ignores: what is written in manifests, bound to the findings that it silences; and what is
//! to be said about ignores themselves.

mod cover;
mod directive;
mod gather;
mod index;
mod name;
mod write;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::finding::{Fact, Finding, Silencer, Status};
use crate::mesh::{Mesh, Role};
use crate::rules::{self, Rule, Spot};
use crate::source::{FileId, Note, Origin, Place, SourceFile, Sources, Span};

use super::finish::{self, Objects};
use super::selection::{Choice, Selection};

use cover::Cover;
use gather::{Gathered, Ignore, Named};
use index::Index;

pub use write::{Addition, Skipped, additions};

/// The rules that are about ignores: none of them can be ignored in the place it is about.
pub(super) const OWN: [&str; 3] = ["unexplained-ignore", "unknown-rule-in-ignore", "unused-ignore"];

/// Of as many ignores without names it is told what they would silence.
const BLANKETS: usize = 100;

/// What is needed to know what an ignore is about.
pub(super) struct Bench<'a> {
    pub(super) sources: &'a Sources,
    pub(super) mesh: &'a Mesh,
    pub(super) objects: &'a Objects,
    pub(super) selection: &'a Selection,
    /// Files that hold patches, which are not judged.
    pub(super) patches: &'a FxHashSet<FileId>,
}

/// Silences the findings that are ignored where they stand; gives the findings about the ignores, and notes for those
/// who ask which side of a finding an ignore was written at.
pub(super) fn bind(findings: &mut [Finding], bench: &Bench<'_>) -> (Vec<Finding>, Vec<Note>) {
    let copies: FxHashSet<_> = bench.mesh.copies().map(|(_, copy)| copy).collect();
    let files: Vec<_> = bench.sources.iter().filter(|(_, file)| gather::is_marked(&file.text)).collect();
    let mut gathered: Vec<(FileId, Gathered)> = files
        .into_par_iter()
        .map(|(id, file)| {
            let is_repeated = |span| bench.objects.within(Place::new(id, span)).any(|id| copies.contains(&id));
            (id, gather::gather(id, file, &is_repeated))
        })
        .collect();
    if gathered.iter().all(|(_, one)| one.is_empty()) {
        return (Vec::new(), Vec::new());
    }
    let notes = silence(findings, &mut gathered, bench.sources);
    let is_whole_world = bench.sources.iter().any(|(_, file)| file.origin != Origin::Named)
        || bench.mesh.of_role(Role::Mesh).next().is_some();
    let mut out = Vec::new();
    for (file, gathered) in gathered {
        let is_patch = bench.patches.contains(&file);
        let unused = gathered.ignores.iter().filter(|one| one.is_judged && !is_patch);
        let mut facts: Vec<_> = unused.filter_map(|one| unused_names(one, bench.selection, is_whole_world)).collect();
        facts.extend(gathered.ignores.iter().filter(|one| one.reason.is_none()).map(unexplained));
        let judged = gathered.blankets.iter().filter(|(_, _, is_judged)| *is_judged);
        facts.extend(judged.take(BLANKETS).map(|(span, cover, _)| blanket(file, *span, *cover, findings)));
        facts.extend(gathered.facts);
        out.extend(facts.iter().filter_map(|fact| told(file, fact, bench)));
    }
    (out, notes)
}

/// Marks what is silenced, and which names silence something.
fn silence(findings: &mut [Finding], gathered: &mut [(FileId, Gathered)], sources: &Sources) -> Vec<Note> {
    let index = Index::of(gathered);
    let mut notes = Vec::new();
    for finding in findings.iter_mut().filter(|finding| !OWN.contains(&finding.rule)) {
        for (side, label) in finding.labels.iter().enumerate() {
            let file = sources.file(label.place.file);
            for (group, ignore, name) in index.at(label.place, finding.rule, &|at| line_of(file, at)) {
                let (id, Gathered { ignores, .. }) = &mut gathered[group];
                let ignore = &mut ignores[ignore];
                let Named { meaning: Some(meaning), is_used, .. } = &mut ignore.names[name] else { continue };
                if meaning.case.is_some_and(|case| case != finding.case) {
                    continue;
                }
                *is_used = true;
                if finding.status == Status::Active {
                    finding.status = Status::Ignored { reason: ignore.reason.clone(), by: Silencer::Manifest };
                    if side > 0 {
                        notes.push(other_side(sources, finding, Place::new(*id, ignore.span)));
                    }
                }
            }
        }
    }
    notes
}

/// Where the line of an offset begins.
fn line_of(file: &SourceFile, at: u32) -> u32 {
    let lines = file.lines();
    lines.line_span(lines.position(&file.text, at).line).start
}

fn other_side(sources: &Sources, finding: &Finding, ignore: Place) -> Note {
    let at = |place: Place| {
        let file = sources.file(place.file);
        format!("{}:{}", file.name, file.position(place.span.start).line)
    };
    let message = format!("`{}` at {} is ignored here, at its other side", finding.rule, at(finding.place()));
    Note { path: at(ignore), message, named: false }
}

/// The names of an ignore that silence nothing, where they would have been asked.
fn unused_names(ignore: &Ignore, selection: &Selection, is_whole_world: bool) -> Option<Fact> {
    let is_unused = |name: &&Named| {
        let Some(meaning) = name.meaning.filter(|_| !name.is_used) else { return false };
        let depends = meaning.rule.mesh.is_some() || meaning.rule.decide.is_some();
        (is_whole_world || !depends) && was_run(meaning.rule, meaning.case, selection)
    };
    let unused: Vec<_> = ignore.names.iter().filter(is_unused).collect();
    let first = unused.first()?;
    let list = unused.iter().map(|name| format!("`{}`", name.text)).collect::<Vec<_>>().join(", ");
    let fact = Fact::new("unused-ignore", "unused-ignore", first.span).arg(list);
    let kept: Vec<_> = ignore.names.iter().filter(|name| !is_unused(name)).map(|name| name.text.as_str()).collect();
    let edit = if kept.is_empty() { ignore.removal } else { ignore.list };
    let fact = fact.arg(kept.join(", "));
    Some(match edit {
        Some(edit) => fact.other(edit),
        None => fact,
    })
}

/// Whether all that a name means was looked for.
fn was_run(rule: &'static Rule, case: Option<&str>, selection: &Selection) -> bool {
    let is_on = |slug: &str| selection.judge(rule, slug, None) != Choice::Off;
    case.map_or_else(|| rule.page().cases.iter().all(|case| is_on(&case.slug)), is_on)
}

fn unexplained(ignore: &Ignore) -> Fact {
    Fact::new("unexplained-ignore", "unexplained-ignore", ignore.span)
}

/// An ignore without names, with the rules that it would have to name.
fn blanket(file: FileId, span: Span, cover: Cover, findings: &[Finding]) -> Fact {
    let is_here = |finding: &&Finding| {
        finding.is_active()
            && finding.labels.iter().any(|label| label.place.file == file && cover.holds(label.place.span))
    };
    let mut rules: Vec<_> = findings.iter().filter(is_here).map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    Fact::new("unknown-rule-in-ignore", "blanket-ignore", span).arg(rules.join(", "))
}

fn told(file: FileId, fact: &Fact, bench: &Bench<'_>) -> Option<Finding> {
    let rule = rules::find(fact.rule).filter(|rule| bench.selection.wants(rule))?;
    let resource = bench.objects.at(Place::new(file, fact.span));
    let subject = resource.map(|(_, id)| bench.mesh.resource(id).subject());
    let mut draft = (rule.facts?)(fact, &Spot { file, subject: subject.as_ref() });
    draft.subject = draft.subject.or(subject);
    finish::finding(rule, draft, bench.selection)
}
