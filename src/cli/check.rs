//! `meshlint check`: from flags to a report and a verdict.

use std::cmp::Reverse;
use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::engine::{self, Clock, Config, Outcome, Settings};
use crate::report::{self, Format, Report, Style};
use crate::source::{Input, Problem, Request, Root, STDIN};

use super::Exit;
use super::args::{Check, Level};
use super::baseline;
use super::fix::{self, Place};
use super::message::{Refusal, complain, conclude, remark};
use super::output::{wants_color, wants_links};
use super::settings::{self, Effective};
use super::{file, ignore};

/// The commands, for whoever has mistyped one: it is then taken for a path.
const COMMANDS: [&str; 12] = [
    "baseline",
    "check",
    "completions",
    "config",
    "explain",
    "graph",
    "init",
    "man",
    "route",
    "rules",
    "schema",
    "test",
];

/// Rules whose times are told.
const MOST_RULES: usize = 10;

/// Checks what was named. `bare` says that no command was given.
pub(super) fn check(args: &Check, bare: bool, out: &mut dyn Write) -> Result<Exit, Refusal> {
    let cwd = env::current_dir().map_err(|error| Refusal::new(format!("there is no working directory: {error}")))?;
    let effective = Effective::of(args, &cwd)?;
    let format = effective.format.value;
    if args.statistics && !matches!(format, Format::Human | Format::Concise | Format::Json | Format::Jsonl) {
        return Err(Refusal::new(format!("there are no statistics in the {format} format"))
            .help("say `--format human` or `--format json`; `--report` may write the other format to a file"));
    }
    let settings = Settings {
        selection: effective.selection(args)?,
        min_severity: effective.min_severity.value.map(Level::severity),
        only: args.only.clone(),
        no_ignores: args.no_ignores,
        threads: args.threads,
        config: Arc::clone(&effective.config),
        levels: Effective::levels(args)?,
        baseline: effective.baseline(args, &cwd)?,
    };
    file::refuse_equal(&args.report, &cwd)?;
    let request = Request {
        inputs: inputs(args, &cwd, &effective.config)?,
        gitignore: effective.gitignore.value,
        filter: effective.filter.clone(),
    };
    let look = || match &args.since {
        Some(revision) => engine::check_since(&request, revision, &cwd, &settings).map_err(Refusal::from),
        None => Ok(engine::check(&request, &cwd, &settings)),
    };
    let run = match args.fix.is_some() || args.diff_fixes {
        true => fix::run(args, &request, &cwd, &settings, effective.color.value, out)?,
        false => fix::Run { outcome: look()?, is_written: true, report: Place::Output },
    };
    let fix::Run { mut outcome, mut is_written, report: place } = run;
    if let Some(reason) = &args.add_ignores {
        let added = ignore::add(&outcome, &cwd, reason);
        is_written = added.is_whole;
        if added.is_anything {
            outcome = look()?;
        }
    }

    let mut formats = args.report.iter().map(|file| file.format).chain([format]);
    let rules = if formats.any(Format::tells_rules) { file::about_rules() } else { Vec::new() };
    let report = Report {
        findings: &outcome.findings,
        sources: &outcome.sources,
        summary: &outcome.summary,
        problems: &outcome.problems,
        root: &Root::of(&cwd),
        rules: &rules,
        has_pages: true,
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    let style = Style {
        color: wants_color(effective.color.value),
        links: wants_links(effective.hyperlinks.value),
        max_findings: effective.max_findings.value,
        max_bytes: None,
    };
    // Files come first: whatever becomes of standard output, they are written.
    is_written &= file::write(&args.report, &report, &style);
    let errors = &mut io::stderr();
    let out: &mut dyn Write = if place == Place::Output { out } else { errors };
    match (args.statistics, format) {
        _ if place == Place::Nowhere => {}
        (false, _) => report::write(format, &report, &style, out)?,
        (true, Format::Json | Format::Jsonl) => report::write_statistics_json(&outcome.findings, out)?,
        (true, _) => report::write_statistics(&outcome.findings, out)?,
    }
    if format == Format::Github {
        file::summarize(&report);
    }

    for problem in &outcome.problems {
        let refusal = unread(problem);
        let command = command_near(&problem.path).filter(|_| bare);
        complain(&Refusal { help: command.or(refusal.help), ..refusal });
    }
    remark_on(&outcome, args, &effective.config);
    let is_futile = outcome.summary.files == 0 && !outcome.problems.is_empty();
    if !args.quiet && !is_futile {
        conclude(&report::summary_line(&outcome.summary));
        outcome.debt.iter().flat_map(baseline::debt).for_each(|line| conclude(&line));
    }
    if args.timings {
        outcome.clock.lap("report");
        timings(&outcome.clock, &outcome.rules);
    }
    if is_written { verdict(&effective, &outcome) } else { Ok(Exit::Failed) }
}

/// Says where the time went: the phases of the run, which add up, and the rules that took longest.
fn timings(clock: &Clock, rules: &[(&'static str, Duration)]) {
    let line = |name: &str, took: Duration| conclude(&format!("{:>9.1} ms  {name}", took.as_secs_f64() * 1000.0));
    for (phase, took) in clock.phases() {
        line(phase, *took);
    }
    line("in all", clock.phases().iter().map(|(_, took)| *took).sum());
    let mut rules = rules.to_vec();
    rules.sort_by_key(|(rule, took)| (Reverse(*took), *rule));
    conclude("of `judge`, on all threads together:");
    for (rule, took) in rules.iter().take(MOST_RULES) {
        line(rule, *took);
    }
}

/// Problems of named paths come first: a clean half must not pass for the whole.
fn verdict(settings: &Effective, outcome: &Outcome) -> Result<Exit, Refusal> {
    if outcome.problems.iter().any(|problem| problem.named) {
        return Ok(Exit::Failed);
    }
    if settings.strict.value && outcome.summary.resources == 0 && outcome.findings.is_empty() {
        return Err(Refusal::new("no mesh resource was found, and `--strict` asks for one")
            .help("name the files or directories that hold your manifests, or pipe them in and name `-`"));
    }
    let fails =
        outcome.findings.iter().any(|finding| finding.is_active() && settings.fail_on.value.fails(finding.severity));
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

/// What was left alone is told to those who ask, and to those who named it.
fn remark_on(outcome: &Outcome, args: &Check, config: &Config) {
    for file in config.files.iter().take(1).filter(|_| args.verbose) {
        remark(&format!("configured by `{file}`; `meshlint config` says how"));
    }
    for note in outcome.notes.iter().filter(|note| args.verbose || (note.named && !args.quiet)) {
        remark(&format!("`{}`: {}", note.path, note.message));
    }
    for scope in outcome.scopes.iter().filter(|_| args.verbose) {
        remark(&format!("scope `{}`, judged on its own: {}", scope.name, scope.reason));
    }
}

/// What is read: what is named, else the working directory. `--only` and `--since` are about a part of a project, so
/// without paths they read the whole project.
fn inputs(args: &Check, cwd: &Path, config: &Config) -> Result<Vec<Input>, Refusal> {
    let is_about_all = !args.only.is_empty() || args.since.is_some();
    let project = if is_about_all { settings::project(&args.configured, config, cwd) } else { PathBuf::from(".") };
    let paths = if args.paths.is_empty() { &[project][..] } else { &args.paths };
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    let mut inputs: Vec<_> =
        paths.iter().filter(|path| !is_stdin(path)).map(|path| Input::Path(path.clone())).collect();
    if paths.iter().any(|path| is_stdin(path)) {
        let name = args.stdin_filename.clone().unwrap_or_else(|| STDIN.to_owned());
        inputs.push(Input::stdin(name, io::stdin().lock()).map_err(|problem| unread(&problem))?);
    } else if args.stdin_filename.is_some() {
        return Err(Refusal::new("`--stdin-filename` names standard input, which is not read")
            .help("name `-` among the paths to read it"));
    }
    Ok(inputs)
}

pub(super) fn unread(problem: &Problem) -> Refusal {
    Refusal { message: format!("`{}`: {}", problem.path, problem.message), help: problem.help.clone() }
}

/// What to do where a path may have been meant to be a command.
fn command_near(path: &str) -> Option<String> {
    let near = COMMANDS.into_iter().find(|command| strsim::damerau_levenshtein(path, command) <= 2)?;
    let is_misplaced = near == path;
    Some(if is_misplaced {
        format!("a command comes before its flags: `meshlint {near} …`")
    } else {
        format!("there is a command `{near}`")
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::{CommandFactory, Parser};

    use super::super::args::Args;
    use super::{COMMANDS, inputs};
    use crate::engine::Config;
    use crate::source::Input;

    fn args(flags: &[&str]) -> Args {
        Args::try_parse_from([&["meshlint"], flags].concat()).unwrap()
    }

    #[test]
    fn no_path_is_the_working_directory() {
        assert!(
            matches!(&inputs(&args(&[]).check, Path::new("."), &Config::default()).unwrap()[..], [Input::Path(path)] if path.as_os_str() == ".")
        );
        assert!(inputs(&args(&["x", "--stdin-filename", "y"]).check, Path::new("."), &Config::default()).is_err());
    }

    #[test]
    fn every_command_is_known_by_name() {
        let command = Args::command();
        let mut names: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
        names.sort_unstable();
        assert_eq!(names, COMMANDS);
    }
}
