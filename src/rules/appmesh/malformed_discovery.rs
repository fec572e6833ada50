//! A host name or an attribute of service discovery that cannot be one.

use crate::finding::{Applicability, Draft, Fact, Severity};
use crate::rules::wording::short;
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-discovery", include_str!("../../../rules/malformed-discovery.md")).facts(say);

/// Arguments: for a host name what is wrong, the name and what its field is called; for an attribute `key` or `value` and its text.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    match (fact.case, fact.text(0)) {
        ("cloudmap-attribute-pattern", part) => attribute(fact, spot, part),
        (_, "underscore") => underscore(fact, spot),
        (_, what) => not_a_host(fact, spot, what),
    }
}

fn not_a_host(fact: &Fact, spot: &Spot<'_>, what: &str) -> Draft {
    let host = fact.text(1);
    let (text, help) = match what {
        "empty" => ("nothing to look up", "write the name of the service behind which the pods stand".to_owned()),
        "scheme" => ("a host has no scheme and no path", bare(host)),
        "port" => ("a host has no port", format!("{}; the port is that of the listener", bare(host))),
        "blank" => ("a host has no blanks", "leave the blanks out".to_owned()),
        _ => ("no name of a host", "write letters, digits, dots and hyphens".to_owned()),
    };
    // Nothing but the scheme goes, or a port and a path with it.
    let rest = host.split_once("://").map_or(host, |(_, rest)| rest);
    let name = rest.split(['/', ':']).next().unwrap_or("");
    let applicability = match rest.trim_end_matches('/') == name {
        true => Applicability::Safe,
        false => Applicability::Unsafe,
    };
    let message = match what {
        "empty" => format!("`{}` is empty", fact.text(2)),
        _ => format!("`{}` `{}` is not the name of a host", fact.text(2), short(host)),
    };
    let draft = Draft::new("discovery-hostname-invalid", message)
        .at(spot.at(fact.span), text)
        .why("DNS has no answer for it: clients find no endpoint of the virtual node")
        .help(help);
    match matches!(what, "scheme" | "port") && !name.is_empty() {
        true => draft.fix(format!("write `{}`", short(name)), applicability, fact.span, name),
        false => draft,
    }
}

fn bare(host: &str) -> String {
    let bare = host.split_once("://").map_or(host, |(_, rest)| rest);
    match bare.split(['/', ':']).next().unwrap_or("") {
        "" => "write the name of the host alone".to_owned(),
        name => format!("write `{}`", short(name)),
    }
}

fn underscore(fact: &Fact, spot: &Spot<'_>) -> Draft {
    Draft::new("discovery-hostname-invalid", format!("`{}` `{}` has a `_`", fact.text(2), short(fact.text(1))))
        .severity(Severity::Warning)
        .at(spot.at(fact.span), "no Kubernetes service has such a name")
        .why("DNS may have records with `_`, but hosts and Kubernetes services are not called so: clients probably find no endpoint")
        .help("write the name of the service behind which the pods stand")
}

fn attribute(fact: &Fact, spot: &Spot<'_>, part: &str) -> Draft {
    let text = short(fact.text(1));
    let (rule, help) = match part {
        "key" => {
            ("a key is made of visible ASCII characters", "write a key of visible ASCII characters, without blanks")
        }
        _ => (
            "a value is made of ASCII characters and has no blank at its ends",
            "write a value of ASCII characters, without blanks at its ends",
        ),
    };
    Draft::new(
        "cloudmap-attribute-pattern",
        format!("{part} `{text}` of an attribute has a character that Cloud Map does not take"),
    )
    .at(spot.at(fact.span), rule)
    .why("the control plane refuses the virtual node")
    .help(help)
}
