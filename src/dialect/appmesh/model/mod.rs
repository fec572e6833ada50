//! The typed model of App Mesh: one type a kind, whatever the spelling.
//!
//! The declarations below are the field table of the whole dialect. Their content is that of the
//! Kubernetes custom resource definitions of the App Mesh controller, tightened by the bounds of the
//! App Mesh API model (2019-01-25) where the definitions are looser than the API behind them. All
//! departures from the definitions:
//!
//! * `awsName` of everything but a virtual service has 255 characters at most, and the name of a route 1 to
//!   255 (`ResourceName` of the API). An empty `awsName` counts as none, as it does for the controller.
//! * The text of a log format has 1 to 1000 characters, key and value of a JSON log member 1 to 100, and each
//!   subject alternative name 1 to 254.
//! * The `listeners` of a router may be empty here: a rule judges that as it judges their absence.
//! * The `port` of a match and of a target is 1 to 65535, where the definitions ask for 0 at least.
//! * `healthyThreshold` is required in the health check of a gateway, too.
//! * The trust of a gateway's listener has no `acm`: the definition offers it, the controller drops it, and the API
//!   then misses a trust.
//! * The members of `meshRef` and `virtualGatewayRef` are not required: whoever writes one of these fields
//!   is told not to, and not how.
//!
//! CloudFormation and the API write the same fields by other names, which [`Spelling`](crate::dialect::shape::Spelling)
//! knows; what only some spellings have says so (`on`). Around a spec they have properties where Kubernetes has metadata.
//! Departures from the CloudFormation resource schemas: bounds and words are those of the API behind them, and so is
//! that a backend names a virtual service.
//!
//! Snapshots beside the tests hold the whole table, spelling by spelling.

mod arn;
mod certificate;
mod discovery;
mod gateway;
mod matcher;
mod mesh;
mod node;
mod policy;
mod properties;
mod router;
mod service;
mod task;
#[cfg(test)]
mod tests;

pub use arn::Arn;
pub(super) use arn::{split, stands_for_an_arn};
pub use certificate::CertificateArn;
pub use gateway::*;
pub use mesh::*;
pub use node::*;
pub use policy::*;
pub use properties::*;
pub use router::*;
pub use service::*;
pub use task::*;

pub use crate::dialect::shape::{Field, List, State, Table, Text, TextMap, Type};
