//! A line for each place: `path:line:column: severity[rule]: message`.

use std::io::{self, Write};

use crate::finding::Label;

use super::text::{clipped, escaped};
use super::{Report, place};

/// Writes the primary place of every finding with its message, and each other place that has a text as a `note`, as is
/// what the primary place was rendered from.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.active() {
        for (index, label) in finding.labels.iter().enumerate() {
            let (word, text) = match index {
                0 => (finding.severity.word(), &finding.message),
                _ => ("note", &label.text),
            };
            if index > 0 && text.is_empty() {
                continue;
            }
            let (file, line, column) = place::start(report.sources, label);
            let (name, text) = (escaped(&file.name), clipped(text));
            writeln!(out, "{name}:{line}:{column}: {word}[{}]: {}", finding.rule, escaped(&text))?;
            if let Some(rendered) = label.rendered.as_ref().filter(|_| index == 0) {
                let (name, line, column) = match rendered.place {
                    Some(place) => {
                        let (file, line, column) = place::start(report.sources, &Label::new(place, ""));
                        (escaped(&file.name), line, column)
                    }
                    None => (escaped(&rendered.name), 1, 1),
                };
                writeln!(out, "{name}:{line}:{column}: note[{}]: rendered from here", finding.rule)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, sample};

    #[test]
    fn every_finding_is_a_line_and_every_further_text_a_note() {
        insta::assert_snapshot!(sample::render(Format::Concise));
    }
}
