//! Virtual nodes that are told apart by their names and by nothing that clients see.

use rustc_hash::{FxHashMap, FxHashSet};

use super::discovery::{cloud_map, host};
use crate::dialect::appmesh::model::{CloudMapDiscovery, VirtualNode};
use crate::finding::{Draft, Span};
use crate::mesh::{Landing, Mesh, Port, Resource, ResourceId, ScopeId};
use crate::rules::Rule;

mod target;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("shared-discovery", include_str!("../../../rules/shared-discovery.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let told = target::check(mesh, out);
    share_service(mesh, &told, out);
}

/// Where the endpoints of a node are found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Endpoint {
    place: String,
    attributes: Vec<(String, String)>,
    port: Option<i64>,
}

/// The endpoints of a node on a port, its only one where none is written; with the place that says so. `None` where
/// that cannot be told.
fn endpoint(node: &Resource, port: Port) -> Option<(Endpoint, Span)> {
    let model = node.model::<VirtualNode>()?;
    if let Some((field, cloud_map)) = cloud_map(model) {
        let place = service(cloud_map)?;
        return Some((Endpoint { place, attributes: attributes(cloud_map)?, port: None }, field.key));
    }
    let (hostname, name) = host(model)?;
    let listener = Landing::of(&node.listeners, port).listener()?;
    let port = node.listeners.get(listener)?.port;
    let place = name.as_str().trim_end_matches('.').to_ascii_lowercase();
    Some((Endpoint { place, attributes: Vec::new(), port }, hostname.span))
}

fn service(cloud_map: &CloudMapDiscovery) -> Option<String> {
    Some(format!("{}\n{}", cloud_map.namespace_name.known()?, cloud_map.service_name.known()?))
}

/// What instances of a node must carry, in order.
fn attributes(cloud_map: &CloudMapDiscovery) -> Option<Vec<(String, String)>> {
    if !cloud_map.attributes.is_absent() && cloud_map.attributes.known().is_none_or(|list| list.open) {
        return None;
    }
    let pair = |one: &crate::dialect::appmesh::model::CloudMapAttribute| {
        Some((one.key.known()?.to_string(), one.value.known()?.to_string()))
    };
    let mut all: Vec<_> = cloud_map.attributes.items().map(|one| pair(one.known()?)).collect::<Option<_>>()?;
    all.sort();
    Some(all)
}

fn is_same(a: &Resource, b: &Resource) -> bool {
    a.name == b.name && a.namespace == b.namespace
}

/// The nodes of one Cloud Map service: the first of all, and the first with each set of attributes.
#[derive(Default)]
struct Group {
    first: Option<(ResourceId, Span)>,
    nodes: FxHashMap<Vec<(String, String)>, (ResourceId, Span)>,
}

/// Nodes of one Cloud Map service that no attribute tells apart. `told` are those that are told to be one endpoint.
fn share_service(mesh: &Mesh, told: &FxHashSet<(ResourceId, ResourceId)>, out: &mut Vec<Draft>) {
    let mut services: FxHashMap<(ScopeId, String), Group> = FxHashMap::default();
    for (id, node, model) in mesh.models::<VirtualNode>() {
        let Some((field, cloud_map)) = cloud_map(model) else { continue };
        let (Some(name), Some(own)) = (service(cloud_map), attributes(cloud_map)) else { continue };
        let group = services.entry((node.scope, name)).or_default();
        // A node that asks for nothing takes the instances of all others.
        let other = if own.is_empty() { group.first } else { None };
        let other = other.or_else(|| group.nodes.get(&own).or_else(|| group.nodes.get(&Vec::new())).copied());
        if let Some((first, place)) = other
            && !told.contains(&(first, id))
            && !is_same(mesh.resource(first), node)
            && !mesh.share_mesh(first, id).is_no()
        {
            out.push(shared(node, field.key, mesh.resource(first), place, cloud_map));
        }
        group.first.get_or_insert((id, field.key));
        group.nodes.entry(own).or_insert((id, field.key));
    }
}

fn shared(node: &Resource, key: Span, first: &Resource, place: Span, cloud_map: &CloudMapDiscovery) -> Draft {
    let name = cloud_map.service_name.known().map(ToString::to_string).unwrap_or_default();
    let message = format!("{} and {} share the Cloud Map service `{name}`", first.title(), node.title());
    Draft::new("cloudmap-shared-service", message)
        .at(node.at(key), "no attribute tells its instances from those of the other")
        .at(first.at(place), "the same service")
        .why("the instances of both are registered in one place: clients of either get those of both")
        .help("give each a service of its own, or `attributes` that only its own instances carry")
        .on(node.subject())
}
