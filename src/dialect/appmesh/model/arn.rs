//! ARNs of App Mesh resources.

use crate::mesh::Name;

/// An ARN of the form `arn:partition:appmesh:region:account:mesh/MESH/KIND/NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn {
    /// The name of the mesh, without the account that shares it.
    pub mesh: Name,
    /// The Region, where it holds no placeholder.
    pub region: Option<String>,
    /// The account, where it holds no placeholder.
    pub account: Option<String>,
    /// Whether the mesh is shared by an account that stands there, too.
    pub is_shared: bool,
    /// The kind as it stands there, as `virtualNode`.
    pub kind: String,
    /// The resource's name in AWS.
    pub name: Name,
}

impl Arn {
    /// The parts of an ARN; `None` for a text of another form. A text with placeholders is parsed when
    /// its kind and its name hold none.
    #[must_use]
    pub fn parse(text: &Name) -> Option<Self> {
        let [arn, _partition, service, region, account, path] = split(text.as_str())?;
        let [mesh, owner, kind, name] = path.splitn(4, '/').collect::<Vec<_>>()[..] else { return None };
        let may_be_open = |part: &str| text.is_open() && part.contains(['$', '{', '<', '%']);
        let is_open = may_be_open(kind) || may_be_open(name);
        let fits = arn == "arn" && matches!(service, "appmesh" | "appmesh-preview") && mesh == "mesh";
        if !fits || is_open || owner.is_empty() || name.is_empty() || name.contains('/') {
            return None;
        }
        let is_shared = owner.contains('@');
        let literal = |part: &str| (!may_be_open(part) && !part.is_empty()).then(|| part.to_owned());
        let (region, account) = (literal(region), literal(account));
        let mesh = owner.split_once('@').map_or(owner, |(mesh, _)| mesh);
        let mesh = if may_be_open(mesh) { Name::unknown(mesh) } else { Name::known(mesh) };
        Some(Self { mesh, region, account, is_shared, kind: kind.to_owned(), name: Name::known(name) })
    }
}

/// Whether a word like `cart-ARN` holds the place of an ARN that somebody writes there before the manifest
/// is applied. Such words are common in the files of tutorials.
pub(in crate::dialect::appmesh) fn stands_for_an_arn(text: &str) -> bool {
    let mut words = text.split(|one: char| !one.is_ascii_alphanumeric());
    !text.contains(':') && words.any(|word| word.eq_ignore_ascii_case("arn"))
}

/// The six parts that are divided by colons, those inside of placeholders left alone (`${AWS::Region}`).
pub(in crate::dialect::appmesh) fn split(text: &str) -> Option<[&str; 6]> {
    let mut parts = Vec::with_capacity(6);
    let (mut from, mut depth) = (0, 0_u32);
    for (at, one) in text.char_indices() {
        match one {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && parts.len() < 5 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_have_four_parts_behind_the_account() {
        let parsed = Arn::parse(&Name::known("arn:aws:appmesh:eu-west-1:1:mesh/shop@2/virtualNode/cart")).unwrap();
        assert_eq!((parsed.mesh.as_str(), &*parsed.kind, parsed.name.as_str()), ("shop", "virtualNode", "cart"));
        for wrong in [
            "",
            "cart",
            "arn:aws:appmesh:eu-west-1:1:mesh/shop",
            "arn:aws:ecs:eu-west-1:1:mesh/shop/virtualNode/cart",
            "arn:aws:appmesh:eu-west-1:1:mesh/shop/virtualRouter/r/route/x",
        ] {
            assert_eq!(Arn::parse(&Name::known(wrong)), None, "{wrong}");
        }
        let open = "arn:aws:appmesh:${AWS::Region}:${ACCOUNT}:mesh/${MESH}/virtualService/cart";
        let open = Name::open(open, &[16..30, 31..41]);
        let open = Arn::parse(&open).unwrap();
        assert_eq!((open.name.as_str(), open.mesh.same(&Name::known("shop"))), ("cart", crate::mesh::Truth::Unknown));
    }
}
