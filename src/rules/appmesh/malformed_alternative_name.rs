//! A subject alternative name that no certificate has.

use super::tls::{enforces, listeners, policies};
use crate::dialect::appmesh::model::{Field, SubjectAlternativeNames, Text};
use crate::finding::Draft;
use crate::mesh::{Mesh, Resource};
use crate::rules::Rule;
use crate::rules::wording::short;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("malformed-alternative-name", include_str!("../../../rules/malformed-alternative-name.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    for policy in policies(mesh) {
        let (owner, Some(tls)) = (mesh.resource(policy.owner), policy.tls()) else { continue };
        let Some(validation) = tls.validation.known() else { continue };
        for name in names(&validation.subject_alternative_names) {
            match (name.known().filter(|name| name.contains('*')), enforces(tls)) {
                (Some(text), Some(true)) => out.push(wildcard(owner, name, text)),
                (Some(_), None) => {}
                _ => out.extend(odd(owner, name)),
            }
        }
    }
    for (_, owner, tls) in listeners(mesh) {
        let Some(validation) = tls.validation.known() else { continue };
        out.extend(names(&validation.subject_alternative_names).filter_map(|name| odd(owner, name)));
    }
}

fn names(field: &Field<Box<SubjectAlternativeNames>>) -> impl Iterator<Item = &Field<Text>> {
    let matching = field.known().and_then(|names| names.matching.known());
    matching.into_iter().flat_map(|matching| matching.exact.items())
}

/// App Mesh user guide, Transport Layer Security: names are those of hosts or URIs.
fn odd(owner: &Resource, name: &Field<Text>) -> Option<Draft> {
    let text = name.known()?;
    let (label, help) = fault(text)?;
    let message = format!("`{}` is neither the name of a host nor a URI", short(text));
    let draft = Draft::new("tls-san-format", message)
        .at(owner.at(name.span), label)
        .why("names are compared with those in the certificate as they are written, and App Mesh takes those of hosts and URIs alone")
        .help(help);
    Some(draft.on(owner.subject()))
}

fn wildcard(owner: &Resource, name: &Field<Text>, text: &str) -> Draft {
    let message = format!("`{}` holds a `*`, and the client policy of {} enforces TLS", short(text), owner.title());
    Draft::new("tls-wildcard-san-enforced", message)
        .at(owner.at(name.span), "must be a whole name")
        .why("App Mesh takes wildcards only where TLS is not enforced")
        .help("write each name in full, or set `enforce: false`")
        .on(owner.subject())
}

/// What is wrong with a name, and what to do.
fn fault(text: &str) -> Option<(&'static str, &'static str)> {
    const NAME: &str =
        "write the name as it stands in the certificate, as `cart.shop.svc.cluster.local` or `spiffe://shop/cart`";
    if let Some((before, after)) = text.split_once(':') {
        let is_number = !after.is_empty() && after.bytes().all(|byte| byte.is_ascii_digit());
        return match (is_scheme(before) && !after.is_empty(), is_number) {
            (_, true) if is_host(before) => Some(("a host with a port", "leave the port out: certificates have none")),
            (true, _) if !text.contains(char::is_whitespace) => None,
            _ => Some(("no URI", NAME)),
        };
    }
    let host = text.strip_prefix("*.").unwrap_or(text);
    if host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Some(("an address", "write the name of the host"));
    }
    (!is_host(host)).then_some(("no name of a host", NAME))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Names of one word are common in private certificates.
fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    text.strip_suffix('.').unwrap_or(text).split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hosts_or_uris() {
        for good in [
            "cart.shop.svc.cluster.local",
            "cart",
            "*.shop.svc.cluster.local",
            "spiffe://shop/cart",
            "https://example.com/a?b",
            "urn:shop:cart",
            "1cart.shop",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for (bad, label) in [
            ("cart.shop:8080", "a host with a port"),
            ("10.0.0.1", "an address"),
            ("cart@shop", "no name of a host"),
            ("CN=cart", "no name of a host"),
            ("cart shop", "no name of a host"),
            ("shop/cart", "no name of a host"),
            ("cart*.shop", "no name of a host"),
            ("spiffe://shop/ cart", "no URI"),
            ("://cart", "no URI"),
            ("spiffe:", "no URI"),
            ("cart..shop", "no name of a host"),
        ] {
            assert_eq!(fault(bad).map(|(label, _)| label), Some(label), "{bad}");
        }
    }
}
