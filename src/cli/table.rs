//! `meshlint rules`: the table of rules.

use std::io::Write;

use crate::engine::{Page, RULES, Rule, Status};

use super::Exit;
use super::args::{PageFormat, Rules};
use super::message::Refusal;

/// Lists the rules that were asked for.
pub(super) fn rules(args: &Rules, out: &mut dyn Write) -> Result<Exit, Refusal> {
    let is_wanted = |rule: &&'static Rule| {
        let page = rule.page();
        args.category.is_none_or(|category| page.category == category)
            && args.dialect.as_ref().is_none_or(|dialect| page.dialects.contains(dialect))
    };
    let wanted: Vec<_> = RULES.iter().copied().filter(is_wanted).collect();
    if let (true, Some(dialect)) = (wanted.is_empty(), &args.dialect) {
        return unknown_dialect(dialect);
    }
    write(&wanted, args.format, out)?;
    Ok(Exit::Clean)
}

/// Writes rules as a table, or as JSON: an array of pages without their text.
pub(super) fn write(rules: &[&'static Rule], format: PageFormat, out: &mut dyn Write) -> Result<(), Refusal> {
    match format {
        PageFormat::Human => human(rules, out),
        PageFormat::Markdown => markdown(rules, out),
        PageFormat::Json => {
            let bare = |rule: &&'static Rule| -> Result<_, Refusal> {
                let mut page = serde_json::to_value(rule.page())?;
                page.as_object_mut().map(|fields| fields.remove("body"));
                Ok(page)
            };
            serde_json::to_writer_pretty(&mut *out, &rules.iter().map(bare).collect::<Result<Vec<_>, _>>()?)?;
            Ok(writeln!(out)?)
        }
    }
}

fn human(rules: &[&'static Rule], out: &mut dyn Write) -> Result<(), Refusal> {
    let rows: Vec<_> = rules
        .iter()
        .map(|rule| [rule.id, &level(rule.page()), rule.page().category.word()].map(str::to_owned))
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    for (row, rule) in rows.iter().zip(rules) {
        for (cell, width) in row.iter().zip(widths) {
            write!(out, "{cell:<width$}  ")?;
        }
        writeln!(out, "{}", rule.page().summary)?;
    }
    Ok(())
}

fn markdown(rules: &[&'static Rule], out: &mut dyn Write) -> Result<(), Refusal> {
    writeln!(out, "| rule | severity | category | dialects | finds |\n|---|---|---|---|---|")?;
    for page in rules.iter().map(|rule| rule.page()) {
        let dialects = page.dialects.join(", ");
        let summary = page.summary.replace('|', "\\|");
        writeln!(out, "| `{}` | {} | {} | {dialects} | {summary} |", page.id, level(page), page.category.word())?;
    }
    Ok(())
}

/// The gravest severity of the cases that run, or why none does.
fn level(page: &Page) -> String {
    let gravest = page.cases.iter().filter(|case| case.default).map(|case| case.severity).max();
    match (page.status, gravest) {
        (Status::Nursery, _) => "on trial".to_owned(),
        (Status::Retired, _) => "retired".to_owned(),
        (Status::Stable, Some(severity)) => severity.to_string(),
        (Status::Stable, None) => "off".to_owned(),
    }
}

fn unknown_dialect(dialect: &str) -> Result<Exit, Refusal> {
    let mut known: Vec<_> = RULES.iter().flat_map(|rule| &rule.page().dialects).map(String::as_str).collect();
    known.sort_unstable();
    known.dedup();
    if known.contains(&dialect) {
        return Ok(Exit::Clean);
    }
    Err(Refusal::new(format!("unknown dialect `{dialect}`")).help(format!("rules judge {}", known.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::{PageFormat, write};
    use crate::engine::Rule;

    static ROUTE: Rule = Rule::new(
        "shadowed-route",
        "---\nid: shadowed-route\nsummary: a | b\ncategory: routing\ndialects: [x, y]\nsince: 0.1.0\nstatus: stable\n\
         fix: none\ncases:\n  - {slug: never, severity: warning}\n  - {slug: hardly, severity: error, default: false}\n\
         ---\nText.\n",
    );
    static ENDED: Rule = Rule::new(
        "ended",
        "---\nid: ended\nsummary: over\ncategory: migration\ndialects: [x]\nsince: 0.1.0\nstatus: stable\n\
         fix: none\ncases:\n  - {slug: ended, severity: info, default: false}\n---\nText.\n",
    );

    fn written(format: PageFormat) -> String {
        let mut out = Vec::new();
        write(&[&ENDED, &ROUTE], format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn people_get_columns() {
        assert_eq!(
            written(PageFormat::Human),
            "ended           off      migration  over\nshadowed-route  warning  routing    a | b\n"
        );
    }

    #[test]
    fn markdown_is_a_table() {
        assert_eq!(
            written(PageFormat::Markdown).lines().last(),
            Some("| `shadowed-route` | warning | routing | x, y | a \\| b |")
        );
    }

    #[test]
    fn json_holds_the_cases_and_not_the_text() {
        let rules: serde_json::Value = serde_json::from_str(&written(PageFormat::Json)).unwrap();
        assert_eq!(rules[1]["cases"][1]["slug"], "hardly");
        assert_eq!(rules[1].get("body"), None);
    }
}
