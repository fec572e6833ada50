//! The conductor: reads, lowers, links, judges, and binds what was said to what was asked for.

mod clock;
mod copy;
mod finish;
mod ignore;
mod known;
mod read;
mod run;
mod selection;
mod suite;
mod trace;

pub use clock::Clock;
pub use ignore::{Addition, Skipped, additions};
pub use known::{Debt, Renewal, Renewed, check_since, renew};
pub use run::{Outcome, Settings, check};
pub use selection::{Choice, Selection, UnknownName, find_rule};
pub use suite::{Tested, test};
pub use trace::{
    Asked, BadRequest, Candidate, Destination, Entrance, RouteName, Step, StepKind, Trace, Tracer, Verdict,
};

/// Every rule, for those who list and explain them.
pub use crate::rules::{ALL as RULES, Case, Page, Rule, Status};
