//! The Reviewdog Diagnostic Format, whose columns are bytes of UTF-8.
//!
//! <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::finding::{Finding, Fix, Label, Severity};
use crate::source::Position;

use super::Report;
use super::forge::{Spot, details, message, said};
use super::place::{Region, Unit};

/// Writes the one object.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document { source: Source { name: "meshlint" }, diagnostics: Diagnostics(report) };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    diagnostics: Diagnostics<'a>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

/// Findings that become diagnostics while they are written.
struct Diagnostics<'a>(&'a Report<'a>);

impl Serialize for Diagnostics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.active().map(|finding| Diagnostic::new(self.0, finding)))
    }
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

impl<'a> Diagnostic<'a> {
    fn new(report: &Report<'a>, finding: &'a Finding) -> Self {
        let mut lines = vec![message(finding)];
        lines.extend(details(report, finding, false));
        Self {
            message: lines.join("\n"),
            location: Location::new(report, &finding.labels[0]),
            severity: match finding.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            },
            code: Code { value: finding.rule },
            suggestions: finding.fixes.iter().filter_map(|fix| Suggestion::new(report, finding, fix)).collect(),
            related_locations: finding.labels.iter().skip(1).map(|label| Related::new(report, label)).collect(),
        }
    }
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    range: Range,
}

impl<'a> Location<'a> {
    fn new(report: &Report<'a>, label: &Label) -> Self {
        let Spot { path, region } = Spot::new(report, label, Unit::Byte);
        Self { path, range: Range::new(region) }
    }
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

impl Range {
    fn new(Region { start, end }: Region) -> Self {
        let point = |Position { line, column }| Point { line, column };
        Self { start: point(start), end: point(end) }
    }
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(skip_serializing_if = "String::is_empty")]
    message: String,
    location: Location<'a>,
}

impl<'a> Related<'a> {
    fn new(report: &Report<'a>, label: &Label) -> Self {
        Self { message: said(&label.text), location: Location::new(report, label) }
    }
}

/// A replacement that stands for itself: reviewdog takes several suggestions for as many alternatives.
#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

impl<'a> Suggestion<'a> {
    /// A fix as a suggestion, if it is one replacement in the file of the diagnostic.
    fn new(report: &Report<'a>, finding: &Finding, fix: &'a Fix) -> Option<Self> {
        let [edit] = &fix.edits[..] else { return None };
        let file = report.sources.file(edit.place.file);
        let is_here = edit.place.file == finding.place().file;
        is_here.then(|| Self { range: Range::new(Region::exact(file, edit.place.span, Unit::Byte)), text: &edit.text })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::report::sample::{self, Schema};
    use crate::report::{Format, Style};

    fn schema() -> Schema {
        Schema::new(include_str!("../../tests/data/formats/rdjson.schema.json"))
    }

    #[test]
    fn every_finding_is_a_diagnostic() {
        insta::assert_snapshot!(sample::render(Format::Rdjson));
    }

    #[test]
    fn the_document_is_what_the_schema_says() {
        let document = schema().accept(&sample::render(Format::Rdjson));
        let diagnostics = document["diagnostics"].as_array().unwrap();
        assert_eq!(diagnostics.len(), sample::shared().findings.iter().filter(|one| one.is_active()).count());
        let first = &diagnostics[0];
        assert_eq!(first["location"]["path"], "mesh/deploy/orders-router.yaml");
        assert_eq!(first["suggestions"][0]["text"], "0");
        assert_eq!(first["related_locations"][0]["message"], "answers every request first (priority 1)");
        // The file begins with a byte order mark of three bytes, and the label after `名前: "`.
        let wide = diagnostics.iter().find(|one| one["code"]["value"] == "unknown-value").unwrap();
        assert_eq!(wide["location"]["range"]["start"], json!({"line": 1, "column": 3 + 9 + 1}));
        let empty = schema().accept(&sample::empty().render(Format::Rdjson, &Style::default()));
        assert_eq!(empty["diagnostics"], json!([]));
    }

    #[test]
    fn only_a_single_replacement_is_a_suggestion() {
        let mut sample = sample::shared();
        let edit = sample.findings[0].fixes[0].edits[0].clone();
        sample.findings[0].fixes[0].edits.push(edit);
        let document = schema().accept(&sample.render(Format::Rdjson, &Style::default()));
        assert!(document["diagnostics"][0].get("suggestions").is_none());
    }

    #[test]
    fn a_broken_document_is_refused() {
        let whole = schema().accept(&sample::render(Format::Rdjson));
        schema().refuse(
            &whole,
            &[
                ("/diagnostics", Value::Null),
                ("/diagnostics/0/severity", json!("error")),
                ("/diagnostics/0/message", json!("")),
                ("/diagnostics/0/location/path", json!(1)),
                ("/diagnostics/0/location/range/start/line", json!(0)),
                ("/diagnostics/0/related_locations/0", json!({"message": "x"})),
                ("/diagnostics/0/suggestions/0", json!({"text": "x"})),
                ("/diagnostics/0/code", json!("shadowed-route")),
            ],
        );
    }
}
