//! What a node may call: what it lists, and what its mesh lets through beside.

use super::{Mesh, Name, Resource, ResourceId, Role, Target};

/// What a resource says about the calls of nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Outbound {
    /// Nothing that could be read.
    #[default]
    Unknown,
    /// Every call is let through.
    Anything,
    /// What its references name may be called, and this beside.
    Listed {
        /// Every service of these namespaces.
        namespaces: Vec<Option<Name>>,
        /// Hosts that end in one of these.
        suffixes: &'static [&'static str],
    },
}

/// The services that a node lists.
#[derive(Debug, Default)]
pub struct Listed {
    /// Those among the manifests, each once, in the order of their ids.
    pub services: Vec<ResourceId>,
    /// The hosts of those that live elsewhere.
    pub elsewhere: Vec<Name>,
    /// Whether something in the lists cannot be told.
    pub is_open: bool,
}

impl Mesh {
    /// The services that a node lists, by themselves, in groups or by their namespace.
    #[must_use]
    pub fn listed_by(&self, node: ResourceId) -> Listed {
        let mut listed = Listed::default();
        let home = self.resource(node);
        match &home.outbound {
            Outbound::Listed { namespaces, .. } => {
                for (id, service) in self.of_role(Role::Service) {
                    if !self.scopes.sees(home.scope, service.scope) {
                        continue;
                    }
                    for namespace in namespaces {
                        let same = super::link::same_namespace(namespace.as_ref(), service.namespace.as_ref());
                        listed.services.extend(same.is_yes().then_some(id));
                        listed.is_open |= !same.is_yes() && !same.is_no();
                    }
                }
            }
            _ => listed.is_open = true,
        }
        for reference in &home.references {
            match (reference.wants.role, &reference.target) {
                (Role::Group, Target::Resolved(groups)) => {
                    for group in groups {
                        self.add_members(node, self.resource(*group), &mut listed);
                    }
                }
                (Role::Group, Target::Dangling(_)) => {}
                (Role::Group, _) => listed.is_open = true,
                (_, target) => add(target, &reference.name, &mut listed),
            }
        }
        listed.services.sort_unstable();
        listed.services.dedup();
        listed
    }

    fn add_members(&self, node: ResourceId, group: &Resource, listed: &mut Listed) {
        listed.is_open |= !matches!(group.outbound, Outbound::Listed { .. });
        for member in &group.references {
            if member.is_relative {
                add(&self.follow(node, member), &member.name, listed);
            } else {
                add(&member.target, &member.name, listed);
            }
        }
    }
}

fn add(target: &Target, name: &Name, listed: &mut Listed) {
    match target {
        Target::Resolved(services) => listed.services.extend(services),
        Target::External => listed.elsewhere.push(name.clone()),
        Target::Dangling(_) => {}
        Target::OtherScope(_) | Target::Unknown => listed.is_open = true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{GROUP, MESH, NODE, SERVICE, Sample, name, to};
    use super::*;

    fn listed(namespaces: Vec<Option<Name>>) -> Outbound {
        Outbound::Listed { namespaces, suffixes: &[] }
    }

    #[test]
    fn lists_are_gathered_from_everywhere() {
        let mut sample = Sample::default();
        let node = sample.add("a.yaml", &NODE, "shop/front", 1);
        node.outbound = listed(vec![Some(name("sales"))]);
        node.references.extend([to(&SERVICE, "cart"), to(&GROUP, "all"), to(&SERVICE, "lost")]);
        let group = sample.add("a.yaml", &GROUP, "shop/all", 1);
        group.outbound = listed(Vec::new());
        group.references.push(to(&SERVICE, "stock"));
        sample.add("a.yaml", &MESH, "mesh", 1);
        for service in ["shop/cart", "shop/stock", "shop/other", "sales/mail"] {
            sample.add("a.yaml", &SERVICE, service, 1);
        }
        let listed = sample.link().listed_by(ResourceId::new(0));
        assert_eq!(listed.services.iter().map(|id| id.index()).collect::<Vec<_>>(), [3, 4, 6]);
        assert!(!listed.is_open);
    }

    #[test]
    fn what_cannot_be_told_leaves_the_list_open() {
        for (outbound, target) in [(Outbound::Unknown, "cart"), (listed(Vec::new()), "cart-*")] {
            let mut sample = Sample::default();
            let node = sample.add("a.yaml", &NODE, "shop/front", 1);
            node.outbound = outbound;
            node.references.push(to(&SERVICE, target));
            sample.add("a.yaml", &SERVICE, "shop/cart-1", 1);
            sample.add("a.yaml", &SERVICE, "shop/cart", 1);
            assert!(sample.link().listed_by(ResourceId::new(0)).is_open, "{target}");
        }
    }
}
