//! Calls of a task that must not go through its proxy, and do.

use core::net::Ipv4Addr;

use super::task::configured;
use crate::dialect::appmesh::model::{ProxyConfiguration, TaskDefinition};
use crate::finding::{Draft, Severity, Span};
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("captured-egress", include_str!("../../../rules/captured-egress.md")).mesh(check);

/// Where a task asks for its credentials, and where for those of its machine (Amazon ECS developer guide, task
/// metadata; Amazon EC2 user guide, instance metadata).
const TASK: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 2);
const MACHINE: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
/// The port of EFS.
const NFS: i64 = 2049;

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (resource, task, proxy, _) in configured(mesh) {
        out.extend(addresses(resource, task, proxy));
        out.extend(file_system(resource, task, proxy));
    }
}

/// The text of a list of exceptions, empty where it is certainly not written, with the place that stands for it.
fn exceptions<'t>(proxy: &'t ProxyConfiguration, name: &str) -> Option<(&'t str, Span)> {
    match proxy.property(name) {
        Some(property) if property.value.is_absent() => Some(("", property.name_span)),
        Some(_) => proxy.text(name),
        None => proxy.lacks(name).then_some(("", proxy.key)),
    }
}

fn addresses(resource: &Resource, task: &TaskDefinition, proxy: &ProxyConfiguration) -> Option<Draft> {
    // Where there are no properties at all, that is what is wrong.
    if proxy.properties.is_empty() {
        return None;
    }
    let (text, span) = exceptions(proxy, "EgressIgnoredIPs")?;
    let lacks = |address: Ipv4Addr| !text.split(',').any(|part| covers(part.trim(), address));
    let (of_task, of_machine) = (lacks(TASK), lacks(MACHINE));
    let missing = match (of_task, of_machine) {
        (true, true) => format!("`{TASK}` and `{MACHINE}`"),
        (true, false) => format!("`{TASK}`"),
        (false, true) => format!("`{MACHINE}`"),
        (false, false) => return None,
    };
    let draft = Draft::new("proxyconfig-egress-ignored-ips", format!("`EgressIgnoredIPs` lacks {missing}"))
        .at(resource.at(span), "what passes by the proxy")
        .why("the application asks there for its credentials and its metadata: led through the proxy, it gets none")
        .help(format!("add {missing}"));
    // A task on Fargate has no machine to ask about.
    let is_light = !of_task && !task.on_fargate.is_no();
    let draft = if is_light { draft.severity(Severity::Warning) } else { draft };
    Some(draft.on(resource.subject()))
}

/// Whether an address is another one, or a network with it.
fn covers(written: &str, address: Ipv4Addr) -> bool {
    let (base, bits) = written.split_once('/').unwrap_or((written, "32"));
    let (Ok(base), Ok(bits)) = (base.parse::<Ipv4Addr>(), bits.parse::<u32>()) else { return false };
    let differ = u32::from(base) ^ u32::from(address);
    bits <= 32 && differ.checked_shr(32 - bits).unwrap_or(0) == 0
}

fn file_system(resource: &Resource, task: &TaskDefinition, proxy: &ProxyConfiguration) -> Option<Draft> {
    let volume = task.efs?;
    let (text, span) = exceptions(proxy, "EgressIgnoredPorts")?;
    if text.split(',').any(|port| port.trim().parse() == Ok(NFS)) {
        return None;
    }
    let draft = Draft::new("proxyconfig-efs-port", format!("`EgressIgnoredPorts` lacks `{NFS}`, the port of EFS"))
        .at(resource.at(span), "what passes by the proxy")
        .at(resource.at(volume), "a volume on EFS")
        .why("the volume is asked for through a proxy that is not there yet: mounting it fails, and the task does not start")
        .help(format!("add `{NFS}` to `EgressIgnoredPorts`"));
    Some(draft.on(resource.subject()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_cover_their_addresses() {
        for (written, expected) in [
            ("169.254.170.2", true),
            ("169.254.0.0/16", true),
            ("0.0.0.0/0", true),
            ("169.254.170.0/30", true),
            ("169.254.170.2/33", false),
            ("169.254.169.254", false),
            ("169.254.170.4/30", false),
            ("", false),
            ("fd00:ec2::254", false),
        ] {
            assert_eq!(covers(written, TASK), expected, "{written}");
        }
    }
}
