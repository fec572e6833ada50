//! Bytes and places: which files are read, their text, and where in it something stands; and how a file is written.
//!
//! This is the only room that touches the disk. What it hands out is text in memory; every other
//! room is a function of that text.

mod decode;
mod discover;
mod git;
mod globs;
mod lines;
mod name;
mod project;
mod read;
mod root;
mod span;
mod template;
mod walk;
mod write;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod scratch;

pub use decode::{Decoded, decode};
pub use discover::{Input, Loaded, Note, Problem, Request, load};
pub use git::{GitError, load_revision};
pub use globs::{Filter, Globs};
pub use lines::{LineIndex, Position};
pub use name::report_name;
pub use project::{
    CONFIGURATIONS, absolute, common_folder, create, find_configuration, project_root, read_configuration,
};
pub use read::{MAX_FILE_BYTES, read_if_any};
pub use root::{Root, STDIN, is_absolute};
pub use span::{FileId, Place, Span};
pub use template::{Template, Templates};
pub use write::{append, replace, rewrite};

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

/// How a file came to be read, which decides how much may be said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Named on the command line: whatever is wrong with it is the user's business.
    Named,
    /// Met while walking a directory: files of other tools are left in peace.
    Walked,
    /// Standard input.
    Stdin,
}

/// One file that was read: its name for people and its text.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as it is reported: relative to the working directory when below it, `/` everywhere.
    pub name: String,
    /// How the file came to be read.
    pub origin: Origin,
    /// The text, always UTF-8, without a byte order mark. Spans are byte offsets into it.
    pub text: String,
    /// Bytes of the file before `text` (3 for a UTF-8 byte order mark), so that offsets can be
    /// reported as they are on disk. 0 for a file that was transcoded from UTF-16.
    pub lead: u32,
    /// What is wrong with the bytes: the place (in `text`) and a message. The text is usable all the same.
    pub damage: Vec<(Span, String)>,
    is_transcoded: bool,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// A file from its bytes; see [`decode()`] for what is done with bytes that are no UTF-8.
    #[must_use]
    pub fn new(name: impl Into<String>, origin: Origin, bytes: Vec<u8>) -> Self {
        let Decoded { text, lead, damage, is_transcoded } = decode(bytes);
        Self { name: name.into(), origin, text, lead, damage, is_transcoded, lines: OnceLock::new() }
    }

    /// The same file with another text.
    #[must_use]
    pub fn with_text(&self, text: String) -> Self {
        let Self { name, origin, lead, damage, is_transcoded, .. } = self;
        let (name, damage) = (name.clone(), damage.clone());
        Self { name, origin: *origin, text, lead: *lead, damage, is_transcoded: *is_transcoded, lines: OnceLock::new() }
    }

    /// The text as bytes, with the byte order mark that the file has.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mark = if self.lead > 0 { write::UTF8_MARK } else { &[] };
        [mark, self.text.as_bytes()].concat()
    }

    /// Whether the bytes of the file are those of its text behind a byte order mark, so that it can be written again.
    #[must_use]
    pub fn is_verbatim(&self) -> bool {
        self.damage.is_empty() && !self.is_transcoded
    }

    /// The line index, made on first use: only files with findings need one.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// The text of a span; empty where the span does not fit the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Line and column (from 1, in characters) of a byte offset.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }
}

/// All files of a run, in the order of their names. A [`FileId`] is an index into it.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    /// The directory that relative names stand in; empty where there are no others.
    base: String,
}

impl Sources {
    /// Takes over the files in the order given; their ids are their positions.
    #[must_use]
    pub fn new(files: Vec<SourceFile>) -> Self {
        Self { files, base: String::new() }
    }

    /// Adds a file behind the others, as one that could not be read but has to be spoken of.
    pub fn push(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId::new(self.files.len() - 1)
    }

    /// The first files again, some with another text. Their ids stay.
    #[must_use]
    pub fn rewritten(&self, files: usize, text: impl Fn(FileId) -> Option<String>) -> Self {
        let files = self.iter().take(files);
        let again = |(id, file): (FileId, &SourceFile)| file.with_text(text(id).unwrap_or_else(|| file.text.clone()));
        Self { files: files.map(again).collect(), base: self.base.clone() }
    }

    /// Only the files that are wanted. Their ids are new ones.
    #[must_use]
    pub fn filtered(mut self, is_wanted: impl Fn(&SourceFile) -> bool) -> Self {
        self.files.retain(is_wanted);
        self
    }

    /// Takes over the files of another collection behind its own: an id of theirs grows by the number of files that
    /// were here before.
    pub fn append(&mut self, other: Self) {
        self.files.extend(other.files);
        if self.base.is_empty() {
            self.base = other.base;
        }
    }

    /// The file of an id. Ids come from this collection alone, so it exists.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.index()]
    }

    /// Where a file stands among the others: its name, completed where other names are absolute, so that the places
    /// of two files do not depend on the working directory between them.
    #[must_use]
    pub fn path(&self, id: FileId) -> Cow<'_, str> {
        let name = &self.file(id).name;
        if self.base.is_empty() || Path::new(name).is_absolute() {
            return name.into();
        }
        format!("{}/{name}", self.base.trim_end_matches('/')).into()
    }

    /// Says which directory relative names stand in.
    fn stand_in(&mut self, directory: String) {
        if self.files.iter().any(|file| Path::new(&file.name).is_absolute()) {
            self.base = directory;
        }
    }

    /// Every file with its id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId::new(index), file))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether nothing was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
