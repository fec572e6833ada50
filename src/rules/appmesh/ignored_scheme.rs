//! A condition on the scheme in a route that takes none.

use crate::finding::{Applicability, Change, Draft, Fact};
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("ignored-scheme", include_str!("../../../rules/ignored-scheme.md")).facts(say);

/// The fact stands at the key `scheme`, its other side is the key of the route's type.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let draft = Draft::new(fact.case, "`scheme` has no defined effect in an `httpRoute`")
        .at(spot.at(fact.span), "only routes of http2 match the scheme");
    let draft = match fact.other {
        Some(other) => draft.at(spot.at(other), "this route is for http"),
        None => draft,
    };
    draft
        .why("App Mesh documents the scheme for http2 alone: the route may take other requests than it says, or none")
        .help("leave it out, or make the route an `http2Route` if the listener speaks http2")
        .remedy("remove `scheme`", Applicability::Unsafe, [(fact.span, Change::RemoveEntry)])
}
