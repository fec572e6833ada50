//! A regex, or a part of one, that asks for nothing which could not be said more simply.

use super::wording::short;
use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("needless-regex", include_str!("../../rules/needless-regex.md")).when_selected().facts(say);

fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    match fact.case {
        "regex-literal" => literal(fact, spot),
        _ => anchors(fact, spot),
    }
}

/// Argument: the only text that the regex matches.
fn literal(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let text = short(fact.text(0));
    Draft::new(fact.case, format!("this regex matches `{text}` and nothing else"))
        .at(spot.at(fact.span), "a single text")
        .why("a comparison costs less than a regex, and cannot be misread")
        .help(format!("write `exact: {text}`"))
        .remedy(
            format!("write `exact: {text}`"),
            Applicability::Safe,
            [(fact.span, Change::Rename("exact".to_owned())), (fact.span, Change::Say(fact.text(0).to_owned()))],
        )
}

/// Arguments: the regex, and what it is without its anchors.
fn anchors(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (with, without) = (fact.text(0), fact.text(1));
    let anchors = match (with.starts_with('^') && !without.starts_with('^'), with.len() - without.len()) {
        (_, 2) => "`^` and `$` do",
        (true, _) => "`^` does",
        (false, _) => "`$` does",
    };
    Draft::new(fact.case, format!("{anchors} nothing in a regex that is matched as a whole"))
        .at(spot.at(fact.span), "always matched from the first to the last character")
        .why("Envoy holds the whole text against the regex, anchors or not")
        .help(format!("write `{}`", short(without)))
        .fix(format!("write `{}`", short(without)), Applicability::Safe, fact.span, without)
}
