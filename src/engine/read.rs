//! From the text of one file to what its documents hold.

use crate::dialect::{self, Kustomization, Lowered, Reading, Skipped};
use crate::finding::{Fact, Subject};
use crate::mesh::{Resource, Unread};
use crate::source::{FileId, Origin, SourceFile, Span};
use crate::yaml::{self, Chunk, SyntaxError, SyntaxErrorKind, Values};

/// What one file holds.
#[derive(Debug, Default)]
pub(super) struct FileReading {
    /// How many documents it has.
    pub(super) documents: usize,
    /// Its objects, each with what was noticed about it.
    pub(super) objects: Vec<ObjectReading>,
    /// Documents that cannot be read, or not before they are rendered.
    pub(super) unread: Vec<Unread>,
    /// Why documents were left alone.
    pub(super) skipped: Vec<Skipped>,
    /// What else is told of it to those who ask.
    pub(super) notes: Vec<String>,
    /// What it says about other files, where it is a kustomization.
    pub(super) kustomization: Option<Kustomization>,
}

/// An object of a file, or a document that is none.
#[derive(Debug, Default)]
pub(super) struct ObjectReading {
    pub(super) resource: Option<Resource>,
    pub(super) subject: Option<Subject>,
    pub(super) facts: Vec<Fact>,
}

/// Reads a file, which never fails: what is wrong is among the facts.
pub(super) fn read(id: FileId, file: &SourceFile) -> FileReading {
    let mut reading = FileReading::default();
    let is_kustomization = dialect::is_kustomization(&file.name);
    let of_concern = file.origin != Origin::Walked || is_kustomization || dialect::may_hold_manifests(&file.text);
    if !of_concern {
        // A binary file by the name of a manifest is none of ours, but whoever misses it can ask.
        let binary = file.damage.iter().filter(|_| file.text.is_empty());
        reading.notes.extend(binary.map(|(_, message)| format!("{message}; left alone")));
        return reading;
    }
    for (span, message) in &file.damage {
        let kind = if file.text.is_empty() { "binary" } else { "" };
        let fact = Fact::new("syntax", "unreadable-text", *span).arg(message).arg("").arg(kind);
        reading.objects.push(ObjectReading { facts: vec![fact], ..ObjectReading::default() });
    }
    let dollar = dialect::fills_in_dollars(&file.name, &file.text);
    let origin = dialect::Origin { file: id, dollar, is_kustomization };
    for (chunk, is_template) in chunks(file) {
        if is_template {
            leave_template(file.slice(chunk.span), id, &mut reading);
        } else {
            read_document(file, chunk, origin, &mut reading);
        }
    }
    reading
}

/// The documents of a file, and whether each is a template that has to be rendered first.
pub(super) fn chunks(file: &SourceFile) -> impl Iterator<Item = (Chunk, bool)> {
    // A condition may open in one document and close in another one.
    let mut blocks = 0;
    yaml::split(&file.text).into_iter().map(move |chunk| {
        let text = file.slice(chunk.span);
        let is_template = blocks > 0 || yaml::looks_like_template(text);
        if is_template {
            blocks = (blocks + yaml::open_blocks(text)).max(0);
        }
        (chunk, is_template)
    })
}

/// Leaves a template alone that has to be rendered first.
fn leave_template(text: &str, file: FileId, reading: &mut FileReading) {
    reading.documents += 1;
    if dialect::speaks_of_a_mesh(text) {
        reading.skipped.push(Skipped::Template);
        reading.unread.push(Unread { file, text: text.to_owned(), is_template: true, is_nameless: false, reach: None });
    }
}

fn read_document(file: &SourceFile, chunk: Chunk, origin: dialect::Origin, reading: &mut FileReading) {
    let text = file.slice(chunk.span);
    reading.documents += 1;
    let (doc, errors) = yaml::parse(&file.text, chunk, &yaml::Options::default());
    if !errors.is_empty() {
        // The broken files of other tools that a walk meets are not ours to judge.
        if file.origin == Origin::Walked && !dialect::may_hold_manifests(text) {
            return;
        }
        let facts = errors.into_iter().map(|error| syntax_error(file, error)).collect();
        reading.objects.push(ObjectReading { facts, ..ObjectReading::default() });
        if !doc.is_whole {
            let unread = Unread {
                file: origin.file,
                text: text.to_owned(),
                is_template: false,
                is_nameless: false,
                reach: None,
            };
            reading.unread.push(unread);
            return;
        }
    }
    let mut parts = Vec::new();
    for (span, object) in dialect::read(&doc, origin) {
        let at = match object {
            Reading::Object(lowered) => take(*lowered, origin.file, text, reading),
            Reading::Skipped(why) => {
                reading.skipped.push(why);
                None
            }
        };
        parts.push((span, at));
    }
    let Some(first) = parts.iter().find_map(|(_, at)| *at) else { return };
    // An object that several aliases bring is judged where it is met first.
    parts.sort_by_key(|(span, _)| *span);
    parts.dedup_by_key(|(span, _)| *span);
    if file.name.to_ascii_lowercase().ends_with(".json") {
        for problem in yaml::json_problems(&doc) {
            let fact = Fact::new("syntax", "not-json", problem.span).arg(problem.message);
            let home = home_of(&parts, problem.span).flatten().unwrap_or(first);
            reading.objects[home].facts.push(fact);
        }
    }
    for twice in yaml::duplicate_keys(&doc) {
        // Keys that are there twice are judged in what is understood, and in the list that brings it.
        let Some(home) = home_of(&parts, twice.again).unwrap_or(Some(first)) else { continue };
        let fact = Fact::new("duplicate-key", "duplicate-key", twice.again).other(twice.first).arg(twice.key);
        let fact = fact.arg(match twice.values {
            Values::Same => "same",
            Values::Scalars => "scalar",
            Values::Others => "",
        });
        reading.objects[home].facts.push(fact);
    }
}

/// What became of the object that a place lies in: its index, where something is said about it. `None` for a
/// place outside of all objects. The parts are sorted.
fn home_of(parts: &[(Span, Option<usize>)], place: Span) -> Option<Option<usize>> {
    let before = parts.partition_point(|(span, _)| span.start <= place.start);
    parts[..before].iter().rev().find(|(span, _)| span.contains(place)).map(|(_, at)| *at)
}

fn syntax_error(file: &SourceFile, error: SyntaxError) -> Fact {
    let (case, kind) = match error.kind {
        SyntaxErrorKind::UnquotedStar => ("yaml-alias-star", ""),
        SyntaxErrorKind::TooDeep => ("syntax", "deep"),
        SyntaxErrorKind::Other => ("syntax", ""),
    };
    Fact::new("syntax", case, error.span).arg(error.message).arg(file.slice(error.span)).arg(kind)
}

/// Takes an object over; gives its index, where there is anything to tell about it.
fn take(lowered: Lowered, file: FileId, text: &str, reading: &mut FileReading) -> Option<usize> {
    reading.kustomization = lowered.kustomization.map(|one| *one).or(reading.kustomization.take());
    if lowered.is_opaque || lowered.is_nameless {
        let is_nameless = lowered.is_nameless;
        reading.unread.push(Unread { file, text: text.to_owned(), is_template: false, is_nameless, reach: None });
    }
    if lowered.resource.is_none() && lowered.facts.is_empty() {
        return None;
    }
    let subject = lowered.resource.as_ref().map(Resource::subject).or(lowered.subject);
    reading.objects.push(ObjectReading { resource: lowered.resource, subject, facts: lowered.facts });
    Some(reading.objects.len() - 1)
}

/// The document of a file that a span stands in.
pub(super) fn chunk_of(chunks: &[Chunk], span: Span) -> Option<Chunk> {
    let at = chunks.partition_point(|chunk| chunk.span.start <= span.start);
    let chunk = chunks.get(at.checked_sub(1)?)?;
    (span.start <= chunk.span.end).then_some(*chunk)
}
