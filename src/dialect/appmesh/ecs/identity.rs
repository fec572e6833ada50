//! What a proxy is told to serve: the ARN of a virtual node or gateway, or its short form `mesh/MESH/KIND/NAME`.
//!
//! App Mesh user guide, Envoy configuration variables.

use crate::dialect::appmesh::cloud_formation::TYPE;
use crate::dialect::appmesh::cloud_formation::template::Template;
use crate::dialect::appmesh::model::{Served, split, stands_for_an_arn};
use crate::mesh::{Name, Role};
use crate::yaml::NodeId;

use super::field::Reader;

/// What a value comes to.
pub(super) fn read(reader: &mut Reader<'_, '_>, value: NodeId) -> Served {
    let Some(value) = reader.cx.target(value) else { return Served::Unknown };
    let made = reader.template.and_then(|template| of_resource(template, value));
    made.or_else(|| reader.name(value).map(|name| parse(&name))).unwrap_or(Served::Unknown)
}

/// The resource of the template whose ARN a function gives. `Ref` gives the ARN, too.
fn of_resource(template: &Template<'_>, value: NodeId) -> Option<Served> {
    let call = template.call(value)?;
    let doc = template.doc;
    let id = match (call.name, template.attribute(call)) {
        ("Ref", _) => doc.text(call.argument),
        (_, Some((id, "Arn"))) => id,
        _ => return None,
    };
    let resource = template.resource(id)?;
    let kind = template.type_of(resource).strip_prefix(TYPE)?;
    let Some((role, property)) = role(kind) else { return Some(Served::Malformed(format!("{TYPE}{kind}").into())) };
    let text = |name: &str| {
        let written = doc.path(resource.value, &["Properties", name]).and_then(|node| template.text(node));
        written.unwrap_or_else(|| template.made(id, name))
    };
    let is_shared = doc.path(resource.value, &["Properties", "MeshOwner"]).is_some();
    Some(Served::One { mesh: text("MeshName"), is_shared, role, name: text(property) })
}

/// The role of a kind, with the property that holds the names of such.
fn role(kind: &str) -> Option<(Role, &'static str)> {
    match kind {
        "virtualNode" | "VirtualNode" => Some((Role::Node, "VirtualNodeName")),
        "virtualGateway" | "VirtualGateway" => Some((Role::Gateway, "VirtualGatewayName")),
        _ => None,
    }
}

/// What a text comes to. One with placeholders, which may stand for any part of it, is never malformed.
fn parse(value: &Name) -> Served {
    match parts(value) {
        Some(served) => served,
        None if value.is_open() || stands_for_an_arn(value.as_str()) => Served::Unknown,
        None => Served::Malformed(value.as_str().into()),
    }
}

fn parts(value: &Name) -> Option<Served> {
    let text = value.as_str();
    // What is left of the text without its placeholders, each of which leaves a mark.
    let known = value.literals().collect::<Vec<_>>().join(MARK);
    let (path, known) = if known.starts_with("arn:") {
        let [_, _, service, _, _, known] = known.splitn(6, ':').collect::<Vec<_>>()[..] else { return None };
        if !matches!(service, "appmesh" | "appmesh-preview") {
            return None;
        }
        (split(text)?[5], known)
    } else {
        (text, &*known)
    };
    let [mesh, owner, kind, name] = known.split('/').collect::<Vec<_>>()[..] else { return None };
    let (role, _) = role(kind).filter(|_| mesh == "mesh" && kind.starts_with('v'))?;
    if owner.is_empty() || name.is_empty() {
        return None;
    }
    let [_, written_owner, _, written_name] = slices(path)[..] else { return None };
    let is_shared = owner.contains('@');
    let owner = owner.split('@').next()?;
    let written_owner = written_owner.split('@').next()?;
    Some(Served::One { mesh: part(owner, written_owner), is_shared, role, name: part(name, written_name) })
}

/// What stands for a placeholder where the text without them is looked at: no file of text has it.
const MARK: &str = "\0";

/// A part of a text by what is left of it without its placeholders, and as written.
fn part(known: &str, written: &str) -> Name {
    let (Some((before, _)), Some((_, behind))) = (known.split_once(MARK), known.rsplit_once(MARK)) else {
        return Name::known(known);
    };
    let is_whole = written.len() >= before.len() + behind.len();
    if is_whole && written.starts_with(before) && written.ends_with(behind) {
        let hole = before.len()..written.len() - behind.len();
        return Name::open(written, &[hole]);
    }
    Name::unknown(written)
}

/// The parts that are divided by slashes, those inside of placeholders left alone.
fn slices(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, one) in text.char_indices() {
        match one {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::placeholder::{self, Flavor};

    /// What a value comes to, on one line; text between `${` and `}` is a placeholder.
    fn served(text: &str) -> String {
        let holes = placeholder::find(text, Flavor::Name, false);
        let mark = |name: &Name| format!("{name}{}", if name.is_open() { "?" } else { "" });
        match parse(&Name::open(text, &holes)) {
            Served::One { mesh, is_shared, role, name } => {
                let owner = if is_shared { "@" } else { "" };
                format!("{}{owner} {role:?} {}", mark(&mesh), mark(&name))
            }
            Served::Malformed(_) => "malformed".to_owned(),
            Served::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn values_are_taken_apart() {
        for (text, expected) in [
            ("mesh/pier/virtualNode/cart", "pier Node cart"),
            ("mesh/pier@111122223333/virtualGateway/gate", "pier@ Gateway gate"),
            ("arn:aws:appmesh:eu-west-1:111122223333:mesh/pier/virtualNode/cart", "pier Node cart"),
            ("arn:aws-cn:appmesh-preview:cn-north-1:111122223333:mesh/pier/virtualNode/cart", "pier Node cart"),
            ("mesh/${Mesh}/virtualNode/cart", "${Mesh}? Node cart"),
            ("mesh/${Mesh}@${Owner}/virtualNode/${Stage}-cart", "${Mesh}?@ Node ${Stage}-cart?"),
            ("arn:${AWS::Partition}:appmesh:${AWS::Region}:${AWS::AccountId}:mesh/a/virtualNode/b", "a Node b"),
            ("${Prefix}/virtualNode/cart", "unknown"),
            ("mesh/pier/${Kind}/cart", "unknown"),
            ("${Arn}", "unknown"),
            ("mesh/${Mesh}", "unknown"),
            ("CART-NODE-ARN", "unknown"),
            ("", "malformed"),
            ("cart", "malformed"),
            ("mesh/pier/virtualnode/cart", "malformed"),
            ("mesh/pier/VirtualNode/cart", "malformed"),
            ("mesh/pier/virtualService/cart", "malformed"),
            ("mesh/pier/virtualNode/", "malformed"),
            ("/mesh/pier/virtualNode/cart", "malformed"),
            ("arn:aws:ecs:eu-west-1:111122223333:mesh/pier/virtualNode/cart", "malformed"),
            ("arn:aws:appmesh:eu-west-1:mesh/pier/virtualNode/cart", "malformed"),
        ] {
            assert_eq!(served(text), expected, "{text}");
        }
    }
}
