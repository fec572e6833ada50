//! Bytes from the disk, never more than a limit.

use std::error::Error;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The size in bytes beyond which nothing is read: 256 MiB. No manifest comes near it, a hostile one
/// must not fill the memory, and every offset fits a [`Span`](super::Span).
pub const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;

/// Why something was not read.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It holds more than the limit.
    TooLarge,
    /// The operating system says no.
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The bytes of a file, pipe or character device. A pipe is waited for, so only what the user named
/// may come here without having been seen to be a regular file.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Refusal> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > MAX_FILE_BYTES {
        return Err(Refusal::TooLarge);
    }
    read_at_most(file, size, MAX_FILE_BYTES)
}

/// The bytes of a file that need not exist, but has to be readable if it does.
///
/// # Errors
/// Those of the system, and a file that is larger than anything that is read.
pub fn read_if_any(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match read_file(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(Refusal::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(Refusal::Io(error)) => Err(io::Error::new(error.kind(), reason(&error))),
        Err(Refusal::TooLarge) => Err(io::Error::other("it is too large")),
    }
}

/// Reads to the end, or refuses after `limit` bytes. The `expected` size is a hint: files grow, and
/// those of `/proc` and all pipes say 0.
pub(super) fn read_at_most(reader: impl Read, expected: u64, limit: u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::with_capacity(usize::try_from(expected.min(limit)).unwrap_or(0));
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(Refusal::TooLarge) } else { Ok(bytes) }
}

/// What the operating system says, as a part of a sentence: `permission denied`.
pub(super) fn reason(error: &io::Error) -> String {
    // A walk wraps the error once more, with a path that is told elsewhere.
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let text = cause.to_string();
    let text = text.rsplit_once(" (os error").map_or(text.as_str(), |(words, _)| words).trim_end_matches('.');
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_at_the_limit() {
        assert!(matches!(read_at_most(&b"abc"[..], 0, 3), Ok(bytes) if bytes == b"abc"));
        assert!(matches!(read_at_most(&b"abcd"[..], 2, 3), Err(Refusal::TooLarge)));
        assert!(matches!(read_at_most(io::repeat(b'a'), u64::MAX, 3), Err(Refusal::TooLarge)));
    }

    #[test]
    fn reasons_are_parts_of_a_sentence() {
        assert_eq!(reason(&io::Error::other("Stale handle (os error 116)")), "stale handle");
        assert_eq!(reason(&io::Error::other("Access is denied. (os error 5)")), "access is denied");
        assert_eq!(reason(&io::Error::other("")), "");
    }
}
