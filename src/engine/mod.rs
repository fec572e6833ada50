//! The conductor: reads, lowers, links, judges, and binds what was said to what was asked for.

mod finish;
mod read;
mod run;
mod selection;

pub use run::{Outcome, Settings, check};
pub use selection::{Choice, Selection, UnknownName, find_rule};

/// Every rule, for those who list and explain them.
pub use crate::rules::{ALL as RULES, Case, Page, Rule, Status};
