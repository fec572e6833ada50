//! App Mesh in CloudFormation templates, as `AWS::AppMesh::…`.

pub(super) mod template;
mod wiring;

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::dialect::shape::{Cx, Spelling};
use crate::dialect::{Lowered, Origin};
use crate::finding::Subject;
use crate::source::Span;
use crate::yaml::{self, Document, Entry, NodeId, Profile};

use super::cloud::{From, Home, Kind};
use super::kind::TEMPLATE;
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
    let template = Template::new(doc, root, origin.dollar);
    let members: Vec<_> = resources(doc, root).collect();
    let wiring = Wiring::new(&template, &members);
    let cycles = wiring.cycles();
    let is_shared = template.is_open();
    let read = members.into_iter().map(|(entry, kind)| {
        let mut cx = Cx::new(doc, origin.dollar);
        cx.spelling = Spelling::CloudFormation;
        cx.template = Some(&template);
        let id = doc.text(entry.key);
        let home = Home {
            kinds: &TEMPLATE,
            file: origin.file,
            span: doc.span(entry.value),
            anchor: doc.span(entry.key),
            digest: digest(doc, entry),
            condition: doc.get(entry.value, "Condition").map(|condition| doc.text(condition)),
            is_shared,
            made: Some(template.made(id, kind.name_property())),
        };
        let properties = doc.entry(entry.value, "Properties");
        let resource = kind.read(&mut cx, From::Properties(properties), &home);
        wiring.judge(entry, kind, &mut cx.facts);
        cx.facts.extend(cycles.iter().filter(|(first, _)| *first == id).map(|(_, fact)| fact.clone()));
        let subject = Subject {
            dialect: super::DIALECT,
            api_version: String::new(),
            kind: format!("{TYPE}{}", kind.name()),
            namespace: None,
            name: id.to_owned(),
        };
        let lowered = Lowered { resource, subject: Some(subject), facts: cx.facts, ..Lowered::default() };
        (doc.span(entry.value), lowered)
    });
    read.collect()
}

/// Equal for resources that are equal. Two of a template are two resources, whatever is written in them.
fn digest(doc: &Document<'_>, entry: Entry) -> u64 {
    let mut hasher = FxHasher::default();
    (doc.text(entry.key), yaml::digest(doc, entry.value, Profile::CloudFormation)).hash(&mut hasher);
    hasher.finish()
}

/// The resources of App Mesh, by their logical ids. An alias would bring one a second time.
fn resources<'d>(doc: &'d Document<'_>, root: NodeId) -> impl Iterator<Item = (Entry, Kind)> + 'd {
    let all = doc.get(root, "Resources").into_iter().flat_map(|resources| doc.entries(resources));
    all.filter_map(|entry| {
        let name = doc.text(doc.get(entry.value, "Type")?).strip_prefix(TYPE)?;
        Some((entry, Kind::of(name)?))
    })
}
