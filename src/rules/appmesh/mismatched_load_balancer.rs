//! A load balancer that does not speak as the gateway behind it does.

use super::fronted::{Fronted, fronted};
use crate::dialect::appmesh::model::{GatewayListener, TlsMode, VirtualGateway};
use crate::finding::{Draft, Span};
use crate::mesh::{Detail, Label, Mesh, PortRef, Resource, ResourceId, Role};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-load-balancer", include_str!("../../../rules/mismatched-load-balancer.md")).mesh(check);

/// The annotations of the AWS Load Balancer Controller and of the cloud provider of Kubernetes.
const ATTRIBUTES: &str = "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes";
const PROXY_PROTOCOL: &str = "service.beta.kubernetes.io/aws-load-balancer-proxy-protocol";
const BACKEND_PROTOCOL: &[&str] = &[
    "service.beta.kubernetes.io/aws-load-balancer-backend-protocol",
    "alb.ingress.kubernetes.io/backend-protocol",
    "nginx.ingress.kubernetes.io/backend-protocol",
];

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (id, service) in mesh.of_role(Role::ClusterService) {
        let Some(fronted) = fronted(mesh, id) else { continue };
        let gateway = fronted.gateway(mesh);
        if let Some(label) = proxy_protocol(service) {
            out.push(announces(service, label, gateway));
        }
        let plain = plain(service).filter(|_| !passes_tcp(service));
        if let Some((label, tls)) = plain.and_then(|label| Some((label, strict(mesh, &fronted, id, None)?))) {
            out.push(speaks_plain(service, label, mesh.resource(tls.0), tls.1));
        }
    }
    for (_, ingress) in mesh.of_role(Role::Ingress) {
        let (Some(label), Detail::Ingress(model)) = (plain(ingress), &ingress.detail) else { continue };
        let tls = model.backends.iter().find_map(|backend| {
            let states = mesh.find(ingress, Role::ClusterService, ingress.namespace.as_ref(), &backend.service);
            let [service] = states[..] else { return None };
            // The Service goes before the Ingress.
            let has_own = BACKEND_PROTOCOL.iter().any(|key| !mesh.resource(service).annotations.has(key).is_no());
            strict(mesh, &fronted(mesh, service)?, service, Some(&backend.port)).filter(|_| !has_own)
        });
        if let Some((gateway, span)) = tls {
            out.push(speaks_plain(ingress, label, mesh.resource(gateway), span));
        }
    }
}

/// The annotation by which the balancer writes the proxy protocol before each connection.
fn proxy_protocol(service: &Resource) -> Option<&Label> {
    let all = service.annotations.get(PROXY_PROTOCOL).filter(|label| label.value.as_known() == Some("*"));
    let says = |label: &&Label| {
        let mut pairs = label.value.as_known().unwrap_or("").split(',').filter_map(|pair| pair.split_once('='));
        pairs.any(|(key, value)| (key.trim(), value.trim()) == ("proxy_protocol_v2.enabled", "true"))
    };
    all.or_else(|| service.annotations.get(ATTRIBUTES).filter(says))
}

/// The annotation by which the balancer speaks HTTP without TLS to what is behind it.
fn plain(front: &Resource) -> Option<&Label> {
    let mut labels = BACKEND_PROTOCOL.iter().filter_map(|key| front.annotations.get(key));
    labels.find(|label| label.value.as_known().is_some_and(|value| value.eq_ignore_ascii_case("http")))
}

/// Whether the balancer of a service may be one of the fourth layer that leaves TLS to the client: it knows no HTTP, and
/// ends TLS only where it has a certificate.
fn passes_tcp(service: &Resource) -> bool {
    let may_have = |key: &str| !service.annotations.has(key).is_no();
    may_have("service.beta.kubernetes.io/aws-load-balancer-type")
        && service.annotations.get("service.beta.kubernetes.io/aws-load-balancer-ssl-cert").is_none()
}

/// The TLS mode of a gateway, where whatever comes in by a Service (or by one of its ports) has to be TLS.
fn strict(
    mesh: &Mesh,
    fronted: &Fronted<'_>,
    service: ResourceId,
    port: Option<&PortRef>,
) -> Option<(ResourceId, Span)> {
    let front = mesh.resource(service).cluster_service()?;
    let is_asked = |one: &&crate::mesh::ServicePort| match port {
        None => true,
        Some(PortRef::Number(number)) => one.port == Some(*number),
        Some(PortRef::Name(name)) => one.name.known().is_some_and(|(own, _)| own == name),
        Some(PortRef::Unknown) => true,
    };
    let mut found = None;
    for one in front.ports.as_ref()?.iter().filter(is_asked) {
        for pod in &fronted.pods {
            let number = i64::from(pod.number(&one.target)?);
            for state in &fronted.states {
                let gateway = mesh.resource(*state).model::<VirtualGateway>()?;
                let mut listeners = gateway.listeners.items().filter_map(|listener| listener.known());
                let listener = listeners.find(|listener| is_on(listener, number))?;
                let mode = &listener.tls.known()?.mode;
                if mode.known() != Some(&TlsMode::Strict) {
                    return None;
                }
                found = found.or(Some((*state, mode.span)));
            }
        }
    }
    found
}

fn is_on(listener: &GatewayListener, port: i64) -> bool {
    listener.port_mapping.known().and_then(|mapping| mapping.port.known()) == Some(&port)
}

fn announces(service: &Resource, label: &Label, gateway: &Resource) -> Draft {
    let message = format!("the load balancer of {} sends the proxy protocol to {}", service.title(), gateway.title());
    Draft::new("gateway-service-ppv2", message)
        .at(service.at(label.span), "turns the proxy protocol on")
        .at(gateway.place(), "does not understand it")
        .why("a gateway takes what the proxy protocol writes before a request for the request itself and answers 400 (`DPE` in its log)")
        .help("turn the proxy protocol off")
        .on(service.subject())
}

fn speaks_plain(front: &Resource, label: &Label, gateway: &Resource, mode: Span) -> Draft {
    let message = format!("{} speaks HTTP to {}, which takes TLS alone", front.title(), gateway.title());
    Draft::new("gateway-service-tls", message)
        .at(front.at(label.span), "without TLS")
        .at(gateway.at(mode), "takes nothing but TLS")
        .why("the gateway closes connections that do not begin with a TLS handshake: requests and health checks fail")
        .help("let the balancer speak HTTPS to the gateway, or pass TLS through as TCP")
        .on(front.subject())
}
