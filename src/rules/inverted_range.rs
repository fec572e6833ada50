//! A range that ends before or where it begins, so that no number lies in it.

use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("inverted-range", include_str!("../../rules/inverted-range.md")).facts(say);

/// Arguments: the start and the end. The fact stands at the end, its other side is the start.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (start, end) = (fact.text(0), fact.text(1));
    let is_empty = start == end;
    let help = match is_empty {
        true => format!("the end does not belong to the range: to match {start} alone, match it as text with `exact`"),
        false => "write the lesser number as `start` and the greater one as `end`".to_owned(),
    };
    let draft = Draft::new(fact.case, format!("no number lies from {start} to before {end}"))
        .at(spot.at(fact.span), "the end, which does not belong to the range");
    let draft = match fact.other {
        Some(other) => draft.at(spot.at(other), "the start"),
        None => draft,
    };
    let draft = draft
        .why("`start` must be less than `end`: the control plane refuses the object, or nothing ever matches")
        .help(help);
    match fact.other.filter(|_| !is_empty) {
        Some(other) => {
            let changes = [(other, Change::Text(end.to_owned())), (fact.span, Change::Text(start.to_owned()))];
            draft.remedy("exchange the two", Applicability::Unsafe, changes)
        }
        None => draft,
    }
}
