//! The pure algebra of requests: no spans, no files, no dialect.

pub mod re2;
