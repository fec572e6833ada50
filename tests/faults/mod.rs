//! Twenty faults that tools for manifests are compared by: each is found in a mesh that is otherwise without one.
//!
//! `base.yaml` is that mesh. Every other file holds a fault: its objects stand in for those of the same kind and name
//! in the base, and carry the marks of what is found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

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
