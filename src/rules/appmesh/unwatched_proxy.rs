//! A proxy in a task whose end, or whose health, nobody notices.

use super::task::title;
use crate::dialect::appmesh::model::TaskDefinition;
use crate::finding::Draft;
use crate::mesh::{Mesh, Setting};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unwatched-proxy", include_str!("../../../rules/unwatched-proxy.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource, task) in mesh.models::<TaskDefinition>() {
        let Some(envoy) = task.envoy() else { continue };
        let own = resource.at(envoy.container.span);
        if let Setting::Known(false, span) = envoy.essential {
            let message = format!("the proxy of {} is not essential", title(resource));
            let draft = Draft::new("envoy-not-essential", message)
                .at(resource.at(span), "")
                .at(own, "the proxy")
                .why("when the proxy ends the task goes on, and its traffic is led to a proxy that is not there")
                .help("make the container of the proxy essential");
            out.push(draft.on(resource.subject()));
        }
        if envoy.has_health_check.is_no() {
            let message = format!("the proxy of {} has no health check", title(resource));
            let draft = Draft::new("envoy-no-healthcheck", message)
                .at(own, "")
                .why("nobody notices when the proxy has no configuration or hangs, and no other container can wait until it is ready")
                .help("add a health check that asks the proxy on its administration port, as `curl -s http://localhost:9901/server_info | grep state | grep -q LIVE`");
            out.push(draft.on(resource.subject()));
        }
    }
}
