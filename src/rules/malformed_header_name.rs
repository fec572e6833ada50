//! The name of a header that no header can have.

use super::wording::short;
use super::{Rule, Spot};
use crate::finding::{Applicability, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("malformed-header-name", include_str!("../../rules/malformed-header-name.md")).facts(say);

/// Argument: the name.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let name = fact.text(0);
    let mut bare_name = None;
    let (label, help) = match name {
        ":method" => ("a pseudo-header", "match the method with `method`".to_owned()),
        ":path" => ("a pseudo-header", "match the path with `prefix` or `path`".to_owned()),
        ":authority" => {
            ("a pseudo-header", "match the header `host`, or at a gateway the host with `hostname`".to_owned())
        }
        ":scheme" => ("a pseudo-header", "match the scheme with `scheme` in an `http2Route`".to_owned()),
        _ => match name.trim_end_matches(':').trim() {
            bare if bare != name && !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_graphic()) => {
                bare_name = Some(bare);
                ("more than a name", format!("write `{}`", short(bare)))
            }
            _ => ("not a name", "write the name alone, of visible ASCII characters and without `:`".to_owned()),
        },
    };
    let draft = Draft::new(fact.case, format!("no header can be named `{}`", short(name)))
        .at(spot.at(fact.span), label)
        .why("the control plane refuses names of headers with a `:`, a blank or anything else than visible ASCII")
        .help(help);
    match bare_name {
        Some(bare) => draft.fix(format!("write `{}`", short(bare)), Applicability::Safe, fact.span, bare),
        None => draft,
    }
}
