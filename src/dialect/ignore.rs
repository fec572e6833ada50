//! Ignores that are part of an object: annotations of Kubernetes objects, `Metadata` of templates. They are for what
//! loses its comments on the way, and for text that has none.

use rustc_hash::FxHashSet;

use crate::source::Span;
use crate::yaml::{Document, Entry, Kind, NodeId};

/// The annotation that lists rules.
pub const ANNOTATION: &str = "meshlint.dev/ignore";
/// The annotation that says why.
const REASON: &str = "meshlint.dev/ignore-reason";
/// The key below the `Metadata` of a template or of its resources.
const METADATA: &str = "meshlint";
/// As deep lists hold lists.
const DEPTH: u8 = 4;

/// An ignore that is part of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The object; `None` where the ignore stands at a place that nobody asks.
    pub covers: Option<Span>,
    /// The key.
    pub key: Span,
    /// Texts that list rules, each with its place and whether it stands there letter by letter.
    pub lists: Vec<(String, Span, bool)>,
    /// Why, in the words of whoever wrote it.
    pub reason: Option<String>,
}

/// The ignores that the objects of a document hold, and those that nobody asks.
#[must_use]
pub fn declared(doc: &Document<'_>) -> Vec<Declared> {
    let mut seats = Seats { doc, out: Vec::new(), seen: FxHashSet::default() };
    if let Some(root) = doc.root().and_then(|root| doc.target(root)) {
        seats.object(root, 0);
        seats.template(root);
        seats.misplaced(root);
    }
    seats.out
}

struct Seats<'d> {
    doc: &'d Document<'d>,
    out: Vec<Declared>,
    seen: FxHashSet<NodeId>,
}

impl Seats<'_> {
    fn object(&mut self, node: NodeId, depth: u8) {
        let doc = self.doc;
        let annotations = doc.path(node, &["metadata", "annotations"]);
        if let Some((annotations, entry)) = annotations.and_then(|at| Some((at, doc.entry(at, ANNOTATION)?))) {
            let reason = doc.get(annotations, REASON).map(|value| doc.text(value).to_owned());
            self.push(entry, Some(doc.span(node)), entry.value, reason);
        }
        if depth < DEPTH
            && let Some(items) = doc.get(node, "items")
        {
            for item in doc.items(items) {
                // What an alias brings has been asked where it stands.
                if doc.kind(item) == Kind::Mapping {
                    self.object(item, depth + 1);
                }
            }
        }
    }

    fn template(&mut self, root: NodeId) {
        let doc = self.doc;
        let Some(resources) = doc.get(root, "Resources") else { return };
        self.metadata(root, doc.span(root));
        for resource in doc.entries(resources) {
            if doc.kind(resource.value) == Kind::Mapping {
                self.metadata(resource.value, doc.span(resource.key).to(doc.span(resource.value)));
            }
        }
    }

    fn metadata(&mut self, node: NodeId, covers: Span) {
        let doc = self.doc;
        let Some(own) = doc.path(node, &["Metadata", METADATA]) else { return };
        let Some(entry) = doc.entry(own, "ignore") else { return };
        let reason = doc.get(own, "reason").map(|value| doc.text(value).to_owned());
        self.push(entry, Some(covers), entry.value, reason);
    }

    /// The annotation where it has no effect, as on the template of pods, or among labels.
    fn misplaced(&mut self, root: NodeId) {
        let doc = self.doc;
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            for entry in doc.entries(node) {
                if doc.text(entry.key) == ANNOTATION && !self.seen.contains(&entry.key) {
                    self.push(entry, None, entry.value, None);
                }
                waiting.push(entry.value);
            }
            waiting.extend(doc.items(node));
        }
        self.out.sort_by_key(|one| one.key);
    }

    fn push(&mut self, entry: Entry, covers: Option<Span>, value: NodeId, reason: Option<String>) {
        let doc = self.doc;
        if !self.seen.insert(entry.key) {
            return;
        }
        let value = doc.target(value).unwrap_or(value);
        let nodes = if doc.kind(value) == Kind::Sequence { doc.items(value).collect() } else { vec![value] };
        let lists = nodes.into_iter().filter(|node| doc.kind(*node) == Kind::Scalar);
        let lists = lists.map(|node| {
            let (text, raw, span) = (doc.text(node), doc.raw(node), doc.span(node));
            let is_quoted = raw.len() == text.len() + 2 && raw.get(1..raw.len() - 1) == Some(text);
            let inner = Span::new(span.start + u32::from(is_quoted), span.end - u32::from(is_quoted));
            (text.to_owned(), inner, is_quoted || raw == text)
        });
        let lists = lists.collect();
        let reason = reason.filter(|text| !text.trim().is_empty());
        self.out.push(Declared { covers, key: doc.span(entry.key), lists, reason });
    }
}

#[cfg(test)]
mod tests {
    use super::declared;

    fn found(text: &str) -> Vec<(bool, Vec<String>, Option<String>)> {
        let (doc, errors) = crate::yaml::parse(text, crate::yaml::split(text)[0], &crate::yaml::Options::default());
        assert!(errors.is_empty(), "{errors:?}");
        let all = declared(&doc).into_iter();
        all.map(|one| {
            for (list, span, is_literal) in &one.lists {
                assert!(!is_literal || &text[span.start as usize..span.end as usize] == list);
            }
            (one.covers.is_some(), one.lists.into_iter().map(|(text, ..)| text).collect(), one.reason)
        })
        .collect()
    }

    #[test]
    fn annotations_of_objects_and_of_items_count() {
        let text = "kind: List\nitems:\n  - metadata: {annotations: {meshlint.dev/ignore: 'a, b', \
                    meshlint.dev/ignore-reason: why}}\n  - metadata: {name: x}\n";
        assert_eq!(found(text), [(true, vec!["a, b".to_owned()], Some("why".to_owned()))]);
    }

    #[test]
    fn annotations_of_pods_and_labels_do_not() {
        let text = "kind: Deployment\nmetadata: {labels: {meshlint.dev/ignore: a}}\n\
                    spec: {template: {metadata: {annotations: {meshlint.dev/ignore: a}}}}\n";
        assert_eq!(found(text).iter().map(|one| one.0).collect::<Vec<_>>(), [false, false]);
    }

    #[test]
    fn metadata_of_templates_and_resources_count() {
        let text = "{\"Metadata\": {\"meshlint\": {\"ignore\": [\"a\", \"b/c\"], \"reason\": \"r\"}},\n \"Resources\": \
                    {\"Cart\": {\"Metadata\": {\"meshlint\": {\"ignore\": \"a\"}}}, \"Other\": {}}}\n";
        let expected =
            [(true, vec!["a".to_owned(), "b/c".to_owned()], Some("r".to_owned())), (true, vec!["a".to_owned()], None)];
        assert_eq!(found(text), expected);
    }
}
