//! The last line for people.

use crate::finding::{Expectations, Summary};

use super::text::{counted, one_line, severities};

/// What a run comes to, on one line without its end: what was found and understood, what was found and
/// is not shown, and what was not understood. A run that understood nothing does not read like a clean one.
#[must_use]
pub fn summary_line(summary: &Summary) -> String {
    if let Some(Expectations { total, held, unread }) = summary.expectations {
        if total == 0 {
            return "no expectation could be read".to_owned();
        }
        let verb = if total == 1 { "holds" } else { "hold" };
        let unread = if unread == 0 { String::new() } else { format!("; {unread} not asked") };
        return format!("{held} of {} {verb}{unread}", counted(total, "expectation"));
    }
    let files = counted(summary.files, "file");
    let found = match severities(summary.error, summary.warning, summary.info) {
        none if none.is_empty() => "0 findings".to_owned(),
        some => some,
    };
    let mut parts = vec![match (summary.files, summary.resources) {
        (0, _) => "no files to check: none is called `.yaml`, `.yml` or `.json`, or all are ignored".to_owned(),
        (_, 0) if summary.findings() == 0 => format!("no mesh resources found in {files}"),
        (_, 0) => format!("{found}; no mesh resources found in {files}"),
        (_, resources) => format!("{found} in {} ({files})", counted(resources, "resource")),
    }];

    if summary.fixed > 0 {
        parts.push(format!("{} fixed", summary.fixed));
    }
    match (summary.fixable, summary.fixable_unsafely) {
        (0, 0) => {}
        (0, guesses) => parts.push(format!("{} available with --fix=unsafe", fixes(guesses))),
        (safe, 0) => parts.push(format!("{} available with --fix", fixes(safe))),
        (safe, guesses) => {
            parts.push(format!("{} available with --fix, {guesses} more with --fix=unsafe", fixes(safe)));
        }
    }
    let mut unseen = Vec::new();
    let in_baseline = summary.baseline.saturating_sub(summary.before);
    for (number, what) in [
        (summary.ignored, "ignored"),
        (in_baseline, "in baseline"),
        (summary.before, "there before"),
        (summary.hidden, "below --min-severity"),
    ] {
        if number > 0 {
            unseen.push(format!("{number} {what}"));
        }
    }
    if !unseen.is_empty() {
        parts.push(format!("not shown: {}", unseen.join(", ")));
    }
    if summary.undecided > 0 {
        parts.push(format!("not decided: {}", counted(summary.undecided, "question")));
    }
    if !summary.not_understood.is_empty() {
        parts.push(format!("not understood: {}", one_line(&summary.not_understood.join(", "))));
    } else if summary.skipped > 0 {
        parts.push(format!("not understood: {}", counted(summary.skipped, "document")));
    }
    parts.join("; ")
}

fn fixes(number: usize) -> String {
    format!("{number} {}", if number == 1 { "fix" } else { "fixes" })
}

#[cfg(test)]
mod tests {
    use super::summary_line;
    use crate::finding::{Expectations, Summary};

    #[test]
    fn a_clean_run_says_what_it_understood() {
        let mut summary = Summary { files: 12, resources: 41, ..Summary::default() };
        assert_eq!(summary_line(&summary), "0 findings in 41 resources (12 files)");
        (summary.files, summary.resources) = (1, 1);
        assert_eq!(summary_line(&summary), "0 findings in 1 resource (1 file)");
    }

    #[test]
    fn fixes_are_offered() {
        let line = |fixed, fixable, fixable_unsafely| {
            summary_line(&Summary { files: 1, resources: 1, fixed, fixable, fixable_unsafely, ..Summary::default() })
        };
        let tail = |line: String| line.split_once("; ").map(|(_, tail)| tail.to_owned());
        assert_eq!(tail(line(0, 0, 0)), None);
        assert_eq!(tail(line(0, 1, 0)).as_deref(), Some("1 fix available with --fix"));
        assert_eq!(tail(line(0, 2, 1)).as_deref(), Some("2 fixes available with --fix, 1 more with --fix=unsafe"));
        assert_eq!(tail(line(3, 0, 1)).as_deref(), Some("3 fixed; 1 fix available with --fix=unsafe"));
    }

    #[test]
    fn a_run_of_tests_says_what_holds() {
        let line = |total, held, unread| {
            let expectations = Some(Expectations { total, held, unread });
            summary_line(&Summary { files: 1, expectations, ..Summary::default() })
        };
        assert_eq!(line(4, 3, 0), "3 of 4 expectations hold");
        assert_eq!(line(4, 3, 1), "3 of 4 expectations hold; 1 not asked");
        assert_eq!(line(1, 1, 0), "1 of 1 expectation holds");
        assert_eq!(line(0, 0, 0), "no expectation could be read");
    }

    #[test]
    fn nothing_understood_is_not_clean() {
        let mut summary = Summary { files: 3, documents: 9, ..Summary::default() };
        assert_eq!(summary_line(&summary), "no mesh resources found in 3 files");
        summary.error = 1;
        assert_eq!(summary_line(&summary), "1 error; no mesh resources found in 3 files");
        assert!(summary_line(&Summary::default()).starts_with("no files to check"));
    }

    #[test]
    fn what_is_not_shown_and_not_understood_is_named() {
        let mut summary = Summary {
            files: 9,
            resources: 14,
            error: 1,
            warning: 2,
            info: 2,
            ignored: 3,
            baseline: 5,
            hidden: 1,
            undecided: 1,
            skipped: 4,
            ..Summary::default()
        };
        let head = "1 error, 2 warnings, 2 info in 14 resources (9 files); \
                    not shown: 3 ignored, 5 in baseline, 1 below --min-severity; not decided: 1 question; ";
        assert_eq!(summary_line(&summary), format!("{head}not understood: 4 documents"));
        summary.not_understood = vec!["3 unrendered Helm templates".to_owned(), "1 kustomize patch".to_owned()];
        assert_eq!(
            summary_line(&summary),
            format!("{head}not understood: 3 unrendered Helm templates, 1 kustomize patch")
        );
    }
}
