//! A proxy that is to report to several tracers, of which it knows one at a time.

use super::task::title;
use crate::dialect::appmesh::model::TaskDefinition;
use crate::finding::Draft;
use crate::mesh::{Mesh, Variable};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("several-tracers", include_str!("../../../rules/several-tracers.md")).mesh(check);

/// What turns a tracer on (App Mesh user guide, Envoy configuration variables).
const TRACERS: [&str; 3] = ["ENABLE_ENVOY_XRAY_TRACING", "ENABLE_ENVOY_DATADOG_TRACING", "ENABLE_ENVOY_JAEGER_TRACING"];

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource, task) in mesh.models::<TaskDefinition>() {
        let Some(envoy) = task.envoy() else { continue };
        let mut on = envoy.container.env.iter().filter(|variable| is_on(variable));
        let (Some(first), Some(second)) = (on.next(), on.next()) else { continue };
        let message = format!("the proxy of {} has several tracers", title(resource));
        let draft = Draft::new("multiple-tracers", message)
            .at(resource.at(second.name_span), "a second tracer")
            .at(resource.at(first.name_span), "the first one")
            .why("Envoy reports to one tracer: with two of them the image writes no configuration that it takes, and the proxy does not start")
            .help("turn on one of them");
        out.push(draft.on(resource.subject()));
    }
}

fn is_on(variable: &Variable) -> bool {
    TRACERS.contains(&variable.name.as_str()) && matches!(variable.value.as_known(), Some("1" | "true"))
}
