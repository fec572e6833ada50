//! Fields that exclude one another, or of which one must be there.

use super::wording::list;
use super::{Rule, Spot};
use crate::finding::{Draft, Fact, Severity};

/// The rule.
pub(super) static RULE: Rule = Rule::new("exactly-one-of", include_str!("../../rules/exactly-one-of.md")).facts(say);

/// Arguments: the object in words, the fields in question, and those that are written (none, or several).
/// Where there are several, the fact stands at the last, and its other side is the first.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (object, fields, written) = (fact.text(0), fact.text(1), fact.text(2));
    let place = spot.at(fact.span);
    if written.is_empty() {
        let draft = Draft::new(fact.case, format!("{object} has {}", none_of(fields)))
            .at(place, format!("needs {}", list(fields, "or")))
            .why(without(fact.case))
            .help(help_without(fact.case, fields));
        return match fact.case {
            // Nothing is limited then, and nothing is refused.
            "connection-pool-multiple" => draft.severity(Severity::Warning),
            _ => draft,
        };
    }
    let last = written.rsplit(", ").next().unwrap_or(written);
    let first = written.split(", ").next().unwrap_or(written);
    let relation = match fact.case {
        "ref-and-arn" => "of which the ARN wins",
        _ => "which exclude one another",
    };
    let draft = Draft::new(fact.case, format!("{object} has {}, {relation}", list(written, "and")))
        .at(place, format!("`{last}` is one of them"));
    let draft = match fact.other {
        Some(other) => draft.at(spot.at(other), format!("`{first}` is another")),
        None => draft,
    };
    draft.why(with_several(fact.case)).help(help_with_several(fact.case, written))
}

fn none_of(fields: &str) -> String {
    match fields.split(", ").count() {
        1 => format!("no {}", list(fields, "or")),
        2 => format!("neither {}", list(fields, "nor")),
        _ => format!("none of {}", list(fields, "and")),
    }
}

/// What happens to an object that has none of the fields.
fn without(case: &str) -> &'static str {
    match case {
        "route-type-none" | "gatewayroute-type-none" => {
            "a route without a type matches nothing, and App Mesh refuses it"
        }
        "connection-pool-multiple" => "the block limits nothing",
        "ref-or-arn-missing" => "the controller sends an empty name, which App Mesh refuses",
        "grpc-gatewayroute-match-empty" | "gatewayroute-match-empty" | "route-match-path-missing" => {
            "the control plane refuses the route, whatever else it matches on"
        }
        _ => "the control plane refuses the object",
    }
}

fn help_without(case: &str, fields: &str) -> String {
    match case {
        "route-match-path-missing" | "gatewayroute-match-empty" => "to match every path write `prefix: /`".to_owned(),
        "header-match-empty" => "leave `match` out to ask only that the name is there".to_owned(),
        "connection-pool-multiple" => format!("write the limits under {}, or leave the pool out", list(fields, "or")),
        "rewrite-empty" => "leave `rewrite` out, or say what is rewritten".to_owned(),
        _ => format!("write {}", list(fields, "or")),
    }
}

/// What happens to an object that has several of the fields.
fn with_several(case: &str) -> &'static str {
    match case {
        "ref-and-arn" => "the controller takes the ARN, and does not look at the reference by name",
        "route-type-multiple" | "gatewayroute-type-multiple" => "a route has one type: App Mesh refuses it",
        "listener-timeout-union" => {
            "the API server takes it, and App Mesh refuses it behind: the resource is never created"
        }
        _ => "the control plane refuses the object",
    }
}

fn help_with_several(case: &str, written: &str) -> String {
    match case {
        "route-type-multiple" | "gatewayroute-type-multiple" => {
            "keep the type that the listener speaks, and write a second route for the other".to_owned()
        }
        "header-match-kinds" => "keep one, and write a second condition on the same name for the other".to_owned(),
        "connection-pool-multiple" | "listener-timeout-union" => {
            format!("keep the one of the listener's protocol: {}", list(written, "or"))
        }
        "ref-and-arn" => "keep the reference, or the ARN where the target lives outside of the manifests".to_owned(),
        _ => format!("keep {}", list(written, "or")),
    }
}
