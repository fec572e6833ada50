//! Ignores that are to be written: a comment for each finding that is left, where it silences that finding and little
//! else.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::finding::Finding;
use crate::source::{FileId, Origin, SourceFile, Sources, Span};
use crate::yaml::{self, Document, Kind, Style};

use super::super::read::chunk_of;
use super::OWN;
use super::cover::Units;
use super::directive::{self, Directive};

/// A file with the comments in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Addition {
    /// The file.
    pub file: FileId,
    /// Its text from now on.
    pub text: String,
    /// How many findings are ignored by it.
    pub findings: usize,
}

/// Findings of a file that no comment was written for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The name of the file.
    pub file: String,
    /// Why not.
    pub why: &'static str,
    /// How many.
    pub findings: usize,
}

/// What is to be written so that each active finding is ignored where it is, with a reason behind each comment.
#[must_use]
pub fn additions(findings: &[Finding], sources: &Sources, reason: &str) -> (Vec<Addition>, Vec<Skipped>) {
    let mut by_file: BTreeMap<FileId, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.is_active()) {
        by_file.entry(finding.place().file).or_default().push(finding);
    }
    let reason: String = reason.chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
    let reason = reason.trim();
    let (mut additions, mut skipped) = (Vec::new(), BTreeMap::new());
    for (id, findings) in by_file {
        let file = sources.file(id);
        let mut writer = Writer { file, comments: BTreeMap::new(), longer: BTreeMap::new(), written: 0 };
        for why in writer.place_all(&findings) {
            *skipped.entry((file.name.clone(), why)).or_insert(0) += 1;
        }
        if writer.written > 0 {
            additions.push(Addition { file: id, text: writer.text(reason), findings: writer.written });
        }
    }
    let skipped = skipped.into_iter().map(|((file, why), findings)| Skipped { file, why, findings });
    (additions, skipped.collect())
}

/// A comment that comes.
struct Comment {
    /// What stands before its `#`, and behind its last character.
    around: (String, &'static str),
    rules: BTreeSet<&'static str>,
}

struct Writer<'s> {
    file: &'s SourceFile,
    /// New comments, by the offset where they come.
    comments: BTreeMap<u32, Comment>,
    /// Names for ignores that are there, by the offset where their lists end.
    longer: BTreeMap<u32, BTreeSet<&'static str>>,
    written: usize,
}

/// A document that comments are to be written to.
struct Sheet<'s> {
    doc: Document<'s>,
    units: Units,
    closed: Vec<Span>,
    is_whole: bool,
}

impl<'s> Writer<'s> {
    /// Finds a place for each finding; says of those that have none why.
    fn place_all(&mut self, findings: &[&Finding]) -> Vec<&'static str> {
        let file = self.file;
        let whole_file = match () {
            () if file.origin == Origin::Stdin => Some("standard input is not written to"),
            () if !file.damage.is_empty() => Some("the file is not plain text"),
            () if file.name.to_ascii_lowercase().ends_with(".json") => Some("JSON takes no comments"),
            () => None,
        };
        let chunks = yaml::split(&file.text);
        let mut sheets: FxHashMap<Span, Sheet<'s>> = FxHashMap::default();
        let mut out = Vec::new();
        for finding in findings {
            if OWN.contains(&finding.rule) {
                out.push("what is said about ignores cannot be ignored in place");
                continue;
            }
            let span = finding.place().span;
            let placed = whole_file.map_or_else(
                || {
                    let chunk = chunk_of(&chunks, span).ok_or("it is about no document")?;
                    let sheet = sheets.entry(chunk.span).or_insert_with(|| {
                        let (doc, errors) = yaml::parse(&file.text, chunk, &yaml::Options { comments: true });
                        Sheet {
                            units: Units::of(&doc),
                            closed: closed(&file.text, &doc),
                            doc,
                            is_whole: errors.is_empty(),
                        }
                    });
                    self.place(finding.rule, span, sheet)
                },
                Err,
            );
            match placed {
                Ok(()) => self.written += 1,
                Err(why) => out.push(why),
            }
        }
        out
    }

    fn place(&mut self, rule: &'static str, span: Span, sheet: &Sheet<'_>) -> Result<(), &'static str> {
        if !sheet.is_whole {
            return Err("the document does not parse");
        }
        if is_json(&self.file.name, &sheet.doc) {
            return Err("JSON takes no comments");
        }
        let lines = self.file.lines();
        let line = lines.line_span(lines.position(&self.file.text, span.start).line);
        if let Some(end) = self.list_on(line, &sheet.doc) {
            self.longer.entry(end).or_default().insert(rule);
            return Ok(());
        }
        if sheet.takes_comment(line) {
            let gap = if self.file.slice(line).ends_with([' ', '\t']) { "" } else { "  " };
            self.comment(line.end, (gap.to_owned(), ""), rule);
            return Ok(());
        }
        let unit = sheet.units.above(&self.file.text, span).next().ok_or("no comment fits there")?;
        let number = lines.position(&self.file.text, unit.start).line;
        let line = lines.line_span(number);
        let above = lines.line_span(number.saturating_sub(1));
        let is_alone = |line: Span| self.file.slice(line).trim_start().starts_with('#');
        let above = Some(above).filter(|line| number > 1 && is_alone(*line));
        if let Some(end) = above.and_then(|above| self.list_on(above, &sheet.doc)) {
            self.longer.entry(end).or_default().insert(rule);
            return Ok(());
        }
        let text = self.file.slice(line);
        let indent = &text[..text.len() - text.trim_start().len()];
        let is_crlf = self.file.text.as_bytes().get(line.end as usize) == Some(&b'\r');
        self.comment(line.start, (indent.to_owned(), if is_crlf { "\r\n" } else { "\n" }), rule);
        Ok(())
    }

    fn comment(&mut self, at: u32, around: (String, &'static str), rule: &'static str) {
        self.comments.entry(at).or_insert_with(|| Comment { around, rules: BTreeSet::new() }).rules.insert(rule);
    }

    /// Where the list of the ignore ends that stands on a line, if one does.
    fn list_on(&self, line: Span, doc: &Document<'_>) -> Option<u32> {
        let comment = comment_on(line, doc)?;
        let is_alone = self.file.slice(Span::new(line.start, comment.start)).trim().is_empty();
        match directive::read(self.file.slice(comment), comment.start, is_alone) {
            Directive::Ignore(list) if !list.of_file => Some(list.inside.end),
            _ => None,
        }
    }

    fn text(&self, reason: &str) -> String {
        let old = &self.file.text;
        let reason = if reason.is_empty() { String::new() } else { format!(" {reason}") };
        let list = |rules: &BTreeSet<&str>| rules.iter().copied().collect::<Vec<_>>().join(", ");
        let new = self.comments.iter().map(|(at, Comment { around: (before, after), rules })| {
            (*at, format!("{before}# meshlint: ignore[{}]{reason}{after}", list(rules)))
        });
        let longer = self.longer.iter().map(|(at, rules)| (*at, format!(", {}", list(rules))));
        let mut edits: Vec<_> = new.chain(longer).collect();
        edits.sort();
        let mut out = String::with_capacity(old.len() + edits.len() * 40);
        let mut from = 0;
        for (at, text) in edits {
            out.push_str(old.get(from..at as usize).unwrap_or(""));
            out.push_str(&text);
            from = at as usize;
        }
        out.push_str(old.get(from..).unwrap_or(""));
        out
    }
}

/// The comment that stands on a line.
fn comment_on(line: Span, doc: &Document<'_>) -> Option<Span> {
    let before = doc.comments.partition_point(|comment| comment.span.start < line.start);
    doc.comments.get(before).map(|comment| comment.span).filter(|comment| comment.start <= line.end)
}

/// Where lines end inside of text, so that no comment can end them. In the order of the document.
fn closed(text: &str, doc: &Document<'_>) -> Vec<Span> {
    let scalars = doc.nodes().filter(|node| doc.kind(*node) == Kind::Scalar);
    let ends = scalars.filter_map(|node| {
        let span = doc.span(node);
        let first = text.get(span.start as usize..span.end as usize)?.find('\n')?;
        let start = span.start + u32::try_from(first).unwrap_or(u32::MAX);
        match doc.style(node) {
            // The header may have a comment, and the last line of the text may not.
            Style::Literal | Style::Folded => Some(Span::new(start + 1, span.end + 1)),
            _ => Some(Span::new(span.start, span.end)),
        }
    });
    ends.collect()
}

impl Sheet<'_> {
    /// Whether a comment may stand at the end of a line: no other one does, and no text goes on behind it.
    fn takes_comment(&self, line: Span) -> bool {
        let before = self.closed.partition_point(|span| span.start <= line.end);
        let is_inside = before.checked_sub(1).is_some_and(|at| line.end < self.closed[at].end);
        !is_inside && comment_on(line, &self.doc).is_none()
    }
}

/// Whether a document is JSON, by its name or because it could be nothing else that somebody wrote by hand.
fn is_json(name: &str, doc: &Document<'_>) -> bool {
    let name = name.to_ascii_lowercase();
    let Some(root) = doc.root().filter(|_| !name.ends_with(".yaml") && !name.ends_with(".yml")) else { return false };
    let is_quoted = doc.entries(root).next().is_some_and(|entry| doc.style(entry.key) == Style::Double);
    doc.style(root) == Style::Flow && is_quoted
}
