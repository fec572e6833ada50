//! What the renderer writes to: the writer of the report, with our colours and our words.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{LabelStyle, Severity};
use codespan_reporting::term::WriteStyle;

const RESET: &str = "\x1b[0m";

/// A writer for the renderer.
pub(super) struct Ink<'w> {
    out: &'w mut dyn Write,
    color: bool,
    /// Whether the next word is the severity.
    at_severity: bool,
    /// Spaces that are written only when something follows them on the line.
    spaces: usize,
}

impl<'w> Ink<'w> {
    /// Writes with or without ANSI colours.
    pub(super) fn new(out: &'w mut dyn Write, color: bool) -> Self {
        Self { out, color, at_severity: false, spaces: 0 }
    }

    fn let_spaces_out(&mut self) -> io::Result<()> {
        write!(self.out, "{:1$}", "", std::mem::take(&mut self.spaces))
    }

    fn paint(&mut self, code: &str) -> io::Result<()> {
        if !self.color {
            return Ok(());
        }
        self.let_spaces_out()?;
        write!(self.out, "{RESET}\x1b[{code}m")
    }
}

impl Write for Ink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The renderer pads lines up to the last label, and does so in writes of their own.
        if bytes.iter().all(|byte| *byte == b' ') {
            self.spaces += bytes.len();
            return Ok(bytes.len());
        }
        if bytes.starts_with(b"\n") {
            self.spaces = 0;
        }
        self.let_spaces_out()?;
        // The renderer's lowest severity is called `note`; ours is `info`.
        let word: &[u8] = if std::mem::take(&mut self.at_severity) && bytes == b"note" { b"info" } else { bytes };
        self.out.write_all(word)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl WriteStyle for Ink<'_> {
    fn set_header(&mut self, severity: Severity) -> io::Result<()> {
        self.at_severity = true;
        self.paint(match severity {
            Severity::Bug | Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Note | Severity::Help => "1;36",
        })
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.paint("1")
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.set_source_border()
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.set_source_border()
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.paint("1;34")
    }

    fn set_label(&mut self, severity: Severity, style: LabelStyle) -> io::Result<()> {
        self.paint(match (style, severity) {
            (LabelStyle::Secondary, _) => "34",
            (LabelStyle::Primary, Severity::Bug | Severity::Error) => "31",
            (LabelStyle::Primary, Severity::Warning) => "33",
            (LabelStyle::Primary, Severity::Note | Severity::Help) => "36",
        })
    }

    fn reset(&mut self) -> io::Result<()> {
        if !self.color {
            return Ok(());
        }
        self.let_spaces_out()?;
        self.out.write_all(RESET.as_bytes())
    }
}
