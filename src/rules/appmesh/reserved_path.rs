//! A gateway route for a path or a service that App Mesh keeps for itself.

use crate::finding::{Draft, Fact};
use crate::rules::wording::short;
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("reserved-path", include_str!("../../../rules/reserved-path.md")).facts(say);

/// Arguments: the field, its text, and the reserved text that it begins with.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, text, head) = (fact.text(0), short(fact.text(1)), fact.text(2));
    Draft::new(fact.case, format!("`{name}` `{text}` begins with `{head}`, which App Mesh reserves"))
        .at(spot.at(fact.span), format!("begins with `{head}`"))
        .why("the control plane refuses gateway routes for what it keeps for its own use")
        .help("choose another name")
}
