//! An HTTP proxy for everything that a container calls, its neighbours in the mesh among them.

use super::injection::{injection, takers};
use super::task::{configured, title};
use crate::finding::{Draft, Place, Span};
use crate::mesh::{Container, Mesh, Resource, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("proxy-without-exceptions", include_str!("../../../rules/proxy-without-exceptions.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, pods) in mesh.of_role(Role::Workload) {
        let taken = takers(mesh, id);
        let [taker] = taken.certain[..] else { continue };
        let Some(workload) = pods.workload().filter(|_| injection(mesh, pods).is_on()) else { continue };
        for container in workload.containers.iter().flatten() {
            if let Some((name, span)) = proxy(container) {
                let whose = format!("in the pods of {}", pods.title());
                out.push(proxied(pods, (name, span), &whose, (mesh.resource(taker).place(), "takes the pods")));
            }
        }
    }
    for (resource, task, configuration, key) in configured(mesh) {
        let is_other = |own: &Container| {
            let named = configuration.container.known();
            named.is_some_and(|(name, _)| own.name.as_ref().is_some_and(|own| own.same(name).is_no()))
        };
        for container in task.containers.iter().map(|one| &one.container).filter(|one| is_other(one)) {
            if let Some(found) = proxy(container) {
                let whose = format!("in {}", title(resource));
                out.push(proxied(resource, found, &whose, (resource.at(key), "leads traffic through the sidecar")));
            }
        }
    }
}

/// The variable that sends everything to a proxy, where there are certainly no exceptions.
fn proxy(container: &Container) -> Option<(&'static str, Span)> {
    if container.has_open_env || container.variable("NO_PROXY").is_some() {
        return None;
    }
    let is_set = |name: &&'static str| {
        let (span, value) = container.variable(name)?;
        value.is_none_or(|value| !value.as_str().is_empty()).then_some((*name, span))
    };
    ["HTTP_PROXY", "HTTPS_PROXY"].iter().find_map(is_set)
}

fn proxied(pods: &Resource, (name, span): (&str, Span), whose: &str, (taker, role): (Place, &str)) -> Draft {
    Draft::new("http-proxy-env", format!("`{name}` without `NO_PROXY` {whose}"))
        .at(pods.at(span), "takes the calls of the mesh, too")
        .at(taker, role)
        .why("the application calls its neighbours through the HTTP proxy, and the sidecar, which sees the address of the proxy and not of the neighbour, answers 500 or drops the call")
        .help("add `NO_PROXY` with `localhost`, `127.0.0.1`, `169.254.169.254`, and the names or the addresses of the mesh")
        .on(pods.subject())
}
