//! What the texts of service discovery must look like, beyond their types.

use crate::dialect::shape::{Cx, Field};
use crate::finding::Fact;
use crate::mesh::Name;

use super::{CloudMapAttribute, DnsDiscovery, VirtualNode};

const RULE: &str = "malformed-discovery";

/// What listens has to be found: App Mesh API reference, VirtualNodeSpec.
pub(super) fn node(node: &VirtualNode, cx: &mut Cx<'_>) {
    let listens = node.listeners.items().next().is_some();
    if listens && node.service_discovery.is_absent() && !cx.is_partial {
        let fact = Fact::new("missing-discovery", "listener-without-discovery", node.listeners.key);
        let name = |name: &'static str| cx.spelling.name_of(name).into_owned();
        cx.facts.push(fact.arg(name("serviceDiscovery")).arg(name("dns")).arg(name("awsCloudMap")));
    }
}

pub(super) fn dns(dns: &DnsDiscovery, cx: &mut Cx<'_>) {
    let Some(host) = dns.hostname.known() else { return };
    if let Some(what) = fault(host) {
        let fact = Fact::new(RULE, "discovery-hostname-invalid", dns.hostname.place());
        cx.facts.push(fact.arg(what).arg(host.as_str()).arg(cx.spelling.name_of("hostname")));
    }
}

/// What makes a text no name of a host, as far as it is known; `underscore` for what is legal and unusual.
fn fault(host: &Name) -> Option<&'static str> {
    let has = |one: &dyn Fn(char) -> bool| host.literals().any(|text| text.contains(one));
    let text = host.as_str();
    if text.is_empty() {
        return Some("empty");
    }
    // An address of IPv6 is found without DNS.
    let is_hex = |one: u8| one.is_ascii_hexdigit() || matches!(one, b':' | b'.');
    if text.matches(':').count() > 1 && text.bytes().all(is_hex) {
        return None;
    }
    if has(&|one| one == '/') {
        return Some("scheme");
    }
    if has(&|one| one == ':') {
        return Some("port");
    }
    if has(&char::is_whitespace) {
        return Some("blank");
    }
    // Other letters may be meant for a resolver that knows them, other signs for a tool that fills in names.
    let is_odd = |one: char| "*,;?=&|!\"'`^~+()[]\\".contains(one);
    let is_bare = !host.is_open() && text.bytes().all(|one| matches!(one, b'.' | b'_' | b'-'));
    if is_bare || has(&is_odd) || has_empty_label(host) {
        return Some("name");
    }
    // A word in capitals holds the place of a name that somebody fills in.
    let is_stand_in = !host.literals().any(|text| text.contains(|one: char| one.is_ascii_lowercase()));
    (has(&|one| one == '_') && !is_stand_in).then_some("underscore")
}

fn has_empty_label(host: &Name) -> bool {
    host.literals().any(|text| text.contains("..")) || host.as_known().is_some_and(|text| text.starts_with('.'))
}

/// The patterns of attributes: botocore's model of the App Mesh API.
pub(super) fn attribute(attribute: &CloudMapAttribute, cx: &mut Cx<'_>) {
    let is_visible = |one: char| one.is_ascii_graphic();
    let key_fits = |text: &str| text.chars().all(is_visible);
    // Between its ends a value may hold blanks.
    let value_fits = |text: &str| {
        text.chars().all(|one| is_visible(one) || matches!(one, ' ' | '\t')) && text.trim_matches([' ', '\t']) == text
    };
    check(cx, &attribute.key, "key", key_fits);
    check(cx, &attribute.value, "value", value_fits);
}

fn check(cx: &mut Cx<'_>, field: &Field<Name>, part: &'static str, fits: impl Fn(&str) -> bool) {
    if let Some(text) = field.known().and_then(Name::as_known)
        && !fits(text)
    {
        let fact = Fact::new(RULE, "cloudmap-attribute-pattern", field.place());
        cx.facts.push(fact.arg(part).arg(text));
    }
}
