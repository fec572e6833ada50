//! A key that its mapping has twice.

use super::wording::short;
use super::{Rule, Spot};
use crate::finding::{Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("duplicate-key", include_str!("../../rules/duplicate-key.md")).facts(say);

/// Argument: the key. The fact stands at its later place, its other side is the first.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let draft =
        Draft::new(fact.case, format!("the key `{}` is repeated", short(fact.text(0)))).at(spot.at(fact.span), "again");
    let draft = match fact.other {
        Some(first) => draft.at(spot.at(first), "the first one"),
        None => draft,
    };
    draft
        .why(
            "strict readers refuse the document, and the others keep one of the values without a word: mostly the last",
        )
        .help("keep one of them, or put the second block where it belongs: a `---` or a `- ` may be missing before it")
}
