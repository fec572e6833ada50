//! What runs: pod templates, their containers, and how many there are of them.

use crate::source::Span;

use super::{Labels, Name, Truth};

/// A field of an object of core Kubernetes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// Not written.
    #[default]
    Absent,
    /// Written; the place is that of the value.
    Known(T, Span),
    /// Written in a way that cannot be read.
    Unknown,
}

impl<T> Setting<T> {
    /// The value with its place, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<(&T, Span)> {
        match self {
            Self::Known(value, span) => Some((value, *span)),
            _ => None,
        }
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

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
    /// The init containers, some of which may run as long as the pod. `None` where they cannot be read.
    pub init_containers: Option<Vec<Container>>,
    /// The names of the volumes, each with its place. `None` where they cannot be read.
    pub volumes: Option<Vec<(Name, Span)>>,
    /// How many pods there are to be.
    pub replicas: Setting<i64>,
    /// How pods are replaced by newer ones.
    pub rollout: Rollout,
}

/// How pods are replaced, where that happens step by step.
#[derive(Clone, Debug, Default)]
pub struct Rollout {
    /// How many may be missing.
    pub max_unavailable: Setting<Amount>,
    /// How many may be there beside those that are wanted.
    pub max_surge: Setting<Amount>,
}

/// A number of pods, or a share of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many.
    Count(i64),
    /// So many of a hundred.
    Percent(i64),
}

/// A container of a pod.
#[derive(Clone, Debug)]
pub struct Container {
    /// Its name, where it can be read.
    pub name: Option<Name>,
    /// Where the name stands, or else the container.
    pub span: Span,
    /// Its image.
    pub image: Setting<Name>,
    /// What it is started with: the words of `command` and `args`.
    pub words: Vec<Name>,
    /// Its literal environment: values from secrets, fields and config maps are not in it.
    pub env: Vec<Variable>,
    /// Variables whose values come from elsewhere, each with the place of its name.
    pub env_from_elsewhere: Vec<(Name, Span)>,
    /// Whether it may have variables that are not listed here.
    pub has_open_env: bool,
    /// The ports that it declares. `None` where they cannot be read.
    pub ports: Option<Vec<ContainerPort>>,
    /// What the kubelet asks it.
    pub probes: Vec<Probe>,
    /// Where volumes appear in its files. `None` where that cannot be read.
    pub mounts: Option<Vec<Mount>>,
}

/// An environment variable with a literal value.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// Its value.
    pub value: Name,
    /// Where the value stands.
    pub span: Span,
}

/// What a port carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// TCP, the default.
    Tcp,
    /// UDP or SCTP.
    Other,
    /// It cannot be read.
    Unknown,
}

/// A port by its number, or by the name that a container gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortRef {
    /// The number.
    Number(u16),
    /// The name.
    Name(Name),
    /// It cannot be read.
    Unknown,
}

/// A port that a container declares. It says what the container answers on and opens nothing.
#[derive(Clone, Debug)]
pub struct ContainerPort {
    /// The port, where it is a known number.
    pub port: Option<u16>,
    /// Its name.
    pub name: Setting<Name>,
    /// What it carries.
    pub transport: Transport,
    /// Where the number stands.
    pub span: Span,
}

/// How a probe asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// By an HTTP request, over TLS or not.
    Http {
        /// Whether over TLS; unknown where that cannot be read.
        tls: Truth,
    },
    /// By a connection.
    Tcp,
    /// By a gRPC call.
    Grpc,
}

/// A question of the kubelet over the network. Those by a command are left out.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The field that holds it, as `livenessProbe`.
    pub field: &'static str,
    /// How it asks.
    pub ask: Ask,
    /// The port that it asks.
    pub port: PortRef,
    /// Whether it asks the pod itself and not a host that it names.
    pub is_own: bool,
    /// Where the port stands.
    pub span: Span,
}

/// A volume in the files of a container.
#[derive(Clone, Debug)]
pub struct Mount {
    /// The volume.
    pub volume: Setting<Name>,
    /// The path.
    pub path: Setting<Name>,
}

/// What changes the number of pods of another object.
#[derive(Clone, Debug)]
pub struct Autoscaler {
    /// The kind of that object, where it is known.
    pub kind: Setting<Name>,
    /// Its name.
    pub name: Setting<Name>,
    /// The greatest number of pods.
    pub max: Setting<i64>,
}

impl Container {
    /// The place of a variable of this name, in whatever case, with its value where that is literal.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<(Span, Option<&Name>)> {
        let is_named = |other: &Name| other.as_str().eq_ignore_ascii_case(name);
        let literal = self.env.iter().find(|one| is_named(&one.name)).map(|one| (one.name_span, Some(&one.value)));
        literal
            .or_else(|| self.env_from_elsewhere.iter().find(|(name, _)| is_named(name)).map(|(_, span)| (*span, None)))
    }
}

impl Workload {
    /// Every container, also those that run before the others, which may stay. None where they cannot be read.
    pub fn every_container(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().chain(&self.init_containers).flatten()
    }

    /// The ports that the pods declare; `None` where there may be others, or one cannot be read.
    #[must_use]
    pub fn ports(&self) -> Option<Vec<&ContainerPort>> {
        if self.containers.is_none() || self.init_containers.is_none() {
            return None;
        }
        let mut ports = Vec::new();
        for container in self.every_container() {
            ports.extend(container.ports.as_ref()?);
        }
        ports.iter().all(|port| port.port.is_some()).then_some(ports)
    }

    /// The number of a port of the pods; `None` where it cannot be told.
    #[must_use]
    pub fn number(&self, port: &PortRef) -> Option<u16> {
        match port {
            PortRef::Number(number) => Some(*number),
            PortRef::Name(name) => {
                name.as_known()?;
                let ports = self.ports()?;
                let mut named = ports.iter().filter(|one| one.name.known().is_some_and(|(other, _)| other == name));
                let number = named.next()?.port;
                number.filter(|_| named.all(|other| other.port == number))
            }
            PortRef::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(number: Option<u16>, name: &str) -> ContainerPort {
        let name = Setting::Known(Name::known(name), Span::default());
        ContainerPort { port: number, name, transport: Transport::Tcp, span: Span::default() }
    }

    fn workload(ports: Option<Vec<ContainerPort>>) -> Workload {
        let container = Container {
            name: None,
            span: Span::default(),
            image: Setting::Absent,
            words: Vec::new(),
            env: Vec::new(),
            env_from_elsewhere: Vec::new(),
            has_open_env: false,
            ports,
            probes: Vec::new(),
            mounts: None,
        };
        Workload {
            labels: Labels::default(),
            annotations: Labels::default(),
            span: Span::default(),
            binds_low_ports: Truth::Unknown,
            containers: Some(vec![container]),
            init_containers: Some(Vec::new()),
            volumes: None,
            replicas: Setting::Absent,
            rollout: Rollout::default(),
        }
    }

    #[test]
    fn a_name_is_a_number_where_one_container_has_it() {
        let web = PortRef::Name(Name::known("web"));
        let number = |ports: Option<Vec<ContainerPort>>| workload(ports).number(&web);
        assert_eq!(number(Some(vec![port(Some(80), "web"), port(Some(81), "admin")])), Some(80));
        assert_eq!(number(Some(vec![port(Some(80), "web"), port(Some(81), "web")])), None);
        assert_eq!(number(Some(vec![port(None, "web")])), None);
        assert_eq!(number(Some(Vec::new())), None);
        assert_eq!(number(None), None);
        assert_eq!(workload(None).number(&PortRef::Number(80)), Some(80));
    }
}
