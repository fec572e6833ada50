//! A key that its mapping has twice.

use super::wording::short;
use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("duplicate-key", include_str!("../../rules/duplicate-key.md")).facts(say);

/// Arguments: the key, and what it has both times: `same` for equal values, `scalar` for two scalars. The fact stands at its later place, its other side is the first.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let draft =
        Draft::new(fact.case, format!("the key `{}` is repeated", short(fact.text(0)))).at(spot.at(fact.span), "again");
    let draft = match fact.other {
        Some(first) => draft.at(spot.at(first), "the first one"),
        None => draft,
    };
    let draft = draft
        .why(
            "strict readers refuse the document, and the others keep one of the values without a word: mostly the last",
        )
        .help("keep one of them, or put the second block where it belongs: a `---` or a `- ` may be missing before it");
    match (fact.text(1), fact.other) {
        ("same", _) => draft.remedy("remove the second one", Applicability::Safe, [(fact.span, Change::RemoveEntry)]),
        // The one that most readers have taken stays.
        ("scalar", Some(first)) => {
            draft.remedy("remove the first one", Applicability::Unsafe, [(first, Change::RemoveEntry)])
        }
        _ => draft,
    }
}
