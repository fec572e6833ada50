//! A rule's page: the front matter and the text of `rules/<id>.md`.

use serde::{Deserialize, Serialize};

use crate::finding::{Category, Severity};

/// How far a rule may be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// On trial: off unless selected.
    Nursery,
    /// On by default, case by case.
    Stable,
    /// Kept for its id; it finds nothing any more.
    Retired,
}

/// One of the checks that a rule is made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The check's slug; it never changes.
    pub slug: String,
    /// How grave it is unless a finding says otherwise.
    pub severity: Severity,
    /// What it finds, in one line; a rule of one case need not repeat its summary.
    #[serde(default)]
    pub summary: String,
    /// Whether it runs without being selected.
    #[serde(default = "on")]
    pub default: bool,
}

fn on() -> bool {
    true
}

/// Everything that is said about a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The rule's id, equal to the file's name.
    pub id: String,
    /// What it finds, in one line.
    pub summary: String,
    /// What it is about.
    pub category: Category,
    /// The vocabularies it judges.
    pub dialects: Vec<String>,
    /// The version that brought it.
    pub since: String,
    /// How far it may be relied upon.
    pub status: Status,
    /// The best remedy it offers: `safe`, `unsafe`, `manual` or `none`.
    pub fix: String,
    /// Former ids, still accepted.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The checks it is made of.
    pub cases: Vec<Case>,
    /// What people search for when this has bitten them.
    #[serde(default)]
    pub symptoms: Vec<String>,
    /// Where the fault was seen in life, or the document that forbids it.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The Markdown below the front matter.
    #[serde(default)]
    pub body: String,
}

impl Page {
    /// Parses a page. Pages are part of the program and a test reads every one, so a page that does
    /// not parse is a bug of the program.
    pub(super) fn parse(id: &str, text: &str) -> Self {
        let inner = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let (matter, body) = inner.unwrap_or_else(|| panic!("the page of `{id}` has no front matter"));
        let mut page: Self =
            serde_yaml::from_str(matter).unwrap_or_else(|error| panic!("the page of `{id}` does not parse: {error}"));
        page.body = body.trim_start().to_owned();
        page
    }

    /// The case of a slug.
    #[must_use]
    pub fn case(&self, slug: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.slug == slug)
    }
}
