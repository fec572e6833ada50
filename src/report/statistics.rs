//! How often each rule found something, instead of what it found.

use std::cmp::Reverse;
use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::finding::{Finding, Severity};

/// What a rule found, in numbers.
#[derive(Debug, Serialize)]
struct Row<'a> {
    rule: &'a str,
    severity: Severity,
    count: usize,
    /// Findings with a remedy that a machine can carry out.
    fixable: usize,
}

/// Writes a line for each rule and severity that found something that counts, the most frequent first.
///
/// # Errors
/// Those of the writer.
pub fn write_statistics(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(findings);
    let width = rows.iter().map(|row| row.count.to_string().len()).max().unwrap_or(0);
    for Row { rule, severity, count, .. } in rows {
        writeln!(out, "{count:>width$}  {:<7}  {rule}", severity.word())?;
    }
    Ok(())
}

/// Writes the same as a JSON array.
///
/// # Errors
/// Those of the writer.
pub fn write_statistics_json(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &rows(findings))?;
    writeln!(out)
}

fn rows(findings: &[Finding]) -> Vec<Row<'_>> {
    let mut counts: FxHashMap<(&str, Severity), (usize, usize)> = FxHashMap::default();
    for finding in findings.iter().filter(|finding| finding.is_active()) {
        let (count, fixable) = counts.entry((finding.rule, finding.severity)).or_default();
        *count += 1;
        *fixable += usize::from(!finding.fixes.is_empty());
    }
    let row = |((rule, severity), (count, fixable))| Row { rule, severity, count, fixable };
    let mut rows: Vec<_> = counts.into_iter().map(row).collect();
    rows.sort_by_key(|row| (Reverse(row.count), Reverse(row.severity), row.rule));
    rows
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{write_statistics, write_statistics_json};
    use crate::report::sample;

    #[test]
    fn rules_are_counted() {
        let findings = sample::shared().findings;
        let (mut text, mut array) = (Vec::new(), Vec::new());
        write_statistics(&findings, &mut text).unwrap();
        write_statistics_json(&findings, &mut array).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with("2  error    shadowed-route\n1  error    malformed-name\n"), "{text}");
        assert!(text.ends_with("1  info     several-states\n"), "{text}");
        let array: Value = serde_json::from_slice(&array).unwrap();
        assert_eq!(array.as_array().unwrap().len(), text.lines().count());
        assert_eq!(array[0], json!({"rule": "shadowed-route", "severity": "error", "count": 2, "fixable": 1}));
    }
}
