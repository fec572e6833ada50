//! The settings that count: flags before the environment, the environment before the configuration, and that before
//! the defaults.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use crate::engine::{self, Config, Levels, LoadedConfig, Said, Selection};
use crate::finding::{self, Summary};
use crate::report::{self, Format, Report, Style};
use crate::source::{self, Filter, Globs, Input, Request, Root};

use super::args::{Check, ConfigFlags, FailOn, Level, When};
use super::baseline;
use super::check::unread;
use super::message::{Refusal, show};

/// The rule that `require-reason` turns on.
const UNEXPLAINED: &str = "unexplained-ignore";

/// A setting, and what says it.
#[derive(Clone, Debug)]
pub(super) struct Given<T> {
    pub(super) value: T,
    /// A flag, a variable of the environment, a place in a configuration, or `default`.
    pub(super) from: String,
}

/// What counts in a run.
#[derive(Clone, Debug)]
pub(super) struct Effective {
    pub(super) config: Arc<Config>,
    pub(super) format: Given<Format>,
    pub(super) fail_on: Given<FailOn>,
    pub(super) min_severity: Given<Option<Level>>,
    pub(super) strict: Given<bool>,
    pub(super) gitignore: Given<bool>,
    pub(super) max_findings: Given<Option<usize>>,
    pub(super) color: Given<When>,
    pub(super) hyperlinks: Given<When>,
    pub(super) include: Vec<Given<Vec<String>>>,
    pub(super) exclude: Vec<Given<Vec<String>>>,
    pub(super) select: Vec<Given<Vec<String>>>,
    pub(super) ignore: Vec<Given<Vec<String>>>,
    pub(super) filter: Filter,
}

impl Effective {
    /// The settings for what was named.
    ///
    /// # Errors
    /// A configuration that cannot be used; it has then been told what is wrong with it.
    pub(super) fn of(args: &Check, cwd: &Path) -> Result<Self, Refusal> {
        let stdin = args.stdin_filename.as_deref().map(Path::new);
        let named = args.paths.iter().map(PathBuf::as_path).filter(|path| path.as_os_str() != "-").chain(stdin);
        let config = configuration(&args.configured, named, cwd)?;
        let flagged = |texts: &[String], flag: &str| {
            (!texts.is_empty()).then(|| Given { value: texts.to_vec(), from: flag.to_owned() })
        };
        let include = flagged(&args.include, "--include");
        let of_file = config.include.as_ref().map(|said| given(said, |one| one.texts.clone()));
        let include: Vec<_> = include.or(of_file).into_iter().collect();
        let exclude = config.exclude.as_ref().map(|said| given(said, |one| one.texts.clone()));
        let exclude: Vec<_> = exclude.into_iter().chain(flagged(&args.exclude, "--exclude")).collect();
        Ok(Self {
            format: format(args.format, config.format.as_ref())?,
            fail_on: chosen(args.fail_on, "--fail-on", config.fail_on.as_ref()),
            min_severity: {
                let level = args.min_severity.map(Some);
                pick(level, "--min-severity", config.min_severity.as_ref(), |word| word_of(word).map(Some), None)
            },
            strict: pick(args.strict.then_some(true), "--strict", config.strict.as_ref(), |one| Some(*one), false),
            gitignore: {
                let flag = args.no_gitignore.then_some(false);
                pick(flag, "--no-gitignore", config.gitignore.as_ref(), |one| Some(*one), true)
            },
            max_findings: {
                let most = args.max_findings.map(Some);
                let said = config.max_findings.as_ref();
                pick(most, "--max-findings", said, |most| Some(usize::try_from(*most).ok()), None)
            },
            color: chosen(args.color, "--color", config.color.as_ref()),
            hyperlinks: chosen(args.hyperlinks, "--hyperlinks", config.hyperlinks.as_ref()),
            filter: filter(args, &config, cwd)?,
            select: select(&args.select, &args.extend_select, &config),
            ignore: ignore(&args.ignore, &config),
            include,
            exclude,
            config: Arc::new(config),
        })
    }

    /// Which rules run, and how grave they are.
    pub(super) fn selection(&self, args: &Check) -> Result<Selection, Refusal> {
        select_rules(&self.config, &self.select, &self.ignore, &args.severity)
    }

    /// What is known and need not be told.
    ///
    /// # Errors
    /// A baseline that is named and is not there, and what is none.
    pub(super) fn baseline(&self, args: &Check, cwd: &Path) -> Result<Option<finding::Baseline>, Refusal> {
        if args.no_baseline {
            return Ok(None);
        }
        baseline::known(args.baseline.as_deref(), &args.configured, &self.config, cwd)
    }

    /// The levels that flags ask for.
    pub(super) fn levels(args: &Check) -> Result<Levels, Refusal> {
        Ok(Levels::new(&args.severity)?)
    }
}

/// The folder of the project: that of the configuration that was found, else the root of the repository.
pub(super) fn project(flags: &ConfigFlags, config: &Config, cwd: &Path) -> PathBuf {
    let is_found = !config.files.is_empty() && flags.config.is_none();
    if is_found { config.folder.clone() } else { source::project_root(cwd) }
}

/// The configuration that counts for what was named.
///
/// # Errors
/// One that cannot be used; what is wrong with it has then been told.
pub(super) fn configuration<'p>(
    flags: &ConfigFlags,
    named: impl Iterator<Item = &'p Path>,
    cwd: &Path,
) -> Result<Config, Refusal> {
    let path = match &flags.config {
        _ if flags.isolated => None,
        Some(path) => Some(source::absolute(cwd, path)),
        None => source::find_configuration(&source::common_folder(cwd, named), home().as_deref()),
    };
    let Some(path) = path else { return Ok(Config::default()) };
    let LoadedConfig { config, sources, faults } =
        engine::load_config(cwd, &path).map_err(|problem| unread(&problem))?;
    if faults.is_empty() {
        return Ok(config);
    }
    let report = Report {
        findings: &faults,
        sources: &sources,
        summary: &Summary::of(&faults),
        problems: &[],
        root: &Root::of(cwd),
        rules: &[],
        has_pages: false,
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    let mut text = Vec::new();
    report::write(Format::Human, &report, &Style::default(), &mut text)?;
    show(&text);
    let name = config.files.first().map_or("", String::as_str);
    let errors = if faults.len() == 1 { "an error".to_owned() } else { format!("{} errors", faults.len()) };
    Err(Refusal::new(format!("the configuration `{name}` has {errors}, and nothing was checked"))
        .help("mend it, or say `--isolated` to go without it"))
}

/// The folder of the user's own, beyond which no configuration is looked for.
fn home() -> Option<PathBuf> {
    let path = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).filter(|path| !path.is_empty())?;
    Some(PathBuf::from(path))
}

/// The format by the flag and the environment, for commands without a configuration of it.
pub(super) fn format(flag: Option<Format>, said: Option<&Said<String>>) -> Result<Given<Format>, Refusal> {
    let of_environment = env::var_os("MESHLINT_FORMAT").filter(|name| !name.is_empty());
    match (flag, of_environment) {
        (Some(format), _) => Ok(Given { value: format, from: "--format".to_owned() }),
        (None, Some(name)) => {
            let format = name.to_string_lossy().parse();
            let value = format.map_err(|error| Refusal::new(format!("MESHLINT_FORMAT: {error}")))?;
            Ok(Given { value, from: "MESHLINT_FORMAT".to_owned() })
        }
        (None, None) => Ok(pick(None, "", said, |word| word.parse().ok(), Format::Human)),
    }
}

fn given<T, U>(said: &Said<T>, value: impl Fn(&T) -> U) -> Given<U> {
    Given { value: value(&said.value), from: said.at.to_string() }
}

/// The flag, else what is said, else the default.
fn pick<T, U>(
    flag: Option<T>,
    name: &str,
    said: Option<&Said<U>>,
    value: impl Fn(&U) -> Option<T>,
    default: T,
) -> Given<T> {
    let of_flag = flag.map(|value| Given { value, from: name.to_owned() });
    let of_file = said.and_then(|said| Some(Given { value: value(&said.value)?, from: said.at.to_string() }));
    of_flag.or(of_file).unwrap_or_else(|| Given { value: default, from: "default".to_owned() })
}

fn chosen<T: ValueEnum + Default>(flag: Option<T>, name: &str, said: Option<&Said<String>>) -> Given<T> {
    pick(flag, name, said, |word| word_of(word), T::default())
}

fn word_of<T: ValueEnum>(word: &str) -> Option<T> {
    T::from_str(word, false).ok()
}

/// Which rules run, and how grave they are, for a command with few flags about it.
pub(super) fn selection(flags: &[String], ignored: &[String], config: &Config) -> Result<Selection, Refusal> {
    select_rules(config, &select(flags, &[], config), &ignore(ignored, config), &[])
}

fn select_rules(
    config: &Config,
    select: &[Given<Vec<String>>],
    ignore: &[Given<Vec<String>>],
    severity: &[String],
) -> Result<Selection, Refusal> {
    let flat = |lists: &[Given<Vec<String>>]| lists.iter().flat_map(|one| one.value.clone()).collect::<Vec<_>>();
    let levels = config.categories.iter().chain(&config.rules).map(|said| &said.value);
    let levels = levels.map(|one| format!("{}={}", one.name, one.level)).chain(severity.iter().cloned());
    let select = flat(select);
    // The default alone need not be asked for: no page has to be read to know it.
    let select = if select == ["default"] { Vec::new() } else { select };
    Ok(Selection::new(&select, &flat(ignore), &levels.collect::<Vec<_>>())?)
}

/// The rules that run: those of the flags instead of all that the configuration selects, or on top of it.
fn select(flags: &[String], more: &[String], config: &Config) -> Vec<Given<Vec<String>>> {
    let flag = |texts: &[String], name: &str| Given { value: texts.to_vec(), from: name.to_owned() };
    let mut all = Vec::new();
    if flags.is_empty() {
        let of_file = config.select.as_ref().map(|said| given(said, Vec::clone));
        all.push(of_file.unwrap_or_else(|| Given { value: vec!["default".to_owned()], from: "default".to_owned() }));
        all.extend(config.extend_select.as_ref().map(|said| given(said, Vec::clone)));
        // A rule that is given a level is meant to run.
        let is_meant = |said: &&Said<engine::Level>| said.value.level != "off";
        let named = config.rules.iter().filter(is_meant).filter(|said| engine::is_off_by_default(&said.value.name));
        all.extend(named.map(|said| given(said, |one| vec![one.name.clone()])));
        let reason = config.require_reason.iter().filter(|said| said.value);
        all.extend(reason.map(|said| given(said, |_| vec![UNEXPLAINED.to_owned()])));
    } else {
        all.push(flag(flags, "--select"));
    }
    if !more.is_empty() {
        all.push(flag(more, "--extend-select"));
    }
    all
}

/// The rules that do not run: those of the configuration, and those of the flags.
fn ignore(flags: &[String], config: &Config) -> Vec<Given<Vec<String>>> {
    let of_file = config.ignore.as_ref().map(|said| given(said, Vec::clone));
    let of_flags = (!flags.is_empty()).then(|| Given { value: flags.to_vec(), from: "--ignore".to_owned() });
    of_file.into_iter().chain(of_flags).collect()
}

fn filter(args: &Check, config: &Config, cwd: &Path) -> Result<Filter, Refusal> {
    let here = source::absolute(cwd, Path::new("."));
    let globs = |patterns: &[String], flag: &str| {
        Globs::new(&here, patterns).map_err(|(at, why)| {
            let pattern = patterns.get(at).map_or("", String::as_str);
            Refusal::new(format!("`{flag} {pattern}`: {why}")).help("patterns are those of `.gitignore`")
        })
    };
    let mut filter = project_filter(config);
    if !args.include.is_empty() {
        filter.include = vec![globs(&args.include, "--include")?];
    }
    if !args.exclude.is_empty() {
        filter.exclude.push(globs(&args.exclude, "--exclude")?);
    }
    filter.is_forced = args.force_exclude;
    Ok(filter)
}

/// What a configuration leaves out.
fn project_filter(config: &Config) -> Filter {
    let globs = |patterns: &Option<Said<engine::Patterns>>| -> Vec<Globs> {
        patterns.iter().map(|said| said.value.globs.clone()).collect()
    };
    Filter { include: globs(&config.include), exclude: globs(&config.exclude), is_forced: false }
}

/// What is read by a command whose only flag about it is `--no-gitignore`.
pub(super) fn request(inputs: Vec<Input>, no_gitignore: bool, config: &Config) -> Request {
    let gitignore = !no_gitignore && config.gitignore.as_ref().is_none_or(|said| said.value);
    Request { inputs, gitignore, filter: project_filter(config) }
}
