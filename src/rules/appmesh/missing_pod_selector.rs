//! A virtual node for pods of the cluster that does not say which.

use super::injection::injection;
use crate::dialect::appmesh::model::{Field, VirtualNode};
use crate::finding::Draft;
use crate::mesh::{Mesh, Name, Resource, Role, Selection};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-pod-selector", include_str!("../../../rules/missing-pod-selector.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, node, model) in mesh.models::<VirtualNode>().filter(|(_, node, _)| node.kind.surface.is_cluster()) {
        let is_bare = matches!(node.pod_selector, Selection::Absent) && model.listeners.items().next().is_some();
        let dns = model.service_discovery.known().and_then(|discovery| discovery.dns.known());
        let Some(hostname) = dns.map(|dns| &dns.hostname).filter(|_| is_bare) else { continue };
        if hostname.known().is_some_and(|name| stands_for_pods(mesh, node, name.as_str())) {
            out.push(bare(node, hostname));
        }
    }
}

/// Whether a host name is that of a Kubernetes service in the namespace of a node whose pods could be
/// injected. Hosts outside of the cluster, of other namespaces and of selectorless services are nodes that
/// have no pods of their own.
fn stands_for_pods(mesh: &Mesh, node: &Resource, hostname: &str) -> bool {
    let mut parts = hostname.trim_end_matches('.').split('.');
    let (Some(service), Some(namespace), Some("svc")) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_here = node.namespace.as_ref().is_none_or(|own| own.as_str() == namespace);
    let service = Name::known(service);
    let find = |role: Role, name: &Name| mesh.find(node, role, node.namespace.as_ref(), name).into_iter();
    let has_pods = |service: &Resource| !matches!(service.pod_selector, Selection::Absent);
    // Somebody who turned injection off for the pods wants them to be outside of the mesh.
    let is_off = |workload: &Resource| !injection(mesh, workload).is_on();
    is_here
        && find(Role::ClusterService, &service).all(|id| has_pods(mesh.resource(id)))
        && !find(Role::Workload, &service).chain(find(Role::Workload, &node.name)).any(|id| is_off(mesh.resource(id)))
}

fn bare(node: &Resource, hostname: &Field<Name>) -> Draft {
    Draft::new("podselector-absent", format!("{} has no `podSelector`", node.title()))
        .at(node.at(node.spec_key), "selects no pods")
        .at(node.at(hostname.span), "a service of the cluster")
        .why("no pod is injected for the virtual node: its listeners, policies and backends have no proxy that carries them out")
        .help("add `podSelector` with the labels of the pods behind the service")
        .on(node.subject())
}
