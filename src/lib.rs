#![allow(missing_docs)]
pub mod finding;
pub mod mesh;
pub mod report;
pub mod rules;
pub mod source;
