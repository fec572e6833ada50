//! What programs that render manifests write beside them, about where they come from.

use crate::source::{Span, Template};
use crate::yaml::{Document, Kind, NodeId};

/// The annotation of kustomize (`buildMetadata: [originAnnotations]`).
const ORIGIN: &str = "config.kubernetes.io/origin";

/// The comment that Helm writes above each document.
const SOURCE: &str = "# Source: ";

/// Whether any document of a text may say where it comes from: a cheap look before it is parsed.
#[must_use]
pub fn may_be_rendered(text: &str) -> bool {
    let has = |what: &str| memchr::memmem::find(text.as_bytes(), what.as_bytes()).is_some();
    has(SOURCE) || has(ORIGIN)
}

/// What the object that a place lies in was rendered from, as its document says: in the comment of Helm above it, or
/// in the annotation of kustomize. `None` where neither says anything.
#[must_use]
pub fn rendered_from(doc: &Document<'_>, place: Span) -> Option<Template> {
    let text = doc.source().get(doc.span.start as usize..doc.span.end as usize)?;
    of_chart(text).or_else(|| of_kustomization(doc, place))
}

/// Helm's comment is the first of the document (`manifest.Name` in `helm template`).
fn of_chart(text: &str) -> Option<Template> {
    let head = text.lines().map(str::trim_end).take_while(|line| line.is_empty() || line.starts_with(['#', '-']));
    let path = head.filter_map(|line| line.strip_prefix(SOURCE)).next()?;
    let mut parts = path.split('/');
    let is_chart = parts.next().is_some_and(|chart| !chart.is_empty() && !chart.ends_with(':'))
        && parts.clone().all(|part| !matches!(part, "" | "." | ".."))
        && parts.any(|part| matches!(part, "templates" | "crds"));
    is_chart.then(|| Template::Chart(path.to_owned()))
}

fn of_kustomization(doc: &Document<'_>, place: Span) -> Option<Template> {
    let object = object_at(doc, doc.target(doc.root()?)?, place, 0);
    let origin = doc.text(doc.path(object, &["metadata", "annotations", ORIGIN])?);
    let value = |key: &str| {
        let mut values = origin.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        Some(values.next()?.trim().trim_matches(['"', '\'']).to_owned()).filter(|value| !value.is_empty())
    };
    // What a generator makes is written down in its configuration.
    let path = value("path").or_else(|| value("configuredIn"))?;
    Some(match (value("repo"), value("ref")) {
        (None, _) => Template::Overlay(path),
        (Some(repo), None) => Template::Elsewhere(format!("{repo}//{path}")),
        (Some(repo), Some(version)) => Template::Elsewhere(format!("{repo}//{path}?ref={version}")),
    })
}

/// The object of a list that a place lies in, else the whole.
fn object_at(doc: &Document<'_>, node: NodeId, place: Span, depth: u8) -> NodeId {
    let items = doc.get(node, "items").filter(|items| doc.kind(*items) == Kind::Sequence && depth < 4);
    let item = items.and_then(|items| doc.items(items).find(|item| doc.span(*item).contains(place)));
    item.map_or(node, |item| object_at(doc, item, place, depth + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn at(text: &str, what: &str) -> Option<Template> {
        let start = u32::try_from(text.find(what).unwrap()).unwrap();
        let chunks = yaml::split(text);
        let chunk = chunks.into_iter().rfind(|chunk| chunk.span.start <= start).unwrap();
        let (doc, _) = yaml::parse(text, chunk, &yaml::Options::default());
        rendered_from(&doc, Span::new(start, start + 1))
    }

    #[test]
    fn the_comment_of_helm_names_a_file_of_a_chart() {
        let text = "---\n# Source: ferry/templates/a.yaml\n# More of it\nkind: A\n---\n# Source: ferry/charts/b/crds/b.yaml\nkind: B\n---\nkind: C\n";
        assert_eq!(at(text, "A\n"), Some(Template::Chart("ferry/templates/a.yaml".into())));
        assert_eq!(at(text, "B\n"), Some(Template::Chart("ferry/charts/b/crds/b.yaml".into())));
        assert_eq!(at(text, "C\n"), None);
        for text in [
            "# Source: https://example.com/templates/a.yaml\nkind: A\n",
            "# Source: ferry/templates/../../../etc/passwd\nkind: A\n",
            "# Source: /ferry/templates/a.yaml\nkind: A\n",
            "# Source: the wiki\nkind: A\n",
            "kind: A\n# Source: ferry/templates/a.yaml\n",
            "  # Source: ferry/templates/a.yaml\nkind: A\n",
        ] {
            assert_eq!(at(text, "A\n"), None, "{text}");
        }
        let windows = "---\r\n# Source: ferry/templates/a.yaml\r\nkind: A\r\n";
        assert_eq!(at(windows, "A\r"), Some(Template::Chart("ferry/templates/a.yaml".into())));
    }

    #[test]
    fn the_annotation_of_kustomize_names_a_file_as_seen_from_the_kustomization() {
        let object = |origin: &str| {
            let lines: String = origin.lines().map(|line| format!("      {line}\n")).collect();
            format!("metadata:\n  annotations:\n    config.kubernetes.io/origin: |\n{lines}  name: A\n")
        };
        for (origin, expected) in [
            ("path: ../../base/a.yaml", Some(Template::Overlay("../../base/a.yaml".into()))),
            (
                "configuredIn: kustomization.yaml\nconfiguredBy:\n  kind: X",
                Some(Template::Overlay("kustomization.yaml".into())),
            ),
            (
                "path: a.yaml\nref: v1\nrepo: https://example.com/ann/mesh",
                Some(Template::Elsewhere("https://example.com/ann/mesh//a.yaml?ref=v1".into())),
            ),
            ("nothing: here", None),
            ("path: ", None),
        ] {
            assert_eq!(at(&object(origin), "A\n"), expected, "{origin}");
        }
        let indented: String = object("path: b.yaml").lines().map(|line| format!("    {line}\n")).collect();
        let list = format!("apiVersion: v1\nkind: List\nitems:\n  - {{metadata: {{name: B}}}}\n  -\n{indented}");
        assert_eq!(at(&list, "A\n"), Some(Template::Overlay("b.yaml".into())));
        assert_eq!(at(&list, "B}"), None);
    }
}
