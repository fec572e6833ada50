//! What names and ports mean in a Kubernetes cluster.

use rustc_hash::FxHashMap;

use crate::source::Place;

use super::{Autoscaler, Detail, Mesh, Name, Resource, ResourceId, Role, Setting, Truth};

/// The name that DNS for Services and Pods gives a Service (Kubernetes documentation, "DNS for Services and Pods").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterName {
    /// The Service.
    pub service: Name,
    /// Its namespace.
    pub namespace: Name,
    /// Whether the name says that it is one of a cluster, as `cart.shop.svc`; `cart.shop` may also be a host outside.
    pub is_full: bool,
}

impl ClusterName {
    /// Reads a host name; `None` for one that is not that of a Service, or does not say its namespace.
    #[must_use]
    pub fn parse(host: &Name) -> Option<Self> {
        let host = host.strip_suffix(".").unwrap_or_else(|| host.clone());
        let inner = [".svc.cluster.local", ".svc"].iter().find_map(|end| host.strip_suffix(end));
        let is_full = inner.is_some();
        let (service, namespace) = inner.unwrap_or(host).split_at_dot()?;
        let is_label = |name: &Name| !name.as_str().is_empty() && !name.literals().any(|text| text.contains('.'));
        (is_label(&service) && is_label(&namespace)).then_some(Self { service, namespace, is_full })
    }
}

impl Mesh {
    /// The Services of a name that a resource of this scope can mean: none, one, or several states of one.
    #[must_use]
    pub fn find_services(&self, from: &Resource, name: &ClusterName) -> Vec<ResourceId> {
        self.find(from, Role::ClusterService, Some(&name.namespace), &name.service)
    }

    /// Whether a Service is there. `No` only where another Service of its namespace is among the manifests, so
    /// that they are not kept elsewhere.
    #[must_use]
    pub fn has_service(&self, from: &Resource, name: &ClusterName) -> Truth {
        if self.of_namespace(from, Role::ClusterService, &name.namespace).next().is_none() {
            return Truth::Unknown;
        }
        self.is_there(from, (Role::ClusterService, "Service"), Some(&name.namespace), &name.service)
    }

    /// The resources of a role in a namespace, as far as a resource of this scope sees them.
    pub fn of_namespace<'m>(
        &'m self,
        from: &'m Resource,
        role: Role,
        namespace: &Name,
    ) -> impl Iterator<Item = (ResourceId, &'m Resource)> {
        let ids = self.by_space.get(&(role, Some(namespace.clone()))).into_iter().flatten();
        let all = ids.map(|id| (*id, self.resource(*id)));
        all.filter(move |(_, other)| self.scopes.sees(from.scope, other.scope))
    }
}

/// What scales workloads, by what it scales.
#[derive(Debug)]
pub struct Scalers<'m> {
    mesh: &'m Mesh,
    by_target: FxHashMap<(Option<&'m Name>, &'m Name), Vec<&'m Resource>>,
    /// Those whose target holds a placeholder or cannot be read.
    open: FxHashMap<Option<&'m Name>, Vec<&'m Resource>>,
}

impl<'m> Scalers<'m> {
    /// All of a mesh.
    #[must_use]
    pub fn of(mesh: &'m Mesh) -> Self {
        let mut scalers = Self { mesh, by_target: FxHashMap::default(), open: FxHashMap::default() };
        for (_, scaler) in mesh.of_role(Role::Autoscaler) {
            let namespace = scaler.namespace.as_ref();
            match autoscaler(scaler).and_then(|model| model.name.known()) {
                Some((name, _)) if !name.is_open() => {
                    scalers.by_target.entry((namespace, name)).or_default().push(scaler);
                }
                _ => scalers.open.entry(namespace).or_default().push(scaler),
            }
        }
        scalers
    }

    /// The greatest number of pods that a workload makes, with the place that says so: what scales it decides, where
    /// something does. `None` where it cannot be told.
    #[must_use]
    pub fn most_pods(&self, resource: &Resource) -> Option<(i64, Place)> {
        let workload = resource.workload()?;
        let namespace = resource.namespace.as_ref();
        let named = self.by_target.get(&(namespace, &resource.name)).into_iter();
        let all = named.chain(self.open.get(&namespace)).flatten();
        for scaler in all.filter(|scaler| self.mesh.scopes.reaches(resource.scope, scaler.scope)) {
            let Some(model) = autoscaler(scaler) else { continue };
            let is_meant = |written: &Setting<Name>, wanted: &Name| match written {
                Setting::Known(name, _) => name.same(wanted),
                Setting::Absent | Setting::Unknown => Truth::Unknown,
            };
            let kind = is_meant(&model.kind, &Name::known(&*resource.kind_name));
            match kind.and(is_meant(&model.name, &resource.name)) {
                Truth::No => {}
                Truth::Unknown => return None,
                Truth::Yes => return model.max.known().map(|(max, span)| (*max, scaler.at(span))),
            }
        }
        match &workload.replicas {
            Setting::Known(count, span) => Some((*count, resource.at(*span))),
            Setting::Absent => Some((1, resource.place())),
            Setting::Unknown => None,
        }
    }
}

fn autoscaler(resource: &Resource) -> Option<&Autoscaler> {
    match &resource.detail {
        Detail::Autoscaler(model) => Some(model),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::name;
    use super::*;

    #[test]
    fn names_of_services_are_told_from_other_hosts() {
        for (host, expected) in [
            ("cart.shop.svc.cluster.local", Some(("cart", "shop", true))),
            ("cart.shop.svc.cluster.local.", Some(("cart", "shop", true))),
            ("cart.shop.svc", Some(("cart", "shop", true))),
            ("cart.shop", Some(("cart", "shop", false))),
            ("cart-*.*.svc.cluster.local", None),
            ("cart.*.svc.cluster.local", Some(("cart", "*", true))),
            ("*.shop.svc.cluster.local", Some(("*", "shop", true))),
            ("cart", None),
            ("a.cart.shop.svc.cluster.local", None),
            ("cart.example.com", None),
            ("*", None),
            (".svc", None),
        ] {
            let expected = expected.map(|(service, namespace, is_full)| ClusterName {
                service: name(service),
                namespace: name(namespace),
                is_full,
            });
            assert_eq!(ClusterName::parse(&name(host)), expected, "{host}");
        }
    }
}
