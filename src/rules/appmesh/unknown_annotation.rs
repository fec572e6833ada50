//! An annotation with the prefix of App Mesh that the controller does not know.

use rustc_hash::FxHashSet;

use super::annotation::{KNOWN, PREFIX, meant, short};
use super::injection::misspelt;
use crate::finding::{Applicability, Change, Draft};
use crate::mesh::{Label, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("unknown-annotation", include_str!("../../../rules/unknown-annotation.md")).mesh(check);

const UNKNOWN: &str = "annotation-unknown";
const LEGACY: &str = "legacy-annotation";

/// Keys that people write although they do not exist, with what to do instead. The first two are of the
/// controller's first version (App Mesh controller, design of the v1beta2 API).
const HINTS: &[(&str, &str, &str)] = &[
    ("mesh", LEGACY, "leave it out: the `namespaceSelector` of a mesh chooses by the labels of the namespace"),
    ("virtualNode", LEGACY, "leave it out: the `podSelector` of a virtual node chooses by the labels of the pods"),
    ("inject", UNKNOWN, "write `appmesh.k8s.aws/sidecarInjectorWebhook: enabled`"),
    ("injection", UNKNOWN, "write `appmesh.k8s.aws/sidecarInjectorWebhook: enabled`"),
    ("sidecarInject", UNKNOWN, "write `appmesh.k8s.aws/sidecarInjectorWebhook: enabled`"),
    ("sidecarInjection", UNKNOWN, "write `appmesh.k8s.aws/sidecarInjectorWebhook: enabled`"),
    (
        "virtualGateway",
        UNKNOWN,
        "leave it out: the `podSelector` of a virtual gateway chooses by the labels of the pods",
    ),
    ("virtualRouter", UNKNOWN, "leave it out: virtual services name their router as `provider`"),
    (
        "virtualService",
        UNKNOWN,
        "leave it out: nothing ties pods to a virtual service but the virtual node they belong to",
    ),
];

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let served: FxHashSet<_> =
        mesh.resources().filter(|(_, one)| one.kind.role.is_of_mesh()).map(|(_, one)| one.file).collect();
    for (_, resource) in mesh.of_role(Role::Workload) {
        // Beside mesh resources of the first version alone, that these are no longer served is the one fault.
        let is_of_first_version =
            || !served.contains(&resource.file) && mesh.may_hide_beside(resource, "appmesh.k8s.aws/v1beta1");
        // The annotations of a Pod are those of its object.
        let own = (resource.kind_name != "Pod").then_some(&resource.annotations);
        let of_pods = resource.workload().map(|workload| &workload.annotations);
        let all = own.into_iter().chain(of_pods).flat_map(|labels| labels.iter());
        let drafts = all.filter_map(|label| judge(resource, label, "annotation"));
        out.extend(drafts.filter(|draft| draft.case != LEGACY || !is_of_first_version()));
    }
    for (_, namespace) in mesh.of_role(Role::Namespace) {
        let annotations = namespace.annotations.iter().filter_map(|label| judge(namespace, label, "annotation"));
        out.extend(annotations.chain(misspelt(namespace).and_then(|label| judge(namespace, label, "label"))));
    }
}

fn judge(resource: &Resource, label: &Label, what: &str) -> Option<Draft> {
    let key = short(label).filter(|key| !KNOWN.contains(key))?;
    let hint = HINTS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(key));
    Some(match hint {
        Some((_, case, advice)) => hinted(resource, label, what, case, advice),
        None => unknown(resource, label, what, meant(key)),
    })
}

fn hinted(resource: &Resource, label: &Label, what: &str, case: &'static str, advice: &str) -> Draft {
    let is_legacy = case == LEGACY;
    let says = if is_legacy { "is one of the controller's first version" } else { "does not exist" };
    let draft = Draft::new(case, format!("{what} `{}` {says}", label.key));
    let text = if is_legacy { "no longer read" } else { "not an annotation of App Mesh" };
    let draft = finish(draft.at(resource.at(label.key_span), text), resource).help(advice);
    match advice.starts_with("leave it out") {
        true => {
            let changes = [(label.key_span, Change::RemoveEntry)];
            draft.remedy(format!("remove the {what}"), Applicability::Unsafe, changes)
        }
        false => draft,
    }
}

fn unknown(resource: &Resource, label: &Label, what: &str, near: Option<(&str, bool)>) -> Draft {
    let draft = Draft::new(UNKNOWN, format!("{what} `{}` does not exist", label.key));
    let place = resource.at(label.key_span);
    let draft = match near {
        Some((known, is_case_alone)) => {
            let whole = format!("{PREFIX}{known}");
            let applicability = if is_case_alone { Applicability::Safe } else { Applicability::Unsafe };
            let draft = draft.at(place, format!("did you mean `{whole}`?")).help(format!("write `{whole}`"));
            draft.fix(format!("write `{whole}`"), applicability, label.key_span, whole)
        }
        None => {
            draft.at(place, "not known to the controller").help("leave it out, or use one that the controller reads")
        }
    };
    finish(draft, resource)
}

fn finish(draft: Draft, resource: &Resource) -> Draft {
    draft
        .why("the controller reads the keys it knows and passes over others: the setting has no effect")
        .on(resource.subject())
}
