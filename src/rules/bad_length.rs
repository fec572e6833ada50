//! Text or a list that is too short or too long.

use super::wording::field;
use super::{Rule, Spot};
use crate::finding::{Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("bad-length", include_str!("../../rules/bad-length.md")).facts(say);

/// Arguments: the field, the least and the greatest number, the number, what is counted (`characters` or
/// `items`), and `required` if the field must be there.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    if fact.text(0).eq_ignore_ascii_case("certificateAuthorityARNs") && fact.text(3) != "0" {
        return too_many_authorities(fact, spot);
    }
    let (name, unit) = (fact.text(0), fact.text(4));
    let is_required = fact.text(5) == "required" && !name.ends_with("[]");
    let number = |at: usize| fact.text(at).parse::<usize>().unwrap_or(usize::MAX);
    let (least, greatest, count) = (number(1), number(2), number(3));
    let things = |count: usize| match count {
        1 => format!("1 {}", unit.trim_end_matches('s')),
        _ => format!("{count} {unit}"),
    };
    let bounds = match (least, greatest) {
        (least, usize::MAX) => format!("must have {} at least", things(least)),
        (least, greatest) if least == greatest => format!("must have exactly {}", things(least)),
        (0, greatest) => format!("may have {} at most", things(greatest)),
        (least, greatest) => format!("must have {least} to {}", things(greatest)),
    };
    let message = match count {
        0 => format!("{} is empty, and {bounds}", field(name)),
        _ => format!("{} has {}, and {bounds}", field(name), things(count)),
    };
    let label = match (unit, count) {
        ("items", 1..) => format!("the {} is too many", ordinal(greatest.saturating_add(1))),
        _ => bounds.clone(),
    };
    let help = match (count, unit) {
        (0, _) if is_required && unit == "items" => format!("write {} at least", things(least)),
        (0, _) if is_required => "write a value".to_owned(),
        (0, _) => format!("write a value, or leave {} out", field(name)),
        (_, "items") => format!("leave {} out", things(count.saturating_sub(greatest))),
        _ => format!("shorten it by {}", things(count.saturating_sub(greatest))),
    };
    Draft::new(fact.case, message).at(spot.at(fact.span), label).why("the control plane refuses the object").help(help)
}

fn too_many_authorities(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (greatest, count) = (fact.text(2), fact.text(3));
    Draft::new(
        "tls-too-many-cas",
        format!("a client trusts {count} certificate authorities, and may trust {greatest} at most"),
    )
    .at(spot.at(fact.span), "one too many")
    .why("the control plane refuses the object")
    .help("name the root authorities alone: they vouch for those below them; or collect the certificates in a `file`")
}

fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
