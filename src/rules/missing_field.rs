//! A field that its object must have, and has not.

use super::wording::{field, list};
use super::{Rule, Spot};
use crate::finding::{Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("missing-field", include_str!("../../rules/missing-field.md")).facts(say);

/// Arguments: the field, its object in words, its type, and the words that it may be, if it is one of some.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, object, ty, words) = (fact.text(0), fact.text(1), fact.text(2), fact.text(3));
    let named = field(name);
    let help = match words {
        "" => format!("add {named}: {ty}"),
        _ => format!("add {named}: {}", list(words, "or")),
    };
    Draft::new(fact.case, format!("{named} is missing in {object}"))
        .at(spot.at(fact.span), format!("needs {named}"))
        .why("the control plane refuses the object without it")
        .help(help)
}
