//! A label selector that the API server cannot evaluate.

use crate::dialect::appmesh::model::{
    Field, LabelExpression, LabelSelector, Mesh as MeshModel, VirtualGateway, VirtualNode,
};
use crate::finding::{Applicability, Change, Draft};
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-selector", include_str!("../../../rules/malformed-selector.md")).mesh(check);

const CASE: &str = "selector-invalid";
const OPERATORS: [&str; 4] = ["In", "NotIn", "Exists", "DoesNotExist"];

type Written = Field<Box<LabelSelector>>;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource, model) in mesh.models::<MeshModel>() {
        judge(resource, "namespaceSelector", &model.namespace_selector, out);
    }
    for (_, resource, model) in mesh.models::<VirtualNode>() {
        judge(resource, "podSelector", &model.pod_selector, out);
    }
    for (_, resource, model) in mesh.models::<VirtualGateway>() {
        judge(resource, "namespaceSelector", &model.namespace_selector, out);
        judge(resource, "gatewayRouteSelector", &model.gateway_route_selector, out);
        judge(resource, "podSelector", &model.pod_selector, out);
    }
}

fn judge(resource: &Resource, field: &str, selector: &Written, out: &mut Vec<Draft>) {
    let expressions = selector.known().into_iter().flat_map(|selector| selector.match_expressions.items());
    for expression in expressions.filter_map(Field::known) {
        if let Some(draft) = malformed(resource, expression) {
            out.push(draft.why(consequence(field)).on(resource.subject()));
        }
    }
}

fn malformed(resource: &Resource, expression: &LabelExpression) -> Option<Draft> {
    let (operator, values) = (&expression.operator, &expression.values);
    let word: &str = operator.known()?;
    let place = resource.at(operator.place());
    let is_empty = values.is_absent() || values.known().is_some_and(|list| list.items.is_empty() && !list.open);
    let is_filled = values.known().is_some_and(|list| !list.items.is_empty());
    let key = expression.key.known().map(|key| format!(" on `{key}`")).unwrap_or_default();
    match word {
        "In" | "NotIn" if is_empty => {
            let draft = Draft::new(CASE, format!("operator `{word}`{key} has no values to compare with"));
            let draft = draft.at(place, "asks for `values`");
            let draft = if values.is_absent() { draft } else { draft.at(resource.at(values.place()), "empty") };
            Some(draft.help("list the values, or ask with `Exists` or `DoesNotExist` for the label alone"))
        }
        "Exists" | "DoesNotExist" if is_filled => Some(
            Draft::new(CASE, format!("operator `{word}`{key} takes no values"))
                .at(resource.at(values.key), "does not belong here")
                .at(place, "asks for the label, whatever its value")
                .help(format!("remove `values`, or use `{}`", if word == "Exists" { "In" } else { "NotIn" }))
                .remedy("remove `values`", Applicability::Unsafe, [(values.key, Change::RemoveEntry)]),
        ),
        "In" | "NotIn" | "Exists" | "DoesNotExist" => None,
        _ => {
            let draft = Draft::new(CASE, format!("`{word}` is no operator of a label selector"));
            let near = OPERATORS.into_iter().find(|known| known.eq_ignore_ascii_case(word));
            Some(match near {
                Some(near) => draft.at(place, format!("it is written `{near}`")).help(format!("write `{near}`")).fix(
                    format!("write `{near}`"),
                    Applicability::Safe,
                    operator.span,
                    near,
                ),
                None => draft
                    .at(place, "not an operator")
                    .help("the operators are `In`, `NotIn`, `Exists` and `DoesNotExist`"),
            })
        }
    }
}

/// What happens in the cluster, by the field that the selector is.
fn consequence(field: &str) -> &'static str {
    match field {
        "podSelector" => {
            "the injector reads every `podSelector` of the namespace, and refuses all of its pods when one cannot be read"
        }
        "gatewayRouteSelector" => "the controller refuses gateway routes while a selector of a gateway cannot be read",
        _ => {
            "the controller reads all selectors to find the one that matches, and refuses whatever is created while one cannot be read"
        }
    }
}
