//! The text of one document to its tree, and what is wrong with it.

use crate::source::Span;

use super::builder::{Built, build};
use super::fault;
use super::mask::Mask;
use super::split::Chunk;
use super::tree::Document;

/// What is to be kept of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether comments are collected; reading is a tenth slower with them.
    pub comments: bool,
}

/// What a syntax error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SyntaxErrorKind {
    /// A `*` without quotes, meant as text, that begins an alias: the span is the `*` with what
    /// stands directly behind it, and quoting that text is the remedy.
    UnquotedStar,
    /// Anything else.
    Other,
}

/// What is wrong with the text of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The place in the file, where a reader should look: at an opening quote or bracket that is
    /// never closed, not at the end of the text.
    pub span: Span,
    /// What is wrong and what to do about it.
    pub message: String,
    /// What it is about.
    pub kind: SyntaxErrorKind,
}

/// Places in one document that are reported and then read as text, before reading ends: what stands
/// behind a stray `*` or `@` is worth reading, a file that is no YAML at all is not.
const REPAIRS: usize = 8;

/// Reads one document of a file. It never fails: the tree holds what was read before the first error
/// that ends reading, and the errors are in the order of the text. An undefined alias is an error that does not
/// end reading, nor do the first few characters that cannot begin a value (`*`, `@`, `` ` ``, `%`…).
///
/// When the text is no YAML and holds placeholders (`${NAME}`, `{{NAME}}`), it is read once more with
/// their braces taken for letters, and if it is whole then, that is the result.
#[must_use]
pub fn parse<'t>(text: &'t str, chunk: Chunk, options: &Options) -> (Document<'t>, Vec<SyntaxError>) {
    let body = text.get(chunk.span.start as usize..chunk.span.end as usize).unwrap_or("");
    let first = attempt(text, chunk.span, Mask::none(body), *options);
    let result = if first.is_whole {
        first
    } else {
        Mask::placeholders(body)
            .map(|mask| attempt(text, chunk.span, mask, *options))
            .filter(|second| second.is_whole)
            .unwrap_or(first)
    };
    (result.document, result.errors)
}

struct Attempt<'t> {
    document: Document<'t>,
    errors: Vec<SyntaxError>,
    /// Whether the text is YAML, apart from undefined aliases.
    is_whole: bool,
}

fn attempt<'t>(text: &'t str, span: Span, mut mask: Mask<'_>, options: Options) -> Attempt<'t> {
    let body = text.get(span.start as usize..span.end as usize).unwrap_or("");
    let mut errors = Vec::new();
    loop {
        let Built { document, undefined, stop } = build(text, span, &mask, options.comments);
        if let Some(stop) = &stop {
            errors.push(fault::describe(body, span.start, stop));
            if errors.len() < REPAIRS && fault::is_stray(&mask.input, stop) && mask.hide(stop.at) {
                continue;
            }
        }
        let is_whole = errors.is_empty();
        errors.extend(undefined.into_iter().map(|span| fault::undefined_alias(text, span)));
        errors.sort_by_key(|error| error.span);
        return Attempt { document, errors, is_whole };
    }
}
