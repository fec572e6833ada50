//! Blocks with excerpts of the sources, for people.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{Diagnostic, Severity as Grade};
use codespan_reporting::files::Error;
use codespan_reporting::term::{Chars, Config, emit_to_write_style};
use rustc_hash::FxHashSet;

use crate::finding::{Finding, Label, Severity, Summary};

use super::excerpt::{AFTER_FIRST, BEFORE_LAST, Excerpt};
use super::ink::Ink;
use super::place::start;
use super::text::{clipped, counted, masked, one_line, severities};
use super::{Report, Style};

/// Labels of one finding that are shown; a finding with more is the work of a generator.
const LABEL_LIMIT: usize = 24;

/// Templates of one finding that are named.
const TEMPLATE_LIMIT: usize = 4;

/// Writes a block for each finding up to the limit of the style, then how many there are beyond it.
pub(super) fn write(report: &Report<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let config = Config {
        chars: Chars { source_border_left_break: ':', ..Chars::ascii() },
        start_context_lines: AFTER_FIRST,
        end_context_lines: BEFORE_LAST,
        ..Config::default()
    };
    let mut findings = report.active();
    let (mut explained, mut reasoned) = (FxHashSet::default(), FxHashSet::default());
    for finding in findings.by_ref().take(style.max_findings.unwrap_or(usize::MAX)) {
        let labels = &finding.labels[..finding.labels.len().min(LABEL_LIMIT)];
        let (excerpt, labels) = Excerpt::new(labels, report.sources, style.links.then_some(report.root));
        let mut diagnostic = Diagnostic::new(grade(finding.severity))
            .with_code(finding.rule)
            .with_message(one_line(&clipped(&finding.message)))
            .with_notes(notes(report, finding, reasoned.insert((finding.rule, finding.why.as_deref()))));
        diagnostic.labels = labels;
        // The page of a rule is the same for all of its findings, so it is named once.
        if report.has_pages && explained.insert(finding.rule) {
            diagnostic.notes.push(format!("rule: meshlint explain {}", finding.rule));
        }
        emit_to_write_style(&mut Ink::new(out, style.color), &config, &excerpt, &diagnostic).map_err(|error| {
            match error {
                Error::Io(error) => error,
                other => io::Error::other(other),
            }
        })?;
    }
    let rest = Summary::of(findings);
    if rest.findings() > 0 {
        let Summary { error, warning, info, .. } = rest;
        let number = counted(rest.findings(), "more finding");
        writeln!(out, "{number} not shown ({}): raise --max-findings to see all", severities(error, warning, info))?;
    }
    Ok(())
}

fn grade(severity: Severity) -> Grade {
    match severity {
        Severity::Error => Grade::Error,
        Severity::Warning => Grade::Warning,
        Severity::Info => Grade::Note,
    }
}

/// The notes below an excerpt. A reason that the rule has given before in the very same words is left out.
fn notes(report: &Report<'_>, finding: &Finding, is_new_reason: bool) -> Vec<String> {
    let mut out: Vec<String> = templates(report, finding).into_iter().collect();
    let why = finding.why.as_ref().filter(|_| is_new_reason);
    for (name, text) in [("why", why), ("help", finding.help.as_ref())] {
        if let Some(text) = text {
            out.push(format!("{name}: {}", masked(&clipped(text))));
        }
    }
    if let Some(witness) = &finding.witness {
        out.push(format!("try: {}", masked(&clipped(&witness.curl()))));
    }
    let more = finding.labels.len().saturating_sub(LABEL_LIMIT);
    if more > 0 {
        out.push(format!("note: {} not shown; the `json` format has all", counted(more, "more place")));
    }
    out
}

/// The templates that the places of a finding were rendered from, the primary one first.
fn templates(report: &Report<'_>, finding: &Finding) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for rendered in finding.labels.iter().filter_map(|label| label.rendered.as_ref()) {
        let name = match rendered.place {
            // The beginning of the file stands for all of it.
            Some(place) if place.span.is_empty() => report.sources.file(place.file).name.clone(),
            Some(place) => {
                let (file, line, column) = start(report.sources, &Label::new(place, ""));
                format!("{}:{line}:{column}", file.name)
            }
            None => rendered.name.clone(),
        };
        let name = masked(&clipped(&name)).into_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(TEMPLATE_LIMIT);
    (!names.is_empty()).then(|| format!("rendered from {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use crate::finding::{Draft, Severity};
    use crate::report::sample::{self, Sample};
    use crate::report::{Format, Style};

    fn plain(sample: &Sample) -> String {
        sample.render(Format::Human, &Style::default())
    }

    #[test]
    fn findings_are_blocks_with_every_label() {
        insta::assert_snapshot!(sample::render(Format::Human));
    }

    #[test]
    fn colours_come_only_when_asked() {
        let sample = sample::shared();
        assert!(plain(&sample).chars().all(|c| c == '\n' || !c.is_control()));
        let colourful = sample.render(Format::Human, &Style { color: true, ..Style::default() });
        assert!(colourful.contains("\u{1b}[1;31merror[shadowed-route]"));
        assert!(colourful.contains("\u{1b}[1;36minfo[duplicate-name]"));
        let mut bare = String::new();
        let mut parts = colourful.split('\u{1b}');
        bare.push_str(parts.next().unwrap());
        for part in parts {
            // Only our own codes may be there, and all of them end in `m`.
            let (code, text) = part.strip_prefix('[').unwrap().split_once('m').unwrap();
            assert!(code.chars().all(|c| c.is_ascii_digit() || c == ';'), "{code}");
            bare.push_str(text);
        }
        let trimmed: Vec<&str> = bare.lines().map(str::trim_end).collect();
        assert_eq!(trimmed, plain(&sample).lines().collect::<Vec<_>>());
    }

    #[test]
    fn paths_are_links_when_asked() {
        let sample = sample::shared();
        let linked = sample.render(Format::Human, &Style { links: true, ..Style::default() });
        let start = "--> \u{1b}]8;;file:///home/dev/a%20shop/mesh/deploy/orders-router.yaml\u{1b}\\deploy/orders-router.yaml\u{1b}]8;;\u{1b}\\:10:13\n";
        assert!(linked.contains(start), "{linked}");
        assert!(linked.contains("mesh/evil%1B%5D0%3Bname%07%E2%80%AE.yaml\u{1b}\\"), "nothing ends a link early");
        // Without the links it is the same report.
        let mut bare = String::new();
        for (at, part) in linked.split("\u{1b}]8;;").enumerate() {
            bare.push_str(if at == 0 { part } else { part.split_once("\u{1b}\\").unwrap().1 });
        }
        assert_eq!(bare, plain(&sample));
        let mut stdin = Sample::new(&[("<stdin>", "name: x\n")]);
        stdin.push("a-rule", Severity::Error, Draft::new("a", "message").at(stdin.find(0, "x", 0), ""));
        assert!(!stdin.render(Format::Human, &Style { links: true, ..Style::default() }).contains('\u{1b}'));
    }

    #[test]
    fn a_rule_gives_a_reason_once() {
        let mut sample = Sample::new(&[("a.yaml", "name: x\n")]);
        for (rule, why) in [("a-rule", "one"), ("a-rule", "two"), ("a-rule", "one"), ("b-rule", "one")] {
            let place = sample.find(0, "x", 0);
            sample.push(rule, Severity::Error, Draft::new("a", "message").at(place, "").why(why).help("do it"));
        }
        let out = plain(&sample);
        assert_eq!((out.matches("= why: one\n").count(), out.matches("= why: two\n").count()), (2, 1), "{out}");
        assert_eq!(out.matches("= help: do it\n").count(), 4);
    }

    #[test]
    fn what_is_past_the_limit_is_counted() {
        let sample = sample::shared();
        let limited = |max| sample.render(Format::Human, &Style { max_findings: Some(max), ..Style::default() });
        assert_eq!(
            limited(0),
            "8 more findings not shown (4 errors, 2 warnings, 2 info): raise --max-findings to see all\n"
        );
        assert!(limited(7).ends_with("\n\n1 more finding not shown (1 error): raise --max-findings to see all\n"));
        assert_eq!(limited(8), plain(&sample));
    }

    #[test]
    fn a_huge_line_costs_no_more_than_a_short_one() {
        let pad = "\"0123456789é\",".repeat(150_000);
        let mut sample = Sample::new(&[("huge.json", &format!("[{pad}{{\"name\": \"x\"}},{pad}1]"))]);
        let label = sample.find(0, "\"x\"", 0);
        sample.push("a-rule", Severity::Error, Draft::new("a", "message").at(label, "text"));
        let whole = sample.bytes(0, 0, pad.len());
        sample.push("a-rule", Severity::Error, Draft::new("a", "message").at(whole, "text").at(label, "text"));
        let out = plain(&sample);
        assert!(out.len() < 1200, "{}", out.len());
        // One bracket, then 12 characters and a quotation mark and a comma for each item.
        assert!(out.contains(&format!("--> huge.json:1:{}\n", 2 + 150_000 * 14 + 9)), "{out}");
        assert!(out.contains("{\"name\": \"x\"}"), "{out}");
    }

    #[test]
    fn a_label_over_a_whole_file_shows_its_ends() {
        let text = format!("first: 1\n{}last: 1", "item: 1\n".repeat(100_000));
        let mut sample = Sample::new(&[("long.yaml", &text)]);
        sample.push("a-rule", Severity::Error, Draft::new("a", "message").at(sample.bytes(0, 0, text.len()), "text"));
        let out = plain(&sample);
        assert!(out.contains("1 | / first: 1\n"), "{out}");
        assert!(out.contains("100002 | | last: 1\n"), "{out}");
        assert!(out.lines().count() < 16, "{out}");
    }

    #[test]
    fn labels_on_one_span_are_all_said() {
        let mut sample = Sample::new(&[("a.yaml", "name: x\n")]);
        let place = sample.find(0, "x", 0);
        let draft = Draft::new("a", "message").at(place, "one").at(place, "two").at(place, "");
        sample.push("a-rule", Severity::Error, draft);
        let out = plain(&sample);
        assert!(out.contains("one\n") && out.contains("two\n"), "{out}");
    }

    #[test]
    fn more_labels_than_anybody_reads_are_counted() {
        let mut sample = Sample::new(&[("a.yaml", "name: x\n")]);
        let mut draft = Draft::new("a", "message");
        for _ in 0..500 {
            draft = draft.at(sample.find(0, "x", 0), "label");
        }
        sample.push("a-rule", Severity::Error, draft);
        let out = plain(&sample);
        assert_eq!(out.matches("label\n").count(), 24);
        assert!(out.contains("= note: 476 more places not shown"), "{out}");
    }

    #[test]
    fn no_span_is_too_strange() {
        let texts =
            ["", "\n", "é名\u{1f980}\r\n\t\u{202e}x\r", "a\r\n\r\nb", "a\n\n\n\nb\n\n\n\n\nc\n", "\u{2028}\u{85}\n "];
        for text in texts.map(str::to_owned).into_iter().chain([format!("\n{}\n", "é".repeat(500))]) {
            let mut sample = Sample::new(&[("a.yaml", &text)]);
            let end = text.len().min(40) + 2;
            for (start, stop) in (0..=end).flat_map(|start| (0..=end).map(move |stop| (start, stop))) {
                let draft = Draft::new("a", "message")
                    .at(sample.bytes(0, start, stop), "primary")
                    .at(sample.bytes(0, stop, stop), "other")
                    .at(sample.bytes(0, 0, text.len()), "all");
                sample.push("a-rule", Severity::Error, draft);
            }
            let out = plain(&sample);
            assert_eq!(out.matches("error[a-rule]: message\n").count(), sample.findings.len());
            assert_eq!(out.matches("primary").count(), sample.findings.len(), "{text:?}");
        }
    }
}
