//! A timeout of zero, which is none at all.

use crate::dialect::appmesh::model::{Duration, Field, VirtualNode, VirtualRouter};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unlimited-timeout", include_str!("../../../rules/unlimited-timeout.md")).when_selected().mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, router, model) in mesh.models::<VirtualRouter>() {
        for route in model.routes.items().filter_map(Field::known) {
            let http = [&route.http_route, &route.http2_route].into_iter().filter_map(|route| route.known());
            let grpc = route.grpc_route.known().map(|route| &route.timeout);
            for timeout in http.map(|route| &route.timeout).chain(grpc).filter_map(Field::known) {
                judge(router, [("perRequest", &timeout.per_request), ("idle", &timeout.idle)], out);
            }
            if let Some(timeout) = route.tcp_route.known().and_then(|route| route.timeout.known()) {
                judge(router, [("idle", &timeout.idle)], out);
            }
        }
    }
    for (_, node, model) in mesh.models::<VirtualNode>() {
        let listeners = model.listeners.items().filter_map(Field::known);
        for timeout in listeners.filter_map(|listener| listener.timeout.known()) {
            for timeout in [&timeout.http, &timeout.http2, &timeout.grpc].into_iter().filter_map(Field::known) {
                judge(node, [("perRequest", &timeout.per_request), ("idle", &timeout.idle)], out);
            }
            if let Some(timeout) = timeout.tcp.known() {
                judge(node, [("idle", &timeout.idle)], out);
            }
        }
    }
}

fn judge<const N: usize>(owner: &Resource, fields: [(&str, &Field<Box<Duration>>); N], out: &mut Vec<Draft>) {
    for (name, field) in fields {
        let Some(duration) = field.known().filter(|duration| duration.value.known() == Some(&0)) else { continue };
        let (what, risk) = match name {
            "idle" => ("a connection may be idle", "connections that nobody uses any more stay open"),
            _ => ("a request may take", "a request that hangs holds its connection and its caller for good"),
        };
        out.push(
            Draft::new("duration-zero", format!("`{name}` is 0: {what} as long as it likes"))
                .at(owner.at(duration.value.span), "no limit")
                .why(risk)
                .help("write the longest time that makes sense, unless streams are what is meant")
                .on(owner.subject()),
        );
    }
}
