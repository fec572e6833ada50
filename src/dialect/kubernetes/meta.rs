//! The metadata that every Kubernetes object has.

use std::borrow::Cow;

use crate::finding::Subject;
use crate::mesh::{Detail, Kind, Label, Labels, Name, Outbound, Resource, ScopeId, Selection};
use crate::source::Span;
use crate::yaml::{self, Document, Kind as NodeKind, NodeId, Profile};

use crate::dialect::Origin;
use crate::dialect::shape::Cx;

/// What an object says of itself.
#[derive(Debug)]
pub(in crate::dialect) struct Meta {
    pub(in crate::dialect) api_version: String,
    pub(in crate::dialect) kind: String,
    /// Where the kind stands: the place of an object that has no name.
    pub(in crate::dialect) kind_span: Span,
    pub(in crate::dialect) name: Option<(Name, Span)>,
    pub(in crate::dialect) namespace: Option<Name>,
    pub(in crate::dialect) labels: Labels,
    pub(in crate::dialect) annotations: Labels,
    /// Whether the object was read from a control plane.
    pub(in crate::dialect) live: bool,
    /// Whether the control plane will make the name.
    pub(in crate::dialect) is_named_later: bool,
}

impl Meta {
    pub(in crate::dialect) fn read(cx: &Cx<'_>, node: NodeId) -> Self {
        let doc = cx.doc;
        let meta = doc.get(node, "metadata");
        let field = |key: &str| meta.and_then(|meta| doc.get(meta, key));
        let text = |key: &str| doc.get(node, key).map_or("", |value| doc.text(value)).to_owned();
        // A name that looks like a number or a boolean is refused, but it is still the name that was meant.
        let written = |value: &NodeId| doc.kind(*value) == NodeKind::Scalar && !doc.text(*value).is_empty();
        let placeholder = |value: NodeId| match doc.kind(value) {
            NodeKind::Mapping if doc.is_placeholder_mapping(value) => Some(Name::unknown(doc.raw(value))),
            _ => None,
        };
        let name_of = |key: &str| {
            let value = field(key)?;
            if let Some(text) = doc.commented_placeholder(value) {
                return Some((Name::unknown(text), doc.span(value)));
            }
            let name = if written(&value) { cx.name(value) } else { placeholder(value)? };
            Some((name, doc.span(value)))
        };
        Self {
            api_version: text("apiVersion"),
            kind: text("kind"),
            kind_span: doc.get(node, "kind").map_or(doc.span(node), |kind| doc.span(kind)),
            name: name_of("name"),
            namespace: name_of("namespace").map(|(name, _)| name),
            labels: labels(cx, field("labels")),
            annotations: labels(cx, field("annotations")),
            live: field("uid").is_some() || field("managedFields").is_some() || doc.get(node, "status").is_some(),
            is_named_later: field("generateName").is_some(),
        }
    }

    /// The identity, for facts about an object that makes no resource.
    pub(in crate::dialect) fn subject(&self, dialect: &'static str) -> Subject {
        Subject {
            dialect,
            api_version: self.api_version.clone(),
            kind: self.kind.clone(),
            namespace: self.namespace.as_ref().map(ToString::to_string),
            name: self.name.as_ref().map(|(name, _)| name.to_string()).unwrap_or_default(),
        }
    }

    /// The resource with nothing but its identity; `None` for an object without a name.
    pub(in crate::dialect) fn resource(
        self,
        cx: &Cx<'_>,
        node: NodeId,
        kind: &'static Kind,
        origin: Origin,
    ) -> Option<Resource> {
        let (name, name_span) = self.name?;
        Some(Resource {
            kind,
            kind_name: Cow::Borrowed(kind.name),
            api_version: self.api_version.into(),
            namespace: self.namespace,
            name,
            name_span,
            span: cx.doc.span(node),
            spec_key: cx.doc.entry(node, "spec").map_or(name_span, |entry| cx.doc.span(entry.key)),
            file: origin.file,
            labels: self.labels,
            annotations: self.annotations,
            live: self.live,
            is_partial: false,
            is_patchy: false,
            is_open: false,
            digest: yaml::digest(cx.doc, node, Profile::Kubernetes),
            deployed_name: None,
            namespace_selector: Selection::Absent,
            route_selector: Selection::Absent,
            pod_selector: Selection::Absent,
            condition: None,
            is_shared: false,
            member_of: None,
            attached_to: None,
            attached_at: Span::default(),
            references: Vec::new(),
            listeners: Vec::new(),
            routes: Vec::new(),
            has_open_routes: false,
            has_open_provider: false,
            outbound: Outbound::Unknown,
            detail: Detail::None,
            scope: ScopeId::ROOT,
        })
    }
}

/// Labels or annotations.
pub(in crate::dialect) fn labels(cx: &Cx<'_>, node: Option<NodeId>) -> Labels {
    let doc = cx.doc;
    let Some(node) = node.and_then(|node| doc.target(node)) else { return Labels::default() };
    match doc.kind(node) {
        NodeKind::Mapping if !doc.is_placeholder_mapping(node) => Labels::new(pairs(cx, doc, node)),
        NodeKind::Scalar if doc.is_missing(node) || doc.raw(node) == "null" || doc.raw(node) == "~" => {
            Labels::default()
        }
        _ => Labels::unknown(),
    }
}

fn pairs(cx: &Cx<'_>, doc: &Document<'_>, node: NodeId) -> Vec<Label> {
    let merged = doc.merged(node).into_iter();
    let label = |entry: yaml::Entry| Label {
        key: if doc.kind(entry.key) == NodeKind::Scalar {
            cx.name(entry.key)
        } else {
            Name::unknown(doc.raw(entry.key))
        },
        value: match doc.target(entry.value) {
            Some(value) if doc.kind(value) == NodeKind::Scalar => {
                doc.commented_placeholder(value).map_or_else(|| cx.name(value), Name::unknown)
            }
            _ => Name::unknown(doc.raw(entry.value)),
        },
        key_span: doc.span(entry.key),
        span: crate::dialect::place(doc, entry.key, entry.value),
    };
    merged.map(label).collect()
}
