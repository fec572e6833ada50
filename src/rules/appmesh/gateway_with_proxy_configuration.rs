//! A virtual gateway whose own traffic is led back into it.

use super::task::{serves_gateway, title};
use crate::dialect::appmesh::model::TaskDefinition;
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("gateway-with-proxy-configuration", include_str!("../../../rules/gateway-with-proxy-configuration.md"))
        .mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource, task) in mesh.models::<TaskDefinition>().filter(|(_, _, task)| serves_gateway(task)) {
        let (Some((_, key)), Some((_, served))) = (task.configuration(), task.served()) else { continue };
        let message = format!("{} has a proxy configuration, and its proxy is a virtual gateway", title(resource));
        let draft = Draft::new("proxyconfig-on-gateway", message)
            .at(resource.at(key), "leads traffic to a sidecar")
            .at(resource.at(served), "a gateway stands alone")
            .why("a gateway takes requests from outside on its own ports and has no application beside it: led through the proxy once more, they go round in circles")
            .help("remove the proxy configuration");
        out.push(draft.on(resource.subject()));
    }
}
