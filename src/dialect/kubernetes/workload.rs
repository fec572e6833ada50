//! Whatever makes pods.

use crate::mesh::{Container, Labels, Truth, Variable, Workload};
use crate::source::Span;
use crate::yaml::{Kind, NodeId};

use crate::dialect::shape::Cx;

use super::{meta, security};

/// The pods of an object: a Pod itself, the job template of a CronJob, or the pod template of any other
/// kind. `None` for an object that makes no pods. Of a Rollout that takes the template of another object, nothing
/// is known but that it makes pods.
pub(super) fn read(cx: &Cx<'_>, node: NodeId, kind: &str) -> Option<Workload> {
    let doc = cx.doc;
    if let ("Rollout", Some(other)) = (kind, doc.path(node, &["spec", "workloadRef"])) {
        let (labels, annotations) = (Labels::unknown(), Labels::unknown());
        return Some(Workload {
            labels,
            annotations,
            span: doc.span(other),
            binds_low_ports: Truth::Unknown,
            containers: None,
        });
    }
    let (template, span) = match kind {
        "Pod" => (node, doc.path(node, &["metadata", "name"]).map_or(doc.span(node), |name| doc.span(name))),
        "CronJob" => template(cx, doc.path(node, &["spec", "jobTemplate", "spec"])?)?,
        _ => template(cx, doc.get(node, "spec")?)?,
    };
    let spec = doc.get(template, "spec")?;
    let list = doc.get(spec, "containers");
    // Other things have templates, too; only pods have containers.
    if list.is_none()
        && !matches!(kind, "Pod" | "CronJob" | "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job")
    {
        return None;
    }
    let field = |key: &str| doc.path(template, &["metadata", key]);
    let containers = list.filter(|list| doc.kind(*list) == Kind::Sequence);
    let labels = meta::labels(cx, field("labels"));
    Some(Workload {
        labels: if kind == "Pod" { labels } else { labels.on_made_pods() },
        annotations: meta::labels(cx, field("annotations")),
        span,
        binds_low_ports: security::binds_low_ports(cx, spec),
        containers: containers.map(|list| doc.items(list).map(|item| container(cx, item)).collect()),
    })
}

fn template(cx: &Cx<'_>, spec: NodeId) -> Option<(NodeId, Span)> {
    let entry = cx.doc.entry(spec, "template")?;
    let template = cx.doc.target(entry.value).filter(|node| cx.doc.kind(*node) == Kind::Mapping)?;
    Some((template, cx.doc.span(entry.key)))
}

fn container(cx: &Cx<'_>, item: NodeId) -> Container {
    let doc = cx.doc;
    let name = doc.get(item, "name").filter(|name| doc.kind(*name) == Kind::Scalar);
    let list = doc.get(item, "env").into_iter().flat_map(|list| doc.items(list));
    let variable = |item: NodeId| {
        let (name, value) = (doc.get(item, "name")?, doc.get(item, "value")?);
        let is_scalar = doc.kind(name) == Kind::Scalar && doc.kind(value) == Kind::Scalar;
        is_scalar.then(|| Variable { name: cx.name(name), value: cx.name(value), span: doc.span(value) })
    };
    Container {
        name: name.map(|name| cx.name(name)),
        span: name.map_or(doc.span(item), |name| doc.span(name)),
        env: list.filter_map(variable).collect(),
    }
}
