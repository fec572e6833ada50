//! Resources: typed objects of a mesh, whatever the vocabulary and spelling they were written in.

use std::any::Any;
use std::borrow::Cow;

use crate::source::{FileId, Place, Span};

use super::{
    Autoscaler, ClusterService, Ingress, Labels, Listener, Name, Outbound, Route, ScopeId, Selection, Workload,
};

/// A resource: an index into its mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(u32);

impl ResourceId {
    /// The id at an index.
    #[must_use]
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("more resources than ids"))
    }

    /// The index into the resources of the mesh.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a resource is for, in words that every vocabulary shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The mesh itself, which the others are members of.
    Mesh,
    /// A destination: what stands for the pods (or hosts) that answer.
    Node,
    /// A name that clients call, with what provides it.
    Service,
    /// A table of routes.
    Router,
    /// Where traffic enters.
    Gateway,
    /// A route of a gateway, as a resource of its own.
    GatewayRoute,
    /// A route of a router, as a resource of its own.
    Route,
    /// A set of services.
    Group,
    /// A Kubernetes namespace.
    Namespace,
    /// A Kubernetes Service.
    ClusterService,
    /// Something that makes pods.
    Workload,
    /// Something that runs containers outside of Kubernetes.
    Task,
    /// A Kubernetes Ingress.
    Ingress,
    /// What changes the number of pods that a workload makes.
    Autoscaler,
}

impl Role {
    /// Whether resources of the role are part of a mesh: only their identities split a scope.
    #[must_use]
    pub const fn is_of_mesh(self) -> bool {
        !matches!(
            self,
            Self::Namespace | Self::ClusterService | Self::Workload | Self::Task | Self::Ingress | Self::Autoscaler
        )
    }
}

/// Where resources are written down, and so how they find one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Surface {
    /// As objects of a cluster: they live in namespaces, and selectors choose among them.
    #[default]
    Cluster,
    /// As resources of a template: they live in a mesh, and everything is said by name.
    Template,
    /// As bodies of calls: the same.
    Call,
}

impl Surface {
    /// Whether resources live in namespaces and are chosen by selectors; else they live in a mesh that they name,
    /// which stands for the namespace.
    #[must_use]
    pub const fn is_cluster(self) -> bool {
        matches!(self, Self::Cluster)
    }
}

/// A kind of resource, in the words of its vocabulary.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The vocabulary.
    pub dialect: &'static str,
    /// The kind as it is written, as `VirtualNode`.
    pub name: &'static str,
    /// The kind in a sentence, as `virtual node`.
    pub words: &'static str,
    /// What it is for.
    pub role: Role,
    /// Where it is written down.
    pub surface: Surface,
}

/// How a reference names its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// By its name in the manifests.
    Name,
    /// By the name under which the control plane knows it.
    DeployedName,
}

/// What became of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// It leads to a resource, or to several states of one.
    Resolved(Vec<ResourceId>),
    /// Its target would have to be in the scope, and is not.
    Dangling(Miss),
    /// Its target is only in a scope beside this one.
    OtherScope(ResourceId),
    /// Its target lives outside of what manifests can say.
    External,
    /// The documents do not say.
    Unknown,
}

/// What a dangling reference may have meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    /// Nothing that is known.
    Nothing,
    /// It is the name under which the control plane knows this resource.
    DeployedName(ResourceId),
    /// A resource of the kind and name in another namespace, the only one.
    OtherNamespace(ResourceId),
    /// A resource of the namespace and name, of another kind.
    OtherKind(ResourceId),
    /// A resource of the kind and namespace with a name that is nearly the same.
    NearName(ResourceId),
}

/// A place in a resource that names another.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The case under which it is reported when it dangles.
    pub case: &'static str,
    /// What it is in a sentence, as `backend` or `weighted target`.
    pub words: &'static str,
    /// The kind of its target.
    pub wants: &'static Kind,
    /// How it names its target.
    pub by: By,
    /// The namespace as written; else that of the resource it stands in.
    pub namespace: Option<Name>,
    /// The name.
    pub name: Name,
    /// The mesh that the reference says its target is in, where it says so. It decides nothing.
    pub within: Option<Name>,
    /// Which item of the list that it stands in it is, from 0; 0 also where it stands in none.
    pub item: usize,
    /// Whether the name is looked up in the namespace of whoever uses the resource that it stands in.
    pub is_relative: bool,
    /// Where the name stands.
    pub span: Span,
    /// What became of it; `Unknown` until the mesh is linked.
    pub target: Target,
}

/// What a resource has beside its identity that every vocabulary shares.
#[derive(Debug)]
pub enum Detail {
    /// Nothing.
    None,
    /// It makes pods.
    Workload(Box<Workload>),
    /// It is a Kubernetes Service.
    ClusterService(Box<ClusterService>),
    /// It is a Kubernetes Ingress.
    Ingress(Box<Ingress>),
    /// It changes the number of pods of a workload.
    Autoscaler(Box<Autoscaler>),
    /// The typed model of the vocabulary; see [`Resource::model`].
    Model(Box<dyn Any + Send + Sync>),
}

/// One object of the manifests.
#[derive(Debug)]
pub struct Resource {
    /// Its kind.
    pub kind: &'static Kind,
    /// The kind as written, where one [`Kind`] stands for several.
    pub kind_name: Cow<'static, str>,
    /// The API version as written.
    pub api_version: Box<str>,
    /// The namespace as written. Resources without one share one unnamed namespace.
    pub namespace: Option<Name>,
    /// The name.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the object stands.
    pub span: Span,
    /// Where the key `spec` stands, else the name: the place of a field that its spec lacks.
    pub spec_key: Span,
    /// The file.
    pub file: FileId,
    /// Its labels.
    pub labels: Labels,
    /// Its annotations.
    pub annotations: Labels,
    /// Whether it was read from a control plane and not from somebody's manifest.
    pub live: bool,
    /// Whether placeholders or keys that do not belong may stand for fields of its spec that are not written:
    /// the absence of a field says nothing.
    pub is_partial: bool,
    /// Whether that is so of any object in its spec: the absence of a field further inside says nothing either.
    pub is_patchy: bool,
    /// Whether it may have routes, or name others, beside those that are listed here.
    pub is_open: bool,
    /// Equal for objects that are equal, however they are written.
    pub digest: u64,
    /// The name under which the control plane knows it, with the place that says so (else that of the name).
    pub deployed_name: Option<(Name, Span)>,
    /// The namespaces whose objects belong to it.
    pub namespace_selector: Selection,
    /// The routes that attach to it.
    pub route_selector: Selection,
    /// The pods that it stands for. Absent for a Kubernetes Service that selects none by itself.
    pub pod_selector: Selection,
    /// The condition under which it is there at all, where it may not be.
    pub condition: Option<Box<str>>,
    /// Whether others than those who wrote this may add to its mesh.
    pub is_shared: bool,
    /// The mesh that it says it is a member of; of objects in a cluster, only live ones do.
    pub member_of: Option<Name>,
    /// The gateway or the router (namespace, name) that it says it is attached to; of objects in a cluster, only live
    /// ones do.
    pub attached_to: Option<(Option<Name>, Name)>,
    /// Where that stands, if it is written.
    pub attached_at: Span,
    /// The places in it that name others.
    pub references: Vec<Reference>,
    /// The ports that it answers on.
    pub listeners: Vec<Listener>,
    /// The routes that it holds, or the one that it is.
    pub routes: Vec<Route>,
    /// Whether it holds, or is, a route that could not be read at all.
    pub has_open_routes: bool,
    /// Whether it says what provides it in a way that could not be read.
    pub has_open_provider: bool,
    /// What it says about the calls of nodes; only meshes, nodes and groups say anything.
    pub outbound: Outbound,
    /// What it has beside that.
    pub detail: Detail,
    /// The scope it is deployed in; set when the mesh is linked.
    pub scope: ScopeId,
}

impl Resource {
    /// A span of the resource's file as a place.
    #[must_use]
    pub const fn at(&self, span: Span) -> Place {
        Place::new(self.file, span)
    }

    /// Where its name stands: the place that stands for the whole resource.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place::new(self.file, self.name_span)
    }

    /// Where it lives for a sentence, as `` of namespace `shop` ``; nothing where that is not named.
    #[must_use]
    pub fn space(&self) -> String {
        let words = if self.kind.surface.is_cluster() { "namespace" } else { "mesh" };
        self.namespace.as_ref().map(|name| format!(" of {words} `{name}`")).unwrap_or_default()
    }

    /// What its name is unique in, beside the namespace: the router or the gateway of a route that lives in no cluster.
    #[must_use]
    pub fn parent(&self) -> Option<&Name> {
        let attached_to = self.attached_to.as_ref().filter(|_| !self.kind.surface.is_cluster());
        attached_to.map(|(_, name)| name)
    }

    /// The port of its only listener; `None` where it has several or it is not known.
    #[must_use]
    pub fn only_port(&self) -> Option<i64> {
        match &self.listeners[..] {
            [listener] => listener.port,
            _ => None,
        }
    }

    /// Its kind and name for a sentence, as ``virtual node `color` ``.
    #[must_use]
    pub fn title(&self) -> String {
        let words = if self.kind.words.is_empty() { &self.kind_name } else { self.kind.words };
        format!("{words} `{}`", self.name)
    }

    /// The typed model of its vocabulary, where it is of this type.
    #[must_use]
    pub fn model<T: 'static>(&self) -> Option<&T> {
        match &self.detail {
            Detail::Model(model) => model.downcast_ref(),
            _ => None,
        }
    }

    /// The pods it makes, where it makes any.
    #[must_use]
    pub fn workload(&self) -> Option<&Workload> {
        match &self.detail {
            Detail::Workload(workload) => Some(workload),
            _ => None,
        }
    }

    /// What a Kubernetes Service says, where it is one.
    #[must_use]
    pub fn cluster_service(&self) -> Option<&ClusterService> {
        match &self.detail {
            Detail::ClusterService(service) => Some(service),
            _ => None,
        }
    }
}
