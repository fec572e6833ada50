//! A virtual gateway that listens on a port for which a process needs rights that its proxy has not.

use super::{place, task};
use crate::dialect::appmesh::model::TaskDefinition;
use crate::finding::{Draft, Severity};
use crate::mesh::{Mesh, Resource, ResourceId, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("privileged-port", include_str!("../../../rules/privileged-port.md")).mesh(check);

/// The greatest port that the user guide calls privileged (troubleshooting of the setup).
const LAST: i64 = 1024;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let servants = task::servants(mesh, Role::Gateway);
    for (id, gateway) in mesh.of_role(Role::Gateway) {
        let tasks = servants.get(&id).map_or(&[][..], Vec::as_slice);
        let on_fargate = tasks.iter().find(|(_, task)| is_without_rights(task));
        if on_fargate.is_none() && (has_rights(mesh, id) || !tasks.is_empty()) {
            continue;
        }
        for (at, listener) in gateway.listeners.iter().enumerate() {
            let Some(port) = listener.port.filter(|port| *port <= LAST) else { continue };
            out.push(match on_fargate {
                Some((resource, task)) if task::is_certain(resource, task, gateway) => {
                    without_rights(resource, gateway, at, port)
                }
                Some((resource, _)) => without_rights(resource, gateway, at, port).severity(Severity::Warning),
                None => privileged(gateway, at, port),
            });
        }
    }
}

/// Whether the proxy of a task runs on Fargate, where it cannot have the capability, and not as root.
fn is_without_rights(task: &TaskDefinition) -> bool {
    let Some(envoy) = task.envoy() else { return false };
    let is_another = envoy.user_and_group().is_some_and(|(user, ..)| !matches!(user, "0" | "root"));
    task.on_fargate.is_yes() && (envoy.user.is_absent() || is_another)
}

fn without_rights(resource: &Resource, gateway: &Resource, at: usize, port: i64) -> Draft {
    let message = format!("{} listens on the privileged port `{port}` and runs on Fargate", gateway.title());
    Draft::new("fargate-low-port", message)
        .at(place::port(gateway, at), format!("a port up to {LAST}"))
        .at(resource.place(), format!("{} runs on Fargate", task::title(resource)))
        .why("the proxy does not run as root, and Fargate gives no container the right to bind the port: the gateway takes no traffic")
        .help("listen on a port above 1024 and let the load balancer translate")
        .on(gateway.subject())
}

/// Whether pods of the gateway have the right, or may have it.
fn has_rights(mesh: &Mesh, gateway: ResourceId) -> bool {
    let workloads = mesh.picks(gateway).iter().filter_map(|pick| mesh.resource(pick.id).workload());
    workloads.into_iter().any(|workload| !workload.binds_low_ports.is_no())
}

fn privileged(gateway: &Resource, at: usize, port: i64) -> Draft {
    Draft::new("privileged-gateway-port", format!("{} listens on the privileged port `{port}`", gateway.title()))
        .at(place::port(gateway, at), format!("a port up to {LAST}"))
        .why("the proxy does not run as root: it cannot bind the port, and the gateway takes no traffic")
        .help("listen on a port above 1024 and let the Service translate, or add the capability `NET_BIND_SERVICE`")
        .on(gateway.subject())
}
