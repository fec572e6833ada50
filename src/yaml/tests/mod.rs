//! The room from its door: texts in, trees and errors out.

#![allow(clippy::unwrap_used)]

mod differential;
mod error;
mod inspect;
mod json;
mod locus;
mod mask;
mod property;
mod robust;
mod scalar;
mod shortcut;
mod split;
mod tree;

use super::{Document, Kind, NodeId, Options, Style, SyntaxError, parse, split as cut};

/// The first document of a text, with its errors.
fn read(text: &str) -> (Document<'_>, Vec<SyntaxError>) {
    let chunk = *cut(text).first().expect("the text holds a document");
    parse(text, chunk, &Options { comments: true })
}

/// The only document of a text that has no error.
#[track_caller]
fn sound(text: &str) -> Document<'_> {
    assert_eq!(cut(text).len(), 1, "{text:?}");
    let (document, errors) = read(text);
    assert_eq!(errors, [], "{text:?}");
    document
}

/// The text of the only error of a text, with its message.
#[track_caller]
fn fault(text: &str) -> (&str, String) {
    let (_, mut errors) = read(text);
    assert_eq!(errors.len(), 1, "{text:?}: {errors:?}");
    let error = errors.remove(0);
    (&text[error.span.start as usize..error.span.end as usize], error.message)
}

/// A node by its path from the root.
#[track_caller]
fn at(document: &Document<'_>, path: &[&str]) -> NodeId {
    document.path(document.root().expect("a root"), path).expect("the path exists")
}

/// Holds every span of a tree against its text: inside the parent, in order, and of scalars that the
/// text of the span alone reads as the same value.
#[track_caller]
fn check_spans(document: &Document<'_>) {
    for id in document.nodes() {
        let span = document.span(id);
        assert!(document.span.contains(span), "{span:?} of {:?}", document.source());
        assert!(document.source().get(span.start as usize..span.end as usize).is_some());
        let children = document.entries(id).flat_map(|entry| [entry.key, entry.value]).chain(document.items(id));
        let mut read = span.start;
        for child in children {
            let child = document.span(child);
            assert!(span.contains(child) && child.start >= read, "{child:?} in {span:?} of {:?}", document.source());
            read = child.end;
        }
        if document.kind(id) == Kind::Scalar && !document.is_missing(id) {
            check_scalar(document, id);
        }
    }
}

#[track_caller]
fn check_scalar(document: &Document<'_>, id: NodeId) {
    let (raw, value) = (document.raw(id), document.text(id));
    let is_block = matches!(document.style(id), Style::Literal | Style::Folded);
    // A placeholder is text only where it would be no YAML otherwise, which a slice cannot know.
    if raw.contains("{{") {
        return;
    }
    // An indentation that is given as a number counts from the parent, which the slice has not.
    if is_block && raw.lines().next().is_some_and(|header| header.contains(|c: char| c.is_ascii_digit())) {
        return;
    }
    let again = sound(raw);
    let root = again.root().expect("a scalar");
    assert_eq!((again.kind(root), again.style(root)), (Kind::Scalar, document.style(id)), "{raw:?}");
    // The blank lines behind a block are not part of its span.
    let end: &[char] = if is_block { &['\n'] } else { &[] };
    assert_eq!(again.text(root).trim_end_matches(end), value.trim_end_matches(end), "{raw:?}");
}
