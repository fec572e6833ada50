//! Templates: their resources, and what the functions in them come to before anything is deployed.
//!
//! AWS CloudFormation user guide: template anatomy, intrinsic function reference.

use std::cell::{Cell, OnceCell};

use rustc_hash::FxHashMap;

use crate::dialect::placeholder::{self, Flavor};
use crate::dialect::shape::{Call, Evaluate};
use crate::mesh::Name;
use crate::yaml::{self, Document, Entry, Kind, NodeId, Profile};

use super::super::cloud::Kind as MeshKind;

/// As many nodes are looked at for all values of a template: a bound on what aliases can cost.
const BUDGET: usize = 200_000;
/// As deep functions stand in one another.
const DEPTH: u8 = 24;

/// A template.
pub(in crate::dialect::appmesh) struct Template<'d> {
    pub(in crate::dialect::appmesh) doc: &'d Document<'d>,
    root: NodeId,
    resources: FxHashMap<&'d str, Entry>,
    budget: Cell<usize>,
    /// Whether bare `$NAME` is a placeholder.
    dollar: bool,
    /// Equal for templates that are equal; never 0.
    digest: OnceCell<u64>,
}

impl<'d> Template<'d> {
    pub(in crate::dialect::appmesh) fn new(doc: &'d Document<'d>, root: NodeId, dollar: bool) -> Self {
        let resources = doc.get(root, "Resources").into_iter().flat_map(|resources| doc.entries(resources));
        let resources = resources.map(|entry| (doc.text(entry.key), entry)).collect();
        Self { doc, root, resources, budget: Cell::new(BUDGET), dollar, digest: OnceCell::new() }
    }

    /// What tells the template from others, equal for templates that are equal; never 0.
    pub(super) fn digest(&self) -> u64 {
        *self.digest.get_or_init(|| yaml::digest(self.doc, self.root, Profile::CloudFormation).max(1))
    }

    /// The name of a resource whose template leaves it to the deployment: that is made of the logical id and of what
    /// nobody knows before.
    pub(in crate::dialect::appmesh) fn made(&self, id: &str, attribute: &str) -> Name {
        Name::made(&format!("${{{id}.{attribute}}}"), &format!("{id}-"), self.digest())
    }

    /// Whether resources may be made beside those that are written: by macros, or in stacks below this one.
    pub(super) fn is_open(&self) -> bool {
        let doc = self.doc;
        let transform = doc.get(self.root, "Transform");
        let is_below = |resource: Entry| self.type_of(resource) == "AWS::CloudFormation::Stack";
        transform.is_some_and(|node| doc.text(node) != "AWS::Serverless-2016-10-31")
            || self.resources().any(|resource| is_below(resource) || doc.text(resource.key).starts_with("Fn::"))
    }

    /// Every resource, in the order of the template.
    pub(super) fn resources(&self) -> impl Iterator<Item = Entry> + 'd {
        let doc = self.doc;
        doc.get(self.root, "Resources").into_iter().flat_map(|resources| doc.entries(resources))
    }

    /// The logical ids that a call of `Sub` names, and names of parameters among them.
    pub(super) fn substitutes(&self, call: Call<'d>) -> Vec<&'d str> {
        let doc = self.doc;
        let text = match doc.kind(call.argument) {
            Kind::Sequence => doc.items(call.argument).next(),
            _ => Some(call.argument),
        };
        let parts = text.map_or("", |text| doc.text(text)).split("${").skip(1);
        let inside = parts.filter_map(|part| part.split_once('}')).map(|(inside, _)| inside);
        inside.map(|inside| inside.split_once('.').map_or(inside, |(id, _)| id)).collect()
    }

    /// The resource with a logical id.
    pub(in crate::dialect::appmesh) fn resource(&self, id: &str) -> Option<Entry> {
        self.resources.get(id).copied()
    }

    /// The type of a resource.
    pub(in crate::dialect::appmesh) fn type_of(&self, resource: Entry) -> &'d str {
        self.doc.get(resource.value, "Type").map_or("", |node| self.doc.text(node))
    }

    /// The function that a node is a call of.
    pub(in crate::dialect::appmesh) fn call(&self, node: NodeId) -> Option<Call<'d>> {
        Call::of(self.doc, node)
    }

    /// The logical id and the attribute that a call of `GetAtt` names.
    pub(in crate::dialect::appmesh) fn attribute(&self, call: Call<'d>) -> Option<(&'d str, &'d str)> {
        let doc = self.doc;
        if call.name != "GetAtt" {
            return None;
        }
        match doc.kind(call.argument) {
            Kind::Scalar => doc.text(call.argument).split_once('.'),
            Kind::Sequence => {
                let mut items = doc.items(call.argument).map(|item| doc.text(item));
                Some((items.next()?, items.next()?))
            }
            _ => None,
        }
    }

    /// The text that a value comes to, open where that is not known; `None` for a value that is none.
    pub(in crate::dialect::appmesh) fn text(&self, node: NodeId) -> Option<Name> {
        self.text_within(node, DEPTH)
    }

    fn text_within(&self, node: NodeId, depth: u8) -> Option<Name> {
        let doc = self.doc;
        let unknown = || Name::unknown(doc.raw(node));
        let (Some(rest), Some(depth)) = (self.budget.get().checked_sub(1), depth.checked_sub(1)) else {
            return Some(unknown());
        };
        self.budget.set(rest);
        let node = doc.target(node)?;
        let Some(call) = self.call(node) else {
            return (doc.kind(node) == Kind::Scalar && !doc.is_missing(node)).then(|| self.plain(node));
        };
        let items = || doc.items(call.argument).collect::<Vec<_>>();
        let value = match call.name {
            "Ref" if doc.text(call.argument) == "AWS::NoValue" => return None,
            "Ref" => Some(self.reference(doc.text(call.argument))),
            "GetAtt" => self.attribute(call).map(|(id, name)| self.attribute_value(id, name, depth)),
            "Sub" => self.substituted(call.argument, depth),
            "Join" => match items()[..] {
                [between, list] if doc.kind(list) == Kind::Sequence && self.call(list).is_none() => {
                    self.joined(doc.text(between), list, depth)
                }
                _ => None,
            },
            "Select" => match items()[..] {
                [index, list] => self.selected(doc.text(index), list, depth),
                _ => None,
            },
            "FindInMap" => match items()[..] {
                [map, first, second] => self.mapped([map, first, second], depth),
                _ => None,
            },
            "If" => match items()[..] {
                [_, yes, no] => {
                    let (yes, no) = (self.text_within(yes, depth), self.text_within(no, depth));
                    yes.filter(|yes| no.as_ref() == Some(yes))
                }
                _ => None,
            },
            _ => None,
        };
        Some(value.unwrap_or_else(unknown))
    }

    /// A name as it is written, placeholders and all.
    fn plain(&self, node: NodeId) -> Name {
        let text = self.doc.text(node);
        let holes = placeholder::find(text, Flavor::Name, self.dollar);
        if holes.is_empty() { Name::known(text) } else { Name::open(text, &holes) }
    }

    /// What `Ref` gives: the value of a parameter that can have only one, else something that is not known.
    fn reference(&self, id: &str) -> Name {
        let doc = self.doc;
        let allowed = doc.path(self.root, &["Parameters", id, "AllowedValues"]);
        let mut values = allowed.into_iter().flat_map(|list| doc.items(list));
        match (values.next(), values.next()) {
            (Some(only), None) => Name::known(doc.text(only)),
            _ => Name::unknown(&format!("${{{id}}}")),
        }
    }

    /// What `GetAtt` gives: the names of resources of a mesh are those of their properties.
    fn attribute_value(&self, id: &str, attribute: &str, depth: u8) -> Name {
        let unknown = || Name::unknown(&format!("${{{id}.{attribute}}}"));
        let Some(resource) = self.resource(id) else { return unknown() };
        let kind = self.type_of(resource).strip_prefix(super::TYPE).and_then(MeshKind::of);
        // Other attributes are no names, and one that the kind does not have is reported by itself.
        if !kind.is_some_and(|kind| attribute == "MeshName" || kind.names().contains(&attribute)) {
            return unknown();
        }
        let written = self.doc.path(resource.value, &["Properties", attribute]);
        written.and_then(|node| self.text_within(node, depth)).unwrap_or_else(|| self.made(id, attribute))
    }

    /// A text in which `${…}` stands for values; those of a map come first.
    fn substituted(&self, argument: NodeId, depth: u8) -> Option<Name> {
        let doc = self.doc;
        let (text, map) = match doc.kind(argument) {
            Kind::Scalar => (argument, None),
            Kind::Sequence => {
                let mut items = doc.items(argument);
                (items.next()?, items.next())
            }
            _ => return None,
        };
        let mut rest = doc.text(text);
        let mut name = Name::known("");
        while let Some((before, after)) = rest.split_once("${") {
            let (inside, behind) = after.split_once('}')?;
            let own = map.and_then(|map| doc.get(map, inside)).and_then(|node| self.text_within(node, depth));
            let value = match (own, inside.strip_prefix('!'), inside.split_once('.')) {
                (Some(value), ..) => value,
                (None, Some(literal), _) => Name::known(format!("${{{literal}}}")),
                (None, None, Some((id, attribute))) => self.attribute_value(id, attribute, depth),
                (None, None, None) => self.reference(inside),
            };
            name = name.join(before, &value);
            rest = behind;
        }
        Some(name.join(rest, &Name::known("")))
    }

    fn joined(&self, between: &str, list: NodeId, depth: u8) -> Option<Name> {
        let mut all = self.doc.items(list).filter_map(|item| self.text_within(item, depth));
        let first = all.next()?;
        Some(all.fold(first, |name, next| name.join(between, &next)))
    }

    fn selected(&self, index: &str, list: NodeId, depth: u8) -> Option<Name> {
        let doc = self.doc;
        let index: usize = index.parse().ok()?;
        match self.call(list) {
            None => self.text_within(doc.items(list).nth(index)?, depth),
            Some(Call { name: "Split", argument }) => {
                let mut items = doc.items(argument);
                let (between, text) = (doc.text(items.next()?), items.next()?);
                let text = self.text_within(text, depth)?;
                text.as_known().filter(|_| !between.is_empty())?.split(between).nth(index).map(Name::known)
            }
            Some(_) => None,
        }
    }

    fn mapped(&self, path: [NodeId; 3], depth: u8) -> Option<Name> {
        let [map, first, second] = path.map(|node| self.text_within(node, depth));
        let (map, first, second) = (map?, first?, second?);
        let found = self.doc.path(self.root, &["Mappings", map.as_known()?, first.as_known()?, second.as_known()?])?;
        self.text_within(found, depth)
    }
}

impl Evaluate for Template<'_> {
    fn text(&self, node: NodeId) -> Option<Name> {
        Template::text(self, node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a value comes to in a small template: its text, with a question mark where it is open.
    fn text(value: &str) -> Option<String> {
        let template = format!(
            "Parameters:\n  Stage: {{Type: String, Default: test}}\n  Only: {{Type: String, AllowedValues: [one]}}\n\
             Mappings:\n  Names: {{pier: {{host: pier.local}}}}\n\
             Resources:\n  Pier:\n    Type: AWS::AppMesh::VirtualNode\n    Properties: {{VirtualNodeName: !Sub '${{Only}}-pier'}}\n  \
             Quay:\n    Type: AWS::AppMesh::VirtualNode\n    Properties: {{}}\n\
             Value: {value}\n"
        );
        let (doc, errors) =
            crate::yaml::parse(&template, crate::yaml::split(&template)[0], &crate::yaml::Options::default());
        assert!(errors.is_empty(), "{errors:?}");
        let root = doc.root()?;
        let name = Template::new(&doc, root, false).text(doc.get(root, "Value")?)?;
        Some(format!("{name}{}", if name.is_open() { "?" } else { "" }))
    }

    #[test]
    fn functions_come_to_text_as_far_as_the_template_says() {
        for (value, expected) in [
            ("plain", Some("plain")),
            ("!Ref Stage", Some("${Stage}?")),
            ("!Ref Only", Some("one")),
            ("{Ref: AWS::Region}", Some("${AWS::Region}?")),
            ("!Ref AWS::NoValue", None),
            ("!GetAtt Pier.VirtualNodeName", Some("one-pier")),
            ("{'Fn::GetAtt': [Pier, VirtualNodeName]}", Some("one-pier")),
            ("{'Fn::GetAtt': Quay.VirtualNodeName}", Some("${Quay.VirtualNodeName}?")),
            ("!Sub '${Pier.VirtualNodeName}.local'", Some("one-pier.local")),
            ("!Sub '${Stage}.${!Kept}'", Some("${Stage}.${Kept}?")),
            ("!Sub ['${host}:80', {host: !FindInMap [Names, pier, host]}]", Some("pier.local:80")),
            ("!Join ['.', [a, !Ref Only, local]]", Some("a.one.local")),
            ("!Join ['.', !Ref List]", Some("!Join ['.', !Ref List]?")),
            ("!Select [1, [a, b]]", Some("b")),
            ("!Select [1, !Split ['.', a.b.c]]", Some("b")),
            ("!FindInMap [Names, !Ref Stage, host]", Some("!FindInMap [Names, !Ref Stage, host]?")),
            ("!If [A, x, x]", Some("x")),
            ("!If [A, x, y]", Some("!If [A, x, y]?")),
        ] {
            let found = text(value);
            let expected = expected
                .map(|text| if text.starts_with('!') { text.trim_start_matches(|one| one != '[') } else { text });
            let found = found
                .as_deref()
                .map(|text| if text.starts_with('!') { text.trim_start_matches(|one| one != '[') } else { text });
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn functions_without_end_come_to_an_end() {
        let deep = (0..100).fold("x".to_owned(), |inner, _| format!("!Sub ['${{a}}', {{a: {inner}}}]"));
        assert!(text(&deep).is_some_and(|text| text.ends_with('?')));
    }
}
