//! Fields of core Kubernetes, read without a judgement: what has the wrong shape is unknown.

use crate::dialect::place;
use crate::dialect::shape::Cx;
use crate::mesh::{Name, PortRef, Setting, Transport, Truth};
use crate::source::Span;
use crate::yaml::{Kind, NodeId, Profile, Value, resolve};

/// A field by its key, read by a function that gives nothing for what it cannot read. Null is absent.
fn read<T>(cx: &Cx<'_>, node: NodeId, key: &str, value: impl Fn(NodeId) -> Option<T>) -> Setting<T> {
    let Some(entry) = cx.doc.entry(node, key) else { return Setting::Absent };
    let Some(target) = cx.doc.target(entry.value) else { return Setting::Unknown };
    let is_scalar = cx.doc.kind(target) == Kind::Scalar;
    if is_scalar && resolve(cx.doc, target, Profile::Kubernetes) == Value::Null {
        return Setting::Absent;
    }
    value(target).map_or(Setting::Unknown, |value| Setting::Known(value, place(cx.doc, entry.key, entry.value)))
}

/// A text, in which placeholders may stand.
pub(super) fn text(cx: &Cx<'_>, node: NodeId, key: &str) -> Setting<Name> {
    let name = |node| matches!(resolve(cx.doc, node, Profile::Kubernetes), Value::Str(_)).then(|| cx.name(node));
    read(cx, node, key, |node| name(node).filter(|_| cx.doc.kind(node) == Kind::Scalar))
}

/// A whole number.
pub(super) fn whole(cx: &Cx<'_>, node: NodeId, key: &str) -> Setting<i64> {
    read(cx, node, key, |node| match resolve(cx.doc, node, Profile::Kubernetes) {
        Value::Int(value) => Some(value),
        _ => None,
    })
}

/// A port by its number.
pub(super) fn number(cx: &Cx<'_>, node: NodeId, key: &str) -> Option<(Option<u16>, Span)> {
    let entry = cx.doc.entry(node, key)?;
    let span = place(cx.doc, entry.key, entry.value);
    let number = match whole(cx, node, key) {
        Setting::Known(port, _) => u16::try_from(port).ok(),
        _ => None,
    };
    Some((number, span))
}

/// A port by its number or its name; `None` where none is written.
pub(super) fn port(cx: &Cx<'_>, node: NodeId, key: &str) -> Option<(PortRef, Span)> {
    let port = |node| {
        Some(match resolve(cx.doc, node, Profile::Kubernetes) {
            Value::Int(port) => u16::try_from(port).map_or(PortRef::Unknown, PortRef::Number),
            // A name has a letter: digits in quotes are refused.
            Value::Str(text) if text.contains(|one: char| one.is_ascii_alphabetic()) => PortRef::Name(cx.name(node)),
            _ => PortRef::Unknown,
        })
    };
    match read(cx, node, key, port) {
        Setting::Absent => None,
        Setting::Known(port, span) => Some((port, span)),
        Setting::Unknown => cx.doc.entry(node, key).map(|entry| (PortRef::Unknown, cx.doc.span(entry.key))),
    }
}

/// What a port carries.
pub(super) fn transport(cx: &Cx<'_>, node: NodeId) -> Transport {
    match text(cx, node, "protocol") {
        Setting::Absent => Transport::Tcp,
        Setting::Known(name, _) => match name.as_known() {
            Some("TCP") => Transport::Tcp,
            Some("UDP" | "SCTP") => Transport::Other,
            _ => Transport::Unknown,
        },
        Setting::Unknown => Transport::Unknown,
    }
}

/// Whether a text is this word.
pub(super) fn is(setting: &Setting<Name>, word: &str) -> Truth {
    match setting {
        Setting::Absent => Truth::No,
        Setting::Known(name, _) => name.same(&Name::known(word)),
        Setting::Unknown => Truth::Unknown,
    }
}

/// The items of a list, none for a list that is not written; `None` where it cannot be read.
pub(super) fn items(cx: &mut Cx<'_>, node: NodeId, key: &str) -> Option<Vec<NodeId>> {
    let doc = cx.doc;
    let Some(entry) = doc.entry(node, key) else { return Some(Vec::new()) };
    let list = cx.target(entry.value)?;
    match doc.kind(list) {
        Kind::Sequence => doc.items(list).map(|item| cx.target(item)).collect(),
        Kind::Scalar if resolve(doc, list, Profile::Kubernetes) == Value::Null => Some(Vec::new()),
        _ => None,
    }
}
