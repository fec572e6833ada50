//! A rewrite of a gateway route that is refused, or that tears a path apart.

use crate::dialect::appmesh::model::{GatewayRoute, HttpGatewayMatch, HttpRewrite};
use crate::finding::{Applicability, Change, Draft};
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-rewrite", include_str!("../../../rules/malformed-rewrite.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for (_, resource, model) in mesh.models::<GatewayRoute>() {
        for route in [&model.http_route, &model.http2_route].into_iter().filter_map(|route| route.known()) {
            let rewrite = route.action.known().and_then(|action| action.rewrite.known());
            let (Some(matching), Some(rewrite)) = (route.matching.known(), rewrite) else { continue };
            let draft = wrong_kind(resource, matching, rewrite).or_else(|| wrong_value(resource, matching, rewrite));
            out.extend(draft.map(|draft| draft.on(resource.subject())));
        }
    }
}

/// A rewrite of what the match does not ask for.
fn wrong_kind(resource: &Resource, matching: &HttpGatewayMatch, rewrite: &HttpRewrite) -> Option<Draft> {
    const CASE: &str = "rewrite-kind-mismatch";
    let (has_prefix, has_path) = (!matching.prefix.is_absent(), !matching.path.is_absent());
    let (of_prefix, of_path) = (!rewrite.prefix.is_absent(), !rewrite.path.is_absent());
    // Both at once are refused, on either side, and reported by themselves.
    if has_prefix && has_path || of_prefix && of_path {
        return None;
    }
    if of_prefix && has_path {
        let message = format!("{} rewrites a prefix and matches a whole path", resource.title());
        return Some(
            Draft::new(CASE, message)
                .at(resource.at(rewrite.prefix.key), "there is no prefix to rewrite")
                .at(resource.at(matching.path.key), "matches the whole path")
                .why("a matched path is replaced as a whole, by `rewrite.path`")
                .help("write `rewrite.path.exact`, or match a `prefix`"),
        );
    }
    if of_path && !has_path {
        let draft = Draft::new(CASE, format!("{} rewrites a path that it does not match", resource.title()))
            .at(resource.at(rewrite.path.key), "asks for a match of the `path`");
        let draft = match (has_prefix, matching.hostname.is_absent()) {
            (true, _) => draft.at(resource.at(matching.prefix.key), "matches a prefix"),
            (false, false) => draft.at(resource.at(matching.hostname.key), "matches the host alone"),
            (false, true) => draft,
        };
        return Some(
            draft
                .why("only a matched `path` is replaced as a whole")
                .help("match a `path`, or write `rewrite.prefix.value` for a matched prefix"),
        );
    }
    None
}

/// A value that does not begin and end with a slash, or that does while the prefix does not.
fn wrong_value(resource: &Resource, matching: &HttpGatewayMatch, rewrite: &HttpRewrite) -> Option<Draft> {
    let field = &rewrite.prefix.known()?.value;
    let value: &str = field.known()?;
    let place = resource.at(field.place());
    if !value.starts_with('/') || !value.ends_with('/') {
        let lacks = match (value.starts_with('/'), value.ends_with('/')) {
            (false, false) => "at both ends",
            (false, true) => "at its beginning",
            _ => "at its end",
        };
        let message = format!("the new prefix of {} lacks a slash {lacks}", resource.title());
        let whole = format!("/{}/", value.trim_matches('/')).replace("//", "/");
        // No value may mean that none is wanted.
        let applicability = if value.is_empty() { Applicability::Unsafe } else { Applicability::Safe };
        return Some(
            Draft::new("rewrite-value-slashes", message)
                .at(place, "has to begin and end with `/`")
                .why("the control plane refuses the gateway route")
                .help(format!("write `{whole}`"))
                .fix(format!("write `{whole}`"), applicability, field.span, whole),
        );
    }
    let prefix: &str = matching.prefix.known()?;
    if !prefix.starts_with('/') || prefix.ends_with('/') {
        return None;
    }
    let message = format!("the new prefix of {} ends with a slash, and the matched prefix does not", resource.title());
    Some(
        Draft::new("rewrite-prefix-slash-mismatch", message)
            .at(place, "ends with `/`")
            .at(resource.at(matching.prefix.place()), "does not")
            .why(format!("a prefix is compared as text: `{prefix}2` becomes `{value}2`"))
            .help(format!("match `{prefix}/`"))
            .remedy(
                format!("match `{prefix}/`"),
                Applicability::Unsafe,
                [(matching.prefix.span, Change::Say(format!("{prefix}/")))],
            ),
    )
}
