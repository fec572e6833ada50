//! Traffic that is led to ports on which the proxy of App Mesh does not listen.

use super::task::configured;
use crate::finding::{Draft, Span};
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unusual-proxy-port", include_str!("../../../rules/unusual-proxy-port.md")).mesh(check);

/// Where the proxy listens (App Mesh user guide, getting started with Amazon ECS).
const PORTS: [(&str, i64, &str); 2] = [("ProxyIngressPort", 15000, "comes in"), ("ProxyEgressPort", 15001, "goes out")];

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (resource, _, proxy, _) in configured(mesh) {
        for (name, port, way) in PORTS {
            let other = proxy.text(name).filter(|(text, _)| text.parse() != Ok(port));
            out.extend(other.map(|(text, span)| unusual(resource, (name, port, way), text, span)));
        }
    }
}

fn unusual(resource: &Resource, (name, port, way): (&str, i64, &str), text: &str, span: Span) -> Draft {
    Draft::new("proxyconfig-ports", format!("`{name}` is `{text}`, and the proxy listens on `{port}`"))
        .at(resource.at(span), "")
        .why(format!("traffic that {way} is led to a port on which the proxy of App Mesh does not listen"))
        .help(format!("write `{port}`"))
        .on(resource.subject())
}
