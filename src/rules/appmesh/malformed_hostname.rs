//! A condition on the host that no host meets, or that takes others than it seems to.

use crate::finding::{Applicability, Change, Draft, Fact, Severity};
use crate::rules::wording::short;
use crate::rules::{Rule, Spot};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-hostname", include_str!("../../../rules/malformed-hostname.md")).facts(say);

/// Arguments: `exact` or `suffix`, and the host.
fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    match (fact.case, fact.text(0)) {
        ("hostname-has-port-or-scheme", name) => more_than_a_host(fact, spot, name),
        ("hostname-wildcard", "exact") => wildcard_in_exact(fact, spot),
        ("hostname-wildcard", _) => wildcard_in_suffix(fact, spot),
        _ => no_dot(fact, spot),
    }
}

fn more_than_a_host(fact: &Fact, spot: &Spot<'_>, name: &str) -> Draft {
    let host = fact.text(1);
    let bare = host.split_once("://").map_or(host, |(_, rest)| rest);
    let bare = bare.split(['/', ':']).next().unwrap_or("");
    let help = match bare {
        "" => "write the name of the host alone".to_owned(),
        _ => format!("write `{}`; the port is matched with `port`, the path with `prefix` or `path`", short(bare)),
    };
    let draft = Draft::new(fact.case, format!("`{name}` `{}` is more than the name of a host", short(host)))
        .at(spot.at(fact.span), "a host has no scheme, no port and no path")
        .why("the control plane refuses it, or no request ever takes the route")
        .help(help);
    match bare {
        "" => draft,
        _ => draft.fix(format!("write `{}`", short(bare)), Applicability::Unsafe, fact.span, bare),
    }
}

fn wildcard_in_exact(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let host = fact.text(1);
    let suffix = host.strip_prefix('*').filter(|rest| rest.starts_with('.') && !rest.contains('*'));
    let help = match suffix {
        Some(rest) => format!("write `suffix: {}`", short(rest)),
        None => "write the host in full, or the end of it as `suffix`".to_owned(),
    };
    let draft = Draft::new(fact.case, format!("`exact` `{}` holds a `*`, and takes no host", short(host)))
        .severity(Severity::Error)
        .at(spot.at(fact.span), "`*` stands for nothing here")
        .why("an exact name is compared as it is written, and no host has a `*`")
        .help(help);
    match suffix {
        Some(rest) => draft.remedy(
            format!("write `suffix: {}`", short(rest)),
            Applicability::Safe,
            [(fact.span, Change::Rename("suffix".to_owned())), (fact.span, Change::Say(rest.to_owned()))],
        ),
        None => draft,
    }
}

fn wildcard_in_suffix(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let host = fact.text(1);
    let draft = Draft::new(fact.case, format!("`suffix` `{}` holds a `*`, which may take no host", short(host)))
        .at(spot.at(fact.span), "a suffix stands for any beginning already")
        .why("whether App Mesh takes a `*` in a suffix is not documented; the form without it is known to work");
    match host.strip_prefix('*').filter(|rest| rest.starts_with('.') && !rest.contains('*')) {
        Some(rest) => {
            let title = format!("write `{}`", short(rest));
            draft.help(title.clone()).fix(title, Applicability::Unsafe, fact.span, rest)
        }
        None => draft.help("write the end of the host with a dot before it, as in `.example.com`"),
    }
}

fn no_dot(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let host = short(fact.text(1));
    let title = format!("write `.{host}`");
    Draft::new(fact.case, format!("`suffix` `{host}` does not begin with a dot"))
        .at(spot.at(fact.span), "ends in the middle of a name")
        .why(format!("only suffixes that begin with a dot are known to work, and this one would also take `bad{host}`"))
        .help(format!("{title}, and match `{host}` itself, if it is meant, in a route with `exact`"))
        .fix(title, Applicability::Unsafe, fact.span, format!(".{}", fact.text(1)))
}
