//! An application that calls others before its proxy is ready.

use rustc_hash::FxHashSet;

use super::task::configured;
use crate::dialect::appmesh::model::{Dependency, ProxyConfiguration, TaskContainer, TaskDefinition};
use crate::finding::Draft;
use crate::mesh::{Mesh, Name, Resource, Setting, Truth};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("hasty-application", include_str!("../../../rules/hasty-application.md")).mesh(check);

/// Amazon ECS takes 10 containers at most; of more it is not asked which waits for which.
const MOST: usize = 32;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (resource, task, proxy, _) in configured(mesh).filter(|(_, task, ..)| task.containers.len() <= MOST) {
        let Some((name, _)) = proxy.container.known() else { continue };
        let Some(envoy) = task.container(name) else { continue };
        let before = reached(task, envoy);
        let alone = !task.has_more && task.containers.len() == 2;
        for one in task.containers.iter().filter(|one| !std::ptr::eq(*one, envoy)) {
            let is_waited_for = one.container.name.as_ref().is_none_or(|own| before.contains(own));
            if !is_waited_for && is_application(proxy, one, alone) && waits(task, one, name).is_no() {
                out.push(hasty(resource, one, name));
            }
        }
    }
}

/// Whether a container is certainly part of the application: it has one of its ports, or there is no other. What runs as
/// a user who is left alone does not need the proxy, and neither does what the task can do without.
fn is_application(proxy: &ProxyConfiguration, one: &TaskContainer, alone: bool) -> bool {
    let can_go = !matches!(one.essential, Setting::Absent | Setting::Known(true, _));
    if can_go || is_left_alone(proxy, one) {
        return false;
    }
    let ports = proxy.ports("AppPorts").map_or(Vec::new(), |(ports, _)| ports);
    let own = one.container.ports.iter().flatten().filter_map(|port| port.port);
    alone || own.into_iter().any(|port| ports.contains(&i64::from(port)))
}

fn is_left_alone(proxy: &ProxyConfiguration, one: &TaskContainer) -> bool {
    let Some((user, group, _)) = one.user_and_group() else { return !one.user.is_absent() };
    let is_ignored = |name: &str, own: &str| match proxy.text(name) {
        Some((ignored, _)) => ignored == own,
        None => !proxy.lacks(name),
    };
    is_ignored("IgnoredUID", user) || group.is_some_and(|group| is_ignored("IgnoredGID", group))
}

/// The containers that one waits for, and so on; all names that are written there.
fn reached<'t>(task: &'t TaskDefinition, from: &'t TaskContainer) -> FxHashSet<&'t Name> {
    let mut seen = FxHashSet::default();
    let mut next = vec![from];
    while let Some(one) = next.pop() {
        for dependency in one.dependencies.iter().flatten() {
            if seen.insert(&dependency.container) {
                next.extend(task.container(&dependency.container));
            }
        }
    }
    seen
}

/// Whether a container waits until the proxy is healthy, itself or by way of another one.
fn waits(task: &TaskDefinition, one: &TaskContainer, proxy: &Name) -> Truth {
    let others = reached(task, one).into_iter().filter_map(|name| task.container(name));
    let mut all = others.filter(|other| other.container.name.as_ref() != Some(proxy)).collect::<Vec<_>>();
    all.push(one);
    let healthy = |dependency: &Dependency| match &dependency.condition {
        _ if dependency.container != *proxy => Truth::No,
        Setting::Known(word, _) => word.same(&Name::known("HEALTHY")),
        Setting::Absent => Truth::No,
        Setting::Unknown => Truth::Unknown,
    };
    let by = |one: &TaskContainer| match &one.dependencies {
        Some(list) => list.iter().map(healthy).fold(Truth::No, Truth::or),
        None => Truth::Unknown,
    };
    all.into_iter().map(by).fold(Truth::No, Truth::or)
}

fn hasty(resource: &Resource, one: &TaskContainer, proxy: &Name) -> Draft {
    let message = format!("the container `{}` does not wait until the proxy is healthy", one.name());
    let draft = Draft::new("app-no-dependson-envoy", message);
    let direct = one.dependencies.iter().flatten().find(|dependency| dependency.container == *proxy);
    let draft = match direct.and_then(|dependency| dependency.condition.known()) {
        Some((word, span)) => draft.at(resource.at(span), format!("`{word}` is too early")),
        None => draft.at(resource.at(one.container.span), ""),
    };
    draft
        .why("what the application calls before the proxy is ready fails, since its traffic is led there already; and when the task ends the proxy goes first")
        .help(format!("add a dependency on `{proxy}` with the condition `HEALTHY`"))
        .on(resource.subject())
}
