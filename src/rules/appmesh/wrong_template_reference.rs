//! A function of a template that does not give the name that is wanted.

use crate::finding::{Draft, Fact};
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("wrong-template-reference", include_str!("../../../rules/wrong-template-reference.md")).facts(say);

fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    match fact.case {
        "cfn-ref-instead-of-getatt" => reference(fact, spot),
        _ => attribute(fact, spot),
    }
}

/// Arguments: the property, the logical id, the kind behind it, and the attribute that gives its name, where the
/// property wants one of that kind. The other side is the resource.
fn reference(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (property, id, kind, attribute) = (fact.text(0), fact.text(1), fact.text(2), fact.text(3));
    let draft = Draft::new(fact.case, format!("`Ref` gives the ARN of `{id}`, and `{property}` takes a name"))
        .at(spot.at(fact.span), "an ARN, once it is deployed");
    let draft = resource(draft, fact, spot, id, kind);
    draft.why("a name holds no colon: App Mesh refuses the resource when the stack is deployed").help(match attribute {
        "" => format!("a {kind} has no name for `{property}`: name another resource"),
        _ => format!("write `!GetAtt {id}.{attribute}`"),
    })
}

/// Arguments: the logical id, the attribute, the kind, and the names that resources of the kind have. The other
/// side is the resource.
fn attribute(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (id, attribute, kind, names) = (fact.text(0), fact.text(1), fact.text(2), fact.text(3));
    let draft = Draft::new(fact.case, format!("`{id}` has no attribute `{attribute}`"))
        .at(spot.at(fact.span), format!("not an attribute of a {kind}"));
    let own = names.rsplit(", ").next().unwrap_or_default();
    resource(draft, fact, spot, id, kind)
        .why("CloudFormation refuses the template")
        .help(format!("the name of a {kind} is `!GetAtt {id}.{own}`"))
}

fn resource(draft: Draft, fact: &Fact, spot: &Spot<'_>, id: &str, kind: &str) -> Draft {
    match fact.other {
        Some(other) => draft.at(spot.at(other), format!("`{id}` is a {kind}")),
        None => draft,
    }
}
