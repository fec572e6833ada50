//! Marks in manifests: what is expected to be found, written where it is found.
//!
//! ```yaml
//! - name: canary
//! #       ^^^^^^ error[some-rule] the message begins like this
//!   port: "80"       # expect error[some-rule]
//!   next: x
//! # ^^^^ related: the text of another label of some finding begins like this
//! ```
//!
//! A caret line marks the exact place in the nearest line above that is no mark. A trailing `# expect` marks
//! a line, where columns do not matter or the place begins at column 1. `error[some-rule/case]` asks for the
//! case, too. `# select: a, b/c` in the first lines turns cases on that are off by default. A file
//! `expect.txt` in a folder, one `file:line:col severity[rule] message` a line, serves for files that take no
//! comments.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use meshlint::engine::{self, Selection, Settings};
use meshlint::finding::Finding;
use meshlint::rules;
use meshlint::source::{Input, Place, Request, Sources};

/// Files that are judged together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Project {
    files: Vec<(String, Vec<u8>)>,
}

#[derive(Clone, Debug)]
struct Mark {
    file: String,
    line: u32,
    /// First column and the one behind the last, from 1; `None` for a mark of a whole line.
    columns: Option<(u32, u32)>,
    /// `severity[rule]`, or `severity[rule/case]`; empty for a related place.
    what: String,
    text: String,
}

impl Mark {
    fn says(&self, finding: &Finding) -> bool {
        let (severity, rule, case) = (finding.severity, finding.rule, finding.case);
        (self.what == format!("{severity}[{rule}]") || self.what == format!("{severity}[{rule}/{case}]"))
            && finding.message.starts_with(&self.text)
    }

    fn is_at(&self, place: Place, sources: &Sources) -> bool {
        let file = sources.file(place.file);
        let (start, end) = (file.position(place.span.start), file.position(place.span.end));
        let width = |(from, to): (u32, u32)| from == start.column && (end.line != start.line || to == end.column);
        // A place that is empty is shown by one caret.
        let is_empty = place.span.is_empty();
        file.name == self.file
            && start.line == self.line
            && self.columns.is_none_or(|columns| width(columns) || (is_empty && columns.0 == start.column))
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if let Some((from, to)) = self.columns {
            write!(f, ":{from}-{to}")?;
        }
        let what = if self.what.is_empty() { "related:" } else { &self.what };
        write!(f, " {what} {}", self.text)
    }
}

impl Project {
    /// Reads a file, or all files of a folder.
    pub(crate) fn read(path: &Path) -> Self {
        let mut project = Self::default();
        project.collect(path, path);
        project.files.sort();
        project
    }

    fn collect(&mut self, root: &Path, path: &Path) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap().flatten() {
                self.collect(root, &entry.path());
            }
            return;
        }
        let name = path.strip_prefix(root).ok().filter(|name| name.components().next().is_some());
        let name = name.unwrap_or_else(|| Path::new(path.file_name().unwrap()));
        self.files.push((name.to_string_lossy().replace('\\', "/"), fs::read(path).unwrap()));
    }

    /// Adds a file.
    pub(crate) fn add(&mut self, name: String, text: String) {
        self.files.push((name, text.into_bytes()));
    }

    /// Whether anything of a rule is expected.
    pub(crate) fn marks_rule(&self, rule: &str) -> bool {
        let id = |what: &str| what.split(['[', ']', '/']).nth(1) == Some(rule);
        self.marks().iter().any(|mark| id(&mark.what))
    }

    /// Whether anything is expected.
    pub(crate) fn has_marks(&self) -> bool {
        !self.marks().is_empty()
    }

    /// What is expected, as `severity[rule/case]`, without what is related.
    pub(crate) fn expected(&self) -> Vec<String> {
        self.marks().into_iter().map(|mark| mark.what).filter(|what| !what.is_empty()).collect()
    }

    fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (file, bytes) in &self.files {
            let text = String::from_utf8_lossy(bytes);
            if file == "expect.txt" {
                marks.extend(text.lines().filter_map(listed));
                continue;
            }
            let mut above = 0;
            for (at, line) in text.lines().enumerate() {
                let number = u32::try_from(at).unwrap() + 1;
                if let Some((columns, what, text)) = caret(line) {
                    marks.push(Mark { file: file.clone(), line: above, columns: Some(columns), what, text });
                    continue;
                }
                above = number;
                if let Some((_, mark)) = line.split_once("# expect ") {
                    let (what, text) = split(mark);
                    marks.push(Mark { file: file.clone(), line: number, columns: None, what, text });
                }
            }
        }
        marks
    }

    fn select(&self) -> Vec<String> {
        let texts: Vec<_> = self.files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
        let heads = texts.iter().flat_map(|text| text.lines().take(3));
        let lists = heads.filter_map(|line| line.strip_prefix("# select: "));
        lists.flat_map(|list| list.split(',')).map(|name| name.trim().to_owned()).collect()
    }

    /// Runs the project and compares what is found with what is marked.
    pub(crate) fn judge(&self) -> Result<(), String> {
        let inputs = self.files.iter().filter(|(name, _)| name != "expect.txt");
        let inputs = inputs.map(|(name, bytes)| Input::Stdin { name: name.clone(), bytes: bytes.clone() });
        let mut findings = Vec::new();
        let request = Request::new(inputs.collect());
        let mut outcome = engine::check(&request, Path::new("."), &Settings { threads: 1, ..Settings::default() });
        findings.append(&mut outcome.findings);
        let chosen = self.select();
        if !chosen.is_empty() {
            let selection = Selection::new(&chosen, &[], &[]).map_err(|error| format!("{error:?}"))?;
            let settings = Settings { threads: 1, selection, ..Settings::default() };
            let more = engine::check(&request, Path::new("."), &settings).findings;
            let is_new = |finding: &Finding| !findings.iter().any(|known| known.fingerprint == finding.fingerprint);
            let more: Vec<_> = more.into_iter().filter(is_new).collect();
            findings.extend(more);
        }
        findings.retain(Finding::is_active);
        let sources = &outcome.sources;
        let mut report = String::new();
        for finding in &findings {
            let page = rules::find(finding.rule).map(|rule| rule.page());
            if page.is_none_or(|page| page.case(finding.case).is_none()) {
                let _ = writeln!(report, "no page declares {}/{}", finding.rule, finding.case);
            }
        }
        let marks = self.marks();
        let mut found = vec![false; findings.len()];
        for mark in &marks {
            if mark.what.is_empty() {
                let mut related = findings.iter().flat_map(|finding| &finding.labels[1..]);
                if !related.any(|label| mark.is_at(label.place, sources) && label.text.starts_with(&mark.text)) {
                    let _ = writeln!(report, "not found: {mark}");
                }
                continue;
            }
            let matches = |at: &usize| {
                let finding = &findings[*at];
                !found[*at] && mark.says(finding) && mark.is_at(finding.place(), sources)
            };
            match (0..findings.len()).find(matches) {
                Some(at) => found[at] = true,
                None => {
                    let _ = writeln!(report, "not found: {mark}");
                }
            }
        }
        for (finding, _) in findings.iter().zip(found).filter(|(_, found)| !found) {
            let _ = writeln!(report, "not marked: {}", describe(finding, sources));
        }
        if report.is_empty() { Ok(()) } else { Err(report) }
    }
}

/// A finding as it would be marked, with its other labels.
fn describe(finding: &Finding, sources: &Sources) -> String {
    let mut out = String::new();
    for (at, label) in finding.labels.iter().enumerate() {
        let file = sources.file(label.place.file);
        let (start, end) = (file.position(label.place.span.start), file.position(label.place.span.end));
        let place = format!("{}:{}:{}-{}:{}", file.name, start.line, start.column, end.line, end.column);
        let _ = match at {
            0 => write!(out, "{place} {}[{}/{}] {}", finding.severity, finding.rule, finding.case, finding.message),
            _ => write!(out, "\n    {place} related: {}", label.text),
        };
    }
    out
}

/// The parts of a caret line: columns from 1, what, text.
fn caret(line: &str) -> Option<((u32, u32), String, String)> {
    let body = line.trim_start().strip_prefix('#')?;
    let carets = body.trim_start();
    let count = carets.chars().take_while(|one| *one == '^').count();
    if count == 0 {
        return None;
    }
    let from = line.chars().count() - carets.chars().count() + 1;
    let rest = carets[count..].trim_start();
    let (what, text) = match rest.strip_prefix("related:") {
        Some(text) => (String::new(), text.trim().to_owned()),
        None => split(rest),
    };
    let column = |at: usize| u32::try_from(at).unwrap();
    Some(((column(from), column(from + count)), what, text))
}

fn split(mark: &str) -> (String, String) {
    let (what, text) = mark.split_once(']').unwrap_or((mark, ""));
    (format!("{}]", what.trim()), text.trim().to_owned())
}

/// A line of `expect.txt`.
fn listed(line: &str) -> Option<Mark> {
    let (place, mark) = line.split_once(' ')?;
    let mut parts = place.rsplitn(3, ':');
    let (column, line, file) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    let (what, text) = split(mark);
    // The end is not written down, so only the line and the first column are asked for.
    let _: u32 = column;
    Some(Mark { file: file.to_owned(), line, columns: None, what, text })
}
