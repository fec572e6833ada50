//! The conductor: reads, lowers, links, judges, and binds what was said to what was asked for.

mod clock;
mod config;
mod copy;
mod finish;
mod fix;
mod ignore;
mod known;
mod patch;
mod picture;
mod read;
mod reader;
mod remedy;
mod rendered;
mod run;
mod selection;
mod suite;
mod trace;
mod unrendered;

pub use clock::Clock;
pub use config::{
    Config, External, ForFiles, ForResources, KEYS, Key, Level, Loaded as LoadedConfig, Patterns, Said, ScopeOf, Where,
    is_category, load as load_config,
};
pub use fix::{Fixed, fix};
pub use ignore::{Addition, Skipped, additions};
pub use known::{Debt, Renewal, Renewed, check_since, renew};
pub use patch::Patched;
pub use picture::{focus, picture};
pub use run::{Outcome, ScopeNote, Settings, check};
pub use selection::{Choice, Levels, Selection, UnknownName, find_rule, is_off_by_default};
pub use suite::{Tested, test};
pub use trace::{
    Asked, BadRequest, Candidate, Destination, Entrance, RouteName, Step, StepKind, Trace, Tracer, Verdict,
};

/// Every rule, for those who list and explain them.
pub use crate::rules::{ALL as RULES, Case, Measure, Page, Rule, Status};
