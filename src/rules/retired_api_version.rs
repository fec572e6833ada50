//! An API version that no API server knows any more, or never knew.

use super::{Rule, Spot};
use crate::finding::{Applicability, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule =
    Rule::new("retired-api-version", include_str!("../../rules/retired-api-version.md")).facts(say);

/// Arguments: the version, and the one that is served.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (written, served) = (fact.text(0), fact.text(1));
    if fact.case == "deprecated-api-2018" {
        return Draft::new(fact.case, format!("this is a body for the API of {written}, which is gone"))
            .at(spot.at(fact.span), "a field of the preview")
            .why("the preview ended when App Mesh came out: no call takes it any more")
            .help(format!(
                "write it for the API of {served}: backends are objects with a `virtualService`, a host is `dns.hostname`, and a router has `listeners`"
            ));
    }
    let is_old = written.ends_with("/v1beta1");
    let message = match is_old {
        true => format!("`{written}` is not served any more"),
        false => format!("`{written}` is not served"),
    };
    let kind = spot.subject.map_or("", |subject| subject.kind.as_str());
    let advice = advice(kind).filter(|_| is_old);
    let help = match advice {
        Some(advice) => format!("move to `{served}`: {advice}"),
        None => format!("write `{served}`, the only version there is"),
    };
    let draft = Draft::new(fact.case, message)
        .at(spot.at(fact.span), format!("the only version is `{served}`"))
        .why("the custom resource definitions serve one version, so that `kubectl apply` finds no such kind")
        .help(help);
    match advice {
        Some(_) => draft,
        None => draft.fix(format!("write `{served}`"), Applicability::Unsafe, fact.span, served),
    }
}

/// What differs in the version after `v1beta1`.
fn advice(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Mesh" => "a mesh has a `namespaceSelector`, and no `serviceDiscoveryType`",
        "VirtualNode" => {
            "a node has a `podSelector` and no `meshName`, `dns.hostname` is written in lower case, `cloudMap` is `awsCloudMap`, and a backend has a `virtualServiceRef`"
        }
        "VirtualService" => {
            "the routes move to a `VirtualRouter` of their own as `httpRoute`, `grpcRoute` or `tcpRoute`, the service names it as its `provider`, and its DNS name becomes `awsName`"
        }
        _ => return None,
    })
}
