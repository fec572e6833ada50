//! A key that its object does not have: the API server drops it without a word, or refuses the object.

use super::{Rule, Spot};
use crate::finding::{Applicability, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("unknown-field", include_str!("../../rules/unknown-field.md")).facts(say);

/// Arguments: the key, the field whose object it stands in, how it can be mended, and with what.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (key, object, how, advice) = (fact.text(0), fact.text(1), fact.text(2), fact.text(3));
    let is_legacy = fact.case == "legacy-key-in-v1beta2";
    let message = match fact.case {
        _ if is_legacy => format!("`{key}` in `{object}` is a field of an older version"),
        "tls-listener-trust-acm" => "the `trust` of a listener has no `acm`".to_owned(),
        "tls-client-cert-acm" => "the `certificate` of a client policy has no `acm`".to_owned(),
        _ => format!("unknown field `{key}` in `{object}`"),
    };
    let draft = Draft::new(fact.case, message);
    let is_name = !advice.contains(' ');
    match how {
        "casing" => draft
            .at(spot.at(fact.span), format!("here it is written `{advice}`"))
            .help(format!("write `{advice}`"))
            .fix(format!("write `{advice}`"), Applicability::Safe, fact.span, advice),
        "below" => {
            let field = format!("{advice}.{key}");
            draft
                .at(spot.at(fact.span), format!("belongs one level deeper, as `{field}`"))
                .help(format!("write `{field}`"))
        }
        "near" => draft
            .at(spot.at(fact.span), format!("did you mean `{advice}`?"))
            .help(format!("write `{advice}`, if that is what was meant"))
            .fix(format!("write `{advice}`"), Applicability::Unsafe, fact.span, advice),
        "hint" if is_name => {
            draft.at(spot.at(fact.span), format!("the field here is `{advice}`")).help(format!("write `{advice}`"))
        }
        "hint" => draft.at(spot.at(fact.span), "does not belong here").help(advice),
        _ => draft.at(spot.at(fact.span), "not a field").help(format!("the fields here are {advice}")),
    }
    .why(why(fact.case))
}

/// What becomes of the key.
fn why(case: &str) -> &'static str {
    match case {
        // Some definitions have the field, and the controller drops it; App Mesh API reference.
        "tls-listener-trust-acm" => {
            "only client policies trust authorities of ACM: on the way to App Mesh the field is dropped, and the listener is refused for want of a trust"
        }
        "tls-client-cert-acm" => {
            "only listeners show certificates of ACM: on the way to App Mesh the field is dropped, and the policy is refused for want of a certificate"
        }
        _ => {
            "an API server drops what it does not know, so that the setting is silently not there, or it refuses the object"
        }
    }
}
