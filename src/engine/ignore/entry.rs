//! Ignores of the configuration.

use crate::finding::{Finding, IgnoreEntry, Silencer, Status};
use crate::source::{Globs, Sources};

/// Silences what the entries of a configuration name, and gives how many findings each silences. `folder` is where the
/// configuration lies, as names of a report have it, and `today` a day as `2026-12-31`; without one, no entry ends.
pub(in crate::engine) fn apply(
    findings: &mut [Finding],
    sources: &Sources,
    entries: &[IgnoreEntry],
    folder: &str,
    today: Option<&str>,
) -> Vec<usize> {
    let globs: Vec<_> = entries.iter().map(|entry| Globs::new(folder, &entry.files)).collect();
    let mut counts = vec![0; entries.len()];
    for finding in findings.iter_mut().filter(|finding| finding.is_active()) {
        let name = sources.path(finding.place().file);
        // The later of two entries wins, as it does in lists of paths.
        let found = entries.iter().zip(&globs).enumerate().rev().find(|(_, (entry, globs))| {
            let is_over = matches!((&entry.until, today), (Some(until), Some(today)) if until.as_str() < today);
            !is_over
                && entry.targets.iter().any(|target| target.means(finding))
                && (entry.files.is_empty() || globs.hold(&name))
                && entry.resource.as_ref().is_none_or(|resource| resource.means(finding.subject.as_ref()))
        });
        if let Some((at, (entry, _))) = found {
            counts[at] += 1;
            finding.status = Status::Ignored { reason: entry.reason.clone(), by: Silencer::Configuration };
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::engine::{Settings, check};
    use crate::finding::{IgnoreEntry, ResourcePattern, Silencer, Status, Target};
    use crate::source::{Input, Request};

    /// How often an entry for `syntax`, changed so, silences the one finding.
    fn count(change: impl FnOnce(&mut IgnoreEntry)) -> usize {
        let input = Input::Stdin { name: "legacy/a.yaml".to_owned(), bytes: b"spec: [1, 2\n".to_vec() };
        let mut outcome = check(&Request::new(vec![input]), std::path::Path::new("."), &Settings::default());
        let target = Target { rule: "syntax".to_owned(), case: None };
        let mut entry = IgnoreEntry { targets: vec![target], reason: Some("old".to_owned()), ..IgnoreEntry::default() };
        change(&mut entry);
        let counts = apply(&mut outcome.findings, &outcome.sources, &[entry], "", Some("2026-06-01"));
        let status = Status::Ignored { reason: Some("old".to_owned()), by: Silencer::Configuration };
        assert_eq!(outcome.findings.iter().filter(|finding| finding.status == status).count(), counts[0]);
        counts[0]
    }

    #[test]
    fn entries_are_about_files_resources_and_days() {
        assert_eq!(count(|_| {}), 1);
        assert_eq!(count(|entry| entry.files = vec!["legacy/**".to_owned()]), 1);
        assert_eq!(count(|entry| entry.files = vec!["other/**".to_owned()]), 0);
        assert_eq!(count(|entry| entry.until = Some("2026-06-01".to_owned())), 1);
        assert_eq!(count(|entry| entry.until = Some("2026-05-31".to_owned())), 0);
        assert_eq!(count(|entry| entry.targets[0].case = Some("not-json".to_owned())), 0);
        assert_eq!(count(|entry| entry.resource = Some(ResourcePattern::default())), 0, "it is no resource");
    }
}
