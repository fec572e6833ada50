//! The typed model of App Mesh: one type a kind, whatever the spelling.
//!
//! The declarations below are the field table of the whole dialect. Their content is that of the
//! Kubernetes custom resource definitions of the App Mesh controller, tightened by the bounds of the
//! App Mesh API model (2019-01-25) where the definitions are looser than the API behind them.

mod arn;
mod gateway;
mod mesh;
mod node;
mod policy;
mod router;
mod service;

pub use arn::Arn;
pub use gateway::*;
pub use mesh::*;
pub use node::*;
pub use policy::*;
pub use router::*;
pub use service::*;

pub use crate::dialect::shape::{Field, List, State, Table, Text, TextMap, Type};
