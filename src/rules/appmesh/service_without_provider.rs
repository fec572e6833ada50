//! A virtual service that nothing provides.

use crate::dialect::appmesh::model::{Provider, VirtualService};
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("service-without-provider", include_str!("../../../rules/service-without-provider.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, service, model) in mesh.models::<VirtualService>() {
        let is_bare = |provider: &Provider| provider.virtual_node.is_absent() && provider.virtual_router.is_absent();
        let place = match model.provider.known() {
            // An object with placeholders for keys may have whatever is not written.
            _ if service.is_partial => continue,
            Some(provider) if is_bare(provider) => model.provider.key,
            // Where a spec has to be written, an empty one is how a service is made before its provider.
            None if model.provider.is_absent() && service.kind.surface.is_cluster() => service.spec_key,
            _ => continue,
        };
        out.push(
            Draft::new("service-without-provider", format!("{} has no provider", service.title()))
                .at(service.at(place), "names neither a virtual node nor a virtual router")
                .why("a virtual service without a provider takes no traffic: requests for it get 503")
                .help("name what answers: `provider.virtualNode` or `provider.virtualRouter`")
                .on(service.subject()),
        );
    }
}
