//! A virtual gateway that listens on a port for which a process needs rights that its proxy has not.

use super::place;
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource, ResourceId, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("privileged-port", include_str!("../../../rules/privileged-port.md")).mesh(check);

/// The greatest port that the user guide calls privileged (troubleshooting of the setup).
const LAST: i64 = 1024;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, gateway) in mesh.of_role(Role::Gateway) {
        if has_rights(mesh, id) {
            continue;
        }
        for (at, listener) in gateway.listeners.iter().enumerate() {
            if let Some(port) = listener.port.filter(|port| *port <= LAST) {
                out.push(privileged(gateway, at, port));
            }
        }
    }
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
