//! A listener on a port that the proxy keeps for itself.

use super::place;
use crate::finding::{Draft, Severity};
use crate::mesh::{Mesh, Resource, ResourceId, Role, Workload};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("reserved-port", include_str!("../../../rules/reserved-port.md")).mesh(check);

/// Where the proxy can be administered, unless the variable below says otherwise.
const ADMIN: i64 = 9901;
const ADMIN_VARIABLE: &str = "ENVOY_ADMIN_ACCESS_PORT";

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, owner) in mesh.resources().filter(|(_, one)| matches!(one.kind.role, Role::Node | Role::Gateway)) {
        for (at, listener) in owner.listeners.iter().enumerate() {
            let Some(port) = listener.port else { continue };
            let what = match port {
                15000 => "takes what arrives at the pod",
                15001 => "takes what the pod sends",
                ADMIN if !moves_admin(mesh, id) => "can be administered",
                _ => continue,
            };
            let draft = reserved(owner, at, port, what);
            // Nothing is redirected to the proxy of a gateway: there the port may be free.
            let is_doubtful = owner.kind.role == Role::Gateway && port != ADMIN;
            out.push(if is_doubtful { draft.severity(Severity::Warning) } else { draft });
        }
    }
}

/// Whether a pod of the node or gateway moves the port of administration, or may do so.
fn moves_admin(mesh: &Mesh, id: ResourceId) -> bool {
    let says = |workload: &Workload| {
        let in_env = workload.containers.as_ref().is_none_or(|containers| {
            containers
                .iter()
                .flat_map(|one| &one.env)
                .any(|variable| variable.name.is_open() || variable.name.as_str() == ADMIN_VARIABLE)
        });
        in_env || workload.annotations.iter().any(|one| one.value.as_str().contains(ADMIN_VARIABLE))
    };
    mesh.picks(id).iter().filter_map(|pick| mesh.resource(pick.id).workload()).any(says)
}

fn reserved(owner: &Resource, at: usize, port: i64, what: &str) -> Draft {
    Draft::new("reserved-envoy-port", format!("{} listens on port `{port}`, which the proxy keeps", owner.title()))
        .at(place::port(owner, at), format!("here the proxy {what}"))
        .why("two processes cannot have one port of a pod: the proxy or the application does not start, or gets the other's traffic")
        .help("choose another port for the application and its listener")
        .on(owner.subject())
}
