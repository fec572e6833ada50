//! The kinds of resources, in each spelling.

use crate::mesh::{Kind, Role, Surface};

use super::DIALECT;

/// The kinds of one spelling.
#[derive(Debug)]
pub(super) struct Kinds {
    pub(super) mesh: Kind,
    pub(super) node: Kind,
    pub(super) service: Kind,
    pub(super) router: Kind,
    /// On Kubernetes routes stand in their routers.
    pub(super) route: Kind,
    pub(super) gateway: Kind,
    pub(super) gateway_route: Kind,
    /// Kubernetes alone has it.
    pub(super) group: Kind,
}

/// The kinds of a surface, each with its name there.
macro_rules! kinds {
    ($surface:ident, $mesh:literal, $node:literal, $service:literal, $router:literal, $route:literal, $gateway:literal,
     $gateway_route:literal, $group:literal) => {
        Kinds {
            mesh: kind($mesh, "mesh", Role::Mesh, Surface::$surface),
            node: kind($node, "virtual node", Role::Node, Surface::$surface),
            service: kind($service, "virtual service", Role::Service, Surface::$surface),
            router: kind($router, "virtual router", Role::Router, Surface::$surface),
            route: kind($route, "route", Role::Route, Surface::$surface),
            gateway: kind($gateway, "virtual gateway", Role::Gateway, Surface::$surface),
            gateway_route: kind($gateway_route, "gateway route", Role::GatewayRoute, Surface::$surface),
            group: kind($group, "backend group", Role::Group, Surface::$surface),
        }
    };
}

const fn kind(name: &'static str, words: &'static str, role: Role, surface: Surface) -> Kind {
    Kind { dialect: DIALECT, name, words, role, surface }
}

/// Custom resources of Kubernetes.
#[rustfmt::skip]
pub(super) static CLUSTER: Kinds = kinds!(
    Cluster, "Mesh", "VirtualNode", "VirtualService", "VirtualRouter", "Route", "VirtualGateway", "GatewayRoute",
    "BackendGroup"
);

/// Resources of a CloudFormation template.
#[rustfmt::skip]
pub(super) static TEMPLATE: Kinds = kinds!(
    Template, "AWS::AppMesh::Mesh", "AWS::AppMesh::VirtualNode", "AWS::AppMesh::VirtualService",
    "AWS::AppMesh::VirtualRouter", "AWS::AppMesh::Route", "AWS::AppMesh::VirtualGateway", "AWS::AppMesh::GatewayRoute",
    "AWS::AppMesh::BackendGroup"
);

/// Bodies of calls of the API.
#[rustfmt::skip]
pub(super) static CALL: Kinds = kinds!(
    Call, "Mesh", "VirtualNode", "VirtualService", "VirtualRouter", "Route", "VirtualGateway", "GatewayRoute",
    "BackendGroup"
);
