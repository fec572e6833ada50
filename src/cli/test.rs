//! `meshlint test`: whether requests end where the user expects.

use std::env;
use std::io::Write;
use std::path::PathBuf;

use crate::engine;
use crate::report::{self, Report, Style};
use crate::source::Root;

use super::Exit;
use super::args::Test;
use super::check::unread;
use super::input::inputs;
use super::message::{Refusal, complain, conclude, remark};
use super::output::wants_color;
use super::settings;

/// Runs the tests of files, and reports those that do not hold.
pub(super) fn test(args: &Test, out: &mut dyn Write) -> Result<Exit, Refusal> {
    let format = settings::format(args.format, None)?.value;
    let cwd = env::current_dir().map_err(|error| Refusal::new(format!("there is no working directory: {error}")))?;
    let named = args.files.iter().map(PathBuf::as_path).filter(|path| path.as_os_str() != "-");
    let config = settings::configuration(&args.configured, named, &cwd)?;
    let request = settings::request(inputs(&args.files)?, args.no_gitignore, &config);
    let tested = engine::test(&request, &cwd, &config, args.threads);

    let report = Report {
        findings: &tested.findings,
        sources: &tested.sources,
        summary: &tested.summary,
        problems: &tested.problems,
        root: &Root::of(&cwd),
        rules: &[],
        has_pages: false,
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    report::write(format, &report, &Style { color: wants_color(args.color), ..Style::default() }, out)?;
    for problem in &tested.problems {
        complain(&unread(problem));
    }
    for file in &tested.unreadable {
        let what = "something in it cannot be read, and no test sees that; `meshlint check` says what";
        remark(&format!("`{file}`: {what}"));
    }
    if tested.files == 0 && tested.problems.is_empty() {
        return Err(Refusal::new("there are no tests: no file is called `*.meshlint-test.yaml`")
            .help("name the files of tests, or call them so"));
    }
    if !args.quiet && tested.files > 0 {
        conclude(&report::summary_line(&tested.summary));
    }
    Ok(match (tested.is_whole, tested.findings.is_empty()) {
        (false, _) => Exit::Failed,
        (true, false) => Exit::Findings,
        (true, true) => Exit::Clean,
    })
}
