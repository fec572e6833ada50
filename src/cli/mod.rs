//! The rim: flags, subcommands and exit codes. Only this room prints, reads the environment or
//! standard input.

mod args;
mod baseline;
mod check;
mod config;
mod explain;
mod file;
mod fix;
mod graph;
mod ignore;
mod input;
mod markdown;
mod message;
mod output;
mod route;
mod settings;
mod table;
mod test;

use std::io::Write;
use std::panic::{self, UnwindSafe};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Args, Command};
use message::{Refusal, complain};
use output::Output;

/// Does what the command line asks for and answers with the exit code: 0 if nothing was found, 1 if
/// something was found at or above the level that fails, 2 if the request could not be fulfilled.
///
/// A reader that closes the pipe early has seen what it wanted: the exit code is then what it would
/// have been.
#[must_use]
pub fn run() -> ExitCode {
    message::announce_panics();
    ExitCode::from(guarded(dispatch) as u8)
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// It ran, and nothing was found that fails it.
    Clean = 0,
    /// It ran, and something was found that fails it.
    Findings = 1,
    /// It could not do what was asked.
    Failed = 2,
}

/// A panic is a bug of ours. It must not look like a verdict about the user's files, so it ends like
/// everything else that could not be done.
fn guarded(work: impl FnOnce() -> Exit + UnwindSafe) -> Exit {
    panic::catch_unwind(work).unwrap_or(Exit::Failed)
}

fn dispatch() -> Exit {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help is printed this way too; a reader that has gone away needs no answer.
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed } else { Exit::Clean };
        }
    };
    let out = &mut Output::standard();
    let done = match args.command {
        None => check::check(&args.check, true, out),
        Some(Command::Check(check)) => check::check(&check, false, out),
        Some(Command::Baseline(baseline)) => baseline::baseline(&baseline, out),
        Some(Command::Config(check)) => config::config(&check, out),
        Some(Command::Init(init)) => config::init(&init),
        Some(Command::Schema { schema }) => config::schema(schema, out),
        Some(Command::Explain(explain)) => explain::explain(&explain, out),
        Some(Command::Graph(graph)) => graph::graph(&graph, out),
        Some(Command::Route(route)) => route::route(&route, out),
        Some(Command::Rules(rules)) => table::rules(&rules, out),
        Some(Command::Man { command }) => man(command.as_deref(), out),
        Some(Command::Test(test)) => test::test(&test, out),
        Some(Command::Completions { shell }) => {
            // Generating into a pipe would panic where the pipe fails.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "meshlint", &mut script);
            out.write_all(&script).map(|()| Exit::Clean).map_err(Refusal::from)
        }
    };
    done.unwrap_or_else(|refusal: Refusal| {
        complain(&refusal);
        Exit::Failed
    })
}

/// Writes the manual page of the program or of one of its commands.
fn man(command: Option<&str>, out: &mut dyn Write) -> Result<Exit, Refusal> {
    let mut program = Args::command();
    program.build();
    let page = match command {
        None => program,
        Some(name) => {
            let missing =
                || Refusal::new(format!("there is no command `{name}`")).help("`meshlint --help` lists the commands");
            program.find_subcommand(name).cloned().ok_or_else(missing)?
        }
    };
    clap_mangen::Man::new(page).render(&mut &mut *out)?;
    Ok(Exit::Clean)
}

#[cfg(test)]
mod tests {
    use super::{Exit, guarded};

    #[test]
    fn a_panic_is_no_verdict() {
        assert_eq!(guarded(|| panic!("a bug")), Exit::Failed);
        assert_eq!(guarded(|| Exit::Findings), Exit::Findings);
    }
}
