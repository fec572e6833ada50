//! From the outside through a gateway to a service.

use crate::mesh::{ResourceId, Role, Target};
use crate::route::{Dimension, PathRewrite, Request, Rewrite};

use super::choice::{Answer, Contender, agreed, flat, partitioned};
use super::router::Arrival;
use super::{Candidate, Listening, Verdict, Walk, full_name, is_for};

impl Walk<'_> {
    /// Comes in at a gateway.
    pub(super) fn enter(&mut self, name: Option<&str>) -> Verdict {
        let gateways = self.named(Role::Gateway, name);
        let heard: Vec<_> = gateways.iter().map(|(id, one)| (*id, *one, self.listening(&one.listeners))).collect();
        let at: Vec<_> = heard.iter().filter(|(.., listening)| matches!(listening, Listening::At(_))).collect();
        let only = || heard.iter().filter(|(.., listening)| matches!(listening, Listening::Only(_))).collect();
        let found: Vec<_> = if at.is_empty() { only() } else { at };
        let perhaps = heard.iter().any(|(.., listening)| *listening == Listening::Perhaps);
        let wanted = match self.asked.port {
            Some(port) => format!("port {port}"),
            None => format!("port {} (the default)", self.asked.default_port),
        };
        match found[..] {
            _ if perhaps && found.len() < 2 => {
                self.step("which gateway listens there hangs on a port that is not known", None);
                Verdict::Unknown
            }
            [] => {
                match name {
                    Some(name) if gateways.is_empty() => self.step(format!("there is no gateway `{name}`"), None),
                    Some(name) => self.step(format!("gateway `{name}` does not listen on {wanted}"), None),
                    None => self.step(format!("no gateway listens on {wanted}"), None),
                }
                for (_, one) in self.named(Role::Gateway, None) {
                    let ports =
                        one.listeners.iter().map(|one| one.port.map_or("?".to_owned(), |port| port.to_string()));
                    let ports = ports.collect::<Vec<_>>().join(", ");
                    self.detail(format!("gateway `{}` listens on {ports}", full_name(one)), Some(one.place()));
                }
                Verdict::NoGateway
            }
            [(id, gateway, listening)] => {
                let port = listening.port().flatten();
                let on = port.map_or_else(|| "its only listener".to_owned(), |port| format!("port {port}"));
                self.pass_by(format!("gateway `{}` takes it on {on}", full_name(gateway)), Some(gateway.place()));
                self.pass(*id, port)
            }
            _ => {
                self.step("several gateways listen there: name the one that is meant", None);
                let mut open: Vec<Option<Candidate>> = Vec::new();
                for (_, one, _) in found.clone() {
                    let name = full_name(one);
                    self.detail(format!("gateway `{name}`"), Some(one.place()));
                    let candidate = Some(Candidate::Resource(name));
                    if !open.contains(&candidate) {
                        open.push(candidate);
                    }
                }
                self.trace.open = open;
                Verdict::Undecided
            }
        }
    }

    /// Looks for the gateway route that answers.
    fn pass(&mut self, id: ResourceId, port: Option<i64>) -> Verdict {
        let (mesh, asked) = (self.mesh, self.asked);
        let gateway = mesh.resource(id);
        let attached = self.tracer.mesh.attached_routes().get(&id).map_or(&[][..], Vec::as_slice);
        let contenders: Vec<_> = attached
            .iter()
            .map(|one| {
                let holder = mesh.resource(one.id);
                let route = holder.routes.first();
                let here = route.map(|route| is_for(route, port, &gateway.listeners));
                Contender { holder, route, truth: here.map_or(one.truth, |here| one.truth.and(here)) }
            })
            .collect();
        let (together, apart) =
            (flat(&contenders, &asked.request), partitioned(&contenders, &asked.host, &asked.request));
        match agreed(&[together.clone(), apart.clone()]) {
            Answer::Decided(Some(winner)) => {
                let one = &contenders[winner];
                let place = Some(one.place());
                self.step(format!("{} answers ({})", one.title(), one.rank_words()), place);
                self.tell_losers(&contenders, Some(winner), &asked.request);
                self.trace.gateway_route = Some(full_name(one.holder));
                self.rewrite(one)
            }
            Answer::Decided(None) => {
                self.step("no gateway route takes it: the gateway answers 404", None);
                self.tell_losers(&contenders, None, &asked.request);
                Verdict::NoGatewayRoute
            }
            Answer::Open(open) => {
                if together == apart {
                    self.step("nothing says which of several gateway routes is tried first", None);
                } else {
                    self.step(
                        "whether gateway routes with different hostnames share a table is not documented, and it decides",
                        None,
                    );
                }
                for at in &open {
                    match at.map(|at| &contenders[at]) {
                        Some(one) => {
                            let text = format!("{} may answer ({})", one.title(), one.rank_words());
                            self.detail(text, Some(one.place()));
                        }
                        None => self.detail("or nobody answers: 404", None),
                    }
                }
                let candidate = |at: usize| Candidate::Resource(full_name(contenders[at].holder));
                self.trace.open = open.into_iter().map(|at| at.map(candidate)).collect();
                Verdict::Undecided
            }
            Answer::Unknown(about) => {
                self.step("what is not known decides which gateway route answers", None);
                for at in about {
                    let one = &contenders[at];
                    self.detail(format!("{} may answer", one.title()), Some(one.place()));
                }
                Verdict::Unknown
            }
        }
    }

    /// Carries out what the gateway route does to the request, and goes on to its service.
    fn rewrite(&mut self, winner: &Contender<'_>) -> Verdict {
        let (mesh, holder) = (self.mesh, winner.holder);
        let destination = winner.route.and_then(|route| Some((route, route.destinations.first()?)));
        let named = destination.and_then(|(route, one)| Some((route, one, holder.references.get(one.reference?)?)));
        let Some((route, destination, reference)) = named else {
            self.step("where it leads cannot be told", Some(winner.place()));
            return Verdict::Unknown;
        };
        let service = match &reference.target {
            Target::Resolved(states) if states.len() == 1 => states[0],
            Target::Resolved(_) => {
                self.step(
                    format!("virtual service `{}` is defined differently in several files", reference.name),
                    Some(holder.at(reference.span)),
                );
                return Verdict::Unknown;
            }
            Target::Dangling(_) => {
                self.step(format!("there is no service `{}`", reference.name), Some(holder.at(reference.span)));
                return Verdict::NoProvider;
            }
            _ => {
                self.step(
                    format!("service `{}` is not among the manifests", reference.name),
                    Some(holder.at(reference.span)),
                );
                return Verdict::Unknown;
            }
        };
        let deployed = mesh.resource(service).deployed_name.as_ref().map(|(name, _)| name);
        let (host, is_host_known) = match (route.host_rewrite, deployed) {
            (Some(false), _) => (None, true),
            (Some(true), Some(name)) => (Some(name.as_str().into()), !name.is_open()),
            _ => (None, false),
        };
        let path = route.path_rewrite.clone();
        let after = path.and_then(|path| Rewrite { path, host }.apply(&self.asked.request));
        self.tell_rewrite(winner, route.path_rewrite.as_ref(), after.as_ref(), is_host_known);
        self.serve(service, destination.port.known(), &Arrival { request: after, is_host_known })
    }

    fn tell_rewrite(
        &mut self,
        winner: &Contender<'_>,
        rewrite: Option<&PathRewrite>,
        after: Option<&Request>,
        is_host_known: bool,
    ) {
        let text = |request: &Request, dimension: &Dimension| {
            request.get(dimension).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default()
        };
        let said = |dimension: &Dimension, name: &str| {
            let (before, after) = (text(&self.asked.request, dimension), text(after?, dimension));
            Some(if before == after { format!("the {name} stays") } else { format!("the {name} becomes `{after}`") })
        };
        let path = said(&Dimension::Path, "path").unwrap_or_else(|| "what becomes of the path is not known".to_owned());
        let host = said(&Dimension::Host, "host").filter(|_| is_host_known);
        let host = host.unwrap_or_else(|| "what the host becomes is not known".to_owned());
        let by = match rewrite {
            Some(PathRewrite::Prefix { from, to }) => format!(" (prefix `{from}` becomes `{to}`)"),
            _ => String::new(),
        };
        self.step(format!("{path}{by}, {host}"), Some(winner.place()));
    }
}
