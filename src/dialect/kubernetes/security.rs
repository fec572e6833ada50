//! Security contexts: what the processes of a pod may do.

use crate::dialect::shape::Cx;
use crate::mesh::Truth;
use crate::yaml::{Kind, NodeId};

/// The setting from which port on every process may listen.
const SYSCTL: &str = "net.ipv4.ip_unprivileged_port_start";

/// Whether a container of a pod may bind ports that need a right: one runs as root, is privileged, has
/// `NET_BIND_SERVICE` or all capabilities, or the pod moves the bound. Unknown where any of that cannot be read.
pub(super) fn binds_low_ports(cx: &Cx<'_>, spec: NodeId) -> Truth {
    let doc = cx.doc;
    let items = |node: NodeId, path: &[&str]| doc.path(node, path).into_iter().flat_map(|list| doc.items(list));
    let sysctls = items(spec, &["securityContext", "sysctls"]);
    let moved = sysctls.filter_map(|one| doc.get(one, "name")).map(|name| is_one_of(cx, name, &[SYSCTL]));
    let containers = items(spec, &["containers"]).chain(items(spec, &["initContainers"]));
    let allowed = containers.map(|container| {
        let added = items(container, &["securityContext", "capabilities", "add"]);
        let capable = added.map(|one| is_one_of(cx, one, &["NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE", "ALL"]));
        let privileged = field(cx, container, "privileged", "true");
        capable.fold(field(cx, container, "runAsUser", "0").or(privileged), Truth::or)
    });
    moved.chain(allowed).fold(field(cx, spec, "runAsUser", "0"), Truth::or)
}

/// Whether a field of the security context of a pod or a container has a value.
fn field(cx: &Cx<'_>, node: NodeId, key: &str, value: &str) -> Truth {
    match cx.doc.get(node, "securityContext") {
        None => Truth::No,
        Some(context) if cx.doc.kind(context) != Kind::Mapping || cx.doc.is_placeholder_mapping(context) => {
            Truth::Unknown
        }
        Some(context) => cx.doc.get(context, key).map_or(Truth::No, |field| is_one_of(cx, field, &[value])),
    }
}

fn is_one_of(cx: &Cx<'_>, node: NodeId, words: &[&str]) -> Truth {
    if cx.doc.kind(node) != Kind::Scalar {
        return Truth::Unknown;
    }
    let name = cx.name(node);
    if name.is_open() { Truth::Unknown } else { words.contains(&name.as_str()).into() }
}
