//! Names of paths: where a path leads, how it is reported, and what a mistyped one may have meant.

use std::cmp::Reverse;
use std::fs;
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

/// The naming of paths, as seen from one working directory.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// The working directory, absolute and without links if it exists.
    cwd: PathBuf,
}

impl Names {
    pub(super) fn new(cwd: &Path) -> Self {
        let absolute = || std::path::absolute(cwd).unwrap_or_else(|_| cwd.to_owned());
        Self { cwd: fs::canonicalize(cwd).unwrap_or_else(|_| absolute()) }
    }

    pub(super) fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// The working directory as it would be reported if it were not the one that names are relative to.
    pub(super) fn whole_cwd(&self) -> String {
        slashed(&self.cwd)
    }

    /// The absolute path of what the user named, free of `.` and `..`. Links in it stay as they are,
    /// so that people find their own words in the report, unless only the path without links shows
    /// that the place is below the working directory or above it.
    pub(super) fn place(&self, path: &Path) -> PathBuf {
        let mut place = if path.is_absolute() { PathBuf::new() } else { self.cwd.clone() };
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => {
                    // The parent of a link to a directory is the parent of its target.
                    if place.is_symlink() {
                        place = fs::canonicalize(&place).unwrap_or(place);
                    }
                    place.pop();
                }
                other => place.push(other),
            }
        }
        let related = |place: &Path| place.starts_with(&self.cwd) || self.cwd.starts_with(place);
        if related(&place) {
            return place;
        }
        let real = if place.is_dir() {
            fs::canonicalize(&place).ok()
        } else {
            place.parent().and_then(|parent| Some(fs::canonicalize(parent).ok()?.join(place.file_name()?)))
        };
        real.filter(|real| related(real)).unwrap_or(place)
    }

    /// The name for people: relative to the working directory when below it, else absolute, with `/`
    /// on every platform. What is not Unicode in it is replaced by U+FFFD.
    pub(super) fn report(&self, place: &Path) -> String {
        match place.strip_prefix(&self.cwd) {
            Ok(below) if below.as_os_str().is_empty() => ".".to_owned(),
            Ok(below) => slashed(below),
            Err(_) => slashed(place),
        }
    }

    /// What a path that does not exist may have meant: the sibling nearest in spelling of its first
    /// missing part, with the parts after it if they exist there.
    pub(super) fn suggest(&self, place: &Path) -> Option<String> {
        let missing = place.ancestors().find(|part| part.parent().is_some_and(Path::is_dir))?;
        let (parent, wanted) = (missing.parent()?, missing.file_name()?.to_str()?);
        let rest = place.strip_prefix(missing).ok().filter(|rest| !rest.as_os_str().is_empty());
        let length = wanted.chars().count();
        let allowed = (length / 3).max(1).min(length.saturating_sub(1));
        let (.., sibling, whole) = fs::read_dir(parent)
            .ok()?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.chars().count().abs_diff(length) <= allowed)
            .map(|name| (strsim::damerau_levenshtein(wanted, &name), name))
            .filter(|(distance, _)| *distance <= allowed)
            .map(|(distance, name)| {
                let whole = rest.is_some_and(|rest| parent.join(&name).join(rest).exists());
                (Reverse(whole), distance, name, whole)
            })
            .min()?;
        let sibling = parent.join(sibling);
        Some(self.report(&rest.filter(|_| whole).map_or(sibling.clone(), |rest| sibling.join(rest))))
    }
}

/// The name under which a path would be reported, as seen from the working directory.
#[must_use]
pub fn report_name(cwd: &Path, path: &Path) -> String {
    let names = Names::new(cwd);
    names.report(&names.place(path))
}

/// A path with `/` everywhere.
pub(super) fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if MAIN_SEPARATOR == '/' {
        return text.into_owned();
    }
    // Windows writes a path without links as `\\?\C:\dir`, which nobody else reads.
    text.strip_prefix(r"\\?\").unwrap_or(&text).replace(MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::*;

    #[test]
    fn names_are_relative_below_the_working_directory_alone() {
        let scratch = Scratch::new();
        scratch.file("here/a b/c.yaml", "");
        scratch.file("there/\u{e9}.yaml", "");
        let names = Names::new(&scratch.path().join("here"));
        let name = |path: &str| names.report(&names.place(Path::new(path)));
        assert_eq!(name("./a b//c.yaml"), "a b/c.yaml");
        assert_eq!(name("a b/../a b/./c.yaml"), "a b/c.yaml");
        assert_eq!(name("../here/a b/c.yaml"), "a b/c.yaml");
        assert_eq!(name("."), ".");
        let there = slashed(&scratch.path().join("there/\u{e9}.yaml"));
        assert_eq!(name("../there/\u{e9}.yaml"), there);
        assert_eq!(name(&there), there);
    }

    #[cfg(unix)]
    #[test]
    fn links_keep_their_names_but_not_their_parents() {
        let scratch = Scratch::new();
        scratch.file("real/deep/a.yaml", "");
        scratch.link("link", "real/deep");
        let names = Names::new(scratch.path());
        assert_eq!(names.report(&names.place(Path::new("link/a.yaml"))), "link/a.yaml");
        assert_eq!(names.report(&names.place(Path::new("link/../b.yaml"))), "real/b.yaml");
    }

    #[cfg(unix)]
    #[test]
    fn working_directory_spelled_through_a_link_is_itself() {
        let scratch = Scratch::new();
        let file = scratch.file("real/sub/a.yaml", "");
        let link = scratch.link("link", "real");
        for cwd in [link.join("sub"), scratch.path().join("real/sub")] {
            let names = Names::new(&cwd);
            assert_eq!(names.report(&names.place(&link.join("sub/a.yaml"))), "a.yaml");
            assert_eq!(names.report(&names.place(&link.join("sub/missing.yaml"))), "missing.yaml");
            assert_eq!(Some(names.place(&link).as_path()), file.ancestors().nth(2));
        }
    }

    #[test]
    fn suggestion_is_the_nearest_sibling() {
        let scratch = Scratch::new();
        scratch.file("deploy/mesh.yaml", "");
        scratch.file("deplou/other.yaml", "");
        scratch.file("x/y.yaml", "");
        let names = Names::new(scratch.path());
        let suggest = |path: &str| names.suggest(&names.place(Path::new(path)));
        assert_eq!(suggest("deploy/mehs.yml").as_deref(), Some("deploy/mesh.yaml"));
        assert_eq!(suggest("deploi").as_deref(), Some("deplou"), "of two at the same distance the first by name");
        assert_eq!(suggest("deploi/mesh.yaml").as_deref(), Some("deploy/mesh.yaml"));
        assert_eq!(suggest("deploi/gone.yaml").as_deref(), Some("deplou"));
        assert_eq!(suggest("z"), None, "one letter for another is no resemblance");
        assert_eq!(suggest("something-else"), None);
    }
}
