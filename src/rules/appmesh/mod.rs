//! Rules about App Mesh alone.

pub(super) mod backend_group_member;
pub(super) mod cross_mesh_reference;
pub(super) mod duplicate_backend;
pub(super) mod foreign_mesh_arn;
pub(super) mod gateway_without_routes;
pub(super) mod router_without_routes;
pub(super) mod service_without_provider;
pub(super) mod unlisted_backend;
pub(super) mod unused_router;
