//! A field that the control plane sets, and refuses from anybody else.

use super::{Rule, Spot};
use crate::finding::{Applicability, Change, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("read-only-field", include_str!("../../rules/read-only-field.md")).facts(say);

/// Arguments: the field, and the field whose object it stands in.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, object) = (fact.text(0), fact.text(1));
    let help = match name {
        "meshRef" => {
            "leave it out, and give the namespace the labels that the `namespaceSelector` of the mesh asks for: that is how a resource joins a mesh"
        }
        "virtualGatewayRef" => {
            "leave it out: a gateway takes the routes that its `namespaceSelector` and its `gatewayRouteSelector` select"
        }
        _ => "leave it out",
    };
    // Whoever wrote a reference wanted to belong somewhere.
    let applicability = if help == "leave it out" { Applicability::Safe } else { Applicability::Unsafe };
    Draft::new(fact.case, format!("`{name}` in `{object}` is set by the control plane alone"))
        .at(spot.at(fact.span), "not for manifests")
        .why(match fact.case {
            "cfn-readonly-property" => {
                "CloudFormation gives it as an attribute of the resource, and refuses a template that sets it"
            }
            _ => "the admission webhook of the controller refuses an object that sets it",
        })
        .help(help)
        .remedy(format!("remove `{name}`"), applicability, [(fact.span, Change::RemoveEntry)])
}
