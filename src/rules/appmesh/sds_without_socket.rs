//! Secrets of SDS in pods whose proxies have no provider of them.

use super::annotation::PREFIX;
use super::injection::{injection, only_taker};
use super::pod_with_envoy_container::is_envoy;
use super::tls::secrets;
use crate::finding::{Draft, Severity, Span};
use crate::mesh::{Label, Labels, Mesh, Resource, Role, Workload};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("sds-without-socket", include_str!("../../../rules/sds-without-socket.md")).mesh(check);

const CASE: &str = "tls-sds-platform";

/// The label by which pods choose their Fargate profile: Amazon EKS user guide, Fargate profiles.
const FARGATE: &str = "eks.amazonaws.com/fargate-profile";

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, resource) in mesh.of_role(Role::Workload) {
        let Some(workload) = resource.workload() else { continue };
        let label = off(workload).or_else(|| workload.labels.get(FARGATE));
        let Some(label) = label.filter(|_| !has_own(workload)) else { continue };
        let Some(node) = only_taker(mesh, id, Role::Node).filter(|_| injection(mesh, resource).is_on()) else {
            continue;
        };
        let Some(secret) = secrets(node).first().copied() else { continue };
        out.push(match label.key.as_str() == FARGATE {
            true => on_fargate(resource, label, node, secret),
            false => turned_off(resource, label, node, secret),
        });
    }
}

/// The annotation that keeps the socket out of the sidecar; only this word does.
fn off(workload: &Workload) -> Option<&Label> {
    let label = workload.annotations.get(&format!("{PREFIX}sds"))?;
    (label.value.as_known() == Some("disabled")).then_some(label)
}

/// Whether the proxy may get its secrets by a way of its own.
fn has_own(workload: &Workload) -> bool {
    let annotations: &Labels = &workload.annotations;
    let is_set = |key: &str| !annotations.has(&format!("{PREFIX}{key}")).is_no();
    let is_told = ["sidecarEnv", "sidecarEnvJson"].into_iter().any(|key| {
        let text = annotations.get(&format!("{PREFIX}{key}")).map(|label| &label.value);
        is_set(key) && text.is_none_or(|text| text.is_open() || text.as_str().contains("SDS"))
    });
    is_told || workload.containers.as_ref().is_none_or(|all| all.iter().any(is_envoy))
}

fn turned_off(resource: &Resource, label: &Label, node: &Resource, secret: Span) -> Draft {
    let message =
        format!("SDS is off for pods of {}, and {} takes its certificates from there", resource.title(), node.title());
    Draft::new(CASE, message)
        .at(resource.at(label.span), "no socket of SDS in the proxy")
        .at(node.at(secret), "comes from SDS")
        .why("the proxy has nobody to ask for the secret: the listeners and clusters that name it never come up")
        .help("leave the annotation out, or take the certificates from `file`")
        .on(resource.subject())
}

fn on_fargate(resource: &Resource, label: &Label, node: &Resource, secret: Span) -> Draft {
    let message = format!(
        "pods of {} are to run on Fargate, and {} takes its certificates from SDS",
        resource.title(),
        node.title()
    );
    Draft::new(CASE, message)
        .severity(Severity::Warning)
        .at(resource.at(label.key_span), "chooses a Fargate profile")
        .at(node.at(secret), "comes from SDS")
        .why("the socket of the provider is a path on the machine, and pods on Fargate have no such paths: SDS is not supported there")
        .help("take the certificates from `file`, or let the pods run on nodes of the cluster")
        .on(resource.subject())
}
