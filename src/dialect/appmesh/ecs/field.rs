//! Fields of a task definition in its spellings, read without a judgement: what has the wrong shape is unknown.

use crate::dialect::place;
use crate::dialect::shape::{Call, Cx};
use crate::mesh::{Name, Setting};
use crate::yaml::{Entry, Kind, NodeId, Profile, Value, resolve};

use super::Template;

/// Fields whose names in a template are not those of the API with a capital.
const RENAMED: [(&str, &str); 2] =
    [("efsVolumeConfiguration", "EFSVolumeConfiguration"), ("properties", "ProxyConfigurationProperties")];

/// Reads a task definition.
pub(super) struct Reader<'t, 'd> {
    pub(super) cx: Cx<'d>,
    /// The template that it stands in, where it does.
    pub(super) template: Option<&'t Template<'d>>,
}

impl<'d> Reader<'_, 'd> {
    /// The entry of a field by its name in the API.
    pub(super) fn entry(&self, node: NodeId, name: &str) -> Option<Entry> {
        if self.template.is_none() {
            return self.cx.doc.entry(node, name);
        }
        if let Some((_, renamed)) = RENAMED.iter().find(|(other, _)| *other == name) {
            return self.cx.doc.entry(node, renamed);
        }
        let mut capital = name.to_owned();
        if let Some(first) = capital.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        self.cx.doc.entry(node, &capital)
    }

    /// The node of an entry's value: absent where it is null, unknown where a function makes it. The place is that of
    /// the key.
    pub(super) fn given(&mut self, entry: Entry) -> Setting<NodeId> {
        let Some(node) = self.cx.target(entry.value) else { return Setting::Unknown };
        if self.is_nothing(node) {
            return Setting::Absent;
        }
        let is_made = self.call(node).is_some() || self.is_placeholder(node);
        if is_made { Setting::Unknown } else { Setting::Known(node, self.cx.doc.span(entry.key)) }
    }

    /// A text in which placeholders and functions may stand. Numbers and booleans are text, too, as templates have it.
    pub(super) fn text(&mut self, node: NodeId, name: &str) -> Setting<Name> {
        let Some(entry) = self.entry(node, name) else { return Setting::Absent };
        let Some(target) = self.cx.target(entry.value) else { return Setting::Unknown };
        if self.is_nothing(target) {
            return Setting::Absent;
        }
        let span = place(self.cx.doc, entry.key, entry.value);
        self.name(target).map_or(Setting::Unknown, |name| Setting::Known(name, span))
    }

    /// The text of a node; `None` for one that is none.
    pub(super) fn name(&self, node: NodeId) -> Option<Name> {
        let doc = self.cx.doc;
        match (self.template, self.call(node)) {
            (Some(template), Some(_)) => template.text(node),
            _ if doc.kind(node) == Kind::Scalar => Some(self.cx.name(node)),
            _ => self.is_placeholder(node).then(|| Name::unknown(doc.raw(node))),
        }
    }

    /// Whether a field is true.
    pub(super) fn flag(&mut self, node: NodeId, name: &str) -> Setting<bool> {
        let Some(entry) = self.entry(node, name) else { return Setting::Absent };
        let Setting::Known(target, _) = self.given(entry) else { return Setting::Unknown };
        let value = match resolve(self.cx.doc, target, Profile::CloudFormation) {
            Value::Bool(value) => Some(value),
            Value::Str(text) if self.template.is_some() => text.parse().ok(),
            _ => None,
        };
        value.map_or(Setting::Unknown, |value| Setting::Known(value, place(self.cx.doc, entry.key, entry.value)))
    }

    /// The items of a list that can be read, and whether there may be others.
    pub(super) fn items(&mut self, node: NodeId, name: &str) -> (Vec<NodeId>, bool) {
        let doc = self.cx.doc;
        let Some(entry) = self.entry(node, name) else { return (Vec::new(), false) };
        let list = match self.given(entry) {
            Setting::Absent => return (Vec::new(), false),
            Setting::Known(list, _) if doc.kind(list) == Kind::Sequence => list,
            _ => return (Vec::new(), true),
        };
        let (mut items, mut has_more) = (Vec::new(), false);
        for item in doc.items(list) {
            match self.cx.target(item) {
                Some(item) if self.is_nothing(item) => {}
                Some(item) if !self.is_made(item) => items.push(item),
                _ => has_more = true,
            }
        }
        (items, has_more)
    }

    /// Whether a placeholder or a function stands for an item.
    fn is_made(&self, item: NodeId) -> bool {
        let doc = self.cx.doc;
        let is_open = || doc.kind(item) == Kind::Scalar && self.cx.name(item).is_open();
        self.call(item).is_some() || self.is_placeholder(item) || is_open()
    }

    fn is_nothing(&self, node: NodeId) -> bool {
        let doc = self.cx.doc;
        let is_no_value = |call: Call<'_>| call.name == "Ref" && doc.text(call.argument) == "AWS::NoValue";
        match self.call(node) {
            Some(call) => is_no_value(call),
            None => doc.kind(node) == Kind::Scalar && resolve(doc, node, Profile::CloudFormation) == Value::Null,
        }
    }

    fn is_placeholder(&self, node: NodeId) -> bool {
        self.cx.doc.is_placeholder_mapping(node)
    }

    /// The function that a node is a call of, where functions are carried out.
    pub(super) fn call(&self, node: NodeId) -> Option<Call<'d>> {
        self.template.and_then(|_| Call::of(self.cx.doc, node))
    }
}
