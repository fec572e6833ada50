//! A value of another type than its field has.

use super::wording::{field, short};
use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("wrong-type", include_str!("../../rules/wrong-type.md")).facts(say);

/// Arguments: the field, its type, the type that is written, the text as written, and what YAML makes of it.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, wanted, written) = (field(fact.text(0)), fact.text(1), fact.text(2));
    let (text, read) = (fact.text(3), fact.text(4));
    let draft = Draft::new(fact.case, format!("{name} must be {wanted}, and is {written}"));
    let place = spot.at(fact.span);
    let draft = match (wanted, written) {
        (_, "null") => {
            draft.at(place, "nothing is written here").help(format!("write {wanted}, or leave the item out"))
        }
        ("a string", "a boolean" | "an integer" | "a number") => {
            let quoted = format!("\"{text}\"");
            let label = match read == text {
                true => format!("without quotes this is {written}"),
                false => format!("without quotes this is {written}, `{read}`"),
            };
            draft.at(place, label).help(format!("quote it: `{quoted}`")).remedy(
                format!("write `{quoted}`"),
                Applicability::Safe,
                [(fact.span, Change::Text(quoted))],
            )
        }
        ("an integer" | "a boolean", "a string") if is_quoted(text) && fits(wanted, read) => draft
            .at(place, "the quotes make this a string")
            .help(format!("write `{read}` without quotes"))
            .remedy(format!("write `{read}`"), Applicability::Safe, [(fact.span, Change::Text(read.to_owned()))]),
        ("a boolean", _) => draft.at(place, format!("this is {written}")).help("write `true` or `false`"),
        ("an integer", "a string") => {
            let label = format!("`{}` is text", short(read));
            draft.at(place, label).help("write digits alone: no quotes, no unit, no zero before them")
        }
        ("a list", _) => draft
            .at(place, format!("this is {written}"))
            .help("write a list, even of one item: begin each item with `- `"),
        ("a mapping", "a list") => {
            draft.at(place, "this is a list").help("write the fields directly below the key, without the `- `")
        }
        ("a mapping", _) => {
            draft.at(place, format!("this is {written}")).help("write a mapping: its fields, each with a value")
        }
        (_, "a list") => draft.at(place, "this is a list").help("write one value, without brackets and without `- `"),
        _ => draft.at(place, format!("this is {written}")).help(format!("write {wanted}")),
    };
    draft.why("the API server refuses a value of another type; it converts nothing")
}

fn is_quoted(text: &str) -> bool {
    text.starts_with(['"', '\''])
}

/// Whether a text would be of the type that is asked for, if only it stood there without quotes.
fn fits(wanted: &str, text: &str) -> bool {
    let is_decimal = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
    match wanted {
        "an integer" => is_decimal && text.parse::<i64>().is_ok(),
        _ => matches!(text, "true" | "false"),
    }
}
