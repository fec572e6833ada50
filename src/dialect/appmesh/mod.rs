//! AWS App Mesh.

mod condition;
mod kubernetes;
mod matching;
pub mod model;
mod outbound;

pub(super) use kubernetes::{owns, read};

/// The name of the vocabulary.
pub(super) const NAME: &str = "appmesh";

use crate::yaml::{Document, NodeId};

/// What those who ask for more are told about all of it (AWS announcement of 2024-09-24).
pub(super) const REMARK: &str = "AWS App Mesh ended on 2026-09-30: its control plane takes no changes any more";

/// Whether a text may hold a CloudFormation template with resources of App Mesh.
pub(super) fn may_hold_templates(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"AWS::AppMesh").is_some()
}

/// Whether a text speaks of App Mesh, in whatever spelling.
pub(super) fn is_mentioned(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"appmesh.k8s.aws").is_some() || may_hold_templates(text)
}

/// Whether a document is a CloudFormation template with resources of App Mesh.
pub(super) fn is_template(doc: &Document<'_>, root: NodeId) -> bool {
    let Some(resources) = doc.get(root, "Resources") else { return false };
    let mut kinds = doc.entries(resources).filter_map(|entry| doc.get(entry.value, "Type"));
    kinds.any(|kind| doc.text(kind).starts_with("AWS::AppMesh::"))
}
