//! A prefix or a path that no request has, or that means something else than it seems to.

use super::wording::short;
use super::{Rule, Spot};
use crate::finding::{Applicability, Draft, Fact};

/// The rule.
pub(super) static RULE: Rule = Rule::new("malformed-path", include_str!("../../rules/malformed-path.md")).facts(say);

fn say(fact: &Fact, spot: &Spot<'_>) -> Draft {
    match fact.case {
        "prefix-contains-glob-or-query" => odd_character(fact, spot),
        "path-not-normalised" => not_normalised(fact, spot),
        _ => no_slash(fact, spot),
    }
}

/// Arguments: `prefix` or `exact`, and the text.
fn no_slash(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, path) = (fact.text(0), fact.text(1));
    let draft = match path {
        "" => Draft::new(fact.case, format!("`{name}` is empty, and must begin with `/`")),
        _ => Draft::new(fact.case, format!("`{name}` `{}` does not begin with `/`", short(path))),
    };
    let draft = draft
        .at(spot.at(fact.span), "must begin with `/`")
        .why("every path begins with `/`: the control plane refuses the route, or no request ever takes it");
    match path {
        "" | "*" => draft.help(format!("to match every path, write `{}`", everything(name))),
        _ if path.contains("://") => draft.help("write the path alone, without scheme and host"),
        _ => {
            let title = format!("write `/{}`", short(path));
            let draft = draft.help(title.clone());
            // What holds more than a path is to be written anew.
            let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
            // What has a dot may be the name of a host, or the end of that of a file.
            let is_certain = !path.contains('.') && path.starts_with(|first: char| first.is_ascii_alphanumeric());
            let applicability = if is_certain { Applicability::Safe } else { Applicability::Unsafe };
            if is_plain { draft.fix(title, applicability, fact.span, format!("/{path}")) } else { draft }
        }
    }
}

fn everything(name: &str) -> &'static str {
    if name == "prefix" { "/" } else { "prefix: /" }
}

/// Arguments: `prefix` or `exact`, the text, and the character.
fn odd_character(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, path, odd) = (fact.text(0), short(fact.text(1)), fact.text(2));
    let (what, help) = match odd {
        "*" => {
            let help = match name {
                "prefix" => "a prefix takes whatever follows it: leave the `*` out, or match the path by a `regex`",
                _ => "match the path by a `regex`, or by a `prefix`",
            };
            ("`*` stands for itself".to_owned(), help)
        }
        "?" => ("no path holds a `?`".to_owned(), "match what follows the `?` with `queryParameters`"),
        "#" => ("no path holds a `#`".to_owned(), "leave out the `#` and what follows it: clients do not send it"),
        _ => {
            let named = if odd == " " { "a blank".to_owned() } else { format!("{odd:?}").replace('"', "`") };
            (format!("no path holds {named}"), "write it as clients send it, percent-encoded")
        }
    };
    let draft = Draft::new(fact.case, format!("{what} in `{name}` `{path}`"))
        .at(spot.at(fact.span), "compared as it is written")
        .why("the path is compared character by character, up to where the query begins")
        .help(help);
    match fact.text(1).strip_suffix('*').filter(|rest| name == "prefix" && rest.ends_with('/') && !rest.contains('*')) {
        Some(rest) => draft.fix(format!("write `{}`", short(rest)), Applicability::Unsafe, fact.span, rest),
        None => draft,
    }
}

/// Arguments: `prefix` or `exact`, the text, the part that normalisation takes away, and what is left.
fn not_normalised(fact: &Fact, spot: &Spot<'_>) -> Draft {
    let (name, path, part, result) = (fact.text(0), short(fact.text(1)), fact.text(2), short(fact.text(3)));
    Draft::new(fact.case, format!("`{name}` `{path}` holds `{part}`, which the proxy takes out of every path"))
        .at(spot.at(fact.span), "taken out of the paths of requests before they are matched")
        .why("slashes are merged and dot segments are resolved first, so that no request takes the route")
        .help(format!("write `{result}`"))
        .fix(format!("write `{result}`"), Applicability::Unsafe, fact.span, fact.text(3))
}
