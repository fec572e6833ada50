//! A regex that RE2 refuses, or whose program is larger than Envoy allows.

use super::wording::short;
use super::{Rule, Spot};
use crate::finding::{Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("malformed-regex", include_str!("../../rules/malformed-regex.md")).facts(say);

fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    match fact.case {
        "regex-too-large" => too_large(fact, spot),
        _ => refused(fact, spot),
    }
}

/// Arguments: how many instructions the program has, and how many Envoy allows.
fn too_large(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (size, limit) = (fact.text(0), fact.text(1));
    Draft::new(
        fact.case,
        format!("the program of this regex has {size} instructions, and Envoy refuses more than {limit} by default"),
    )
    .at(spot.at(fact.span), format!("{size} instructions"))
    .why("the proxy may refuse the whole configuration, and keep the one that it had before")
    .help("ask for less: `.*` instead of a counted repetition, or a `prefix` instead of the regex")
}

/// Arguments: what RE2 says, and what the author may have meant.
fn refused(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let said = fact.text(0);
    let (what, detail) = said.rsplit_once(": ").unwrap_or((said, "RE2 does not take this"));
    let help = match fact.text(1) {
        "look-around" => {
            "say with characters what may stand there, or give the requests that are excluded a route with a smaller priority"
        }
        "back-reference" => "write out what is to be repeated",
        "possessive" => "remove the `+` behind the repetition: RE2 never tries in vain",
        "group" => "write a plain group `(…)`, or `(?:…)`: RE2 knows no other kinds",
        _ => "write it in the syntax of RE2",
    };
    Draft::new(fact.case, format!("RE2 refuses this regex: {}", short(what)))
        .at(spot.at(fact.span), detail)
        .why("Envoy matches with RE2: it refuses the whole configuration for one regex that does not compile")
        .help(help)
}
