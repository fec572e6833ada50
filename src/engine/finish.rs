//! From what rules say to what readers are told: severity, order, pointers, fingerprints.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::dialect;
use crate::finding::{Category, Draft, Finding, Locus, Severity, Status};
use crate::mesh::{Mesh, ResourceId};
use crate::report::escaped;
use crate::rules::Rule;
use crate::source::{FileId, Place, Root, Sources, Span};
use crate::yaml;

use super::read::chunk_of;
use super::selection::{Choice, Selection};

/// A draft as a finding, unless its case is off. A draft without a place cannot be shown and is a bug
/// of its rule.
pub(super) fn finding(rule: &'static Rule, draft: Draft, selection: &Selection) -> Option<Finding> {
    debug_assert!(!draft.labels.is_empty(), "`{}` says something about nowhere", rule.id);
    let Choice::On(severity) = selection.judge(rule, draft.case, draft.severity) else { return None };
    if draft.labels.is_empty() {
        return None;
    }
    Some(told(rule.id, severity, rule.page().category, draft))
}

/// A draft that has a place as a finding.
pub(super) fn told(rule: &'static str, severity: Severity, category: Category, mut draft: Draft) -> Finding {
    // Words quote manifests, and a name may hold a line feed or an escape sequence.
    let labels = draft.labels.iter_mut().map(|label| &mut label.text);
    let titles = draft.fixes.iter_mut().map(|fix| &mut fix.title);
    let words = [Some(&mut draft.message), draft.why.as_mut(), draft.help.as_mut()].into_iter().flatten();
    for text in words.chain(labels).chain(titles) {
        if let Some(respelt) = draft.subject.as_ref().and_then(|subject| dialect::respelt(subject, text)) {
            *text = respelt;
        }
        if let Cow::Owned(escaped) = escaped(text) {
            *text = escaped;
        }
    }
    Finding {
        rule,
        case: draft.case,
        severity,
        category,
        message: draft.message,
        labels: draft.labels,
        why: draft.why,
        help: draft.help,
        fixes: draft.fixes,
        witness: draft.witness,
        subject: draft.subject,
        status: Status::Active,
        locus: Locus::default(),
        fingerprint: String::new(),
    }
}

/// Sorts findings by path, position and rule, and leaves out what is said twice.
pub(super) fn sort(findings: &mut Vec<Finding>, sources: &Sources) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.place().span, finding.rule, finding.case);
        let name = |finding: &Finding| &sources.file(finding.place().file).name;
        name(a).cmp(name(b)).then_with(|| key(a).cmp(&key(b))).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup_by(|b, a| a.rule == b.rule && a.place() == b.place() && a.message == b.message);
}

/// Tells each label the JSON pointer of its place, and each finding where in its resource it is. Trees do not outlive
/// lowering, so the documents that labels stand in are parsed again; there are few of them.
pub(super) fn point(findings: &mut [Finding], sources: &Sources, objects: &Objects) {
    let mut by_file: FxHashMap<FileId, Vec<(usize, usize)>> = FxHashMap::default();
    for (at, finding) in findings.iter().enumerate() {
        for (label, place) in finding.labels.iter().enumerate() {
            by_file.entry(place.place.file).or_default().push((at, label));
        }
    }
    let pointed: Vec<Vec<_>> = by_file
        .into_par_iter()
        .map(|(file, places)| {
            let text = &sources.file(file).text;
            let chunks = yaml::split(text);
            let mut documents = FxHashMap::default();
            let pointer = |(at, label): (usize, usize)| {
                let place = findings[at].labels[label].place;
                let chunk = chunk_of(&chunks, place.span)?;
                let document = documents
                    .entry(chunk.span)
                    .or_insert_with(|| yaml::parse(text, chunk, &yaml::Options::default()).0);
                let locus = (label == 0).then(|| yaml::locus(document, place.span, objects.around(place)));
                Some((at, label, document.pointer(place.span), locus))
            };
            places.into_iter().filter_map(pointer).collect()
        })
        .collect();
    for (at, label, pointer, locus) in pointed.into_iter().flatten() {
        findings[at].labels[label].pointer = pointer;
        if let Some((path, value)) = locus {
            findings[at].locus = Locus { path, value };
        }
    }
}

/// Where the resources stand.
#[derive(Debug, Default)]
pub(super) struct Objects(FxHashMap<FileId, Vec<(Span, ResourceId)>>);

impl Objects {
    pub(super) fn of(mesh: &Mesh) -> Self {
        let mut places: FxHashMap<FileId, Vec<(Span, ResourceId)>> = FxHashMap::default();
        for (id, resource) in mesh.resources() {
            places.entry(resource.file).or_default().push((resource.span, id));
        }
        for list in places.values_mut() {
            list.sort_unstable();
        }
        Self(places)
    }

    /// The resource that a place lies in.
    pub(super) fn at(&self, place: Place) -> Option<(Span, ResourceId)> {
        let list = self.0.get(&place.file)?;
        let before = list.partition_point(|(span, _)| span.start <= place.span.start);
        before.checked_sub(1).map(|at| list[at]).filter(|(span, _)| span.contains(place.span))
    }

    /// The resources that begin inside of a place.
    pub(super) fn within(&self, place: Place) -> impl Iterator<Item = ResourceId> {
        let list = self.0.get(&place.file).map_or(&[][..], Vec::as_slice);
        let from = list.partition_point(|(span, _)| span.start < place.span.start);
        list[from..].iter().take_while(move |(span, _)| span.start < place.span.end).map(|(_, id)| *id)
    }

    fn around(&self, place: Place) -> Option<Span> {
        self.at(place).map(|(span, _)| span)
    }
}

/// Gives each finding a fingerprint that survives moved lines: a hash of rule, case, resource and locus,
/// with a number where several findings share them.
pub(super) fn fingerprint(findings: &mut [Finding], sources: &Sources, root: &Root) {
    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    for finding in findings {
        let mut hash = Fnv::default();
        hash.write(finding.rule);
        hash.write(finding.case);
        match &finding.subject {
            Some(subject) => {
                for part in [&*subject.kind, subject.namespace.as_deref().unwrap_or(""), &subject.name] {
                    hash.write(part);
                }
            }
            // What is no resource is known by its file, wherever in the repository one stands.
            None => hash.write(&root.name(&sources.file(finding.place().file).name)),
        }
        hash.write(&finding.locus.path);
        hash.write(&finding.locus.value);
        let ordinal = seen.entry(hash.0).or_default();
        hash.write(&ordinal.to_string());
        *ordinal += 1;
        finding.fingerprint = format!("{:016x}", hash.0);
    }
}

/// FNV-1a with 64 bits: fingerprints are stored by others, so they must not change with a library.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, text: &str) {
        // The byte behind each part keeps `ab` + `c` apart from `a` + `bc`; no UTF-8 text holds it.
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
