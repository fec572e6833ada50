//! Scripts of pipelines, run as their runners do.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A shell that has the program on its path, and little else of the machine's environment.
pub(crate) fn bash(script: &str, folder: &Path) -> Command {
    let mut command = Command::new("bash");
    let kept = ["HOME", "LANG", "TMPDIR"].into_iter().filter_map(|name| Some((name, env::var_os(name)?)));
    command.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]).current_dir(folder);
    command.env_clear().envs(kept).env("PATH", path_with(&[built()]));
    command
}

/// The folder of the program.
pub(crate) fn built() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_meshlint")).parent().unwrap().to_owned()
}

/// The path of this machine behind other folders.
pub(crate) fn path_with(folders: &[PathBuf]) -> OsString {
    let rest = env::var_os("PATH").unwrap();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&rest))).unwrap()
}

/// Where the wheel lies that `.ci/run` has built, or nothing: then what installs it is not tried.
#[allow(clippy::print_stderr)]
pub(crate) fn wheels() -> Option<PathBuf> {
    let folder = env::var_os("MESHLINT_WHEELS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: MESHLINT_WHEELS names no folder with a wheel");
    }
    folder
}

/// Everything that was printed, for the message of a failing test.
pub(crate) fn said(done: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
}
