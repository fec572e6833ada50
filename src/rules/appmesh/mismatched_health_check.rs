//! A health check that asks another port, or speaks another protocol, than its listener.

use super::listener::{self, View, Word};
use crate::finding::{Applicability, Change, Draft, Severity, Span};
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-health-check", include_str!("../../../rules/mismatched-health-check.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (view, check) in listener::checks(mesh) {
        if let (Some(asked), Some(port)) = (check.port.known(), view.port)
            && *asked != port.0
        {
            out.push(other_port(&view, (*asked, check.port.span), port));
        }
        if let (Some(asked), Some(protocol)) = (check.protocol, view.protocol)
            // Whether a connection can be opened is a question to any listener.
            && asked.0 != "tcp"
            && asked.0 != protocol.0
        {
            out.push(other_protocol(&view, asked, protocol));
        }
    }
}

fn other_port(view: &View<'_>, asked: (i64, Span), port: (i64, Span)) -> Draft {
    let owner = view.owner;
    let message =
        format!("the health check of {} asks port {}, and its listener has {}", owner.title(), asked.0, port.0);
    Draft::new("health-check-port", message)
        .at(owner.at(asked.1), "not the port of the listener")
        .at(owner.at(port.1), "the listener's port")
        .why("the port of a health check must be that of its listener: App Mesh refuses the listener")
        .help(format!("write {}, or leave `port` out", port.0))
        .remedy(format!("write {}", port.0), Applicability::Unsafe, [(asked.1, Change::Text(port.0.to_string()))])
        .on(owner.subject())
}

fn other_protocol(view: &View<'_>, asked: Word, protocol: Word) -> Draft {
    let (owner, other, own) = (view.owner, asked.0, protocol.0);
    let message = format!("the health check of {} speaks {other}, and its listener {own}", owner.title());
    let draft = Draft::new("health-check-protocol", message)
        .at(owner.at(asked.1), format!("checked by {other}"))
        .at(owner.at(protocol.1), format!("the listener speaks {own}"))
        .on(owner.subject())
        .fix(format!("check by {own}"), Applicability::Unsafe, asked.1, own);
    if other == "grpc" && own != "http2" {
        return draft
            .severity(Severity::Error)
            .why("App Mesh refuses a grpc health check of a listener that speaks neither grpc nor http2")
            .help(if own == "tcp" { "check by tcp".to_owned() } else { format!("check by {own} or by tcp") });
    }
    draft
        .why("a check in another protocol than the one that the listener speaks can fail for every endpoint, which then gets no traffic")
        .help(if own == "tcp" { "check by tcp".to_owned() } else { format!("check by {own} or by tcp") })
}
