//! A virtual node that answers, and that nobody can find.

use crate::finding::{Draft, Fact};
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-discovery", include_str!("../../../rules/missing-discovery.md")).facts(say);

/// Arguments: what service discovery is called, and its two kinds.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (discovery, dns, cloud_map) = (fact.text(0), fact.text(1), fact.text(2));
    let name = spot.subject.map(|subject| format!(" `{}`", subject.name)).unwrap_or_default();
    Draft::new("listener-without-discovery", format!("virtual node{name} has listeners and no `{discovery}`"))
        .at(spot.at(fact.span), "nobody can find these")
        .why("the control plane refuses a virtual node that listens and cannot be found")
        .help(format!(
            "add `{discovery}` with `{dns}` or `{cloud_map}`, or leave the listeners out if the node only calls others"
        ))
}
