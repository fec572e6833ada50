//! AWS App Mesh.

mod condition;
mod kubernetes;
mod matching;
pub mod model;
mod outbound;

pub(super) use kubernetes::{owns, read};

use crate::yaml::{Document, NodeId};

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
