//! A Kubernetes Service that is not among the manifests, although others of its namespace are.

use super::discovery::{Demand, Demands, host};
use super::injection::{injection, only_taker, selector_place};
use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::Draft;
use crate::mesh::{ClusterName, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-cluster-service", include_str!("../../../rules/missing-cluster-service.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let demands = std::cell::LazyCell::new(|| Demands::of(mesh));
    for (id, node, model) in mesh.models::<VirtualNode>() {
        let Some((hostname, written)) = host(model) else { continue };
        let Some(name) = ClusterName::parse(written).filter(|name| name.is_full) else { continue };
        // Where nobody calls a node, nobody looks its host up.
        if demands.of_node(id) > Demand::None && mesh.has_service(node, &name).is_no() {
            let ClusterName { service, namespace, .. } = &name;
            let message = format!(
                "no Kubernetes service `{service}` in namespace `{namespace}`, where clients look for {}",
                node.title()
            );
            let draft = Draft::new("discovery-service-missing", message)
                .at(node.at(hostname.span), "leads to no service of these manifests")
                .why("without the service the name has no address: the proxy of a client finds no endpoint (`no healthy upstream`)")
                .help(format!("add the service `{service}`, or write the name of the service that is there"));
            out.push(draft.on(node.subject()));
        }
    }
    for (id, pods) in mesh.of_role(Role::Workload) {
        let Some(gateway) = only_taker(mesh, id, Role::Gateway) else { continue };
        let is_hidden = || mesh.may_hide_beside(pods, "Service");
        let is_closed = || mesh.beside(pods, Role::ClusterService).next().is_some();
        if mesh.served_by(id).is_empty() && is_closed() && !is_hidden() && injection(mesh, pods).is_on() {
            out.push(unreachable(pods, gateway));
        }
    }
}

fn unreachable(pods: &Resource, gateway: &Resource) -> Draft {
    let message = format!("no Kubernetes service leads to the pods of {}", gateway.title());
    Draft::new("gateway-service-missing", message)
        .at(pods.place(), "no service selects these pods")
        .at(selector_place(gateway), format!("{} takes them", gateway.title()))
        .why("a gateway is where traffic enters, and a service or a load balancer is how it gets there")
        .help("add a service that selects the pods of the gateway")
        .on(gateway.subject())
}
