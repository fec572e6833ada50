//! Commands of an Azure pipeline: a line for each finding, which becomes an issue of the run.
//!
//! <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>

use std::io::{self, Write};

use crate::finding::Severity;

use super::Report;
use super::forge::{Spot, details, gravest_first, message};
use super::place::Unit;
use super::text::escaped;

/// Writes a command for each finding, the gravest first. Azure knows errors and warnings alone, so what is worth
/// knowing is a warning there.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in gravest_first(report) {
        let kind = if finding.severity == Severity::Error { "error" } else { "warning" };
        let Spot { path, region } = Spot::new(report, &finding.labels[0], Unit::Character);
        let mut lines = vec![message(finding)];
        lines.extend(details(report, finding, true));
        writeln!(
            out,
            "##vso[task.logissue type={kind};sourcepath={};linenumber={};columnnumber={};code={};]{}",
            property(&escaped(&path)),
            region.start.line,
            region.start.column,
            property(finding.rule),
            data(&lines.join("\n"))
        )?;
    }
    Ok(())
}

/// What stands behind the `]`.
fn data(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}

#[cfg(test)]
mod tests {
    use super::{data, property};
    use crate::report::{Format, Style, sample};

    /// A command as the agent reads it: its properties and its text; nothing where it is none.
    fn read(line: &str) -> Option<(Vec<(String, String)>, String)> {
        let (head, text) = line.strip_prefix("##vso[task.logissue ")?.split_once(']')?;
        let plain = |text: &str| text.replace("%0A", "\n").replace("%0D", "\r").replace("%AZP25", "%");
        let value = |text: &str| plain(&text.replace("%5D", "]").replace("%3B", ";"));
        let pairs = head.strip_suffix(';')?.split(';').map(|pair| pair.split_once('='));
        let pair = |pair: Option<(&str, &str)>| pair.map(|(key, text)| (key.to_owned(), value(text)));
        Some((pairs.map(pair).collect::<Option<_>>()?, plain(text)))
    }

    #[test]
    fn every_finding_is_a_command() {
        insta::assert_snapshot!(sample::render(Format::Azure));
        assert_eq!(sample::empty().render(Format::Azure, &Style::default()), "");
    }

    #[test]
    fn the_agent_reads_every_field() {
        let out = sample::render(Format::Azure);
        let commands: Vec<_> = out.lines().map(|line| read(line).unwrap()).collect();
        let sample = sample::shared();
        assert_eq!(commands.len(), sample.findings.iter().filter(|finding| finding.is_active()).count());
        for (properties, text) in &commands {
            let keys: Vec<&str> = properties.iter().map(|(key, _)| key.as_str()).collect();
            assert_eq!(keys, ["type", "sourcepath", "linenumber", "columnnumber", "code"]);
            assert!(["error", "warning"].contains(&properties[0].1.as_str()) && !text.is_empty());
        }
        let first: Vec<&str> = commands[0].0.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(first, ["error", "mesh/deploy/orders-router.yaml", "10", "13", "shadowed-route"]);
        assert!(commands[0].1.contains("\nhelp: lower number wins"));
        assert!(read("##vso[task.logissue type=error]x").is_none());
    }

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100%\r\n]"), "100%AZP25%0D%0A]");
        assert_eq!(property("a;b]c%"), "a%3Bb%5Dc%AZP25");
    }
}
