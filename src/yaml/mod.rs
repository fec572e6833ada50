//! YAML and JSON text to one spanned tree for each document.
//!
//! Reading never fails: what is wrong with a document is a value ([`SyntaxError`]) beside the part of
//! the tree that could be built, and one broken document does not touch the others, because a stream
//! is split at its `---` lines before anything is parsed.

mod builder;
mod edit;
mod fault;
mod inspect;
mod json;
mod locus;
mod mask;
mod parse;
mod scalar;
mod shortcut;
mod split;
#[cfg(test)]
mod tests;
mod tree;

pub use edit::{Editor, Replacement};
pub use inspect::{Duplicate, Values, digest, duplicate_keys};
pub use json::json_problems;
pub use locus::locus;
pub use mask::{looks_like_template, open_blocks};
pub use parse::{Options, SyntaxError, SyntaxErrorKind, parse};
pub use scalar::{Profile, Value, resolve};
pub use split::{Chunk, split};
pub use tree::{Comment, Document, Entry, Kind, NodeId, Style};
