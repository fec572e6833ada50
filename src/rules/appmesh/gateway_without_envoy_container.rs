//! Pods of a virtual gateway without a container `envoy`: there is nothing for the injector to configure.

use super::injection::{injection, only_taker, selector_place};
use super::pod_with_envoy_container::{is_envoy, is_hand_made};
use crate::finding::{Applicability, Draft};
use crate::mesh::{Container, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("gateway-without-envoy-container", include_str!("../../../rules/gateway-without-envoy-container.md"))
        .mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, resource) in mesh.of_role(Role::Workload) {
        let Some(containers) = resource.workload().and_then(|workload| workload.containers.as_deref()) else {
            continue;
        };
        let is_unclear = |one: &Container| one.name.as_ref().is_none_or(|name| name.as_known().is_none());
        let serves = |one: &Container| is_envoy(one) || is_hand_made(one) || is_unclear(one);
        if containers.is_empty() || containers.iter().any(serves) || !injection(mesh, resource).is_on() {
            continue;
        }
        if let Some(gateway) = only_taker(mesh, id, Role::Gateway) {
            out.push(without_envoy(resource, containers, gateway));
        }
    }
}

fn without_envoy(resource: &Resource, containers: &[Container], gateway: &Resource) -> Draft {
    let message = format!("pods of {} have no container `envoy`", resource.title());
    let draft = Draft::new("gateway-pod-no-envoy-container", message);
    let speaks_of_envoy = |one: &&Container| {
        containers.len() == 1 || one.name.as_ref().is_some_and(|name| name.as_str().to_lowercase().contains("envoy"))
    };
    let draft = match containers.iter().find(speaks_of_envoy) {
        Some(one) => draft
            .at(resource.at(one.span), "the container of a gateway must be called `envoy`")
            .help("call the container that runs the proxy `envoy`")
            .fix("call it `envoy`", Applicability::Unsafe, one.span, "envoy"),
        None => draft
            .at(resource.place(), "none of its containers is called `envoy`")
            .help("add a container `envoy` with the Envoy image of App Mesh"),
    };
    draft
        .at(selector_place(gateway), format!("{} takes the pods", gateway.title()))
        .why("the injector tells the container `envoy` which gateway it serves and does nothing where there is none: no proxy ever asks for the routes of the gateway")
        .on(resource.subject())
}
