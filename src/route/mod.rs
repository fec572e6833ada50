//! The algebra of requests.
//!
//! A matcher is a set of requests: a conjunction over dimensions (host, path, each header…), each holding a regular
//! language or nothing at all. Overlap, cover and what becomes of a set under a rewrite are decided on these sets, and
//! whatever is claimed is proved by a witness, a request that is in the set. Questions cost steps from a budget; past
//! it the answer is [`Undecided`].
//!
//! The room knows no vocabulary, no file and no place in a file.

mod atom;
mod automaton;
mod budget;
mod lang;
mod rank;
pub mod re2;
mod request;
mod rewrite;
mod set;
mod table;

pub use atom::Atom;
pub use automaton::{Automaton, NoAutomaton};
pub use budget::{Budget, Undecided};
pub use lang::{Alphabet, BYTES, Lang, Letters, Term};
pub use rank::{Precedence, Rank};
pub use request::{Dimension, Request, Values};
pub use rewrite::{PathRewrite, Rewrite};
pub use set::{Cube, RequestSet};
pub use table::{Entry, Realm, Shadow, Table};
