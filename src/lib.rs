//! meshlint
pub mod finding;
pub mod mesh;
pub mod source;
