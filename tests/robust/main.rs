//! What must hold of a run whatever it is given: texts that are broken in every way, the same manifests in
//! another order or under other numbers of threads, and the same data written in another way.
//!
//! The material is every manifest under `fixtures/` and every fence of `rules/*.md`. All choices come from
//! fixed seeds; `MESHLINT_DEEP=1` makes many more of them.

#![allow(clippy::unwrap_used)]

mod mutant;
mod order;
#[path = "../random/mod.rs"]
mod random;
mod rewrite;
mod same;
mod sample;
mod sound;
