//! Checkstyle's XML, which Jenkins and many others read: the errors of each file.

use std::io::{self, Write};

use super::Report;
use super::forge::{Spot, by_file, details, message};
use super::place::Unit;
use super::xml::attribute;

/// Writes the one document.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"10.0\">")?;
    for (path, findings) in by_file(report, report.active()) {
        writeln!(out, "  <file name=\"{}\">", attribute(&path))?;
        for finding in findings {
            let start = Spot::new(report, &finding.labels[0], Unit::Character).region.start;
            let mut lines = vec![message(finding)];
            lines.extend(details(report, finding, true));
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"meshlint.{}\"/>",
                start.line,
                start.column,
                finding.severity,
                attribute(&lines.join("\n")),
                attribute(finding.rule)
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}

#[cfg(test)]
mod tests {
    use crate::report::sample::{self, Sample};
    use crate::report::{Format, Style};

    /// What is wrong with a document, as a reader of Checkstyle's would see it.
    fn faults(text: &str) -> Vec<String> {
        let document = match uppsala::parse(text) {
            Ok(document) => document,
            Err(error) => return vec![error.to_string()],
        };
        let mut faults = Vec::new();
        let root = document.document_element().unwrap();
        let name = |id| document.element(id).map(|element| element.name.local_name.to_string());
        if name(root).as_deref() != Some("checkstyle") || document.get_attribute(root, "version").is_none() {
            faults.push("root".to_owned());
        }
        for file in document.children(root).into_iter().filter(|id| document.element(*id).is_some()) {
            if name(file).as_deref() != Some("file") || document.get_attribute(file, "name").is_none_or(str::is_empty) {
                faults.push("file".to_owned());
            }
            for error in document.children(file).into_iter().filter(|id| document.element(*id).is_some()) {
                let value = |key| document.get_attribute(error, key).unwrap_or("");
                let number = |key| value(key).parse::<u32>().is_ok_and(|number| number > 0);
                let is_good = name(error).as_deref() == Some("error")
                    && number("line")
                    && number("column")
                    && ["error", "warning", "info"].contains(&value("severity"))
                    && !value("message").is_empty()
                    && value("source").starts_with("meshlint.");
                if !is_good {
                    faults.push(format!("error {} {}", value("line"), value("source")));
                }
            }
        }
        faults
    }

    #[test]
    fn every_file_has_its_errors() {
        insta::assert_snapshot!(sample::render(Format::Checkstyle));
    }

    #[test]
    fn a_reader_finds_every_field() {
        let text = sample::render(Format::Checkstyle);
        assert_eq!(faults(&text), [""; 0]);
        let document = uppsala::parse(&text).unwrap();
        let active = sample::shared().findings.iter().filter(|finding| finding.is_active()).count();
        assert_eq!(document.get_elements_by_tag_name("error").len(), active);
        let first = document.get_elements_by_tag_name("error")[0];
        let of = |key| document.get_attribute(first, key).unwrap();
        assert_eq!((of("line"), of("column"), of("severity")), ("10", "13", "error"));
        assert_eq!(of("source"), "meshlint.shadowed-route");
        assert_eq!(of("message").lines().count(), 5);
        let file = document.parent(first).unwrap();
        assert_eq!(document.get_attribute(file, "name"), Some("mesh/deploy/orders-router.yaml"));
        assert_eq!(faults(&Sample::new(&[]).render(Format::Checkstyle, &Style::default())), [""; 0]);
    }

    #[test]
    fn a_broken_document_is_refused() {
        let text = sample::render(Format::Checkstyle);
        for (good, bad) in [
            ("</checkstyle>", ""),
            ("line=\"10\"", "line=\"0\""),
            ("severity=\"info\"", "severity=\"note\""),
            ("&quot;", "\""),
            ("<file name=", "<file path="),
            ("source=\"meshlint.", "source=\""),
        ] {
            assert!(text.contains(good), "{good}");
            assert!(!faults(&text.replace(good, bad)).is_empty(), "{bad}");
        }
    }
}
