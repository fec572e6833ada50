//! What runs: pod templates, their containers, and the services in front of them.

use crate::source::Span;

use super::{Labels, Name, Selection, Truth};

/// The pods that a resource makes: a Pod itself, or the template of a Deployment, a Job…
#[derive(Clone, Debug)]
pub struct Workload {
    /// The labels of the pods.
    pub labels: Labels,
    /// The annotations of the pods.
    pub annotations: Labels,
    /// Where the pods are described: the key `template`, or the name of a Pod.
    pub span: Span,
    /// Whether a container may bind ports that the system keeps for those with rights: it runs as root, or has the
    /// capability.
    pub binds_low_ports: Truth,
    /// The containers, init containers not among them. `None` where they cannot be read.
    pub containers: Option<Vec<Container>>,
}

/// A container of a pod.
#[derive(Clone, Debug)]
pub struct Container {
    /// Its name, where it can be read.
    pub name: Option<Name>,
    /// Where the name stands, or else the container.
    pub span: Span,
    /// Its literal environment: values from secrets, fields and config maps are not in it.
    pub env: Vec<Variable>,
}

/// An environment variable with a literal value.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Name,
    /// Where the value stands.
    pub span: Span,
}

/// A Kubernetes Service.
#[derive(Clone, Debug)]
pub struct ClusterService {
    /// The pods it selects. `Absent` for a Service without selector.
    pub selector: Selection,
    /// Its ports.
    pub ports: Vec<ServicePort>,
}

/// A port of a Kubernetes Service.
#[derive(Clone, Debug)]
pub struct ServicePort {
    /// The port that clients dial, where it is a known number.
    pub port: Option<u16>,
    /// Where it stands.
    pub span: Span,
}
