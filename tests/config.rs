//! Configurations on the disk, and what they change in a run.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use meshlint::engine::{Levels, Outcome, Settings, check, load_config};
use meshlint::finding::{Silencer, Status};
use meshlint::source::{Input, Request};

const MESH: &str = "\
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: {name: shop}
spec: {namespaceSelector: {matchLabels: {mesh: shop}}}
";

const NAMESPACE: &str = "\
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {mesh: shop, appmesh.k8s.aws/sidecarInjectorWebhook: enabled}}
";

fn node(name: &str, backend: &str) -> String {
    format!(
        "---\napiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualNode\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  \
         podSelector: {{matchLabels: {{app: {name}}}}}\n  backends:\n    - virtualService: {{virtualServiceRef: {{name: {backend}}}}}\n"
    )
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("config-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::canonicalize(folder).unwrap()
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Checks a folder by its `meshlint.yaml`.
fn run(folder: &Path, flags: &[&str]) -> Outcome {
    let loaded = load_config(folder, &folder.join("meshlint.yaml")).unwrap();
    assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
    let flags: Vec<_> = flags.iter().map(|&flag| flag.to_owned()).collect();
    let levels = Levels::new(&flags).unwrap();
    let settings = Settings { config: Arc::new(loaded.config), levels, threads: 1, ..Settings::default() };
    check(&Request::new(vec![Input::Path(folder.to_owned())]), folder, &settings)
}

/// What is found, as `file severity rule status`.
fn found(outcome: &Outcome) -> Vec<String> {
    let all = outcome.findings.iter().map(|one| {
        let file = &outcome.sources.file(one.place().file).name;
        format!("{file} {} {} {}", one.severity, one.rule, one.status.word())
    });
    all.collect()
}

#[test]
fn entries_for_files_and_resources_count() {
    let folder = folder("entries");
    write(&folder, "a.yaml", &format!("{MESH}{NAMESPACE}{}", node("cart", "stock")));
    write(&folder, "legacy/b.yaml", &node("old", "gone"));
    let config = |text: &str| write(&folder, "meshlint.yaml", text);
    let both = ["a.yaml error dangling-reference active", "legacy/b.yaml error dangling-reference active"];
    config("");
    assert_eq!(found(&run(&folder, &[])), both);
    config("per-file: [{files: legacy, ignore: references, reason: frozen}]\n");
    let outcome = run(&folder, &[]);
    assert_eq!(found(&outcome), [both[0], "legacy/b.yaml error dangling-reference ignored"]);
    assert_eq!(
        outcome.findings[1].status,
        Status::Ignored { reason: Some("frozen".to_owned()), by: Silencer::Configuration }
    );
    assert_eq!((outcome.summary.error, outcome.summary.ignored), (1, 1));
    let softer = "per-file: [{files: legacy, rules: {dangling-reference: off}}, {files: legacy, rules: {dangling-reference: info}}]\n";
    config(softer);
    assert_eq!(found(&run(&folder, &[])), [both[0], "legacy/b.yaml info dangling-reference active"]);
    assert_eq!(found(&run(&folder, &["dangling-reference=error"])), both, "a flag counts before");
    config("per-file: [{files: legacy, rules: {dangling-reference/dangling-backend: off}}]\n");
    assert_eq!(found(&run(&folder, &[])), both[..1]);
    config("resources: [{match: {kind: Virtual*, name: c*t}, ignore: dangling-reference}]\n");
    assert_eq!(found(&run(&folder, &[])), ["a.yaml error dangling-reference ignored", both[1]]);
    config("resources: [{match: {kind: VirtualNode, namespace: other}, ignore: all}]\n");
    assert_eq!(found(&run(&folder, &[])), both);
}

#[test]
fn what_is_said_to_be_elsewhere_does_not_dangle() {
    let folder = folder("external");
    write(&folder, "a.yaml", &format!("{MESH}{NAMESPACE}{}", node("cart", "stock")));
    for (entry, count) in [
        ("{kind: VirtualService, namespace: shop, name: stock}", 0),
        ("{kind: VirtualService, name: \"st*k\"}", 0),
        ("{namespace: shop}", 0),
        ("{kind: Mesh, name: other}", 1),
        ("{kind: VirtualService, namespace: sales, name: stock}", 1),
        ("{kind: VirtualRouter, namespace: shop, name: stock}", 1),
    ] {
        write(&folder, "meshlint.yaml", &format!("external: [{entry}]\n"));
        assert_eq!(run(&folder, &[]).findings.len(), count, "{entry}");
    }
    // Nothing is known of the namespace, unless it is said.
    write(&folder, "a.yaml", &format!("{MESH}{}", node("cart", "stock")));
    for (text, count) in [("", 0), ("world: closed\n", 1), ("world: open\n", 0)] {
        write(&folder, "meshlint.yaml", text);
        let dangling = found(&run(&folder, &[])).iter().filter(|one| one.contains("dangling")).count();
        assert_eq!(dangling, count, "{text}");
    }
}

#[test]
fn scopes_are_as_they_are_said() {
    let folder = folder("scopes");
    for (env, backend) in [("dev", "stock"), ("prod", "goods")] {
        write(&folder, &format!("envs/{env}/eu/a.yaml"), &format!("{MESH}{NAMESPACE}{}", node("cart", backend)));
    }
    write(&folder, "envs/prod/extra.yaml", &node("more", "cart"));
    let scopes = |text: &str| {
        write(&folder, "meshlint.yaml", text);
        let outcome = run(&folder, &[]);
        let names: Vec<_> = outcome.scopes.iter().map(|one| format!("{}: {}", one.name, one.reason)).collect();
        (names, outcome.notes.iter().filter(|note| note.path.starts_with("meshlint.yaml")).count())
    };
    let said = |name: &str, line: u32| format!("{name}: configured at meshlint.yaml:{line}");
    assert_eq!(scopes("scopes: [envs/*]\n"), (vec![said("envs/dev", 1), said("envs/prod", 1)], 0));
    assert_eq!(scopes("scopes:\n  - envs\n  - ./envs/prod/\n  - none\n").0, [said("envs", 2), said("envs/prod", 3)]);
    assert_eq!(scopes("scopes:\n  - none\n").1, 1);
    let named = "scopes: [{name: all of it, files: [envs/dev, envs/prod/**]}]\n";
    assert_eq!(scopes(named).0, [said("all of it", 1)]);
    let guessed = scopes("").0;
    assert!(
        guessed[0].starts_with("envs/dev: virtual node `cart` is defined differently at envs/dev/eu/a.yaml:"),
        "{guessed:?}"
    );
}

#[test]
fn a_configuration_says_what_is_different_from_another_one() {
    let folder = folder("extends");
    write(&folder, "meshlint.yaml", "extends: base/meshlint.yaml\nfail-on: info\nrules: {shadowed-route: info}\n");
    write(&folder, "base/meshlint.yaml", "extends: ../more.yaml\nfail-on: never\nrules: {shadowed-route: error}\n");
    write(&folder, "more.yaml", "exclude: [vendor]\nexternal: [{namespace: a}]\n");
    let loaded = load_config(&folder, &folder.join("meshlint.yaml")).unwrap();
    assert!(loaded.faults.is_empty());
    let config = loaded.config;
    assert_eq!(config.files, ["meshlint.yaml", "base/meshlint.yaml", "more.yaml"]);
    assert_eq!(config.fail_on.unwrap().value, "info");
    let levels: Vec<_> = config.rules.iter().map(|said| (&*said.value.level, said.at.to_string())).collect();
    assert_eq!(levels, [("error", "base/meshlint.yaml:3".to_owned()), ("info", "meshlint.yaml:3".to_owned())]);
    let exclude = config.exclude.unwrap();
    assert!(exclude.value.globs.matches(&folder.join("vendor/a.yaml")), "seen from the folder of the project");
    assert_eq!(exclude.at.to_string(), "more.yaml:1");

    let faults = |text: &str| {
        write(&folder, "more.yaml", text);
        let loaded = load_config(&folder, &folder.join("meshlint.yaml")).unwrap();
        let place = |one: &meshlint::finding::Finding| loaded.sources.file(one.place().file).name.clone();
        loaded.faults.iter().map(|one| format!("{} {}", place(one), one.case)).collect::<Vec<_>>()
    };
    assert_eq!(faults("extends: meshlint.yaml\n"), ["more.yaml circular-extends"]);
    assert_eq!(faults("extends: nowhere.yaml\n"), ["more.yaml missing-file"]);
    assert_eq!(faults("extend: base\n"), ["more.yaml unknown-key"]);
    assert!(load_config(&folder, &folder.join("nowhere.yaml")).is_err());
}

#[test]
fn quotas_are_what_the_account_has() {
    let folder = folder("quotas");
    let text: String = (0..3).map(|at| MESH.replace("shop", &format!("m{at}")) + "---\n").collect();
    write(&folder, "a.yaml", &text);
    for (config, expected) in
        [("", None), ("rules: {over-quota: {meshes: 2}}\n", Some("more than 2 meshes, which is the quota"))]
    {
        write(&folder, "meshlint.yaml", config);
        let outcome = run(&folder, &[]);
        let quota = outcome.findings.iter().find(|one| one.rule == "over-quota");
        assert_eq!(quota.map(|one| one.message.trim_start_matches("there are ")), expected);
    }
}

#[test]
fn a_file_to_begin_with_is_written_once() {
    let folder = folder("init");
    let meshlint = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_meshlint"));
        command.args(args).current_dir(&folder).env("MESHLINT_FORMAT", "").output().unwrap()
    };
    assert_eq!(meshlint(&["init"]).status.code(), Some(0));
    let text = fs::read_to_string(folder.join("meshlint.yaml")).unwrap();
    assert!(text.contains("# fail-on: error\n"));
    let checked = meshlint(&["check", "--verbose"]);
    assert_eq!(checked.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&checked.stderr).contains("configured by `meshlint.yaml`"), "{checked:?}");
    write(&folder, "meshlint.yaml", "fail-on: never\n");
    assert_eq!(meshlint(&["init"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.join("meshlint.yaml")).unwrap(), "fail-on: never\n");
    // What counts can be read again as a configuration.
    let shown = meshlint(&["config", "--severity", "over-quota=off", "--exclude", "*.json"]);
    write(&folder, "shown.yaml", &String::from_utf8(shown.stdout).unwrap());
    let loaded = load_config(&folder, &folder.join("shown.yaml")).unwrap();
    assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
    assert_eq!(loaded.config.fail_on.unwrap().value, "never");
}
