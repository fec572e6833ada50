//! The vocabulary of judgement: what a rule says ([`Draft`]), what a reader is told ([`Finding`]),
//! and what lowering noticed before any rule ran ([`Fact`]).

mod draft;
mod fact;
mod level;

pub use draft::{Applicability, Draft, Edit, Finding, Fix, Label, Subject};
pub use fact::Fact;
pub use level::{Category, Severity};
