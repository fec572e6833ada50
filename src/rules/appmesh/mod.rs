//! Rules about App Mesh alone.

mod annotation;
pub(super) mod duplicate_aws_name;
pub(super) mod empty_pod_selector;
pub(super) mod gateway_in_other_mesh;
pub(super) mod gateway_without_envoy_container;
pub(super) mod ignored_annotation;
mod injection;
pub(super) mod injection_annotation_without_label;
pub(super) mod malformed_annotation;
pub(super) mod malformed_injection_value;
pub(super) mod malformed_name;
pub(super) mod malformed_selector;
pub(super) mod misplaced_annotation;
pub(super) mod missing_gateway_selector;
pub(super) mod missing_injection_label;
pub(super) mod missing_mesh_selector;
pub(super) mod missing_pod_selector;
pub(super) mod namespace_in_several_meshes;
pub(super) mod namespace_without_mesh;
pub(super) mod pod_in_several_nodes;
pub(super) mod pod_with_envoy_container;
pub(super) mod pod_without_node;
pub(super) mod route_in_several_gateways;
pub(super) mod route_without_gateway;
pub(super) mod selector_without_pods;
pub(super) mod unknown_annotation;
pub(super) mod unresolvable_service_name;
