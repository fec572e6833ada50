//! `--add-ignores`: writes the comments that ignore what is found.

use std::path::Path;

use crate::engine::{self, Outcome};
use crate::source;

use super::message::{Refusal, complain, remark};

/// What came of it.
pub(super) struct Added {
    /// Whether any file was written.
    pub(super) is_anything: bool,
    /// Whether every file was written that was to be.
    pub(super) is_whole: bool,
}

/// Writes a comment for each finding that is reported, each file whole or not at all, and says what was left out.
pub(super) fn add(outcome: &Outcome, cwd: &Path, reason: &str) -> Added {
    let (additions, skipped) = engine::additions(&outcome.findings, &outcome.sources, reason);
    let mut added = Added { is_anything: false, is_whole: true };
    let (mut files, mut findings) = (0, 0);
    for addition in &additions {
        let file = outcome.sources.file(addition.file);
        match source::rewrite(cwd, file, &addition.text) {
            Ok(()) => {
                files += 1;
                findings += addition.findings;
                added.is_anything = true;
            }
            Err(error) => {
                added.is_whole = false;
                complain(&Refusal::new(format!("cannot write ignores to `{}`: {error}", file.name)));
            }
        }
    }
    let counted = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    remark(&format!("{} ignored by comments in {}", counted(findings, "finding"), counted(files, "file")));
    for one in skipped {
        let verb = if one.findings == 1 { "is" } else { "are" };
        remark(&format!("`{}`: {} {verb} not ignored: {}", one.file, counted(one.findings, "finding"), one.why));
    }
    added
}
