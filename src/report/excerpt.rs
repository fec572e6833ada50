//! The few lines of source that the labels of one finding need.
//!
//! The renderer is never shown a file. It sees a small text that holds the labelled lines alone, masked,
//! and with windows cut out of very long ones, together with the numbers that these lines and columns
//! have in the file. So a finding costs the same in a file of any size.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::diagnostic as rich;
use codespan_reporting::files::{Error, Files};

use crate::finding::Label;
use crate::source::{FileId, Root, STDIN, SourceFile, Sources, is_absolute};

use super::place::{fitted, offset, visible};
use super::text::{clipped, masked, one_line};
use super::uri::file_uri;
use super::window::windows;

/// Lines shown after the first and before the last of a label that spans many.
pub(super) const AFTER_FIRST: usize = 2;
/// See [`AFTER_FIRST`].
pub(super) const BEFORE_LAST: usize = 1;

/// What the renderer takes for files: one for each file that the finding's labels are in.
pub(super) struct Excerpt {
    files: Vec<File>,
}

struct File {
    name: String,
    text: String,
    rows: Vec<Row>,
    /// Where labels begin in `text`, with the column in the source.
    columns: Vec<(usize, usize)>,
}

/// A line of the excerpt.
struct Row {
    /// Its number in the source.
    line: u32,
    /// Its bytes in the excerpt, with a line feed.
    range: Range<usize>,
    cuts: Vec<Cut>,
}

/// Bytes of the source and where they begin in the excerpt.
struct Cut {
    source: Range<usize>,
    at: usize,
}

/// A label by its bytes and lines.
struct Extent {
    bytes: Range<usize>,
    first: u32,
    last: u32,
    column: usize,
}

impl Excerpt {
    /// The excerpt for some labels, the primary one first, and the labels as they lie in it.
    ///
    /// Where there is a root, names are links to the files.
    pub(super) fn new(labels: &[Label], sources: &Sources, root: Option<&Root>) -> (Self, Vec<rich::Label<usize>>) {
        let mut ids: Vec<FileId> = Vec::new();
        for label in labels {
            if !ids.contains(&label.place.file) {
                ids.push(label.place.file);
            }
        }
        let mut files = Vec::with_capacity(ids.len());
        let mut placed: Vec<(usize, rich::Label<usize>)> = Vec::with_capacity(labels.len());
        for (number, id) in ids.iter().enumerate() {
            let source = sources.file(*id);
            let own: Vec<(usize, Extent)> = (labels.iter().enumerate())
                .filter(|(_, label)| label.place.file == *id)
                .map(|(index, label)| (index, Extent::new(source, label)))
                .collect();
            let mut file = File::new(source, own.iter().map(|(_, extent)| extent));
            if let Some(uri) = root.and_then(|root| uri(root, &source.name)) {
                file.name = format!("\u{1b}]8;;{uri}\u{1b}\\{}\u{1b}]8;;\u{1b}\\", file.name);
            }
            for (index, extent) in &own {
                let style = if *index == 0 { rich::LabelStyle::Primary } else { rich::LabelStyle::Secondary };
                let text = one_line(&clipped(&labels[*index].text));
                placed.push((*index, rich::Label::new(style, number, file.place(extent)).with_message(text)));
            }
            files.push(file);
        }
        placed.sort_by_key(|(index, _)| *index);
        (Self { files }, placed.into_iter().map(|(_, label)| label).collect())
    }

    fn file(&self, id: usize) -> Result<&File, Error> {
        self.files.get(id).ok_or(Error::FileMissing)
    }

    fn row(&self, id: usize, index: usize) -> Result<&Row, Error> {
        let rows = &self.file(id)?.rows;
        rows.get(index).ok_or(Error::LineTooLarge { given: index, max: rows.len() })
    }
}

impl Extent {
    fn new(source: &SourceFile, label: &Label) -> Self {
        let bytes = visible(&source.text, label.place.span);
        let start = source.position(offset(bytes.start));
        let end = source.position(offset(bytes.end));
        Self { bytes, first: start.line, last: end.line, column: start.column as usize }
    }
}

impl File {
    fn new<'e>(source: &SourceFile, extents: impl Iterator<Item = &'e Extent>) -> Self {
        // The lines that are shown, each with the bytes that must be seen of it.
        let mut wanted: BTreeMap<u32, Vec<Range<usize>>> = BTreeMap::new();
        for Extent { bytes, first, last, .. } in extents {
            if first == last {
                wanted.entry(*first).or_default().push(bytes.clone());
                continue;
            }
            wanted.entry(*first).or_default().push(bytes.start..bytes.end);
            wanted.entry(*last).or_default().push(bytes.end..bytes.end);
            for line in (*first..*last).skip(1).take(AFTER_FIRST) {
                wanted.entry(line).or_default();
            }
            for line in (*first + 1..*last).rev().take(BEFORE_LAST) {
                wanted.entry(line).or_default();
            }
        }
        // A gap of one line is filled by the renderer, which asks for that line.
        let lines: Vec<u32> = wanted.keys().copied().collect();
        for pair in lines.windows(2) {
            if pair[1] - pair[0] == 2 {
                wanted.entry(pair[0] + 1).or_default();
            }
        }

        let name = one_line(&source.name);
        let mut file = Self { name, text: String::new(), rows: Vec::new(), columns: Vec::new() };
        for (line, seen) in wanted {
            if file.rows.last().is_some_and(|row| line - row.line > 1) {
                file.leave_out();
            }
            file.push(source, line, &seen);
        }
        file
    }

    /// Stands for any number of lines that are not shown: two rows make the renderer show a break.
    fn leave_out(&mut self) {
        let before = self.rows.last().map_or(0, |row| row.line);
        for line in [before + 1, before + 2] {
            self.rows.push(Row { line, range: self.text.len()..self.text.len(), cuts: Vec::new() });
        }
    }

    fn push(&mut self, source: &SourceFile, line: u32, seen: &[Range<usize>]) {
        let span = fitted(&source.text, source.lines().line_span(line));
        let content = &source.text[span.clone()];
        let seen: Vec<Range<usize>> = (seen.iter())
            .map(|range| {
                let start = range.start.clamp(span.start, span.end) - span.start;
                start..(range.end.clamp(span.start, span.end) - span.start).max(start)
            })
            .collect();

        let begin = self.text.len();
        let mut cuts = Vec::new();
        let mut shown_to = 0;
        for window in windows(content, &seen) {
            if window.start > shown_to {
                self.text.push('…');
            }
            shown_to = window.end;
            cuts.push(Cut { source: span.start + window.start..span.start + window.end, at: self.text.len() });
            self.text.push_str(&masked(&content[window]));
        }
        if shown_to < content.len() {
            self.text.push('…');
        }
        self.text.push('\n');
        self.rows.push(Row { line, range: begin..self.text.len(), cuts });
    }

    /// Where a label lies in the excerpt. What a window leaves out of it is cut off.
    fn place(&mut self, extent: &Extent) -> Range<usize> {
        let Extent { bytes, first, last, column } = extent;
        let (at, shown_to) = self.find(*first, bytes.start);
        self.columns.push((at, *column));
        let end = if first == last { (at + bytes.len()).min(shown_to) } else { self.find(*last, bytes.end).0 };
        at..end.max(at)
    }

    /// Where a byte of a line lies in the excerpt, and where its window ends there.
    fn find(&self, line: u32, byte: usize) -> (usize, usize) {
        let Ok(index) = self.rows.binary_search_by_key(&line, |row| row.line) else { return (0, 0) };
        let row = &self.rows[index];
        // A byte in the line's end has no window; it is taken for the end of the last one.
        let Some(cut) = row.cuts.iter().find(|cut| byte <= cut.source.end).or(row.cuts.last()) else {
            return (row.range.start, row.range.start);
        };
        let inside = byte.clamp(cut.source.start, cut.source.end) - cut.source.start;
        (cut.at + inside, cut.at + cut.source.len())
    }
}

/// The URI of a file by its name in reports, if it is known where it is. Everything that could end the link is encoded.
fn uri(root: &Root, name: &str) -> Option<String> {
    let path = root.name(name);
    if is_absolute(&path) {
        return Some(file_uri(&path));
    }
    let is_known = !root.path().is_empty() && name != STDIN;
    is_known.then(|| file_uri(&format!("{}/{path}", root.path())))
}

impl<'a> Files<'a> for Excerpt {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.file(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.file(id)?.text)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        // Rows that stand for gaps are empty and lie before the row that begins at the same byte.
        Ok(self.file(id)?.rows.partition_point(|row| row.range.start <= byte).saturating_sub(1))
    }

    fn line_number(&'a self, id: usize, index: usize) -> Result<usize, Error> {
        Ok(self.row(id, index)?.line as usize)
    }

    fn column_number(&'a self, id: usize, _: usize, byte: usize) -> Result<usize, Error> {
        // Only the beginnings of labels are ever asked for.
        Ok(self.file(id)?.columns.iter().find(|(at, _)| *at == byte).map_or(1, |(_, column)| *column))
    }

    fn line_range(&'a self, id: usize, index: usize) -> Result<Range<usize>, Error> {
        Ok(self.row(id, index)?.range.clone())
    }
}
