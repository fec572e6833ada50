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
        "tls-listener-trust-acm" => format!("the `{object}` of a listener has no `{key}`"),
        "tls-client-cert-acm" => format!("the `{object}` of a client policy has no `{key}`"),
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
        "hint" if is_name => draft
            .at(spot.at(fact.span), format!("the field here is `{advice}`"))
            .help(format!("write `{advice}`"))
            .fix(format!("write `{advice}`"), Applicability::Unsafe, fact.span, advice),
        "hint" => draft.at(spot.at(fact.span), "does not belong here").help(advice),
        _ => draft.at(spot.at(fact.span), "not a field").help(format!("the fields here are {advice}")),
    }
    .why(why(fact.case))
}

/// What becomes of the key.
fn why(case: &str) -> &'static str {
    match case {
        // The custom resource of gateways has the field, and the controller leaves it out.
        "tls-listener-trust-acm" => {
            "only client policies trust authorities of ACM: the control plane refuses the listener, with the field or for want of a trust without it"
        }
        "tls-client-cert-acm" => {
            "only listeners show certificates of ACM: the control plane refuses the policy, with the field or for want of a certificate without it"
        }
        _ => {
            "an API server drops what it does not know, so that the setting is silently not there, or it refuses the object"
        }
    }
}
