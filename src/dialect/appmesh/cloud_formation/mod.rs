//! App Mesh in CloudFormation templates, as `AWS::AppMesh::…`. Only the shape of a resource is judged so far:
//! references, routes and policies are not followed.

pub(super) mod template;
mod wiring;

use crate::dialect::shape::{Cx, Spelling};
use crate::dialect::{Lowered, Origin};
use crate::finding::Subject;
use crate::source::Span;
use crate::yaml::{Document, Entry, NodeId};

use super::cloud::Kind;
use template::Template;
use wiring::Wiring;

/// What every type begins with.
pub(super) const TYPE: &str = "AWS::AppMesh::";

/// Whether a text may hold a template with resources of App Mesh.
pub(in crate::dialect) fn may_be_in(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), TYPE.as_bytes()).is_some()
}

/// Whether a document is a template with resources of App Mesh.
pub(in crate::dialect) fn is_template(doc: &Document<'_>, root: NodeId) -> bool {
    resources(doc, root).next().is_some()
}

/// Reads the resources of a template, each with its place.
pub(in crate::dialect) fn read(doc: &Document<'_>, root: NodeId, origin: Origin) -> Vec<(Span, Lowered)> {
    let template = Template::new(doc, root);
    let members: Vec<_> = resources(doc, root).collect();
    let wiring = Wiring::new(&template, &members);
    let cycles = wiring.cycles();
    let mut read: Vec<_> = members
        .into_iter()
        .map(|(entry, kind)| {
            let mut cx = Cx::new(doc, origin.dollar);
            cx.spelling = Spelling::CloudFormation;
            let id = doc.span(entry.key);
            kind.read(&mut cx, "properties", doc.entry(entry.value, "Properties"), id);
            wiring.judge(entry, kind, &mut cx.facts);
            let id = doc.text(entry.key);
            cx.facts.extend(cycles.iter().filter(|(first, _)| *first == id).map(|(_, fact)| fact.clone()));
            let subject = Subject {
                dialect: super::DIALECT,
                api_version: String::new(),
                kind: format!("{TYPE}{}", kind.name()),
                namespace: None,
                name: id.to_owned(),
            };
            let lowered = Lowered { subject: Some(subject), facts: cx.facts, ..Lowered::default() };
            (doc.span(entry.value), lowered)
        })
        .collect();
    // What the template makes is there, whatever it is called.
    if let Some((_, first)) = read.first_mut() {
        first.is_opaque = true;
    }
    read
}

/// The resources of App Mesh, by their logical ids. An alias would bring one a second time.
fn resources<'d>(doc: &'d Document<'_>, root: NodeId) -> impl Iterator<Item = (Entry, Kind)> + 'd {
    let all = doc.get(root, "Resources").into_iter().flat_map(|resources| doc.entries(resources));
    all.filter_map(|entry| {
        let name = doc.text(doc.get(entry.value, "Type")?).strip_prefix(TYPE)?;
        Some((entry, Kind::of(name)?))
    })
}
