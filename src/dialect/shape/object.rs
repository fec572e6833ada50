//! Objects: their fields, keys that do not belong, and what fields demand of one another.

use crate::dialect::placeholder::Flavor;
use crate::source::Span;
use crate::yaml::{Entry, Kind, NodeId};

use super::{Cx, Lower, Shape, Spec, Spelling, State, Table, Type, nearest};

impl<S: Shape> Lower for Box<S> {
    const TYPE: Type = Type::Object(S::TABLE);

    fn lower(cx: &mut Cx<'_>, node: NodeId, key: Span, spec: &Spec) -> State<Self> {
        let doc = cx.doc;
        if doc.kind(node) != Kind::Mapping {
            return cx.wrong_type(node, spec, Self::TYPE);
        }
        let table = S::TABLE;
        let mut shape = Self::default();
        let mut strays: Vec<Stray> = Vec::new();
        let mut open = false;
        let Some(entries) = entries(cx, node) else { return State::Unknown("*".into()) };
        for Entry { key, value } in entries {
            let name = doc.text(key);
            match table.fields.iter().position(|field| field.is_called(cx.spelling, name)) {
                // A key that is there twice is reported as such; the first one counts here.
                Some(index) if shape.key(index).is_some() => {}
                Some(index) => {
                    shape.set(cx, index, doc.span(key), value);
                    if table.fields[index].read_only && !cx.live && shape.key(index).is_some() {
                        cx.push(
                            "read-only-field",
                            cx.spelling.read_only_case(),
                            doc.span(key),
                            &[name, &spec.name_in(cx.spelling)],
                        );
                    }
                }
                None if doc.kind(key) != Kind::Scalar || !cx.holes(name, Flavor::Name).is_empty() => open = true,
                None => {
                    strays.push(Stray::find(cx, table, &spec.name_in(cx.spelling), name, doc.span(key)));
                }
            }
        }
        // An object with a placeholder among its keys may have whatever is not written.
        if !open {
            demand(cx, table, &*shape, &strays, key);
        }
        // A key that does not belong may have been meant as one that is missing.
        cx.is_partial = open || !strays.is_empty();
        cx.is_patchy |= cx.is_partial;
        shape.set_partial(cx.is_partial);
        shape.check(cx);
        State::Known(shape)
    }
}

/// A key that does not belong, with the field that was meant where that can be told.
pub(super) struct Stray {
    meant: Option<&'static str>,
}

impl Stray {
    fn find(cx: &mut Cx<'_>, table: &'static Table, object: &str, key: &str, span: Span) -> Self {
        const RULE: &str = "unknown-field";
        let spelling = cx.spelling;
        let names = || table.fields.iter().filter(|field| field.on.has(spelling)).map(|field| field.name);
        if let Some((case, advice)) = hint(spelling, table, key) {
            cx.push(RULE, case, span, &[key, object, "hint", &spelling.in_words(advice)]);
            // Advice that is one field's name says which field was meant.
            return Self { meant: names().find(|name| *name == advice) };
        }
        if let Some(same) = names().find(|name| name.eq_ignore_ascii_case(key)) {
            cx.push(RULE, "wrong-surface-casing", span, &[key, object, "casing", &spelling.name_of(same)]);
            return Self { meant: Some(same) };
        }
        if let Some(path) = below(spelling, table, key, 3) {
            let written: Vec<_> = path.iter().map(|name| spelling.name_of(name)).collect();
            cx.push(RULE, "unknown-field", span, &[key, object, "below", &written.join(".")]);
            return Self { meant: path.first().copied() };
        }
        let near = nearest(key, names());
        let (how, advice) = match near {
            Some(name) => ("near", spelling.name_of(name).into_owned()),
            None => ("known", names().map(|name| spelling.name_of(name)).collect::<Vec<_>>().join(", ")),
        };
        cx.push(RULE, "unknown-field", span, &[key, object, how, &advice]);
        Self { meant: near }
    }
}

/// What is said about a key that people write although it does not belong: the case, and the advice. What is said about
/// older versions of the custom resources is about them alone.
fn hint(spelling: Spelling, table: &'static Table, key: &str) -> Option<(&'static str, &'static str)> {
    let is_of_old = |case: &str| matches!(case, "legacy-key-in-v1beta2" | "wrong-surface-casing");
    let is_meant = |case: &str| spelling == Spelling::Kubernetes || !is_of_old(case);
    let mut hints = table.hints.iter().filter(|(name, case, _)| is_meant(case) && spelling.calls(name, key));
    hints.next().map(|(_, case, advice)| (*case, *advice))
}

/// The path to a field of this name in the objects below, when there is only one way to it.
fn below(spelling: Spelling, table: &'static Table, key: &str, depth: u8) -> Option<Vec<&'static str>> {
    if depth == 0 {
        return None;
    }
    let objects = table.fields.iter().filter(|field| field.on.has(spelling)).filter_map(|field| match field.ty {
        Type::Object(inner) => Some((field.name, inner)),
        _ => None,
    });
    let mut found = None;
    for (name, inner) in objects {
        let direct = inner.fields.iter().any(|field| field.is_called(spelling, key));
        let path = if direct { Some(Vec::new()) } else { below(spelling, inner, key, depth - 1) };
        if let Some(path) = path {
            if found.is_some() {
                return None;
            }
            found = Some([vec![name], path].concat());
        }
    }
    found
}

/// What a table demands of an object: required fields, and fields that exclude one another.
pub(super) fn demand<S: Shape>(cx: &mut Cx<'_>, table: &'static Table, shape: &S, strays: &[Stray], key: Span) {
    // A field that was meant and misspelt is one fault, which is told already.
    let meant = |name: &str| strays.iter().any(|stray| stray.meant == Some(name));
    for (index, field) in table.fields.iter().enumerate() {
        if field.is_required(cx.spelling) && shape.key(index).is_none() && !meant(field.name) {
            let words = if let Type::Choice(words) = field.ty { words.join(", ") } else { String::new() };
            let name = field.name_in(cx.spelling);
            cx.push("missing-field", field.missing, key, &[&name, table.words, field.ty.words(), &words]);
        }
    }
    let spelling = cx.spelling;
    for union in table.unions.iter().filter(|union| union.on.has(spelling)) {
        let key_of = |name: &&str| shape.key(table.fields.iter().position(|field| field.name == *name)?);
        let mut written: Vec<_> = union.fields.iter().filter_map(|name| Some((key_of(name)?, *name))).collect();
        written.sort_unstable();
        let called = |name: &&'static str| spelling.name_of(name);
        let has = |name: &&&str| table.fields.iter().any(|field| field.name == **name && field.on.has(spelling));
        let all = union.fields.iter().filter(has).map(called).collect::<Vec<_>>().join(", ");
        match (&written[..], union.none, union.several) {
            // Of an object that is nothing but a choice, a key that does not belong is a choice that is told already.
            ([], Some(_), _) if !strays.is_empty() && union.fields.len() == table.fields.len() => {}
            ([], Some(case), _) if !union.fields.iter().any(|name| meant(name)) => {
                cx.push("exactly-one-of", case, key, &[table.words, &all, ""]);
            }
            ([(first, _), .., (last, _)], _, Some(case)) => {
                let names: Vec<_> = written.iter().map(|(_, name)| called(name)).collect();
                cx.push("exactly-one-of", case, *last, &[table.words, &all, &names.join(", ")]);
                if let Some(fact) = cx.facts.last_mut() {
                    fact.other = Some(*first);
                }
            }
            _ => {}
        }
    }
}

/// The entries of a mapping, merge keys carried out; `None` past the budget.
pub(super) fn entries<'d>(cx: &mut Cx<'d>, node: NodeId) -> Option<Box<dyn Iterator<Item = Entry> + 'd>> {
    let doc = cx.doc;
    let mut merges = doc.entries(node).filter(|entry| doc.is_merge_key(entry.key)).peekable();
    if !doc.has_aliases || merges.peek().is_none() {
        return Some(Box::new(doc.entries(node)));
    }
    let sources: usize = merges.filter_map(|entry| doc.target(entry.value)).map(|target| doc.size(target)).sum();
    if !cx.spend(sources, node) {
        return None;
    }
    let merged = doc.merged(node);
    cx.spend(merged.len(), node).then(|| Box::new(merged.into_iter()) as _)
}
