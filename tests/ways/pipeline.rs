//! The jobs for other pipelines: their scripts, taken out and run, red and green.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use regex::Regex;
use serde_yaml::Value;

use super::scratch::{folder, repository};
use super::shell::{bash, path_with, said, wheels};
use super::{text, yaml};

/// Holds a script against a faulty repository and a mended one: what it exits with, what it says, what it leaves behind.
fn red_and_green(name: &str, reports: &[&str], hint: &str, run: impl Fn(&Path) -> Output) {
    for (backend, code) in [("stokc", 1), ("stock", 0)] {
        let root = repository(&format!("{name}-{backend}"), backend);
        let done = run(&root);
        assert_eq!(done.status.code(), Some(code), "{}", said(&done));
        assert_eq!(said(&done).contains(hint), code == 1, "{}", said(&done));
        for report in reports {
            let text = fs::read_to_string(root.join(report)).unwrap();
            assert_eq!(text.contains("dangling-reference"), code == 1, "{report}: {text}");
        }
    }
}

fn lines(value: &Value) -> String {
    value.as_sequence().unwrap().iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The script of the job for GitLab with its variables.
fn gitlab(root: &Path, variables: &[(&str, &str)]) -> Output {
    let job = &yaml("ci/gitlab.yml")["meshlint"];
    let mut command = bash(&lines(&job["script"]), root);
    for (name, value) in job["variables"].as_mapping().unwrap() {
        command.env(name.as_str().unwrap(), value.as_str().unwrap());
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

#[test]
fn gitlab_is_red_and_green() {
    red_and_green("gitlab", &["gl-code-quality-report.json", "meshlint.xml"], "error[dangling-reference]", |root| {
        gitlab(root, &[])
    });
    let root = repository("gitlab-variables", "stokc");
    let done =
        gitlab(&root, &[("MESHLINT_ARGS", "--fail-on never"), ("MESHLINT_PATHS", "deploy/cart.yaml deploy/mesh.yaml")]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(said(&done).contains("in 2 resources (2 files)"), "{}", said(&done));
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(root.join("gl-code-quality-report.json")).unwrap()).unwrap();
    assert_eq!(report[0]["location"]["path"], "deploy/cart.yaml");
}

#[test]
fn gitlab_keeps_what_its_script_writes() {
    let job = &yaml("ci/gitlab.yml")["meshlint"];
    let script = lines(&job["script"]);
    for (kind, format) in [("codequality", "gitlab"), ("junit", "junit")] {
        let file = job["artifacts"]["reports"][kind].as_str().unwrap();
        assert!(script.contains(&format!("--report {format}={file}")), "{file}");
    }
    assert_eq!(job["artifacts"]["when"], "always", "what was found fails the script");
}

#[test]
fn gitlab_installs_the_wheel() {
    let Some(wheels) = wheels() else { return };
    let home = folder("gitlab-python");
    assert!(Command::new("python3").args(["-m", "venv"]).arg(&home).status().unwrap().success());
    let job = &yaml("ci/gitlab.yml")["meshlint"];
    let mut command = bash(&format!("{}\ncommand -v meshlint", lines(&job["before_script"])), &home);
    command.env("MESHLINT_VERSION", job["variables"]["MESHLINT_VERSION"].as_str().unwrap());
    command.env("PATH", path_with(&[home.join("bin")])).env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", wheels);
    let done = command.output().unwrap();
    assert!(said(&done).ends_with("gitlab-python/bin/meshlint\n"), "{}", said(&done));
}

/// The first block of a page in a language.
fn block(page: &str, language: &str) -> String {
    let page = text(page);
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn azure_is_red_and_green() {
    let pipeline: Value = serde_yaml::from_str(&block("docs/azure.md", "yaml")).unwrap();
    let scripts: Vec<_> =
        pipeline["steps"].as_sequence().unwrap().iter().filter_map(|step| step["script"].as_str()).collect();
    let script = scripts.iter().find(|script| script.contains("meshlint check")).unwrap();
    red_and_green("azure", &["meshlint.xml"], "##vso[task.logissue type=error;sourcepath=deploy/cart.yaml;", |root| {
        bash(script, root).output().unwrap()
    });
}

#[test]
fn jenkins_is_red_and_green() {
    let page = block("docs/jenkins.md", "groovy");
    let script = Regex::new(r"sh '(meshlint check[^']*)'").unwrap().captures(&page).unwrap()[1].to_owned();
    red_and_green("jenkins", &["meshlint.xml", "meshlint-checkstyle.xml"], "error[dangling-reference]", |root| {
        bash(&script, root).output().unwrap()
    });
    for report in ["meshlint.xml", "meshlint-checkstyle.xml"] {
        assert_eq!(page.matches(report).count(), 2, "{report} is written and read");
    }
}
