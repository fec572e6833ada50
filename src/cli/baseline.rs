//! `meshlint baseline`, and the baseline that `check` goes by.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::engine::{self, Config, Debt, Renewal, Renewed, Settings};
use crate::finding;
use crate::source::{self, Input};

use super::Exit;
use super::args::{Baseline, ConfigFlags};
use super::check::unread;
use super::message::{Refusal, complain};
use super::settings;

/// The file of a project, beside its configuration.
const FILE: &str = ".meshlint-baseline.json";

/// Writes down what is found now.
pub(super) fn baseline(args: &Baseline, out: &mut dyn Write) -> Result<Exit, Refusal> {
    let cwd = env::current_dir().map_err(|error| Refusal::new(format!("there is no working directory: {error}")))?;
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Refusal::new("a baseline is written of files, not of standard input"));
    }
    let config = settings::configuration(&args.configured, args.paths.iter().map(PathBuf::as_path), &cwd)?;
    let project = settings::project(&args.configured, &config, &cwd);
    let path = match (&args.baseline, &config.baseline) {
        (Some(path), _) => path.clone(),
        (None, Some(said)) => said.value.clone(),
        (None, None) => project.join(FILE),
    };
    let old = source::read_if_any(&path).map_err(|error| unreadable(&path, &error.to_string()))?;
    let old = old.map(|bytes| parse(&path, &bytes)).transpose()?;
    let paths = if args.paths.is_empty() { &[project][..] } else { &args.paths };
    let inputs = paths.iter().map(|path| Input::Path(path.clone())).collect();
    let request = settings::request(inputs, args.no_gitignore, &config);
    let selection = settings::selection(&args.select, &args.ignore, &config)?;
    let settings = Settings { selection, threads: args.threads, config: Arc::new(config), ..Settings::default() };
    let how = Renewal { prune: args.prune, accept_new: args.accept_new };
    let renewed = engine::renew(&request, &cwd, &settings, old.as_ref(), how, &today());
    let unread_paths: Vec<_> = renewed.outcome.problems.iter().filter(|problem| problem.named).collect();
    unread_paths.iter().for_each(|problem| complain(&unread(problem)));
    if !unread_paths.is_empty() {
        return Ok(Exit::Failed);
    }
    let text = renewed.baseline.write();
    source::replace(&path, |out| out.write_all(text.as_bytes()))
        .map_err(|error| Refusal::new(format!("cannot write the baseline to `{}`: {error}", path.display())))?;
    writeln!(out, "{}", told(&renewed, &source::report_name(&cwd, &path), args.prune))?;
    Ok(if renewed.refused > 0 { Exit::Findings } else { Exit::Clean })
}

fn told(renewed: &Renewed, path: &str, prune: bool) -> String {
    let Renewed { kept, added, refused, gone, .. } = *renewed;
    let mut parts = vec![format!("`{path}` knows {}", findings(kept + added))];
    if added > 0 && kept > 0 {
        parts.push(format!("{added} of them new"));
    }
    if gone > 0 && prune {
        parts.push(format!("{gone} removed that are not found any more"));
    } else if gone > 0 {
        parts.push(format!("{gone} not found any more: --prune removes them"));
    }
    if refused > 0 {
        parts.push(format!("{refused} new and not in it: --accept-new takes them in"));
    }
    parts.join("; ")
}

fn findings(number: usize) -> String {
    if number == 1 { "1 finding".to_owned() } else { format!("{number} findings") }
}

/// The baseline to go by: the one that a flag or the configuration names, else that of the project, if it has one.
pub(super) fn known(
    flag: Option<&Path>,
    flags: &ConfigFlags,
    config: &Config,
    cwd: &Path,
) -> Result<Option<finding::Baseline>, Refusal> {
    let said = config.baseline.as_ref().map(|said| PathBuf::from(source::report_name(cwd, &said.value)));
    let named = flag.map(Path::to_owned).or(said);
    let is_named = named.is_some();
    let path = named.unwrap_or_else(|| settings::project(flags, config, cwd).join(FILE));
    match source::read_if_any(&path) {
        Ok(Some(bytes)) => parse(&path, &bytes).map(Some),
        Ok(None) if flag.is_some() => {
            Err(unreadable(&path, "no such file").help("`meshlint baseline --baseline FILE` writes one"))
        }
        Ok(None) if is_named => Err(unreadable(&path, "no such file").help("`meshlint baseline` writes it")),
        Ok(None) => Ok(None),
        Err(error) => Err(unreadable(&path, &error.to_string())),
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<finding::Baseline, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable(path, &error.to_string()))?;
    finding::Baseline::read(text).map_err(|fault| {
        let (line, column) = fault.at;
        Refusal::new(format!("{}:{line}:{column}: not a baseline: {}", path.display(), fault.message))
            .help("write it anew with `meshlint baseline`, after it was removed")
    })
}

fn unreadable(path: &Path, why: &str) -> Refusal {
    Refusal::new(format!("the baseline `{}` cannot be read: {why}", path.display()))
}

/// What is owed, as lines for people.
pub(super) fn debt(debt: &Debt) -> Vec<String> {
    let mut out = Vec::new();
    let parts = [(debt.error, "error"), (debt.warning, "warning"), (debt.info, "info")];
    let parts: Vec<_> = parts.into_iter().filter(|(number, _)| *number > 0).collect();
    if !parts.is_empty() {
        let plural = |number, word| if number == 1 || word == "info" { "" } else { "s" };
        let parts = parts.into_iter().map(|(number, word)| format!("{number} {word}{}", plural(number, word)));
        let since = if debt.oldest.is_empty() { String::new() } else { format!(", the oldest since {}", debt.oldest) };
        out.push(format!("owed to the baseline: {}{since}", parts.collect::<Vec<_>>().join(", ")));
    }
    let gone: usize = debt.gone.iter().map(|known| known.count).sum();
    if gone > 0 {
        let verb = if gone == 1 { "is" } else { "are" };
        out.push(format!("{} of the baseline {verb} gone: `meshlint baseline --prune`", findings(gone)));
    }
    out
}

/// The day, as `2026-12-31`, in Greenwich. `SOURCE_DATE_EPOCH` may say another one.
pub(super) fn today() -> String {
    let named = env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse::<u64>().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    day(named.unwrap_or_else(now) / 86_400)
}

/// The date of a day after 1970-01-01 (Howard Hinnant, `civil_from_days`).
fn day(days: u64) -> String {
    let days = days.min(2_932_896) + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + u64::from(month <= 2))
}

#[cfg(test)]
mod tests {
    use super::{day, debt};
    use crate::engine::Debt;

    #[test]
    fn days_have_dates() {
        for (days, date) in [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_819, "2027-01-01")] {
            assert_eq!(day(days), date);
        }
        assert_eq!(day(u64::MAX), "9999-12-31");
    }

    #[test]
    fn a_debt_has_severity_and_age() {
        let owed = Debt { error: 1, warning: 2, oldest: "2026-01-02".into(), ..Debt::default() };
        assert_eq!(debt(&owed), ["owed to the baseline: 1 error, 2 warnings, the oldest since 2026-01-02"]);
        assert!(debt(&Debt::default()).is_empty());
    }
}
