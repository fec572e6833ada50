//! Intrinsic functions of CloudFormation: what stands where a value is made when the template is deployed.
//!
//! AWS CloudFormation user guide, intrinsic function reference.

use crate::yaml::{Document, Kind, NodeId};

/// A call of a function: its name, without `Fn::`, and what it is given.
#[derive(Clone, Copy, Debug)]
pub struct Call<'d> {
    /// `Ref`, `GetAtt`, `Sub`…
    pub name: &'d str,
    /// The node of the argument: for the short form, the one that carries the tag.
    pub argument: NodeId,
}

impl<'d> Call<'d> {
    /// The function that a node is a call of, in its short form (a tag) or its long one (a mapping of one key).
    #[must_use]
    pub fn of(doc: &'d Document<'_>, node: NodeId) -> Option<Self> {
        if let Some((tag, _)) = doc.tag(node) {
            let name = tag.strip_prefix('!').filter(|name| !name.starts_with('!'))?;
            return Some(Self { name, argument: node });
        }
        let mut entries = (doc.kind(node) == Kind::Mapping).then(|| doc.entries(node))?;
        let only = entries.next().filter(|_| entries.next().is_none())?;
        let key = doc.text(only.key);
        let name = if key == "Ref" { key } else { key.strip_prefix("Fn::")? };
        Some(Self { name, argument: only.value })
    }
}

/// What an intrinsic function comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intrinsic {
    /// Nothing: the property is as good as not written.
    NoValue,
    /// One of two values.
    If(NodeId, NodeId),
    /// Something that is not known before.
    Unknown,
}

impl Intrinsic {
    /// What a node comes to that is a call of a function.
    pub(super) fn of(doc: &Document<'_>, node: NodeId) -> Option<Self> {
        let Call { name, argument } = Call::of(doc, node)?;
        Some(match name {
            "Ref" if doc.kind(argument) == Kind::Scalar && doc.text(argument) == "AWS::NoValue" => Self::NoValue,
            "If" if doc.kind(argument) == Kind::Sequence => {
                let mut items = doc.items(argument).skip(1).filter_map(|item| doc.target(item));
                match (items.next(), items.next()) {
                    (Some(yes), Some(no)) => Self::If(yes, no),
                    _ => Self::Unknown,
                }
            }
            _ => Self::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intrinsic(value: &str) -> Option<String> {
        let text = format!("key: {value}\n");
        let (doc, errors) = crate::yaml::parse(&text, crate::yaml::split(&text)[0], &crate::yaml::Options::default());
        assert!(errors.is_empty(), "{errors:?}");
        let node = doc.get(doc.root()?, "key")?;
        Some(match Intrinsic::of(&doc, node)? {
            Intrinsic::If(yes, no) => format!("{} or {}", doc.text(yes), doc.text(no)),
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn short_and_long_forms_are_told_from_values() {
        for (value, expected) in [
            ("!Ref Mesh", Some("Unknown")),
            ("!Ref AWS::NoValue", Some("NoValue")),
            ("{Ref: 'AWS::NoValue'}", Some("NoValue")),
            ("!If [IsProd, a, b]", Some("a or b")),
            ("{'Fn::If': [IsProd, a, b]}", Some("a or b")),
            ("!If [IsProd, a]", Some("Unknown")),
            ("{'Fn::GetAtt': [Mesh, Arn]}", Some("Unknown")),
            ("!Sub {a: b}", Some("Unknown")),
            ("{Ref: a, Port: 1}", None),
            ("{Port: 1}", None),
            ("Ref", None),
            ("!!str a", None),
        ] {
            assert_eq!(intrinsic(value).as_deref(), expected, "{value}");
        }
    }
}
