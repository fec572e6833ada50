//! `VirtualService` and `BackendGroup`.

use crate::dialect::shape::{List, On, shape};
use crate::mesh::Name;

use super::{MeshRef, Ref};

shape! {
    /// A name that clients call, with what provides it.
    pub struct VirtualService = "a virtual service" {
        aws_name: Name = "awsName", on(On::Kubernetes);
        provider: Box<Provider> = "provider";
        mesh_ref: Box<MeshRef> = "meshRef", read_only, on(On::Kubernetes);
    }
    hint { "meshName", "legacy-key-in-v1beta2", "leave it out: the labels of the namespace choose the mesh" }
    hint { "virtualServiceName", "legacy-key-in-v1beta2", "awsName" }
    hint { "virtualRouter", "legacy-key-in-v1beta2", "a virtual router is a resource of its own, which `provider.virtualRouter.virtualRouterRef` names" }
    hint { "routes", "legacy-key-in-v1beta2", "routes stand in a virtual router, which `provider.virtualRouter.virtualRouterRef` names" }
}

shape! {
    /// What provides a service.
    pub struct Provider = "a provider" {
        virtual_node: Box<NodeProvider> = "virtualNode";
        virtual_router: Box<RouterProvider> = "virtualRouter";
    }
    one_of { ["virtualNode", "virtualRouter"], several "provider-union" }
}

shape! {
    /// A node that provides a service.
    pub struct NodeProvider = "a node provider" {
        reference: Box<Ref> = "virtualNodeRef", on(On::Kubernetes);
        arn: Name = "virtualNodeARN", on(On::Kubernetes);
        name: Name = "virtualNodeName", required, on(On::Cloud), length(1, 255);
    }
    one_of { ["virtualNodeRef", "virtualNodeARN"], none "ref-or-arn-missing", several "ref-and-arn", on Kubernetes }
    hint { "virtualNodeName", "legacy-key-in-v1beta2", "virtualNodeRef" }
    hint { "name", "unknown-field", "virtualNodeRef" }
}

shape! {
    /// A router that provides a service.
    pub struct RouterProvider = "a router provider" {
        reference: Box<Ref> = "virtualRouterRef", on(On::Kubernetes);
        arn: Name = "virtualRouterARN", on(On::Kubernetes);
        name: Name = "virtualRouterName", required, on(On::Cloud), length(1, 255);
    }
    one_of { ["virtualRouterRef", "virtualRouterARN"], none "ref-or-arn-missing", several "ref-and-arn", on Kubernetes }
    hint { "virtualRouterName", "wrong-surface-casing", "virtualRouterRef" }
    hint { "name", "unknown-field", "virtualRouterRef" }
}

shape! {
    /// A set of services that nodes list as one.
    pub struct BackendGroup = "a backend group" {
        virtual_services: List<Box<Ref>> = "virtualservices";
        mesh_ref: Box<MeshRef> = "meshRef", read_only;
    }
}
