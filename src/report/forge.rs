//! What the formats that a forge reads have in common: names of files, words, and fingerprints that differ.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::finding::{FileId, Finding, Label, Place, Severity};

use super::Report;
use super::place::{Region, Unit, start};
use super::text::{clipped, escaped};

/// A place as a forge has it.
pub(super) struct Spot<'a> {
    /// The path relative to the root of the repository, else absolute.
    pub(super) path: Cow<'a, str>,
    pub(super) region: Region,
}

impl<'a> Spot<'a> {
    /// Where a label is to be mended: a forge shows files of a repository, and rendered text is none.
    pub(super) fn new(report: &Report<'a>, label: &Label, unit: Unit) -> Self {
        let Place { file, span } = label.home();
        let file = report.sources.file(file);
        Self { path: report.root.name(&file.name), region: Region::visible(file, span, unit) }
    }
}

/// A text as it is said: on one line, of bounded length, without what a terminal acts upon.
pub(super) fn said(text: &str) -> String {
    escaped(&clipped(text)).into_owned()
}

/// All that is said about a finding beside its message, a line each. The other places are left out where the format
/// has members for them.
pub(super) fn details(report: &Report<'_>, finding: &Finding, places: bool) -> Vec<String> {
    let mut out: Vec<String> = rendered(report, finding).into_iter().collect();
    for label in finding.labels.iter().skip(1).filter(|_| places) {
        let spot = Spot::new(report, label, Unit::Character);
        let start = spot.region.start;
        let text = if label.text.is_empty() { "see also" } else { &*label.text };
        out.push(format!("{}:{}:{}: {}", escaped(&spot.path), start.line, start.column, said(text)));
    }
    for (name, text) in [("why", &finding.why), ("help", &finding.help)] {
        if let Some(text) = text {
            out.push(format!("{name}: {}", said(text)));
        }
    }
    if let Some(witness) = &finding.witness {
        out.push(format!("try: {}", said(&witness.curl())));
    }
    out
}

/// Where the rendered text of the primary place stands, or where it comes from if that is not the place that is told.
pub(super) fn rendered(report: &Report<'_>, finding: &Finding) -> Option<String> {
    let label = finding.labels.first()?;
    let rendered = label.rendered.as_ref()?;
    Some(if rendered.place.is_some() {
        let (file, line, column) = start(report.sources, label);
        format!("rendered as {}:{line}:{column}", escaped(&report.root.name(&file.name)))
    } else {
        format!("rendered from {}", said(&rendered.name))
    })
}

/// The message, with what is said about the primary place behind it.
pub(super) fn message(finding: &Finding) -> String {
    match &*finding.labels[0].text {
        "" => said(&finding.message),
        text => format!("{}: {}", said(&finding.message), said(text)),
    }
}

/// Numbers equal keys, so that each result differs from all before it: `key`, `key-2`, `key-3`.
#[derive(Default)]
pub(super) struct Unique {
    seen: FxHashMap<String, usize>,
}

impl Unique {
    pub(super) fn key(&mut self, key: &str) -> String {
        let mut out = key.to_owned();
        loop {
            let times = self.seen.entry(out.clone()).or_default();
            *times += 1;
            if *times == 1 {
                return out;
            }
            out = format!("{key}-{times}");
        }
    }
}

/// Findings by the file in which they are to be mended, in the order in which the files are first met.
pub(super) fn by_file<'a>(
    report: &Report<'a>,
    findings: impl Iterator<Item = &'a Finding>,
) -> Vec<(Cow<'a, str>, Vec<&'a Finding>)> {
    let mut at: FxHashMap<FileId, usize> = FxHashMap::default();
    let mut files: Vec<(Cow<'a, str>, Vec<&'a Finding>)> = Vec::new();
    for finding in findings {
        let id = finding.labels[0].home().file;
        let index = *at.entry(id).or_insert_with(|| {
            files.push((report.root.name(&report.sources.file(id).name), Vec::new()));
            files.len() - 1
        });
        files[index].1.push(finding);
    }
    files
}

/// Findings by severity, the gravest first, for readers that show only the first few.
pub(super) fn gravest_first<'a>(report: &Report<'a>) -> impl Iterator<Item = &'a Finding> + use<'a> {
    let findings = report.findings;
    [Severity::Error, Severity::Warning, Severity::Info].into_iter().flat_map(move |severity| {
        findings.iter().filter(move |finding| finding.is_active() && finding.severity == severity)
    })
}

#[cfg(test)]
mod tests {
    use super::Unique;

    #[test]
    fn equal_keys_are_numbered() {
        let mut unique = Unique::default();
        let keys = ["a", "b", "a", "a", "a-2", "b"].map(|key| unique.key(key));
        assert_eq!(keys, ["a", "b", "a-2", "a-3", "a-2-2", "b-2"]);
    }
}
