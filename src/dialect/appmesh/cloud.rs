//! What the spellings of the cloud have in common: resources with a mesh, a name and a spec.

use crate::dialect::shape::{Cx, Shape, Spec, Type, read, read_root};
use crate::source::Span;
use crate::yaml::{Entry, NodeId};

use super::model::{
    GatewayRoute, GatewayRouteProperties, Mesh, MeshProperties, Route, RouteProperties, VirtualGateway,
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

    /// Reads an object that is a whole body.
    pub(super) fn read_body(self, cx: &mut Cx<'_>, body: NodeId, anchor: Span) {
        match self {
            Self::Mesh => object::<MeshProperties>(cx, body, anchor),
            Self::VirtualNode => object::<VirtualNodeProperties>(cx, body, anchor),
            Self::VirtualService => object::<VirtualServiceProperties>(cx, body, anchor),
            Self::VirtualRouter => object::<VirtualRouterProperties>(cx, body, anchor),
            Self::Route => object::<RouteProperties>(cx, body, anchor),
            Self::VirtualGateway => object::<VirtualGatewayProperties>(cx, body, anchor),
            Self::GatewayRoute => object::<GatewayRouteProperties>(cx, body, anchor),
        }
    }

    /// Reads a spec alone.
    pub(super) fn read_spec(self, cx: &mut Cx<'_>, spec: Entry) {
        let (name, anchor) = ("spec", cx.doc.span(spec.key));
        match self {
            Self::Mesh => drop(read_root::<Mesh>(cx, name, Some(spec), anchor)),
            Self::VirtualNode => drop(read_root::<VirtualNode>(cx, name, Some(spec), anchor)),
            Self::VirtualService => drop(read_root::<VirtualService>(cx, name, Some(spec), anchor)),
            Self::VirtualRouter => drop(read_root::<VirtualRouter>(cx, name, Some(spec), anchor)),
            Self::Route => drop(read_root::<Route>(cx, name, Some(spec), anchor)),
            Self::VirtualGateway => drop(read_root::<VirtualGateway>(cx, name, Some(spec), anchor)),
            Self::GatewayRoute => drop(read_root::<GatewayRoute>(cx, name, Some(spec), anchor)),
        }
    }

    /// Reads what stands around a spec, and the spec.
    pub(super) fn read(self, cx: &mut Cx<'_>, name: &'static str, properties: Option<Entry>, anchor: Span) {
        match self {
            Self::Mesh => drop(read_root::<MeshProperties>(cx, name, properties, anchor)),
            Self::VirtualNode => drop(read_root::<VirtualNodeProperties>(cx, name, properties, anchor)),
            Self::VirtualService => drop(read_root::<VirtualServiceProperties>(cx, name, properties, anchor)),
            Self::VirtualRouter => drop(read_root::<VirtualRouterProperties>(cx, name, properties, anchor)),
            Self::Route => drop(read_root::<RouteProperties>(cx, name, properties, anchor)),
            Self::VirtualGateway => drop(read_root::<VirtualGatewayProperties>(cx, name, properties, anchor)),
            Self::GatewayRoute => drop(read_root::<GatewayRouteProperties>(cx, name, properties, anchor)),
        }
    }
}

fn object<S: Shape>(cx: &mut Cx<'_>, body: NodeId, anchor: Span) {
    read::<Box<S>>(cx, anchor, body, &Spec::new("body", Type::Object(S::TABLE)));
}
