//! Places by names, for what has to find a place again after a file was reformatted, reordered or moved.

use crate::source::Span;

use super::tree::{Document, Kind, NodeId};

/// As deep a list item is searched for a name.
const DEPTH: u8 = 3;
/// As many nodes of an item are looked at.
const NODES: usize = 64;
/// As long a scalar may be that stands for itself.
const LENGTH: usize = 100;

/// The path to the smallest node that holds a span, as a JSON pointer in which list items bear their names in
/// brackets where they have one: `/spec/routes/[canary]/name`; and the text of the scalar that the span is, the value of
/// a key not among them. Of the nodes that hold it, those around `object` are left out.
#[must_use]
pub fn locus(doc: &Document<'_>, span: Span, object: Option<Span>) -> (String, String) {
    let (mut path, mut value) = (String::new(), String::new());
    let Some(mut at) = doc.root() else { return (path, value) };
    loop {
        if object == Some(doc.span(at)) {
            path.clear();
        }
        let step = match doc.kind(at) {
            Kind::Mapping => doc
                .entries(at)
                .find(|entry| doc.span(entry.key).to(doc.span(entry.value)).contains(span))
                .map(|entry| (entry.value, escaped(doc.text(entry.key)), doc.span(entry.key).contains(span))),
            Kind::Sequence => (doc.items(at).enumerate())
                .find(|(_, item)| doc.span(*item).contains(span))
                .map(|(index, item)| (item, name(doc, item).unwrap_or_else(|| index.to_string()), false)),
            Kind::Scalar | Kind::Alias => {
                if doc.span(at) == span {
                    value = doc.text(at).chars().take(LENGTH).collect();
                }
                None
            }
        };
        let Some((next, name, is_key)) = step else { return (path, value) };
        path.push('/');
        path.push_str(&name);
        if is_key {
            return (path, value);
        }
        at = next;
    }
}

/// What a list item is called: by its own name, by the name of what it refers to, by its port, or by what it is.
fn name(doc: &Document<'_>, item: NodeId) -> Option<String> {
    let item = doc.target(item)?;
    if doc.kind(item) == Kind::Scalar {
        return Some(doc.text(item)).filter(|text| !text.is_empty() && text.len() <= LENGTH).map(in_brackets);
    }
    let (mut level, mut port, mut budget) = (vec![item], None, NODES);
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for entry in level.iter().flat_map(|node| doc.entries(*node)) {
            budget = budget.checked_sub(1)?;
            let Some(value) = doc.target(entry.value) else { continue };
            let key = doc.text(entry.key).to_ascii_lowercase();
            match doc.kind(value) {
                Kind::Scalar if key.ends_with("name") => return Some(in_brackets(doc.text(value))),
                Kind::Scalar if key == "port" => port = port.or(Some(value)),
                Kind::Mapping => next.push(value),
                _ => {}
            }
        }
        level = next;
    }
    port.map(|value| in_brackets(doc.text(value)))
}

fn in_brackets(text: &str) -> String {
    format!("[{}]", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('~', "~0").replace('/', "~1")
}
