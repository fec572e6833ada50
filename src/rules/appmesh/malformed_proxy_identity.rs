//! A proxy in a task that is not told which virtual node or gateway it serves, or told in a way that it cannot read.

use super::task::title;
use crate::dialect::appmesh::model::{Identity, Served, TaskContainer, TaskDefinition};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-proxy-identity", include_str!("../../../rules/malformed-proxy-identity.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource, task) in mesh.models::<TaskDefinition>() {
        let Some(envoy) = task.envoy() else { continue };
        match &envoy.identity {
            Some(Identity { variable, span, served: Served::Malformed(text) }) => {
                let message = format!("`{text}` in `{variable}` is neither a virtual node nor a virtual gateway");
                let draft = Draft::new("envoy-arn-format", message)
                    .at(resource.at(*span), "")
                    .why("the proxy asks the control plane for the configuration of this resource, is refused, and takes no traffic")
                    .help("write the ARN, or `mesh/MESH/virtualNode/NODE`, or `mesh/MESH/virtualGateway/GATEWAY`");
                out.push(draft.on(resource.subject()));
            }
            None if !envoy.is_told() && !envoy.container.has_open_env && is_of_mesh(envoy) => {
                out.push(untold(resource, envoy));
            }
            _ => {}
        }
    }
}

/// Whether a container certainly runs the image of App Mesh, which alone reads these variables.
fn is_of_mesh(envoy: &TaskContainer) -> bool {
    let is_meant = |name: &str| name.starts_with("APPMESH_") || name.starts_with("ENABLE_ENVOY_");
    envoy.has_envoy_image() || envoy.container.env.iter().any(|variable| is_meant(variable.name.as_str()))
}

fn untold(resource: &Resource, envoy: &TaskContainer) -> Draft {
    let message = format!("the proxy of {} is not told which resource it serves", title(resource));
    Draft::new("envoy-env-missing", message)
        .at(resource.at(envoy.container.span), "has no `APPMESH_RESOURCE_ARN`")
        .why("the image of App Mesh does not start without it")
        .help("set `APPMESH_RESOURCE_ARN` to the ARN of the virtual node or gateway")
        .on(resource.subject())
}
