//! Front-ends: one for each vocabulary. They recognise a document, check its shape (pushing facts) and
//! lower it into resources. They never fail: what is wrong comes out as facts beside a partial model.

pub mod appmesh;
pub mod ignore;
mod kubernetes;
pub mod placeholder;
mod rendered;
pub mod shape;

pub use kubernetes::Kustomization;
pub use rendered::{may_be_rendered, rendered_from};

use crate::finding::{Fact, Subject};
use crate::mesh::{Resource, Role};
use crate::source::{FileId, Span};
use crate::yaml::{Document, Kind, NodeId, Profile, Value, resolve};

/// Where a document comes from, as far as its meaning depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The file.
    pub file: FileId,
    /// Whether bare `$NAME` is a placeholder in this file; see [`fills_in_dollars`].
    pub dollar: bool,
    /// Whether the file has the name of a kustomization.
    pub is_kustomization: bool,
}

/// What became of one object of a document.
#[derive(Debug)]
pub enum Reading {
    /// An object that is understood.
    Object(Box<Lowered>),
    /// One that is left alone.
    Skipped(Skipped),
}

/// An object that is understood.
#[derive(Debug, Default)]
pub struct Lowered {
    /// The resource, where it could be made: it has at least a kind and a name.
    pub resource: Option<Resource>,
    /// The identity for the facts, where there is no resource.
    pub subject: Option<Subject>,
    /// What was noticed.
    pub facts: Vec<Fact>,
    /// Whether something of this identity exists that is not modelled, so that nothing dangles for it.
    pub is_opaque: bool,
    /// Whether it is a resource whose name is given elsewhere, so that no name among those beside it dangles.
    pub is_nameless: bool,
    /// What it says about other files, where it is a kustomization.
    pub kustomization: Option<Box<Kustomization>>,
}

/// Why an object is left alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skipped {
    /// A template of a chart: it has to be rendered first.
    Template,
    /// What stands around resources that are understood.
    Around,
    /// A body of a call of the API that does not name its resource.
    Nameless,
    /// A list of what the API knows, with names and nothing else.
    Listed,
    /// A patch for another object.
    Patch,
    /// A resource of another kind, which is named.
    OtherKind(String),
    /// No manifest at all.
    NoManifest,
}

impl Skipped {
    /// What it is, in the singular or the plural; `None` for what has nothing to do with a mesh.
    #[must_use]
    pub const fn words(&self, one: bool) -> Option<&'static str> {
        match (self, one) {
            (Self::Template, true) => Some("unrendered template"),
            (Self::Template, false) => Some("unrendered templates"),
            (Self::Nameless, true) => Some("body of an API call without names, of which only the shape is judged"),
            (Self::Nameless, false) => Some("bodies of API calls without names, of which only the shape is judged"),
            (Self::Listed, true) => Some("list of resources, of which only the names are known"),
            (Self::Listed, false) => Some("lists of resources, of which only the names are known"),
            (Self::Patch, true) => Some("patch"),
            (Self::Patch, false) => Some("patches"),
            (Self::Around | Self::OtherKind(_) | Self::NoManifest, _) => None,
        }
    }

    /// What is told about it to those who ask, and what to do; `None` for what is no manifest.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        match self {
            Self::Template => Some(
                "unrendered template left alone: render it first, as with `helm template . | meshlint check -`".into(),
            ),
            Self::Listed => Some("list of resources: what it names is taken to be there, and is not judged".into()),
            Self::Nameless => Some(
                "body of an API call that does not name its resource: its shape is judged, its references are not"
                    .into(),
            ),
            Self::Patch => {
                Some("patch left alone: render it first, as with `kustomize build . | meshlint check -`".into())
            }
            Self::OtherKind(kind) => Some(format!("{kind} left alone")),
            Self::Around | Self::NoManifest => None,
        }
    }
}

/// What there is to be said about a vocabulary as a whole, by its name.
#[must_use]
pub fn remark(dialect: &str) -> Option<&'static str> {
    appmesh::remark(dialect)
}

/// A sentence about a resource as those write it who wrote the resource: some call its fields by other names.
/// `None` where nothing changes.
#[must_use]
pub fn respelt(subject: &Subject, text: &str) -> Option<String> {
    appmesh::respelt(subject, text)
}

/// The kinds that references lead to and selectors take, by the names that people write, with what each is for.
pub fn kinds() -> impl Iterator<Item = (&'static str, Role)> {
    appmesh::kinds().chain(kubernetes::kinds())
}

/// Whether a text may hold a manifest at all: a cheap look before anything is parsed.
#[must_use]
pub fn may_hold_manifests(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"apiVersion").is_some() || appmesh::may_hold_templates(text)
}

/// Whether a text speaks of a mesh.
#[must_use]
pub fn speaks_of_a_mesh(text: &str) -> bool {
    appmesh::is_mentioned(text)
}

/// Whether bare `$NAME` is a placeholder in a file of this name and text: its name or other
/// placeholders show that a shell fills it in.
#[must_use]
pub fn fills_in_dollars(name: &str, text: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    text.contains("${") || lower.ends_with(".template") || lower.ends_with(".tpl")
}

/// Whether a file has the name that kustomize looks for.
#[must_use]
pub fn is_kustomization(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    matches!(name, "kustomization.yaml" | "kustomization.yml" | "Kustomization")
}

/// Reads every object of a document, each with its place there.
#[must_use]
pub fn read(doc: &Document<'_>, origin: Origin) -> Vec<(Span, Reading)> {
    let Some(root) = doc.root().and_then(|root| doc.target(root)) else { return Vec::new() };
    let mut out = Vec::new();
    read_object(doc, root, origin, 0, &mut out);
    out
}

fn read_object(doc: &Document<'_>, node: NodeId, origin: Origin, depth: u8, out: &mut Vec<(Span, Reading)>) {
    let text = |key: &str| doc.get(node, key).and_then(|value| scalar(doc, value)).unwrap_or("");
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    // `kind: List` of version v1, and the lists of one kind that an API server answers with.
    let is_list = !api_version.is_empty() && kind.ends_with("List") && depth < 4;
    if let Some(items) = doc.get(node, "items").filter(|_| is_list) {
        // An alias may bring a large object any number of times.
        let mut budget = shape::ALIAS_BUDGET;
        for item in doc.items(items) {
            let Some(target) = doc.target(item) else { continue };
            let cost = if target == item { 0 } else { doc.size(target) };
            let Some(rest) = budget.checked_sub(cost) else { continue };
            budget = rest;
            read_object(doc, target, origin, depth + 1, out);
        }
        return;
    }
    if api_version.is_empty() && doc.entry(node, "kind").is_none() {
        let tasks = appmesh::read_tasks(doc, node, origin).into_iter();
        out.extend(tasks.map(|(span, lowered)| (span, Reading::Object(Box::new(lowered)))));
    }
    let reading = if doc.entry(node, "$patch").is_some() || kubernetes::is_json_patch(doc, node) {
        Reading::Skipped(Skipped::Patch)
    } else if appmesh::is_template(doc, node) {
        let read = appmesh::read_template(doc, node, origin).into_iter();
        out.extend(read.map(|(span, lowered)| (span, Reading::Object(Box::new(lowered)))));
        Reading::Skipped(Skipped::Around)
    } else if let Some(lowered) = api_body(doc, node, origin, api_version, depth) {
        if lowered.is_nameless {
            let is_list = lowered.is_opaque;
            out.push((doc.span(node), Reading::Object(Box::new(lowered))));
            Reading::Skipped(if is_list { Skipped::Listed } else { Skipped::Nameless })
        } else {
            Reading::Object(Box::new(lowered))
        }
    } else if appmesh::owns(api_version) {
        Reading::Object(Box::new(appmesh::read(doc, node, origin)))
    } else if let Some(lowered) = kubernetes::read(doc, node, api_version, kind, origin) {
        Reading::Object(Box::new(lowered))
    } else {
        let is_manifest = !api_version.is_empty() && !kind.is_empty();
        Reading::Skipped(if is_manifest { Skipped::OtherKind(kind.to_owned()) } else { Skipped::NoManifest })
    };
    out.push((doc.span(node), reading));
}

/// What a document says to the API of the cloud, or hears from it: it is one object, and no Kubernetes one.
fn api_body(doc: &Document<'_>, node: NodeId, origin: Origin, api_version: &str, depth: u8) -> Option<Lowered> {
    let is_alone = api_version.is_empty() && depth == 0 && doc.entry(node, "kind").is_none();
    is_alone.then(|| appmesh::read_api(doc, node, origin)).flatten()
}

/// The text of a scalar that is a string, a placeholder among them.
fn scalar<'d>(doc: &'d Document<'_>, node: NodeId) -> Option<&'d str> {
    match (doc.kind(node), resolve(doc, node, Profile::Kubernetes)) {
        (Kind::Scalar, Value::Str(text)) => Some(text),
        _ => None,
    }
}

/// Where a node stands, or its key where it holds nothing that is written.
fn place(doc: &Document<'_>, key: NodeId, value: NodeId) -> Span {
    let span = doc.span(value);
    if span.is_empty() { doc.span(key) } else { span }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_brings_an_aliased_object_only_so_often() {
        let labels: String = (0..500).map(|at| format!("l{at}: v, ")).collect();
        let aliases = "  - *o\n".repeat(1000);
        let text = format!(
            "apiVersion: v1\nkind: List\nx: &o\n  apiVersion: v1\n  kind: Namespace\n  \
             metadata: {{name: a, labels: {{{labels}}}}}\nitems:\n{aliases}"
        );
        let (doc, errors) = crate::yaml::parse(&text, crate::yaml::split(&text)[0], &crate::yaml::Options::default());
        assert!(errors.is_empty(), "{errors:?}");
        let objects = read(&doc, Origin { file: FileId::new(0), dollar: false, is_kustomization: false }).len();
        assert!((1..=shape::ALIAS_BUDGET / 1000).contains(&objects), "{objects}");
    }
}
