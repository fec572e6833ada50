//! What a command reads.

use std::io;
use std::path::PathBuf;

use crate::source::{Input, STDIN};

use super::check::unread;
use super::message::Refusal;

/// What is named, `-` for standard input; without anything, the working directory.
pub(super) fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>, Refusal> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let input = |path: &PathBuf| match path.as_os_str() == "-" {
        true => Input::stdin(STDIN, io::stdin().lock()).map_err(|problem| unread(&problem)),
        false => Ok(Input::Path(path.clone())),
    };
    paths.iter().map(input).collect()
}
