//! Copies: equal definitions count once, and what is found in the first is named at the others, too.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Label};
use crate::mesh::{Mesh, Resource, ResourceId};
use crate::source::{FileId, Place, Sources, Span};

/// As many copies are named.
const NAMED: usize = 3;

/// Gives each finding about a definition that is there several times a label at each of the others.
pub(super) fn name(findings: &mut [Finding], mesh: &Mesh, sources: &Sources) {
    let mut copies: FxHashMap<ResourceId, Vec<ResourceId>> = FxHashMap::default();
    for (original, copy) in mesh.copies() {
        copies.entry(original).or_default().push(copy);
    }
    let mut by_place: FxHashMap<FileId, Vec<(Span, ResourceId)>> = FxHashMap::default();
    for original in copies.keys() {
        let resource = mesh.resource(*original);
        by_place.entry(resource.file).or_default().push((resource.span, *original));
    }
    for list in by_place.values_mut() {
        list.sort_unstable();
    }
    for finding in findings {
        let place = finding.place();
        let Some(list) = by_place.get(&place.file) else { continue };
        let before = list.partition_point(|(span, _)| span.start <= place.span.start);
        let Some((_, original)) =
            before.checked_sub(1).map(|at| list[at]).filter(|(span, _)| span.contains(place.span))
        else {
            continue;
        };
        let all = &copies[&original];
        mend_all(finding, mesh, sources, original, all);
        for (at, copy) in all.iter().take(NAMED).enumerate() {
            let text = match all.len().saturating_sub(NAMED) {
                rest @ 1.. if at + 1 == NAMED => format!("the same is written here, and in {rest} other places"),
                _ => "the same is written here".to_owned(),
            };
            let place = counterpart(sources, mesh.resource(original), mesh.resource(*copy), place.span);
            finding.labels.push(Label::new(place, text));
        }
    }
}

/// Lets the fixes of a definition do the same in each copy that is written alike: mended alone, it would be another one.
fn mend_all(finding: &mut Finding, mesh: &Mesh, sources: &Sources, original: ResourceId, copies: &[ResourceId]) {
    if finding.fixes.is_empty() {
        return;
    }
    let first = mesh.resource(original);
    let text = |resource: &Resource| sources.file(resource.file).slice(resource.span);
    let alike: Vec<_> = copies.iter().map(|id| mesh.resource(*id)).filter(|copy| text(first) == text(copy)).collect();
    for fix in &mut finding.fixes {
        let own = fix.changes.clone();
        for (place, change) in
            own.iter().filter(|(place, _)| place.file == first.file && first.span.contains(place.span))
        {
            let again = |copy: &&Resource| (counterpart(sources, first, copy, place.span), change.clone());
            fix.changes.extend(alike.iter().map(again));
        }
    }
}

/// Where a place of a definition is in a copy: at the same distance from its beginning, if the texts are equal, else
/// at its name.
fn counterpart(sources: &Sources, original: &Resource, copy: &Resource, span: Span) -> Place {
    let text = |resource: &Resource| sources.file(resource.file).slice(resource.span);
    if text(original) != text(copy) {
        return copy.place();
    }
    let shift = |at: u32| at - original.span.start + copy.span.start;
    copy.at(Span { start: shift(span.start), end: shift(span.end) })
}
