//! Findings as results.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::{Applicability, FileId, Finding, Fix, Label, Place, Silencer, Status, Subject};
use crate::report::Report;
use crate::report::forge::{details, message, said};
use crate::report::json::WitnessRow;
use crate::report::place::{Region, Unit};
use crate::report::uri::{encoded, file_uri};
use crate::source::is_absolute;

use super::{Message, Reader, level};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    /// Either all results of a run have this member, or none (SARIF 2.1.0, 3.27.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixRow<'a>>,
    properties: Properties<'a>,
}

impl<'a> Row<'a> {
    pub(super) fn new(report: &Report<'a>, finding: &'a Finding, reader: Reader, fingerprint: String) -> Self {
        let places = Places { report, reader };
        let primary = Location { logical_locations: logical(finding), ..places.location(&finding.labels[0]) };
        let related = finding.labels.iter().enumerate().skip(1);
        Self {
            rule_id: finding.rule,
            rule_index: report.rules.binary_search_by_key(&finding.rule, |rule| rule.id).ok(),
            level: level(finding.severity),
            message: Message { text: text(report, finding) },
            locations: [primary],
            related_locations: related.map(|(id, label)| places.related(id, label)).collect(),
            partial_fingerprints: Fingerprints { meshlint: fingerprint },
            baseline_state: (finding.status == Status::Baseline).then_some("unchanged"),
            suppressions: (reader == Reader::Any).then(|| Suppression::of(&finding.status)),
            fixes: finding.fixes.iter().map(|fix| places.fix(fix)).collect(),
            properties: Properties {
                case: finding.case,
                category: finding.category.word(),
                pointer: &finding.labels[0].pointer,
                witness: finding.witness.as_ref().map(WitnessRow::new),
            },
        }
    }
}

/// The message, the other places as links to the related locations (readers show those that the message names), and
/// what else is said.
fn text(report: &Report<'_>, finding: &Finding) -> String {
    let mut lines = vec![message(finding)];
    for (id, label) in finding.labels.iter().enumerate().skip(1) {
        let text = if label.text.is_empty() { "see also".to_owned() } else { said(&label.text) };
        let text = text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
        lines.push(format!("[{text}]({id})"));
    }
    lines.extend(details(report, finding, false));
    lines.join("\n")
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "meshlint/v1")]
    meshlint: String,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
}

impl<'a> Suppression<'a> {
    fn of(status: &'a Status) -> Vec<Self> {
        match status {
            Status::Active => Vec::new(),
            Status::Ignored { reason, by } => {
                let kind = match by {
                    Silencer::Manifest => "inSource",
                    Silencer::Configuration => "external",
                };
                vec![Self { kind, justification: reason.as_deref() }]
            }
            Status::Baseline => vec![Self { kind: "external", justification: Some("in the baseline") }],
        }
    }
}

#[derive(Serialize)]
struct Properties<'a> {
    case: &'a str,
    category: &'static str,
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<WitnessRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Extent,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extent {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

impl Extent {
    fn new(Region { start, end }: Region) -> Self {
        Self { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
    }
}

/// The resource that a finding is about.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

fn logical(finding: &Finding) -> Vec<Logical> {
    let row = |subject: &Subject| Logical {
        name: subject.name.clone(),
        fully_qualified_name: match &subject.namespace {
            Some(namespace) => format!("{}/{}/{namespace}/{}", subject.dialect, subject.kind, subject.name),
            None => format!("{}/{}/{}", subject.dialect, subject.kind, subject.name),
        },
        kind: "resource",
    };
    finding.subject.iter().map(row).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixRow<'a> {
    description: Message,
    artifact_changes: Vec<Change<'a>>,
    properties: FixProperties,
}

#[derive(Serialize)]
struct FixProperties {
    applicability: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Extent,
    inserted_content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

/// Places as one reader has them.
struct Places<'r, 'a> {
    report: &'r Report<'a>,
    reader: Reader,
}

impl<'a> Places<'_, 'a> {
    fn artifact(&self, file: FileId) -> Artifact {
        let path = self.report.root.name(&self.report.sources.file(file).name);
        if is_absolute(&path) {
            return Artifact { uri: file_uri(&path), uri_base_id: None };
        }
        let has_base = self.reader == Reader::Any && !self.report.root.path().is_empty();
        Artifact { uri: encoded(&path), uri_base_id: has_base.then_some("SRCROOT") }
    }

    fn location(&self, label: &Label) -> Location {
        let Place { file, span } = label.home();
        let region = Region::visible(self.report.sources.file(file), span, Unit::Utf16);
        let physical_location = Physical { artifact_location: self.artifact(file), region: Extent::new(region) };
        Location { id: None, physical_location, logical_locations: Vec::new(), message: None }
    }

    fn related(&self, id: usize, label: &Label) -> Location {
        let message = (!label.text.is_empty()).then(|| Message { text: said(&label.text) });
        Location { id: Some(id), message, ..self.location(label) }
    }

    fn fix(&self, fix: &'a Fix) -> FixRow<'a> {
        let mut files: BTreeMap<FileId, Vec<Replacement<'a>>> = BTreeMap::new();
        for edit in &fix.edits {
            let Place { file, span } = edit.place;
            let region = Region::exact(self.report.sources.file(file), span, Unit::Utf16);
            files.entry(file).or_default().push(Replacement {
                deleted_region: Extent::new(region),
                inserted_content: Content { text: &edit.text },
            });
        }
        let change = |(file, replacements)| Change { artifact_location: self.artifact(file), replacements };
        FixRow {
            description: Message { text: said(&fix.title) },
            artifact_changes: files.into_iter().map(change).collect(),
            properties: FixProperties {
                applicability: match fix.applicability {
                    Applicability::Safe => "safe",
                    Applicability::Unsafe => "unsafe",
                },
            },
        }
    }
}
