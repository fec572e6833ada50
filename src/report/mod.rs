//! Findings to a writer, one file a format.
//!
//! What is written depends on the [`Report`] and the [`Style`] alone: no clock, no environment, no
//! terminal is asked. Text that comes from manifests is never handed to a terminal as it is.

mod concise;
mod excerpt;
mod human;
mod ink;
mod json;
mod place;
#[cfg(test)]
mod sample;
mod summary;
mod text;
mod window;

pub use summary::summary_line;
pub use text::escaped;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use crate::finding::{Finding, Summary};
use crate::source::{Problem, Sources};

/// Everything that a format may tell.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The findings in the order in which they are told.
    pub findings: &'a [Finding],
    /// The files that the findings point into.
    pub sources: &'a Sources,
    /// What the run comes to.
    pub summary: &'a Summary,
    /// What could not be read. Only `json` and `jsonl` tell it; for people it belongs on another stream.
    pub problems: &'a [Problem],
    /// Whether `meshlint explain` knows the rules of the findings.
    pub has_pages: bool,
    /// The version of the program.
    pub tool_version: &'a str,
}

/// How a report looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether `human` uses ANSI colours. The other formats never do.
    pub color: bool,
    /// How many findings `human` shows at most before it only counts the rest; all of them if `None`.
    pub max_findings: Option<usize>,
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
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Human, Self::Concise, Self::Json, Self::Jsonl];

    /// The names of all formats, in the order of [`Format::ALL`].
    pub const NAMES: [&'static str; 4] =
        [Self::Human.name(), Self::Concise.name(), Self::Json.name(), Self::Jsonl.name()];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
        }
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
            "unknown format `Human\\u{1b}`: use one of human, concise, json, jsonl"
        );
    }
}
