//! A virtual service whose name nothing resolves to an address.

use crate::dialect::appmesh::model::VirtualService;
use crate::finding::Draft;
use crate::mesh::{Mesh, Reference, Resource, ResourceId, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unresolvable-service-name", include_str!("../../../rules/unresolvable-service-name.md")).mesh(check);

const CASE: &str = "virtual-service-name-unresolvable";

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, service, model) in mesh.models::<VirtualService>() {
        // Without any Service of the namespace, the Services are kept elsewhere.
        if mesh.beside(service, Role::ClusterService).next().is_none() {
            continue;
        }
        // What only gateways route to is looked up by nobody.
        let Some((caller, backend)) = caller(mesh, id) else { continue };
        let Some((name, span)) = &service.deployed_name else { continue };
        let is_default = model.aws_name.known().is_none_or(|name| name.as_str().is_empty());
        let (text, help) = if name.literals().any(|text| text.contains('_')) {
            ("`_` is no part of a host name", "use a name without `_`")
        } else if is_default && has_no_service(mesh, service) {
            (
                "no Kubernetes service of this name",
                "add a Kubernetes service of this name, or set `awsName` to the host that clients call",
            )
        } else {
            continue;
        };
        let message = format!("clients cannot resolve `{name}`, the name of {}", service.title());
        let draft = Draft::new(CASE, message)
            .at(service.at(*span), text)
            .at(caller.at(backend.span), format!("{} calls it", caller.title()))
            .why("a client looks the name up before its proxy sees the request, and without an address it sends none");
        out.push(draft.help(help).on(service.subject()));
    }
}

/// A node that lists the service as a backend, directly or in a group.
fn caller(mesh: &Mesh, service: ResourceId) -> Option<(&Resource, &Reference)> {
    let mut callers = mesh.referrers(service).map(|(from, reference)| (mesh.resource(from), reference));
    callers.find(|(from, _)| matches!(from.kind.role, Role::Node | Role::Group))
}

fn has_no_service(mesh: &Mesh, service: &Resource) -> bool {
    mesh.is_there(service, (Role::ClusterService, "Service"), service.namespace.as_ref(), &service.name).is_no()
}
