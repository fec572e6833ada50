//! A virtual node whose host name is another host in each namespace.

use rustc_hash::{FxHashMap, FxHashSet};

use super::discovery::host;
use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::{Applicability, Draft};
use crate::mesh::{Mesh, Name, Resource, ResourceId, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("relative-discovery-name", include_str!("../../../rules/relative-discovery-name.md"))
        .when_selected()
        .mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let mut clients: FxHashMap<ResourceId, (FxHashSet<&Name>, Vec<&Resource>)> = FxHashMap::default();
    for (id, client) in mesh.of_role(Role::Node).chain(mesh.of_role(Role::Gateway)) {
        if let (Some(home), Some(space)) = (mesh.mesh_of(id).one(), &client.namespace) {
            let (spaces, first) = clients.entry(home).or_default();
            // One of each of two namespaces is enough to find one of another.
            if first.len() < 2 && spaces.insert(space) {
                first.push(client);
            }
        }
    }
    for (id, node, model) in mesh.models::<VirtualNode>().filter(|(_, node, _)| node.kind.surface.is_cluster()) {
        let Some((hostname, name)) = host(model) else { continue };
        if name.is_open() || name.as_str().contains('.') || name.as_str().is_empty() {
            continue;
        }
        let others = mesh.mesh_of(id).one().and_then(|home| clients.get(&home)).map_or(&[][..], |(_, list)| list);
        let Some(other) = others.iter().find(|other| mesh.share_namespace(node, other).is_no()) else { continue };
        let draft = Draft::new("discovery-short-name", format!("`{name}` is another host in each namespace"))
            .at(node.at(hostname.span), "no namespace")
            .at(other.place(), "lives in another namespace of the mesh")
            .why("the proxy of each client looks the name up, and completes it with the namespace of the client's pod")
            .help(match &node.namespace {
                Some(space) => format!("write `{name}.{space}.svc.cluster.local`"),
                None => "write the name with its namespace".to_owned(),
            });
        let draft = match node.namespace.as_ref().filter(|space| !space.is_open()) {
            Some(space) => {
                let whole = format!("{name}.{space}.svc.cluster.local");
                draft.fix(format!("write `{whole}`"), Applicability::Unsafe, hostname.span, whole)
            }
            None => draft,
        };
        out.push(draft.on(node.subject()));
    }
}
