//! What the spellings of the cloud have in common: resources with a mesh, a name and a spec, which find one another by
//! the names of AWS.

use std::borrow::Cow;

use crate::dialect::shape::{Cx, Field, List, Shape, Spec, State, Type, read, read_root};
use crate::finding::Fact;
use crate::mesh::{self, Detail, Labels, Name, Outbound, Resource, ScopeId, Selection};
use crate::source::{FileId, Span};
use crate::yaml::{Entry, NodeId};

use super::kind::Kinds;
use super::lower::Lowering;
use super::model::{
    GatewayRoute, GatewayRouteProperties, Mesh, MeshProperties, Route, RouteProperties, Text, VirtualGateway,
    VirtualGatewayProperties, VirtualNode, VirtualNodeProperties, VirtualRouter, VirtualRouterProperties,
    VirtualService, VirtualServiceProperties,
};

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Mesh,
    VirtualNode,
    VirtualService,
    VirtualRouter,
    Route,
    VirtualGateway,
    GatewayRoute,
}

const KINDS: [(Kind, &str); 7] = [
    (Kind::Mesh, "Mesh"),
    (Kind::VirtualNode, "VirtualNode"),
    (Kind::VirtualService, "VirtualService"),
    (Kind::VirtualRouter, "VirtualRouter"),
    (Kind::Route, "Route"),
    (Kind::VirtualGateway, "VirtualGateway"),
    (Kind::GatewayRoute, "GatewayRoute"),
];

impl Kind {
    pub(super) fn of(name: &str) -> Option<Self> {
        KINDS.iter().find(|(_, word)| *word == name).map(|(kind, _)| *kind)
    }

    pub(super) fn name(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The property that holds its own name.
    pub(super) fn name_property(self) -> &'static str {
        self.names().last().copied().unwrap_or_default()
    }

    /// The properties that hold names, its own at the end; that of its mesh, which all have, is not among them.
    pub(super) const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Mesh => &["MeshName"],
            Self::VirtualNode => &["VirtualNodeName"],
            Self::VirtualService => &["VirtualServiceName"],
            Self::VirtualRouter => &["VirtualRouterName"],
            Self::Route => &["VirtualRouterName", "RouteName"],
            Self::VirtualGateway => &["VirtualGatewayName"],
            Self::GatewayRoute => &["VirtualGatewayName", "GatewayRouteName"],
        }
    }

    /// Reads an object with the names and the spec of a resource: the properties of one in a template, or the body of a
    /// call.
    pub(super) fn read(self, cx: &mut Cx<'_>, from: From, home: &Home<'_>) -> Option<Resource> {
        match self {
            Self::Mesh => properties::<MeshProperties>(self, cx, from, home),
            Self::VirtualNode => properties::<VirtualNodeProperties>(self, cx, from, home),
            Self::VirtualService => properties::<VirtualServiceProperties>(self, cx, from, home),
            Self::VirtualRouter => properties::<VirtualRouterProperties>(self, cx, from, home),
            Self::Route => properties::<RouteProperties>(self, cx, from, home),
            Self::VirtualGateway => properties::<VirtualGatewayProperties>(self, cx, from, home),
            Self::GatewayRoute => properties::<GatewayRouteProperties>(self, cx, from, home),
        }
    }

    const fn of_mesh(self, kinds: &'static Kinds) -> &'static mesh::Kind {
        match self {
            Self::Mesh => &kinds.mesh,
            Self::VirtualNode => &kinds.node,
            Self::VirtualService => &kinds.service,
            Self::VirtualRouter => &kinds.router,
            Self::Route => &kinds.route,
            Self::VirtualGateway => &kinds.gateway,
            Self::GatewayRoute => &kinds.gateway_route,
        }
    }
}

/// What is read.
#[derive(Clone, Copy)]
pub(super) enum From {
    /// The properties of a resource, where they are written.
    Properties(Option<Entry>),
    /// The body of a call.
    Body(NodeId),
    /// The spec of an answer, beside the names that stand there: those of the mesh, of what it is attached to, and its own.
    Answer(Entry, [Option<Entry>; 3]),
}

/// What surrounds a resource.
pub(super) struct Home<'h> {
    pub(super) kinds: &'static Kinds,
    pub(super) file: FileId,
    /// Where the resource stands.
    pub(super) span: Span,
    /// What stands for it where it has no name.
    pub(super) anchor: Span,
    /// Equal for resources that are equal.
    pub(super) digest: u64,
    pub(super) condition: Option<&'h str>,
    /// Whether others may add to the mesh.
    pub(super) is_shared: bool,
    /// The name that the deployment makes, where it makes one.
    pub(super) made: Option<Name>,
}

/// The names and the spec of a resource.
struct Parts<M> {
    mesh: Field<Name>,
    owner: Field<Text>,
    /// What it is attached to.
    parent: Field<Name>,
    name: Field<Name>,
    spec: Field<Box<M>>,
}

/// What stands around the spec of a kind.
trait Properties: Shape {
    type Model: Model;

    fn parts(self) -> Parts<Self::Model>;
}

/// The spec of a kind.
trait Model: Shape + Send + Sync + 'static {
    /// Carries it over.
    fn carry(self: Box<Self>, lower: &mut Lowering<'_>) -> Detail;
}

macro_rules! properties {
    ($( $name:ident, $model:ident, $own:ident, $parent:expr; )*) => { $(
        impl Properties for $name {
            type Model = $model;

            fn parts(self) -> Parts<$model> {
                let parent: fn(&Self) -> Field<Name> = $parent;
                let parent = parent(&self);
                Parts { mesh: self.mesh_name.clone(), owner: self.mesh_owner, parent, name: self.$own, spec: self.spec }
            }
        }
    )* };
}

properties! {
    MeshProperties, Mesh, mesh_name, |_| Field::default();
    VirtualNodeProperties, VirtualNode, virtual_node_name, |_| Field::default();
    VirtualServiceProperties, VirtualService, virtual_service_name, |_| Field::default();
    VirtualRouterProperties, VirtualRouter, virtual_router_name, |_| Field::default();
    RouteProperties, Route, route_name, |own| own.virtual_router_name.clone();
    VirtualGatewayProperties, VirtualGateway, virtual_gateway_name, |_| Field::default();
    GatewayRouteProperties, GatewayRoute, gateway_route_name, |own| own.virtual_gateway_name.clone();
}

macro_rules! models {
    ($( $model:ident, $carry:ident; )*) => { $(
        impl Model for $model {
            fn carry(self: Box<Self>, lower: &mut Lowering<'_>) -> Detail {
                lower.$carry(&self);
                Detail::Model(self)
            }
        }
    )* };
}

models! {
    Mesh, mesh;
    VirtualNode, node;
    VirtualService, service;
    VirtualRouter, router;
    VirtualGateway, gateway;
    GatewayRoute, gateway_route;
}

impl Model for Route {
    /// A route alone is a router of which nothing else is written: so it is read like those that stand in one.
    fn carry(mut self: Box<Self>, lower: &mut Lowering<'_>) -> Detail {
        let mut span = Span::default();
        lower.with(|resource| {
            span = resource.name_span;
            self.name = Field { state: State::Known(resource.name.clone()), key: span, span };
        });
        let item = Field { state: State::Known(self), key: span, span };
        let routes = Field { state: State::Known(List { items: vec![item], open: false }), key: span, span };
        let model = Box::new(VirtualRouter { routes, ..VirtualRouter::default() });
        lower.routes(&model);
        Detail::Model(model)
    }
}

fn properties<P: Properties>(kind: Kind, cx: &mut Cx<'_>, from: From, home: &Home<'_>) -> Option<Resource> {
    let parts = match from {
        From::Properties(entry) => read_root::<P>(cx, "properties", entry, home.anchor).parts(),
        From::Body(node) => {
            let spec = Spec::new("body", Type::Object(P::TABLE));
            match read::<Box<P>>(cx, home.anchor, node, &spec).state {
                State::Known(properties) => properties.parts(),
                _ => return None,
            }
        }
        From::Answer(entry, names) => {
            let key = cx.doc.span(entry.key);
            let spec = Spec::new("spec", Type::Object(<P::Model as Shape>::TABLE));
            let [mesh, parent, name] = names.map(|name| name.map_or_else(Field::default, |name| answered(cx, name)));
            Parts { mesh, owner: Field::default(), parent, name, spec: read(cx, key, entry.value, &spec) }
        }
    };
    resource(kind, cx, parts, home)
}

/// A name in an answer.
fn answered(cx: &Cx<'_>, entry: Entry) -> Field<Name> {
    let (key, span) = (cx.doc.span(entry.key), cx.doc.span(entry.value));
    Field { state: State::Known(cx.name(entry.value)), key, span }
}

/// Whether the owner of a mesh is another account, as far as is known. That of the template itself needs no telling.
fn is_foreign(owner: &Field<Text>) -> bool {
    match &owner.state {
        State::Absent => false,
        State::Unknown(text) => !text.contains("AWS::AccountId"),
        State::Known(_) | State::Malformed => true,
    }
}

fn resource<M: Model>(kind: Kind, cx: &mut Cx<'_>, parts: Parts<M>, home: &Home<'_>) -> Option<Resource> {
    let name = name_of(&parts.name, home)?;
    let mesh = if kind == Kind::Mesh { None } else { Some(name_of(&parts.mesh, home)?) };
    let name_span = if parts.name.span.is_empty() { home.anchor } else { parts.name.span };
    let parent = parts.parent.known().cloned();
    let spec_key = parts.spec.key;
    // A spec that is not there is reported by itself, but for a mesh, which needs none.
    let (model, is_partial) = match parts.spec.state {
        State::Known(model) => (model, false),
        State::Absent => (Box::default(), kind != Kind::Mesh || cx.is_partial),
        State::Unknown(_) | State::Malformed => (Box::default(), true),
    };
    // Only App Mesh says who owns a mesh: that a mesh says so itself is reported.
    let is_foreign = kind != Kind::Mesh && is_foreign(&parts.owner);
    let kind = kind.of_mesh(home.kinds);
    let mut resource = Resource {
        kind,
        kind_name: Cow::Borrowed(kind.name),
        api_version: Box::default(),
        attached_to: parent.map(|parent| (mesh.clone(), parent)),
        attached_at: parts.parent.span,
        member_of: mesh.clone(),
        namespace: mesh,
        name_span,
        span: home.span,
        spec_key: if spec_key.is_empty() { name_span } else { spec_key },
        file: home.file,
        labels: Labels::default(),
        annotations: Labels::default(),
        live: cx.live,
        is_partial: is_partial || model.is_partial(),
        is_patchy: is_partial || cx.is_patchy,
        is_open: false,
        digest: home.digest,
        deployed_name: Some((name.clone(), name_span)),
        name,
        namespace_selector: Selection::Absent,
        route_selector: Selection::Absent,
        pod_selector: Selection::Absent,
        condition: home.condition.map(Into::into),
        is_shared: home.is_shared || is_foreign,
        references: Vec::new(),
        listeners: Vec::new(),
        routes: Vec::new(),
        has_open_routes: false,
        has_open_provider: false,
        outbound: Outbound::Unknown,
        detail: Detail::None,
        scope: ScopeId::ROOT,
    };
    let facts: &mut Vec<Fact> = &mut cx.facts;
    resource.detail = model.carry(&mut Lowering { kinds: home.kinds, facts, resource: Some(&mut resource) });
    Some(resource)
}

/// A name as it is written, or as the deployment makes it; one that could not be read may be any.
fn name_of(field: &Field<Name>, home: &Home<'_>) -> Option<Name> {
    match (&field.state, &home.made) {
        (State::Known(name), _) => Some(name.clone()),
        (State::Absent, None) => None,
        (State::Absent, Some(made)) => Some(made.clone()),
        (State::Unknown(text), _) => Some(Name::made(text, "", home.digest.max(1))),
        (State::Malformed, _) => Some(Name::made("", "", home.digest.max(1))),
    }
}
