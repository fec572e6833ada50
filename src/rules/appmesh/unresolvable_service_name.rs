//! A virtual service whose name nothing resolves to an address.

use crate::dialect::appmesh::model::VirtualService;
use crate::finding::Draft;
use crate::mesh::{Mesh, Name, Reference, Resource, ResourceId, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unresolvable-service-name", include_str!("../../../rules/unresolvable-service-name.md")).mesh(check);

const CASE: &str = "virtual-service-name-unresolvable";
const MISSING_CASE: &str = "virtual-service-service-missing";

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, service, model) in mesh.models::<VirtualService>() {
        if !service.kind.surface.is_cluster() {
            continue;
        }
        // Without any Service of the namespace, the Services are kept elsewhere.
        if mesh.beside(service, Role::ClusterService).next().is_none() {
            continue;
        }
        // What only gateways route to is looked up by nobody.
        let Some((caller, backend)) = caller(mesh, id) else { continue };
        let Some((name, span)) = &service.deployed_name else { continue };
        let is_default = model.aws_name.known().is_none_or(|name| name.as_str().is_empty());
        let (case, text, help) = if name.literals().any(|text| text.contains('_')) {
            (CASE, "`_` is no part of a host name", "use a name without `_`")
        } else if is_default && has_no_service(mesh, service) {
            (
                CASE,
                "no Kubernetes service of this name",
                "add a Kubernetes service of this name, or set `awsName` to the host that clients call",
            )
        } else if !is_default && name.as_known().is_some_and(|name| names_no_service(mesh, service, name)) {
            (
                MISSING_CASE,
                "no Kubernetes service of this name",
                "add a Kubernetes service of this name, which needs no pods, or see that something else resolves it",
            )
        } else {
            continue;
        };
        let message = format!("clients cannot resolve `{name}`, the name of {}", service.title());
        let draft = Draft::new(case, message)
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
    lacks(mesh, service, &service.name)
}

/// Whether a name is that of a Kubernetes service of the own namespace which is not there.
fn names_no_service(mesh: &Mesh, service: &Resource, name: &str) -> bool {
    let Some((name, namespace)) = name.strip_suffix(".svc.cluster.local").and_then(|name| name.split_once('.')) else {
        return false;
    };
    let own = service.namespace.as_ref().and_then(Name::as_known);
    own == Some(namespace) && lacks(mesh, service, &Name::known(name))
}

fn lacks(mesh: &Mesh, service: &Resource, name: &Name) -> bool {
    mesh.is_there(service, (Role::ClusterService, "Service"), service.namespace.as_ref(), name).is_no()
}
