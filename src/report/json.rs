//! The `json` and `jsonl` formats. `schema/findings-v1.json` says what each member means; a member that has
//! nothing to say is absent, never null.

use std::io::{self, Write};
use std::ops::Range;

use serde::{Serialize, Serializer};

use crate::finding::{
    Applicability, Category, Edit, Finding, Fix, Label, Rendered, Severity, Subject, Summary, Witness,
};
use crate::source::{Problem, SourceFile, Sources};

use super::Report;
use super::place::{fitted, offset};

/// The version of the shape. It changes when a member goes or changes its meaning, not when one comes.
const VERSION: u32 = 1;

/// Writes the one object of `json`.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        tool: Tool::new(report),
        summary: Counts::new(report.summary),
        findings: Findings(report),
        problems: Problems(report.problems),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// Writes the lines of `jsonl`: the findings, then the rest of the object.
pub(super) fn write_lines(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.active() {
        serde_json::to_writer(&mut *out, &Row::new(finding, report.sources))?;
        writeln!(out)?;
    }
    let last = LastLine {
        version: VERSION,
        tool: Tool::new(report),
        summary: Counts::new(report.summary),
        problems: Problems(report.problems),
    };
    serde_json::to_writer(&mut *out, &last)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool<'a>,
    summary: Counts,
    findings: Findings<'a>,
    problems: Problems<'a>,
}

#[derive(Serialize)]
struct LastLine<'a> {
    version: u32,
    tool: Tool<'a>,
    summary: Counts,
    problems: Problems<'a>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

impl<'a> Tool<'a> {
    fn new(report: &Report<'a>) -> Self {
        Self { name: "meshlint", version: report.tool_version }
    }
}

#[derive(Serialize)]
struct Counts {
    files: usize,
    documents: usize,
    resources: usize,
    error: usize,
    warning: usize,
    info: usize,
    ignored: usize,
    baseline: usize,
    undecided: usize,
    skipped: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    expectations: Option<Expectations>,
}

#[derive(Serialize)]
struct Expectations {
    total: usize,
    held: usize,
    unread: usize,
}

impl Counts {
    fn new(summary: &Summary) -> Self {
        let Summary { files, documents, resources, error, warning, info, .. } = *summary;
        let Summary { ignored, baseline, undecided, skipped, .. } = *summary;
        let expectations =
            summary.expectations.map(|one| Expectations { total: one.total, held: one.held, unread: one.unread });
        Self { files, documents, resources, error, warning, info, ignored, baseline, undecided, skipped, expectations }
    }
}

/// Findings that become rows while they are written, so that the report is never held twice.
struct Findings<'a>(&'a Report<'a>);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.active().map(|finding| Row::new(finding, self.0.sources)))
    }
}

struct Problems<'a>(&'a [Problem]);

impl Serialize for Problems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|problem| ProblemRow {
            file: &problem.path,
            message: &problem.message,
            help: problem.help.as_deref(),
        }))
    }
}

#[derive(Serialize)]
struct ProblemRow<'a> {
    file: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Row<'a> {
    rule: &'a str,
    case: &'a str,
    severity: Severity,
    category: Category,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    fingerprint: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Resource<'a>>,
    labels: Vec<LabelRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<WitnessRow<'a>>,
    fixes: Vec<FixRow<'a>>,
}

/// A request, as `meshlint route --requests` reads it.
#[derive(Serialize)]
pub(super) struct WitnessRow<'a> {
    method: &'a str,
    url: &'a str,
    headers: &'a [(String, String)],
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<&'a str>,
    answered_by: &'a str,
    curl: String,
}

impl<'a> WitnessRow<'a> {
    pub(super) fn new(witness: &'a Witness) -> Self {
        Self {
            method: &witness.method,
            url: &witness.url,
            headers: &witness.headers,
            gateway: witness.gateway.as_deref(),
            answered_by: &witness.answered_by,
            curl: witness.curl(),
        }
    }
}

impl<'a> Row<'a> {
    fn new(finding: &'a Finding, sources: &'a Sources) -> Self {
        Self {
            rule: finding.rule,
            case: finding.case,
            severity: finding.severity,
            category: finding.category,
            message: &finding.message,
            why: finding.why.as_deref(),
            help: finding.help.as_deref(),
            fingerprint: &finding.fingerprint,
            status: finding.status.word(),
            resource: finding.subject.as_ref().map(Resource::new),
            labels: (finding.labels.iter().enumerate())
                .map(|(index, label)| LabelRow::new(label, index == 0, sources))
                .collect(),
            witness: finding.witness.as_ref().map(WitnessRow::new),
            fixes: finding.fixes.iter().map(|fix| FixRow::new(fix, sources)).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'a> {
    dialect: &'a str,
    api_version: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
}

impl<'a> Resource<'a> {
    fn new(subject: &'a Subject) -> Self {
        Self {
            dialect: subject.dialect,
            api_version: &subject.api_version,
            kind: &subject.kind,
            namespace: subject.namespace.as_deref(),
            name: &subject.name,
        }
    }
}

#[derive(Serialize)]
struct LabelRow<'a> {
    primary: bool,
    file: &'a str,
    start: Spot,
    end: Spot,
    pointer: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rendered_from: Option<TemplateRow<'a>>,
}

/// The template that a place was rendered from.
#[derive(Serialize)]
struct TemplateRow<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Spot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Spot>,
}

impl<'a> TemplateRow<'a> {
    fn new(rendered: &'a Rendered, sources: &'a Sources) -> Self {
        let file = rendered.place.map(|place| (sources.file(place.file), place.span));
        // The beginning of the file stands for all of it.
        let line = file.filter(|(_, span)| !span.is_empty());
        let spot =
            |at: fn(&Range<usize>) -> usize| line.map(|(file, span)| Spot::new(file, at(&fitted(&file.text, span))));
        Self {
            name: &rendered.name,
            file: file.map(|(file, _)| &*file.name),
            start: spot(|bytes| bytes.start),
            end: spot(|bytes| bytes.end),
        }
    }
}

impl<'a> LabelRow<'a> {
    fn new(label: &'a Label, primary: bool, sources: &'a Sources) -> Self {
        let file = sources.file(label.place.file);
        let bytes = fitted(&file.text, label.place.span);
        Self {
            primary,
            file: &file.name,
            start: Spot::new(file, bytes.start),
            end: Spot::new(file, bytes.end),
            pointer: &label.pointer,
            text: &label.text,
            rendered_from: label.rendered.as_ref().map(|rendered| TemplateRow::new(rendered, sources)),
        }
    }
}

#[derive(Serialize)]
struct Spot {
    line: u32,
    column: u32,
    offset: u32,
}

impl Spot {
    fn new(file: &SourceFile, byte: usize) -> Self {
        let byte = offset(byte);
        let position = file.position(byte);
        Self { line: position.line, column: position.column, offset: on_disk(file, byte) }
    }
}

#[derive(Serialize)]
struct FixRow<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<EditRow<'a>>,
}

impl<'a> FixRow<'a> {
    fn new(fix: &'a Fix, sources: &'a Sources) -> Self {
        Self {
            title: &fix.title,
            applicability: match fix.applicability {
                Applicability::Safe => "safe",
                Applicability::Unsafe => "unsafe",
            },
            edits: fix.edits.iter().map(|edit| EditRow::new(edit, sources)).collect(),
        }
    }
}

#[derive(Serialize)]
struct EditRow<'a> {
    file: &'a str,
    start: u32,
    end: u32,
    text: &'a str,
}

impl<'a> EditRow<'a> {
    fn new(edit: &'a Edit, sources: &'a Sources) -> Self {
        let file = sources.file(edit.place.file);
        let span = edit.place.span;
        Self { file: &file.name, start: on_disk(file, span.start), end: on_disk(file, span.end), text: &edit.text }
    }
}

/// A byte of the text, counted in the file.
fn on_disk(file: &SourceFile, byte: u32) -> u32 {
    byte.saturating_add(file.lead)
}

#[cfg(test)]
mod tests {
    use jsonschema::Validator;
    use serde_json::{Value, json};

    use crate::report::{Format, Style, sample};

    const SCHEMA: &str = include_str!("../../schema/findings-v1.json");

    fn schema(part: &str) -> Validator {
        let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
        assert!(jsonschema::meta::is_valid(&schema));
        if !part.is_empty() {
            schema = json!({"$schema": schema["$schema"], "$ref": part, "$defs": schema["$defs"]});
        }
        jsonschema::validator_for(&schema).unwrap()
    }

    fn refusals(validator: &Validator, value: &Value) -> Vec<String> {
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    #[test]
    fn the_output_is_what_the_schema_says() {
        let value: Value = serde_json::from_str(&sample::render(Format::Json)).unwrap();
        assert_eq!(refusals(&schema(""), &value), Vec::<String>::new());
        assert_eq!(value["findings"].as_array().unwrap().len(), 8);
    }

    #[test]
    fn the_first_finding_reads_well() {
        let mut sample = sample::shared();
        sample.findings.truncate(1);
        insta::assert_snapshot!(sample.render(Format::Json, &Style::default()));
    }

    #[test]
    fn lines_are_the_findings_and_the_rest() {
        let whole: Value = serde_json::from_str(&sample::render(Format::Json)).unwrap();
        let lines = sample::render(Format::Jsonl);
        let mut lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let last = lines.pop().unwrap();
        assert_eq!(refusals(&schema("#/$defs/lastLine"), &last), Vec::<String>::new());
        let finding = schema("#/$defs/finding");
        for line in &lines {
            assert_eq!(refusals(&finding, line), Vec::<String>::new());
        }
        assert_eq!(whole["findings"], Value::Array(lines));
        for member in ["version", "tool", "summary", "problems"] {
            assert_eq!(whole[member], last[member]);
        }
    }

    #[test]
    fn the_schema_refuses_what_is_mutilated() {
        let whole: Value = serde_json::from_str(&sample::render(Format::Json)).unwrap();
        let schema = schema("");
        let changes = [
            ("/version", json!(2)),
            ("/summary/files", json!(-1)),
            ("/summary/skipped", Value::Null),
            ("/findings/0/severity", json!("fatal")),
            ("/findings/0/rule", json!("Not An Id")),
            ("/findings/0/why", Value::Null),
            ("/findings/0/labels", json!([])),
            ("/findings/0/labels/0/primary", json!(false)),
            ("/findings/0/labels/1/primary", json!(true)),
            ("/findings/0/labels/0/start/line", json!(0)),
            ("/findings/0/labels/0/start", json!({"line": 1, "column": 1, "offset": 0, "byte": 0})),
            ("/findings/0/labels/1/pointer", json!("spec")),
            ("/findings/0/resource", json!({"kind": "VirtualRouter", "name": "orders"})),
            ("/findings/0/fixes/0/applicability", json!("maybe")),
            ("/findings/0/fixes/0/edits/0/start", json!("402")),
            ("/problems/0", json!("gone.yaml")),
        ];
        for (pointer, value) in changes {
            let mut changed = whole.clone();
            *changed.pointer_mut(pointer).unwrap() = value;
            assert!(!schema.is_valid(&changed), "{pointer}");
        }
        for member in ["version", "tool", "summary", "findings", "problems"] {
            let mut changed = whole.clone();
            changed.as_object_mut().unwrap().remove(member);
            assert!(!schema.is_valid(&changed), "{member}");
        }
    }

    #[test]
    fn optional_members_are_absent_and_offsets_are_those_of_the_file() {
        let whole: Value = serde_json::from_str(&sample::render(Format::Json)).unwrap();
        let bare = &whole["findings"][2];
        for member in ["why", "help", "url", "witness", "resource"] {
            assert!(bare.get(member).is_none(), "{member}");
        }
        assert!(whole["findings"][4]["resource"].get("namespace").is_none());
        // The file begins with a byte order mark of three bytes, and the label after `名前: "`.
        let wide = &whole["findings"][5];
        assert_eq!(wide["labels"][0]["start"], json!({"line": 1, "column": 6, "offset": 3 + 9}));
        assert_eq!(wide["labels"][0]["end"], json!({"line": 1, "column": 9, "offset": 3 + 9 + 8}));
        assert_eq!(wide["fixes"][0]["edits"][0]["start"], json!(12));
    }
}
