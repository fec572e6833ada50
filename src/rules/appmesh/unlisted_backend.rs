//! A virtual service that the pods of a node are told to call, and that the node does not list.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::dialect::appmesh::model::{EgressType, Mesh as MeshModel, VirtualNode};
use crate::finding::Draft;
use crate::mesh::{Labels, Membership, Mesh, Resource, ResourceId, Role, Truth, Variable};
use crate::rules::Rule;

mod backends;
mod mention;

use backends::Backends;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unlisted-backend", include_str!("../../../rules/unlisted-backend.md")).mesh(check);

const INJECT: &str = "appmesh.k8s.aws/sidecarInjectorWebhook";
/// Annotations that lead calls past the proxy.
const BYPASS: [&str; 2] = ["appmesh.k8s.aws/egressIgnoredPorts", "appmesh.k8s.aws/egressIgnoredIPs"];

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let mut services: FxHashMap<&str, Vec<ResourceId>> = FxHashMap::default();
    for (id, service) in mesh.of_role(Role::Service) {
        if let Some((name, _)) = &service.deployed_name {
            services.entry(name.as_str()).or_default().push(id);
        }
    }
    for (id, node, model) in mesh.models::<VirtualNode>() {
        let states = mesh.find(node, Role::Node, node.namespace.as_ref(), &node.name);
        if states.first() != Some(&id) || mesh.picks(id).is_empty() || !is_confined(mesh, id) {
            continue;
        }
        let Some(listed) = Backends::of(mesh, &states) else { continue };
        let mut told: FxHashSet<ResourceId> = FxHashSet::default();
        for (pod, variable) in calls(mesh, id, &states) {
            for name in mention::hosts(variable.value.as_str()) {
                let named = services.get(name).into_iter().flatten().copied();
                let reachable = named.filter(|service| mesh.share_mesh(id, *service).is_yes());
                let seen: Vec<_> =
                    reachable.filter(|one| mesh.scopes().sees(node.scope, mesh.resource(*one).scope)).collect();
                let Some(first) = seen.first() else { continue };
                if !seen.iter().any(|service| listed.may_hold(mesh, *service)) && told.insert(*first) {
                    out.push(unlisted(node, model, pod, variable, mesh.resource(*first)));
                }
            }
        }
    }
}

/// Whether the mesh of a node lets it call nothing but its backends, which is the default.
fn is_confined(mesh: &Mesh, node: ResourceId) -> bool {
    let Membership::One(states) = mesh.mesh_of(node) else { return false };
    states.iter().all(|state| {
        let own = mesh.resource(*state);
        let Some(model) = own.model::<MeshModel>() else { return false };
        match model.egress_filter.known() {
            Some(filter) => filter.kind.known() == Some(&EgressType::DropAll),
            None => model.egress_filter.is_absent() && !own.is_partial,
        }
    })
}

/// The environment of the pods that are certainly the node's, and behind its proxy.
fn calls<'m>(
    mesh: &'m Mesh,
    id: ResourceId,
    states: &'m [ResourceId],
) -> impl Iterator<Item = (&'m Resource, &'m Variable)> {
    let is_own =
        |pod: ResourceId| mesh.picked_by(pod).iter().all(|pick| pick.truth == Truth::Yes && states.contains(&pick.id));
    let pods = mesh.picks(id).iter().map(|pick| pick.id).filter(move |pod| is_own(*pod));
    let pods = pods.map(|pod| mesh.resource(pod)).filter(|pod| is_behind_proxy(mesh, pod));
    pods.flat_map(|pod| {
        let containers = pod.workload().and_then(|workload| workload.containers.as_ref()).into_iter().flatten();
        let own = containers.filter(|one| one.name.as_ref().is_none_or(|name| name.as_str() != "envoy"));
        // What is not to be called through a proxy is no call.
        let variables = own.flat_map(|one| &one.env).filter(|one| !one.name.as_str().eq_ignore_ascii_case("no_proxy"));
        variables.map(move |variable| (pod, variable))
    })
}

/// Whether a proxy is certainly put into the pods, and takes all of their calls.
fn is_behind_proxy(mesh: &Mesh, pod: &Resource) -> bool {
    let says = |labels: &Labels| labels.get(INJECT).is_some_and(|label| label.value.as_known() == Some("enabled"));
    let spaces = mesh.namespace_objects(pod);
    let Some(workload) = pod.workload() else { return false };
    let notes = &workload.annotations;
    !spaces.is_empty()
        && spaces.iter().all(|space| says(&space.labels))
        && (notes.has(INJECT).is_no() || says(notes))
        && BYPASS.iter().all(|key| notes.has(key).is_no())
}

fn unlisted(node: &Resource, model: &VirtualNode, pod: &Resource, variable: &Variable, service: &Resource) -> Draft {
    let name = service.deployed_name.as_ref().map_or(&service.name, |(name, _)| name);
    let list = if model.backends.is_absent() { node.name_span } else { model.backends.key };
    Draft::new("missing-backend-for-call", format!("{} does not list `{name}`, which its pods call", node.title()))
        .at(pod.at(variable.span), format!("names {}", service.title()))
        .at(node.at(list), "not among these backends")
        .why(format!("the mesh drops what is not a backend: {} gets no answer from `{name}`", node.title()))
        .help(format!("add {} to the backends of {}", service.title(), node.title()))
        .on(node.subject())
}
