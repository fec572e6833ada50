//! A `status` in a manifest.

use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("status-in-manifest", include_str!("../../rules/status-in-manifest.md")).when_selected().facts(say);

/// The fact stands at the key.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    Draft::new(fact.case, "a manifest with a `status`")
        .at(spot.at(fact.span), "written by the controller alone")
        .why("the API server drops a `status` that is applied: it only goes stale here")
        .help("remove it")
        .remedy("remove `status`", Applicability::Safe, [(fact.span, Change::RemoveEntry)])
}
