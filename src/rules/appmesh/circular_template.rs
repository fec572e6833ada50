//! Resources of a template that wait for one another.

use crate::finding::{Draft, Fact};
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("circular-template", include_str!("../../../rules/circular-template.md")).facts(say);

/// The argument: the logical ids of the cycle, from the resource that the fact stands in back to it. The other side
/// is where the last of them leads back.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let ids: Vec<_> = fact.text(0).split(", ").collect();
    let message = match ids[..] {
        [own, _] => format!("`{own}` waits for itself"),
        _ => format!("resources wait for one another: `{}`", ids.join("` → `")),
    };
    let next = ids.get(1).copied().unwrap_or_default();
    let draft = Draft::new(fact.case, message).at(spot.at(fact.span), format!("waits for `{next}`"));
    let draft = match fact.other.filter(|other| *other != fact.span) {
        Some(other) => draft.at(spot.at(other), format!("waits for `{}`", ids.last().copied().unwrap_or_default())),
        None => draft,
    };
    draft
        .why(
            "CloudFormation makes a resource after all that it leads to, and refuses a template in which they go round",
        )
        .help("write one of the names as plain text: the backend of a node need not be there when the node is made")
}
