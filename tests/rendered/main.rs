//! What other programs write: rendered charts, built kustomizations, dumps of clusters, and manifests that nobody has
//! filled in yet.
//!
//! `data/chart/rendered.txt` is what Helm 3.8.1 says (`helm template ferry`), `data/overlay/rendered.txt` what kustomize
//! 5.5.0 says (`kubectl kustomize overlays/prod`); `data/live.yaml` has the shape of `kubectl get … -o yaml`.

#![allow(clippy::unwrap_used)]

mod placeholder;

use std::fs;
use std::path::{Path, PathBuf};

use meshlint::engine::{self, Outcome, Settings};
use meshlint::report::{self, Format, Report, Style};
use meshlint::source::{Input, Request, Root};

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rendered/data").join(path)
}

/// What is found in a text on standard input, as seen from a folder.
fn check(text: impl Into<Vec<u8>>, name: &str, cwd: &Path) -> Outcome {
    let input = Input::Stdin { name: name.to_owned(), bytes: text.into() };
    engine::check(&Request::new(vec![input]), cwd, &Settings::default())
}

fn walk(folder: &str) -> Outcome {
    engine::check(&Request::new(vec![Input::Path(".".into())]), &data(folder), &Settings::default())
}

fn told(outcome: &Outcome, format: Format, cwd: &Path) -> String {
    let report = Report {
        findings: &outcome.findings,
        sources: &outcome.sources,
        summary: &outcome.summary,
        problems: &outcome.problems,
        root: &Root::of(cwd),
        rules: &[],
        has_pages: true,
        tool_version: "0",
    };
    let mut out = Vec::new();
    report::write(format, &report, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn concise(outcome: &Outcome, cwd: &Path) -> Vec<String> {
    told(outcome, Format::Concise, cwd).lines().map(str::to_owned).collect()
}

const CHART: [&str; 5] = [
    "<stdin>:32:15: error[out-of-range]: `port` is 808000, and must be from 1 to 65535",
    "ferry/charts/berth/templates/berth.yaml:23:15: note[out-of-range]: rendered from here",
    "<stdin>:57:17: error[dangling-reference]: backend `birth` names no virtual service in namespace `ferry`",
    "ferry/templates/ticket.yaml:19:17: note[dangling-reference]: rendered from here",
    "<stdin>:66:9: note[dangling-reference]: virtual service `berth` is here",
];

#[test]
fn a_rendered_chart_is_led_back_to_its_templates() {
    let (text, cwd) = (fs::read_to_string(data("chart/rendered.txt")).unwrap(), data("chart"));
    let outcome = check(&*text, "<stdin>", &cwd);
    assert_eq!(concise(&outcome, &cwd), CHART);
    // With carriage returns, and in UTF-16, it is the same stream.
    let windows = check(text.replace('\n', "\r\n"), "<stdin>", &cwd);
    assert_eq!(concise(&windows, &cwd), CHART);
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(concise(&check(wide, "<stdin>", &cwd), &cwd), CHART);
    assert_eq!(concise(&check(format!("\u{feff}{text}"), "<stdin>", &cwd), &cwd), CHART);

    let human = told(&outcome, Format::Human, &cwd);
    assert!(human.contains("--> <stdin>:57:17\n"), "{human}");
    assert!(
        human.contains("= rendered from ferry/templates/ticket.yaml:19:17, ferry/charts/berth/templates/berth.yaml\n"),
        "{human}"
    );
    // A forge shows files of the repository.
    let github = told(&outcome, Format::Github, &cwd);
    assert!(github.contains(
        "file=tests/rendered/data/chart/ferry/templates/ticket.yaml,line=19,endLine=19,col=17,endColumn=22::"
    ));
    assert!(github.contains("%0Arendered as <stdin>:57:17%0A"), "{github}");
    for format in Format::ALL {
        let out = told(&outcome, format, &cwd);
        assert!(out.contains("ferry/templates/ticket.yaml"), "{format}: {out}");
    }
    // The same stream somewhere else: the templates are named, and nothing is found.
    let elsewhere = data("overlay");
    let outcome = check(&*text, "<stdin>", &elsewhere);
    assert!(concise(&outcome, &elsewhere)[1].starts_with("ferry/charts/berth/templates/berth.yaml:1:1: note"));
    let github = told(&outcome, Format::Github, &elsewhere);
    assert!(github.contains("file=<stdin>,line=32,"), "{github}");
    assert!(github.contains("%0Arendered from ferry/templates/ticket.yaml%0A"), "{github}");
}

#[test]
fn the_schema_knows_what_a_place_was_rendered_from() {
    let (text, cwd) = (fs::read_to_string(data("chart/rendered.txt")).unwrap(), data("chart"));
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/findings-v1.json");
    let schema: serde_json::Value = serde_json::from_slice(&fs::read(schema).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for cwd in [cwd, data("overlay")] {
        let outcome = check(&*text, "<stdin>", &cwd);
        let value: serde_json::Value = serde_json::from_str(&told(&outcome, Format::Json, &cwd)).unwrap();
        let refusals: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(refusals.is_empty(), "{refusals:?}");
        let label = &value["findings"][1]["labels"][0];
        assert_eq!((&label["file"], &label["start"]["line"]), (&"<stdin>".into(), &57.into()));
        assert_eq!(label["rendered_from"]["name"], "ferry/templates/ticket.yaml");
        let is_here = cwd == data("chart");
        assert_eq!(label["rendered_from"]["start"]["line"].as_u64(), is_here.then_some(19));
    }
}

#[test]
fn a_built_kustomization_is_led_back_to_its_files() {
    let (text, cwd) = (fs::read_to_string(data("overlay/rendered.txt")).unwrap(), data("overlay"));
    let expected = [
        "<stdin>:38:13: error[out-of-range]: `port` is 808000, and must be from 1 to 65535",
        "base/ticket.yaml:1:1: note[out-of-range]: rendered from here",
        "<stdin>:59:15: error[dangling-reference]: provider `berht` names no virtual node in namespace `ferry`",
        "overlays/prod/berth.yaml:10:15: note[dangling-reference]: rendered from here",
    ];
    assert_eq!(concise(&check(&*text, "<stdin>", &cwd), &cwd), expected);
    // Seen from the kustomization itself.
    let inside = cwd.join("overlays/prod");
    let outcome = check(&*text, "<stdin>", &inside);
    assert!(concise(&outcome, &inside)[3].starts_with("berth.yaml:10:15: note"), "{:?}", concise(&outcome, &inside));
}

#[test]
fn a_dump_of_a_cluster_is_judged_like_a_file() {
    let text = fs::read_to_string(data("live.yaml")).unwrap();
    let expected =
        ["<stdin>:147:17: error[dangling-reference]: backend `birth` names no virtual service in namespace `ferry`"];
    let outcome = check(&*text, "<stdin>", &data("."));
    assert_eq!(concise(&outcome, &data(".")), expected);
    assert_eq!(outcome.summary.resources, 5);
    assert!(outcome.notes.iter().all(|note| !note.named), "{:?}", outcome.notes);
}

#[test]
fn what_is_not_rendered_is_told_once() {
    let named = |outcome: &Outcome| -> Vec<String> {
        outcome.notes.iter().filter(|note| note.named).map(|note| format!("{}: {}", note.path, note.message)).collect()
    };
    let chart = walk("chart");
    assert_eq!(
        named(&chart),
        [
            "ferry: 2 unrendered templates left alone: render them first, as with `helm template ferry | meshlint check -`"
        ]
    );
    // What stands in the chart without a placeholder is a manifest like any other.
    assert_eq!(
        concise(&chart, &data("chart")),
        [
            "ferry/charts/berth/templates/berth.yaml:23:15: error[out-of-range]: `port` is 808000, and must be from 1 to 65535"
        ]
    );
    let overlay = walk("overlay");
    assert_eq!(
        named(&overlay),
        [
            "overlays/prod: 2 patches left alone: render them first, as with `kustomize build overlays/prod | meshlint check -`"
        ]
    );
    assert_eq!(
        concise(&overlay, &data("overlay"))[0],
        "base/ticket.yaml:17:17: error[dangling-reference]: backend `birth` names no virtual service in namespace `ferry`"
    );
    assert_eq!(overlay.summary.findings(), 1, "what an overlay renames is not held against what stands beside it");
}

#[test]
fn a_condition_over_several_documents_hides_them_all() {
    let node = |name: &str| {
        format!("---\napiVersion: appmesh.k8s.aws/v1beta2\nkind: Mesh\nmetadata: {{name: {name}}}\nspec: {{bad: 1}}\n")
    };
    let stream =
        |open: &str, close: &str| format!("{open}\n{}{}{}{close}\n{}", node("a"), node("b"), node("c"), node("d"));
    for (open, close) in [("{{- if .X }}", "{{- end }}"), ("{% if x %}", "{% endif %}"), ("%{ if x ~}", "%{ endif }")] {
        let outcome = check(stream(open, close), "<stdin>", &data("."));
        let lines = concise(&outcome, &data("."));
        assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("<stdin>:22:")), "{lines:?}");
    }
}

#[test]
fn standard_input_may_be_anything() {
    for text in
        [&b""[..], b"\n\n", b"# nothing\n", b"---\n---\n...\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\0\0", b"{}", b"[]"]
    {
        let outcome = check(text, "<stdin>", &data("."));
        assert_eq!((outcome.problems.len(), outcome.summary.resources), (0, 0), "{text:?}");
    }
    let many: String = (0..5000)
        .map(|at| {
            format!(
                "---\n# Source: ferry/templates/n{at}.yaml\napiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualNode\n\
                 metadata: {{name: n{at}, namespace: ferry}}\nspec: {{podSelector: {{}}, bad: 1}}\n"
            )
        })
        .collect();
    let outcome = check(many, "<stdin>", &data("chart"));
    assert_eq!((outcome.summary.documents, outcome.summary.resources), (5000, 5000));
    let last = outcome.findings.iter().rfind(|finding| finding.rule == "unknown-field").unwrap();
    assert_eq!(last.labels[0].rendered.as_ref().unwrap().name, "ferry/templates/n4999.yaml");
}
