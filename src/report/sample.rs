//! The findings that every format is tried on.

use jsonschema::Validator;
use serde_json::Value;

use crate::finding::{
    Applicability, Category, Change, Draft, Edit, Finding, Fix, Locus, Severity, Silencer, Status, Subject, Summary,
    Witness,
};
use crate::source::{FileId, Origin, Place, Problem, Root, SourceFile, Sources, Span};

use super::{About, Format, Report, Style, write};

/// Findings with all that they point into.
pub(super) struct Sample {
    pub(super) sources: Sources,
    pub(super) findings: Vec<Finding>,
    pub(super) problems: Vec<Problem>,
}

impl Sample {
    /// A sample without findings.
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(name, text)| SourceFile::new(*name, Origin::Walked, text.as_bytes().to_vec()));
        Self { sources: Sources::new(files.collect()), findings: Vec::new(), problems: Vec::new() }
    }

    /// The place of the n-th occurrence (from 0) of a text in a file.
    pub(super) fn find(&self, file: usize, text: &str, nth: usize) -> Place {
        let id = FileId::new(file);
        let (at, _) = self.sources.file(id).text.match_indices(text).nth(nth).unwrap();
        self.bytes(file, at, at + text.len())
    }

    /// A place by its bytes.
    pub(super) fn bytes(&self, file: usize, start: usize, end: usize) -> Place {
        let span = Span::new(u32::try_from(start).unwrap(), u32::try_from(end).unwrap());
        Place::new(FileId::new(file), span)
    }

    /// Adds a finding.
    pub(super) fn push(&mut self, rule: &'static str, severity: Severity, draft: Draft) {
        self.findings.push(Finding {
            rule,
            case: draft.case,
            severity,
            category: Category::Routing,
            message: draft.message,
            labels: draft.labels,
            why: draft.why,
            help: draft.help,
            fixes: draft.fixes.into_iter().map(carried_out).collect(),
            witness: draft.witness,
            subject: draft.subject,
            status: Status::Active,
            locus: Locus::default(),
            fingerprint: format!("{:016x}", self.findings.len()),
        });
    }

    /// What a format makes of it.
    pub(super) fn render(&self, format: Format, style: &Style) -> String {
        let summary = Summary { files: self.sources.len(), resources: 5, ..Summary::of(&self.findings) };
        let report = Report {
            findings: &self.findings,
            sources: &self.sources,
            summary: &summary,
            problems: &self.problems,
            root: &Root::new("/home/dev/a shop", "mesh"),
            rules: &ABOUT,
            has_pages: true,
            tool_version: "0.1.0",
        };
        let mut out = Vec::new();
        write(format, &report, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

/// What is known about two rules, of which one finds something.
pub(super) const ABOUT: [About<'static>; 2] = [
    About {
        id: "open-port",
        summary: "a port that is open",
        text: "Anybody may call.\n\n## Why\n\nIt says so.\n",
        category: Category::Security,
        dialects: &[],
        severity: Severity::Info,
        default: false,
        stable: false,
    },
    About {
        id: "shadowed-route",
        summary: "a route that can never be reached",
        text: "First line,\nsecond line.\n\n## Why\n\n```yaml\na: [b]\n```\n",
        category: Category::Routing,
        dialects: &[],
        severity: Severity::Warning,
        default: true,
        stable: true,
    },
];

/// What a format makes of the shared findings, in its plain style.
pub(super) fn render(format: Format) -> String {
    shared().render(format, &Style::default())
}

const ROUTER: &str = "\
kind: VirtualRouter
metadata:
  name: orders
spec:
  routes:
    - name: all
      priority: 1
      httpRoute:
        match: {prefix: /}
    - name: canary
      priority: 100
      httpRoute:
        match: {prefix: /, headers: [{name: x-canary}]}
";

/// One finding for each thing that is hard to show.
pub(super) fn shared() -> Sample {
    let long = format!(
        "{{\"pad\": \"{}\", \"virtualNodeName\": \"shop\", \"more\": \"{}\", \"name\": \"名-cart\", \"end\": \"{}\"}}",
        "x".repeat(900),
        "y".repeat(700),
        "z".repeat(900)
    );
    let mut sample = Sample::new(&[
        ("deploy/orders-router.yaml", ROUTER),
        ("deploy/node.yaml", "kind: VirtualNode\nmetadata:\n  name: cart\n"),
        ("minified.json", &long),
        ("evil\u{1b}]0;name\u{7}\u{202e}.yaml", "name: a\u{1b}[31mb\u{9b}2J\u{202e}txt\u{200b} # end\n"),
        ("wide.yaml", "\u{feff}名前: \"値段é\"  # größe\n"),
        ("windows.yaml", "a: 1\r\n\tb:\tbad\t# tab\r\nc: 3\r\n"),
        ("open.yaml", "a:\n  b:\n"),
    ]);

    let orders = Subject {
        dialect: "appmesh",
        api_version: "appmesh.k8s.aws/v1beta2".to_owned(),
        kind: "VirtualRouter".to_owned(),
        namespace: Some("shop".to_owned()),
        name: "orders".to_owned(),
    };
    let mut draft = Draft::new("shadowed-route", "route `canary` can never be reached")
        .at(sample.find(0, "canary", 0), "needs header `x-canary`, priority 100")
        .at(sample.find(0, "all", 0), "answers every request first (priority 1)")
        .why("GET /orders with x-canary: 1 is answered by `all`")
        .help("lower number wins; give `canary` a priority below 1")
        .on(orders.clone())
        .witness(Witness {
            method: "GET".to_owned(),
            url: "http://orders.shop:8080/".to_owned(),
            headers: vec![("x-canary".to_owned(), "it's 1".to_owned())],
            gateway: None,
            answered_by: "all".to_owned(),
        })
        .fix("Move `canary` to the front", Applicability::Unsafe, sample.find(0, "100", 0).span, "0");
    draft.labels[0].pointer = "/spec/routes/1/name".to_owned();
    sample.push("shadowed-route", Severity::Error, draft);

    let draft = Draft::new("other-scope", "`orders` names a node of another scope")
        .at(sample.find(0, "name: orders", 0), "")
        .at(sample.find(1, "cart", 0), "defined here")
        .why("first line\nsecond line");
    sample.push("dangling-reference", Severity::Warning, draft);

    let draft = Draft::new("long-line", "two places on a very long line")
        .at(sample.find(2, "\"shop\"", 0), "here")
        .at(sample.find(2, "\"名-cart\"", 0), "and there");
    sample.push("duplicate-name", Severity::Info, draft);

    let name = sample.sources.file(FileId::new(3)).text[6..].trim_end().to_owned();
    let draft = Draft::new("control", format!("`{name}`\nis no name"))
        .at(sample.find(3, "txt", 0), format!("text {name}"))
        .at(sample.find(3, "# end", 0), "fake\nother.yaml:1:1: error[x]: y")
        .why(format!("why {name}"))
        .help(format!("help {name}"));
    sample.push("malformed-name", Severity::Error, draft);

    let draft = Draft::new("many-lines", "a label over many lines")
        .at(sample.bytes(0, ROUTER.find("spec").unwrap(), ROUTER.len()), "all of this")
        .at(sample.find(0, "httpRoute", 1), "and this in it")
        .on(Subject { namespace: None, ..orders });
    sample.push("several-states", Severity::Info, draft);

    let draft = Draft::new("wide", "wide characters")
        .at(sample.find(4, "値段é", 0), "four columns and one")
        .at(sample.find(4, "größe", 0), "after them")
        .help("write \"<price>\" & nothing else")
        .fix("Say it in English", Applicability::Safe, sample.find(4, "値段é", 0).span, "price");
    sample.push("unknown-value", Severity::Warning, draft);

    let draft = Draft::new("windows", "carriage returns and tabs")
        .at(sample.find(5, "bad", 0), "here")
        .at(sample.find(5, "1\r\n", 0), "the end of a line");
    sample.push("wrong-type", Severity::Error, draft);

    let end = "a:\n  b:\n".len();
    let draft = Draft::new("end-of-file", "something is missing at the end")
        .at(sample.bytes(6, end, end), "here")
        .at(sample.bytes(6, end - 1, end - 1), "or here");
    sample.push("shadowed-route", Severity::Error, draft);

    let ignored = Status::Ignored { reason: Some("kept for the drill".to_owned()), by: Silencer::Manifest };
    for (status, nth) in [(ignored, 0), (Status::Baseline, 1)] {
        let draft = Draft::new("silenced", "something that does not count")
            .at(sample.find(0, "name", nth), "here")
            .at(sample.find(1, "name", 0), "and here");
        sample.push("shadowed-route", Severity::Error, draft);
        if let Some(finding) = sample.findings.last_mut() {
            finding.status = status;
        }
    }

    for help in [None, Some("did you mean `one.yaml`?".to_owned())] {
        let (path, message) = ("gone.yaml".to_owned(), "no such file".to_owned());
        sample.problems.push(Problem { path, message, help, named: true });
    }
    sample
}

/// Files without any findings.
pub(super) fn empty() -> Sample {
    Sample::new(&[("deploy/node.yaml", "kind: VirtualNode\nmetadata:\n  name: cart\n")])
}

/// A JSON schema that documents are held against.
pub(super) struct Schema(Validator);

impl Schema {
    pub(super) fn new(text: &str) -> Self {
        let schema: Value = serde_json::from_str(text).unwrap();
        assert_eq!(jsonschema::meta::validate(&schema).map_err(|error| error.to_string()), Ok(()));
        Self(jsonschema::validator_for(&schema).unwrap())
    }

    /// Reads a document that has to be valid.
    pub(super) fn accept(&self, text: &str) -> Value {
        let value = serde_json::from_str(text).unwrap();
        let refusals = self.0.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path()));
        assert_eq!(refusals.collect::<Vec<_>>(), [""; 0]);
        value
    }

    /// Changes one member at a time, after which the document must not be valid any more. A member that is not there
    /// yet is added.
    pub(super) fn refuse(&self, whole: &Value, changes: &[(&str, Value)]) {
        for (pointer, value) in changes {
            let mut changed = whole.clone();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            match changed.pointer_mut(parent).unwrap() {
                Value::Object(members) => drop(members.insert(key.to_owned(), value.clone())),
                Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
                other => panic!("{pointer}: {other}"),
            }
            assert!(!self.0.is_valid(&changed), "{pointer}");
        }
    }
}

/// A fix whose texts stand there as they are.
fn carried_out(mut fix: Fix) -> Fix {
    let edit = |(place, change): &(Place, Change)| match change {
        Change::Text(text) | Change::Say(text) => Edit { place: *place, text: text.clone() },
        _ => unreachable!("no sample has it"),
    };
    fix.edits = fix.changes.iter().map(edit).collect();
    fix
}
