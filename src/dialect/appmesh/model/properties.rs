//! What stands around a spec where no Kubernetes object does: the properties of a resource in a CloudFormation template,
//! and the body of a call of the API.

use crate::dialect::shape::{List, On, Text, shape};
use crate::mesh::Name;

use super::{GatewayRoute, Mesh, Route, VirtualGateway, VirtualNode, VirtualRouter, VirtualService};

shape! {
    /// A tag.
    pub struct Tag = "a tag" {
        key: Name = "key", required, length(1, 128);
        value: Name = "value", required, length(0, 256);
    }
}

shape! {
    /// A mesh, as the cloud takes it.
    pub struct MeshProperties = "a mesh" {
        mesh_name: Name = "meshName", length(1, 255);
        mesh_owner: Text = "meshOwner", on(On::CloudFormation), read_only;
        spec: Box<Mesh> = "spec";
        tags: List<Box<Tag>> = "tags", items(0, 50);
        client_token: Text = "clientToken", on(On::Api);
        arn: Name = "arn", on(On::CloudFormation), read_only;
        id: Name = "id", on(On::CloudFormation), read_only;
        uid: Name = "uid", on(On::CloudFormation), read_only;
        resource_owner: Text = "resourceOwner", on(On::CloudFormation), read_only;
    }
}

/// Declares what all members of a mesh have around their specs, with what is asked of their names.
macro_rules! properties {
    ($(
        $(#[$meta:meta])* $name:ident = $words:literal of $spec:ty {
            $( $own:ident = $key:literal $(, $asked:ident $( ( $($bound:expr),* ) )? )*; )*
        }
    )*) => {
        $( shape! {
            $(#[$meta])*
            pub struct $name = $words {
                mesh_name: Name = "meshName", required_on(On::CloudFormation), length(1, 255);
                mesh_owner: Text = "meshOwner", length(12, 12);
                $( $own: Name = $key $(, $asked $( ( $($bound),* ) )? )*; )*
                spec: Box<$spec> = "spec", required;
                tags: List<Box<Tag>> = "tags", items(0, 50);
                client_token: Text = "clientToken", on(On::Api);
                arn: Name = "arn", on(On::CloudFormation), read_only;
                id: Name = "id", on(On::CloudFormation), read_only;
                uid: Name = "uid", on(On::CloudFormation), read_only;
                resource_owner: Text = "resourceOwner", on(On::CloudFormation), read_only;
            }
        } )*
    };
}

properties! {
    /// A virtual node, as the cloud takes it.
    VirtualNodeProperties = "a virtual node" of VirtualNode {
        virtual_node_name = "virtualNodeName", length(1, 255);
    }
    /// A virtual service, as the cloud takes it.
    VirtualServiceProperties = "a virtual service" of VirtualService {
        virtual_service_name = "virtualServiceName", required_on(On::CloudFormation);
    }
    /// A virtual router, as the cloud takes it.
    VirtualRouterProperties = "a virtual router" of VirtualRouter {
        virtual_router_name = "virtualRouterName", length(1, 255);
    }
    /// A route, which is a resource of its own in the cloud.
    RouteProperties = "a route" of Route {
        virtual_router_name = "virtualRouterName", required_on(On::CloudFormation), length(1, 255);
        route_name = "routeName", length(1, 255);
    }
    /// A virtual gateway, as the cloud takes it.
    VirtualGatewayProperties = "a virtual gateway" of VirtualGateway {
        virtual_gateway_name = "virtualGatewayName", length(1, 255);
    }
    /// A gateway route, as the cloud takes it.
    GatewayRouteProperties = "a gateway route" of GatewayRoute {
        virtual_gateway_name = "virtualGatewayName", required_on(On::CloudFormation), length(1, 255);
        gateway_route_name = "gatewayRouteName", length(1, 255);
    }
}
