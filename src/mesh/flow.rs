//! Where requests go from one resource to the next.

use super::{Mesh, Reference, ResourceId, Role, Target};

impl Mesh {
    /// What provides a service, a node or a router; `None` where nothing certainly does: none is named, it is not
    /// among the manifests, or it is there in several states.
    #[must_use]
    pub fn provider_of(&self, service: ResourceId) -> Option<ResourceId> {
        // Where something is named twice, the later reference is the one that counts.
        let mut all = self.resource(service).references.iter().rev();
        one(all.find(|one| matches!(one.wants.role, Role::Node | Role::Router))?)
    }
}

/// The one resource that a reference leads to.
fn one(reference: &Reference) -> Option<ResourceId> {
    match &reference.target {
        Target::Resolved(states) => match states[..] {
            [one] => Some(one),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{GROUP, NODE, ROUTER, SERVICE, Sample, to};
    use super::super::{Mesh, ResourceId};

    fn provider(mesh: &Mesh, index: usize) -> Option<usize> {
        mesh.provider_of(ResourceId::new(index)).map(ResourceId::index)
    }

    #[test]
    fn a_service_is_provided_by_one_thing_or_by_nothing_that_is_certain() {
        let mut sample = Sample::default();
        sample.add("a.yaml", &SERVICE, "shop/cart", 1).references.push(to(&ROUTER, "cart"));
        sample.add("a.yaml", &ROUTER, "shop/cart", 1);
        sample.add("a.yaml", &SERVICE, "shop/stock", 1).references.push(to(&NODE, "stock"));
        for (state, file) in ["v1.yaml", "v2.yaml"].into_iter().enumerate() {
            sample.add(file, &NODE, "shop/stock", state as u64);
        }
        sample.add("a.yaml", &SERVICE, "shop/mail", 1).references.push(to(&GROUP, "all"));
        let mesh = sample.link();
        assert_eq!([0, 2, 5].map(|index| provider(&mesh, index)), [Some(1), None, None]);
    }
}
