//! A number below the least or above the greatest that its field takes.

use super::wording::field;
use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("out-of-range", include_str!("../../rules/out-of-range.md")).facts(say);

/// Arguments: the field, its least and greatest number (the latter empty where there is none), the number.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, least, greatest, written) = (field(fact.text(0)), fact.text(1), fact.text(2), fact.text(3));
    let bounds = match greatest {
        "" => format!("at least {least}"),
        _ => format!("from {least} to {greatest}"),
    };
    let draft = Draft::new(fact.case, format!("{name} is {written}, and must be {bounds}"))
        .at(spot.at(fact.span), format!("must be {bounds}"))
        .why("the control plane refuses the object");
    match in_milliseconds(fact) {
        Some(millis) => draft.help(format!("the unit is milliseconds: {written} seconds are {millis}")).remedy(
            format!("write `{millis}`"),
            Applicability::Unsafe,
            [(fact.span, Change::Text(millis.to_string()))],
        ),
        None => draft.help(format!("write a number {bounds}")),
    }
}

/// The number in milliseconds, where seconds were written into a field of milliseconds.
fn in_milliseconds(fact: &Fact) -> Option<i64> {
    let bound = |at: usize| fact.text(at).parse::<i64>().ok();
    let millis = bound(3)?.checked_mul(1000)?;
    (fact.text(0).ends_with("Millis") && (bound(1)?..=bound(2)?).contains(&millis)).then_some(millis)
}
