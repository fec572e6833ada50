//! A gRPC route that names a method without its service.

use crate::finding::{Draft, Fact};
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("grpc-method-without-service", include_str!("../../../rules/grpc-method-without-service.md")).facts(say);

/// The fact stands at the key `methodName`.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    Draft::new(fact.case, "`methodName` needs a `serviceName` beside it")
        .at(spot.at(fact.span), "a method of which service?")
        .why("a method is called as `/service/method`: the control plane refuses a method alone")
        .help("write the `serviceName` with its package, as in `shop.v1.Cart`")
}
