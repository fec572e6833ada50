//! From the text of a file to the ignores that are written in it.

use crate::dialect::{self, ignore};
use crate::engine::read;
use crate::finding::Fact;
use crate::source::{FileId, SourceFile, Span};
use crate::yaml::{self, Document};

use super::cover::{Cover, Units, line_start};
use super::directive::{self, Directive, Fault, List};
use super::name::{self, Meaning};

/// An ignore that is written in a file.
pub(super) struct Ignore {
    pub(super) cover: Cover,
    pub(super) names: Vec<Named>,
    pub(super) reason: Option<String>,
    /// The whole of it, for whoever points at it.
    pub(super) span: Span,
    /// The list as text that may be written anew.
    pub(super) list: Option<Span>,
    /// What goes if the ignore goes.
    pub(super) removal: Option<Span>,
    /// Whether what it is about was judged, so that it is worth telling that it silences nothing.
    pub(super) is_judged: bool,
}

/// A rule that is ignored.
pub(super) struct Named {
    pub(super) text: String,
    pub(super) span: Span,
    pub(super) meaning: Option<Meaning>,
    pub(super) is_used: bool,
}

/// What a file orders, and what is wrong with its orders.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) ignores: Vec<Ignore>,
    pub(super) facts: Vec<Fact>,
    /// Ignores that name nothing: their place, and what they would silence.
    pub(super) blankets: Vec<(Span, Cover, bool)>,
}

impl Gathered {
    pub(super) fn is_empty(&self) -> bool {
        self.ignores.is_empty() && self.facts.is_empty() && self.blankets.is_empty()
    }
}

const UNKNOWN: &str = "unknown-rule-in-ignore";

/// Whether a text may hold an ignore: a cheap look.
pub(super) fn is_marked(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"meshlint").is_some()
}

/// Reads the ignores of a file. `is_repeated` says of a document whether what it holds is judged at another place.
pub(super) fn gather(id: FileId, file: &SourceFile, is_repeated: &dyn Fn(Span) -> bool) -> Gathered {
    let text = &file.text;
    let origin = dialect::Origin {
        file: id,
        dollar: dialect::fills_in_dollars(&file.name, text),
        is_kustomization: dialect::is_kustomization(&file.name),
    };
    let chunks: Vec<_> = read::chunks(file)
        .map(|(chunk, is_template)| {
            if is_template {
                return (chunk, None);
            }
            let (doc, errors) = yaml::parse(text, chunk, &yaml::Options { comments: true });
            let is_understood = errors.is_empty()
                && !is_repeated(chunk.span)
                && dialect::read(&doc, origin).iter().any(|(_, one)| matches!(one, dialect::Reading::Object(_)));
            (chunk, Some((Units::of(&doc), doc, is_understood)))
        })
        .collect();
    let mut out = Gatherer { text, out: Gathered::default() };
    let all_judged = chunks.iter().any(|(_, read)| read.as_ref().is_some_and(|(.., judged)| *judged))
        && chunks.iter().all(|(_, read)| read.as_ref().is_some_and(|(_, doc, _)| doc.is_whole));
    let first = chunks.iter().find_map(|(_, read)| read.as_ref()).and_then(|(_, doc, _)| root(doc));
    let mut end = 0;
    for (at, (chunk, read)) in chunks.iter().enumerate() {
        let next = |at: usize| chunks.get(at).and_then(|(chunk, read)| Some((*chunk, read.as_ref()?.2)));
        for comment in comments_between(text, end, chunk.span.start) {
            out.comment(comment, first, all_judged, &mut |_| {
                next(at).map(|(chunk, is)| (Cover::of_node(chunk.span), is))
            });
        }
        end = chunk.span.end;
        let Some((units, doc, is_judged)) = read else { continue };
        for comment in &doc.comments {
            out.comment(comment.span, first, all_judged, &mut |is_alone| {
                if !is_alone {
                    return Some((units.beside(text, comment.span), *is_judged));
                }
                let behind = units.behind(comment.span).map(|span| (Cover::of_node(span), *is_judged));
                // Behind the last node, and not indented: it speaks of the next document.
                let is_outside = line_start(text, comment.span.start) == comment.span.start;
                behind.or_else(|| {
                    let (chunk, is_judged) = next(at + 1).filter(|_| is_outside)?;
                    Some((Cover::of_node(chunk.span), is_judged))
                })
            });
        }
        for declared in ignore::declared(doc) {
            out.declared(declared, *is_judged);
        }
    }
    for comment in comments_between(text, end, u32::try_from(text.len()).unwrap_or(u32::MAX)) {
        out.comment(comment, first, all_judged, &mut |_| None);
    }
    out.out
}

fn root(doc: &Document<'_>) -> Option<u32> {
    doc.root().map(|root| doc.span(root).start)
}

/// Comments between documents, where nothing else stands but markers and directives.
fn comments_between(text: &str, from: u32, to: u32) -> Vec<Span> {
    let Some(gap) = text.get(from as usize..to as usize) else { return Vec::new() };
    let mut out = Vec::new();
    let mut at = from;
    for line in gap.split_inclusive('\n') {
        let start = line.len() - line.trim_start().len();
        let body = line.trim();
        let narrow = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        if body.starts_with('#') {
            out.push(Span::new(at + narrow(start), at + narrow(start + body.len())));
        }
        at += narrow(line.len());
    }
    out
}

struct Gatherer<'t> {
    text: &'t str,
    out: Gathered,
}

impl Gatherer<'_> {
    /// Reads a comment. What it is about is asked only if it orders something.
    fn comment(
        &mut self,
        comment: Span,
        first: Option<u32>,
        file_is_judged: bool,
        about: &mut dyn FnMut(bool) -> Option<(Cover, bool)>,
    ) {
        let text = self.text.get(comment.start as usize..comment.end as usize).unwrap_or("");
        if !is_marked(text) {
            return;
        }
        let line = line_start(self.text, comment.start);
        let is_alone = self.text[line as usize..comment.start as usize].trim().is_empty();
        match directive::read(text, comment.start, is_alone) {
            Directive::Prose => {}
            Directive::Malformed { span, fault: Fault::Blanket, .. } => {
                let (cover, is_judged) = about(is_alone).unwrap_or_default();
                self.out.blankets.push((span, cover, is_judged));
            }
            Directive::Malformed { span, fault, meant } => {
                let word = self.text.get(span.start as usize..span.end as usize).unwrap_or("");
                let fact = Fact::new(UNKNOWN, "malformed-ignore", span).arg(word).arg(meant.unwrap_or_default());
                let kind = if fault == Fault::Word { "word" } else { "brackets" };
                self.out.facts.push(fact.arg(kind));
            }
            Directive::Ignore(list) if list.of_file => {
                let is_first = is_alone && first.is_none_or(|first| comment.end <= first);
                let cover = if is_first { Cover::of_node(Span::new(0, u32::MAX)) } else { Cover::default() };
                if !is_first {
                    let fact = Fact::new("unused-ignore", "misplaced-ignore", list.span).arg("file");
                    self.out.facts.push(fact);
                }
                self.ignore(comment, line, list, cover, file_is_judged && is_first);
            }
            Directive::Ignore(list) => {
                let (cover, is_judged) = about(is_alone).unwrap_or_default();
                if cover.is_nothing() {
                    self.out.facts.push(Fact::new("unused-ignore", "misplaced-ignore", list.span).arg("nothing"));
                }
                self.ignore(comment, line, list, cover, is_judged && !cover.is_nothing());
            }
        }
    }

    fn ignore(&mut self, comment: Span, line: u32, list: List, cover: Cover, is_judged: bool) {
        let names = list.names.into_iter().map(|(text, span)| self.name(text, span, true)).collect();
        let removal = Some(removal(self.text, comment, line, list.span.start));
        let (span, list_span) = (list.span, Some(list.inside));
        self.out.ignores.push(Ignore { cover, names, reason: list.reason, span, list: list_span, removal, is_judged });
    }

    fn declared(&mut self, declared: ignore::Declared, is_judged: bool) {
        let Some(covers) = declared.covers else {
            return self.out.facts.push(Fact::new("unused-ignore", "misplaced-ignore", declared.key).arg("annotation"));
        };
        let cover = Cover::of_node(covers);
        let is_blanket = |name: &str| matches!(name, "*" | "all" | "default");
        let mut names = Vec::new();
        for (text, span, is_literal) in &declared.lists {
            for (name, place) in directive::names(text, span.start) {
                let place = if *is_literal { place } else { *span };
                if is_blanket(&name) {
                    return self.out.blankets.push((place, cover, is_judged));
                }
                names.push(self.name(name, place, *is_literal));
            }
        }
        if names.is_empty() {
            return self.out.blankets.push((declared.key, cover, is_judged));
        }
        let list = match &declared.lists[..] {
            [(_, span, true)] if names.len() > 1 => Some(*span),
            _ => None,
        };
        let reason = declared.reason;
        self.out.ignores.push(Ignore { cover, names, reason, span: declared.key, list, removal: None, is_judged });
    }

    fn name(&mut self, text: String, span: Span, is_literal: bool) -> Named {
        let meaning = match name::resolve(&text) {
            Ok(meaning) => Some(meaning),
            Err(unknown) => {
                let (meant, is_certain) = unknown.meant.unwrap_or_default();
                let fact = Fact::new(UNKNOWN, UNKNOWN, span).arg(unknown.what).arg(meant);
                let fact = fact.arg(if is_certain { "certain" } else { "" });
                self.out.facts.push(if is_literal { fact.other(span) } else { fact });
                None
            }
        };
        Named { text, span, meaning, is_used: false }
    }
}

/// What goes with a comment: its line if it has one to itself, else what lies between it and the text before.
fn removal(text: &str, comment: Span, line: u32, order: u32) -> Span {
    let before = text.get(..order as usize).unwrap_or("");
    let hash = before.rfind('#').map_or(comment.start as usize, |at| before[..=at].trim_end_matches('#').len());
    let hash = hash.max(comment.start as usize);
    let kept = text[line as usize..hash].trim_end();
    if kept.is_empty() {
        let end = memchr::memchr(b'\n', &text.as_bytes()[comment.end as usize..]);
        let end = end.map_or(text.len(), |feed| comment.end as usize + feed + 1);
        return Span::new(line, u32::try_from(end).unwrap_or(u32::MAX));
    }
    Span::new(line + u32::try_from(kept.len()).unwrap_or(0), comment.end)
}
