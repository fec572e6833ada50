//! Patterns of paths, as `.gitignore` has them, and which files a walk leaves out by them.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns of paths below a folder: `vendor` at any depth, `/vendor` and `a/b` from the folder, `**` across folders,
/// `x/` a folder alone, `!x` an exception. What matches a folder matches everything in it, and the last one that matches
/// decides.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    root: PathBuf,
    /// Whether each is an exception, and what it matches.
    patterns: Vec<(bool, Gitignore)>,
}

impl Globs {
    /// The patterns, seen from a folder. `./` before a pattern means that folder, and so does the absolute path of the
    /// folder; other absolute paths match nothing.
    ///
    /// # Errors
    /// The index of the first pattern that is none, with what is wrong with it.
    pub fn new<S: AsRef<str>>(root: &Path, patterns: &[S]) -> Result<Self, (usize, String)> {
        let one = |(index, pattern): (usize, &S)| {
            let pattern = pattern.as_ref();
            let (is_exception, pattern) = pattern.strip_prefix('!').map_or((false, pattern), |rest| (true, rest));
            let mut builder = GitignoreBuilder::new(root);
            let added = builder.add_line(None, &from_root(root, pattern)).map(|_| ());
            let built = added.and_then(|()| builder.build());
            built.map(|built| (is_exception, built)).map_err(|error| (index, words(&error)))
        };
        let patterns = patterns.iter().enumerate().map(one).collect::<Result<_, _>>()?;
        Ok(Self { root: root.to_owned(), patterns })
    }

    /// Whether there is no pattern at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether an absolute path matches, or a folder that it lies in. A path outside of the root does not.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        self.judge(path, false)
    }

    /// The same for the path of a folder and all that is in it.
    #[must_use]
    pub fn matches_folder(&self, path: &Path) -> bool {
        // An exception may stand further inside.
        !self.patterns.iter().any(|(is_exception, _)| *is_exception) && self.judge(path, true)
    }

    fn judge(&self, path: &Path, is_folder: bool) -> bool {
        let Ok(below) = path.strip_prefix(&self.root) else { return false };
        if below.as_os_str().is_empty() {
            return false;
        }
        let matches = |one: &Gitignore| one.matched_path_or_any_parents(below, is_folder).is_ignore();
        let last = self.patterns.iter().rev().find(|(_, pattern)| matches(pattern));
        last.is_some_and(|(is_exception, _)| !is_exception)
    }
}

/// A pattern as a line of `.gitignore` in the root.
fn from_root(root: &Path, pattern: &str) -> String {
    let root = root.to_string_lossy();
    let below = pattern.strip_prefix(&*root).filter(|rest| rest.starts_with('/'));
    let anchored = below.or_else(|| pattern.strip_prefix('.').filter(|rest| rest.starts_with('/')));
    // A `#` begins a comment there, and a text here.
    let pattern = anchored.unwrap_or(pattern);
    let escape = if pattern.starts_with(['#', '!']) { "\\" } else { "" };
    format!("{escape}{pattern}")
}

fn words(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        ignore::Error::WithPath { err, .. }
        | ignore::Error::WithLineNumber { err, .. }
        | ignore::Error::WithDepth { err, .. } => words(err),
        other => other.to_string(),
    }
}

/// Which files are read, beside what ignore files say.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only these; all where none is given. What is named is read in any case.
    pub include: Vec<Globs>,
    /// Not these.
    pub exclude: Vec<Globs>,
    /// Whether what is named is left out, too.
    pub is_forced: bool,
}

impl Filter {
    /// Whether a file or a folder is left out.
    pub(super) fn excludes(&self, path: &Path, is_folder: bool) -> bool {
        let matches = |globs: &Globs| if is_folder { globs.matches_folder(path) } else { globs.matches(path) };
        self.exclude.iter().any(matches)
    }

    /// Whether a file is among those that are to be read.
    pub(super) fn includes(&self, path: &Path) -> bool {
        self.include.iter().all(|globs| globs.is_empty() || globs.matches(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_gitignore() {
        let root = Path::new("/home/ann/shop");
        for (pattern, path, expected) in [
            ("vendor", "vendor/a.yaml", true),
            ("vendor", "deep/vendor/a.yaml", true),
            ("vendor/", "deep/vendor/a.yaml", true),
            ("vendor/", "vendor", false),
            ("/vendor", "deep/vendor/a.yaml", false),
            ("./vendor", "vendor/a.yaml", true),
            ("./vendor", "deep/vendor/a.yaml", false),
            ("/home/ann/shop/vendor", "vendor/a.yaml", true),
            ("/home/bob/vendor", "vendor/a.yaml", false),
            ("deploy/**", "deploy/x/a.yaml", true),
            ("deploy/**", "x/deploy/a.yaml", false),
            ("**/testdata/**", "a/b/testdata/c/d.yaml", true),
            ("*.tpl", "a/b.tpl", true),
            ("a/*.yaml", "a/b/c.yaml", false),
            ("#odd", "#odd/a.yaml", true),
            ("{a,b}/*.yaml", "b/x.yaml", true),
        ] {
            let globs = Globs::new(root, &[pattern]).unwrap();
            assert_eq!(globs.matches(&root.join(path)), expected, "{pattern} against {path}");
        }
        let globs = Globs::new(root, &["deploy", "!deploy/keep.yaml"]).unwrap();
        assert!(globs.matches(&root.join("deploy/a.yaml")) && !globs.matches(&root.join("deploy/keep.yaml")));
    }

    #[test]
    fn what_lies_outside_does_not_match() {
        let globs = Globs::new(Path::new("/home/ann/shop"), &["**"]).unwrap();
        for path in ["/home/ann/other/a.yaml", "/home/ann/shop", "relative.yaml", "/"] {
            assert!(!globs.matches(Path::new(path)), "{path}");
        }
        assert!(!Globs::default().matches(Path::new("/a")));
    }

    #[test]
    fn a_pattern_that_is_none_is_told() {
        let (index, message) = Globs::new(Path::new("/"), &["a", "[z-a]"]).unwrap_err();
        assert_eq!(index, 1);
        assert!(message.contains("range"), "{message}");
    }
}
