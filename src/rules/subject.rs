//! The identity under which a finding names a resource. It stands here because the mesh does not know
//! the vocabulary of findings.

use crate::finding::Subject;
use crate::mesh::Resource;

impl Resource {
    /// Its identity, for reports.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject {
            dialect: self.kind.dialect,
            api_version: self.api_version.to_string(),
            kind: self.kind_name.to_string(),
            namespace: self.namespace.as_ref().map(ToString::to_string),
            name: self.name.to_string(),
        }
    }
}
