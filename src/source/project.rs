//! The project that some paths lie in: where its configuration stands, and its folder.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::name::Names;
use super::read::{read_at_most, reason};
use super::{Origin, Problem, SourceFile};

/// How a configuration is called; of several in one folder the first counts.
pub const CONFIGURATIONS: [&str; 4] = ["meshlint.yaml", ".meshlint.yaml", "meshlint.yml", ".meshlint.yml"];

/// The size in bytes beyond which a configuration is not read.
const MAX_CONFIGURATION: u64 = 1024 * 1024;

/// The directory of the project that a working directory lies in, where no configuration says it: the root of the
/// repository, else the working directory.
#[must_use]
pub fn project_root(cwd: &Path) -> PathBuf {
    let cwd = Names::new(cwd).cwd().to_owned();
    let repository = cwd.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    repository.unwrap_or(cwd)
}

/// The nearest configuration, from a folder upwards to the root of its repository or the home directory, whichever
/// comes first; else to the root of the disk.
#[must_use]
pub fn find_configuration(folder: &Path, home: Option<&Path>) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        let here = CONFIGURATIONS.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        if here.is_some() || home == Some(folder) || folder.join(".git").exists() {
            return here;
        }
    }
    None
}

/// The innermost folder that holds all of these paths, as far as they are there; paths outside of the working
/// directory count only where none is inside. Without any, it is the working directory.
#[must_use]
pub fn common_folder<'p>(cwd: &Path, paths: impl Iterator<Item = &'p Path>) -> PathBuf {
    let names = Names::new(cwd);
    let folder = |path: &Path| {
        let place = names.place(path);
        match fs::metadata(&place) {
            Ok(kind) if kind.is_dir() => Some(place),
            // What stands behind a pipe has no folder.
            Ok(kind) if !kind.is_file() => None,
            _ => place.parent().map(Path::to_owned),
        }
    };
    let folders: Vec<PathBuf> = paths.filter_map(folder).collect();
    let inside: Vec<&PathBuf> = folders.iter().filter(|folder| folder.starts_with(names.cwd())).collect();
    let folders = if inside.is_empty() { folders.iter().collect() } else { inside };
    let common =
        |a: PathBuf, b: &PathBuf| a.ancestors().find(|one| b.starts_with(one)).map_or(a.clone(), Path::to_owned);
    let mut folders = folders.into_iter();
    let Some(first) = folders.next() else { return names.cwd().to_owned() };
    folders.fold(first.clone(), common)
}

/// Reads a configuration, by its absolute path, under the name that it has in reports.
///
/// # Errors
/// What the system says, and that it is too large for one.
pub fn read_configuration(cwd: &Path, path: &Path) -> Result<SourceFile, Problem> {
    let name = Names::new(cwd).report(path);
    let problem = |message| Problem { path: name.clone(), message, help: None, named: true };
    let bytes = || -> Result<Vec<u8>, String> {
        let file = File::open(path).map_err(|error| reason(&error))?;
        if file.metadata().is_ok_and(|kind| kind.is_dir()) {
            return Err("is a directory".to_owned());
        }
        read_at_most(file, 0, MAX_CONFIGURATION)
            .map_err(|_| format!("cannot be read, or is larger than {} KiB", MAX_CONFIGURATION >> 10))
    };
    Ok(SourceFile::new(name.clone(), Origin::Named, bytes().map_err(problem)?))
}

/// The absolute path of what was named, free of `.` and `..`.
#[must_use]
pub fn absolute(cwd: &Path, path: &Path) -> PathBuf {
    Names::new(cwd).place(path)
}

/// Writes a file that must not be there before.
///
/// # Errors
/// Those of the system; that it is there is [`io::ErrorKind::AlreadyExists`].
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::*;

    #[test]
    fn the_nearest_configuration_counts_as_far_as_the_repository() {
        let scratch = Scratch::new();
        let outer = scratch.file("meshlint.yaml", "");
        scratch.file("shop/.git/HEAD", "");
        scratch.file("shop/deploy/a/x.yaml", "");
        let shop = scratch.path().join("shop");
        assert_eq!(find_configuration(&shop.join("deploy"), None), None, "the repository ends before it");
        let hidden = scratch.file("shop/.meshlint.yml", "");
        assert_eq!(find_configuration(&shop.join("deploy/a"), None), Some(hidden.clone()));
        let plain = scratch.file("shop/meshlint.yaml", "");
        assert_eq!(find_configuration(&shop.join("deploy/a"), None), Some(plain), "a plain name comes first");
        assert_eq!(find_configuration(scratch.path(), None), Some(outer));
        assert_eq!(find_configuration(&shop.join("deploy/a"), Some(&shop.join("deploy"))), None, "home is the end");
        assert_eq!(project_root(&shop.join("deploy")), fs::canonicalize(&shop).unwrap());
    }

    #[test]
    fn the_folder_of_what_is_named() {
        let scratch = Scratch::new();
        for file in ["here/a/1.yaml", "here/a/b/2.yaml", "here/c/3.yaml", "there/4.yaml"] {
            scratch.file(file, "");
        }
        let here = fs::canonicalize(scratch.path()).unwrap().join("here");
        let common = |paths: &[&str]| {
            let folder = common_folder(&here, paths.iter().map(Path::new));
            folder.strip_prefix(here.parent().unwrap()).unwrap().to_string_lossy().into_owned()
        };
        assert_eq!(common(&[]), "here");
        assert_eq!(common(&["a"]), "here/a");
        assert_eq!(common(&["a/1.yaml", "a/b"]), "here/a");
        assert_eq!(common(&["a/b", "c/3.yaml"]), "here");
        assert_eq!(common(&["a/b/gone.yaml"]), "here/a/b");
        assert_eq!(common(&["../there"]), "there");
        assert_eq!(common(&["../there", "a/b"]), "here/a/b");
    }

    #[test]
    fn a_file_is_never_written_over() {
        let scratch = Scratch::new();
        let path = scratch.path().join("meshlint.yaml");
        create(&path, "a").unwrap();
        assert_eq!(create(&path, "b").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "a");
    }

    #[test]
    fn a_configuration_has_a_size() {
        let scratch = Scratch::new();
        let path = scratch.file("meshlint.yaml", vec![b'#'; 2 << 20]);
        assert!(read_configuration(scratch.path(), &path).unwrap_err().message.contains("larger than 1024 KiB"));
        assert_eq!(read_configuration(scratch.path(), scratch.path()).unwrap_err().message, "is a directory");
    }
}
