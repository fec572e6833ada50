//! From a service to the nodes behind it.

use crate::mesh::{By, Reference, Resource, ResourceId, Role, Target, Truth};
use crate::route::{Dimension, Request};
use crate::source::Place;

use super::choice::{Answer, Contender, agreed, flat};
use super::{Candidate, Destination, RouteName, Verdict, Walk, full_name, is_for};

/// A request as it comes to a service.
pub(super) struct Arrival {
    /// The request; `None` where it is not known what it has become.
    pub(super) request: Option<Request>,
    /// Whether its host is known.
    pub(super) is_host_known: bool,
}

impl Contender<'_> {
    /// Where the route stands.
    pub(super) fn place(&self) -> Place {
        self.route.map_or_else(|| self.holder.place(), |route| self.holder.at(route.span))
    }
}

impl Walk<'_> {
    /// Goes on to what provides a service. A port is the listener that is asked, where one is named.
    pub(super) fn serve(&mut self, id: ResourceId, port: Option<i64>, arrival: &Arrival) -> Verdict {
        let (mesh, service) = (self.mesh, self.mesh.resource(id));
        let title = format!("service `{}`", full_name(service));
        let Some(reference) = provider_reference(service) else {
            // A provider that is written and cannot be read is not missing.
            if service.is_partial || service.has_open_provider {
                self.step(format!("what provides {title} cannot be told"), Some(service.place()));
                return Verdict::Unknown;
            }
            self.step(format!("nothing provides {title}"), Some(service.place()));
            return Verdict::NoProvider;
        };
        let place = Some(service.at(reference.span));
        let is_router = reference.wants.role == Role::Router;
        let provider = match &reference.target {
            Target::Resolved(states) if states.len() == 1 || !is_router => states.first().copied(),
            Target::Dangling(_) => {
                self.step(
                    format!("{} `{}`, which provides {title}, is not there", reference.wants.words, reference.name),
                    place,
                );
                return Verdict::NoProvider;
            }
            _ => None,
        };
        match provider {
            Some(router) if is_router => {
                let name = full_name(mesh.resource(router));
                self.pass_by(format!("{title} is provided by router `{name}`"), place);
                self.choose(router, port, arrival)
            }
            None if is_router => {
                self.step(
                    format!(
                        "{title} is provided by router `{}`, of which no single definition is known",
                        reference.name
                    ),
                    place,
                );
                Verdict::Unknown
            }
            node => {
                let name = node_name(service, reference, node.map(|node| mesh.resource(node)));
                self.step(format!("{title} is provided by node `{name}`"), place);
                let listeners = node.map_or(&[][..], |node| &mesh.resource(node).listeners);
                let asked = listeners.iter().find(|one| port.is_none() || one.port == port);
                if asked.is_some_and(|one| one.protocol == Some(TCP)) {
                    return self.give_up_on_tcp(node.map(|node| mesh.resource(node).place()));
                }
                self.trace.destinations = vec![Destination { node: name, weight: Some(1) }];
                Verdict::Routed
            }
        }
    }

    fn give_up_on_tcp(&mut self, place: Option<Place>) -> Verdict {
        self.step("its listener speaks tcp: connections are routed there, and requests are not looked at", place);
        Verdict::Unknown
    }

    /// Looks for the route of a router that answers.
    fn choose(&mut self, id: ResourceId, port: Option<i64>, arrival: &Arrival) -> Verdict {
        let (mesh, router) = (self.mesh, self.mesh.resource(id));
        let routes = mesh.routes_of(id);
        let listeners = &router.listeners;
        let has = |port: i64| listeners.iter().any(|one| one.port == Some(port));
        match port {
            Some(port) if !listeners.is_empty() && !has(port) => {
                if listeners.iter().any(|one| one.port.is_none()) {
                    self.step("which port the router listens on is not known", Some(router.place()));
                    return Verdict::Unknown;
                }
                self.step(
                    format!("router `{}` does not listen on port {port}", full_name(router)),
                    Some(router.place()),
                );
                return Verdict::NoRoute;
            }
            _ => {}
        }
        let asked: Vec<_> = listeners.iter().filter(|one| port.is_none() || one.port == port).collect();
        if asked.iter().any(|one| one.protocol == Some(TCP)) {
            return self.give_up_on_tcp(Some(router.place()));
        }
        let looks_at_host = || {
            let sets = routes.iter().filter_map(|at| mesh.route(*at).matches.as_ref());
            let mut dimensions = sets.flat_map(|set| &set.cubes).flat_map(|cube| cube.dimensions());
            dimensions.any(|(dimension, _)| *dimension == Dimension::Host)
        };
        let known = arrival.request.as_ref().filter(|_| arrival.is_host_known || !looks_at_host());
        let Some(request) = known else {
            self.step("which route takes it hangs on a path or a host that is not known", Some(router.place()));
            return Verdict::Unknown;
        };
        let ports: Vec<_> = match port {
            None if !listeners.is_empty() => listeners.iter().map(|one| one.port).collect(),
            port => vec![port],
        };
        let contenders = |port: Option<i64>| -> Vec<Contender<'_>> {
            let known = routes.iter().map(|at| (mesh.resource(at.0), mesh.route(*at)));
            let known = known.filter(|(_, route)| !route.is_for_connections).map(|(holder, route)| {
                let truth = is_for(route, port, listeners);
                Contender { holder, route: Some(route), truth }
            });
            let has_open = router.has_open_routes
                || mesh.has_stray_routes(id)
                || routes.iter().any(|at| mesh.resource(at.0).has_open_routes);
            let open = has_open.then_some(Contender { holder: router, route: None, truth: Truth::Unknown });
            known.chain(open).collect()
        };
        let answers: Vec<_> = ports.iter().map(|port| flat(&contenders(*port), request)).collect();
        let first = contenders(ports.first().copied().flatten());
        match agreed(&answers) {
            Answer::Decided(Some(winner)) => {
                let one = first[winner];
                self.step(format!("{} answers ({})", one.title(), one.rank_words()), Some(one.place()));
                self.tell_losers(&first, Some(winner), request);
                self.spread(router, &one)
            }
            Answer::Decided(None) => {
                let path = request.get(&Dimension::Path).map(|path| String::from_utf8_lossy(path).into_owned());
                let path = path.unwrap_or_default();
                self.step(format!("no route of the router takes `{path}`: 404"), Some(router.place()));
                self.tell_losers(&first, None, request);
                Verdict::NoRoute
            }
            Answer::Open(open) => {
                if ports.len() > 1 {
                    self.step("nothing says which listener of the router is asked", Some(router.place()));
                } else {
                    self.step("nothing says which of several routes is tried first", Some(router.place()));
                }
                for at in &open {
                    match at.map(|at| &first[at]) {
                        Some(one) => {
                            let text = format!("{} may answer ({})", one.title(), one.rank_words());
                            self.detail(text, Some(one.place()));
                        }
                        None => self.detail("or nobody answers: 404", None),
                    }
                }
                let candidate = |at: usize| first[at].route.map(|route| Candidate::Route(name_of(router, &route.name)));
                self.trace.open = open.into_iter().map(|at| at.and_then(candidate)).collect();
                Verdict::Undecided
            }
            Answer::Unknown(about) => {
                self.step("what is not known decides which route answers", Some(router.place()));
                for at in about {
                    self.detail(format!("{} may answer", first[at].title()), Some(first[at].place()));
                }
                Verdict::Unknown
            }
        }
    }

    /// Goes on to the nodes of a route.
    fn spread(&mut self, router: &Resource, winner: &Contender<'_>) -> Verdict {
        let Some(route) = winner.route else { return Verdict::Unknown };
        self.trace.route = Some(name_of(router, &route.name));
        let router = winner.holder;
        let mut destinations = Vec::with_capacity(route.destinations.len());
        for destination in &route.destinations {
            let Some(reference) = destination.reference.and_then(|at| router.references.get(at)) else {
                self.step("a target of the route cannot be read", Some(winner.place()));
                return Verdict::Unknown;
            };
            let node = match &reference.target {
                Target::Resolved(states) => states.first().map(|node| self.mesh.resource(*node)),
                _ => None,
            };
            let name = node_name(router, reference, node);
            let weight = destination.weight.map_or_else(|| "?".to_owned(), |weight| weight.to_string());
            let missing = if matches!(reference.target, Target::Dangling(_)) { ", which is not there" } else { "" };
            self.step(format!("node `{name}`{missing}, weight {weight}"), Some(router.at(reference.span)));
            destinations.push(Destination { node: name, weight: destination.weight });
        }
        if destinations.is_empty() {
            self.step("where the route leads cannot be told", Some(winner.place()));
            return Verdict::Unknown;
        }
        if destinations.iter().all(|one| one.weight == Some(0)) {
            self.step("no node has a weight: nobody receives it", Some(winner.place()));
        }
        self.trace.destinations = destinations;
        Verdict::Routed
    }
}

/// What listeners of connections that are not looked into speak.
pub(super) const TCP: &str = "tcp";

/// The place in a service that names what provides it. Where something is named twice, the later one counts.
pub(super) fn provider_reference(service: &Resource) -> Option<&Reference> {
    service.references.iter().rev().find(|one| matches!(one.wants.role, Role::Node | Role::Router))
}

fn name_of(router: &Resource, route: &crate::mesh::Name) -> RouteName {
    RouteName { router: full_name(router), name: route.to_string() }
}

/// The name of a node that stands in a reference, whether or not it is among the manifests.
fn node_name(home: &Resource, reference: &Reference, node: Option<&Resource>) -> String {
    match (node, reference.by) {
        (Some(node), _) => full_name(node),
        (None, By::DeployedName) => reference.name.to_string(),
        (None, By::Name) => {
            let namespace = reference.namespace.as_ref().or(home.namespace.as_ref());
            format!("{}/{}", namespace.map(ToString::to_string).unwrap_or_default(), reference.name)
        }
    }
}
