//! A word that is none of those that its field takes.

use super::wording::{field, list, short};
use super::{Rule, Spot};
use crate::finding::{Applicability, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("unknown-value", include_str!("../../rules/unknown-value.md")).facts(say);

/// Arguments: the field, the word, the one that is spelt nearly so (or nothing), and all that it takes.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, written, near, words) = (fact.text(0), fact.text(1), fact.text(2), fact.text(3));
    let (place, all) = (spot.at(fact.span), list(words, "or"));
    let draft = |case| Draft::new(case, format!("{} cannot be `{}`", field(name), short(written)));
    let refused = "the control plane refuses the object";
    match (name, &*written.to_ascii_lowercase()) {
        ("protocol", "https" | "tls") => draft("https-protocol")
            .at(place, "TLS is no protocol here")
            .why(refused)
            .help(format!("write what is spoken inside of TLS ({all}), and give the listener a `tls` block")),
        ("protocol", "tcp") if !words.split(", ").any(|word| word == "tcp") => draft("gateway-tcp")
            .at(place, "a virtual gateway takes no tcp")
            .why(refused)
            .help(format!("write {all}, or let tcp clients reach the pods without the gateway")),
        (_, lower) if near.to_ascii_lowercase() == lower => draft(fact.case)
            .at(place, format!("here it is written `{near}`"))
            .why("the words are compared with their case: the control plane refuses the object")
            .help(format!("write `{near}`"))
            .fix(format!("write `{near}`"), Applicability::Safe, fact.span, near),
        _ if !near.is_empty() => draft(fact.case)
            .at(place, format!("did you mean `{near}`?"))
            .why(refused)
            .help(format!("write {all}"))
            .fix(format!("write `{near}`"), Applicability::Unsafe, fact.span, near),
        _ => {
            draft(fact.case).at(place, "is not among the words that it takes").why(refused).help(format!("write {all}"))
        }
    }
}
