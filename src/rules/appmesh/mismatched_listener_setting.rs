//! A connection pool or a timeout of a listener that is written for another protocol than the listener's.

use super::listener::{self, View, Word};
use crate::finding::Draft;
use crate::mesh::Mesh;
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("mismatched-listener-setting", include_str!("../../../rules/mismatched-listener-setting.md")).mesh(check);

const POOL_CASE: &str = "connection-pool-protocol";
const TIMEOUT_CASE: &str = "listener-timeout-protocol";

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for view in listener::all(mesh) {
        for (case, words, written) in
            [(POOL_CASE, "connection pool", &view.pools), (TIMEOUT_CASE, "timeout", &view.timeouts)]
        {
            // Several at once are a fault of their own.
            if let ([one], Some(protocol)) = (&written[..], view.protocol)
                && one.0 != protocol.0
            {
                out.push(mismatch(&view, case, words, *one, protocol));
            }
        }
    }
}

fn mismatch(view: &View<'_>, case: &'static str, words: &str, written: Word, protocol: Word) -> Draft {
    let (other, own, owner) = (written.0, protocol.0, view.owner);
    let (an, its) = (article(other), article(own));
    Draft::new(case, format!("{an} {other} {words} in {its} {own} listener of {}", owner.title()))
        .at(owner.at(written.1), format!("written for {other}"))
        .at(owner.at(protocol.1), format!("the listener speaks {own}"))
        .why(format!(
            "a {words} has to be of the protocol of its listener: App Mesh refuses the listener, or limits nothing"
        ))
        .help(format!("write the {words} under `{own}`, or correct the protocol of the listener"))
        .on(owner.subject())
}

fn article(protocol: &str) -> &'static str {
    if protocol.starts_with("http") { "an" } else { "a" }
}
