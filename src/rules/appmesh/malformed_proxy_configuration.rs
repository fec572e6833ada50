//! A proxy configuration of a task that Amazon ECS refuses, or that has no effect.

use rustc_hash::FxHashMap;

use super::task::{configured, title};
use crate::dialect::appmesh::model::{PROPERTIES, ProxyConfiguration, ProxyProperty, TaskDefinition, nearest_property};
use crate::finding::{Draft, Severity, Span};
use crate::mesh::{Mesh, Name, Resource, Setting};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-proxy-configuration", include_str!("../../../rules/malformed-proxy-configuration.md"))
        .mesh(check);

/// As many ports the list of exceptions may have (App Mesh user guide, getting started with Amazon ECS).
const MOST_PORTS: usize = 15;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (resource, task, proxy, key) in configured(mesh) {
        out.extend(missing(resource, proxy));
        names(resource, proxy, out);
        out.extend(container(resource, task, proxy, key));
        out.extend(too_many_ports(resource, proxy));
        out.extend(network_mode(resource, task, key));
    }
}

fn missing(resource: &Resource, proxy: &ProxyConfiguration) -> Option<Draft> {
    let is_absent = |name: &str| proxy.property(name).is_none() && proxy.lacks(name);
    let mut lacks = Vec::new();
    if proxy.lacks("IgnoredUID") && proxy.lacks("IgnoredGID") {
        lacks.push("`IgnoredUID`".to_owned());
    }
    let others = ["ProxyIngressPort", "ProxyEgressPort", "AppPorts"].into_iter().filter(|name| is_absent(name));
    lacks.extend(others.map(|name| format!("`{name}`")));
    if lacks.is_empty() {
        return None;
    }
    let lacks = lacks.join(", ");
    let message = format!("the proxy configuration of {} lacks {lacks}", title(resource));
    let draft = Draft::new("proxyconfig-missing-property", message)
        .at(resource.at(proxy.key), "")
        .why("without it Amazon ECS refuses the task definition, or cannot lead traffic through the proxy")
        .help(format!("add {lacks}: the user of the proxy, `15000`, `15001`, and the ports of the application"));
    Some(draft.on(resource.subject()))
}

fn names(resource: &Resource, proxy: &ProxyConfiguration, out: &mut Vec<Draft>) {
    let mut seen: FxHashMap<&str, &ProxyProperty> = FxHashMap::default();
    for property in &proxy.properties {
        let Some(name) = property.name.as_known() else { continue };
        let first = *seen.entry(name).or_insert(property);
        if !std::ptr::eq(first, property) {
            out.push(twice(resource, name, property, first));
        } else if !PROPERTIES.contains(&name) {
            out.push(unknown(resource, name, property.name_span));
        }
    }
}

fn twice(resource: &Resource, name: &str, again: &ProxyProperty, first: &ProxyProperty) -> Draft {
    Draft::new("proxyconfig-duplicate-property", format!("the property `{name}` is written twice"))
        .at(resource.at(again.name_span), "again")
        .at(resource.at(first.name_span), "first written here")
        .why("only one of the two can count, and nothing says which")
        .help("keep one of them")
        .on(resource.subject())
}

fn unknown(resource: &Resource, name: &str, span: Span) -> Draft {
    let draft =
        Draft::new("proxyconfig-duplicate-property", format!("`{name}` is no property of a proxy configuration"))
            .at(resource.at(span), "")
            .why("names of properties are compared letter by letter: this one sets nothing");
    let draft = match nearest_property(name) {
        Some(meant) => draft.help(format!("write `{meant}`")),
        // Nothing says for certain that the list has not grown.
        None => draft.severity(Severity::Warning).help(format!("there are {}", PROPERTIES.join(", "))),
    };
    draft.on(resource.subject())
}

fn container(resource: &Resource, task: &TaskDefinition, proxy: &ProxyConfiguration, key: Span) -> Option<Draft> {
    const CASE: &str = "proxyconfig-container-missing";
    const WHY: &str =
        "Amazon ECS has to know the container that traffic is led through, and refuses the task definition";
    let (name, span) = match &proxy.container {
        Setting::Known(name, span) => (name, *span),
        Setting::Absent => {
            let message = format!("the proxy configuration of {} names no container", title(resource));
            let draft = Draft::new(CASE, message).at(resource.at(key), "");
            return Some(draft.why(WHY).help("name the container of the proxy").on(resource.subject()));
        }
        Setting::Unknown => return None,
    };
    let is_other = |own: &Option<Name>| own.as_ref().is_some_and(|own| own.same(name).is_no());
    if task.has_more || !task.containers.iter().all(|one| is_other(&one.container.name)) {
        return None;
    }
    let draft = Draft::new(CASE, format!("{} has no container `{name}`", title(resource)))
        .at(resource.at(span), "the proxy configuration asks for it");
    let draft = match task.envoy() {
        Some(envoy) => draft
            .at(resource.at(envoy.container.span), "the proxy")
            .help(format!("name the container of the proxy, `{}`", envoy.name())),
        None => draft.help("name the container of the proxy"),
    };
    Some(draft.why(WHY).on(resource.subject()))
}

fn too_many_ports(resource: &Resource, proxy: &ProxyConfiguration) -> Option<Draft> {
    let (text, span) = proxy.text("EgressIgnoredPorts")?;
    let count = text.split(',').filter(|port| !port.trim().is_empty()).count();
    if count <= MOST_PORTS {
        return None;
    }
    let message = format!("`EgressIgnoredPorts` lists {count} ports, and {MOST_PORTS} are the most");
    let draft = Draft::new("proxyconfig-egress-ports-limit", message)
        .at(resource.at(span), "")
        .why("Amazon ECS refuses a longer list")
        .help("leave out ports that may go through the proxy, or list addresses in `EgressIgnoredIPs` instead");
    Some(draft.on(resource.subject()))
}

fn network_mode(resource: &Resource, task: &TaskDefinition, key: Span) -> Option<Draft> {
    const CASE: &str = "proxyconfig-network-mode";
    let draft = match &task.network_mode {
        Setting::Known(mode, span) if mode.same(&Name::known("awsvpc")).is_no() => {
            Draft::new(CASE, format!("a proxy in a task with the network mode `{mode}`"))
                .at(resource.at(*span), "")
                .at(resource.at(key), "asks for `awsvpc`")
        }
        Setting::Absent => {
            let draft = Draft::new(CASE, format!("{} has a proxy and no network mode", title(resource)))
                .at(resource.at(key), "asks for `awsvpc`");
            // It can be given on the command line.
            if task.is_input { draft.severity(Severity::Warning) } else { draft }
        }
        _ => return None,
    };
    let draft = draft
        .why("traffic is led through a proxy only in a network namespace that belongs to the task: Amazon ECS refuses any other mode, and the default is `bridge`")
        .help("set the network mode `awsvpc`");
    Some(draft.on(resource.subject()))
}
