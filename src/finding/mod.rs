//! The vocabulary of judgement: what a rule says ([`Draft`]), what a reader is told ([`Finding`]),
//! what lowering noticed before any rule ran ([`Fact`]), and what a run comes to ([`Summary`]).

mod baseline;
mod draft;
mod fact;
mod level;
mod summary;
mod witness;

pub use baseline::{Baseline, Known, Unreadable, World, identity};
pub use draft::{Applicability, Change, Draft, Edit, Finding, Fix, Label, Locus, Rendered, Silencer, Status, Subject};
pub use fact::Fact;
pub use level::{Category, Severity};
pub use summary::{Expectations, Summary};

/// What is said points at places, so whoever says something finds them here.
pub use crate::source::{FileId, Place, Span};
pub use witness::{Witness, quoted};
