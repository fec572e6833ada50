//! A value of the injection label or annotation that is neither `enabled` nor `disabled`.

use super::annotation::INJECT;
use super::injection::{asks, is_exact};
use crate::finding::{Applicability, Draft};
use crate::mesh::{Label, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-injection-value", include_str!("../../../rules/malformed-injection-value.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, namespace) in mesh.of_role(Role::Namespace) {
        if let Some(label) = namespace.labels.get(INJECT)
            && !label.value.is_open()
            && !is_exact(label)
        {
            out.push(of_namespace(namespace, label));
        }
    }
    for (_, resource) in mesh.of_role(Role::Workload) {
        if let Some(label) = resource.workload().and_then(|workload| workload.annotations.get(INJECT))
            && !label.value.is_open()
            && !asks(label, "enabled")
            && !asks(label, "disabled")
        {
            out.push(of_pods(resource, label));
        }
    }
}

fn of_namespace(namespace: &Resource, label: &Label) -> Draft {
    let (name, value) = (&namespace.name, &label.value);
    let message = format!("injection label of namespace `{name}` is `{value}`, not `enabled` or `disabled`");
    let draft = Draft::new("injection-label-value", message);
    remedy(draft.at(namespace.at(label.span), "the webhook compares it exactly, case included"), label)
        .why("the webhook of the injector is not called for the namespace: no pod in it gets a proxy, whatever its annotations say")
        .on(namespace.subject())
}

fn of_pods(workload: &Resource, label: &Label) -> Draft {
    let (title, value) = (workload.title(), &label.value);
    let message = format!("injection annotation on pods of {title} is `{value}`, not `enabled` or `disabled`");
    let draft = Draft::new("injection-annotation-value", message);
    remedy(draft.at(workload.at(label.span), "counts as not specified"), label)
        .why("the injector takes any other value for no decision: pods that nothing takes start without a proxy instead of being refused, and pods that were to be left alone are injected")
        .on(workload.subject())
}

/// Says what to write. A value that is right but for its case can mean only one thing.
fn remedy(draft: Draft, label: &Label) -> Draft {
    let value = label.value.as_str();
    let lower = value.to_ascii_lowercase();
    let (meant, applicability) = match lower.as_str() {
        "enabled" => ("enabled", Applicability::Safe),
        "disabled" => ("disabled", Applicability::Safe),
        "enable" | "true" | "yes" | "on" | "1" => ("enabled", Applicability::Unsafe),
        "disable" | "false" | "no" | "off" | "0" => ("disabled", Applicability::Unsafe),
        _ => return draft.help("write `enabled` or `disabled`"),
    };
    draft.help(format!("write `{meant}`")).fix(format!("write `{meant}`"), applicability, label.span, meant)
}
