//! Findings to a writer, one file a format.
//!
//! What is written depends on the [`Report`] and the [`Style`] alone: no clock, no environment, no
//! terminal is asked. Text that comes from manifests is never handed to a terminal as it is.

mod azure;
mod checkstyle;
mod concise;
mod diff;
mod excerpt;
mod forge;
mod github;
mod gitlab;
mod human;
mod ink;
mod json;
mod junit;
mod markdown;
mod picture;
mod place;
mod rdjson;
#[cfg(test)]
mod sample;
mod sarif;
mod statistics;
mod summary;
mod text;
mod uri;
mod window;
mod xml;

pub use diff::{DiffStyle, Difference, write_diff};
pub use picture::{Edge, Line, Node, Picture, PictureFormat, Shape, write_picture};
pub use statistics::{write_statistics, write_statistics_json};
pub use summary::summary_line;
pub use text::escaped;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use crate::finding::{Category, Finding, Severity, Summary};
use crate::source::{Problem, Root, Sources};

/// Everything that a format may tell.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The findings in the order in which they are told. Of those that do not count only `sarif` and `junit` tell.
    pub findings: &'a [Finding],
    /// The files that the findings point into.
    pub sources: &'a Sources,
    /// What the run comes to.
    pub summary: &'a Summary,
    /// What could not be read. `json`, `jsonl`, `sarif` and `junit` tell it; for people it belongs on another stream.
    pub problems: &'a [Problem],
    /// The repository, from whose root a forge names files.
    pub root: &'a Root,
    /// The rules, sorted by id. Only formats that [`Format::tells_rules`] look at them.
    pub rules: &'a [About<'a>],
    /// Whether `meshlint explain` knows the rules of the findings.
    pub has_pages: bool,
    /// The version of the program.
    pub tool_version: &'a str,
}

impl<'a> Report<'a> {
    /// The findings that count.
    pub(crate) fn active(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        self.findings.iter().filter(|finding| finding.is_active())
    }
}

/// What a report may tell of a rule, whether or not it found something.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The rule's id.
    pub id: &'a str,
    /// What it finds, in one line: lower case, no full stop.
    pub summary: &'a str,
    /// Its page, in Markdown.
    pub text: &'a str,
    /// What it is about.
    pub category: Category,
    /// The vocabularies that it judges.
    pub dialects: &'a [String],
    /// The gravest severity of its cases.
    pub severity: Severity,
    /// Whether it runs without being selected.
    pub default: bool,
    /// Whether it may be relied upon.
    pub stable: bool,
}

/// How a report looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether `human` uses ANSI colours. The other formats never do.
    pub color: bool,
    /// Whether paths in `human` are links (OSC 8), and where the terminal is to find relative ones.
    pub links: bool,
    /// How many findings `human` shows at most before it only counts the rest; all of them if `None`.
    pub max_findings: Option<usize>,
    /// How many bytes of findings `markdown` writes at most before it only counts the rest.
    pub max_bytes: Option<usize>,
}

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Blocks with excerpts of the sources, for people.
    Human,
    /// A line for each place, for problem matchers.
    Concise,
    /// One JSON object; `schema/findings-v1.json` describes it.
    Json,
    /// A JSON object a line: the findings, then one with the summary.
    Jsonl,
    /// SARIF 2.1.0, with what is ignored or in the baseline as suppressed results.
    Sarif,
    /// SARIF as GitHub's code scanning takes it: it shows suppressed results as open alerts, so they are left out.
    SarifGithub,
    /// Commands of a GitHub workflow, which become annotations.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit's XML, a test case for each finding.
    Junit,
    /// Checkstyle's XML.
    Checkstyle,
    /// Commands of an Azure pipeline, which become issues of the run.
    Azure,
    /// The Reviewdog Diagnostic Format.
    Rdjson,
    /// Markdown for the summary of a job or a comment.
    Markdown,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 13] = [
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::SarifGithub,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Checkstyle,
        Self::Azure,
        Self::Rdjson,
        Self::Markdown,
    ];

    /// The names of all formats, in the order of [`Format::ALL`].
    pub const NAMES: [&'static str; Self::ALL.len()] = {
        let mut names = [""; Self::ALL.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = Self::ALL[at].name();
            at += 1;
        }
        names
    };

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::SarifGithub => "sarif:github",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Checkstyle => "checkstyle",
            Self::Azure => "azure",
            Self::Rdjson => "rdjson",
            Self::Markdown => "markdown",
        }
    }

    /// Whether it says something about every rule.
    #[must_use]
    pub const fn tells_rules(self) -> bool {
        matches!(self, Self::Sarif | Self::SarifGithub)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    /// The format of a name as [`Format::NAMES`] has it.
    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// A name that no format has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown format `{}`: use one of {}", text::escaped(&self.0), Format::NAMES.join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

/// Writes a report. The writer need not be buffered.
///
/// # Errors
/// Those of the writer.
pub fn write(format: Format, report: &Report<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    match format {
        Format::Human => human::write(report, style, &mut out)?,
        Format::Concise => concise::write(report, &mut out)?,
        Format::Json => json::write(report, &mut out)?,
        Format::Jsonl => json::write_lines(report, &mut out)?,
        Format::Sarif => sarif::write(report, sarif::Reader::Any, &mut out)?,
        Format::SarifGithub => sarif::write(report, sarif::Reader::Github, &mut out)?,
        Format::Github => github::write(report, &mut out)?,
        Format::Gitlab => gitlab::write(report, &mut out)?,
        Format::Junit => junit::write(report, &mut out)?,
        Format::Checkstyle => checkstyle::write(report, &mut out)?,
        Format::Azure => azure::write(report, &mut out)?,
        Format::Rdjson => rdjson::write(report, &mut out)?,
        Format::Markdown => markdown::write(report, style, &mut out)?,
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::{Format, UnknownFormat};

    #[test]
    fn names_lead_back_to_formats() {
        for (format, name) in Format::ALL.into_iter().zip(Format::NAMES) {
            assert_eq!(name.parse(), Ok(format));
        }
        let refused: Result<Format, UnknownFormat> = "Human\u{1b}".parse();
        assert_eq!(
            refused.unwrap_err().to_string(),
            "unknown format `Human\\u{1b}`: use one of human, concise, json, jsonl, sarif, sarif:github, github, gitlab, \
             junit, checkstyle, azure, rdjson, markdown"
        );
    }
}
