//! A proxy that runs as another user than the one whose traffic is left alone.

use super::task::configured;
use crate::dialect::appmesh::model::{ProxyConfiguration, TaskContainer};
use crate::finding::{Draft, Severity, Span};
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-proxy-user", include_str!("../../../rules/mismatched-proxy-user.md")).mesh(check);

const CASE: &str = "proxyconfig-uid-mismatch";

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (resource, task, proxy, _) in configured(mesh) {
        let named = proxy.container.known().and_then(|(name, _)| task.container(name));
        if let Some(envoy) = named {
            out.extend(judge(resource, proxy, envoy));
        }
    }
}

fn judge(resource: &Resource, proxy: &ProxyConfiguration, envoy: &TaskContainer) -> Option<Draft> {
    let Some((user, _)) = proxy.text("IgnoredUID").filter(|(user, _)| !user.is_empty()) else {
        return proxy.lacks("IgnoredUID").then(|| group(resource, proxy, envoy)).flatten();
    };
    // A group of its own is enough for the proxy to be left alone.
    let by_group = !proxy.lacks("IgnoredGID");
    if envoy.user.is_absent() && !by_group {
        return Some(absent(resource, proxy, envoy, user));
    }
    let (own, group, span) = envoy.user_and_group()?;
    if same(own, user) {
        return None;
    }
    if by_group {
        let (ignored, _) = proxy.text("IgnoredGID")?;
        if group.is_none_or(|group| same(group, ignored) || !are_numbers(group, ignored)) {
            return None;
        }
    }
    Some(other(resource, proxy, "IgnoredUID", own, span))
}

/// Where only a group is left alone, the proxy has to be in it.
fn group(resource: &Resource, proxy: &ProxyConfiguration, envoy: &TaskContainer) -> Option<Draft> {
    let (ignored, _) = proxy.text("IgnoredGID").filter(|(group, _)| !group.is_empty())?;
    let (_, own, span) = envoy.user_and_group()?;
    let own = own.filter(|own| !same(own, ignored))?;
    Some(other(resource, proxy, "IgnoredGID", own, span))
}

/// Whether two users or groups are one. `root` is number 0 everywhere.
fn same(a: &str, b: &str) -> bool {
    let number = |text: &str| if text == "root" { Some(0) } else { text.parse::<u32>().ok() };
    a == b || number(a).is_some_and(|a| number(b) == Some(a))
}

fn are_numbers(a: &str, b: &str) -> bool {
    [a, b].iter().all(|text| *text == "root" || text.parse::<u32>().is_ok())
}

fn ignored(proxy: &ProxyConfiguration, name: &str) -> (String, Span) {
    proxy.text(name).map_or((String::new(), proxy.key), |(text, span)| (text.to_owned(), span))
}

fn other(resource: &Resource, proxy: &ProxyConfiguration, name: &str, own: &str, span: Span) -> Draft {
    let (ignored, place) = ignored(proxy, name);
    let draft = Draft::new(CASE, format!("the proxy runs as `{own}`, and `{name}` is `{ignored}`"))
        .at(resource.at(place), "whose traffic is left alone")
        .at(resource.at(span), "whom the proxy runs as");
    // What number a name has, the image says.
    let draft = if are_numbers(own, &ignored) { draft } else { draft.severity(Severity::Warning) };
    said(draft, resource)
}

fn absent(resource: &Resource, proxy: &ProxyConfiguration, envoy: &TaskContainer, user: &str) -> Draft {
    let (_, place) = ignored(proxy, "IgnoredUID");
    let draft = Draft::new(CASE, format!("the proxy has no `user`, and `IgnoredUID` is `{user}`"))
        .at(resource.at(place), "whose traffic is left alone")
        .at(resource.at(envoy.container.span), "runs as the user of its image");
    // Another image than the one of App Mesh may have this very user.
    let draft = if envoy.has_envoy_image() { draft } else { draft.severity(Severity::Warning) };
    said(draft, resource)
}

fn said(draft: Draft, resource: &Resource) -> Draft {
    draft
        .why("the traffic of the proxy itself is led back into the proxy: it reaches neither its control plane nor any service")
        .help("give the container of the proxy the `user` that the proxy configuration leaves alone")
        .on(resource.subject())
}
