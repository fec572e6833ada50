//! Whatever makes pods, and what changes how many.

use crate::mesh::{Amount, Autoscaler, Container, Labels, Rollout, Setting, Truth, Workload};
use crate::source::Span;
use crate::yaml::{Kind, NodeId};

use crate::dialect::shape::Cx;

use super::{container, field, meta, security};

/// The pods of an object: a Pod itself, the job template of a CronJob, or the pod template of any other
/// kind. `None` for an object that makes no pods. Of a Rollout that takes the template of another object, nothing
/// is known but that it makes pods.
pub(super) fn read(cx: &mut Cx<'_>, node: NodeId, kind: &str) -> Option<Workload> {
    let doc = cx.doc;
    if let ("Rollout", Some(other)) = (kind, doc.path(node, &["spec", "workloadRef"])) {
        return Some(Workload {
            labels: Labels::unknown(),
            annotations: Labels::unknown(),
            span: doc.span(other),
            binds_low_ports: Truth::Unknown,
            containers: None,
            init_containers: None,
            volumes: None,
            replicas: Setting::Unknown,
            rollout: Rollout::default(),
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
    let labels = meta::labels(cx, field("labels"));
    let annotations = meta::labels(cx, field("annotations"));
    let containers = list.and_then(|_| containers(cx, spec, "containers"));
    Some(Workload {
        labels: if kind == "Pod" { labels } else { labels.on_made_pods() },
        annotations,
        span,
        binds_low_ports: security::binds_low_ports(cx, spec),
        containers,
        init_containers: self::containers(cx, spec, "initContainers"),
        volumes: container::volumes(cx, spec),
        replicas: match kind {
            "Pod" => Setting::Absent,
            // One for each machine, or until the work is done.
            "DaemonSet" | "Job" | "CronJob" => Setting::Unknown,
            _ => doc.get(node, "spec").map_or(Setting::Absent, |spec| field::whole(cx, spec, "replicas")),
        },
        rollout: doc.path(node, &["spec", "strategy", "rollingUpdate"]).map_or(Rollout::default(), |node| Rollout {
            max_unavailable: amount(cx, node, "maxUnavailable"),
            max_surge: amount(cx, node, "maxSurge"),
        }),
    })
}

fn template(cx: &Cx<'_>, spec: NodeId) -> Option<(NodeId, Span)> {
    let entry = cx.doc.entry(spec, "template")?;
    let template = cx.doc.target(entry.value).filter(|node| cx.doc.kind(*node) == Kind::Mapping)?;
    Some((template, cx.doc.span(entry.key)))
}

fn containers(cx: &mut Cx<'_>, spec: NodeId, key: &str) -> Option<Vec<Container>> {
    let list = field::items(cx, spec, key)?;
    Some(list.into_iter().map(|item| container::read(cx, item)).collect())
}

/// A number of pods, or a share of them.
fn amount(cx: &Cx<'_>, node: NodeId, key: &str) -> Setting<Amount> {
    match (field::whole(cx, node, key), field::text(cx, node, key)) {
        (Setting::Known(count, span), _) => Setting::Known(Amount::Count(count), span),
        (_, Setting::Known(text, span)) => {
            let share = text.as_known().and_then(|text| text.strip_suffix('%')?.parse().ok());
            share.map_or(Setting::Unknown, |share| Setting::Known(Amount::Percent(share), span))
        }
        (Setting::Absent, _) => Setting::Absent,
        _ => Setting::Unknown,
    }
}

/// A HorizontalPodAutoscaler.
pub(super) fn autoscaler(cx: &Cx<'_>, node: NodeId) -> Autoscaler {
    let spec = cx.doc.get(node, "spec");
    let target = spec.and_then(|spec| cx.doc.get(spec, "scaleTargetRef"));
    let of_target = |key| target.map_or(Setting::Unknown, |target| field::text(cx, target, key));
    Autoscaler {
        kind: of_target("kind"),
        name: of_target("name"),
        max: spec.map_or(Setting::Unknown, |spec| field::whole(cx, spec, "maxReplicas")),
    }
}
