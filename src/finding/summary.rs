//! What a run comes to, in numbers.

use super::{Applicability, Finding, Severity, Status};

/// What a run read, understood and found. [`Summary::of`] counts the findings; the engine fills in the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The expectations of a run of tests, which has them instead of rules.
    pub expectations: Option<Expectations>,
    /// Files that were read.
    pub files: usize,
    /// Documents in them.
    pub documents: usize,
    /// Resources that were understood.
    pub resources: usize,
    /// Reported findings of severity error.
    pub error: usize,
    /// Reported findings of severity warning.
    pub warning: usize,
    /// Reported findings of severity info.
    pub info: usize,
    /// Findings that an ignore silenced.
    pub ignored: usize,
    /// Findings that the baseline knows, or that were there at the revision that a run looks back to.
    pub baseline: usize,
    /// How many of these were there at the revision.
    pub before: usize,
    /// Findings that count and that a safe fix mends.
    pub fixable: usize,
    /// Findings that count and that only an unsafe fix mends.
    pub fixable_unsafely: usize,
    /// Findings that were fixed in this run.
    pub fixed: usize,
    /// Questions that a budget, or what the documents leave open, did not let us decide.
    pub undecided: usize,
    /// Documents that were left alone, because they cannot be judged as they stand.
    pub skipped: usize,
    /// Findings below the severity that was asked for. Those past `--max-findings` are reported ones,
    /// and counted as such.
    pub hidden: usize,
    /// What was left alone, in words with their number, as `3 unrendered Helm templates`.
    pub not_understood: Vec<String>,
}

/// Expectations in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// All that are written.
    pub total: usize,
    /// Those that hold.
    pub held: usize,
    /// Those that could not be read, or whose manifests could not.
    pub unread: usize,
}

impl Summary {
    /// A summary that holds the number of findings of each severity and of those that do not count, and zero for
    /// everything else.
    #[must_use]
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut summary = Self::default();
        for finding in findings {
            let count = match (&finding.status, finding.severity) {
                (Status::Active, Severity::Error) => &mut summary.error,
                (Status::Active, Severity::Warning) => &mut summary.warning,
                (Status::Active, Severity::Info) => &mut summary.info,
                (Status::Ignored { .. }, _) => &mut summary.ignored,
                (Status::Baseline, _) => &mut summary.baseline,
            };
            *count += 1;
            let mut fixes = finding.fixes.iter().map(|fix| fix.applicability).filter(|_| finding.is_active());
            match fixes.clone().find(|one| *one == Applicability::Safe).or_else(|| fixes.next()) {
                Some(Applicability::Safe) => summary.fixable += 1,
                Some(Applicability::Unsafe) => summary.fixable_unsafely += 1,
                None => {}
            }
        }
        summary
    }

    /// How many findings are reported.
    #[must_use]
    pub const fn findings(&self) -> usize {
        self.error + self.warning + self.info
    }
}
