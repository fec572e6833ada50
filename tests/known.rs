//! What was known before: the baseline, and findings since a revision, in scratch repositories whose files are moved,
//! renamed and reformatted.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A router with two faults: a field that is none, and a protocol that is none.
const CART: &str = "\
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata:
  name: cart
  namespace: shop
spec:
  color: blue
  listeners:
    - portMapping: {port: 8080, protocol: htp}
";

/// The same, written otherwise.
const REFORMATTED: &str = "\
# Ours.
---
{apiVersion: appmesh.k8s.aws/v1beta2, kind: VirtualRouter, metadata: {namespace: shop, name: \"cart\"},
 spec: {listeners: [{portMapping: {protocol: 'htp', port: 8080}}],
        color: blue}}
";

/// A scratch repository.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("known").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let repository = Self(folder);
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    fn git(&self, args: &[&str]) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Ann", "-c", "user.email=ann@shop.example", "-c", "commit.gpgsign=false"]);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        let done = command.args(args).current_dir(&self.0).output().unwrap();
        assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "A state"]);
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::create_dir_all(self.0.join(to).parent().unwrap()).unwrap();
        fs::rename(self.0.join(from), self.0.join(to)).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_meshlint"));
        command.env("SOURCE_DATE_EPOCH", "1798761600").env("MESHLINT_FORMAT", "");
        command.args(args).current_dir(&self.0).output().unwrap()
    }

    /// Rule and value line of what is reported.
    fn found(&self, args: &[&str]) -> Vec<String> {
        let done = self.run(&[&["check", "--format", "concise", "-q"], args].concat());
        assert!(done.status.code() < Some(2), "{}", String::from_utf8_lossy(&done.stderr));
        let told = String::from_utf8(done.stdout).unwrap();
        let told = told.lines().filter(|line| !line.contains(": note["));
        told.map(|line| line.split(['[', ']']).nth(1).unwrap().to_owned()).collect()
    }

    fn new_ones(&self) -> Vec<String> {
        self.found(&["--since", "HEAD", "--no-baseline"])
    }
}

fn code(done: &Output) -> i32 {
    done.status.code().unwrap()
}

fn said(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout)
}

#[test]
fn nothing_is_new_where_nothing_but_places_has_changed() {
    let all = ["unknown-field", "unknown-value"];
    for (name, change) in [
        ("as-it-was", (|_: &Repository| {}) as fn(&Repository)),
        ("renamed", |one| one.rename("mesh/cart.yaml", "mesh/basket.yml")),
        ("moved", |one| one.rename("mesh/cart.yaml", "deploy/app/cart.yaml")),
        ("reformatted", |one| one.write("mesh/cart.yaml", REFORMATTED)),
        ("moved-and-reformatted", |one| {
            fs::remove_file(one.0.join("mesh/cart.yaml")).unwrap();
            one.write(
                "deploy/all.yaml",
                &format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop}}\n{REFORMATTED}")
                    .replace("# Ours.\n", ""),
            );
        }),
        ("lines-above", |one| one.write("mesh/cart.yaml", &format!("# one\n# two\n\n{CART}"))),
        ("another-item-before", |one| {
            let text = CART.replace("listeners:\n", "listeners:\n    - portMapping: {port: 80, protocol: http}\n");
            one.write("mesh/cart.yaml", &text);
        }),
    ] {
        let repository = Repository::new(&format!("since-{name}"));
        repository.write("mesh/cart.yaml", CART);
        repository.commit();
        let done = repository.run(&["baseline"]);
        assert_eq!(code(&done), 0, "{name}: {}", said(&done));
        change(&repository);
        let mut found = repository.found(&["--no-baseline"]);
        found.sort();
        assert_eq!(found, all, "{name}");
        assert_eq!(repository.new_ones(), [""; 0], "{name}");
        assert_eq!(repository.found(&[]), [""; 0], "{name}: baseline");
    }
}

#[test]
fn what_is_new_is_told_wherever_it_is() {
    for (name, change, expected) in [
        (
            "another-field",
            (|one: &Repository| one.write("mesh/cart.yaml", &CART.replace("  color", "  shade: dark\n  color")))
                as fn(&Repository),
            vec!["unknown-field"],
        ),
        ("another-value", |one| one.write("mesh/cart.yaml", &CART.replace("htp", "htpp")), vec!["unknown-value"]),
        (
            "in-a-renamed-file",
            |one| {
                fs::remove_file(one.0.join("mesh/cart.yaml")).unwrap();
                one.write("mesh/basket.yaml", &CART.replace("  color", "  shade: dark\n  color"));
            },
            vec!["unknown-field"],
        ),
        (
            "another-resource",
            |one| one.write("mesh/stock.yaml", &CART.replace("cart", "stock")),
            vec!["unknown-field", "unknown-value"],
        ),
        ("broken", |one| one.write("mesh/cart.yaml", &CART.replace("htp}", "htp")), vec!["syntax"]),
    ] {
        let repository = Repository::new(&format!("new-{name}"));
        repository.write("mesh/cart.yaml", CART);
        repository.commit();
        assert_eq!(code(&repository.run(&["baseline"])), 0);
        change(&repository);
        let mut found = repository.new_ones();
        found.sort();
        assert_eq!(found, expected, "{name}");
        let mut found = repository.found(&[]);
        found.sort();
        assert_eq!(found, expected, "{name}: baseline");
    }
}

#[test]
fn environments_do_not_pay_for_one_another() {
    let repository = Repository::new("environments");
    let sound = CART.replace("  color: blue\n", "").replace("htp", "http");
    repository.write("test/cart.yaml", CART);
    repository.write("live/cart.yaml", &sound);
    repository.commit();
    assert_eq!(code(&repository.run(&["baseline"])), 0);
    repository.write("test/cart.yaml", &sound);
    repository.write("live/cart.yaml", CART);
    for mut found in [repository.new_ones(), repository.found(&[])] {
        found.retain(|rule| rule != "several-states");
        found.sort();
        assert_eq!(found, ["unknown-field", "unknown-value"]);
    }
}

#[test]
fn a_revision_is_read_as_it_would_have_been_walked() {
    let repository = Repository::new("ignored-files");
    repository.write("mesh/cart.yaml", &CART.replace("cart", "stock"));
    repository.write("vendor/cart.yaml", CART);
    repository.write("vendor/.gitignore", "*\n");
    repository.git(&["add", "--all", "--force"]);
    repository.commit();
    // It was there, and nobody read it.
    fs::remove_file(repository.0.join("vendor/.gitignore")).unwrap();
    assert_eq!(repository.new_ones().len(), 2);
    assert_eq!(repository.found(&["--since", "HEAD", "--no-gitignore"]).len(), 0);
    assert_eq!(repository.found(&["mesh", "--since", "HEAD"]).len(), 0);
}

#[test]
fn an_ignore_that_went_brings_its_finding_back() {
    let repository = Repository::new("ignore-went");
    repository.write("mesh/cart.yaml", &CART.replace("blue", "blue # meshlint: ignore[unknown-field]"));
    repository.commit();
    repository.write("mesh/cart.yaml", CART);
    assert_eq!(repository.new_ones(), ["unknown-field"]);
}

#[test]
fn what_a_repository_asks_for_is_not_run() {
    let repository = Repository::new("hooks");
    repository.write("mesh/cart.yaml", CART);
    repository.write(".gitattributes", "*.yaml filter=evil diff=evil\n");
    repository.commit();
    let trap = repository.0.join("trapped");
    let order = format!("touch {}", trap.display());
    for key in ["core.fsmonitor", "diff.external", "filter.evil.smudge", "diff.evil.textconv", "core.pager"] {
        repository.git(&["config", key, &order]);
    }
    assert_eq!(repository.new_ones(), [""; 0]);
    assert!(!trap.exists());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let repository = Repository::new("refused");
    repository.write("mesh/cart.yaml", CART);
    repository.commit();
    for revision in ["no-such-branch", "--help", ""] {
        let done = repository.run(&["check", &format!("--since={revision}")]);
        assert_eq!(code(&done), 2, "{revision}: {}", said(&done));
    }
    let done = repository.run(&["check", "-", "--since", "HEAD"]);
    assert_eq!(code(&done), 2);
    let mut command = Command::new(env!("CARGO_BIN_EXE_meshlint"));
    command.args(["check", "--since", "HEAD"]).current_dir(&repository.0).env("PATH", "/nowhere");
    let done = command.output().unwrap();
    assert!(code(&done) == 2 && said(&done).contains("git cannot be started"), "{}", said(&done));
    let outside = std::env::temp_dir().join(format!("meshlint-known-{}", std::process::id()));
    fs::create_dir_all(&outside).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_meshlint"));
    let done = command.args(["check", "--since", "HEAD"]).current_dir(&outside).output().unwrap();
    fs::remove_dir_all(&outside).unwrap();
    assert!(code(&done) == 2 && said(&done).contains("not a git repository"), "{}", said(&done));
}

#[test]
fn a_baseline_takes_in_what_is_new_only_if_asked() {
    let repository = Repository::new("renewed");
    let file = repository.0.join(".meshlint-baseline.json");
    let known = || -> Value { serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap() };
    repository.write("mesh/cart.yaml", CART);
    let done = repository.run(&["baseline"]);
    assert_eq!((code(&done), said(&done)), (0, "`.meshlint-baseline.json` knows 2 findings\n".to_owned()));
    let schema = serde_json::from_str(include_str!("../schema/baseline-v1.json")).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&known()));
    assert_eq!(known()["findings"][0]["since"], "2027-01-01");
    let first = fs::read(&file).unwrap();
    assert_eq!(code(&repository.run(&["baseline"])), 0);
    assert_eq!(fs::read(&file).unwrap(), first, "the same findings give the same bytes");
    assert!(said(&repository.run(&["check"])).contains("owed to the baseline: 2 errors, the oldest since 2027-01-01"));

    repository.write("mesh/cart.yaml", &CART.replace("color", "shade"));
    let done = repository.run(&["baseline"]);
    assert_eq!(code(&done), 1, "{}", said(&done));
    assert!(said(&done).contains("1 not found any more: --prune removes them; 1 new and not in it"), "{}", said(&done));
    assert_eq!(fs::read(&file).unwrap(), first);
    assert!(said(&repository.run(&["check"])).contains("1 finding of the baseline is gone"));
    assert_eq!(code(&repository.run(&["baseline", "--prune", "--accept-new"])), 0);
    let paths: Vec<_> = known()["findings"].as_array().unwrap().iter().map(|one| one["path"].to_string()).collect();
    assert_eq!(paths, ["\"/spec/listeners/[8080]/portMapping/protocol\"", "\"/spec/shade\""]);
    assert_eq!(repository.found(&[]), [""; 0]);
}

#[test]
fn a_part_of_the_project_leaves_the_rest_of_the_baseline_alone() {
    let repository = Repository::new("part");
    repository.write("a/cart.yaml", CART);
    repository.write("b/stock.yaml", &CART.replace("cart", "stock"));
    assert_eq!(code(&repository.run(&["baseline"])), 0);
    let done = repository.run(&["check", "a"]);
    assert!(code(&done) == 0 && !said(&done).contains("gone"), "{}", said(&done));
    assert_eq!(code(&repository.run(&["baseline", "a", "--prune"])), 0);
    assert_eq!(repository.found(&[]), [""; 0]);
}

#[test]
fn what_is_no_baseline_is_refused_with_its_place() {
    let repository = Repository::new("unreadable");
    repository.write("mesh/cart.yaml", CART);
    let refused = |args: &[&str]| {
        let done = repository.run(args);
        assert_eq!(code(&done), 2, "{}", said(&done));
        said(&done)
    };
    assert!(refused(&["check", "--baseline", "gone.json"]).contains("`gone.json` cannot be read: no such file"));
    repository.write(".meshlint-baseline.json", "{\"version\": 1,\n \"findings\": [{\"rule\": 1}]}");
    assert!(refused(&["check"]).contains(".meshlint-baseline.json:2:"));
    assert!(refused(&["baseline"]).contains(".meshlint-baseline.json:2:"));
    repository.write(".meshlint-baseline.json", "{\"version\": 7, \"findings\": []}");
    assert!(refused(&["check"]).contains("version 7 is not known"));
    assert_eq!(code(&repository.run(&["check", "--no-baseline"])), 1);
}

#[test]
fn comments_are_written_and_nothing_else_changes() {
    let repository = Repository::new("add-ignores");
    let text = CART.replace('\n', "\r\n");
    repository.write("mesh/cart.yaml", &text);
    repository.write("mesh/stock.json", "{\"apiVersion\": \"appmesh.k8s.aws/v1beta2\", \"kind\": \"VirtualRouter\",\n \"metadata\": {\"name\": \"stock\", \"namespace\": \"shop\"}, \"spec\": {\"color\": 1, \"listeners\": [{\"portMapping\": {\"port\": 80, \"protocol\": \"http\"}}]}}\n");
    let done = repository.run(&["check", "mesh", "--add-ignores=for the drill"]);
    assert_eq!(code(&done), 1, "what is left in JSON");
    assert!(said(&done).contains("2 findings ignored by comments in 1 file"), "{}", said(&done));
    assert!(
        said(&done).contains("`mesh/stock.json`: 1 finding is not ignored: JSON takes no comments"),
        "{}",
        said(&done)
    );
    let written = fs::read_to_string(repository.0.join("mesh/cart.yaml")).unwrap();
    let expected = text
        .replace("color: blue", "color: blue  # meshlint: ignore[unknown-field] for the drill")
        .replace("htp}", "htp}  # meshlint: ignore[unknown-value] for the drill");
    assert_eq!(written, expected);
    assert_eq!(repository.found(&["mesh/cart.yaml"]), [""; 0]);
    repository.run(&["check", "mesh", "--add-ignores"]);
    assert_eq!(fs::read_to_string(repository.0.join("mesh/cart.yaml")).unwrap(), expected);
}
