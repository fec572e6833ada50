//! A reference by ARN whose text is not the ARN of what the field refers to.

use crate::finding::{Draft, Fact};
use crate::rules::wording::short;
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-arn", include_str!("../../../rules/malformed-arn.md")).facts(say);

fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    match fact.case {
        "tls-certificate-arn-format" => no_certificate(fact, spot),
        _ => no_resource(fact, spot),
    }
}

/// Arguments: the text, what the field names in a sentence, what the text names instead (empty where it is
/// neither), and the form that it should have.
fn no_certificate(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (text, wanted, found, form) = (fact.text(0), fact.text(1), fact.text(2), fact.text(3));
    let what = match text.is_empty() {
        true => format!("an empty text is not the ARN of a {wanted}"),
        false => format!("`{}` is not the ARN of a {wanted}", short(text)),
    };
    let label = match (found, text.starts_with("arn:")) {
        ("", false) => "this is no ARN".to_owned(),
        ("", true) => format!("does not have the form of an ARN of a {wanted}"),
        (found, _) => format!("this is the ARN of a {found}"),
    };
    Draft::new(fact.case, what)
        .at(spot.at(fact.span), label)
        .why("App Mesh looks the ARN up, and cannot create the resource")
        .help(format!("write `{form}`"))
}

/// Arguments: the text, the kind that the field refers to as it stands in ARNs, and the kind that stands
/// there (empty where the text is no ARN of App Mesh).
fn no_resource(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (text, wanted, found) = (fact.text(0), fact.text(1), fact.text(2));
    let what = match text.is_empty() {
        true => format!("an empty text is not the ARN of a `{wanted}`"),
        false => format!("`{}` is not the ARN of a `{wanted}`", short(text)),
    };
    let label = match (found, text.starts_with("arn:")) {
        ("", false) => "this is no ARN".to_owned(),
        ("", true) => format!("does not have the form of an ARN of a `{wanted}`"),
        (found, _) => format!("this is the ARN of a `{found}`"),
    };
    let help = match found {
        "" => format!("write `arn:aws:appmesh:REGION:ACCOUNT:mesh/MESH/{wanted}/NAME`, or refer by name"),
        _ if found.eq_ignore_ascii_case(wanted) => format!("write `{wanted}`: the kind counts with its case"),
        _ => format!("write the ARN of a `{wanted}`, or use the field for a `{found}`"),
    };
    Draft::new(fact.case, what)
        .at(spot.at(fact.span), label)
        .why("the controller takes the name from the ARN by its form, and cannot create the resource")
        .help(help)
}
