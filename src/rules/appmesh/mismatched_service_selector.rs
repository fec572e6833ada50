//! A virtual node that is found by a Kubernetes Service of other pods.

use super::discovery::host;
use super::injection::{labels_as_written, selector_place};
use crate::dialect::appmesh::model::VirtualNode;
use crate::finding::{Draft, Span};
use crate::mesh::{ClusterName, Mesh, Resource, ResourceId, Selection, Truth, Workload};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-service-selector", include_str!("../../../rules/mismatched-service-selector.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, node, model) in mesh.models::<VirtualNode>() {
        let Some((hostname, name)) = host(model) else { continue };
        let Some(name) = ClusterName::parse(name) else { continue };
        // Pods of another namespace are somebody else's on purpose.
        if !node.namespace.as_ref().is_some_and(|own| own.same(&name.namespace).is_yes()) {
            continue;
        }
        let pods = mesh.picks(id);
        let is_sure = pods.iter().any(|pick| pick.truth.is_yes())
            && pods.iter().all(|pick| labels_as_written(mesh.resource(pick.id)));
        let services = mesh.find_services(node, &name);
        let passes_by = |service: &ResourceId| selects_none(mesh, *service, id);
        if let (true, Some(first)) = (is_sure && services.iter().all(passes_by), services.first()) {
            out.push(of_others(mesh, id, hostname.span, *first));
        }
    }
}

/// Whether a Service selects pods, and certainly none of a node.
fn selects_none(mesh: &Mesh, service: ResourceId, node: ResourceId) -> bool {
    let resource = mesh.resource(service);
    let is_plain = resource.cluster_service().is_some_and(|front| front.is_external().is_no());
    let is_written = matches!(resource.pod_selector, Selection::Written(..));
    let pods = mesh.picks(node).iter().filter_map(|pick| mesh.resource(pick.id).workload());
    let misses = |pod: &Workload| resource.pod_selector.matches(&pod.labels, Truth::No).is_no();
    is_plain && is_written && pods.into_iter().all(misses)
}

fn of_others(mesh: &Mesh, node: ResourceId, hostname: Span, service: ResourceId) -> Draft {
    let (home, front) = (mesh.resource(node), mesh.resource(service));
    let message = format!("{} is found by {}, which selects none of its pods", home.title(), front.title());
    let draft = Draft::new("discovery-service-selector-mismatch", message)
        .at(home.at(hostname), "clients look for the pods here")
        .at(front.at(front.pod_selector.span().unwrap_or(front.name_span)), selected(mesh, service))
        .at(selector_place(home), "the virtual node stands for other pods");
    let first = mesh.picks(node).iter().find(|pick| pick.truth.is_yes()).map(|pick| mesh.resource(pick.id));
    let draft = match first.and_then(|pod| Some((pod, refusal(front, pod)?))) {
        Some((pod, (span, text))) => draft.at(pod.at(span), text),
        None => draft,
    };
    draft
        .why("requests for the virtual node go to the pods of the service, whose proxies have another configuration, or nobody")
        .help("set `hostname` to the service of these pods, or let the service select them")
        .on(home.subject())
}

fn selected(mesh: &Mesh, service: ResourceId) -> String {
    match mesh.serves(service).iter().find(|pick| pick.truth.is_yes()) {
        Some(pick) => format!("takes the pods of {}", mesh.resource(pick.id).title()),
        None => "takes none of the pods in these manifests".to_owned(),
    }
}

/// Where pods fail a selector.
fn refusal(front: &Resource, pod: &Resource) -> Option<(Span, String)> {
    let Selection::Written(selector, _) = &front.pod_selector else { return None };
    let workload = pod.workload()?;
    let failed = selector.refusal(&workload.labels)?;
    Some(match workload.labels.get(failed.key.as_str()) {
        Some(label) => (label.span, format!("the pods of {} have `{}: {}`", pod.title(), label.key, label.value)),
        None => (workload.span, format!("the pods of {} have no label `{}`", pod.title(), failed.key)),
    })
}
