//! The hooks of pre-commit: which files they look at, and that every pin names this version.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use regex::Regex;
use serde_yaml::Value;

use super::scratch::{folder, meshlint, stdout, write};
use super::{VERSION, text, yaml};

const FILES: [&str; 2] = [".pre-commit-hooks.yaml", "hooks/python/.pre-commit-hooks.yaml"];

/// What the program prints when it is fed a text.
pub(crate) fn fed(folder: &Path, args: &[&str], input: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_meshlint"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    stdout(&child.wait_with_output().unwrap())
}

fn hooks() -> Vec<Value> {
    FILES.iter().flat_map(|path| yaml(path).as_sequence().unwrap().clone()).collect()
}

#[test]
fn hooks_look_at_every_name_that_is_read() {
    // A template of Jinja is read by nobody before it is rendered; that it changed is a reason to look all the same.
    let looked_at_only = ["mesh.yaml.j2", "mesh.json.j2"];
    let names = [
        "mesh.yaml",
        "MESH.YML",
        "a b.json",
        "größe.yaml",
        "mesh.yaml.template",
        "mesh.yml.tpl",
        "base.template.yaml",
        "mesh.template",
        "_helpers.tpl",
        "mesh.yaml.tmpl",
        "mesh.json.in",
        ".mesh.yaml",
        "deploy/v1/mesh.yaml",
        "shop.meshlint-test.yaml",
        "yaml",
        "mesh.yaml~",
        "a.jsonnet",
        "config.in",
        "a.tmpl",
        "a.yaml.",
        "a.j2",
        "README.md",
        "yaml.rs",
        "mesh.yaml.bak",
        "mesh-yaml",
    ];
    let root = folder("names");
    for (number, name) in names.iter().chain(&looked_at_only).enumerate() {
        let identity = format!("kind: Mesh\nmetadata: {{name: shop-{number}}}\n");
        write(&root, name, &format!("apiVersion: appmesh.k8s.aws/v1beta2\n{identity}spec: {{a: 1}}\n"));
    }
    let done = meshlint(&root, &["check", "-q", "--format", "json", "--select", "unknown-field"]);
    let report: serde_json::Value = serde_json::from_str(&stdout(&done)).unwrap();
    let read = |name: &str| report["findings"].as_array().unwrap().iter().any(|one| one["labels"][0]["file"] == *name);
    assert!(read("mesh.yaml") && !read("README.md"));
    for hook in hooks() {
        let files = Regex::new(hook["files"].as_str().unwrap()).unwrap();
        // Tests are read by another command, and are YAML like the rest.
        for name in names.iter().filter(|name| !name.contains("-test")) {
            assert_eq!(files.is_match(name), read(name), "{name}");
        }
        assert!(looked_at_only.iter().chain(&["shop.meshlint-test.yaml"]).all(|name| files.is_match(name)));
    }
}

#[test]
fn a_hook_that_takes_no_names_judges_all_and_the_other_tells_only_of_them() {
    for hook in hooks() {
        let id = hook["id"].as_str().unwrap();
        let takes_names = hook["pass_filenames"].as_bool().unwrap_or(true);
        assert_eq!(takes_names, id.ends_with("-changed"), "{id}");
        let entry = if takes_names { "meshlint check --only" } else { "meshlint check" };
        assert_eq!(hook["entry"], entry, "{id}");
        assert_eq!(hook["require_serial"], true, "{id}");
    }
}

#[test]
fn every_pin_names_this_version() {
    let pins = Regex::new(r"meshlint==([0-9][^\s\x22'\]`]*)").unwrap();
    for (path, pin) in [
        ("hooks/python/pyproject.toml", format!("dependencies = [\"meshlint=={VERSION}\"]")),
        ("hooks/python/pyproject.toml", format!("\nversion = \"{VERSION}\"")),
        ("ci/gitlab.yml", format!("MESHLINT_VERSION: \"{VERSION}\"")),
        ("docs/pre-commit.md", format!("meshlint=={VERSION}")),
        ("docs/jenkins.md", format!("meshlint=={VERSION}")),
        ("docs/azure.md", format!("meshlint=={VERSION}")),
    ] {
        assert!(text(path).contains(&pin), "{path}: {pin}");
        assert!(pins.captures_iter(&text(path)).all(|pin| pin[1] == *VERSION), "{path}");
    }
}
