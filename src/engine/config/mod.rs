//! `meshlint.yaml`: what a project says once, and what is wrong with the way it is written.
//!
//! What is wrong is told as findings of an id that is no rule, [`MALFORMED`]; a run does not go on with a configuration
//! that has any. Every value keeps its place, so that `meshlint config` can say where a setting comes from.

mod apply;
mod entry;
mod key;
mod load;

pub use key::{KEYS, Key};
pub use load::{Loaded, load};

use std::path::PathBuf;
use std::sync::Arc;

use crate::source::Globs;

use super::selection::{Levels, Names};

/// The id of what cannot be read.
const MALFORMED: &str = "malformed-configuration";

/// Where something is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Where {
    /// The file as reports call it.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

impl std::fmt::Display for Where {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A value with the place where it is said.
#[derive(Clone, Debug, Default)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// The place.
    pub at: Where,
}

/// What the configuration of a project says. What it does not say is `None` or empty.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The files that were read, the project's own first, then what it extends.
    pub files: Vec<String>,
    /// The folder that patterns and paths are seen from, absolute.
    pub folder: PathBuf,
    /// Only these files are read.
    pub include: Option<Said<Patterns>>,
    /// These are not.
    pub exclude: Option<Said<Patterns>>,
    /// Whether ignore files count.
    pub gitignore: Option<Said<bool>>,
    /// The rules that run instead of the default ones.
    pub select: Option<Said<Vec<String>>>,
    /// The rules that run too.
    pub extend_select: Option<Said<Vec<String>>>,
    /// The rules that do not run.
    pub ignore: Option<Said<Vec<String>>>,
    /// Levels of rules and cases, the last of a name winning.
    pub rules: Vec<Said<Level>>,
    /// Levels of categories.
    pub categories: Vec<Said<Level>>,
    /// Numbers of rules: the rule, the name and the number.
    pub measures: Vec<Said<(&'static str, String, u32)>>,
    /// Findings below are counted and not told.
    pub min_severity: Option<Said<String>>,
    /// The level that fails a run.
    pub fail_on: Option<Said<String>>,
    /// Whether a run without a mesh resource fails.
    pub strict: Option<Said<bool>>,
    /// The format of standard output.
    pub format: Option<Said<String>>,
    /// As many findings are shown to people.
    pub max_findings: Option<Said<u32>>,
    /// When to use colours.
    pub color: Option<Said<String>>,
    /// When to make paths links.
    pub hyperlinks: Option<Said<String>>,
    /// The file of what was there before, absolute.
    pub baseline: Option<Said<PathBuf>>,
    /// Whether an ignore needs a reason.
    pub require_reason: Option<Said<bool>>,
    /// What is different for some files.
    pub per_file: Vec<Said<ForFiles>>,
    /// What is ignored of some resources.
    pub resources: Vec<Said<ForResources>>,
    /// Whether everything that there is stands in the manifests.
    pub is_closed: Option<Said<bool>>,
    /// What stands elsewhere.
    pub external: Vec<Said<External>>,
    /// What is deployed together.
    pub scopes: Vec<Said<ScopeOf>>,
}

/// A level as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The rule, case or category.
    pub name: String,
    /// `error`, `warning`, `info` or `off`.
    pub level: String,
}

/// Patterns of paths.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    /// As they are written.
    pub texts: Vec<String>,
    /// What they match.
    pub globs: Globs,
}

/// What is different for some files.
#[derive(Clone, Debug, Default)]
pub struct ForFiles {
    /// The files.
    pub files: Patterns,
    /// What is ignored in them, as written.
    pub ignore: Vec<String>,
    /// The levels of rules in them, as written.
    pub rules: Vec<Level>,
    /// Why.
    pub reason: Option<String>,
    pub(super) ignored: Names,
    pub(super) levels: Levels,
}

/// What is ignored of some resources. A text that is not there means any.
#[derive(Clone, Debug, Default)]
pub struct ForResources {
    /// Their kind; `*` in it stands for anything, as in the other texts.
    pub kind: Option<String>,
    /// Their namespace.
    pub namespace: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// What is ignored, as written.
    pub ignore: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    pub(super) ignored: Names,
}

/// Something that stands elsewhere. A text that is not there means any; `*` stands for anything.
#[derive(Clone, Debug, Default)]
pub struct External {
    /// Its kind.
    pub kind: Option<String>,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The labels of a namespace.
    pub labels: Option<Vec<(String, String)>>,
}

/// Files that are deployed together.
#[derive(Clone, Debug, Default)]
pub struct ScopeOf {
    /// What the scope is called; without a name, every directory that a pattern matches is one.
    pub name: Option<String>,
    /// The files, or the directories.
    pub files: Patterns,
}

/// Whether a word is that of a category.
#[must_use]
pub fn is_category(word: &str) -> bool {
    categories().any(|one| one == word)
}

/// The words of all categories.
fn categories() -> impl Iterator<Item = &'static str> {
    let mut words: Vec<_> = crate::rules::ALL.iter().map(|rule| rule.page().category.word()).collect();
    words.sort_unstable();
    words.dedup();
    words.into_iter()
}

#[cfg(test)]
mod tests;
