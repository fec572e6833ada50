//! A resource of a template that names another by plain text, so that nothing says which is made first.

use crate::finding::{Draft, Fact};
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-dependency", include_str!("../../../rules/missing-dependency.md")).facts(say);

/// Arguments: the name, the logical id of the resource that has it, its kind, and the attribute that gives the name.
/// The other side is that resource.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, id, kind, attribute) = (fact.text(0), fact.text(1), fact.text(2), fact.text(3));
    let draft = Draft::new(fact.case, format!("nothing makes `{id}` before it is named here as `{name}`"))
        .at(spot.at(fact.span), "plain text is no dependency");
    let draft = match fact.other {
        Some(other) => draft.at(spot.at(other), format!("the {kind} of this name")),
        None => draft,
    };
    draft
        .why(format!("CloudFormation makes both at once: App Mesh refuses the resource if the {kind} is not there yet"))
        .help(format!("write `!GetAtt {id}.{attribute}`, or add `DependsOn: {id}`"))
}
