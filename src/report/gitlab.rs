//! GitLab's Code Quality report: an array of issues, as Code Climate has them.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::finding::{Finding, Severity};
use crate::source::Position;

use super::Report;
use super::forge::{Spot, Unique, details, message};
use super::place::{Region, Unit};

/// Writes the one array.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Issues(report))?;
    writeln!(out)
}

/// Findings that become issues while they are written.
struct Issues<'a>(&'a Report<'a>);

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // GitLab takes issues of one fingerprint for one issue.
        let mut unique = Unique::default();
        serializer
            .collect_seq(self.0.active().map(|finding| Issue::new(self.0, finding, unique.key(&finding.fingerprint))))
    }
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    other_locations: Vec<Location<'a>>,
}

impl<'a> Issue<'a> {
    fn new(report: &Report<'a>, finding: &'a Finding, fingerprint: String) -> Self {
        let location = |label| Location::new(Spot::new(report, label, Unit::Character));
        let details = details(report, finding, true);
        Self {
            // GitLab shows no `check_name`.
            description: format!("{}: {}", finding.rule, message(finding)),
            check_name: finding.rule,
            fingerprint,
            severity: match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: location(&finding.labels[0]),
            content: (!details.is_empty()).then(|| Content { body: details.join("\n") }),
            other_locations: finding.labels.iter().skip(1).map(location).collect(),
        }
    }
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    positions: Positions,
}

impl<'a> Location<'a> {
    fn new(Spot { path, region: Region { start, end } }: Spot<'a>) -> Self {
        Self { path, positions: Positions { begin: Point::new(start), end: Point::new(end) } }
    }
}

#[derive(Serialize)]
struct Positions {
    begin: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

impl Point {
    fn new(Position { line, column }: Position) -> Self {
        Self { line, column }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::report::sample::{self, Schema};
    use crate::report::{Format, Style};

    fn schema() -> Schema {
        Schema::new(include_str!("../../tests/data/formats/gitlab.schema.json"))
    }

    #[test]
    fn every_finding_is_an_issue() {
        insta::assert_snapshot!(sample::render(Format::Gitlab));
    }

    #[test]
    fn the_report_is_as_gitlab_documents_it() {
        let issues = schema().accept(&sample::render(Format::Gitlab));
        let issues = issues.as_array().unwrap();
        let active = sample::shared().findings.into_iter().filter(|finding| finding.is_active()).count();
        assert_eq!(issues.len(), active);
        let first = &issues[0];
        assert_eq!(first["location"]["path"], "mesh/deploy/orders-router.yaml");
        assert_eq!(first["location"]["positions"]["begin"], json!({"line": 10, "column": 13}));
        assert_eq!((&first["severity"], &first["check_name"]), (&json!("major"), &json!("shadowed-route")));
        assert!(first["description"].as_str().unwrap().starts_with("shadowed-route: route `canary`"));
        assert_eq!(first["other_locations"].as_array().unwrap().len(), 1);
        assert_eq!(schema().accept(&sample::empty().render(Format::Gitlab, &Style::default())), json!([]));
    }

    #[test]
    fn fingerprints_differ() {
        let mut sample = sample::shared();
        for finding in &mut sample.findings {
            finding.fingerprint = "same".to_owned();
        }
        let issues = schema().accept(&sample.render(Format::Gitlab, &Style::default()));
        let all = issues.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap());
        let mut all: Vec<&str> = all.collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), issues.as_array().unwrap().len());
    }

    #[test]
    fn a_broken_document_is_refused() {
        let whole = schema().accept(&sample::render(Format::Gitlab));
        schema().refuse(
            &whole,
            &[
                ("/0/severity", json!("error")),
                ("/0/fingerprint", Value::Null),
                ("/0/location/path", json!("/home/dev/shop/mesh/a.yaml")),
                ("/0/location/positions/begin/line", json!(0)),
                ("/0/location/positions/end", json!({"line": 1})),
                ("/0/description", json!("")),
            ],
        );
    }
}
