//! `--fix` and `--diff-fixes`: a run whose findings are mended, or shown to be.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use crate::engine::{self, Fixed, Outcome, Settings};
use crate::finding::Applicability;
use crate::report::{self, DiffStyle, Difference};
use crate::source::{self, Origin, Request};

use super::args::{Check, FixKind, When};
use super::message::{Refusal, complain, remark};
use super::output::wants_color;

/// A run, with or without fixes.
pub(super) struct Run {
    /// What it came to: of the files as they are now.
    pub(super) outcome: Outcome,
    /// Whether all files could be written.
    pub(super) is_written: bool,
    /// Where the report goes.
    pub(super) report: Place,
}

/// Where a report goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// To standard output.
    Output,
    /// To standard error, because standard output holds the fixed text of standard input.
    Error,
    /// Nowhere: a diff has taken its place.
    Nowhere,
}

/// Does what was asked for: fixes, or shows what fixing would do.
pub(super) fn run(
    args: &Check,
    request: &Request,
    cwd: &Path,
    settings: &Settings,
    color: When,
    out: &mut dyn Write,
) -> Result<Run, Refusal> {
    let kind = match args.fix {
        Some(FixKind::Unsafe) => Applicability::Unsafe,
        Some(FixKind::Safe) | None => Applicability::Safe,
    };
    let fixed = engine::fix(request, cwd, settings, kind);
    if fixed.declined > 0 && !args.quiet {
        let (subject, verb) = if fixed.declined == 1 { ("fix", "was") } else { ("fixes", "were") };
        remark(&format!(
            "{} {subject} {verb} taken back: with it, the finding was still there, or something else was broken",
            fixed.declined
        ));
    }
    if args.diff_fixes {
        let style = DiffStyle { color: wants_color(color), is_terminal: io::stdout().is_terminal() };
        show(&fixed, style, out)?;
        return Ok(Run { outcome: fixed.before, is_written: true, report: Place::Nowhere });
    }
    write(fixed, kind, cwd, out)
}

/// Writes what each file changes to.
fn show(fixed: &Fixed, style: DiffStyle, out: &mut dyn Write) -> io::Result<()> {
    for (file, patched) in &fixed.files {
        let file = fixed.before.sources.file(*file);
        let difference = Difference { name: &file.name, old: &file.text, new: &patched.text, lines: &patched.lines };
        report::write_diff(&difference, style, out)?;
    }
    Ok(())
}

/// Writes the files that change, each whether or not the others could be written, and the text of standard input to
/// standard output, whether or not it changes.
fn write(fixed: Fixed, kind: Applicability, cwd: &Path, out: &mut dyn Write) -> Result<Run, Refusal> {
    let Fixed { before, after, files, fixed, .. } = fixed;
    let mut is_written = true;
    for (file, patched) in &files {
        let file = before.sources.file(*file);
        if file.origin == Origin::Stdin {
            continue;
        }
        if let Err(error) = source::rewrite(cwd, file, &patched.text) {
            is_written = false;
            complain(&Refusal::new(format!("cannot write the fixed `{}`: {error}", file.name)));
        }
    }
    let mut outcome = after.unwrap_or(before);
    outcome.summary.fixed = fixed;
    // What is left of these has been tried.
    outcome.summary.fixable = 0;
    if kind == Applicability::Unsafe {
        outcome.summary.fixable_unsafely = 0;
    }
    let mut report = Place::Output;
    for (_, file) in outcome.sources.iter().filter(|(_, file)| file.origin == Origin::Stdin) {
        report = Place::Error;
        if !file.is_verbatim() {
            return Err(Refusal::new(format!("`{}` is not UTF-8, so it cannot be written out again", file.name)));
        }
        out.write_all(&file.bytes())?;
    }
    Ok(Run { outcome, is_written, report })
}
