//! Calls: who calls which service, and at which listeners of which nodes the calls arrive. Only what is
//! certain is here: nothing that is unknown, dangling, elsewhere, or there in several states.

use super::{Destination, Listener, Mesh, Port, Reference, Resource, ResourceId, Role, Route, Target};

/// That a node or a gateway calls a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who calls.
    pub from: ResourceId,
    /// The reference that says so, by the resource it stands in (the caller itself, a group that it lists, or a
    /// route of the gateway) and its index there. `None` where the caller lists the whole namespace.
    pub by: Option<(ResourceId, usize)>,
    /// What is called.
    pub service: ResourceId,
}

/// A node at which calls of a service arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The route that leads there, by its router and its index there, with the index of the destination. `None`
    /// where the node itself provides the service.
    pub via: Option<((ResourceId, usize), usize)>,
    /// The node.
    pub node: ResourceId,
    /// Where on it.
    pub at: Landing,
}

/// Which listener of a resource is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landing {
    /// The one at this index.
    On(usize),
    /// It has none.
    Nowhere,
    /// It has several, and nothing says which.
    Several,
    /// None has this port.
    NoSuchPort(i64),
    /// That cannot be told.
    Open,
}

impl Landing {
    /// The index of the listener, where it is one.
    #[must_use]
    pub const fn listener(self) -> Option<usize> {
        match self {
            Self::On(index) => Some(index),
            _ => None,
        }
    }

    /// The listener of a list that a port means: the only one where no port is written.
    #[must_use]
    pub fn of(listeners: &[Listener], port: Port) -> Self {
        let is_open = listeners.iter().any(|listener| listener.port.is_none());
        let find = |port| listeners.iter().position(|listener| listener.port == Some(port));
        match (port, listeners) {
            (_, []) => Self::Nowhere,
            (Port::Known(port), _) => {
                find(port).map_or(if is_open { Self::Open } else { Self::NoSuchPort(port) }, Self::On)
            }
            (Port::Absent, [only]) if only.port.is_some() => Self::On(0),
            (Port::Absent, _) if !is_open => Self::Several,
            _ => Self::Open,
        }
    }
}

impl Mesh {
    /// The calls that are certainly allowed for: those of nodes in their order, then those of gateways. A service is
    /// called once for each place that says so.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        let mut calls = Vec::new();
        for (from, node) in self.of_role(Role::Node) {
            self.add_calls(from, node, &mut calls);
        }
        let mut attached: Vec<_> = self.attached_routes().into_iter().collect();
        attached.sort_unstable_by_key(|(gateway, _)| *gateway);
        for (from, routes) in attached {
            for id in routes.iter().filter(|one| one.truth.is_yes()).map(|one| one.id) {
                let destinations = self.resource(id).routes.iter().flat_map(|route| &route.destinations);
                for by in destinations.filter_map(|one| one.reference).map(|index| (id, index)) {
                    calls.extend(self.sole(by).map(|service| Call { from, by: Some(by), service }));
                }
            }
        }
        calls
    }

    fn add_calls(&self, from: ResourceId, node: &Resource, calls: &mut Vec<Call>) {
        for (index, reference) in node.references.iter().enumerate() {
            let by = (from, index);
            match (reference.wants.role, self.sole(by)) {
                (Role::Service, Some(service)) => calls.push(Call { from, by: Some(by), service }),
                (Role::Group, Some(group)) => {
                    for (index, member) in self.resource(group).references.iter().enumerate() {
                        let followed = member.is_relative.then(|| self.follow(from, member));
                        let service = sole_of(followed.as_ref().unwrap_or(&member.target));
                        calls.extend(service.map(|service| Call { from, by: Some((group, index)), service }));
                    }
                }
                _ => {}
            }
        }
        let super::Outbound::Listed { namespaces, .. } = &node.outbound else { return };
        for namespace in namespaces.iter().filter(|one| one.as_ref().is_none_or(|name| !name.is_open())) {
            let services = self.by_space.get(&(Role::Service, namespace.clone())).into_iter().flatten().copied();
            let seen = services.filter(|service| {
                let other = self.resource(*service);
                self.find(node, Role::Service, other.namespace.as_ref(), &other.name)[..] == [*service]
            });
            calls.extend(seen.map(|service| Call { from, by: None, service }));
        }
    }

    /// Where the calls of a service certainly arrive: at each destination of each route of its router, or at its
    /// node. Destinations that get no share are left out.
    #[must_use]
    pub fn arrivals(&self, service: ResourceId) -> Vec<Arrival> {
        let Some(provider) = self.provider_of(service) else { return Vec::new() };
        let home = self.resource(provider);
        if home.kind.role == Role::Node {
            return vec![Arrival { via: None, node: provider, at: Landing::of(&home.listeners, Port::Absent) }];
        }
        self.routes_of(provider).into_iter().flat_map(|at| self.arrivals_by(at)).collect()
    }

    /// Where the requests of a route of a router certainly arrive. Destinations that get no share are left out.
    #[must_use]
    pub fn arrivals_by(&self, at: (ResourceId, usize)) -> Vec<Arrival> {
        let arrival = |(index, destination): (usize, &Destination)| {
            let node = self.sole((at.0, destination.reference?)).filter(|_| destination.weight != Some(0))?;
            let at_listener = Landing::of(&self.resource(node).listeners, destination.port);
            Some(Arrival { via: Some((at, index)), node, at: at_listener })
        };
        self.route(at).destinations.iter().enumerate().filter_map(arrival).collect()
    }

    /// The listener of its router that a route is for.
    #[must_use]
    pub fn entrance(&self, at: (ResourceId, usize)) -> Landing {
        let route: &Route = self.route(at);
        self.router_of(at.0).map_or(Landing::Open, |router| Landing::of(&self.resource(router).listeners, route.port))
    }

    /// The one resource that a reference leads to.
    fn sole(&self, (id, index): (ResourceId, usize)) -> Option<ResourceId> {
        let reference: &Reference = self.resource(id).references.get(index)?;
        sole_of(&reference.target)
    }
}

/// The one resource that is resolved to.
pub(super) fn sole_of(target: &Target) -> Option<ResourceId> {
    match target {
        Target::Resolved(states) => match states[..] {
            [one] => Some(one),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{GROUP, MESH, NODE, ROUTER, SERVICE, Sample, name, to};
    use super::super::{Name, Outbound};
    use super::*;

    fn listeners(ports: &[Option<i64>]) -> Vec<Listener> {
        ports.iter().map(|port| Listener { port: *port, protocol: None }).collect()
    }

    fn route(destinations: Vec<Destination>) -> Route {
        Route {
            name: Name::known("all"),
            item: 0,
            span: Default::default(),
            match_span: Default::default(),
            protocol: "http",
            is_for_connections: false,
            matches: None,
            conditions: Vec::new(),
            rank: crate::route::Rank::Unknown,
            host: None,
            is_host_open: false,
            port: Port::Absent,
            path_rewrite: None,
            host_rewrite: None,
            destinations,
        }
    }

    fn destination(reference: usize, weight: i64, port: Port) -> Destination {
        Destination { reference: Some(reference), item: reference, weight: Some(weight), port }
    }

    #[test]
    fn a_port_means_a_listener() {
        for (ports, port, expected) in [
            (&[][..], Port::Absent, Landing::Nowhere),
            (&[Some(80)], Port::Absent, Landing::On(0)),
            (&[Some(80)], Port::Known(81), Landing::NoSuchPort(81)),
            (&[Some(80), Some(81)], Port::Known(81), Landing::On(1)),
            (&[Some(80), Some(81)], Port::Absent, Landing::Several),
            (&[Some(80), Some(81)], Port::Open, Landing::Open),
            (&[Some(80), None], Port::Known(81), Landing::Open),
            (&[Some(80), None], Port::Known(80), Landing::On(0)),
            (&[None], Port::Absent, Landing::Open),
        ] {
            assert_eq!(Landing::of(&listeners(ports), port), expected, "{ports:?} {port:?}");
        }
    }

    #[test]
    fn calls_are_gathered_from_nodes_and_groups() {
        let mut sample = Sample::default();
        let node = sample.add("a.yaml", &NODE, "shop/front", 1);
        node.outbound = Outbound::Listed { namespaces: vec![Some(name("sales"))], suffixes: &[] };
        node.references.extend([
            to(&SERVICE, "cart"),
            to(&GROUP, "all"),
            to(&SERVICE, "lost"),
            to(&SERVICE, "stock-*"),
        ]);
        let group = sample.add("a.yaml", &GROUP, "shop/all", 1);
        group.references.push(Reference { is_relative: true, ..to(&SERVICE, "stock-1") });
        sample.add("a.yaml", &MESH, "mesh", 1);
        for service in ["shop/cart", "shop/stock-1", "sales/mail"] {
            sample.add("a.yaml", &SERVICE, service, 1);
        }
        let calls = sample.link().calls();
        let found: Vec<_> =
            calls.iter().map(|call| (call.by.map(|(id, _)| id.index()), call.service.index())).collect();
        assert_eq!(found, [(Some(0), 3), (Some(1), 4), (None, 5)]);
    }

    #[test]
    fn calls_arrive_where_routes_lead() {
        let mut sample = Sample::default();
        sample.add("a.yaml", &SERVICE, "shop/cart", 1).references.push(to(&ROUTER, "cart"));
        let router = sample.add("a.yaml", &ROUTER, "shop/cart", 1);
        router.references.extend([to(&NODE, "one"), to(&NODE, "two"), to(&NODE, "one")]);
        router.routes.push(route(vec![
            destination(0, 1, Port::Known(81)),
            destination(1, 1, Port::Absent),
            destination(2, 0, Port::Absent),
        ]));
        sample.add("a.yaml", &NODE, "shop/one", 1).listeners = listeners(&[Some(80), Some(81)]);
        sample.add("a.yaml", &NODE, "shop/two", 1);
        sample.add("a.yaml", &SERVICE, "shop/two", 1).references.push(to(&NODE, "two"));
        let mesh = sample.link();
        let found = |service: usize| -> Vec<_> {
            let arrivals = mesh.arrivals(ResourceId::new(service));
            arrivals.iter().map(|one| (one.via.map(|(_, index)| index), one.node.index(), one.at)).collect()
        };
        assert_eq!(found(0), [(Some(0), 2, Landing::On(1)), (Some(1), 3, Landing::Nowhere)]);
        assert_eq!(found(4), [(None, 3, Landing::Nowhere)]);
    }
}
