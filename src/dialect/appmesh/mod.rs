//! AWS App Mesh.

mod api;
mod cloud;
mod cloud_formation;
mod condition;
mod kubernetes;
mod matching;
pub mod model;
mod outbound;

pub(super) use api::read as read_api;
pub(super) use cloud_formation::{is_template, read as read_template};
pub(super) use kubernetes::{owns, read};

const DIALECT: &str = "appmesh";

/// Whether a text may hold resources of App Mesh as the cloud takes them.
pub(super) fn may_hold_templates(text: &str) -> bool {
    cloud_formation::may_be_in(text) || api::may_be_in(text)
}

/// Whether a text speaks of App Mesh, in whatever spelling.
pub(super) fn is_mentioned(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"appmesh.k8s.aws").is_some() || may_hold_templates(text)
}
