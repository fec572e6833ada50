//! A virtual node for a host outside of the cluster that also selects pods.

use crate::dialect::appmesh::model::{DnsDiscovery, VirtualNode};
use crate::finding::{Draft, Span};
use crate::mesh::{Mesh, Resource, Role, Selection};
use crate::rules::Rule;
use crate::rules::group::and_more;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("external-node-with-pods", include_str!("../../../rules/external-node-with-pods.md")).mesh(check);

/// Ends of host names that no resolver of a cluster makes up. A name may also end in a namespace, so that these are few.
const PUBLIC: &[&str] = &["com", "io", "net", "org"];
/// A load balancer of the cloud may well stand in front of the pods.
const BALANCER: &str = ".elb.amazonaws.com";

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, node, model) in mesh.models::<VirtualNode>() {
        let discovery = model.service_discovery.known().and_then(|discovery| discovery.dns.known());
        let Some((host, span)) = discovery.and_then(|dns| external(dns, node)) else { continue };
        let pods: Vec<_> = mesh.picks(id).iter().filter(|pick| pick.truth.is_yes()).collect();
        let (Some(first), Selection::Written(_, key)) = (pods.first(), &node.pod_selector) else { continue };
        if is_published(mesh, node, host) {
            continue;
        }
        let (workload, more) = (mesh.resource(first.id), and_more(pods.len()));
        let message =
            format!("{} stands for `{host}`, and selects the pods of {}{more}", node.title(), workload.title());
        out.push(
            Draft::new("egress-external-node-with-podselector", message)
                .at(node.at(*key), format!("takes the pods of {}", workload.title()))
                .at(node.at(span), "a host outside of the cluster")
                .at(workload.place(), "its pods get the proxy of this virtual node")
                .why("calls of the virtual node leave the cluster for that host, and never reach the pods that it selects")
                .help("remove the `podSelector`, or let the virtual node be discovered by the service of its pods")
                .on(node.subject()),
        );
    }
}

/// The host of a node, where it is certainly none of the cluster.
fn external<'m>(dns: &'m DnsDiscovery, node: &Resource) -> Option<(&'m str, Span)> {
    let host = dns.hostname.known()?.as_known()?;
    let last = host.rsplit_once('.')?.1;
    let is_namespace = node.namespace.as_ref().is_none_or(|name| name.is_open() || name.as_str() == last);
    let is_public = PUBLIC.contains(&last) && !host.ends_with(BALANCER) && !is_namespace;
    is_public.then_some((host, dns.hostname.span))
}

/// Whether something beside the node may publish its pods under the host.
fn is_published(mesh: &Mesh, node: &Resource, host: &str) -> bool {
    let names =
        |one: &Resource| one.annotations.iter().any(|one| one.value.is_open() || one.value.as_str().contains(host));
    mesh.beside(node, Role::Ingress).next().is_some()
        || mesh.beside(node, Role::ClusterService).any(|(_, service)| names(service))
}
