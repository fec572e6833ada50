//! AWS App Mesh.

mod api;
mod cloud;
mod cloud_formation;
mod condition;
mod ecs;
mod kind;
mod kubernetes;
mod lower;
mod matching;
pub mod model;
mod outbound;

pub(super) use api::read as read_api;
pub(super) use cloud_formation::{is_template, read as read_template};
pub(super) use ecs::read as read_tasks;
pub(super) use kubernetes::{kinds, owns, read};

use crate::dialect::shape::Spelling;
use crate::finding::Subject;

const DIALECT: &str = "appmesh";

/// What those who ask for more are told about all of it (AWS announcement of 2024-09-24).
const REMARK: &str = "AWS App Mesh ended on 2026-09-30: its control plane takes no changes any more";

/// What there is to be said about a vocabulary as a whole, where it is this one.
pub(super) fn remark(dialect: &str) -> Option<&'static str> {
    (dialect == DIALECT).then_some(REMARK)
}

/// A sentence about a resource in the words of its spelling.
pub(super) fn respelt(subject: &Subject, text: &str) -> Option<String> {
    let is_of_template = subject.kind.starts_with(cloud_formation::TYPE);
    is_of_template.then(|| Spelling::CloudFormation.respelt(text, &subject.name)).flatten()
}

/// Whether a text may hold resources of App Mesh as the cloud takes them.
pub(super) fn may_hold_templates(text: &str) -> bool {
    cloud_formation::may_be_in(text) || api::may_be_in(text) || ecs::may_be_in(text)
}

/// Whether a text speaks of App Mesh, in whatever spelling.
pub(super) fn is_mentioned(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"appmesh.k8s.aws").is_some() || may_hold_templates(text)
}
