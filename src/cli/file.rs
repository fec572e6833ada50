//! Reports that go to files, and the summary of a GitHub job.

use std::env;
use std::io;
use std::path::Path;

use crate::engine::{self, Status};
use crate::finding::Severity;
use crate::report::{self, About, Format, Report, Style};
use crate::source;

use super::args::ReportFile;
use super::message::{Refusal, complain, remark};

/// GitHub takes 1 MiB for each step.
const SUMMARY_LIMIT: usize = 900_000;

/// Two reports in one file are a slip: only the last would be there.
pub(super) fn refuse_equal(files: &[ReportFile], cwd: &Path) -> Result<(), Refusal> {
    let mut names: Vec<_> = files.iter().map(|file| source::report_name(cwd, &file.path)).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Refusal::new(format!("two reports are to be written to `{}`", pair[0]))
            .help("give each `--report` a file of its own")),
        None => Ok(()),
    }
}

/// Writes the reports that go to files, each whether or not the others could be written, and answers whether all
/// could. A file has neither colours nor links.
pub(super) fn write(files: &[ReportFile], report: &Report<'_>, style: &Style) -> bool {
    let style = Style { color: false, links: false, ..*style };
    let mut all = true;
    for file in files {
        let done = source::replace(&file.path, |mut out| report::write(file.format, report, &style, &mut out));
        if let Err(error) = done {
            all = false;
            complain(&unwritten(file, &error));
        }
    }
    all
}

fn unwritten(file: &ReportFile, error: &io::Error) -> Refusal {
    let refusal =
        Refusal::new(format!("cannot write the {} report to `{}`: {error}", file.format, file.path.display()));
    let is_lost = error.kind() == io::ErrorKind::NotFound;
    if is_lost { refusal.help("the folder of a report has to be there before") } else { refusal }
}

/// Appends Markdown to the file whose content GitHub shows beside the annotations. That it cannot be written is no
/// reason to fail: nobody has asked for it in so many words.
pub(super) fn summarize(report: &Report<'_>) {
    let Some(path) = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return };
    let style = Style { max_bytes: Some(SUMMARY_LIMIT), ..Style::default() };
    let mut text = Vec::new();
    let written = report::write(Format::Markdown, report, &style, &mut text);
    if let Err(error) = written.and_then(|()| source::append(Path::new(&path), &text)) {
        remark(&format!("cannot write the summary of the job to `{}`: {error}", path.to_string_lossy()));
    }
}

/// What reports may tell of rules. A retired one finds nothing any more.
pub(super) fn about_rules() -> Vec<About<'static>> {
    let pages = engine::RULES.iter().map(|rule| rule.page()).filter(|page| page.status != Status::Retired);
    let about = pages.map(|page| About {
        id: &page.id,
        summary: &page.summary,
        text: &page.body,
        category: page.category,
        dialects: &page.dialects,
        severity: page.cases.iter().map(|case| case.severity).max().unwrap_or(Severity::Info),
        default: page.status == Status::Stable && page.cases.iter().any(|case| case.default),
        stable: page.status == Status::Stable,
    });
    about.collect()
}

#[cfg(test)]
mod tests {
    use super::about_rules;

    #[test]
    fn rules_are_sorted_and_known() {
        let rules = about_rules();
        assert!(rules.len() > 50 && rules.is_sorted_by_key(|rule| rule.id));
        assert!(rules.iter().all(|rule| !rule.text.is_empty() && !rule.dialects.is_empty()));
    }
}
