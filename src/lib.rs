//! meshlint reads service-mesh manifests and says, before anything is deployed, what is broken, what
//! can never be reached, and what will not do what its author meant.
//!
//! This file is the map. Data flows one way, and a room imports only from rooms that come before it:
//!
//! * [`source`]: bytes and places. Finds and reads files, turns offsets into lines and columns. The
//!   only room that touches the disk.
//! * [`yaml`]: YAML and JSON text to one spanned tree for each document. Never fails.
//! * [`finding`]: the vocabulary of judgement: facts, drafts, findings, labels, severities.
//! * [`mesh`]: typed resources, their names, references, membership and scopes, the same for every
//!   vocabulary. Unresolved and unknown are values here.
//! * [`dialect`]: front-ends. Recognise a document, check its shape, lower it into resources.
//! * [`rules`]: one file a rule, with a page under `rules/` and fixtures under `fixtures/`.
//! * [`report`]: findings to a writer, one file a format.
//! * [`engine`]: the conductor: run order, threads, selection of rules.
//! * [`cli`]: flags, subcommands, exit codes. The only room that prints or reads the environment.
//!
//! # Invariants
//!
//! 1. Everything but `source` and `cli` is a function of texts and settings.
//! 2. `yaml` and `dialect` never fail: bad input gives facts and a partial model, and one broken
//!    document does not silence the others.
//! 3. Every value that a rule can complain about carries its span from when it was read.
//! 4. A finding about a conflict has a label on both sides.
//! 5. Rules are pure and independent of one another and of order; findings are sorted by path,
//!    position and rule, whatever the threads.
//! 6. What is not known (a placeholder, something that lives elsewhere) satisfies every check.
//! 7. Ids of rules and slugs of cases never change.

pub mod cli;
pub mod dialect;
pub mod engine;
pub mod finding;
pub mod mesh;
pub mod report;
pub mod route;
pub mod rules;
pub mod source;
pub mod yaml;
