//! Rules about App Mesh alone.

pub(super) mod backend_group_member;
pub(super) mod cross_mesh_reference;
pub(super) mod duplicate_aws_name;
pub(super) mod duplicate_backend;
pub(super) mod foreign_mesh_arn;
pub(super) mod gateway_in_other_mesh;
pub(super) mod gateway_without_routes;
pub(super) mod malformed_name;
pub(super) mod malformed_selector;
pub(super) mod missing_gateway_selector;
pub(super) mod missing_mesh_selector;
pub(super) mod namespace_in_several_meshes;
pub(super) mod namespace_without_mesh;
pub(super) mod route_in_several_gateways;
pub(super) mod route_without_gateway;
pub(super) mod router_without_routes;
pub(super) mod service_without_provider;
pub(super) mod unlisted_backend;
pub(super) mod unresolvable_service_name;
pub(super) mod unused_router;
