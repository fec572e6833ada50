//! An ignore without a reason.

use super::{Rule, Spot};
use crate::finding::{Draft, Fact};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("unexplained-ignore", include_str!("../../rules/unexplained-ignore.md")).when_selected().facts(say);

/// The fact stands at the whole of the ignore.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    Draft::new(fact.case, "an ignore without a reason")
        .at(spot.at(fact.span), "nobody will know why")
        .why("whoever meets it later can neither keep it nor remove it with a good conscience")
        .help("write the reason behind the brackets, or in the annotation `meshlint.dev/ignore-reason`")
}
