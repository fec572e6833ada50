//! Commands of a GitHub workflow: a line for each finding, which GitHub turns into an annotation.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::io::{self, Write};

use crate::finding::Severity;

use super::Report;
use super::forge::{Spot, details, gravest_first, message};
use super::place::Unit;
use super::text::escaped;

/// Writes a command for each finding, the gravest first: GitHub shows ten of a kind for each step.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in gravest_first(report) {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let Spot { path, region } = Spot::new(report, &finding.labels[0], Unit::Character);
        let (start, end) = (region.start, region.end);
        write!(out, "::{command} title=meshlint ({}),file={}", property(finding.rule), property(&escaped(&path)))?;
        write!(out, ",line={},endLine={}", start.line, end.line)?;
        // Columns of a range over several lines move the annotation to another place.
        if region.is_line() {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
        let mut lines = vec![message(finding)];
        lines.extend(details(report, finding, true));
        writeln!(out, "::{}", data(&lines.join("\n")))?;
    }
    Ok(())
}

/// What stands behind the `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};
    use crate::finding::{Draft, Severity};
    use crate::report::sample::{self, Sample};
    use crate::report::{Format, Style};

    /// A name, properties and a text.
    type Command = (String, Vec<(String, String)>, String);

    /// A command as the runner reads it; nothing where it is none.
    fn read(line: &str) -> Option<Command> {
        let (head, text) = line.strip_prefix("::")?.split_once("::")?;
        let (name, properties) = head.split_once(' ')?;
        let plain = |text: &str| text.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
        let value = |text: &str| plain(&text.replace("%3A", ":").replace("%2C", ","));
        let properties = properties.split(',').map(|pair| pair.split_once('='));
        let pair = |pair: Option<(&str, &str)>| pair.map(|(key, text)| (key.to_owned(), value(text)));
        Some((name.to_owned(), properties.map(pair).collect::<Option<_>>()?, plain(text)))
    }

    #[test]
    fn every_finding_is_a_command() {
        insta::assert_snapshot!(sample::render(Format::Github));
        assert_eq!(sample::empty().render(Format::Github, &Style::default()), "");
    }

    #[test]
    fn the_runner_reads_every_field() {
        let out = sample::render(Format::Github);
        let commands: Vec<_> = out.lines().map(|line| read(line).unwrap()).collect();
        let names: Vec<&str> = commands.iter().map(|(name, ..)| name.as_str()).collect();
        let expected = [["error"; 3].as_slice(), &["warning"; 2], &["notice"; 2]].concat();
        assert_eq!(names.iter().filter(|name| expected.contains(name)).count(), names.len());
        assert!(names.is_sorted_by_key(|name| expected.iter().position(|one| one == name)), "{names:?}");
        let (_, properties, text) = &commands[0];
        let expected = [
            ("title", "meshlint (shadowed-route)"),
            ("file", "mesh/deploy/orders-router.yaml"),
            ("line", "10"),
            ("endLine", "10"),
            ("col", "13"),
            ("endColumn", "19"),
        ];
        assert!(properties.iter().map(|(key, value)| (&**key, &**value)).eq(expected), "{properties:?}");
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(text.contains("\nmesh/deploy/orders-router.yaml:6:13: answers every request first (priority 1)\n"));
        // A range over several lines has no columns.
        let block = commands.iter().find(|(.., text)| text.starts_with("a label over many lines")).unwrap();
        assert!(block.1.iter().all(|(key, _)| !key.to_lowercase().contains("col")), "{block:?}");
    }

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100%\r\n::x"), "100%25%0D%0A::x");
        assert_eq!(property("a,b:c%"), "a%2Cb%3Ac%25");
        let mut sample = Sample::new(&[("a,line=9::\n::error::b%0A.yaml", "name: x\n")]);
        let place = sample.find(0, "x", 0);
        sample.push("a-rule", Severity::Error, Draft::new("a", "one\n::stop-commands::two").at(place, "100%"));
        let out = sample.render(Format::Github, &Style::default());
        assert_eq!(out.lines().count(), 1, "{out}");
        let (name, properties, text) = read(out.trim_end()).unwrap();
        assert_eq!(name, "error");
        assert_eq!(properties[1], ("file".to_owned(), "mesh/a,line=9::\\n::error::b%0A.yaml".to_owned()));
        assert_eq!(text, "one\\n::stop-commands::two: 100%");
        assert!(read(":error title=x::y").is_none() && read("::error title,x::y").is_none());
    }
}
