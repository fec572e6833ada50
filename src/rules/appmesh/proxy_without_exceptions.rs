//! An HTTP proxy for everything that a container calls, its neighbours in the mesh among them.

use super::injection::{injection, takers};
use crate::finding::{Draft, Span};
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
                out.push(proxied(pods, name, span, mesh.resource(taker)));
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

fn proxied(pods: &Resource, name: &str, span: Span, taker: &Resource) -> Draft {
    Draft::new("http-proxy-env", format!("`{name}` without `NO_PROXY` in the pods of {}", pods.title()))
        .at(pods.at(span), "takes the calls of the mesh, too")
        .at(taker.place(), "takes the pods")
        .why("the application calls its neighbours through the HTTP proxy, and the sidecar, which sees the address of the proxy and not of the neighbour, answers 500 or drops the call")
        .help("add `NO_PROXY` with `localhost`, `127.0.0.1`, `169.254.169.254`, and the names or the addresses of the mesh")
        .on(pods.subject())
}
