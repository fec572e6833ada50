//! Text that cannot be read: no YAML, no text, or no access.

use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("syntax", include_str!("../../rules/syntax.md")).facts(say);

/// Arguments: what is wrong and, behind a semicolon, what to do; then the text at the place; then `deep` for nesting
/// without end, `aliases` for repetition without end, and `binary` for a file of which nothing is read.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (what, remedy) = fact.text(0).split_once("; ").unwrap_or((fact.text(0), ""));
    let place = spot.at(fact.span);
    let draft = |message: String| Draft::new(fact.case, message);
    match fact.case {
        "yaml-alias-star" => {
            let text = fact.text(1);
            let quoted = if text.contains(['"', '\\']) { format!("'{text}'") } else { format!("\"{text}\"") };
            let draft = draft(what.to_owned())
                .at(place, "needs quotes")
                .why("the document is not YAML, so that nothing of it is applied")
                .help(format!("write `{quoted}`"));
            // A quote of its own would end the text early.
            match text.contains('\'') {
                true => draft,
                false => {
                    let title = format!("write `{quoted}`");
                    draft.remedy(title, Applicability::Safe, [(fact.span, Change::Text(quoted))])
                }
            }
        }
        "unreadable-text" if fact.text(2) == "binary" => draft(what.to_owned())
            .at(place, "")
            .why("manifests are text, so nothing of this file was judged")
            .help("name the manifests instead, or write them as UTF-8"),
        "unreadable-text" => draft(what.to_owned())
            .at(place, "not text from here on")
            .why("manifests are UTF-8 (or UTF-16) text; what else is in this file was read as far as that is possible")
            .help("save the file as UTF-8, or leave it out if it is no manifest"),
        "unreadable-file" => draft(format!("the file cannot be read: {what}"))
            .at(place, "")
            .why("whatever is in it was not judged")
            .help("make it readable, or exclude it"),
        "not-json" => {
            let help = if remedy.is_empty() { "write JSON, or name the file `.yaml`" } else { remedy };
            draft(what.to_owned())
                .at(place, "")
                .why("the file is named as JSON, and what reads it as such refuses it")
                .help(help)
        }
        _ if fact.text(2) == "deep" => draft(what.to_owned())
            .at(place, "")
            .why("no manifest is nested like this; the document is read no deeper, and nothing of it is judged")
            .help("look for brackets that are not closed, or for an indentation that grows line by line"),
        _ if fact.text(2) == "aliases" => draft(what.to_owned())
            .at(place, "")
            .why("no cluster stores an object of this size, and what comes behind is not judged")
            .help("write out what is meant, or repeat less of it"),
        _ => {
            let help = if remedy.is_empty() { "mend the text at this place" } else { remedy };
            draft(what.to_owned())
                .at(place, "")
                .why("the document is not YAML, so that nothing of it is applied")
                .help(help)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{FileId, Span};

    fn drafted(case: &'static str, args: &[&str]) -> Draft {
        let fact = args.iter().fold(Fact::new("syntax", case, Span::new(3, 4)), |fact, arg| fact.arg(*arg));
        say(&fact, &Spot { file: FileId::new(0), subject: None })
    }

    #[test]
    fn a_file_without_access_has_a_place_all_the_same() {
        let draft = drafted("unreadable-file", &["permission denied"]);
        assert_eq!(draft.message, "the file cannot be read: permission denied");
        assert_eq!(draft.labels.len(), 1);
    }

    #[test]
    fn a_star_is_quoted_so_that_its_own_quotes_stay() {
        let edit = |text: &str| {
            let draft = drafted("yaml-alias-star", &["an unquoted `*` begins an alias", text]);
            draft.fixes.first().map(|fix| match &fix.changes[0].1 {
                Change::Text(text) => text.clone(),
                other => panic!("{other:?}"),
            })
        };
        assert_eq!(edit("*.example.com").as_deref(), Some("\"*.example.com\""));
        assert_eq!(edit("*\"a\"").as_deref(), Some("'*\"a\"'"));
        assert_eq!(edit("*'\""), None);
    }
}
