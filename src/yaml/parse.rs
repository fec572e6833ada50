//! The text of one document to its tree, and what is wrong with it.

use crate::source::Span;

use super::builder::{Built, build};
use super::fault;
use super::mask::{self, Mask};
use super::shortcut;
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
    /// Nesting without end: the text may be well formed, and is not read any deeper.
    TooDeep,
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

/// Texts in quotes in one document whose lines may be indented less than YAML asks for.
const FOLDS: usize = 64;

/// Reads one document of a file. It never fails: the tree holds what was read before the first error
/// that ends reading, and the errors are in the order of the text. An undefined alias is an error that does not
/// end reading, nor do the first few characters that cannot begin a value (`*`, `@`, `` ` ``, `%`…).
///
/// Text that is no YAML is read once more, and if it is whole then, that is the result: with quoted
/// text going on in lines that are not indented, which YAML forbids and libyaml and go-yaml
/// take, and with the braces of placeholders (`${NAME}`, `{{NAME}}`) taken for letters.
#[must_use]
pub fn parse<'t>(text: &'t str, chunk: Chunk, options: &Options) -> (Document<'t>, Vec<SyntaxError>) {
    match shortcut::read(text, chunk.span, options.comments) {
        Some(document) => (document, Vec::new()),
        None => by_events(text, chunk, *options),
    }
}

/// The same, by way of the parser's events, which knows all of YAML.
pub(super) fn by_events(text: &str, chunk: Chunk, options: Options) -> (Document<'_>, Vec<SyntaxError>) {
    let body = text.get(chunk.span.start as usize..chunk.span.end as usize).unwrap_or("");
    let attempt = |mask, folds| attempt(text, chunk.span, mask, options, folds);
    let first = attempt(Mask::none(body), 0);
    let result = match first.end {
        End::Whole => first,
        End::Broken { in_quotes } => in_quotes
            .then(|| attempt(Mask::none(body), FOLDS))
            .filter(Attempt::is_whole)
            .or_else(|| Some(attempt(Mask::placeholders(body)?, FOLDS)).filter(Attempt::is_whole))
            .unwrap_or(first),
    };
    (result.document, result.errors)
}

struct Attempt<'t> {
    document: Document<'t>,
    errors: Vec<SyntaxError>,
    end: End,
}

/// How reading ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// At the end of the text; what is wrong does not touch the shape of the tree.
    Whole,
    /// At an error.
    Broken {
        /// Whether that is a line of quoted text which is not indented.
        in_quotes: bool,
    },
}

impl Attempt<'_> {
    fn is_whole(&self) -> bool {
        self.end == End::Whole
    }
}

fn attempt<'t>(text: &'t str, span: Span, mut mask: Mask<'_>, options: Options, mut folds: usize) -> Attempt<'t> {
    let body = text.get(span.start as usize..span.end as usize).unwrap_or("");
    let mut errors = Vec::new();
    loop {
        let Built { mut document, undefined, stop } = build(text, span, &mask, options.comments);
        let mut end = End::Whole;
        if let Some(stop) = &stop {
            let quote = fault::quote_without_indentation(&mask.input, stop);
            if folds > 0 && quote.is_some_and(|quote| mask.fold(quote, stop.at)) {
                folds -= 1;
                continue;
            }
            // `@NAME@` and `%NAME%` are no values in YAML until somebody fills them in.
            if mask::begins_placeholder(mask.input.get(stop.at..).unwrap_or("")) && mask.hide(stop.at) {
                continue;
            }
            errors.push(fault::describe(body, span.start, stop));
            if errors.len() < REPAIRS && fault::is_stray(&mask.input, stop) && mask.hide(stop.at) {
                continue;
            }
            end = End::Broken { in_quotes: quote.is_some() };
        }
        errors.extend(undefined.into_iter().map(|span| fault::undefined_alias(text, span)));
        errors.sort_by_key(|error| error.span);
        document.is_whole = end == End::Whole;
        return Attempt { document, errors, end };
    }
}
