//! The program from outside: what is typed, what is printed on which stream, and the exit code.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use meshlint::report::Format;

/// A mesh whose node lists a backend that is not there: one error.
const BROKEN: &str = "\
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: {name: shop}
spec: {namespaceSelector: {matchLabels: {mesh: shop}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {mesh: shop, appmesh.k8s.aws/sidecarInjectorWebhook: enabled}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: cart, namespace: shop}
spec:
  podSelector: {matchLabels: {app: cart}}
  backends:
    - virtualService: {virtualServiceRef: {name: stock}}
";

const FORMATS: [&str; 13] = Format::NAMES;

#[test]
fn commands() {
    // What is empty counts as not set, whatever the machine that runs the tests has set.
    let cases = trycmd::TestCases::new();
    for name in [
        "MESHLINT_FORMAT",
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "GITHUB_STEP_SUMMARY",
        "FORCE_HYPERLINK",
    ] {
        cases.env(name, "");
    }
    cases.case("tests/cmd/*.trycmd").case("README.md").case("docs/formats.md").case("docs/start.md");
}

#[test]
fn every_format_ends_with_the_same_code() {
    for format in FORMATS {
        let code = |args: &[&str], input| run(&[&["--format", format], args].concat(), input).status.code();
        assert_eq!(code(&["-"], BROKEN), Some(1), "{format}");
        assert_eq!(code(&["-", "--fail-on", "never"], BROKEN), Some(0), "{format}");
        assert_eq!(code(&["-"], "a: 1\n"), Some(0), "{format}");
        assert_eq!(code(&["-", "--strict"], "a: 1\n"), Some(2), "{format}");
        assert_eq!(code(&["-", "no/such/path"], BROKEN), Some(2), "{format}");
    }
}

#[test]
fn expectations_have_the_same_verdict_in_every_format() {
    let schema = |text: &str| jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap();
    for format in FORMATS {
        for (file, code) in [
            ("examples/color/color.meshlint-test.yaml", 0),
            ("tests/trace/failing.yaml", 1),
            ("tests/trace/malformed.yaml", 2),
            ("tests/trace/shop.yaml", 2),
            ("no/such/file.yaml", 2),
        ] {
            let done = run(&["test", file, "--format", format], "");
            assert_eq!(done.status.code(), Some(code), "{file} {format}");
            if format == "json" {
                let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
                assert!(schema(include_str!("../schema/findings-v1.json")).is_valid(&report), "{report}");
                assert_eq!(report["summary"]["error"], report["findings"].as_array().unwrap().len());
            }
        }
    }
    let done = run(&["test", "tests/trace/failing.yaml", "--format", "json"], "");
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(report["summary"]["expectations"], serde_json::json!({"total": 3, "held": 1, "unread": 0}));
}

#[test]
fn the_schema_of_tests_takes_what_the_program_takes() {
    let schema = serde_json::from_str(include_str!("../schema/test-v1.json")).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let schema = jsonschema::validator_for(&schema).unwrap();
    let document = include_str!("../docs/test.md").split_once("```yaml\n").unwrap().1.split_once("```").unwrap().0;
    for (text, is_valid) in [
        (document, true),
        (include_str!("../examples/color/color.meshlint-test.yaml"), true),
        (include_str!("trace/failing.yaml"), true),
        (include_str!("trace/malformed.yaml"), false),
        ("tests: []", false),
        ("tests: [{request: GET http://a/, expect: {a: -1}}]", false),
        ("tests: [{request: GET http://a/, gateway: a, from: b, expect: a}]", false),
    ] {
        let value: serde_json::Value = serde_yaml::from_str(text).unwrap();
        assert_eq!(schema.is_valid(&value), is_valid, "{text}");
    }
}

#[test]
fn a_finding_of_standard_input_bears_its_name() {
    let said = |args: &[&str]| stdout(&run(args, BROKEN));
    assert!(said(&["-", "--format", "concise"]).contains("<stdin>:16:"));
    assert!(said(&["-", "--format", "concise", "--stdin-filename", "cart.yaml"]).contains("cart.yaml:16:"));
}

#[test]
fn the_environment_chooses_the_format_and_a_flag_overrules_it() {
    let said = |args: &[&str]| stdout(&run_with(&[("MESHLINT_FORMAT", "jsonl")], args, "a: 1\n"));
    assert_eq!(said(&["-"]).lines().count(), 1);
    assert!(said(&["-", "--format", "json"]).starts_with("{\n"));
    let refused = run_with(&[("MESHLINT_FORMAT", "xml")], &["-"], "");
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).starts_with("meshlint: error: MESHLINT_FORMAT: unknown format `xml`"));
}

#[test]
fn colours_are_asked_for_or_absent() {
    let is_coloured = |environment: &[(&str, &str)], flags: &[&str]| {
        stdout(&run_with(environment, &[&["-"], flags].concat(), BROKEN)).contains('\u{1b}')
    };
    assert!(!is_coloured(&[], &[]));
    assert!(is_coloured(&[], &["--color", "always"]));
    assert!(is_coloured(&[("FORCE_COLOR", "1")], &[]));
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "0")], &[]));
    assert!(!is_coloured(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], &[]));
    assert!(!is_coloured(&[("FORCE_COLOR", "1")], &["--color", "never"]));
}

#[test]
fn links_are_asked_for_or_absent() {
    let is_linked = |environment: &[(&str, &str)], flags: &[&str]| {
        let done = run_with(environment, &[&["-", "--stdin-filename", "a.yaml"], flags].concat(), BROKEN);
        stdout(&done).contains("\u{1b}]8;;file:///")
    };
    assert!(!is_linked(&[], &[]));
    assert!(!is_linked(&[("VTE_VERSION", "7000")], &[]), "no terminal");
    assert!(is_linked(&[], &["--hyperlinks", "always"]));
    assert!(is_linked(&[("FORCE_HYPERLINK", "1")], &[]));
    assert!(!is_linked(&[("FORCE_HYPERLINK", "1")], &["--hyperlinks", "never"]));
    assert!(!is_linked(&[("FORCE_HYPERLINK", "0")], &[]));
}

#[test]
fn the_log_of_a_real_run_is_valid() {
    let schema = serde_json::from_str(include_str!("data/formats/sarif-2.1.0.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for format in ["sarif", "sarif:github"] {
        let log: serde_json::Value = serde_json::from_slice(&run(&["-", "--format", format], BROKEN).stdout).unwrap();
        assert_eq!(schema.iter_errors(&log).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
        let [run] = &log["runs"].as_array().unwrap()[..] else { panic!("{log}") };
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let index = run["results"][0]["ruleIndex"].as_u64().unwrap();
        assert_eq!(rules[index as usize]["id"], "dangling-reference");
    }
}

#[test]
fn rules_are_chosen_by_name() {
    let codes = |args: &[&str]| run(&[&["-"], args].concat(), BROKEN).status.code();
    assert_eq!(codes(&["--ignore", "dangling-reference"]), Some(0));
    assert_eq!(codes(&["--select", "syntax"]), Some(0));
    assert_eq!(codes(&["--select", "dangling-reference/dangling-backend"]), Some(1));
    assert_eq!(codes(&["--severity", "dangling-reference=warning"]), Some(0));
    assert_eq!(codes(&["--severity", "dangling-reference=warning", "--fail-on", "warning"]), Some(1));
}

#[test]
fn quiet_is_findings_only() {
    let done = run(&["-", "-q"], BROKEN);
    assert!(stdout(&done).contains("dangling-reference"));
    assert_eq!(stderr(&done), "");
}

#[test]
fn a_reader_that_leaves_changes_nothing_else() {
    for (format, (input, code)) in FORMATS.into_iter().flat_map(|one| [(one, ("a: 1\n", 0)), (one, (BROKEN, 1))]) {
        let mut child = meshlint(&["-", "--format", format, "-q"]).spawn().unwrap();
        // The program reads its input to the end before it writes, so the pipe is closed by then.
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        assert_eq!((done.status.code(), stderr(&done)), (Some(code), String::new()), "{format}");
    }
}

#[test]
fn every_rule_has_a_page() {
    let rules: serde_json::Value = serde_json::from_slice(&run(&["rules", "--format", "json"], "").stdout).unwrap();
    let rules = rules.as_array().unwrap();
    assert!(!rules.is_empty());
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        let page = stdout(&run(&["explain", id], ""));
        assert!(page.starts_with(&format!("{id}: {}\n", rule["summary"].as_str().unwrap())), "{page}");
        for heading in ["\nCASES\n", "\nWHY\n", "\nBAD\n", "\nGOOD\n"] {
            assert!(page.contains(heading), "{id} lacks {heading:?}");
        }
    }
}

#[test]
fn findings_do_not_depend_on_where_one_stands() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("standing");
    let other = BROKEN.replace("mesh: shop}}}", "mesh: shop}}, egressFilter: {type: DROP_ALL}}");
    for (folder, text) in [("one/deep", BROKEN), ("two", &other)] {
        fs::create_dir_all(root.join(folder)).unwrap();
        fs::write(root.join(folder).join("mesh.yaml"), text).unwrap();
    }
    let found = |cwd: &str| {
        let mut command = meshlint(&["check", "--format", "json", "-q", root.to_str().unwrap()]);
        let done = command.current_dir(root.join(cwd)).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let mut found: Vec<_> =
            findings.map(|finding| (finding["message"].to_string(), finding["severity"].to_string())).collect();
        found.sort();
        found
    };
    let all = found("");
    assert_eq!(all.len(), 2, "{all:?}");
    assert_eq!(found("one"), all);
    assert_eq!(found("one/deep"), all);
}

#[test]
fn fingerprints_and_the_paths_of_forges_do_not_depend_on_where_one_stands() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("repository");
    fs::create_dir_all(root.join(".git")).unwrap();
    fs::create_dir_all(root.join("deploy/cart")).unwrap();
    fs::write(root.join("deploy/cart/mesh.yaml"), BROKEN).unwrap();
    fs::write(root.join("deploy/cart/broken.yaml"), "apiVersion: v1\nspec: [1, 2\n").unwrap();
    let found = |cwd: &str| {
        let mut command = meshlint(&["check", "--format", "gitlab", "-q", root.to_str().unwrap()]);
        let done = command.current_dir(root.join(cwd)).output().unwrap();
        let issues: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        let issues = issues.as_array().unwrap().iter();
        let mut found: Vec<_> =
            issues.map(|issue| (issue["location"]["path"].to_string(), issue["fingerprint"].to_string())).collect();
        found.sort();
        found
    };
    let all = found("");
    let paths: Vec<&str> = all.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["\"deploy/cart/broken.yaml\"", "\"deploy/cart/mesh.yaml\""]);
    assert_eq!(found("deploy"), all);
    assert_eq!(found("deploy/cart"), all);
}

#[test]
fn fingerprints_survive_moved_lines() {
    let fingerprints = |name: &str, text: &str| {
        let done = run(&["-", "--stdin-filename", name, "--format", "json", "--min-severity", "info"], text);
        let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["fingerprint"].to_string()).collect::<Vec<_>>()
    };
    let all = fingerprints("mesh.yaml", BROKEN);
    assert_eq!(all.len(), 1);
    let moved = format!("# a comment\n\n{}", BROKEN.replace("spec:\n", "spec:\n\n  # another\n"));
    assert_eq!(fingerprints("mesh.yaml", &moved), all);
    assert_eq!(fingerprints("other/name.yaml", BROKEN), all);
    assert_ne!(fingerprints("mesh.yaml", &BROKEN.replace("name: cart", "name: card")), all);
}

#[test]
fn reports_are_written_beside_standard_output() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let names: Vec<String> = FORMATS.iter().map(|format| format.replace(':', "-")).collect();
    let files: Vec<String> =
        FORMATS.iter().zip(&names).map(|(format, name)| format!("--report={format}={name}")).collect();
    let flags: Vec<&str> = ["-", "--format", "concise"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let mut child = meshlint(&flags).current_dir(&folder).spawn().unwrap();
    child.stdin.take().unwrap().write_all(BROKEN.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{}", stderr(&done));
    for (format, name) in FORMATS.into_iter().zip(&names) {
        let written = fs::read_to_string(folder.join(name)).unwrap();
        let mut command = meshlint(&["-", "--format", format]);
        let mut child = command.current_dir(&folder).spawn().unwrap();
        child.stdin.take().unwrap().write_all(BROKEN.as_bytes()).unwrap();
        assert_eq!(written, stdout(&child.wait_with_output().unwrap()), "{format}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), FORMATS.len(), "nothing is left lying about");
}

#[test]
fn a_report_that_cannot_be_written_is_told_and_the_others_are_there() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unwritten");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("taken")).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let reports = [
        format!("--report=json={}", path("taken")),
        format!("--report=sarif={}", path("no/such/folder")),
        format!("--report=junit={}", path("junit.xml")),
    ];
    let done = run(&[&["-"], &reports.each_ref().map(String::as_str)[..]].concat(), BROKEN);
    assert_eq!(done.status.code(), Some(2));
    assert!(stdout(&done).contains("dangling-reference"));
    assert!(fs::read_to_string(path("junit.xml")).unwrap().contains("<failure"));
    let said = stderr(&done);
    assert!(said.contains("meshlint: error: cannot write the json report to"), "{said}");
    assert!(said.contains("meshlint: error: cannot write the sarif report to"), "{said}");
    assert!(said.contains("the folder of a report has to be there before"), "{said}");

    let twice = run(&["-", "--report=json=a.json", "--report=sarif=./a.json"], "");
    assert_eq!((twice.status.code(), stdout(&twice)), (Some(2), String::new()));
    assert!(stderr(&twice).contains("two reports are to be written to `a.json`"));
}

#[test]
fn the_summary_of_a_github_job_is_appended() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("step-summary.md");
    fs::write(&file, "before\n").unwrap();
    let environment = [("GITHUB_STEP_SUMMARY", file.to_str().unwrap())];
    run_with(&environment, &["-", "--format", "concise"], BROKEN);
    assert_eq!(fs::read_to_string(&file).unwrap(), "before\n");
    let done = run_with(&environment, &["-", "--format", "github"], BROKEN);
    assert_eq!(done.status.code(), Some(1));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("before\n## meshlint: 1 error\n"), "{text}");
    assert_eq!(text.trim_start_matches("before\n"), stdout(&run(&["-", "--format", "markdown"], BROKEN)));
    // A summary that cannot be written is no reason to fail.
    let done = run_with(&[("GITHUB_STEP_SUMMARY", "/no/such/file")], &["-", "--format", "github"], BROKEN);
    assert_eq!(done.status.code(), Some(1));
    assert!(stderr(&done).contains("meshlint: note: cannot write the summary of the job"));
}

#[test]
fn manual_pages_tell_every_flag() {
    let page = stdout(&run(&["man"], ""));
    assert!(page.contains(".TH meshlint 1") && page.contains("meshlint\\-explain(1)"), "{page}");
    assert!(page.contains("\\-\\-report") && page.contains(".SH INPUT"), "{page}");
    let page = stdout(&run(&["man", "route"], ""));
    assert!(page.contains(".TH meshlint-route 1") && page.contains("\\-\\-gateway"), "{page}");
    assert_eq!(run(&["man", "rout"], "").status.code(), Some(2));
}

#[test]
fn statistics_count_what_is_found() {
    let done = run(&["-", "-q", "--statistics"], BROKEN);
    assert_eq!((stdout(&done).as_str(), done.status.code()), ("1  error    dangling-reference\n", Some(1)));
    let rows: serde_json::Value =
        serde_json::from_slice(&run(&["-", "--statistics", "--format", "json"], BROKEN).stdout).unwrap();
    assert_eq!(rows[0]["count"], 1);
    assert_eq!(stdout(&run(&["-", "--statistics"], "a: 1\n")), "");
}

#[test]
fn the_phases_of_a_run_add_up() {
    let done = run(&["-", "-q", "--timings"], BROKEN);
    assert_eq!(done.status.code(), Some(1));
    let said = stderr(&done);
    let rows: Vec<(f64, &str)> = (said.lines())
        .take_while(|line| !line.starts_with("of "))
        .map(|line| line.trim().split_once(" ms  ").unwrap())
        .map(|(took, phase)| (took.parse().unwrap(), phase))
        .collect();
    let phases: Vec<&str> = rows.iter().map(|(_, phase)| *phase).collect();
    assert_eq!(phases, ["read", "understand", "judge", "finish", "report", "in all"]);
    let (all, parts) = rows.split_last().unwrap();
    let sum: f64 = parts.iter().map(|(took, _)| took).sum();
    // Each is rounded to a tenth.
    assert!((sum - all.0).abs() <= 0.4, "{said}");
    // Which rules take longest depends on the machine.
    let rules = said.lines().skip_while(|line| !line.starts_with("of `judge`")).skip(1).count();
    assert!(stdout(&run(&["-", "-q"], BROKEN)) == stdout(&done) && rules == 10, "{said}");
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(stdout(&run(&["completions", shell], "")).contains("explain"), "{shell}");
    }
}

#[test]
fn the_example_is_worth_showing() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shop");
    let done = run(&["check", "--format", "json", "--fail-on", "never", shop.to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(report["problems"].as_array().map(Vec::len), Some(0));
    let told = report["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] != "info");
    let places = told.map(|finding| {
        let label = &finding["labels"][0];
        let file = label["file"].as_str().unwrap().rsplit('/').next().unwrap();
        format!("{file}:{} {}", label["start"]["line"], finding["case"].as_str().unwrap())
    });
    // The eight rows of `examples/README.md`.
    let faults = [
        "cart.yaml:39 dangling-backend",
        "ingress.yaml:31 ref-uses-aws-name",
        "mesh.yaml:13 injection-label-missing",
        "orders.yaml:29 route-match-prefix-and-path",
        "orders.yaml:50 unknown-field",
        "orders.yaml:60 pod-multiple-virtualnodes",
        "payments.yaml:7 readonly-field-set",
        "payments.yaml:26 wrong-type",
    ];
    assert_eq!(places.collect::<Vec<_>>(), faults);
}

#[test]
fn what_dies_behind_the_gateway_is_shown_by_a_request() {
    let color = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/color");
    let done = run(&["check", "--format", "json", "--min-severity", "info", color.to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let [finding] = &report["findings"].as_array().unwrap()[..] else { panic!("{report}") };
    assert_eq!(finding["case"], "some-requests-die");
    assert_eq!(finding["witness"]["url"], "http://any.example:8088/color1");
    assert_eq!(finding["witness"]["gateway"], "color/ingress");
}

#[test]
fn fixed_standard_input_is_standard_output() {
    let faulty = BROKEN.replace("  podSelector", "  PodSelector");
    let done = run(&["--fix", "-"], &faulty);
    assert_eq!(done.status.code(), Some(1), "what remains fails");
    assert_eq!(String::from_utf8(done.stdout).unwrap(), BROKEN);
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains("dangling-reference") && told.contains("1 fixed"), "{told}");
    let done = run(&["--diff-fixes", "-"], &faulty);
    let diff = String::from_utf8(done.stdout).unwrap();
    assert!(diff.contains("\n-  PodSelector: {matchLabels: {app: cart}}\n+  podSelector:"), "{diff}");
    assert_eq!(run(&["--fix", "-"], "no mesh\n").stdout, b"no mesh\n");
}

#[test]
fn a_file_that_may_not_be_written_is_told() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("locked");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let faulty = BROKEN.replace("  podSelector", "  PodSelector");
    for name in ["locked.yaml", "open.yaml"] {
        fs::write(folder.join(name), &faulty).unwrap();
    }
    let mut rights = fs::metadata(folder.join("locked.yaml")).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(folder.join("locked.yaml"), rights).unwrap();
    let done = meshlint(&["--fix", "-q"]).current_dir(&folder).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8(done.stderr).unwrap().contains("cannot write the fixed `locked.yaml`"));
    // The same mesh in two files is mended in both.
    assert_eq!(fs::read_to_string(folder.join("open.yaml")).unwrap(), BROKEN);
    assert_eq!(fs::read_to_string(folder.join("locked.yaml")).unwrap(), faulty);
}

fn run(args: &[&str], input: &str) -> Output {
    run_with(&[], args, input)
}

fn run_with(environment: &[(&str, &str)], args: &[&str], input: &str) -> Output {
    let mut child = meshlint(args).envs(environment.iter().copied()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// The program with pipes around it and nothing of the machine's environment.
fn meshlint(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meshlint"));
    command.args(args).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn stdout(done: &Output) -> String {
    String::from_utf8(done.stdout.clone()).unwrap()
}

fn stderr(done: &Output) -> String {
    String::from_utf8(done.stderr.clone()).unwrap()
}
