//! Markdown, for the summary of a job or a comment on a change.

use std::io::{self, Write};

use crate::finding::{Finding, Summary};

use super::forge::{Spot, by_file, rendered, said};
use super::place::Unit;
use super::text::{counted, severities};
use super::{Report, Style, summary_line};

/// Writes what the run comes to, then the findings of each file up to the limit of the style.
pub(super) fn write(report: &Report<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Summary { error, warning, info, .. } = *report.summary;
    let found = severities(error, warning, info);
    let found = if found.is_empty() { "nothing found" } else { &found };
    writeln!(out, "## meshlint: {found}\n\n{}", inline(&summary_line(report.summary)))?;
    let limit = style.max_bytes.unwrap_or(usize::MAX);
    let (mut written, mut left_out) = (0, Vec::new());
    for (path, findings) in by_file(report, report.active()) {
        let mut head = format!("\n### {}\n\n", code(&said(&path)));
        for finding in findings {
            let item = std::mem::take(&mut head) + &item(report, finding);
            // Once something is left out, so is all that follows, lest a short finding seem to be the last.
            if left_out.is_empty() && written + item.len() <= limit {
                written += item.len();
                out.write_all(item.as_bytes())?;
            } else {
                left_out.push(finding);
            }
        }
    }
    if !left_out.is_empty() {
        let Summary { error, warning, info, .. } = Summary::of(left_out.iter().copied());
        let number = counted(left_out.len(), "more finding");
        writeln!(out, "\n{number} not shown ({}).", severities(error, warning, info))?;
    }
    Ok(())
}

/// A finding as an item of a list, with what there is to say below it.
fn item(report: &Report<'_>, finding: &Finding) -> String {
    let start = |label| {
        let spot = Spot::new(report, label, Unit::Character);
        (code(&format!("{}:{}:{}", said(&spot.path), spot.region.start.line, spot.region.start.column)), spot)
    };
    let (_, primary) = start(&finding.labels[0]);
    let (line, column) = (primary.region.start.line, primary.region.start.column);
    let head = inline(&super::forge::message(finding));
    let mut out = format!("- {line}:{column} **{}** {}: {head}\n", finding.severity, code(finding.rule));
    if let Some(text) = rendered(report, finding) {
        out.push_str(&format!("  - {}\n", inline(&text)));
    }
    for label in finding.labels.iter().skip(1) {
        let (place, _) = start(label);
        let text = if label.text.is_empty() { "see also".to_owned() } else { inline(&said(&label.text)) };
        out.push_str(&format!("  - {place}: {text}\n"));
    }
    for (name, text) in [("why", &finding.why), ("help", &finding.help)] {
        if let Some(text) = text {
            out.push_str(&format!("  - {name}: {}\n", inline(&said(text))));
        }
    }
    if let Some(witness) = &finding.witness {
        out.push_str(&format!("  - try: {}\n", code(&said(&witness.curl()))));
    }
    out
}

/// A text as code.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// A text as it reads in plain: what stands in backticks is code, and nothing else is markup.
fn inline(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // An odd backtick belongs to a name, and so may the others.
    let has_code = parts.len() % 2 == 1 && parts.iter().skip(1).step_by(2).all(|part| !part.is_empty());
    let mut out = String::with_capacity(text.len() + 16);
    for (at, part) in parts.iter().enumerate() {
        if has_code && at % 2 == 1 {
            out.push_str(&code(part));
            continue;
        }
        if !has_code && at > 0 {
            out.push_str("\\`");
        }
        for c in part.chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                // Nobody is to be called by what stands in a manifest.
                '@' => out.push_str("@<!-- -->"),
                '\\' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => out.extend(['\\', c]),
                _ => out.push(c),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{code, inline};
    use crate::report::{Format, Style, sample};

    #[test]
    fn findings_are_lists_below_their_files() {
        insta::assert_snapshot!(sample::render(Format::Markdown));
    }

    #[test]
    fn manifests_bring_no_markup() {
        assert_eq!(inline("a `b|<c>` <d> & [e](f) *g*"), "a `b|<c>` &lt;d&gt; &amp; \\[e\\](f) \\*g\\*");
        assert_eq!(inline("odd ` one <b>"), "odd \\` one &lt;b&gt;");
        assert_eq!(inline("`` @ann"), "\\`\\` @<!-- -->ann");
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("`a``b`"), "``` `a``b` ```");
    }

    #[test]
    fn every_finding_is_an_item() {
        let out = sample::render(Format::Markdown);
        let active: Vec<_> = sample::shared().findings.into_iter().filter(|finding| finding.is_active()).collect();
        let items: Vec<&str> = out.lines().filter(|line| line.starts_with("- ")).collect();
        assert_eq!(items.len(), active.len());
        for finding in active {
            let mark = format!("**{}** `{}`: ", finding.severity, finding.rule);
            assert!(items.iter().any(|item| item.contains(&mark)), "{mark}");
        }
        assert!(out.lines().all(|line| line.is_empty() || !line.contains(char::is_control)), "{out}");
    }

    #[test]
    fn what_is_past_the_limit_is_counted() {
        let sample = sample::shared();
        let limited = |bytes| sample.render(Format::Markdown, &Style { max_bytes: Some(bytes), ..Style::default() });
        let whole = sample::render(Format::Markdown);
        assert_eq!(limited(whole.len()), whole);
        let none = limited(0);
        assert!(none.ends_with("\n\n8 more findings not shown (4 errors, 2 warnings, 2 info).\n"), "{none}");
        let most = limited(whole.len() / 2);
        assert!(most.len() < whole.len() * 2 / 3 && most.contains("more findings not shown"), "{most}");
    }

    #[test]
    fn a_clean_run_says_so() {
        let out = sample::empty().render(Format::Markdown, &Style::default());
        assert!(out.starts_with("## meshlint: nothing found\n\n0 findings in 5 resources"), "{out}");
    }
}
