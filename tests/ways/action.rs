//! The GitHub Action: its scripts, taken out of `action.yml` and run as GitHub does, red and green.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_yaml::Value;

use super::scratch::{folder, repository};
use super::shell::{bash, built, path_with, said, wheels};
use super::{VERSION, project, text, yaml};

/// What a run of the Action came to.
struct Run {
    log: String,
    code: i32,
    summary: String,
    outputs: String,
}

/// Runs the scripts in a repository, one after the other, until one fails.
fn run(root: &Path, inputs: &[(&str, &str)]) -> Run {
    run_with(root, inputs, &[built()], &[])
}

fn run_with(root: &Path, inputs: &[(&str, &str)], path: &[PathBuf], environment: &[(&str, &Path)]) -> Run {
    let action = yaml("action.yml");
    let values = values(&action, inputs);
    let runner = folder(&format!("runner-{}", root.file_name().unwrap().display()));
    let file = |name: &str| {
        let path = runner.join(name);
        fs::write(&path, "").unwrap();
        path
    };
    let (added, outputs, summary) = (file("path"), file("output"), file("summary"));
    let mut path = path.to_vec();
    let (mut log, mut code) = (String::new(), 0);
    for step in steps(&action).iter().filter(|step| step.get("run").is_some()) {
        let folder = step.get("working-directory").map_or(".".to_owned(), |one| filled(one, &values));
        let mut command = bash(step["run"].as_str().unwrap(), &root.join(folder));
        for (name, value) in step["env"].as_mapping().unwrap() {
            command.env(name.as_str().unwrap(), filled(value, &values));
        }
        command.env("RUNNER_TEMP", &runner).env("GITHUB_PATH", &added).env("GITHUB_OUTPUT", &outputs);
        command.env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_ACTIONS", "true").env("PATH", path_with(&path));
        let done = command.envs(environment.iter().copied()).output().unwrap();
        log += &said(&done);
        code = done.status.code().unwrap();
        if code != 0 {
            break;
        }
        path.splice(..0, fs::read_to_string(&added).unwrap().lines().map(PathBuf::from));
    }
    let read = |path| fs::read_to_string(path).unwrap();
    Run { log, code, summary: read(summary), outputs: read(outputs) }
}

fn steps(action: &Value) -> &Vec<Value> {
    action["runs"]["steps"].as_sequence().unwrap()
}

/// The inputs, those that are not given by their defaults, and the rest of what an expression may name.
fn values(action: &Value, inputs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        values.insert(format!("inputs.{}", name.as_str().unwrap()), input["default"].as_str().unwrap().to_owned());
    }
    values.insert("inputs.version".to_owned(), "installed".to_owned());
    for (name, value) in inputs {
        let old = values.insert(format!("inputs.{name}"), (*value).to_owned());
        assert!(old.is_some(), "there is no input `{name}`");
    }
    values.insert("github.action_path".to_owned(), project("").display().to_string());
    values
}

fn filled(value: &Value, values: &BTreeMap<String, String>) -> String {
    let expression = Regex::new(r"\$\{\{ *([a-z._-]+) *\}\}").unwrap();
    let fill = |found: &regex::Captures<'_>| values.get(&found[1]).expect("a known expression").clone();
    expression.replace_all(value.as_str().unwrap(), fill).into_owned()
}

#[test]
fn a_faulty_tree_is_red_and_a_mended_one_green() {
    let red = run(&repository("action-red", "stokc"), &[]);
    assert_eq!(red.code, 1, "{}", red.log);
    assert!(
        red.log.contains("::error title=meshlint (dangling-reference),file=deploy/cart.yaml,line=7,"),
        "{}",
        red.log
    );
    assert!(red.summary.starts_with("## meshlint: 1 error\n"), "{}", red.summary);
    assert_eq!(red.outputs, "exit-code=1\n");

    let green = run(&repository("action-green", "stock"), &[]);
    assert_eq!(green.code, 0, "{}", green.log);
    assert!(!green.log.contains("::error"), "{}", green.log);
    assert_eq!(green.outputs, "exit-code=0\n");
    assert!(green.summary.starts_with("## meshlint: "), "{}", green.summary);
}

#[test]
fn the_log_for_code_scanning_is_written_and_its_place_told() {
    let root = repository("action-sarif", "stokc");
    let done = run(&root, &[("sarif", "mesh lint.sarif"), ("working-directory", "deploy")]);
    assert_eq!(done.code, 1, "{}", done.log);
    assert_eq!(done.outputs, "exit-code=1\nsarif=deploy/mesh lint.sarif\n");
    let log: serde_json::Value =
        serde_json::from_slice(&fs::read(root.join("deploy/mesh lint.sarif")).unwrap()).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(place["uri"], "deploy/cart.yaml");
    // Who asks for nothing but the upload gets a file of its own.
    let done = run(&root, &[("upload-sarif", "true")]);
    assert!(done.outputs.ends_with("runner-action-sarif/meshlint.sarif\n"), "{}", done.outputs);
    // And where meshlint could not do what was asked, the run says so.
    let done = run(&root, &[("sarif", "no/such/folder/a.sarif")]);
    assert_eq!((done.code, done.outputs.as_str()), (2, "exit-code=2\n"), "{}", done.log);
}

#[test]
fn other_formats_bring_the_matcher_and_the_summary() {
    let root = repository("action-formats", "stokc");
    let added = Regex::new("(?m)^::add-matcher::(.*)$").unwrap();
    for format in ["concise", "human"] {
        let done = run(&root, &[("format", format)]);
        let matcher = added.captures(&done.log).unwrap()[1].to_owned();
        assert!(Path::new(&matcher).is_file(), "{matcher}");
        assert!(done.log.contains("dangling-reference]: ") && done.code == 1, "{}", done.log);
        assert!(done.summary.starts_with("## meshlint: 1 error\n"), "{}", done.summary);
    }
    let done = run(&root, &[("format", "rdjson")]);
    assert!(!done.log.contains("::add-matcher") && done.code == 1, "{}", done.log);
}

#[test]
fn paths_are_lines_and_arguments_words() {
    let root = repository("action-paths", "stokc");
    let whole = "deploy/mesh.yaml\r\ndeploy/großes lager\n\ndeploy/cart.yaml\n";
    let count = |inputs: &[(&str, &str)]| {
        let done = run(&root, inputs);
        (done.code, Regex::new(r"in (\d+) resources").unwrap().captures(&done.log).map(|found| found[1].to_owned()))
    };
    assert_eq!(count(&[("paths", whole)]), (1, Some("4".to_owned())));
    assert_eq!(count(&[("paths", "deploy/großes lager"), ("args", "")]), (0, Some("2".to_owned())));
    assert_eq!(count(&[("args", "--fail-on never\n --ignore  schema")]), (0, Some("4".to_owned())));
    assert_eq!(count(&[("args", "--only deploy/mesh.yaml"), ("paths", "")]).0, 0);
    assert_eq!(count(&[("args", "--fail-on")]).0, 2);
    assert_eq!(count(&[("working-directory", "deploy"), ("paths", "cart.yaml\nmesh.yaml")]), (1, Some("2".to_owned())));
}

#[test]
fn nothing_that_comes_from_outside_is_carried_out() {
    let root = repository("action-injection", "stock");
    let evil =
        ["$(touch pwned)`touch pwned`", "; touch pwned;", "\"; touch pwned; \"\n touch pwned\n", "a[$(touch pwned)]"];
    for (input, text) in
        ["paths", "args", "format", "sarif", "upload-sarif"].iter().flat_map(|one| evil.map(|two| (*one, two)))
    {
        let _ = run(&root, &[(input, text)]);
        assert!(!root.join("pwned").exists(), "{input}: {text}");
    }
    for script in steps(&yaml("action.yml")).iter().filter_map(|step| step["run"].as_str()) {
        assert!(!script.contains("${{"), "an expression in a script is text that is carried out");
    }
}

#[test]
fn every_input_is_used_and_every_expression_known() {
    let (action, source) = (yaml("action.yml"), text("action.yml"));
    for (name, _) in action["inputs"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        assert!(source.contains(&format!("inputs.{name} ")), "{name}");
        assert!(text("docs/github.md").contains(&format!("| `{name}` |")), "{name}");
    }
    for (name, _) in action["outputs"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        assert!(source.contains(&format!("echo \"{name}=")), "{name}");
        assert!(text("docs/github.md").contains(&format!("`{name}`")), "{name}");
    }
    let upload = steps(&action).last().unwrap();
    assert!(upload["if"].as_str().unwrap().contains("!cancelled()"), "what was found fails the step before");
}

#[test]
fn the_wheel_of_its_own_version_is_installed() {
    let Some(wheels) = wheels() else { return };
    let root = repository("action-wheel", "stokc");
    let index = [("PIP_FIND_LINKS", wheels.as_path()), ("PIP_NO_INDEX", Path::new("1"))];
    for version in ["", VERSION] {
        let done = run_with(&root, &[("version", version)], &[], &index);
        assert!(done.log.starts_with(&format!("meshlint {VERSION}\n")), "{}", done.log);
        assert_eq!(done.outputs, "exit-code=1\n", "{}", done.log);
    }
    let done = run_with(&root, &[("version", "0.0.1")], &[], &index);
    assert!(done.code == 2 && done.log.contains("there is no wheel of meshlint 0.0.1"), "{}", done.log);
}
