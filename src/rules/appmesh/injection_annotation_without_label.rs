//! Pods that ask for injection in a namespace for which the injector is never called.

use super::injection::{BareSpace, bare_spaces};
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;
use crate::rules::group::and_more;

/// The rule.
pub(in crate::rules) static RULE: Rule = Rule::new(
    "injection-annotation-without-label",
    include_str!("../../../rules/injection-annotation-without-label.md"),
)
.mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    out.extend(bare_spaces(mesh).iter().filter_map(in_vain));
}

fn in_vain(space: &BareSpace<'_>) -> Option<Draft> {
    let (first, label) = space.asking.first()?;
    let (name, title) = (&space.namespace.name, first.title());
    let others = and_more(space.asking.len());
    let message = format!("the injection annotation on pods of {title}{others} has no effect in namespace `{name}`");
    let draft = Draft::new("injection-annotation-without-label", message)
        .at(first.at(label.key_span), "is not read")
        .at(space.namespace.place(), "has no label `appmesh.k8s.aws/sidecarInjectorWebhook`")
        .why("the webhook of the injector is called only for namespaces with the label; nothing on a pod can turn injection on without it")
        .help("label the namespace with `appmesh.k8s.aws/sidecarInjectorWebhook`: `enabled` for all pods, or `disabled` to inject only those that ask for it");
    Some(draft.on(first.subject()))
}
