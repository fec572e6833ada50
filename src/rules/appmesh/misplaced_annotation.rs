//! A setting for pods that stands where nobody reads it.

use super::annotation::{INJECT, is_known};
use crate::finding::Draft;
use crate::mesh::{Label, Mesh, Resource, Role, Workload};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("misplaced-annotation", include_str!("../../../rules/misplaced-annotation.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource) in mesh.of_role(Role::Workload) {
        let Some(workload) = resource.workload() else { continue };
        // Where the pods have the annotation, too, its copy elsewhere does no harm.
        let is_lost = |label: &&Label| is_known(label) && workload.annotations.has(label.key.as_str()).is_no();
        if resource.kind_name != "Pod" {
            let lost = resource.annotations.iter().filter(is_lost);
            out.extend(lost.map(|label| on_object(resource, label, workload)));
        }
        out.extend(workload.labels.iter().filter(is_lost).map(|label| as_label(resource, label)));
    }
    for (_, namespace) in mesh.of_role(Role::Namespace) {
        if let Some(label) = namespace.annotations.get(INJECT).filter(|_| namespace.labels.has(INJECT).is_no()) {
            out.push(as_annotation(namespace, label));
        }
    }
}

const CASE: &str = "injection-annotation-misplaced";

fn on_object(resource: &Resource, label: &Label, workload: &Workload) -> Draft {
    let (title, kind) = (resource.title(), &resource.kind_name);
    Draft::new(CASE, format!("annotation `{}` stands on {title} and not on its pods", label.key))
        .at(resource.at(label.key_span), format!("an annotation of the {kind}"))
        .at(resource.at(workload.span), "the pods are described here")
        .why("the injector sees pods alone, so that the setting has no effect")
        .help("move it to `metadata.annotations` of the pod template")
        .on(resource.subject())
}

fn as_label(resource: &Resource, label: &Label) -> Draft {
    Draft::new(CASE, format!("`{}` is a label of the pods of {}, not an annotation", label.key, resource.title()))
        .at(resource.at(label.key_span), "a label")
        .why("the injector reads the annotations of pods, so that the setting has no effect")
        .help("move it from `labels` to `annotations`")
        .on(resource.subject())
}

fn as_annotation(namespace: &Resource, label: &Label) -> Draft {
    Draft::new(CASE, format!("`{}` is an annotation of namespace `{}`, not a label", label.key, namespace.name))
        .at(namespace.at(label.key_span), "an annotation")
        .why("the webhook of the injector selects namespaces by label, so that it is not called for this one")
        .help("move it from `annotations` to `labels`")
        .on(namespace.subject())
}
