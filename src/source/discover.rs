//! Discovery: from the inputs of a run to the files that are read.

use std::cmp::Reverse;
use std::fs::{self, FileType};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use super::globs::Filter;
use super::name::Names;
use super::read::{MAX_FILE_BYTES, Refusal, read_at_most, read_file, reason};
use super::walk::{Met, Root, walk};
use super::{Origin, SourceFile, Sources};

/// What is to be read.
#[derive(Clone, Debug)]
pub struct Request {
    /// Files, directories and standard input, in any order. None means that nothing is read.
    pub inputs: Vec<Input>,
    /// Whether a walk honours ignore files (`.gitignore`, `.ignore`, the user's global excludes).
    pub gitignore: bool,
    /// What else is read and what is not.
    pub filter: Filter,
}

impl Request {
    /// A request for these inputs that honours ignore files.
    #[must_use]
    pub fn new(inputs: Vec<Input>) -> Self {
        Self { inputs, gitignore: true, filter: Filter::default() }
    }
}

/// One input of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file, which is read whatever its name, or a directory, which is walked.
    Path(PathBuf),
    /// Text that somebody else has read: standard input. A name counts once.
    Stdin {
        /// The name in reports.
        name: String,
        /// The content.
        bytes: Vec<u8>,
    },
}

impl Input {
    /// Reads standard input, or anything that stands for it, to its end.
    ///
    /// # Errors
    /// A problem if reading fails or gives more than [`MAX_FILE_BYTES`].
    pub fn stdin(name: impl Into<String>, reader: impl Read) -> Result<Self, Problem> {
        let name = name.into();
        match read_at_most(reader, 0, MAX_FILE_BYTES) {
            Ok(bytes) => Ok(Self::Stdin { name, bytes }),
            Err(refusal) => Err(Problem::named(name, refused(&refusal))),
        }
    }
}

/// What was read, and what was not.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The files, sorted by name.
    pub sources: Sources,
    /// What should have been read and could not be, sorted by path.
    pub problems: Vec<Problem>,
    /// What was passed by, sorted by path.
    pub notes: Vec<Note>,
}

/// Something that should have been read and could not be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The path as it is reported.
    pub path: String,
    /// What is wrong, without the path.
    pub message: String,
    /// What to do about it, where that is known.
    pub help: Option<String>,
    /// Whether the user named the path, so that the run cannot do what was asked; else it was met in
    /// a walk.
    pub named: bool,
}

impl Problem {
    fn named(path: String, message: String) -> Self {
        Self { path, message, help: None, named: true }
    }
}

/// Something that was passed by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The path as it is reported.
    pub path: String,
    /// What was passed by and why, without the path.
    pub message: String,
    /// Whether the user named the file, and so is told without asking.
    pub named: bool,
}

/// Finds and reads the files of a request, as seen from the working directory `cwd`.
///
/// Never fails: what cannot be read is a [`Problem`]. A file that is named twice, or reached through
/// a link, counts once, under the path without links if that was reached too. Ids follow the names,
/// so the result does not depend on the order of the inputs nor on `threads` (0: as many as the
/// machine has). A named pipe or character device is read to its end, because `meshlint <(helm
/// template .)` names one; in a walk neither is ever opened.
#[must_use]
pub fn load(request: &Request, cwd: &Path, threads: usize) -> Loaded {
    let names = Names::new(cwd);
    let mut found = Found::default();
    let mut stdin: Vec<(&str, &[u8])> = Vec::new();
    for input in &request.inputs {
        match input {
            Input::Path(path) => found.input(path, &names, &request.filter),
            Input::Stdin { name, bytes } => stdin.push((name, bytes)),
        }
    }
    found.walk(&names, request, threads);
    // Standard input that is read twice is empty the second time.
    stdin.sort_by_key(|&(name, bytes)| (name, Reverse(bytes.len())));
    stdin.dedup_by_key(|&mut (name, _)| name);
    let mut loaded = found.read(&stdin, threads);
    loaded.sources.stand_in(names.whole_cwd());
    loaded
}

/// A file to read.
#[derive(Debug)]
pub(super) struct Candidate {
    /// The path as it is reported.
    pub(super) name: String,
    /// How it was found.
    pub(super) origin: Origin,
    /// The path to open, absolute.
    pub(super) path: PathBuf,
    /// The path without links, where it is another one.
    pub(super) real: Option<PathBuf>,
}

impl Candidate {
    /// What makes two candidates one file.
    fn key(&self) -> &[u8] {
        self.real.as_ref().unwrap_or(&self.path).as_os_str().as_encoded_bytes()
    }
}

#[derive(Default)]
struct Found {
    roots: Vec<Root>,
    candidates: Vec<Candidate>,
    problems: Vec<Problem>,
    notes: Vec<Note>,
}

impl Found {
    /// Sorts a named path into files, directories and problems.
    fn input(&mut self, path: &Path, names: &Names, filter: &Filter) {
        if path.as_os_str().is_empty() {
            let problem = Problem::named(String::new(), "the path is empty".to_owned());
            let help = "an unset variable of the shell often is why; `.` is the working directory";
            return self.problems.push(Problem { help: Some(help.to_owned()), ..problem });
        }
        let place = names.place(path);
        let name = names.report(&place);
        match fs::metadata(&place) {
            Ok(kind) if filter.is_forced && filter.excludes(&real_path(&place), kind.is_dir()) => {
                self.notes.push(Note { path: name, message: EXCLUDED.to_owned(), named: false });
            }
            Ok(kind) if kind.is_dir() => {
                self.roots.push(Root { real: real_path(&place), path: place });
            }
            Ok(kind) if kind.is_file() || is_stream(kind.file_type()) => {
                // What stands behind a pipe in `/dev/fd` has no path, hence no other one either.
                let real = fs::canonicalize(&place).ok().filter(|real| *real != place);
                self.candidates.push(Candidate { name, origin: Origin::Named, path: place, real });
            }
            Ok(_) => self.problems.push(Problem::named(name, "not a regular file".to_owned())),
            Err(error) if place.is_symlink() => {
                self.problems.push(Problem::named(name, format!("the link leads nowhere: {}", reason(&error))));
            }
            Err(error) => {
                let help = names.suggest(&place).map(|nearest| format!("did you mean `{nearest}`?"));
                self.problems.push(Problem { help, ..Problem::named(name, reason(&error)) });
            }
        }
    }

    fn walk(&mut self, names: &Names, request: &Request, threads: usize) {
        // Equal directories differ by name alone, and the name without links comes first.
        self.roots.sort_by(|a, b| (&a.real, a.real != a.path, &a.path).cmp(&(&b.real, b.real != b.path, &b.path)));
        self.roots.dedup_by(|next, first| next.real == first.real);
        let (sender, receiver) = mpsc::channel();
        for root in &self.roots {
            walk(root, names, request, threads, &sender);
        }
        drop(sender);
        for met in receiver {
            match met {
                Met::Candidate(candidate) => self.candidates.push(candidate),
                Met::Problem(problem) => self.problems.push(problem),
                Met::Note(note) => self.notes.push(note),
            }
        }
    }

    fn read(mut self, stdin: &[(&str, &[u8])], threads: usize) -> Loaded {
        self.merge();
        let results = in_parallel(self.candidates, threads, |candidate| match read_file(&candidate.path) {
            Ok(bytes) => Ok((SourceFile::new(candidate.name, candidate.origin, bytes), candidate.path)),
            Err(refusal) => Err((candidate.name, candidate.origin, refusal)),
        });
        let mut files = Vec::with_capacity(results.len() + stdin.len());
        for result in results {
            match result {
                Ok(file) => files.push(file),
                Err((path, Origin::Walked, refusal @ Refusal::TooLarge)) => {
                    self.notes.push(Note { path, message: refused(&refusal), named: false });
                }
                Err((path, origin, refusal)) => {
                    let named = origin != Origin::Walked;
                    self.problems.push(Problem { named, ..Problem::named(path, refused(&refusal)) });
                }
            }
        }
        for &(name, bytes) in stdin {
            if bytes.len() as u64 > MAX_FILE_BYTES {
                self.problems.push(Problem::named(name.to_owned(), refused(&Refusal::TooLarge)));
            } else {
                files.push((SourceFile::new(name, Origin::Stdin, bytes.to_vec()), PathBuf::new()));
            }
        }
        // Two names may be equal where they are not Unicode; their paths never are.
        files.sort_by(|(a, at), (b, bt)| (&a.name, at).cmp(&(&b.name, bt)));
        // A path that is named and met besides has one problem, and the named one comes first.
        self.problems.sort_by(|a, b| (&a.path, &a.message, !a.named).cmp(&(&b.path, &b.message, !b.named)));
        self.problems.dedup_by(|next, first| next.path == first.path && next.message == first.message);
        self.notes.sort();
        self.notes.dedup();
        let sources = Sources::new(files.into_iter().map(|(file, _)| file).collect());
        Loaded { sources, problems: self.problems, notes: self.notes }
    }

    /// Makes one candidate of all that are one file. It counts as named if it was named in any way.
    fn merge(&mut self) {
        let rank = |candidate: &Candidate| candidate.real.is_some();
        self.candidates.sort_by(|a, b| (a.key(), rank(a), &a.name).cmp(&(b.key(), rank(b), &b.name)));
        self.candidates.dedup_by(|next, first| {
            let same = next.key() == first.key();
            if same && next.origin == Origin::Named {
                first.origin = Origin::Named;
            }
            same
        });
    }
}

/// Maps a list in parallel and keeps its order. Where no threads are to be had, one does the work.
fn in_parallel<T: Send, R: Send>(items: Vec<T>, threads: usize, work: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
    // Starting threads costs more than reading a handful of files, as a hook names them.
    const FEW: usize = 8;
    if threads == 1 || items.len() <= FEW {
        return items.into_iter().map(work).collect();
    }
    match ThreadPoolBuilder::new().num_threads(threads.min(items.len())).build() {
        Ok(pool) => pool.install(|| items.into_par_iter().map(work).collect()),
        Err(_) => items.into_iter().map(work).collect(),
    }
}

/// What is said of what a pattern leaves out.
pub(super) const EXCLUDED: &str = "left out by a pattern of `exclude`";

/// A path without links, as far as it is there.
fn real_path(place: &Path) -> PathBuf {
    fs::canonicalize(place).unwrap_or_else(|_| place.to_owned())
}

fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::TooLarge => format!("not read: larger than {} MiB", MAX_FILE_BYTES >> 20),
        Refusal::Io(error) => format!("cannot be read: {}", reason(error)),
    }
}

/// Whether something that is no regular file can be read to an end nevertheless.
#[cfg(unix)]
fn is_stream(kind: FileType) -> bool {
    use std::os::unix::fs::FileTypeExt;
    kind.is_fifo() || kind.is_char_device()
}

/// Whether something that is no regular file can be read to an end nevertheless: nothing here.
#[cfg(not(unix))]
fn is_stream(_: FileType) -> bool {
    false
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
