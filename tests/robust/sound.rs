//! What must hold of the outcome of any run.

use meshlint::engine::Outcome;
use meshlint::report::{Format, Report, Style, write};
use meshlint::source::{Place, Root};
use meshlint::yaml::{self, Document, Kind, NodeId};

/// Panics, with what is wrong, where an outcome does not hold together.
pub(crate) fn sound(outcome: &Outcome) {
    let mut last = None;
    for finding in &outcome.findings {
        let file = &outcome.sources.file(finding.place().file).name;
        let key = (file, finding.place().span, finding.rule);
        assert!(last.is_none_or(|last| last <= key), "not sorted: {finding:?}");
        last = Some(key);
        assert!(!finding.message.is_empty(), "no message: {finding:?}");
        let texts = [Some(&finding.message), finding.why.as_ref(), finding.help.as_ref()];
        let labels = finding.labels.iter().map(|label| &label.text);
        for text in texts.into_iter().flatten().chain(labels) {
            assert!(!text.contains(char::is_control), "control characters in {text:?}");
        }
        for label in &finding.labels {
            place_exists(outcome, label.place);
            let text = &outcome.sources.file(label.place.file).text;
            assert!(resolves(text, label.place, &label.pointer), "pointer `{}`: {finding:?}", label.pointer);
        }
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            place_exists(outcome, edit.place);
        }
    }
    for format in Format::ALL {
        let Outcome { findings, sources, summary, problems, .. } = outcome;
        let root = &Root::default();
        let report =
            Report { findings, sources, summary, problems, root, rules: &[], has_pages: true, tool_version: "0.0.0" };
        let mut out = Vec::new();
        write(format, &report, &Style::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        // In JSON, pointers are data and not words.
        let is_hidden = |one: char| one.is_control() && !matches!(one, '\n' | '\t');
        let is_json = match format {
            Format::Json | Format::Sarif | Format::SarifGithub | Format::Gitlab | Format::Rdjson => {
                serde_json::from_str::<serde::de::IgnoredAny>(&text).unwrap();
                true
            }
            Format::Jsonl => true,
            Format::Junit | Format::Checkstyle => {
                uppsala::parse(&text).unwrap();
                false
            }
            _ => false,
        };
        assert!(is_json || !text.contains(is_hidden), "{format} lets control characters through: {text:?}");
    }
}

fn place_exists(outcome: &Outcome, place: Place) {
    let file = outcome.sources.file(place.file);
    let (start, end) = (place.span.start as usize, place.span.end as usize);
    assert!(start <= end && file.text.get(start..end).is_some(), "{place:?} is no place in `{}`", file.name);
}

/// Whether a pointer leads somewhere in the document that a place stands in. A place that stands in none (the
/// whole file cannot be read) has an empty pointer.
fn resolves(text: &str, place: Place, pointer: &str) -> bool {
    if pointer.is_empty() {
        return true;
    }
    let chunks = yaml::split(text);
    let holders = chunks.iter().filter(|chunk| chunk.span.contains(place.span));
    holders.into_iter().any(|chunk| {
        let (document, _) = yaml::parse(text, *chunk, &yaml::Options::default());
        let steps: Vec<_> = pointer.split('/').skip(1).collect();
        pointer.starts_with('/') && document.root().is_some_and(|root| leads(&document, root, &steps))
    })
}

fn leads(document: &Document<'_>, at: NodeId, steps: &[&str]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    match document.kind(at) {
        Kind::Mapping => {
            let key = step.replace("~1", "/").replace("~0", "~");
            let mut entries = document.entries(at).filter(|entry| document.text(entry.key) == key);
            entries.any(|entry| leads(document, entry.value, rest))
        }
        Kind::Sequence => {
            let item = step.parse().ok().and_then(|index: usize| document.items(at).nth(index));
            item.is_some_and(|item| leads(document, item, rest))
        }
        Kind::Scalar | Kind::Alias => false,
    }
}
