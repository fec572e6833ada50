//! Containers of a task.

use crate::dialect::appmesh::model::{Dependency, IDENTITIES, Identity, TaskContainer};
use crate::dialect::place;
use crate::mesh::{Container, ContainerPort, Setting, Transport, Truth, Variable};
use crate::source::Span;
use crate::yaml::NodeId;

use super::field::Reader;
use super::identity;

/// A container.
pub(super) fn read(reader: &mut Reader<'_, '_>, node: NodeId) -> TaskContainer {
    let name = reader.text(node, "name");
    let (files, has_files) = reader.items(node, "environmentFiles");
    let mut container = Container {
        span: name.known().map_or(reader.cx.doc.span(node), |(_, span)| span),
        name: name.known().map(|(name, _)| name.clone()),
        image: reader.text(node, "image"),
        words: Vec::new(),
        env: Vec::new(),
        env_from_elsewhere: Vec::new(),
        has_open_env: has_files || !files.is_empty(),
        ports: ports(reader, node),
        probes: Vec::new(),
        mounts: None,
    };
    let identity = environment(reader, node, &mut container);
    secrets(reader, node, &mut container);
    TaskContainer {
        container,
        essential: reader.flag(node, "essential"),
        user: reader.text(node, "user"),
        has_health_check: match reader.entry(node, "healthCheck").map(|entry| reader.given(entry)) {
            None | Some(Setting::Absent) => Truth::No,
            Some(Setting::Known(..)) => Truth::Yes,
            Some(Setting::Unknown) => Truth::Unknown,
        },
        dependencies: dependencies(reader, node),
        identity,
    }
}

/// Reads the literal environment; gives what it says that the container serves.
fn environment(reader: &mut Reader<'_, '_>, node: NodeId, container: &mut Container) -> Option<Identity> {
    let (list, has_more) = reader.items(node, "environment");
    container.has_open_env |= has_more;
    let mut values: [Option<(NodeId, Span)>; IDENTITIES.len()] = [None; IDENTITIES.len()];
    for item in list {
        let Setting::Known(name, name_span) = reader.text(item, "name") else {
            container.has_open_env = true;
            continue;
        };
        container.has_open_env |= name.is_open();
        let entry = reader.entry(item, "value");
        let at = IDENTITIES.iter().position(|one| name.as_known() == Some(*one));
        if let (Some(at), Some(entry)) = (at, entry) {
            values[at] = Some((entry.value, place(reader.cx.doc, entry.key, entry.value)));
        }
        match reader.text(item, "value") {
            Setting::Known(value, span) => container.env.push(Variable { name, name_span, value, span }),
            _ => container.env_from_elsewhere.push((name, name_span)),
        }
    }
    let first = values.into_iter().zip(IDENTITIES).find_map(|(value, variable)| Some((value?, variable)));
    first.map(|((value, span), variable)| Identity { variable, span, served: identity::read(reader, value) })
}

fn secrets(reader: &mut Reader<'_, '_>, node: NodeId, container: &mut Container) {
    let (list, has_more) = reader.items(node, "secrets");
    container.has_open_env |= has_more;
    for item in list {
        match reader.text(item, "name") {
            Setting::Known(name, span) => {
                container.has_open_env |= name.is_open();
                container.env_from_elsewhere.push((name, span));
            }
            _ => container.has_open_env = true,
        }
    }
}

/// The ports that it declares; `None` where one of them, or a range of them, cannot be told.
fn ports(reader: &mut Reader<'_, '_>, node: NodeId) -> Option<Vec<ContainerPort>> {
    let (list, has_more) = reader.items(node, "portMappings");
    let ports: Option<_> = list.into_iter().map(|item| port(reader, item)).collect();
    ports.filter(|_| !has_more)
}

fn port(reader: &mut Reader<'_, '_>, item: NodeId) -> Option<ContainerPort> {
    let Setting::Known(number, span) = reader.text(item, "containerPort") else { return None };
    let transport = match reader.text(item, "protocol") {
        Setting::Known(name, _) if name.as_known() == Some("udp") => Transport::Other,
        Setting::Known(name, _) if name.is_open() => Transport::Unknown,
        Setting::Unknown => Transport::Unknown,
        _ => Transport::Tcp,
    };
    let port = number.as_known()?.parse().ok()?;
    Some(ContainerPort { port: Some(port), name: Setting::Absent, transport, span })
}

fn dependencies(reader: &mut Reader<'_, '_>, node: NodeId) -> Option<Vec<Dependency>> {
    let (list, has_more) = reader.items(node, "dependsOn");
    let dependency = |item| match reader.text(item, "containerName") {
        Setting::Known(container, _) if !container.is_open() => {
            Some(Dependency { container, condition: reader.text(item, "condition") })
        }
        _ => None,
    };
    let all: Option<_> = list.into_iter().map(dependency).collect();
    all.filter(|_| !has_more)
}
