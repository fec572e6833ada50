//! What fields hold: text, names, numbers, words, lists and maps, each checked while it is lowered.

use crate::dialect::placeholder::Flavor;
use crate::mesh::Name;
use crate::source::Span;
use crate::yaml::{Document, Entry, Kind, NodeId, Value, resolve};

use super::object::entries;
use super::{Cx, List, Lower, Spec, Spelling, State, Text, TextMap, Type, nearest, read};

impl Lower for Text {
    const TYPE: Type = Type::Text;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        match lower_text(cx, node, spec) {
            State::Known(text) if cx.holes(&text, spec.flavor).is_empty() => State::Known(Self(text)),
            State::Known(text) => State::Unknown(text),
            State::Absent => State::Absent,
            State::Unknown(text) => State::Unknown(text),
            State::Malformed => State::Malformed,
        }
    }

    fn made(name: Name, _spec: &Spec) -> State<Self> {
        match name.as_known() {
            Some(text) => State::Known(Self(text.into())),
            None => State::Unknown(name.as_str().into()),
        }
    }
}

impl Lower for Name {
    const TYPE: Type = Type::Text;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        match lower_text(cx, node, &Spec { flavor: Flavor::Name, ..*spec }) {
            State::Known(_) => State::Known(cx.name(node)),
            State::Absent => State::Absent,
            State::Unknown(text) => State::Unknown(text),
            State::Malformed => State::Malformed,
        }
    }

    fn made(name: Name, _spec: &Spec) -> State<Self> {
        State::Known(name)
    }
}

/// A string with its length held against the bounds, unless a placeholder makes its length unknown.
fn lower_text(cx: &mut Cx<'_>, node: NodeId, spec: &Spec) -> State<Box<str>> {
    let doc = cx.doc;
    let Kind::Scalar = doc.kind(node) else { return cx.wrong_type(node, spec, Type::Text) };
    let text = match resolve(doc, node, cx.profile()) {
        Value::Str(text) => text,
        // A template takes any scalar for text.
        _ if cx.spelling == Spelling::CloudFormation => doc.text(node),
        _ => return cx.wrong_type(node, spec, Type::Text),
    };
    if let Some((least, greatest)) = spec.length {
        let count = text.chars().count();
        if !(least..=greatest).contains(&count) && cx.holes(text, spec.flavor).is_empty() {
            let name = spec.called(Type::Text, cx.spelling);
            let args = [
                &*name,
                &least.to_string(),
                &greatest.to_string(),
                &count.to_string(),
                "characters",
                spec.demand(cx.spelling),
            ];
            cx.push("bad-length", "string-length", doc.span(node), &args);
            return State::Malformed;
        }
    }
    State::Known(text.into())
}

/// Up to here a floating point number holds every whole number: 2 to the power of 53.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Lower for i64 {
    const TYPE: Type = Type::Integer;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        let doc = cx.doc;
        if doc.kind(node) != Kind::Scalar {
            return cx.wrong_type(node, spec, Type::Integer);
        }
        let value = match resolve(doc, node, cx.profile()) {
            Value::Int(value) => value,
            // A template takes text that is a number for one.
            Value::Str(text) if cx.spelling == Spelling::CloudFormation && text.parse::<i64>().is_ok() => {
                text.parse().unwrap_or_default()
            }
            // `8080.0` is `8080` once YAML has become JSON, and a whole number to an API server in any case.
            Value::Float(value) if value.fract() == 0.0 && value.abs() <= EXACT => value as i64,
            _ => return cx.wrong_type(node, spec, Type::Integer),
        };
        if let Some((least, greatest)) = spec.range
            && !(least..=greatest).contains(&value)
        {
            let greatest = if greatest == i64::MAX { String::new() } else { greatest.to_string() };
            let args = [&*spec.called(Type::Integer, cx.spelling), &least.to_string(), &greatest, doc.raw(node)];
            cx.push("out-of-range", "value-out-of-range", doc.span(node), &args);
            return State::Malformed;
        }
        State::Known(value)
    }

    fn made(name: Name, spec: &Spec) -> State<Self> {
        let (least, greatest) = spec.range.unwrap_or((Self::MIN, Self::MAX));
        match name.as_known().and_then(|text| text.parse().ok()) {
            Some(value) if (least..=greatest).contains(&value) => State::Known(value),
            _ => State::Unknown(name.as_str().into()),
        }
    }
}

impl Lower for bool {
    const TYPE: Type = Type::Boolean;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        match cx.doc.kind(node) {
            Kind::Scalar => match resolve(cx.doc, node, cx.profile()) {
                Value::Bool(value) => State::Known(value),
                Value::Str("true") if cx.spelling == Spelling::CloudFormation => State::Known(true),
                Value::Str("false") if cx.spelling == Spelling::CloudFormation => State::Known(false),
                _ => cx.wrong_type(node, spec, Type::Boolean),
            },
            _ => cx.wrong_type(node, spec, Type::Boolean),
        }
    }
}

/// Looks a word up among those that a field can have.
pub fn lower_choice<T: Copy>(cx: &mut Cx<'_>, node: NodeId, spec: &Spec, words: &[&str], values: &[T]) -> State<T> {
    let doc = cx.doc;
    let text = match doc.kind(node) {
        Kind::Scalar => resolve(doc, node, cx.profile()),
        _ => return cx.wrong_type(node, spec, Type::Text),
    };
    let Value::Str(text) = text else { return cx.wrong_type(node, spec, Type::Text) };
    match words.iter().position(|word| *word == text) {
        Some(at) => State::Known(values[at]),
        None => {
            let near = nearest(text, words.iter().copied()).unwrap_or("");
            let args = [&*spec.called(Type::Text, cx.spelling), text, near, &words.join(", ")];
            cx.push("unknown-value", "enum-invalid", doc.span(node), &args);
            State::Malformed
        }
    }
}

impl<T: Lower> Lower for List<T> {
    const TYPE: Type = Type::List(&T::TYPE);

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        let doc = cx.doc;
        if doc.kind(node) != Kind::Sequence {
            return cx.wrong_type(node, spec, Self::TYPE);
        }
        let mut list = Self { items: Vec::new(), open: false };
        for item in doc.items(node) {
            let key = anchor(doc, item);
            let mut field = read::<T>(cx, key, item, spec);
            if matches!(field.state, State::Absent) && !cx.is_intrinsic(item) {
                field.state = cx.wrong_type(item, spec, T::TYPE);
            }
            list.open |= matches!(field.state, State::Unknown(_));
            list.items.push(field);
        }
        if let Some((least, greatest)) = spec.items
            && !(least..=greatest).contains(&list.items.len())
            && !list.open
        {
            let count = list.items.len().to_string();
            let args = [
                &*spec.name_in(cx.spelling),
                &least.to_string(),
                &greatest.to_string(),
                &count,
                "items",
                spec.demand(cx.spelling),
            ];
            // The first item that is too many is where a reader should look.
            let place = list.items.get(greatest).map_or(doc.span(node), |item| item.key);
            cx.push("bad-length", "string-length", place, &args);
        }
        State::Known(list)
    }
}

/// The place that stands for an item: its first key, else the item.
fn anchor(doc: &Document<'_>, item: NodeId) -> Span {
    let target = doc.target(item).filter(|target| *target == item);
    target.and_then(|node| doc.entries(node).next()).map_or(doc.span(item), |entry| doc.span(entry.key))
}

impl Lower for TextMap {
    const TYPE: Type = Type::Map;

    fn lower(cx: &mut Cx<'_>, node: NodeId, _key: Span, spec: &Spec) -> State<Self> {
        let doc = cx.doc;
        if doc.kind(node) != Kind::Mapping {
            return cx.wrong_type(node, spec, Type::Map);
        }
        let mut map = Self::default();
        let Some(entries) = entries(cx, node) else { return State::Unknown("*".into()) };
        for Entry { key, value } in entries {
            let name = doc.text(key);
            let spec = Spec { range: None, length: None, ..Spec::new("", Type::Text) };
            let mut field = read::<Name>(cx, doc.span(key), value, &spec);
            // The fact names the key, which no table knows.
            if let (State::Malformed, Some(fact)) = (&field.state, cx.facts.last_mut())
                && let Some(first) = fact.args.first_mut()
            {
                name.clone_into(first);
            }
            if matches!(field.state, State::Absent) {
                field.state = State::Known(Name::known(""));
            }
            map.pairs.push((cx.name(key), doc.span(key), field));
        }
        State::Known(map)
    }
}
