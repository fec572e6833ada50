//! `meshlint explain`: a rule's page for people, and the way to it from what was seen.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::engine::{self, Page, RULES, Rule, Status};

use super::Exit;
use super::args::{Explain, PageFormat};
use super::markdown;
use super::message::{Refusal, remark};
use super::output::wants_color;
use super::table;

/// How many rules a symptom may lead to.
const MOST: usize = 8;

/// Shows a page, or the list that leads to one.
pub(super) fn explain(args: &Explain, out: &mut dyn Write) -> Result<Exit, Refusal> {
    match (&args.rule, &args.symptom) {
        (Some(name), _) => page(engine::find_rule(name)?.page(), args, out)?,
        (None, Some(words)) => {
            let found = with_symptom(RULES, words);
            if found.is_empty() {
                remark(&format!("no rule is known for `{words}`; `meshlint rules` lists them all"));
            }
            table::write(&found, args.format, out)?;
        }
        (None, None) => table::write(RULES, args.format, out)?,
    }
    Ok(Exit::Clean)
}

fn page(page: &Page, args: &Explain, out: &mut dyn Write) -> Result<(), Refusal> {
    match args.format {
        PageFormat::Human => human(page, wants_color(args.color), out)?,
        PageFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, page)?;
            writeln!(out)?;
        }
        PageFormat::Markdown => {
            writeln!(out, "# {}\n\n{}\n\n{}", page.id, sentence(&page.summary), page.body.trim_end())?;
        }
    }
    Ok(())
}

fn human(page: &Page, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let title = markdown::strong(&page.id, color);
    writeln!(out, "{title}: {}\n", page.summary)?;
    let mut facts = vec![
        ("category", page.category.word().to_owned()),
        ("dialects", page.dialects.join(", ")),
        ("since", page.since.clone()),
        ("fix", page.fix.clone()),
    ];
    match page.status {
        Status::Stable => {}
        Status::Nursery => facts.push(("status", "on trial: runs only if selected by name".to_owned())),
        Status::Retired => facts.push(("status", "retired: finds nothing any more".to_owned())),
    }
    if !page.aliases.is_empty() {
        facts.push(("formerly", page.aliases.join(", ")));
    }
    for (name, value) in facts {
        writeln!(out, "  {name:<8}  {value}")?;
    }
    writeln!(out, "\n{}\n", markdown::heading("Cases", color))?;
    let width = page.cases.iter().map(|case| case.slug.len()).max().unwrap_or(0);
    for case in &page.cases {
        let severity = if case.default { case.severity.word().to_owned() } else { format!("{}, off", case.severity) };
        let summary = if case.summary.is_empty() { &page.summary } else { &case.summary };
        writeln!(out, "  {:<width$}  {severity:<12}  {summary}", case.slug)?;
    }
    writeln!(out)?;
    markdown::write(&page.body, color, out)?;
    if !page.sources.is_empty() {
        writeln!(out, "\n{}\n", markdown::heading("Sources", color))?;
        for source in &page.sources {
            writeln!(out, "  {source}")?;
        }
    }
    Ok(())
}

/// Pages have their summary in lower case without a full stop; Markdown readers expect a sentence.
fn sentence(summary: &str) -> String {
    let mut chars = summary.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).chain(['.']).collect()).unwrap_or_default()
}

/// The rules that answer to what was seen, the best first: those whose symptoms, summaries or ids hold
/// most of the words, and at least half of them.
fn with_symptom(rules: &[&'static Rule], words: &str) -> Vec<&'static Rule> {
    let wanted = terms(words);
    let mut found: Vec<_> = rules
        .iter()
        .map(|rule| {
            let page = rule.page();
            let cases = page.cases.iter().flat_map(|case| [&case.slug, &case.summary]);
            let texts = page.symptoms.iter().chain([&page.id, &page.summary]).chain(cases);
            let known: BTreeSet<_> = texts.flat_map(|text| terms(text)).collect();
            (wanted.iter().filter(|word| known.iter().any(|term| is_same(term, word))).count(), *rule)
        })
        .filter(|(score, _)| *score > 0 && score * 2 >= wanted.len())
        .collect();
    found.sort_by_key(|(score, rule)| (usize::MAX - score, rule.id));
    found.into_iter().map(|(_, rule)| rule).take(MOST).collect()
}

/// The words that may tell one rule from another.
fn terms(text: &str) -> BTreeSet<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 2 && !["the", "and", "are", "not", "for"].contains(word))
        .map(str::to_owned)
        .collect()
}

/// `route` and `routes`, `reach` and `reached` are the same to someone who searches.
fn is_same(term: &str, word: &str) -> bool {
    let (short, long) = if term.len() < word.len() { (term, word) } else { (word, term) };
    long.starts_with(short) && (short.len() > 3 || short == long)
}

#[cfg(test)]
mod tests {
    use super::{human, sentence, with_symptom};
    use crate::engine::Rule;

    static ROUTE: Rule = Rule::new(
        "shadowed-route",
        "---\nid: shadowed-route\nsummary: route can never be reached\ncategory: routing\ndialects: [appmesh]\n\
         since: 0.1.0\nstatus: stable\nfix: none\naliases: [hidden-route]\nsymptoms: [header route never taken]\n\
         cases:\n  - {slug: never, severity: warning}\n  - {slug: hardly, severity: info, default: false, summary: \
         some of it}\nsources: ['https://example.org/1']\n---\nIntro.\n\n## Why\n\nBecause.\n",
    );
    static FIELD: Rule = Rule::new(
        "unknown-field",
        "---\nid: unknown-field\nsummary: field that does not exist\ncategory: schema\ndialects: [appmesh]\n\
         since: 0.1.0\nstatus: nursery\nfix: none\nsymptoms: [setting has no effect]\n\
         cases:\n  - {slug: unknown-field, severity: error}\n---\nIntro.\n",
    );

    fn shown(rule: &'static Rule) -> String {
        let mut out = Vec::new();
        human(rule.page(), false, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_page_reads_like_a_page() {
        assert_eq!(
            shown(&ROUTE),
            "shadowed-route: route can never be reached\n\n  category  routing\n  dialects  appmesh\n  since     0.1.0\n  \
             fix       none\n  formerly  hidden-route\n\nCASES\n\n  never   warning       route can never be reached\n  \
             hardly  info, off     some of it\n\nIntro.\n\nWHY\n\nBecause.\n\nSOURCES\n\n  https://example.org/1\n"
        );
        assert!(shown(&FIELD).contains("  status    on trial: runs only if selected by name\n"));
    }

    #[test]
    fn symptoms_lead_to_rules() {
        let ids = |words: &str| with_symptom(&[&FIELD, &ROUTE], words).iter().map(|rule| rule.id).collect::<Vec<_>>();
        assert_eq!(ids("header routes not taken"), ["shadowed-route"]);
        assert_eq!(ids("EFFECT"), ["unknown-field"]);
        assert_eq!(ids("route field"), ["shadowed-route", "unknown-field"]);
        assert_eq!(ids("certificate expired"), [""; 0]);
        assert_eq!(ids(""), [""; 0]);
    }

    #[test]
    fn summaries_become_sentences() {
        assert_eq!(sentence("route can never be reached"), "Route can never be reached.");
    }
}
