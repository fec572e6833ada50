//! What stands in front of pods in a Kubernetes cluster: Services and Ingresses.

use crate::source::Span;

use super::{Name, PortRef, Setting, Transport, Truth};

/// A Kubernetes Service. The pods that it selects stand in its resource.
#[derive(Clone, Debug)]
pub struct ClusterService {
    /// Its ports. `None` where they cannot be read.
    pub ports: Option<Vec<ServicePort>>,
    /// Its type, as `LoadBalancer`.
    pub kind: Setting<Name>,
    /// Whether it has no address of its own, so that its name stands for the pods themselves.
    pub is_headless: Truth,
}

impl ClusterService {
    /// Whether it is a name for a host outside of the cluster; unknown where a placeholder decides.
    #[must_use]
    pub fn is_external(&self) -> Truth {
        match &self.kind {
            Setting::Absent => Truth::No,
            Setting::Known(kind, _) => kind.same(&Name::known("ExternalName")),
            Setting::Unknown => Truth::Unknown,
        }
    }

    /// Whether it forwards the ports that it lists, and nothing else, from an address of its own.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.is_external().is_no() && self.is_headless.is_no()
    }

    /// The numbers of its TCP ports; `None` where there may be others.
    #[must_use]
    pub fn numbers(&self) -> Option<Vec<u16>> {
        self.ports.as_ref()?.iter().map(|port| port.port).collect()
    }
}

/// A port of a Kubernetes Service.
#[derive(Clone, Debug)]
pub struct ServicePort {
    /// The port that clients dial, where it is a known number.
    pub port: Option<u16>,
    /// Its name.
    pub name: Setting<Name>,
    /// The port of the pods; that of the Service where none is written.
    pub target: PortRef,
    /// What it carries.
    pub transport: Transport,
    /// Where the port stands.
    pub span: Span,
    /// Where the port of the pods stands, or else the port.
    pub target_span: Span,
}

/// A Kubernetes Ingress: where requests from outside go.
#[derive(Clone, Debug, Default)]
pub struct Ingress {
    /// The Services that it leads to, as far as they can be read.
    pub backends: Vec<IngressBackend>,
}

/// A Service that an Ingress leads to.
#[derive(Clone, Debug)]
pub struct IngressBackend {
    /// The Service, of the namespace of the Ingress.
    pub service: Name,
    /// Its port.
    pub port: PortRef,
    /// Where the name of the Service stands.
    pub span: Span,
}
