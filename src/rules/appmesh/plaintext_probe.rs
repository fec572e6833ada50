//! A probe of the kubelet on a port where the proxy asks for a client certificate.

use super::annotation::PREFIX;
use super::injection::{injection, only_taker};
use crate::dialect::appmesh::model::{Listener, TlsMode, VirtualNode};
use crate::finding::{Draft, Span};
use crate::mesh::{Ask, Mesh, Probe, Resource, Role, Workload};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("plaintext-probe", include_str!("../../../rules/plaintext-probe.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, pods) in mesh.of_role(Role::Workload) {
        let Some(workload) = pods.workload() else { continue };
        let node = only_taker(mesh, id, Role::Node).filter(|_| injection(mesh, pods).is_on());
        let Some(node) = node.filter(|node| is_only_state(mesh, node)) else { continue };
        let Some(model) = node.model::<VirtualNode>() else { continue };
        for container in workload.containers.iter().flatten() {
            for probe in container.probes.iter().filter(|probe| probe.is_own && probe.ask != Ask::Grpc) {
                let Some(port) = workload.number(&probe.port).filter(|port| is_intercepted(workload, *port)) else {
                    continue;
                };
                let mut listeners = model.listeners.items().filter_map(|listener| listener.known());
                if let Some(mode) = listeners.find_map(|listener| demands_certificate(listener, port)) {
                    out.push(refused(pods, probe, port, node, mode));
                }
            }
        }
    }
}

fn is_only_state(mesh: &Mesh, node: &Resource) -> bool {
    mesh.find(node, Role::Node, node.namespace.as_ref(), &node.name).len() == 1
}

/// The TLS mode of a listener on a port, where it takes only clients with a certificate.
fn demands_certificate(listener: &Listener, port: u16) -> Option<Span> {
    let own = listener.port_mapping.known()?.port.known()?;
    let tls = listener.tls.known()?;
    let is_strict = tls.mode.known() == Some(&TlsMode::Strict) && tls.validation.known().is_some();
    (is_strict && *own == i64::from(port)).then_some(tls.mode.span)
}

/// Whether what comes to a port of the pods goes to the proxy: the annotation `ports` names others.
fn is_intercepted(workload: &Workload, port: u16) -> bool {
    let key = format!("{PREFIX}ports");
    match workload.annotations.get(&key) {
        Some(label) => {
            let mut ports = label.value.as_known().unwrap_or("").split(',').map(str::trim);
            ports.any(|one| one.parse() == Ok(port))
        }
        None => workload.annotations.has(&key).is_no(),
    }
}

fn refused(pods: &Resource, probe: &Probe, port: u16, node: &Resource, mode: Span) -> Draft {
    let message =
        format!("`{}` asks port {port}, where {} takes only clients with a certificate", probe.field, node.title());
    Draft::new("probe-on-mtls-port", message)
        .at(pods.at(probe.span), "the kubelet has no certificate of the mesh")
        .at(node.at(mode), "together with `validation`, asks for a certificate")
        .why("the probe goes to the proxy like any other connection and says nothing about the application: the pods are not ready or are started again and again")
        .help("answer probes on another port and name the ports of the application in the annotation `appmesh.k8s.aws/ports`, or probe by a command")
        .on(pods.subject())
}
