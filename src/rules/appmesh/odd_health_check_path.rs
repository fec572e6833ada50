//! The path of a health check: one that cannot be, one that nobody asks for, and one that is left out.

use super::listener::{self, Check, View};
use crate::finding::{Applicability, Change, Draft};
use crate::mesh::Mesh;
use crate::rules::Rule;
use crate::rules::wording::short;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("odd-health-check-path", include_str!("../../../rules/odd-health-check-path.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (view, check) in listener::checks(mesh) {
        let Some((protocol, _)) = check.protocol else { continue };
        let asks_paths = protocol.starts_with("http");
        // An empty path is none.
        match check.path.known().map(|path| &**path).filter(|path| !path.is_empty()) {
            Some(_) if !asks_paths => out.push(ignored(&view, &check, protocol)),
            Some(path) if !path.starts_with('/') => out.push(slashless(&view, &check, path)),
            None if asks_paths && is_bare(&view, &check) => out.push(missing(&view, &check)),
            _ => {}
        }
    }
}

fn is_bare(view: &View<'_>, check: &Check<'_>) -> bool {
    check.path.is_absent() && !view.owner.is_patchy
}

fn slashless(view: &View<'_>, check: &Check<'_>, path: &str) -> Draft {
    let (owner, whole) = (view.owner, format!("/{path}"));
    let path = short(path);
    let draft =
        Draft::new("health-check-path-slash", format!("the path `{path}` of a health check does not begin with `/`"))
            .at(owner.at(check.path.span), "must begin with `/`")
            .why("no request has such a path: every check fails, and the endpoints get no traffic")
            .help(if path.contains("://") {
                "write the path alone, without scheme and host".to_owned()
            } else {
                format!("write `/{path}`")
            })
            .on(owner.subject());
    match path.contains("://") {
        true => draft,
        false => draft.fix(format!("write `/{path}`"), Applicability::Safe, check.path.span, whole),
    }
}

fn ignored(view: &View<'_>, check: &Check<'_>, protocol: &str) -> Draft {
    let owner = view.owner;
    Draft::new("health-check-path-ignored", format!("a {protocol} health check has no path"))
        .at(owner.at(check.path.key), "ignored")
        .why("only checks by http and http2 ask for a path")
        .help("leave `path` out, or check by the protocol that has one")
        .remedy("remove `path`", Applicability::Unsafe, [(check.path.key, Change::RemoveEntry)])
        .on(owner.subject())
}

fn missing(view: &View<'_>, check: &Check<'_>) -> Draft {
    let owner = view.owner;
    Draft::new("health-check-path-missing", format!("a health check of {} names no path", owner.title()))
        .at(owner.at(check.key), "asks for `/`")
        .why("the check asks for `/`, and an application that answers it with anything but 200 counts as ill")
        .help("name the `path` that tells whether the application is well")
        .on(owner.subject())
}
