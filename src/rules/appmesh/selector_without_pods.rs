//! A pod selector that takes no pods, although pods of its namespace are among the manifests.

use rustc_hash::FxHashSet;

use super::injection::{labels_as_written, selector_place};
use crate::finding::Draft;
use crate::mesh::{Mesh, Name, Resource, Role, Selection, Selector};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("selector-without-pods", include_str!("../../../rules/selector-without-pods.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    // Argo Rollouts even rewrites selectors while it works.
    let others = mesh.of_role(Role::Workload).filter(|(_, workload)| !labels_as_written(workload));
    let unclear: FxHashSet<Option<&Name>> = others.map(|(_, workload)| workload.namespace.as_ref()).collect();
    for (id, taker) in mesh.of_role(Role::Node).chain(mesh.of_role(Role::Gateway)) {
        let Selection::Written(selector, _) = &taker.pod_selector else { continue };
        let namespace = taker.namespace.as_ref();
        let is_judged = mesh.picks(id).is_empty()
            && !unclear.contains(&namespace)
            && mesh.beside(taker, Role::Workload).next().is_some()
            && !mesh.may_hide_beside(taker, "containers");
        if is_judged {
            out.push(without_pods(mesh, taker, selector));
        }
    }
}

fn without_pods(mesh: &Mesh, taker: &Resource, selector: &Selector) -> Draft {
    let namespace = taker.namespace.as_ref();
    let space = namespace.map(|name| format!(" of namespace `{name}`")).unwrap_or_default();
    let place = selector_place(taker);
    let message = format!("`podSelector` of {} matches no pods{space}", taker.title());
    let mut draft = Draft::new("podselector-matches-nothing", message).at(place, "no pods have these labels");
    let mut namesakes =
        mesh.find(taker, Role::Workload, namespace, &taker.name).into_iter().map(|id| mesh.resource(id));
    if let Some(workload) = namesakes.next() {
        draft = compared(draft, selector, workload);
    }
    draft
        .why(format!("no pod is injected for the {}: what is sent to it does not pass its proxy", taker.kind.words))
        .help("select by labels that stand in the pod template, under `spec.template.metadata.labels`")
        .on(taker.subject())
}

/// Says where the pods of a workload fail a selector.
fn compared(draft: Draft, selector: &Selector, resource: &Resource) -> Draft {
    let Some(workload) = resource.workload() else { return draft };
    let Some(failed) = selector.refusal(&workload.labels) else { return draft };
    let title = resource.title();
    match workload.labels.get(failed.key.as_str()) {
        Some(label) => {
            draft.at(resource.at(label.span), format!("the pods of {title} have `{}: {}`", label.key, label.value))
        }
        None => draft.at(resource.at(workload.span), format!("the pods of {title} have no label `{}`", failed.key)),
    }
}
