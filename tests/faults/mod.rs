//! Twenty faults that tools for manifests are compared by: each is found in a mesh that is otherwise without one.
//!
//! `base.yaml` is that mesh. Every other file holds a fault: its objects stand in for those of the same kind and name
//! in the base, and carry the marks of what is found.
//!
//! `template/` holds templates of CloudFormation with faults among what only looks like one, and `spellings/` one mesh
//! with five faults in three spellings: what is found is the same in all of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;

use crate::marks::Project;

const BASE: &str = include_str!("base.yaml");

/// Judges the base, which has no fault, or a fault in it.
pub(crate) fn judge(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let mut project = Project::default();
    if text == BASE {
        project.add("base.yaml".to_owned(), text);
        return if project.has_marks() {
            Err(Failed::from("the base has marks"))
        } else {
            project.judge().map_err(Failed::from)
        };
    }
    let mut rest = documents(BASE);
    for fault in documents(&text).keys() {
        rest.remove(fault).ok_or_else(|| format!("{fault:?} is not in the base"))?;
    }
    project.add("base.yaml".to_owned(), rest.into_values().collect::<Vec<_>>().join("\n---\n"));
    project.add("fault.yaml".to_owned(), text);
    if !project.has_marks() {
        return Err(Failed::from("a fault marks what is found"));
    }
    project.judge().map_err(Failed::from)
}

/// The documents of a stream by kind and name.
fn documents(text: &str) -> BTreeMap<(String, String), String> {
    let value = |part: &str, key: &str| part.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("").to_owned();
    let identity = |part: &str| (value(part, "kind: "), value(part, "  name: "));
    text.split("\n---\n").map(|part| (identity(part), part.to_owned())).collect()
}

/// Judges a manifest, or a folder of them, that carries its marks itself.
pub(crate) fn judge_marked(path: &Path) -> Result<(), Failed> {
    let project = Project::read(path);
    if !project.has_marks() {
        return Err(Failed::from("a fault marks what is found"));
    }
    project.judge().map_err(Failed::from)
}

/// Holds what is marked in the spellings of one mesh against one another. A call of a service that is not there keeps a
/// node from being made on Kubernetes alone; the API takes it, and traffic fails.
pub(crate) fn agree(spellings: &[PathBuf]) -> Result<(), Failed> {
    let marked = |path: &PathBuf| {
        let in_words = |mark: String| match mark.as_str() {
            "error[dangling-reference/dangling-backend]" => mark.replace("error", "warning"),
            _ => mark,
        };
        let mut all: Vec<_> = Project::read(path).expected().into_iter().map(in_words).collect();
        all.sort();
        all
    };
    let all: Vec<_> = spellings.iter().map(marked).collect();
    match all.iter().all(|one| one.len() == 5 && *one == all[0]) && all.len() == 3 {
        true => Ok(()),
        false => Err(Failed::from(format!("the spellings differ: {all:#?}"))),
    }
}
