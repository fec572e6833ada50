//! The root of a repository, from which a forge names files.

use std::borrow::Cow;
use std::path::Path;

use super::name::{Names, slashed};

/// What standard input is called unless somebody says otherwise. It is no path.
pub const STDIN: &str = "<stdin>";

/// The repository that a working directory lies in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Root {
    /// The absolute path, with `/` everywhere and none at the end; empty where it is not known.
    path: String,
    /// The working directory, relative to the root; empty where it is the root.
    below: String,
}

impl Root {
    /// The root of the repository around a working directory: the nearest directory upwards with a `.git`, else the
    /// working directory.
    #[must_use]
    pub fn of(cwd: &Path) -> Self {
        let names = Names::new(cwd);
        let root = names.cwd().ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(names.cwd());
        let below = names.cwd().strip_prefix(root).map(slashed).unwrap_or_default();
        Self::new(&slashed(root), &below)
    }

    /// A root by its absolute path, and a working directory relative to it.
    #[must_use]
    pub fn new(path: &str, below: &str) -> Self {
        Self { path: path.trim_end_matches('/').to_owned(), below: below.to_owned() }
    }

    /// The absolute path without a `/` at its end; empty where it is not known, or where the whole disk is meant.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A file as a forge names it: relative to the root when below it, else absolute. The name is one of a report:
    /// relative to the working directory, or absolute.
    #[must_use]
    pub fn name<'n>(&self, name: &'n str) -> Cow<'n, str> {
        if is_absolute(name) {
            let below = name.strip_prefix(&self.path).and_then(|rest| rest.strip_prefix('/'));
            return below.filter(|_| !self.path.is_empty()).unwrap_or(name).into();
        }
        if self.below.is_empty() || name == STDIN {
            return name.into();
        }
        format!("{}/{name}", self.below).into()
    }
}

/// Whether a name of a report is an absolute path, of this system or another.
#[must_use]
pub fn is_absolute(name: &str) -> bool {
    let has_drive = matches!(name.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic());
    name.starts_with('/') || has_drive
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::{Root, STDIN};

    #[test]
    fn names_are_relative_to_the_repository() {
        let root = Root::new("/home/ann/shop/", "deploy/a b");
        assert_eq!(root.name("x.yaml"), "deploy/a b/x.yaml");
        assert_eq!(root.name("/home/ann/shop/mesh/y.yaml"), "mesh/y.yaml");
        assert_eq!(root.name("/home/ann/shopping/y.yaml"), "/home/ann/shopping/y.yaml");
        assert_eq!(root.name(STDIN), STDIN);
        assert_eq!(Root::new("/home/ann/shop", "").name("x.yaml"), "x.yaml");
        assert_eq!(Root::new("C:/shop", "").name("C:/shop/x.yaml"), "x.yaml");
        assert_eq!(Root::default().name("/x.yaml"), "/x.yaml");
    }

    #[test]
    fn the_nearest_repository_counts() {
        let scratch = Scratch::new();
        scratch.file("outer/.git/HEAD", "");
        scratch.file("outer/inner/.git", "gitdir: elsewhere");
        scratch.file("outer/inner/deploy/x.yaml", "");
        let root = Root::of(&scratch.path().join("outer/inner/deploy"));
        assert!(root.path().ends_with("outer/inner"), "{root:?}");
        assert_eq!(root.name("x.yaml"), "deploy/x.yaml");
    }
}
