//! Globs, as ignore files have them.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Globs relative to a folder. A glob that is none matches nothing; a `!` takes back what a former one says.
#[derive(Debug)]
pub struct Globs(Gitignore);

impl Globs {
    /// The globs of a list, relative to a folder, which is a name of a report or an absolute path.
    #[must_use]
    pub fn new(folder: &str, globs: &[String]) -> Self {
        let mut builder = GitignoreBuilder::new(folder);
        for glob in globs {
            // What is wrong with a glob is told by whoever reads it from a file.
            let _ = builder.add_line(None, glob.strip_prefix("./").unwrap_or(glob));
        }
        Self(builder.build().unwrap_or_else(|_| Gitignore::empty()))
    }

    /// Whether a file, named as the folder is, or a folder above it is meant.
    #[must_use]
    pub fn hold(&self, name: &str) -> bool {
        let below = name.strip_prefix("./").unwrap_or(name);
        let is_outside = below.starts_with('/') && !std::path::Path::new(below).starts_with(self.0.path());
        !is_outside && self.0.matched_path_or_any_parents(below, false).is_ignore()
    }
}

#[cfg(test)]
mod tests {
    use super::Globs;

    #[test]
    fn globs_are_those_of_ignore_files() {
        let hold = |folder: &str, glob: &str, name: &str| Globs::new(folder, &[glob.to_owned()]).hold(name);
        for (glob, name, expected) in [
            ("legacy/**", "legacy/a/b.yaml", true),
            ("./legacy", "legacy/a/b.yaml", true),
            ("legacy/", "legacy/a/b.yaml", true),
            ("/legacy", "x/legacy/b.yaml", false),
            ("legacy", "x/legacy/b.yaml", true),
            ("**/testdata/**", "a/testdata/b.yaml", true),
            ("*.json", "a/b.json", true),
            ("*.json", "a/b.yaml", false),
        ] {
            assert_eq!(hold("", glob, name), expected, "{glob} {name}");
            assert_eq!(hold("/home/ann", glob, &format!("/home/ann/{name}")), expected, "{glob} {name}");
        }
        assert!(!hold("/home/ann", "*.yaml", "/home/bob/a.yaml"));
    }
}
