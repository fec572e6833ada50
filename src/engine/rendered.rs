//! Findings in rendered text, led back to the templates that it was made from.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::dialect;
use crate::finding::{Finding, Rendered};
use crate::source::{FileId, Place, SourceFile, Sources, Span, Template, Templates};
use crate::yaml;

use super::read::chunk_of;

/// Tells each label what it was rendered from, where its document says so. The files are read and added to the
/// sources. A remedy that would change rendered text is none: the next run of the renderer undoes it.
pub(super) fn trace_back(findings: &mut [Finding], sources: &mut Sources, cwd: &Path) {
    let mut said = said(findings, sources);
    if said.is_empty() {
        return;
    }
    // Templates are met in the order of the findings, so that their ids do not depend on anything else.
    said.sort_unstable_by_key(|one| (one.finding, one.label));
    let mut templates = Templates::new(cwd);
    let mut known: FxHashMap<String, Option<FileId>> =
        sources.iter().map(|(id, file)| (file.name.clone(), Some(id))).collect();
    for Said { finding, label, template } in said {
        let label = &mut findings[finding].labels[label];
        let path = templates.find(&template, &sources.file(label.place.file).name);
        let id = path.and_then(|path| {
            if !known.contains_key(&path) {
                let file = templates.read(&path).map(|file| sources.push(file));
                known.insert(path.clone(), file);
            }
            known.get(&path).copied().flatten()
        });
        let place = id.map(|id| {
            let line = origin(sources.file(label.place.file), label.place.span, sources.file(id));
            Place::new(id, line.unwrap_or_default())
        });
        label.rendered = Some(Rendered { name: template.name().to_owned(), place });
    }
    for finding in findings.iter_mut().filter(|finding| finding.labels[0].rendered.is_some()) {
        finding.fixes.clear();
    }
}

/// What a document says about where the place of a label comes from.
struct Said {
    finding: usize,
    label: usize,
    template: Template,
}

fn said(findings: &[Finding], sources: &Sources) -> Vec<Said> {
    let mut by_file: FxHashMap<FileId, Vec<(usize, usize)>> = FxHashMap::default();
    for (at, finding) in findings.iter().enumerate() {
        for (label, place) in finding.labels.iter().enumerate() {
            by_file.entry(place.place.file).or_default().push((at, label));
        }
    }
    let mut out = Vec::new();
    for (file, places) in by_file {
        let text = &sources.file(file).text;
        if !dialect::may_be_rendered(text) {
            continue;
        }
        let chunks = yaml::split(text);
        let mut documents = FxHashMap::default();
        for (finding, label) in places {
            let span = findings[finding].labels[label].place.span;
            let Some(chunk) = chunk_of(&chunks, span) else { continue };
            let document =
                documents.entry(chunk.span).or_insert_with(|| yaml::parse(text, chunk, &yaml::Options::default()).0);
            out.extend(dialect::rendered_from(document, span).map(|template| Said { finding, label, template }));
        }
    }
    out
}

/// The one line of a template that a line of the rendered text was made from: the only one that is equal but for blanks,
/// else the only one that is once its actions (`{{ … }}`) are carried out. `None` where there is no such line, or several.
fn origin(rendered: &SourceFile, span: Span, template: &SourceFile) -> Option<Span> {
    let line = rendered.lines().line_span(rendered.position(span.start).line);
    let written = rendered.slice(line);
    let wanted = written.trim();
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut found = lines(&template.text).filter(|(_, line)| fits(line));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    };
    if let Some((start, _)) = only(&|line| line == wanted) {
        // The text is the same, so the place in it is, too.
        let lead = u32::try_from(written.len() - written.trim_start().len()).ok()?;
        let shift = |at: u32| {
            let inside = at.saturating_sub(line.start + lead).min(u32::try_from(wanted.len()).unwrap_or(0));
            start + inside
        };
        return Some(Span::new(shift(span.start), shift(span.end)));
    }
    let (start, line) = only(&|line| is_made_from(wanted, line))?;
    Some(Span::new(start, start + u32::try_from(line.len()).ok()?))
}

/// The lines of a text without the blanks around them, each with its offset.
fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let base = text.as_ptr() as usize;
    text.lines().filter_map(move |line| {
        let line = line.trim();
        let start = u32::try_from(line.as_ptr() as usize - base).ok()?;
        (!line.is_empty()).then_some((start, line))
    })
}

/// Whether a line may come from one of a template by carrying out its actions: the text between them is there, and
/// begins with a key.
fn is_made_from(line: &str, template: &str) -> bool {
    let mut pieces = template.split("{{");
    let Some(mut rest) = pieces.next().filter(|first| first.contains(':')).and_then(|first| line.strip_prefix(first))
    else {
        return false;
    };
    let mut acted = false;
    for piece in pieces {
        let Some((_, literal)) = piece.split_once("}}") else { return false };
        let Some(at) = rest.find(literal) else { return false };
        rest = &rest[at + literal.len()..];
        acted = true;
    }
    // Behind the last action anything may stand only if nothing is written there.
    acted && (rest.is_empty() || template.ends_with("}}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Origin;

    fn file(name: &str, text: &str) -> SourceFile {
        SourceFile::new(name, Origin::Walked, text.as_bytes().to_vec())
    }

    fn found<'t>(line: &str, what: &str, template: &'t str) -> Option<&'t str> {
        let rendered = format!("kind: X\n    {line}\nlast: 1\n");
        let start = u32::try_from(rendered.find(what).unwrap()).unwrap();
        let span = Span::new(start, start + u32::try_from(what.len()).unwrap());
        let span = origin(&file("<stdin>", &rendered), span, &file("t.yaml", template))?;
        template.get(span.start as usize..span.end as usize)
    }

    #[test]
    fn a_line_is_found_where_it_can_only_come_from_one() {
        let template =
            "a:\r\n  name: birth\n  port: {{ .Values.port }}\n  host: {{ .A }}.{{ .B }}.svc\n  x: 1\n  x: 1\n";
        assert_eq!(found("name: birth", "birth", template), Some("birth"));
        assert_eq!(found("name: birth", "name", template), Some("name"));
        assert_eq!(found("port: 80", "80", template), Some("port: {{ .Values.port }}"));
        assert_eq!(found("host: a.b.svc", "a.b", template), Some("host: {{ .A }}.{{ .B }}.svc"));
        assert_eq!(found("host: a-b", "a-b", template), None);
        assert_eq!(found("host: a.b.svcs", "a.b", template), None);
        assert_eq!(found("x: 1", "1", template), None, "one of two");
        assert_eq!(found("y: 1", "1", template), None);
        assert_eq!(found("  ", "  ", template), None);
        assert_eq!(found("y: 1", "1", "{{ toYaml . }}\n{{ if\n: {{\n"), None);
    }
}
