//! Callers and the listeners at which their calls arrive.

use rustc_hash::{FxHashMap, FxHashSet};

use super::default;
use crate::dialect::appmesh::model::{
    Action, BackendDefaults, BackendService, ClientPolicy, ClientTls, Field, List, Listener, ListenerTls, Route,
    TlsMode, VirtualGateway, VirtualNode, VirtualRouter,
};
use crate::finding::{Place, Span};
use crate::mesh::{Arrival, Attached, Call, Landing, Mesh, Port, Resource, ResourceId, Role, Selection};
use crate::rules::appmesh::injection::injection;
use crate::rules::group::group;

/// The policy of a caller towards a service.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules::appmesh) enum Policy<'m> {
    /// None is written: the server decides.
    None,
    /// This one, with the place of its key `tls`.
    Tls(&'m ClientTls, Span),
    /// That is not known, or not documented.
    Unknown,
}

/// A caller and a service that it calls.
#[derive(Clone, Debug)]
pub(in crate::rules::appmesh) struct Link<'m> {
    /// Who calls.
    pub(in crate::rules::appmesh) from: &'m Resource,
    /// The same.
    pub(in crate::rules::appmesh) from_id: ResourceId,
    /// What is called.
    pub(in crate::rules::appmesh) service: &'m Resource,
    /// The same.
    pub(in crate::rules::appmesh) service_id: ResourceId,
    /// Where that is written.
    pub(in crate::rules::appmesh) at: Place,
    /// Whether the policy is for this service alone, and not the default.
    pub(in crate::rules::appmesh) is_own: bool,
    /// The policy of the caller.
    pub(in crate::rules::appmesh) policy: Policy<'m>,
    /// Where the calls certainly arrive.
    pub(in crate::rules::appmesh) servers: Vec<Server<'m>>,
    /// Whether they can arrive nowhere else.
    pub(in crate::rules::appmesh) is_whole: bool,
}

impl<'m> Link<'m> {
    /// The policy with the place of its key, where there is one.
    pub(in crate::rules::appmesh) fn tls(&self) -> Option<(&'m ClientTls, Place)> {
        match self.policy {
            Policy::Tls(tls, key) => Some((tls, self.from.at(key))),
            Policy::None | Policy::Unknown => None,
        }
    }

    /// Where a policy is missing: at the backend that could have it, or at the gateway, whose services share one.
    pub(in crate::rules::appmesh) fn place_for_policy(&self) -> Place {
        match self.from.kind.role {
            Role::Gateway => self.from.at(self.from.spec_key),
            _ => self.at,
        }
    }

    /// Whether there is certainly no policy.
    pub(in crate::rules::appmesh) fn has_no_policy(&self) -> bool {
        matches!(self.policy, Policy::None)
    }
}

/// A listener at which calls arrive.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules::appmesh) struct Server<'m> {
    /// Its node.
    pub(in crate::rules::appmesh) node: &'m Resource,
    /// The same.
    pub(in crate::rules::appmesh) node_id: ResourceId,
    /// The same.
    pub(in crate::rules::appmesh) model: &'m VirtualNode,
    /// The listener.
    pub(in crate::rules::appmesh) listener: &'m Listener,
    /// Where it begins.
    pub(in crate::rules::appmesh) key: Span,
    /// Its port.
    pub(in crate::rules::appmesh) port: i64,
    /// The port of the route that leads there.
    entry: Port,
    /// Whether it is one of several listeners among which the port that is dialled decides.
    pub(in crate::rules::appmesh) is_choice: bool,
}

/// What a listener does about TLS.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules::appmesh) enum ServerTls<'m> {
    /// It speaks none; where that is written, or the listener.
    Plain(Span),
    /// It takes TLS in this mode.
    Tls(&'m ListenerTls, TlsMode),
    /// That is not known.
    Unknown,
}

impl<'m> Server<'m> {
    /// What it does about TLS.
    pub(in crate::rules::appmesh) fn tls(&self) -> ServerTls<'m> {
        let field = &self.listener.tls;
        match field.known().map(|tls| (&**tls, tls.mode.known())) {
            Some((tls, Some(TlsMode::Disabled))) => ServerTls::Plain(tls.mode.span),
            Some((tls, Some(mode))) => ServerTls::Tls(tls, *mode),
            None if field.is_absent() && !self.listener.is_partial => ServerTls::Plain(self.key),
            _ => ServerTls::Unknown,
        }
    }
}

/// Who answers for a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules::appmesh) enum Keeper {
    /// A proxy of the mesh, which does what the node says.
    Proxy,
    /// That cannot be told.
    Unsure,
    /// Something that knows nothing of the mesh, and may well speak TLS by itself.
    Outside,
}

/// Who answers for a node: without pods of its own it may stand for a host outside of the mesh.
pub(in crate::rules::appmesh) fn keeper(mesh: &Mesh, server: &Server<'_>) -> Keeper {
    match &server.node.pod_selector {
        Selection::Written(..) => {
            let mut pods = mesh.picks(server.node_id).iter().filter(|pick| pick.truth.is_yes()).peekable();
            let is_out = |id: ResourceId| !injection(mesh, mesh.resource(id)).is_on();
            if pods.peek().is_some() && pods.all(|pick| is_out(pick.id)) { Keeper::Outside } else { Keeper::Proxy }
        }
        Selection::Unknown(_) => Keeper::Outside,
        Selection::Absent if server.node.is_partial => Keeper::Outside,
        Selection::Absent if !server.node.kind.surface.is_cluster() => keeper_by_name(server),
        Selection::Absent => {
            let discovery = server.model.service_discovery.known();
            let dns = discovery.and_then(|discovery| discovery.dns.known());
            let is_local = |host: &str| host.ends_with(".svc.cluster.local") || host.ends_with(".svc");
            let host = dns.and_then(|dns| dns.hostname.known());
            let is_inside = match (host, discovery) {
                (Some(host), _) => is_local(host.literals().last().unwrap_or_default().trim_end_matches('.')),
                (None, Some(discovery)) => discovery.aws_cloud_map.known().is_some() && discovery.dns.is_absent(),
                (None, None) => false,
            };
            if is_inside { Keeper::Unsure } else { Keeper::Outside }
        }
    }
}

/// Who answers for a node of a template, where nothing shows its tasks: what it says about its own calls, its logs or its
/// certificate is for a proxy alone, and a private name leads to something that is run here.
fn keeper_by_name(server: &Server<'_>) -> Keeper {
    let model = server.model;
    let has_tls = !server.listener.tls.is_absent();
    if has_tls || !model.backends.is_absent() || !model.backend_defaults.is_absent() || !model.logging.is_absent() {
        return Keeper::Proxy;
    }
    let discovery = model.service_discovery.known();
    let host = discovery.and_then(|one| one.dns.known()).and_then(|dns| dns.hostname.known());
    let end = host.and_then(|host| host.literals().last()).unwrap_or_default().trim_end_matches('.');
    let is_private = [".local", ".internal"].iter().any(|zone| end.ends_with(zone));
    let is_registered = discovery.is_some_and(|one| one.aws_cloud_map.known().is_some());
    if is_private || is_registered { Keeper::Unsure } else { Keeper::Outside }
}

/// Every caller with every service that it certainly calls, once.
pub(in crate::rules::appmesh) fn links(mesh: &Mesh) -> Vec<Link<'_>> {
    let mut known: FxHashMap<ResourceId, (Vec<Server<'_>>, bool)> = FxHashMap::default();
    let calls = mesh.calls();
    let pairs = group(calls.iter().map(|call| ((call.from, call.service), call)));
    let mut links = Vec::with_capacity(pairs.len());
    for ((from_id, service_id), calls) in pairs {
        let Some(call) = deciding(mesh, from_id, &calls) else { continue };
        let (servers, is_whole) = known.entry(service_id).or_insert_with(|| servers(mesh, service_id));
        let from = mesh.resource(from_id);
        let (is_own, policy) = policy(from, from_id, call);
        let mut link = Link {
            from,
            from_id,
            service: mesh.resource(service_id),
            service_id,
            at: place(mesh, call),
            is_own,
            policy,
            servers: servers.clone(),
            is_whole: *is_whole,
        };
        if from.kind.role == Role::Gateway {
            narrow(&mut link, mesh, service_id, &calls);
        }
        links.push(link);
    }
    links
}

/// The call whose policy counts: that of a backend goes before that of a group. Two backends for one service are
/// a fault of their own.
fn deciding<'c>(mesh: &Mesh, from: ResourceId, calls: &[&'c Call]) -> Option<&'c Call> {
    if mesh.resource(from).kind.role == Role::Gateway {
        return calls.first().copied();
    }
    let mut direct = calls.iter().filter(|call| call.by.is_some_and(|(id, _)| id == from));
    let first = direct.next();
    if direct.next().is_some() {
        return None;
    }
    first.or(calls.first()).copied()
}

fn place(mesh: &Mesh, call: &Call) -> Place {
    match call.by {
        Some((id, index)) => {
            let resource = mesh.resource(id);
            resource.references.get(index).map_or(resource.place(), |reference| resource.at(reference.span))
        }
        None => mesh.resource(call.from).place(),
    }
}

/// The policy by which a call is made, and whether it is the backend's own.
fn policy<'m>(from: &'m Resource, from_id: ResourceId, call: &Call) -> (bool, Policy<'m>) {
    let (defaults, own) = match (from.model::<VirtualNode>(), from.model::<VirtualGateway>()) {
        (Some(node), _) => {
            let reference = call.by.filter(|(id, _)| *id == from_id).map(|(_, index)| &from.references[index]);
            (&node.backend_defaults, reference.map(|reference| node.backends.items().nth(reference.item)))
        }
        (None, Some(gateway)) => (&gateway.backend_defaults, None),
        (None, None) => return (false, Policy::Unknown),
    };
    let Some(backend) = own else { return (false, of_defaults(from, defaults)) };
    match backend.and_then(|backend| backend.known()?.virtual_service.known()) {
        // With a name and an ARN it is the ARN that counts, and both are calls.
        Some(backend) if names_of(backend) != 1 => (false, Policy::Unknown),
        Some(backend) if !backend.client_policy.is_absent() => (true, of_field(&backend.client_policy)),
        Some(backend) if !backend.is_partial => (false, of_defaults(from, defaults)),
        _ => (false, Policy::Unknown),
    }
}

/// In how many ways a backend names its service.
fn names_of(backend: &BackendService) -> usize {
    let written = [backend.reference.is_absent(), backend.arn.is_absent(), backend.name.is_absent()];
    written.into_iter().filter(|is_absent| !is_absent).count()
}

fn of_defaults<'m>(from: &Resource, defaults: &'m Field<Box<BackendDefaults>>) -> Policy<'m> {
    match (default(defaults), defaults.known()) {
        (Some(field), _) => of_field(field),
        (None, Some(defaults)) if defaults.is_partial => Policy::Unknown,
        (None, Some(_)) => Policy::None,
        (None, None) if defaults.is_absent() && !from.is_partial => Policy::None,
        (None, None) => Policy::Unknown,
    }
}

/// What an empty policy means is not documented.
fn of_field(field: &Field<Box<ClientPolicy>>) -> Policy<'_> {
    let tls = field.known().map(|policy| &policy.tls);
    tls.and_then(|tls| Some(Policy::Tls(tls.known()?, tls.key))).unwrap_or(Policy::Unknown)
}

/// The listeners at which calls of a service arrive, and whether there are certainly no others.
fn servers(mesh: &Mesh, service: ResourceId) -> (Vec<Server<'_>>, bool) {
    let Some(provider) = mesh.provider_of(service) else { return (Vec::new(), false) };
    let (mut servers, mut is_whole) = (Vec::new(), true);
    let arrivals = mesh.arrivals(service);
    for arrival in &arrivals {
        let listeners = match (arrival.at, arrival.via) {
            (Landing::On(index), _) => index..index + 1,
            // Whoever calls a node itself dials one of its ports.
            (Landing::Several, None) => 0..mesh.resource(arrival.node).listeners.len(),
            _ => 0..0,
        };
        is_whole &= !listeners.is_empty();
        for index in listeners {
            let server = server(mesh, arrival, index);
            is_whole &= server.is_some();
            servers.extend(server);
        }
    }
    (servers, is_whole && is_read(mesh, provider, arrivals.len()))
}

fn server<'m>(mesh: &'m Mesh, arrival: &Arrival, index: usize) -> Option<Server<'m>> {
    let node = mesh.resource(arrival.node);
    let model = node.model::<VirtualNode>()?;
    let field = model.listeners.items().nth(index)?;
    Some(Server {
        node,
        node_id: arrival.node,
        model,
        listener: field.known()?,
        key: field.key,
        port: node.listeners.get(index)?.port?,
        entry: arrival.via.map_or(Port::Absent, |((router, route), _)| mesh.resource(router).routes[route].port),
        is_choice: arrival.at == Landing::Several,
    })
}

/// Whether everything that a provider leads to was read, where so many arrivals were found.
fn is_read(mesh: &Mesh, provider: ResourceId, arrivals: usize) -> bool {
    let home = mesh.resource(provider);
    if home.kind.role != Role::Router {
        return true;
    }
    let routes = mesh.routes_of(provider);
    let shares = routes.iter().flat_map(|at| &mesh.route(*at).destinations);
    let is_full = |list: &List<_>| !list.open && list.items.iter().all(|item: &Field<_>| item.known().is_some());
    let is_action_read = |action: &Field<Box<Action>>| {
        action.known().is_some_and(|action| action.weighted_targets.known().is_some_and(is_full))
    };
    let is_route_read = |route: &Route| {
        let http = [&route.http_route, &route.http2_route].into_iter().filter_map(Field::known);
        http.map(|route| &route.action)
            .chain(route.grpc_route.known().map(|route| &route.action))
            .chain(route.tcp_route.known().map(|route| &route.action))
            .all(is_action_read)
    };
    let is_holder_read = |id: ResourceId| {
        let holder = mesh.resource(id);
        let model = holder.model::<VirtualRouter>();
        let routes = model.into_iter().flat_map(|model| model.routes.items()).filter_map(Field::known);
        model.is_some() && !holder.is_partial && !holder.has_open_routes && routes.map(|one| &**one).all(is_route_read)
    };
    // Routes that are resources of their own may have others beside them.
    let is_known = home.kind.surface.is_cluster()
        || !mesh.has_stray_routes(provider) && mesh.is_closed(provider, home.namespace.as_ref());
    is_known
        && is_holder_read(provider)
        && routes.iter().map(|(id, _)| *id).filter(|id| *id != provider).all(is_holder_read)
        && shares.filter(|one| one.weight != Some(0)).count() == arrivals
}

/// Leaves only the servers that lie behind the ports of a service that a gateway calls.
fn narrow(link: &mut Link<'_>, mesh: &Mesh, service: ResourceId, calls: &[&Call]) {
    let mut ports = Vec::new();
    for (id, index) in calls.iter().filter_map(|call| call.by) {
        let destinations = mesh.resource(id).routes.iter().flat_map(|route| &route.destinations);
        ports.extend(destinations.filter(|one| one.reference == Some(index)).map(|one| one.port));
    }
    let has_choice = mesh.provider_of(service).is_some_and(|provider| mesh.resource(provider).listeners.len() > 1);
    if !has_choice {
        return;
    }
    // Where the port is not known, the calls may arrive behind any.
    if ports.iter().any(|port| port.known().is_none()) {
        link.servers.clear();
        link.is_whole = false;
        return;
    }
    let is_dialled = |port: i64| ports.contains(&Port::Known(port));
    link.is_whole &= !link.servers.iter().any(|server| server.entry == Port::Open);
    link.servers.retain(|server| match server.entry {
        _ if server.is_choice => is_dialled(server.port),
        Port::Known(port) => is_dialled(port),
        Port::Absent | Port::Open => false,
    });
    link.servers.iter_mut().for_each(|server| server.is_choice = false);
}

/// What is known of the calls of all callers.
pub(in crate::rules::appmesh) struct Known<'m> {
    mesh: &'m Mesh,
    /// Callers and services whose calls arrive at nothing but known listeners.
    whole: FxHashSet<(ResourceId, ResourceId)>,
    routes: FxHashMap<ResourceId, Vec<Attached>>,
}

impl<'m> Known<'m> {
    /// What links tell.
    pub(in crate::rules::appmesh) fn of(mesh: &'m Mesh, links: &[Link<'_>]) -> Self {
        let whole = links.iter().filter(|link| link.is_whole);
        Self {
            mesh,
            whole: whole.map(|link| (link.from_id, link.service_id)).collect(),
            routes: mesh.attached_routes(),
        }
    }

    /// Whether it is known of every service that a caller calls where the calls arrive.
    pub(in crate::rules::appmesh) fn is_all(&self, from: ResourceId) -> bool {
        let is_whole = |service: ResourceId| self.whole.contains(&(from, service));
        if self.mesh.resource(from).kind.role == Role::Gateway {
            let mut routes = self.routes.get(&from).into_iter().flatten();
            return routes.all(|one| one.truth.is_yes() && self.mesh.target_of((one.id, 0)).is_some_and(is_whole));
        }
        let listed = self.mesh.listed_by(from);
        !listed.is_open && listed.elsewhere.is_empty() && listed.services.into_iter().all(is_whole)
    }
}
