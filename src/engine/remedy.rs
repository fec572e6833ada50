//! From what rules want to be done to replacements in the text.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::finding::{Applicability, Change, Edit, Finding, Fix, Place};
use crate::source::{FileId, Sources};
use crate::yaml::{self, Chunk, Document, Editor, Replacement};

use super::read::chunk_of;

/// Gives each fix its replacements, and drops those that cannot be carried out where they would have to be.
pub(super) fn carry_out(findings: &mut [Finding], sources: &Sources) {
    let mut by_file: FxHashMap<FileId, Vec<Wanted<'_>>> = FxHashMap::default();
    for (finding, told) in findings.iter().enumerate() {
        for (fix, wanted) in told.fixes.iter().enumerate() {
            for (at, change) in wanted.changes.iter().enumerate() {
                by_file.entry(change.0.file).or_default().push(Wanted { finding, fix, at, change });
            }
        }
    }
    let files: Vec<_> =
        by_file.into_par_iter().map(|(file, wanted)| edits_of(&sources.file(file).text, &wanted)).collect();
    let mut edits: FxHashMap<(usize, usize), Vec<(usize, Done)>> = FxHashMap::default();
    for (finding, fix, at, done) in files.into_iter().flatten() {
        edits.entry((finding, fix)).or_default().push((at, done));
    }
    for (at, finding) in findings.iter_mut().enumerate() {
        let fixes = std::mem::take(&mut finding.fixes);
        let fixes = fixes.into_iter().enumerate();
        finding.fixes = fixes.filter_map(|(fix, wanted)| finish(wanted, edits.remove(&(at, fix))?)).collect();
    }
}

/// A change that a fix of a finding wants.
struct Wanted<'f> {
    finding: usize,
    fix: usize,
    at: usize,
    change: &'f (Place, Change),
}

/// What comes of a change.
struct Done {
    replacement: Replacement,
    /// Whether it reaches further than the place, by an alias.
    is_shared: bool,
}

/// A fix whose changes could all be carried out, without touching one another.
fn finish(mut fix: Fix, mut done: Vec<(usize, Done)>) -> Option<Fix> {
    if done.len() != fix.changes.len() {
        return None;
    }
    if done.iter().any(|(_, done)| done.is_shared) {
        fix.applicability = Applicability::Unsafe;
    }
    done.sort_by_key(|(at, _)| *at);
    let edit = |(at, done): (usize, Done)| Edit {
        place: Place::new(fix.changes[at].0.file, done.replacement.span),
        text: done.replacement.text,
    };
    fix.edits = done.into_iter().map(edit).collect();
    fix.edits.sort_by_key(|edit| edit.place);
    let is_apart =
        |pair: &[Edit]| pair[0].place.file != pair[1].place.file || pair[0].place.span.end <= pair[1].place.span.start;
    fix.edits.windows(2).all(is_apart).then_some(fix)
}

/// The replacements in one file, each of whose documents is read at most once.
fn edits_of(text: &str, wanted: &[Wanted<'_>]) -> Vec<(usize, usize, usize, Done)> {
    let chunks = yaml::split(text);
    let mut by_chunk: FxHashMap<_, (Chunk, Vec<&Wanted<'_>>)> = FxHashMap::default();
    for one in wanted {
        if let Some(chunk) = chunk_of(&chunks, one.change.0.span) {
            by_chunk.entry(chunk.span).or_insert_with(|| (chunk, Vec::new())).1.push(one);
        }
    }
    let mut out = Vec::new();
    for (chunk, wanted) in by_chunk.into_values() {
        let (document, _) = yaml::parse(text, chunk, &yaml::Options::default());
        let editor = Editor::new(&document);
        for one in wanted {
            if let Some(done) = carried_out(&document, &editor, one.change) {
                out.push((one.finding, one.fix, one.at, done));
            }
        }
    }
    out
}

fn carried_out(document: &Document<'_>, editor: &Editor<'_, '_>, (place, change): &(Place, Change)) -> Option<Done> {
    let span = place.span;
    let replacement = match change {
        // What is no YAML may be mended so that it is.
        Change::Text(text) => Replacement { span, text: text.clone() },
        _ if !document.is_whole => return None,
        Change::Say(text) => editor.say(span, text)?,
        Change::Rename(key) => editor.rename(span, key)?,
        Change::RemoveEntry => editor.remove_entry(span)?,
        Change::RemoveItem => editor.remove_item(span)?,
        Change::Insert { keys, value } => {
            let keys: Vec<_> = keys.iter().map(String::as_str).collect();
            editor.insert(span, &keys, value)?
        }
    };
    Some(Done { replacement, is_shared: document.is_whole && editor.is_shared(span) })
}
