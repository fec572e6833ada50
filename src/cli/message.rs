//! What is said on standard error: why a request was not fulfilled, and what happened on the way.

use std::io::{self, Write};
use std::panic;

use crate::engine::UnknownName;
use crate::report::escaped;
use crate::source::GitError;

/// Why the request could not be fulfilled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// One sentence: lower case, no full stop.
    pub(super) message: String,
    /// What to do.
    pub(super) help: Option<String>,
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<UnknownName> for Refusal {
    fn from(unknown: UnknownName) -> Self {
        let help = unknown.help.unwrap_or_else(|| "`meshlint rules` lists what there is".to_owned());
        Self::new(unknown.message).help(help)
    }
}

impl From<GitError> for Refusal {
    fn from(error: GitError) -> Self {
        Self { message: error.message, help: error.help }
    }
}

/// Output that could not be written. A closed pipe does not come here.
impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::new(format!("cannot write the output: {error}"))
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}

/// Says why the request was not fulfilled.
pub(super) fn complain(refusal: &Refusal) {
    say("error: ", &refusal.message);
    if let Some(help) = &refusal.help {
        raw(&format!("  = help: {}", escaped(help)));
    }
}

/// Says something about the run that changes nothing.
pub(super) fn remark(message: &str) {
    say("note: ", message);
}

/// Says what the run comes to.
pub(super) fn conclude(message: &str) {
    raw(&escaped(message));
}

/// Shows a report on standard error.
pub(super) fn show(report: &[u8]) {
    let _ = io::stderr().lock().write_all(report);
}

/// Makes a panic say whose fault it is and how to report it.
pub(super) fn announce_panics() {
    panic::set_hook(Box::new(|bug| {
        raw(&format!(
            "meshlint: internal error: {bug}\n  \
             = help: this is a bug of meshlint {}, not of your manifests: please report it with this message, the \
             command line and, if you can share them, the files",
            env!("CARGO_PKG_VERSION")
        ));
    }));
}

/// Messages quote paths and flags, which may hold anything; a terminal must not act upon it.
fn say(kind: &str, message: &str) {
    raw(&format!("meshlint: {kind}{}", escaped(message)));
}

/// There is nobody to tell that standard error is closed.
fn raw(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
