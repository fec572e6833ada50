//! Task definitions of Amazon ECS that run a proxy of App Mesh.
//!
//! Amazon ECS API reference, RegisterTaskDefinition and ProxyConfiguration; App Mesh user guide, getting started with
//! Amazon ECS, and Envoy image.

use crate::dialect::shape::nearest;
use crate::mesh::{Container, Name, Role, Setting, Truth};
use crate::source::Span;

/// What a repository is called that holds the image of the proxy.
const IMAGE: &str = "appmesh-envoy";

/// What tells a proxy which resource it serves, the variable that counts first.
pub const IDENTITIES: [&str; 3] = ["APPMESH_RESOURCE_ARN", "APPMESH_VIRTUAL_NODE_NAME", "APPMESH_RESOURCE_NAME"];

/// A task definition.
#[derive(Clone, Debug)]
pub struct TaskDefinition {
    /// Where what it consists of begins: the key of its containers.
    pub key: Span,
    /// Its containers, as far as they can be read.
    pub containers: Vec<TaskContainer>,
    /// Whether it may have other containers, too.
    pub has_more: bool,
    /// How traffic is led through the proxy; the place is that of the key.
    pub proxy: Setting<ProxyConfiguration>,
    /// Its network mode.
    pub network_mode: Setting<Name>,
    /// Whether it runs on Fargate and nowhere else.
    pub on_fargate: Truth,
    /// The first of its volumes that is on EFS.
    pub efs: Option<Span>,
    /// Whether fields that are not written may be given when it is registered, on the command line.
    pub is_input: bool,
}

/// How traffic is led through the proxy.
#[derive(Clone, Debug)]
pub struct ProxyConfiguration {
    /// The name of the container that is the proxy.
    pub container: Setting<Name>,
    /// Its properties, as far as they can be read.
    pub properties: Vec<ProxyProperty>,
    /// Where the key of the properties stands, or what stands for it.
    pub key: Span,
    /// Whether it may have other properties, too.
    pub has_more: bool,
}

/// A property of a proxy configuration.
#[derive(Clone, Debug)]
pub struct ProxyProperty {
    /// Its name.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// Its value.
    pub value: Setting<Name>,
}

/// A container of a task.
#[derive(Clone, Debug)]
pub struct TaskContainer {
    /// What it has in common with the containers of others.
    pub container: Container,
    /// Whether the task ends with it.
    pub essential: Setting<bool>,
    /// Whom it runs as.
    pub user: Setting<Name>,
    /// Whether something asks after its health.
    pub has_health_check: Truth,
    /// The containers that it waits for. `None` where they cannot be read.
    pub dependencies: Option<Vec<Dependency>>,
    /// What it is told to serve, where it is told so.
    pub identity: Option<Identity>,
}

/// A container that another one waits for.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// Its name.
    pub container: Name,
    /// What it has to come to.
    pub condition: Setting<Name>,
}

/// What a proxy is told to serve.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The variable that says so.
    pub variable: &'static str,
    /// Where the value stands.
    pub span: Span,
    /// What the value comes to.
    pub served: Served,
}

/// What the value of such a variable comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    /// A virtual node or a virtual gateway, by the names that AWS knows.
    One {
        /// The mesh, without the account that shares it.
        mesh: Name,
        /// Whether the value names such an account: others may add to the mesh.
        is_shared: bool,
        /// Node or gateway.
        role: Role,
        /// The resource.
        name: Name,
    },
    /// Something of another form, as written.
    Malformed(Box<str>),
    /// It cannot be told.
    Unknown,
}

impl TaskDefinition {
    /// How traffic is led through the proxy, where that is known, with the place of the key.
    #[must_use]
    pub fn configuration(&self) -> Option<(&ProxyConfiguration, Span)> {
        self.proxy.known()
    }

    /// The container that is the proxy: the one that the proxy configuration names, else one that is told what it
    /// serves, else one with the image of App Mesh.
    #[must_use]
    pub fn envoy(&self) -> Option<&TaskContainer> {
        let named = self.configuration().and_then(|(proxy, _)| self.container(proxy.container.known()?.0));
        named
            .or_else(|| self.containers.iter().find(|one| one.is_told()))
            .or_else(|| self.containers.iter().find(|one| one.has_envoy_image()))
    }

    /// The container of a name, where there is one.
    #[must_use]
    pub fn container(&self, name: &Name) -> Option<&TaskContainer> {
        self.containers.iter().find(|one| one.container.name.as_ref().is_some_and(|own| own.same(name).is_yes()))
    }

    /// Whether it is in a mesh at all; nearly all task definitions are not.
    #[must_use]
    pub fn is_in_mesh(&self) -> bool {
        !self.proxy.is_absent() || self.envoy().is_some()
    }

    /// The virtual node or gateway that its proxy serves, with where that is said.
    #[must_use]
    pub fn served(&self) -> Option<(&Served, Span)> {
        let identity = self.envoy()?.identity.as_ref()?;
        Some((&identity.served, identity.span))
    }
}

impl TaskContainer {
    /// Its name for a sentence; empty where it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.container.name.as_ref().map_or("", Name::as_str)
    }

    /// Whether its image is certainly the one of App Mesh.
    #[must_use]
    pub fn has_envoy_image(&self) -> bool {
        let Some((image, _)) = self.container.image.known() else { return false };
        image.literals().any(|text| text.contains(IMAGE))
    }

    /// Whether a variable tells it what it serves, wherever the value comes from.
    #[must_use]
    pub fn is_told(&self) -> bool {
        let is_meant = |name: &Name| IDENTITIES.contains(&name.as_str());
        self.container.env.iter().any(|variable| is_meant(&variable.name))
            || self.container.env_from_elsewhere.iter().any(|(name, _)| is_meant(name))
    }

    /// The user and the group that it runs as, as far as they are written.
    #[must_use]
    pub fn user_and_group(&self) -> Option<(&str, Option<&str>, Span)> {
        let (user, span) = self.user.known()?;
        let text = user.as_known()?;
        Some(text.split_once(':').map_or((text, None, span), |(user, group)| (user, Some(group), span)))
    }
}

impl ProxyConfiguration {
    /// The property of a name that counts.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&ProxyProperty> {
        self.properties.iter().find(|one| one.name.as_known() == Some(name))
    }

    /// The text of a property with its place, where it is known.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<(&str, Span)> {
        let (value, span) = self.property(name)?.value.known()?;
        Some((value.as_known()?.trim(), span))
    }

    /// Whether a property certainly has no value: it is not written, or empty.
    #[must_use]
    pub fn lacks(&self, name: &str) -> bool {
        match self.property(name) {
            Some(property) => property.value.is_absent() || self.text(name).is_some_and(|(text, _)| text.is_empty()),
            None => !self.has_more && !self.may_hide(name),
        }
    }

    /// Whether one of its properties may be one of this name that is written in another way.
    #[must_use]
    pub fn may_hide(&self, name: &str) -> bool {
        self.properties.iter().any(|one| one.name.is_open() || nearest_property(one.name.as_str()) == Some(name))
    }

    /// The numbers of a property that lists ports, with its place; `None` where one of them cannot be told.
    #[must_use]
    pub fn ports(&self, name: &str) -> Option<(Vec<i64>, Span)> {
        let (text, span) = self.text(name)?;
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Some((parts.map(|part| part.parse().ok()).collect::<Option<_>>()?, span))
    }
}

/// The properties that there are (Amazon ECS API reference, ProxyConfiguration).
pub const PROPERTIES: [&str; 7] = [
    "AppPorts",
    "EgressIgnoredIPs",
    "EgressIgnoredPorts",
    "IgnoredGID",
    "IgnoredUID",
    "ProxyEgressPort",
    "ProxyIngressPort",
];

/// The property that was meant by a name that is none.
#[must_use]
pub fn nearest_property(written: &str) -> Option<&'static str> {
    if PROPERTIES.contains(&written) {
        return None;
    }
    let same = PROPERTIES.into_iter().find(|name| name.eq_ignore_ascii_case(written));
    same.or_else(|| nearest(written, PROPERTIES.into_iter()))
}
