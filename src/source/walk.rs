//! The walk through a directory: which files in it may be manifests.

use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use ignore::{DirEntry, Error, WalkBuilder, WalkState};

use super::Origin;
use super::discover::{Candidate, EXCLUDED, Note, Problem, Request};
use super::globs::Filter;
use super::name::Names;
use super::project::CONFIGURATIONS;
use super::read::reason;

/// A directory to walk.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Root {
    /// The directory without links, by which it is known.
    pub(super) real: PathBuf,
    /// The directory as it was named, absolute.
    pub(super) path: PathBuf,
}

/// What a walk comes upon.
#[derive(Debug)]
pub(super) enum Met {
    /// A file that may be a manifest.
    Candidate(Candidate),
    /// Something that should have been read and cannot be.
    Problem(Problem),
    /// Something that is passed by.
    Note(Note),
}

/// Walks a directory and sends what it comes upon, in no order.
///
/// Hidden files count, because manifests live in `.github` and the like; `.git` does not. Links to
/// directories are not followed: inside the tree their targets are visited anyway, outside they are
/// not part of it, and so no loop can arise. With `gitignore`, `.gitignore`, `.ignore`,
/// `.git/info/exclude` and the user's global excludes are honoured, in a repository or not; without
/// it none of them is. The root itself is walked even if it is ignored.
pub(super) fn walk(root: &Root, names: &Names, request: &Request, threads: usize, sender: &Sender<Met>) {
    let mut builder = WalkBuilder::new(&root.path);
    builder
        .standard_filters(request.gitignore)
        .hidden(false)
        .require_git(false)
        .current_dir(names.cwd())
        .filter_entry(pruner(root, names, request, sender))
        .threads(threads.min(MOST_THREADS));
    let walker = Walker { root, names, filter: &request.filter };
    if threads == 1 {
        builder.build().for_each(|entry| walker.visit(entry, sender));
    } else {
        builder.build_parallel().run(|| {
            let sender = sender.clone();
            Box::new(move |entry| {
                walker.visit(entry, &sender);
                WalkState::Continue
            })
        });
    }
}

/// Says which entries are walked into or looked at. What a pattern leaves out is noted.
fn pruner(
    root: &Root,
    names: &Names,
    request: &Request,
    sender: &Sender<Met>,
) -> impl Fn(&DirEntry) -> bool + Send + Sync + 'static {
    let mut filter = request.filter.clone();
    if filter.excludes(&root.real, true) {
        // Whoever names a folder that is left out wants it; `--force-exclude` has been asked before.
        filter.exclude.clear();
    }
    let (root, real, names, sender) = (root.path.clone(), root.real.clone(), names.clone(), sender.clone());
    move |entry| {
        if entry.depth() == 0 {
            return true;
        }
        if entry.file_name() == ".git" {
            return false;
        }
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let is_left = !filter.exclude.is_empty()
            && entry.path().strip_prefix(&root).is_ok_and(|below| filter.excludes(&real.join(below), is_folder));
        let is_told = is_left && (is_folder || is_candidate(entry.file_name().as_encoded_bytes()));
        if is_told {
            let path = names.report(entry.path());
            // The receiver outlives the walk.
            let _ = sender.send(Met::Note(Note { path, message: EXCLUDED.to_owned(), named: false }));
        }
        !is_left
    }
}

/// More threads than this only get in one another's way in the kernel; it is the walker's own limit
/// where it may choose.
const MOST_THREADS: usize = 12;

#[derive(Clone, Copy)]
struct Walker<'a> {
    root: &'a Root,
    names: &'a Names,
    filter: &'a Filter,
}

impl Walker<'_> {
    fn visit(&self, entry: Result<DirEntry, Error>, sender: &Sender<Met>) {
        // The receiver outlives the walk, so nothing that is sent is lost.
        let send = |met| drop(sender.send(met));
        match entry {
            Ok(entry) => {
                if let Some(error) = entry.error() {
                    self.ignore_file(entry.path(), error, &send);
                }
                if let Some(met) = self.judge(&entry) {
                    send(met);
                }
            }
            Err(error) => {
                let path = path_of(&error).unwrap_or(&self.root.path);
                send(Met::Problem(Problem {
                    path: self.names.report(path),
                    message: format!("cannot be read: {}", words(&error)),
                    help: None,
                    named: path == self.root.path,
                }));
            }
        }
    }

    fn judge(&self, entry: &DirEntry) -> Option<Met> {
        let kind = entry.file_type()?;
        if entry.depth() == 0 || kind.is_dir() {
            return None;
        }
        let candidate = is_candidate(entry.file_name().as_encoded_bytes())
            && !is_configuration(entry.file_name())
            && self.includes(entry.path());
        if kind.is_symlink() {
            return self.judge_link(entry.path(), candidate);
        }
        candidate.then(|| self.judge_file(entry.path(), kind, || self.real(entry.path())))
    }

    fn includes(&self, path: &Path) -> bool {
        self.filter.include.is_empty()
            || path.strip_prefix(&self.root.path).is_ok_and(|below| self.filter.includes(&self.root.real.join(below)))
    }

    fn judge_link(&self, path: &Path, candidate: bool) -> Option<Met> {
        match fs::metadata(path) {
            Ok(target) if target.is_dir() => {
                Some(self.note(path, "a link to a directory is not followed: name it to have it read"))
            }
            Ok(target) => candidate.then(|| self.judge_file(path, target.file_type(), || fs::canonicalize(path).ok())),
            Err(error) => candidate.then(|| {
                Met::Problem(Problem {
                    path: self.names.report(path),
                    message: format!("the link leads nowhere: {}", reason(&error)),
                    help: None,
                    named: false,
                })
            }),
        }
    }

    fn judge_file(&self, path: &Path, kind: FileType, real: impl FnOnce() -> Option<PathBuf>) -> Met {
        // Opening a pipe would wait for a writer that may never come.
        if !kind.is_file() {
            return self.note(path, "not a regular file: it is not opened");
        }
        Met::Candidate(Candidate {
            name: self.names.report(path),
            origin: Origin::Walked,
            path: path.to_owned(),
            real: real(),
        })
    }

    /// The path without links, where it is another: below the root no link is followed.
    fn real(&self, path: &Path) -> Option<PathBuf> {
        if self.root.real == self.root.path {
            return None;
        }
        path.strip_prefix(&self.root.path).ok().map(|below| self.root.real.join(below))
    }

    fn ignore_file(&self, met: &Path, error: &Error, send: &impl Fn(Met)) {
        if let Error::Partial(errors) = error {
            errors.iter().for_each(|error| self.ignore_file(met, error, send));
            return;
        }
        let line = line_of(error).map(|line| format!(" in line {line}")).unwrap_or_default();
        let message = format!("the ignore rule{line} has no effect: {}", words(error));
        send(self.note(path_of(error).unwrap_or(met), message));
    }

    fn note(&self, path: &Path, message: impl Into<String>) -> Met {
        Met::Note(Note { path: self.names.report(path), message: message.into(), named: false })
    }
}

/// Whether a file of this name may hold manifests. Its content decides the rest.
///
/// Seen in real repositories: YAML and JSON, and templates of them that keep the YAML readable, such
/// as `mesh.yaml.template`, `base.template.yaml` and `_helpers.tpl`. Templates of languages that do
/// not (Jsonnet, Jinja) are left out.
pub(super) fn is_candidate(name: &[u8]) -> bool {
    const PLAIN: [&[u8]; 3] = [b"yaml", b"yml", b"json"];
    // Emacs locks an edited file by a dangling link of this name.
    if name.starts_with(b".#") {
        return false;
    }
    let mut parts = name.rsplit(|&byte| byte == b'.').map(<[u8]>::to_ascii_lowercase);
    let (Some(last), Some(before)) = (parts.next(), parts.next()) else {
        return false;
    };
    let plain = |part: &[u8]| PLAIN.contains(&part);
    match last.as_slice() {
        b"template" | b"tpl" => true,
        // These two are templates of anything, unless the name says of what.
        b"tmpl" | b"in" => plain(&before),
        other => plain(other),
    }
}

/// Whether a file of this name says how to check and is nothing to check.
fn is_configuration(name: &OsStr) -> bool {
    CONFIGURATIONS.iter().any(|one| name == *one)
}

fn path_of(error: &Error) -> Option<&Path> {
    match error {
        Error::WithPath { path, .. } => Some(path),
        Error::WithDepth { err, .. } | Error::WithLineNumber { err, .. } => path_of(err),
        Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

fn line_of(error: &Error) -> Option<u64> {
    match error {
        Error::WithLineNumber { line, .. } => Some(*line),
        Error::WithPath { err, .. } | Error::WithDepth { err, .. } => line_of(err),
        _ => None,
    }
}

/// The innermost reason, without path and line, which are told apart.
fn words(error: &Error) -> String {
    match error {
        Error::WithPath { err, .. } | Error::WithDepth { err, .. } | Error::WithLineNumber { err, .. } => words(err),
        Error::Io(error) => reason(error),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_candidate;

    #[test]
    fn names_of_manifests_are_candidates() {
        for name in [
            "mesh.yaml",
            "MESH.YML",
            "a b.json",
            "caf\u{e9}.yaml",
            "mesh.yaml.template",
            "mesh.yml.tpl",
            "base.template.yaml",
            "mesh.template",
            "_helpers.tpl",
            "mesh.yaml.tmpl",
            "mesh.json.in",
            ".mesh.yaml",
        ] {
            assert!(is_candidate(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for name in ["yaml", "mesh.yaml~", "a.jsonnet", "a.yaml.j2", "config.in", "a.tmpl", "a.yaml.", ".#a.yaml", ""] {
            assert!(!is_candidate(name.as_bytes()), "{name}");
        }
    }
}
