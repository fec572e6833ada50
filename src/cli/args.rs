//! The command line: what can be asked for.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, RangedU64ValueParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};

use crate::finding::{Category, Severity};
use crate::report::{Format, UnknownFormat};

const CODES: &str = "\
Exit codes:
  0  nothing found at or above the level of --fail-on
  1  something found
  2  the request could not be fulfilled: a bad flag, a named path that cannot be read

`meshlint` without a command checks. A path that is called like a command is written `./check`.";

const ROUTE_CODES: &str = "\
Exit codes:
  0  answered, whatever the verdict
  2  not answered: no request, a bad flag, a named path that cannot be read";

const BASELINE_CODES: &str = "\
Exit codes:
  0  written; it knows all that is found
  1  written; something is new that it does not know: --accept-new takes it in
  2  not written: a bad flag, a baseline that cannot be read, a named path that cannot be read";

const TEST_CODES: &str = "\
Exit codes:
  0  every expectation holds
  1  some do not
  2  not all were asked: a file that cannot be read as tests, manifests that are missing";

/// Reads service-mesh manifests and says, before anything is deployed, what is broken, what can never
/// be reached, and what will not do what its author meant.
#[derive(Debug, Parser)]
#[command(name = "meshlint", version, args_conflicts_with_subcommands = true, after_help = CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) check: Check,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check manifests (what is done without a command)
    #[command(after_help = CODES)]
    Check(Check),
    /// Print the settings that count, and where each comes from; takes what `check` takes
    Config(Check),
    /// Write a `meshlint.yaml` to begin with
    Init(Init),
    /// Print a JSON schema, for editors
    Schema {
        /// Of what
        schema: Schema,
    },
    /// Write down what is found now, so that only what is new is reported
    #[command(after_help = BASELINE_CODES)]
    Baseline(Baseline),
    /// Read the page of a rule: what it finds, why it matters, what to do
    Explain(Explain),
    /// Draw the mesh: what leads where, and what is wrong on the way
    Graph(Graph),
    /// Follow a request: which gateway route and which route take it, and at which nodes it ends
    #[command(after_help = ROUTE_CODES)]
    Route(Route),
    /// List the rules
    Rules(Rules),
    /// Print the manual page, for `man`
    Man {
        /// A command that has a page of its own
        command: Option<String>,
    },
    /// Run the tests kept beside manifests: requests, and where they are to end
    #[command(after_help = TEST_CODES)]
    Test(Test),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What `check` takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Check {
    /// Files and directories that belong together, `-` for standard input; without any, the working
    /// directory
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// What to call standard input in the report
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub(super) stdin_filename: Option<String>,
    /// Read everything, report only what has a place in one of these files
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Input")]
    pub(super) only: Vec<PathBuf>,
    /// In folders, read only files that match a pattern as `.gitignore` has them
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub(super) include: Vec<String>,
    /// In folders, leave out what matches a pattern as `.gitignore` has them
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub(super) exclude: Vec<String>,
    /// Leave out what is excluded also where it is named, as hooks name files
    #[arg(long, help_heading = "Input")]
    pub(super) force_exclude: bool,
    /// Read files that ignore files would leave out
    #[arg(long, help_heading = "Input")]
    pub(super) no_gitignore: bool,
    #[command(flatten)]
    pub(super) configured: ConfigFlags,
    /// Exit with 2 if no mesh resource was found
    #[arg(long, help_heading = "Input")]
    pub(super) strict: bool,

    /// Run these rules instead of the default ones: a rule, RULE/CASE, a category, `default` or `all`
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(super) select: Vec<String>,
    /// Run these rules too
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(super) extend_select: Vec<String>,
    /// Do not run these rules, whatever selects them
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(super) ignore: Vec<String>,
    /// Report a rule, RULE/CASE or a category as error, warning, info, or not at all (off)
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',', help_heading = "Rules")]
    pub(super) severity: Vec<String>,
    /// Neither report findings below this level nor fail on them
    #[arg(long, value_name = "LEVEL", value_enum, help_heading = "Rules")]
    pub(super) min_severity: Option<Level>,
    /// The level from which findings make the exit code 1 [default: error]
    #[arg(long, value_name = "LEVEL", value_enum, help_heading = "Rules")]
    pub(super) fail_on: Option<FailOn>,

    /// Tell what is ignored by comments, annotations or the configuration, too
    #[arg(long, help_heading = "Ignores and baseline")]
    pub(super) no_ignores: bool,
    /// Write a comment for each finding that ignores it where it stands, with a reason behind it
    #[arg(
        long,
        value_name = "REASON",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["no_ignores", "fix", "diff_fixes"],
        help_heading = "Ignores and baseline"
    )]
    pub(super) add_ignores: Option<String>,
    /// Do not report what this file knows [default: .meshlint-baseline.json of the project, if there is one]
    #[arg(long, value_name = "FILE", help_heading = "Ignores and baseline")]
    pub(super) baseline: Option<PathBuf>,
    /// Report what the baseline knows, too
    #[arg(long, conflicts_with = "baseline", help_heading = "Ignores and baseline")]
    pub(super) no_baseline: bool,
    /// Report only what was not found at this revision of the git repository; without paths, of the whole project
    #[arg(
        long,
        value_name = "REVISION",
        conflicts_with_all = ["fix", "diff_fixes"],
        help_heading = "Ignores and baseline"
    )]
    pub(super) since: Option<String>,

    /// Apply the fixes that keep the meaning; `--fix=unsafe` also those that guess
    #[arg(long, value_name = "KIND", value_enum, num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "safe", help_heading = "Fixes")]
    pub(super) fix: Option<FixKind>,
    /// Show what `--fix` would change as a unified diff, instead of the report, and write nothing
    #[arg(long, help_heading = "Fixes")]
    pub(super) diff_fixes: bool,

    /// What to write to standard output [default: human, or what MESHLINT_FORMAT says]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser(), help_heading = "Output")]
    pub(super) format: Option<Format>,
    /// Write the report to a file too, in a format of its own; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_file, help_heading = "Output")]
    pub(super) report: Vec<ReportFile>,
    /// Say how often each rule found something, instead of what; with `--format json`, as an array
    #[arg(long, help_heading = "Output")]
    pub(super) statistics: bool,
    /// Say on standard error where the time went
    #[arg(long, help_heading = "Output")]
    pub(super) timings: bool,
    /// Show at most so many findings, in the human format
    #[arg(long, value_name = "NUMBER", help_heading = "Output")]
    pub(super) max_findings: Option<usize>,
    /// When to use colours; NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE count for `auto` [default: auto]
    #[arg(long, value_name = "WHEN", value_enum, help_heading = "Output")]
    pub(super) color: Option<When>,
    /// When to make paths links, in the human format; FORCE_HYPERLINK counts for `auto` [default:
    /// auto]
    #[arg(long, value_name = "WHEN", value_enum, help_heading = "Output")]
    pub(super) hyperlinks: Option<When>,
    /// Findings only: no summary and no notes
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub(super) quiet: bool,
    /// Say what was left alone, and why
    #[arg(short, long, help_heading = "Output")]
    pub(super) verbose: bool,
    /// How many threads to use; 0 for one a core
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = threads_parser())]
    pub(super) threads: usize,
}

/// Which configuration counts.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ConfigFlags {
    /// The configuration, instead of the nearest `meshlint.yaml`
    #[arg(short, long, value_name = "FILE", help_heading = "Input")]
    pub(super) config: Option<PathBuf>,
    /// Use no configuration at all
    #[arg(long, conflicts_with = "config", help_heading = "Input")]
    pub(super) isolated: bool,
}

/// What `init` takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Init {
    /// The folder of the project; without it, the working directory
    #[arg(value_name = "FOLDER")]
    pub(super) folder: Option<PathBuf>,
}

/// What `schema` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Schema {
    /// `meshlint.yaml`
    Config,
    /// What `--format json` and `jsonl` write
    Json,
    /// Files of tests
    Test,
}

/// What `baseline` takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Baseline {
    /// Files and directories that belong together; without any, the project
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The file to write [default: .meshlint-baseline.json of the project]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Take in what is new, where there is a baseline already
    #[arg(long)]
    pub(super) accept_new: bool,
    /// Remove what is not found any more
    #[arg(long)]
    pub(super) prune: bool,
    /// Run these rules instead of the default ones: a rule, RULE/CASE, a category, `default` or `all`
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Do not run these rules, whatever selects them
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    /// Read files that ignore files would leave out
    #[arg(long)]
    pub(super) no_gitignore: bool,
    #[command(flatten)]
    pub(super) configured: ConfigFlags,
    /// How many threads to use; 0 for one a core
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = threads_parser())]
    pub(super) threads: usize,
}

/// What `explain` takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Explain {
    /// A rule, RULE/CASE or a case; without it, the rules are listed
    pub(super) rule: Option<String>,
    /// Find the rules by what was seen: `--symptom "header route never taken"`
    #[arg(long, value_name = "WORDS", conflicts_with = "rule")]
    pub(super) symptom: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = PageFormat::Human)]
    pub(super) format: PageFormat,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub(super) color: When,
}

/// What `rules` takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Rules {
    /// Only the rules of this category
    #[arg(long, value_name = "CATEGORY", value_parser = category)]
    pub(super) category: Option<Category>,
    /// Only the rules that judge this dialect
    #[arg(long, value_name = "DIALECT")]
    pub(super) dialect: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = PageFormat::Human)]
    pub(super) format: PageFormat,
}

/// What `route` takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Route {
    /// The request, as 'GET http://shop.example:8080/cart'; with --requests, the first path
    #[arg(value_name = "REQUEST", required_unless_present = "requests")]
    pub(super) request: Option<String>,
    /// Files and directories that belong together, `-` for standard input; without any, the working
    /// directory
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// A header of the request, as 'x-user: ann'
    #[arg(short = 'H', long = "header", value_name = "HEADER", conflicts_with = "requests")]
    pub(super) headers: Vec<String>,
    /// The gateway that receives it; without it, the only one that listens on the port
    #[arg(long, value_name = "NAMESPACE/NAME", conflicts_with = "from")]
    pub(super) gateway: Option<String>,
    /// The node that calls; the request then passes no gateway
    #[arg(long, value_name = "NAMESPACE/NAME")]
    pub(super) from: Option<String>,
    /// Follow the requests of a file, a JSON object a line, `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) requests: Option<PathBuf>,
    /// How to answer
    #[arg(long, value_enum, default_value_t = RouteFormat::Human)]
    pub(super) format: RouteFormat,
    #[command(flatten)]
    pub(super) configured: ConfigFlags,
    /// Read files that ignore files would leave out
    #[arg(long)]
    pub(super) no_gitignore: bool,
    /// How many threads to use; 0 for one a core
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = threads_parser())]
    pub(super) threads: usize,
}

/// What `graph` takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Graph {
    /// Files and directories that belong together, `-` for standard input; without any, the working
    /// directory
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How to draw it
    #[arg(long, value_enum, default_value_t = GraphFormat::Dot)]
    pub(super) format: GraphFormat,
    /// Only what leads to this resource, and what it leads to; as `cart`, `shop/cart` or
    /// `VirtualNode/shop/cart`
    #[arg(long, value_name = "RESOURCE")]
    pub(super) focus: Option<String>,
    /// Read files that ignore files would leave out
    #[arg(long)]
    pub(super) no_gitignore: bool,
    #[command(flatten)]
    pub(super) configured: ConfigFlags,
    /// How many threads to use; 0 for one a core
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = threads_parser())]
    pub(super) threads: usize,
}

/// How to draw a mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    /// For Graphviz
    Dot,
    /// A flow chart for Markdown
    Mermaid,
    /// For programs
    Json,
}

/// What `test` takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Test {
    /// Files of tests, `-` for standard input, and directories, in which files called
    /// `*.meshlint-test.yaml` are run; without any, the working directory
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// What to write to standard output [default: human, or what MESHLINT_FORMAT says]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub(super) format: Option<Format>,
    /// When to use colours; NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE count for `auto`
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub(super) color: When,
    /// What does not hold only: no summary
    #[arg(short, long)]
    pub(super) quiet: bool,
    #[command(flatten)]
    pub(super) configured: ConfigFlags,
    /// Read files that ignore files would leave out
    #[arg(long)]
    pub(super) no_gitignore: bool,
    /// How many threads to use; 0 for one a core
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = threads_parser())]
    pub(super) threads: usize,
}

/// How to answer a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RouteFormat {
    Human,
    Json,
}

/// Which fixes to apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FixKind {
    /// What was obviously meant is kept
    Safe,
    /// Guesses too
    Unsafe,
}

/// When to do what only a terminal understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    #[default]
    Auto,
    Always,
    Never,
}

/// How to write what is known about rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PageFormat {
    Human,
    Json,
    Markdown,
}

/// A severity on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    Error,
    Warning,
    Info,
}

impl Level {
    pub(super) const fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Info => Severity::Info,
        }
    }
}

/// The level that fails a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    #[default]
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// Whether a finding of this severity fails the run.
    pub(super) fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::NAMES).try_map(|name| name.parse::<Format>())
}

/// A report that is written to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReportFile {
    pub(super) format: Format,
    pub(super) path: PathBuf,
}

fn report_file(text: &str) -> Result<ReportFile, String> {
    let (format, path) = text.split_once('=').ok_or("write FORMAT=FILE, as `sarif=meshlint.sarif`")?;
    let format = format.parse().map_err(|error: UnknownFormat| error.to_string())?;
    match path {
        "" => Err("the file has no name".to_owned()),
        "-" => Err("`--format` says what goes to standard output".to_owned()),
        path => Ok(ReportFile { format, path: PathBuf::from(path) }),
    }
}

/// More threads than this are a slip of the finger, and would take the system's last ones.
fn threads_parser() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::<usize>::new().range(..=256)
}

/// The category of a word. The vocabulary of findings knows the words, and says them if this is none.
fn category(word: &str) -> Result<Category, serde::de::value::Error> {
    serde::Deserialize::deserialize(serde::de::value::StrDeserializer::new(word))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{Args, Command, FailOn, ReportFile};
    use crate::finding::Severity;
    use crate::report::Format;

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn checking_needs_no_command() {
        let args = Args::try_parse_from(["meshlint", "deploy", "-", "--format", "json"]).unwrap();
        assert!(args.command.is_none());
        assert_eq!(args.check.paths.len(), 2);
        let args = Args::try_parse_from(["meshlint", "check", "deploy", "--select", "a,b"]).unwrap();
        assert!(matches!(args.command, Some(Command::Check(check)) if check.select == ["a", "b"]));
    }

    #[test]
    fn reports_go_to_files() {
        let args = Args::try_parse_from(["meshlint", "--report", "sarif:github=a=b.sarif", "--report", "junit=x"]);
        let reports = args.unwrap().check.report;
        assert_eq!(reports[0], ReportFile { format: Format::SarifGithub, path: "a=b.sarif".into() });
        assert_eq!(reports[1], ReportFile { format: Format::Junit, path: "x".into() });
        for refused in ["sarif", "sarif=", "sarif=-", "xml=x", "=x"] {
            assert!(Args::try_parse_from(["meshlint", "--report", refused]).is_err(), "{refused}");
        }
    }

    #[test]
    fn what_fails_a_run() {
        assert!(FailOn::Error.fails(Severity::Error) && !FailOn::Error.fails(Severity::Warning));
        assert!(FailOn::Warning.fails(Severity::Warning) && !FailOn::Warning.fails(Severity::Info));
        assert!(FailOn::Info.fails(Severity::Info) && !FailOn::Never.fails(Severity::Error));
    }
}
