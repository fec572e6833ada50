//! A namespace whose pods belong to virtual nodes, and for which the injector is never called.

use super::injection::{BareSpace, bare_spaces};
use crate::finding::{Applicability, Change, Draft};
use crate::mesh::Mesh;
use crate::rules::Rule;
use crate::rules::group::and_more;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("missing-injection-label", include_str!("../../../rules/missing-injection-label.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    // Where pods ask for injection themselves, `injection-annotation-without-label` says the same.
    let spaces = bare_spaces(mesh).into_iter().filter(|space| space.asking.is_empty());
    out.extend(spaces.filter_map(|space| unlabelled(&space)));
}

fn unlabelled(space: &BareSpace<'_>) -> Option<Draft> {
    let first = space.taken.first()?;
    let template = first.workload()?;
    let (name, title) = (&space.namespace.name, first.title());
    let message = format!("namespace `{name}` has no label `appmesh.k8s.aws/sidecarInjectorWebhook`");
    let others = and_more(space.taken.len());
    let draft = Draft::new("injection-label-missing", message)
        .at(space.namespace.place(), "the injector is not called for its pods")
        .at(first.at(template.span), format!("the pods of {title}{others} get no proxy"))
        .why("the webhook of the injector is called only for namespaces with this label: the pods run outside of the mesh, and nothing says so")
        .help("label the namespace with `appmesh.k8s.aws/sidecarInjectorWebhook: enabled`");
    let key = "appmesh.k8s.aws/sidecarInjectorWebhook".to_owned();
    let labels = &space.namespace.labels;
    // Beside another label, or beside the name.
    let (sibling, keys) = match labels.iter().next() {
        Some(label) => (label.key_span, vec![key]),
        None => (space.namespace.place().span, vec!["labels".to_owned(), key]),
    };
    let change = Change::Insert { keys, value: "enabled".to_owned() };
    let draft = draft.remedy("add the label to the namespace", Applicability::Unsafe, [(sibling, change)]);
    Some(draft.on(space.namespace.subject()))
}
