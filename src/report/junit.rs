//! JUnit's XML: a suite for each file, a case for each finding.

use std::io::{self, Write};

use crate::finding::{Finding, Severity, Status};

use super::Report;
use super::forge::{Spot, Unique, by_file, details, message, said};
use super::place::Unit;
use super::text::escaped;
use super::xml::{attribute, content};

/// Writes the one document. What does not count is skipped, what could not be read is an error, and a run that found
/// nothing is one case that passes, since a report without cases counts as no report.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let files = by_file(report, report.findings.iter());
    let all = Counts::of(report.findings.iter(), report.problems.len());
    let is_clean = all.tests == 0;
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"meshlint\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        all.tests + usize::from(is_clean),
        all.failures,
        all.errors
    )?;
    if is_clean {
        suite("meshlint", &Counts { tests: 1, ..all }, out)?;
        writeln!(out, "    <testcase name=\"no findings\" classname=\"meshlint\"/>\n  </testsuite>")?;
    }
    if !report.problems.is_empty() {
        suite("meshlint", &Counts::of(std::iter::empty(), report.problems.len()), out)?;
        let mut names = Unique::default();
        for problem in report.problems {
            let (path, text) = (report.root.name(&problem.path), said(&problem.message));
            let name = names.key(&format!("cannot be read: {path}"));
            writeln!(out, "    <testcase name=\"{}\" classname=\"meshlint\">", attribute(&name))?;
            let help = problem.help.as_ref().map_or(String::new(), |help| format!("help: {}", said(help)));
            writeln!(
                out,
                "      <error type=\"error\" message=\"{}\">{}</error>\n    </testcase>",
                attribute(&text),
                content(&help)
            )?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    let mut names = Unique::default();
    for (path, findings) in files {
        suite(&path, &Counts::of(findings.iter().copied(), 0), out)?;
        for finding in findings {
            case(report, finding, &path, &mut names, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// What the head of a suite counts.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a>(findings: impl Iterator<Item = &'a Finding>, errors: usize) -> Self {
        let mut counts = Self { tests: errors, errors, ..Self::default() };
        for finding in findings {
            counts.tests += 1;
            counts.skipped += usize::from(!finding.is_active());
            counts.failures += usize::from(finding.is_active() && finding.severity > Severity::Info);
        }
        counts
    }
}

fn suite(name: &str, counts: &Counts, out: &mut dyn Write) -> io::Result<()> {
    let Counts { tests, failures, errors, skipped } = counts;
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">",
        attribute(name)
    )
}

/// A case, named by rule and resource. Readers take cases of one name for one, so equal names are numbered.
fn case(report: &Report<'_>, finding: &Finding, path: &str, names: &mut Unique, out: &mut dyn Write) -> io::Result<()> {
    let class = finding.subject.as_ref().map_or_else(
        || path.to_owned(),
        |subject| match &subject.namespace {
            Some(namespace) => format!("{}/{namespace}/{}", subject.kind, subject.name),
            None => format!("{}/{}", subject.kind, subject.name),
        },
    );
    // A rule's id has no line feed.
    let key = names.key(&format!("{class}\n{}", finding.rule));
    let name = key.rsplit('\n').next().unwrap_or(finding.rule);
    writeln!(out, "    <testcase name=\"{}\" classname=\"{}\">", attribute(name), attribute(&class))?;
    let message = message(finding);
    let start = Spot::new(report, &finding.labels[0], Unit::Character).region.start;
    let mut lines = vec![format!("{}:{}:{}", escaped(path), start.line, start.column)];
    lines.extend(details(report, finding, true));
    match (&finding.status, finding.severity) {
        (Status::Active, Severity::Info) => {
            lines.insert(1, format!("info: {message}"));
            writeln!(out, "      <system-out>{}</system-out>", content(&lines.join("\n")))?;
        }
        (Status::Active, severity) => writeln!(
            out,
            "      <failure type=\"{severity}\" message=\"{}\">{}</failure>",
            attribute(&message),
            content(&lines.join("\n"))
        )?,
        (status, _) => {
            let why = match status {
                Status::Ignored { reason: Some(reason), .. } => format!("ignored: {}", said(reason)),
                status => status.word().to_owned(),
            };
            let text = format!("{message}\n{}\n{why}", lines[0]);
            writeln!(out, "      <skipped>{}</skipped>", content(&text))?;
        }
    }
    writeln!(out, "    </testcase>")
}

#[cfg(test)]
mod tests {
    use uppsala::XsdValidator;

    use crate::report::sample::{self, Sample};
    use crate::report::{Format, Style};

    /// What is wrong with a document by the schema of Jenkins.
    fn faults(text: &str) -> Vec<String> {
        let schema = uppsala::parse(include_str!("../../tests/data/formats/junit.xsd")).unwrap();
        let schema = XsdValidator::from_schema(&schema).unwrap();
        match uppsala::parse(text) {
            Ok(document) => schema.validate(&document).iter().map(ToString::to_string).collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    fn plain(sample: &Sample) -> String {
        sample.render(Format::Junit, &Style::default())
    }

    #[test]
    fn every_finding_is_a_case() {
        insta::assert_snapshot!(sample::render(Format::Junit));
    }

    #[test]
    fn the_document_is_what_the_schema_says() {
        let text = sample::render(Format::Junit);
        assert_eq!(faults(&text), [""; 0]);
        let document = uppsala::parse(&text).unwrap();
        let count = |name| document.get_elements_by_tag_name(name).len();
        let sample = sample::shared();
        let skipped = sample.findings.iter().filter(|finding| !finding.is_active()).count();
        assert_eq!((count("testcase"), count("skipped")), (sample.findings.len() + 2, skipped));
        assert_eq!((count("error"), count("system-out")), (2, 2));
        // The numbers in the heads are those of what follows.
        let number = |id, key| document.get_attribute(id, key).unwrap().parse::<usize>().unwrap();
        let root = document.document_element().unwrap();
        assert_eq!(number(root, "tests"), count("testcase"));
        assert_eq!(number(root, "failures"), count("failure"));
        for suite in document.get_elements_by_tag_name("testsuite") {
            let cases = document.children(suite).iter().filter(|id| document.element(**id).is_some()).count();
            assert!(cases > 0 && number(suite, "tests") == cases);
        }
        let mut names: Vec<_> = (document.get_elements_by_tag_name("testcase").into_iter())
            .map(|id| ["classname", "name"].map(|key| document.get_attribute(id, key).unwrap().to_owned()))
            .collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count("testcase"), "cases of one name");
        assert!(names.contains(&["VirtualRouter/shop/orders".to_owned(), "shadowed-route".to_owned()]));
    }

    #[test]
    fn a_clean_run_is_a_case_that_passes() {
        let text = plain(&sample::empty());
        assert_eq!(faults(&text), [""; 0]);
        assert!(text.contains("tests=\"1\" failures=\"0\""), "{text}");
        assert_eq!(text.matches("<testcase").count(), 1);
    }

    #[test]
    fn a_broken_document_is_refused() {
        let text = sample::render(Format::Junit);
        for (good, bad) in [
            ("</testsuites>", ""),
            ("<failure ", "<fault "),
            ("</failure>", "</failure><skipped/>"),
            ("<testcase name=", "<testcase title="),
            (" tests=", " cases="),
            ("&lt;", "<"),
        ] {
            assert!(text.contains(good), "{good}");
            assert!(!faults(&text.replace(good, bad)).is_empty(), "{bad}");
        }
    }
}
