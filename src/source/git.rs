//! Old revisions, read from the objects of a repository: nothing is checked out, fetched or run but `git` itself.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::discover::{Input, Loaded, Note, Request};
use super::name::Names;
use super::read::MAX_FILE_BYTES;
use super::walk::is_candidate;
use super::{Origin, SourceFile, Sources};

/// Why an old revision could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl GitError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }
}

/// Names of ignore files that count in a walk, the stronger last.
const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];

/// Reads what a request would have read at a revision of the repository around the working directory. The names are
/// those that the files would have now. Links and submodules are left out.
///
/// # Errors
/// There is no `git`, no repository, or no such revision; or the request names standard input.
pub fn load_revision(request: &Request, cwd: &Path, revision: &str) -> Result<Loaded, GitError> {
    let names = Names::new(cwd);
    let top = line(&git(names.cwd(), &["rev-parse", "--show-toplevel"])?);
    let top = std::fs::canonicalize(&top).unwrap_or_else(|_| PathBuf::from(top));
    let commit = commit(names.cwd(), revision)?;
    let wanted = wanted(request, &names, &top)?;
    let listing = git(&top, &["ls-tree", "-r", "-z", "--full-tree", &commit])?;
    let (mut files, mut ignores) = (Vec::new(), Vec::new());
    for (path, object) in listing.split(|byte| *byte == 0).filter_map(blob) {
        let base = path.rsplit_once('/').map_or(path.as_str(), |(_, base)| base);
        if request.gitignore && IGNORE_FILES.contains(&base) {
            ignores.push((path, object));
        } else if let Some(origin) = wanted.origin(&path) {
            files.push((path, object, origin));
        }
    }
    let rules = Rules::read(&top, ignores)?;
    let filter = &request.filter;
    files.retain(|(path, _, origin)| {
        let place = top.join(path);
        match origin {
            Origin::Walked => {
                !rules.leave_out(path, &wanted) && !filter.excludes(&place, false) && filter.includes(&place)
            }
            _ => !(filter.is_forced && filter.excludes(&place, false)),
        }
    });
    let objects = objects(&top, files.iter().map(|(_, object, _)| object.as_str()))?;
    let mut notes = Vec::new();
    let mut sources = Vec::new();
    for ((path, object, origin), bytes) in files.into_iter().zip(objects) {
        let name = names.report(&names.place(&top.join(&path)));
        match bytes {
            Some(bytes) => sources.push(SourceFile::new(name, origin, bytes)),
            None => notes.push(Note { path: name, message: format!("object {object} is not here"), named: false }),
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let mut loaded = Loaded { sources: Sources::new(sources), problems: Vec::new(), notes };
    loaded.sources.stand_in(names.whole_cwd());
    Ok(loaded)
}

/// What is named, relative to the top of the repository.
struct Wanted(Vec<String>);

impl Wanted {
    /// How a file would be found; `None` for one that would not be.
    fn origin(&self, path: &str) -> Option<Origin> {
        let base = path.rsplit_once('/').map_or(path, |(_, base)| base);
        if self.0.iter().any(|one| one == path) {
            return Some(Origin::Named);
        }
        let is_below = self.0.iter().any(|one| below(path, one).is_some());
        (is_below && is_candidate(base.as_bytes())).then_some(Origin::Walked)
    }
}

fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

fn wanted(request: &Request, names: &Names, top: &Path) -> Result<Wanted, GitError> {
    let mut wanted = Vec::new();
    for input in &request.inputs {
        let Input::Path(path) = input else {
            return Err(GitError::new("standard input has no older revision"));
        };
        let place = names.place(path);
        let place = std::fs::canonicalize(&place).unwrap_or(place);
        // What lies outside of the repository was not there before, as far as it can tell.
        if let Ok(below) = place.strip_prefix(top) {
            wanted.push(super::name::slashed(below));
        } else if top.starts_with(&place) {
            wanted.push(String::new());
        }
    }
    Ok(Wanted(wanted))
}

/// A line of a tree as path and object, for files alone.
fn blob(line: &[u8]) -> Option<(String, String)> {
    let line = std::str::from_utf8(line).ok()?;
    let (about, path) = line.split_once('\t')?;
    let mut words = about.split(' ');
    let (mode, kind, object) = (words.next()?, words.next()?, words.next()?);
    (kind == "blob" && mode != "120000").then(|| (path.to_owned(), object.to_owned()))
}

/// The ignore files of a tree, by folder.
struct Rules(HashMap<String, Vec<Gitignore>>);

impl Rules {
    fn read(top: &Path, files: Vec<(String, String)>) -> Result<Self, GitError> {
        let texts = objects(top, files.iter().map(|(_, object)| object.as_str()))?;
        let mut rules: HashMap<String, Vec<(usize, Gitignore)>> = HashMap::new();
        for ((path, _), text) in files.iter().zip(texts) {
            let (folder, base) = path.rsplit_once('/').unwrap_or(("", path));
            let mut builder = GitignoreBuilder::new("");
            for line in String::from_utf8_lossy(&text.unwrap_or_default()).lines() {
                // A line that is no glob has no effect in a walk, either.
                let _ = builder.add_line(None, line);
            }
            let rank = IGNORE_FILES.iter().position(|name| *name == base).unwrap_or(0);
            let built = builder.build().unwrap_or_else(|_| Gitignore::empty());
            rules.entry(folder.to_owned()).or_default().push((rank, built));
        }
        let sorted = |mut list: Vec<(usize, Gitignore)>| {
            list.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
            list.into_iter().map(|(_, one)| one).collect()
        };
        Ok(Self(rules.into_iter().map(|(folder, list)| (folder, sorted(list))).collect()))
    }

    /// Whether a walk would have passed a file by. A folder that is named is walked whatever ignores it.
    fn leave_out(&self, path: &str, wanted: &Wanted) -> bool {
        let roots: Vec<_> =
            wanted.0.iter().filter_map(|root| below(path, root).map(|rest| path.len() - rest.len())).collect();
        let Some(&root) = roots.iter().min() else { return false };
        // Each folder between the root and the file, and the file itself.
        let ends = path[root..].match_indices('/').map(|(at, _)| (root + at, true)).chain([(path.len(), false)]);
        ends.into_iter().any(|(end, is_folder)| self.judge(&path[..end], is_folder))
    }

    fn judge(&self, path: &str, is_folder: bool) -> bool {
        let mut folder = path;
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
            for rules in self.0.get(folder).into_iter().flatten() {
                let Some(below) = below(path, folder) else { continue };
                let verdict = rules.matched(below, is_folder);
                if !verdict.is_none() {
                    return verdict.is_ignore();
                }
            }
        }
        false
    }
}

/// The content of objects, in the order they are named; `None` for what is missing or larger than anything that is
/// read.
fn objects<'o>(top: &Path, names: impl Iterator<Item = &'o str>) -> Result<Vec<Option<Vec<u8>>>, GitError> {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut child = command(top)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| unstarted(&error))?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(GitError::new("`git cat-file` cannot be spoken to"));
    };
    // Its answers may fill the pipe before it has heard all questions.
    let questions = names.join("\n") + "\n";
    let asking = thread::spawn(move || input.write_all(questions.as_bytes()));
    let answers = answers(&mut BufReader::new(output), names.len());
    let asked = asking.join().is_ok_and(|done| done.is_ok());
    let is_done = finish(&mut child);
    match answers {
        Some(answers) if asked && is_done => Ok(answers),
        _ => Err(GitError::new("`git cat-file` ended before it had answered")),
    }
}

fn finish(child: &mut Child) -> bool {
    child.wait().is_ok_and(|status| status.success())
}

fn answers(output: &mut impl BufRead, count: usize) -> Option<Vec<Option<Vec<u8>>>> {
    let mut out = Vec::with_capacity(count);
    for _ in 0..count {
        let mut head = String::new();
        output.read_line(&mut head).ok()?;
        let mut words = head.split_whitespace().skip(1);
        let kind = words.next()?;
        let Some(size) = words.next().and_then(|size| size.parse::<u64>().ok()).filter(|_| kind == "blob") else {
            out.push(None);
            continue;
        };
        let is_read = size <= MAX_FILE_BYTES;
        let mut bytes = Vec::new();
        let mut body = output.by_ref().take(size);
        if is_read {
            body.read_to_end(&mut bytes).ok()?;
        } else {
            std::io::copy(&mut body, &mut std::io::sink()).ok()?;
        }
        output.read_exact(&mut [0]).ok()?;
        out.push(is_read.then_some(bytes));
    }
    Some(out)
}

fn commit(cwd: &Path, revision: &str) -> Result<String, GitError> {
    let asked = format!("{revision}^{{commit}}");
    let found = git(cwd, &["rev-parse", "--verify", "--quiet", "--end-of-options", &asked]);
    found.map(|out| line(&out)).map_err(|_| GitError {
        message: format!("`{revision}` is no revision of this repository"),
        help: Some("name a commit, a branch or a tag; a shallow clone may lack it: fetch it first".to_owned()),
    })
}

fn line(out: &[u8]) -> String {
    String::from_utf8_lossy(out).trim_end_matches(['\n', '\r']).to_owned()
}

/// Runs a plumbing command and gives what it prints.
fn git(cwd: &Path, args: &[&str]) -> Result<Vec<u8>, GitError> {
    let out = command(cwd).args(args).stdin(Stdio::null()).output().map_err(|error| unstarted(&error))?;
    if out.status.success() {
        return Ok(out.stdout);
    }
    let said = String::from_utf8_lossy(&out.stderr);
    let said = said.lines().next().unwrap_or("it says nothing").trim_start_matches("fatal: ");
    Err(GitError::new(format!("git: {said}")))
}

/// `git`, told not to run, fetch or lock anything that a repository may ask it to.
fn command(cwd: &Path) -> Command {
    let mut command = Command::new(OsStr::new("git"));
    for setting in
        ["core.fsmonitor=false", "core.hooksPath=/dev/null", "diff.external=", "protocol.allow=never", "core.pager=cat"]
    {
        command.args(["-c", setting]);
    }
    command.args(["--no-pager", "--no-replace-objects"]).current_dir(cwd);
    command.envs([
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("LC_ALL", "C"),
    ]);
    // A hook runs with these, and they would lead away from the repository that one stands in.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXTERNAL_DIFF", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
}

fn unstarted(error: &std::io::Error) -> GitError {
    let help = "older revisions are read with `git`, which has to be installed and on the path";
    GitError { message: format!("git cannot be started: {}", super::read::reason(error)), help: Some(help.to_owned()) }
}
