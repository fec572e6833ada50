//! A setting for the sidecar on pods of a gateway, whose proxy is no sidecar.

use super::annotation::short;
use super::injection::{injection, only_taker, selector_place};
use crate::finding::{Applicability, Change, Draft};
use crate::mesh::{Label, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("ignored-annotation", include_str!("../../../rules/ignored-annotation.md")).mesh(check);

/// What the injector reads only where it adds a proxy itself (App Mesh controller, mutator of gateway pods).
const OF_SIDECARS: &[&str] = &[
    "cpuLimit",
    "cpuRequest",
    "memoryLimit",
    "memoryRequest",
    "secretMounts",
    "sidecarEnv",
    "sidecarEnvJson",
    "volumeMounts",
];

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, resource) in mesh.of_role(Role::Workload) {
        let Some(workload) = resource.workload() else { continue };
        let is_of_sidecar = |label: &&Label| short(label).is_some_and(|key| OF_SIDECARS.contains(&key));
        let mut ignored = workload.annotations.iter().filter(is_of_sidecar).peekable();
        if ignored.peek().is_none() || !injection(mesh, resource).is_on() {
            continue;
        }
        if let Some(gateway) = only_taker(mesh, id, Role::Gateway) {
            out.extend(ignored.map(|label| on_gateway(resource, label, gateway)));
        }
    }
}

fn on_gateway(resource: &Resource, label: &Label, gateway: &Resource) -> Draft {
    let (title, owner) = (resource.title(), gateway.title());
    let help = match short(label) {
        Some("sidecarEnv" | "sidecarEnvJson") => "write the variables under `env` of the container `envoy`",
        Some("secretMounts" | "volumeMounts") => {
            "write the volumes under `volumes` of the pod and `volumeMounts` of the container `envoy`"
        }
        _ => "write them under `resources` of the container `envoy`",
    };
    Draft::new("annotation-ignored-on-gateway", format!("annotation `{}` is ignored on pods of {title}", label.key))
        .at(resource.at(label.key_span), format!("the pods belong to {owner}"))
        .at(selector_place(gateway), "takes the pods")
        .why("the proxy of a gateway is written in its own pod template: the injector adds none, so that settings for a sidecar have no effect")
        .help(help)
        .remedy("remove the annotation", Applicability::Unsafe, [(label.key_span, Change::RemoveEntry)])
        .on(resource.subject())
}
