//! From a node to the services that it calls.

use crate::mesh::{Membership, Name, Outbound, ResourceId, Role, Truth};

use super::router::{Arrival, TCP, provider_reference};
use super::{BadRequest, Candidate, Listening, Verdict, Walk, full_name};

/// A service that a node lists, as far as a request is for it.
struct Callee {
    id: ResourceId,
    /// Whether it has the host.
    is_host: Truth,
    listening: Listening,
    /// Whether it takes every connection to the port.
    is_tcp: bool,
    has_provider: bool,
}

impl Walk<'_> {
    /// Calls from a node.
    pub(super) fn call(&mut self, name: &str) -> Result<Verdict, BadRequest> {
        let nodes = self.named(Role::Node, Some(name));
        let (id, node) = match nodes[..] {
            [] => {
                return Err(BadRequest {
                    message: format!("there is no node `{name}` among the manifests"),
                    help: "write `namespace/name` as in the metadata of the virtual node",
                });
            }
            [one] => one,
            _ => {
                self.step(format!("there are several nodes `{name}`"), None);
                for (_, one) in &nodes {
                    self.detail(format!("node `{}`", full_name(one)), Some(one.place()));
                }
                let mut open: Vec<_> = nodes.iter().map(|(_, one)| Some(Candidate::Resource(full_name(one)))).collect();
                open.dedup();
                self.trace.open = open;
                return Ok(Verdict::Undecided);
            }
        };
        self.pass_by(format!("node `{}` calls `{}`", full_name(node), self.asked.host), Some(node.place()));
        let listed = self.mesh.listed_by(id);
        let callees: Vec<_> = listed.services.iter().map(|service| self.callee(*service)).collect();
        for one in callees.iter().filter(|one| one.is_host.is_yes() && one.listening == Listening::No) {
            let service = self.mesh.resource(one.id);
            if one.has_provider {
                let text = format!("service `{}` has the host, and does not listen on the port", full_name(service));
                self.detail(text, Some(service.place()));
            }
        }
        let is_called = |one: &&Callee| one.is_host.is_yes() && (one.listening.port().is_some() || !one.has_provider);
        let called: Vec<_> = callees.iter().filter(is_called).collect();
        match called[..] {
            [] => Ok(self.leave(id, &listed.elsewhere, listed.is_open, &callees)),
            [one] => {
                let request = Some(self.asked.request.clone());
                let port = one.listening.port().flatten();
                Ok(self.serve(one.id, port, &Arrival { request, is_host_known: true }))
            }
            _ => {
                self.step("several services that the node lists have this host and port", None);
                let mut open = Vec::new();
                for one in called {
                    let service = self.mesh.resource(one.id);
                    self.detail(format!("service `{}`", full_name(service)), Some(service.place()));
                    open.push(Some(Candidate::Resource(full_name(service))));
                }
                self.trace.open = open;
                Ok(Verdict::Undecided)
            }
        }
    }

    fn callee(&self, id: ResourceId) -> Callee {
        let service = self.mesh.resource(id);
        let is_host = match service.deployed_name.as_ref().map(|(name, _)| name) {
            Some(name) => is_host(name, &self.asked.host),
            None => Truth::Unknown,
        };
        let reference = provider_reference(service);
        let provider = self.mesh.provider_of(id).map(|provider| self.mesh.resource(provider));
        let listening = match provider {
            Some(provider) if provider.listeners.is_empty() => Listening::Only(None),
            Some(provider) => self.listening(&provider.listeners),
            // What provides it is told when it is asked.
            None => Listening::Only(self.asked.port),
        };
        let mut listeners = provider.into_iter().flat_map(|provider| &provider.listeners);
        let is_tcp = match listening {
            Listening::At(port) => listeners.any(|one| one.port == port && one.protocol == Some(TCP)),
            _ => false,
        };
        Callee { id, is_host, listening, is_tcp, has_provider: reference.is_some() }
    }

    /// What becomes of a call to nothing that the node certainly lists.
    fn leave(&mut self, node: ResourceId, elsewhere: &[Name], is_open: bool, callees: &[Callee]) -> Verdict {
        let host = &self.asked.host;
        let may_be = |one: &Callee| {
            let may_listen = one.listening != Listening::No;
            may_listen && !one.is_host.is_no()
        };
        if is_open || callees.iter().any(may_be) || elsewhere.iter().any(|name| !is_host(name, host).is_no()) {
            self.step("whether the node lists it is not known", None);
            return Verdict::Unknown;
        }
        if let Some(one) = callees.iter().find(|one| one.is_tcp) {
            let service = self.mesh.resource(one.id);
            let text = format!("service `{}` takes every connection to that port, as tcp", full_name(service));
            self.step(text, Some(service.place()));
            return Verdict::Unknown;
        }
        let states = match self.mesh.mesh_of(node) {
            Membership::One(states) => states.as_slice(),
            _ => &[],
        };
        let mut kinds: Vec<_> = states.iter().map(|state| &self.mesh.resource(*state).outbound).collect();
        kinds.dedup();
        let place = states.first().map(|state| self.mesh.resource(*state).place());
        match kinds[..] {
            [Outbound::Anything] => {
                self.step("the node does not list it, and its mesh lets everything through", place);
                Verdict::Passthrough
            }
            [Outbound::Listed { suffixes, .. }] => {
                if suffixes.iter().any(|suffix| host.ends_with(suffix)) {
                    self.step("the mesh lets calls to the endpoints of the cloud through", place);
                    return Verdict::Passthrough;
                }
                self.step("the node does not list it, and its mesh drops what is not listed", place);
                Verdict::NotABackend
            }
            _ => {
                self.step("the node does not list it, and what its mesh lets through is not known", place);
                Verdict::Unknown
            }
        }
    }
}

/// Whether a name is that of a host, which is written in lower case.
fn is_host(name: &Name, host: &str) -> Truth {
    match name.as_known() {
        Some(name) => name.eq_ignore_ascii_case(host).into(),
        None => name.same(&Name::known(host)),
    }
}
