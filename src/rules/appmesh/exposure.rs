//! Where the pods of a virtual node answer, as far as they say so.

use crate::mesh::{ContainerPort, Mesh, PortRef, Resource, ResourceId, Transport, Workload};

/// A TCP port that pods declare.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared<'m> {
    /// What makes the pods.
    pub(super) workload: &'m Resource,
    /// The port.
    pub(super) port: &'m ContainerPort,
}

/// The first port that the pods of a node declare, where they certainly do not answer on this one: all of
/// them declare ports, none declares this, and nothing else speaks of it.
pub(super) fn elsewhere<'m>(mesh: &'m Mesh, node: ResourceId, port: u16) -> Option<Declared<'m>> {
    let picks = mesh.picks(node);
    let mut first = None;
    for pick in picks {
        let declared = answers_elsewhere(mesh, pick.id, &[port])?;
        if pick.truth.is_yes() {
            first = first.or(Some(declared));
        }
    }
    first
}

/// The first port that the pods of a workload declare, where they answer on none of these.
pub(super) fn answers_elsewhere<'m>(mesh: &'m Mesh, id: ResourceId, ports: &[u16]) -> Option<Declared<'m>> {
    let resource = mesh.resource(id);
    let workload = resource.workload()?;
    let declared = workload.ports()?;
    let mut open = declared.into_iter().filter(|one| one.transport != Transport::Other).peekable();
    let first = *open.peek()?;
    let is_elsewhere = open.all(|one| one.port.is_some_and(|own| !ports.contains(&own)))
        && !ports.iter().any(|port| speaks_of(workload, *port) || is_served(mesh, id, workload, *port));
    is_elsewhere.then_some(Declared { workload: resource, port: first })
}

/// Whether something in the pods names a port: a probe, a variable, an argument. A declared port is a note to
/// the reader; the application may answer on others.
fn speaks_of(workload: &Workload, port: u16) -> bool {
    let text = port.to_string();
    let mentions = |value: &str| value.split(|one: char| !one.is_ascii_digit()).any(|word| word == text);
    workload.every_container().any(|container| {
        let probes = container.probes.iter().map(|probe| &probe.port);
        probes.into_iter().any(|asked| may_be(workload, asked, port))
            || container.env.iter().any(|one| mentions(one.value.as_str()))
            || container.words.iter().any(|word| mentions(word.as_str()))
    })
}

/// Whether a Kubernetes Service hands connections to a port of the pods.
fn is_served(mesh: &Mesh, id: ResourceId, workload: &Workload, port: u16) -> bool {
    let services = mesh.served_by(id).iter().filter_map(|pick| mesh.resource(pick.id).cluster_service());
    services.into_iter().any(|service| {
        service.ports.as_ref().is_none_or(|ports| ports.iter().any(|one| may_be(workload, &one.target, port)))
    })
}

fn may_be(workload: &Workload, asked: &PortRef, port: u16) -> bool {
    workload.number(asked).is_none_or(|number| number == port)
}
