//! Rules about App Mesh alone.

pub(super) mod duplicate_aws_name;
pub(super) mod gateway_in_other_mesh;
pub(super) mod malformed_account_id;
pub(super) mod malformed_arn;
pub(super) mod malformed_name;
pub(super) mod malformed_selector;
pub(super) mod missing_gateway_selector;
pub(super) mod missing_mesh_selector;
pub(super) mod namespace_in_several_meshes;
pub(super) mod namespace_without_mesh;
pub(super) mod route_in_several_gateways;
pub(super) mod route_without_gateway;
pub(super) mod unresolvable_service_name;
