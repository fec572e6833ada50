//! SARIF 2.1.0: the log and the rules; [`result`] has the findings.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

mod result;

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::finding::{Category, Severity};
use crate::source::Problem;

use super::forge::{Unique, said};
use super::uri::file_uri;
use super::{About, Report};

use result::Row;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Who the log is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// Whoever reads SARIF: what is ignored or in the baseline stands there, as suppressed.
    Any,
    /// GitHub's code scanning. It shows suppressed results as open alerts, so they are left out, and it takes paths
    /// to be relative to its own checkout, which may lie elsewhere than ours.
    Github,
}

/// Writes the one object.
pub(super) fn write(report: &Report<'_>, reader: Reader, out: &mut dyn Write) -> io::Result<()> {
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [Run::new(report, reader)] };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_uri_base_ids: Option<Bases>,
    column_kind: &'static str,
    invocations: [Invocation; 1],
    results: Rows<'a>,
}

impl<'a> Run<'a> {
    fn new(report: &'a Report<'a>, reader: Reader) -> Self {
        let root =
            (reader == Reader::Any).then(|| Bases { root: Base { uri: format!("{}/", file_uri(report.root.path())) } });
        Self {
            tool: Tool { driver: Driver::new(report) },
            original_uri_base_ids: root.filter(|_| !report.root.path().is_empty()),
            column_kind: "utf16CodeUnits",
            invocations: [Invocation::new(report)],
            results: Rows { report, reader },
        }
    }
}

#[derive(Serialize)]
struct Bases {
    #[serde(rename = "SRCROOT")]
    root: Base,
}

#[derive(Serialize)]
struct Base {
    uri: String,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'a str,
    semantic_version: &'a str,
    rules: Vec<RuleRow<'a>>,
}

impl<'a> Driver<'a> {
    fn new(report: &Report<'a>) -> Self {
        Self {
            name: "meshlint",
            version: report.tool_version,
            semantic_version: report.tool_version,
            rules: report.rules.iter().map(RuleRow::new).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleRow<'a> {
    id: &'a str,
    short_description: Message,
    full_description: Message,
    help: Help<'a>,
    default_configuration: Configuration,
    properties: RuleProperties<'a>,
}

impl<'a> RuleRow<'a> {
    fn new(rule: &About<'a>) -> Self {
        let (severity, summary) = (rule.severity, sentence(rule.summary));
        let category = rule.category.word();
        Self {
            id: rule.id,
            help: Help { text: format!("{summary} Run `meshlint explain {}` for more.", rule.id), markdown: rule.text },
            short_description: Message { text: summary },
            full_description: Message { text: first_paragraph(rule.text) },
            default_configuration: Configuration { enabled: rule.default, level: level(severity) },
            properties: RuleProperties {
                tags: std::iter::once(category).chain(rule.dialects.iter().map(String::as_str)).collect(),
                // An error is certain. What may be meant that way is a warning.
                precision: match severity {
                    _ if !rule.stable => "medium",
                    Severity::Error => "very-high",
                    Severity::Warning | Severity::Info => "high",
                },
                problem_severity: match severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Info => "recommendation",
                },
                security_severity: (rule.category == Category::Security).then_some(match severity {
                    Severity::Error => "7.0",
                    Severity::Warning => "5.0",
                    Severity::Info => "2.0",
                }),
            },
        }
    }
}

#[derive(Serialize)]
struct Help<'a> {
    text: String,
    markdown: &'a str,
}

#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    level: &'static str,
}

/// What GitHub reads beside the standard.
#[derive(Serialize)]
struct RuleProperties<'a> {
    tags: Vec<&'a str>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

impl Invocation {
    fn new(report: &Report<'_>) -> Self {
        Self {
            execution_successful: !report.problems.iter().any(|problem| problem.named),
            tool_execution_notifications: report.problems.iter().map(Notification::new).collect(),
        }
    }
}

/// Something that could not be read.
#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

impl Notification {
    fn new(problem: &Problem) -> Self {
        let help = problem.help.as_ref().map_or(String::new(), |help| format!("; {}", said(help)));
        let text = format!("`{}`: {}{help}", said(&problem.path), said(&problem.message));
        Self { level: "error", message: Message { text } }
    }
}

#[derive(Serialize)]
struct Message {
    text: String,
}

/// Findings that become results while they are written.
struct Rows<'a> {
    report: &'a Report<'a>,
    reader: Reader,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // An alert that shares its fingerprint with another one hides it.
        let mut unique = Unique::default();
        let told = self.report.findings.iter().filter(|one| self.reader == Reader::Any || one.is_active());
        serializer.collect_seq(
            told.map(|finding| Row::new(self.report, finding, self.reader, unique.key(&finding.fingerprint))),
        )
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Pages have their summary in lower case without a full stop.
fn sentence(summary: &str) -> String {
    let mut chars = summary.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).chain(['.']).collect()).unwrap_or_default()
}

/// The first paragraph of a page, on one line.
fn first_paragraph(text: &str) -> String {
    text.lines().take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::finding::{Category, Severity};
    use crate::report::sample::{self, Schema};
    use crate::report::{Format, Style};

    fn schema() -> Schema {
        Schema::new(include_str!("../../../tests/data/formats/sarif-2.1.0.schema.json"))
    }

    fn run(format: Format) -> Value {
        schema().accept(&sample::render(format))["runs"][0].take()
    }

    #[test]
    fn every_finding_is_a_result() {
        insta::assert_snapshot!(sample::render(Format::Sarif));
    }

    #[test]
    fn the_log_is_what_the_schema_says() {
        let (run, findings) = (run(Format::Sarif), sample::shared().findings);
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), findings.len());
        for (result, finding) in results.iter().zip(&findings) {
            assert_eq!(result["suppressions"].as_array().unwrap().is_empty(), finding.is_active());
            let index = result["ruleIndex"].as_u64();
            let rule = index.map(|index| run["tool"]["driver"]["rules"][index as usize]["id"].clone());
            assert!(rule.is_none_or(|id| id == result["ruleId"]));
            let at = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            assert!(at["uriBaseId"] == "SRCROOT" || at["uri"].as_str().unwrap().starts_with("file:///"));
        }
        assert_eq!(run["originalUriBaseIds"]["SRCROOT"]["uri"], "file:///home/dev/a%20shop/");
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        let empty = schema().accept(&sample::empty().render(Format::Sarif, &Style::default()));
        assert_eq!(empty["runs"][0]["results"], json!([]));
        assert_eq!(empty["runs"][0]["invocations"], json!([{"executionSuccessful": true}]));
    }

    #[test]
    fn suppressions_say_who_suppresses() {
        let run = run(Format::Sarif);
        let suppressed: Vec<&Value> = run["results"].as_array().unwrap().iter().collect();
        let of = |kind: &str| suppressed.iter().find(|one| one["suppressions"][0]["kind"] == kind).unwrap();
        assert_eq!(of("inSource")["suppressions"][0]["justification"], "kept for the drill");
        assert_eq!(of("external")["baselineState"], "unchanged");
    }

    #[test]
    fn github_sees_what_counts_alone() {
        let run = run(Format::SarifGithub);
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), sample::shared().findings.iter().filter(|one| one.is_active()).count());
        for result in results {
            assert!(result.get("suppressions").is_none() && result.get("baselineState").is_none());
            assert!(result["locations"][0]["physicalLocation"]["artifactLocation"].get("uriBaseId").is_none());
            let fingerprints = result["partialFingerprints"].as_object().unwrap();
            assert!(fingerprints.keys().eq(["meshlint/v1"]), "the uploader makes `primaryLocationLineHash`");
        }
        assert!(run.get("originalUriBaseIds").is_none());
    }

    #[test]
    fn rules_are_told_whether_or_not_they_found_something() {
        let run = run(Format::Sarif);
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        assert_eq!(rules.len(), 2);
        let (open, shadowed) = (&rules[0], &rules[1]);
        assert_eq!(shadowed["shortDescription"]["text"], "A route that can never be reached.");
        assert_eq!(shadowed["fullDescription"]["text"], "First line, second line.");
        assert!(shadowed["help"]["markdown"].as_str().unwrap().contains("## Why"));
        assert_eq!(shadowed["defaultConfiguration"], json!({"enabled": true, "level": "warning"}));
        assert_eq!(shadowed["properties"]["problem.severity"], "warning");
        assert!(shadowed["properties"].get("security-severity").is_none());
        assert_eq!(open["properties"]["security-severity"], "2.0");
        assert_eq!(open["properties"]["tags"], json!(["security"]));
        let about = sample::ABOUT[0];
        assert_eq!((about.category, about.severity), (Category::Security, Severity::Info));
    }

    #[test]
    fn fingerprints_differ() {
        let mut sample = sample::shared();
        for finding in &mut sample.findings {
            finding.fingerprint = "same".to_owned();
        }
        let log = schema().accept(&sample.render(Format::Sarif, &Style::default()));
        let results = log["runs"][0]["results"].as_array().unwrap();
        let mut all: Vec<String> = results.iter().map(|one| one["partialFingerprints"].to_string()).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), results.len());
    }

    #[test]
    fn a_broken_log_is_refused() {
        let whole = schema().accept(&sample::render(Format::Sarif));
        schema().refuse(
            &whole,
            &[
                ("/version", json!("2.0.0")),
                ("/runs/0/tool", Value::Null),
                ("/runs/0/columnKind", json!("bytes")),
                ("/runs/0/tool/driver/rules/0/defaultConfiguration/level", json!("info")),
                ("/runs/0/tool/driver/rules/0/help", json!({"markdown": "x"})),
                ("/runs/0/results/0/level", json!("fatal")),
                ("/runs/0/results/0/message", json!("text")),
                ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
                ("/runs/0/results/0/partialFingerprints", json!({"meshlint/v1": 1})),
                ("/runs/0/results/0/suppressions", json!([{"kind": "inComment"}])),
                ("/runs/0/results/0/fixes/0/artifactChanges", json!([])),
                ("/runs/0/results/0/surprise", json!(true)),
            ],
        );
    }
}
