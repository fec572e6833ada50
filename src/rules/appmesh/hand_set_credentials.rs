//! Credentials of a service account that are set by hand, so that nobody sets them.

use super::annotation::PREFIX;
use super::injection::{injection, takers};
use crate::finding::{Draft, Place};
use crate::mesh::{Container, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("hand-set-credentials", include_str!("../../../rules/hand-set-credentials.md")).mesh(check);

const ROLE: &str = "AWS_ROLE_ARN";
const TOKEN: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, pods) in mesh.of_role(Role::Workload) {
        let taken = takers(mesh, id);
        let [taker] = taken.certain[..] else { continue };
        let Some(workload) = pods.workload().filter(|_| injection(mesh, pods).is_on()) else { continue };
        let taker = mesh.resource(taker);
        for container in workload.containers.iter().flatten() {
            if let Some((name, place)) = [ROLE, TOKEN].into_iter().find_map(|name| by_hand(pods, container, name)) {
                out.push(set(pods, name, place, taker));
            }
        }
        let label = workload.annotations.get(&format!("{PREFIX}sidecarEnv")).filter(|_| taker.kind.role == Role::Node);
        let written = label.and_then(|label| Some((label, label.value.as_known()?)));
        let named = written.and_then(|(label, text)| {
            let mut keys = text.split(',').filter_map(|pair| pair.split_once('=')).map(|(key, _)| key.trim());
            keys.find_map(|key| [ROLE, TOKEN].into_iter().find(|name| key == *name)).map(|name| (name, label.span))
        });
        if let Some((name, span)) = named {
            out.push(set(pods, name, pods.at(span), taker));
        }
    }
}

/// Where a container sets a variable, unless it brings the token along.
fn by_hand(pods: &Resource, container: &Container, name: &'static str) -> Option<(&'static str, Place)> {
    let (span, value) = container.variable(name)?;
    if value.is_some_and(|value| value.as_str().is_empty()) || brings_token(container) {
        return None;
    }
    Some((name, pods.at(span)))
}

/// Whether a volume of the container may hold the token.
fn brings_token(container: &Container) -> bool {
    let Some((_, token)) = container.variable(TOKEN) else { return false };
    let (Some(token), Some(mounts)) = (token, &container.mounts) else { return true };
    let holds =
        |path: &crate::mesh::Name| token.is_open() || path.is_open() || token.as_str().starts_with(path.as_str());
    mounts.iter().any(|mount| mount.path.known().is_none_or(|(path, _)| holds(path)))
}

fn set(pods: &Resource, name: &str, place: Place, taker: &Resource) -> Draft {
    Draft::new("irsa-env-present", format!("`{name}` is set by hand in the pods of {}", pods.title()))
        .at(place, "set here, and therefore not by the service account")
        .at(taker.place(), "takes the pods")
        .why("where one of these variables is set, the webhook for IAM roles of service accounts leaves the container alone: it gets no token, and calls of AWS are refused")
        .help("leave the variable out and name the role on the service account (`eks.amazonaws.com/role-arn`)")
        .on(pods.subject())
}
