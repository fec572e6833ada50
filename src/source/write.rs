//! Files that somebody asked for: written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

use super::SourceFile;

/// The byte order mark of UTF-8.
pub(super) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes a file so that whoever reads it finds the old content or the new one, and never half of it: beside it first,
/// then in its place. What is no regular file, as a terminal or a pipe, is written to as it is.
///
/// # Errors
/// Those of the system, and those of the writer that was handed in; the old content is then still there.
pub fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays a link, and its target is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(&target).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return write(&mut OpenOptions::new().write(true).open(&target)?);
    }
    let (draft, mut file) = beside(&target)?;
    let written = write(&mut file).and_then(|()| file.flush()).and_then(|()| match old {
        // Who could read or write the file can do so still.
        Some(old) => fs::set_permissions(&draft, old.permissions()),
        None => Ok(()),
    });
    drop(file);
    let done = written.and_then(|()| fs::rename(&draft, &target));
    if done.is_err() {
        // What matters is the first error.
        let _ = fs::remove_file(&draft);
    }
    done
}

/// Puts another text into a file that was read, as seen from the working directory; its byte order mark stays.
///
/// # Errors
/// Those of the system, and a refusal if the file has changed since it was read, is no file, or may not be written to.
pub fn rewrite(cwd: &Path, file: &SourceFile, text: &str) -> io::Result<()> {
    let path = cwd.join(&file.name);
    let about = fs::metadata(&path)?;
    if !about.is_file() || about.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it may not be written to"));
    }
    if !file.is_verbatim() || fs::read(&path)? != file.bytes() {
        return Err(io::Error::other("it has changed since it was read"));
    }
    replace(&path, |out| out.write_all(&file.with_text(text.to_owned()).bytes()))
}

/// Adds to the end of a file, which is made if there is none.
///
/// # Errors
/// Those of the system.
pub fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(bytes)
}

/// A new file in the folder of another one.
fn beside(target: &Path) -> io::Result<(PathBuf, fs::File)> {
    let name =
        target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"))?;
    let mut number = 0;
    loop {
        let mut draft = std::ffi::OsString::from(".");
        draft.push(name);
        draft.push(format!(".{}-{number}.tmp", process::id()));
        let draft = target.with_file_name(draft);
        match OpenOptions::new().write(true).create_new(true).open(&draft) {
            Ok(file) => return Ok((draft, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 16 => number += 1,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io;

    use super::super::scratch::Scratch;
    use super::super::{Origin, SourceFile};
    use super::{append, replace, rewrite};

    #[test]
    fn a_file_is_new_or_as_it_was() {
        let scratch = Scratch::new();
        let file = scratch.file("report.json", "old");
        assert!(replace(&file, |out| out.write_all(b"half").and(Err(io::Error::other("full")))).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        replace(&file, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        replace(&scratch.path().join("other.json"), |out| out.write_all(b"made")).unwrap();
        let mut names: Vec<_> = fs::read_dir(scratch.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["other.json", "report.json"]);
        assert!(replace(&scratch.path().join("no/such.json"), |_| Ok(())).is_err());
        assert!(replace(scratch.path(), |_| Ok(())).is_err(), "a folder");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = Scratch::new();
        let file = scratch.file("real.json", "old");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let link = scratch.link("link.json", "real.json");
        replace(&link, |out| out.write_all(b"new")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        replace(std::path::Path::new("/dev/null"), |out| out.write_all(b"gone")).unwrap();
        assert!(fs::metadata("/dev/null").is_ok_and(|kind| !kind.is_file()));
    }

    #[test]
    fn only_what_was_read_is_rewritten() {
        let scratch = Scratch::new();
        let path = scratch.file("a.yaml", "\u{feff}a: 1\r\n");
        let read = SourceFile::new("a.yaml", Origin::Walked, fs::read(&path).unwrap());
        rewrite(scratch.path(), &read, "a: 2\r\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}a: 2\r\n");
        assert!(rewrite(scratch.path(), &read, "a: 3").is_err(), "it has changed");
        let read = SourceFile::new("a.yaml", Origin::Walked, fs::read(&path).unwrap());
        let mut locked = fs::metadata(&path).unwrap().permissions();
        locked.set_readonly(true);
        fs::set_permissions(&path, locked).unwrap();
        assert!(rewrite(scratch.path(), &read, "a: 3").is_err(), "it is locked");
        let wide = SourceFile::new("w.yaml", Origin::Walked, fs::read(scratch.file("w.yaml", "a\0:\0")).unwrap());
        assert!(rewrite(scratch.path(), &wide, "b:").is_err(), "it is UTF-16");
        assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}a: 2\r\n");
    }

    #[test]
    fn what_is_appended_stands_last() {
        let scratch = Scratch::new();
        let file = scratch.path().join("summary.md");
        append(&file, b"one\n").unwrap();
        append(&file, b"two\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "one\ntwo\n");
    }
}
