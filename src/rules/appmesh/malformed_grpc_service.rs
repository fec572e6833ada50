//! The name of a gRPC service with a slash, or without a package.

use crate::finding::{Applicability, Draft, Fact, Severity};
use crate::rules::wording::short;
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-grpc-service", include_str!("../../../rules/malformed-grpc-service.md")).facts(say);

/// Argument: the name.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let name = fact.text(0);
    if name.contains('/') { with_slash(fact, spot, name) } else { without_package(fact, spot, name) }
}

fn with_slash(fact: &Fact, spot: &Spot<'_>, name: &str) -> Draft {
    let bare = name.trim_matches('/');
    let help = match bare.split_once('/') {
        Some((service, method)) if !method.contains('/') && !service.is_empty() => {
            format!("write `serviceName: {}` and `methodName: {}`", short(service), short(method))
        }
        None if !bare.is_empty() => format!("write `{}`", short(bare)),
        _ => "write the name of the service with its package, as in `shop.v1.Cart`".to_owned(),
    };
    let draft =
        Draft::new(fact.case, format!("the name of a gRPC service holds no `/`, and this one is `{}`", short(name)))
            .at(spot.at(fact.span), "the slashes of the path are added by App Mesh")
            .why("calls go to `/service/method`: with a slash too many no call takes the route")
            .help(help);
    match bare.is_empty() || bare.contains('/') {
        true => draft,
        false => draft.fix(format!("write `{}`", short(bare)), Applicability::Safe, fact.span, bare),
    }
}

fn without_package(fact: &Fact, spot: &Spot<'_>, name: &str) -> Draft {
    Draft::new(fact.case, format!("gRPC service `{}` is named without a package", short(name)))
        .severity(Severity::Info)
        .at(spot.at(fact.span), "no package")
        .why("where the `.proto` file declares a package, calls name it, as in `/shop.v1.Cart/Add`, and the bare name takes none of them")
        .help("write the package before the name, if there is one")
}
