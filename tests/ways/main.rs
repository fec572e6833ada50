//! The ways in: problem matchers, hooks, the GitHub Action, jobs for other pipelines, and the links between the pages.

#![allow(clippy::unwrap_used)]

#[cfg(unix)]
mod action;
mod book;
mod hook;
mod matcher;
#[cfg(unix)]
mod pipeline;
mod scratch;
#[cfg(unix)]
mod shell;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the project.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the project.
fn text(path: &str) -> String {
    fs::read_to_string(project(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A YAML file of the project.
fn yaml(path: &str) -> serde_yaml::Value {
    serde_yaml::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The version that is built, and that every pin has to name.
const VERSION: &str = env!("CARGO_PKG_VERSION");
