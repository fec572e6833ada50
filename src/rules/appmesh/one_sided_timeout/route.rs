//! Routes that allow requests more time than a listener on their way.

use rustc_hash::FxHashSet;

use super::super::timeout::{self, Bound, DEFAULT, Limit};
use super::caller::Callers;
use crate::dialect::appmesh::model::{Field, Listener, VirtualNode, VirtualRouter};
use crate::finding::{Draft, Place, Span};
use crate::mesh::{Mesh, Resource, ResourceId, Role};
use crate::rules::group::{and_more, group, label_some};

/// A route that allows more than the default.
struct Raised<'m> {
    index: usize,
    name: &'m str,
    limit: Limit,
    span: Span,
}

/// A listener that allows less.
struct Short {
    node: ResourceId,
    place: Place,
    limit: Limit,
    text: String,
}

pub(super) fn check(mesh: &Mesh, callers: &Callers, out: &mut Vec<Draft>) {
    for (id, router, model) in mesh.models::<VirtualRouter>() {
        let raised = raised_routes(router, model);
        if raised.is_empty() {
            continue;
        }
        let servers = servers_of(mesh, id, &raised);
        let clients = short_clients(mesh, callers, mesh.router_of(id).unwrap_or(id));
        // Callers cut every route short: that is told once, with the first.
        let mut clients: Vec<_> = clients.iter().filter(|client| !servers.contains(&client.node)).collect();
        // Routes to the same listeners have the same fault.
        let groups = group(raised.into_iter().map(|route| (cut_by(mesh, id, &route), route)));
        for (landings, routes) in groups {
            let servers = landings.iter().filter_map(|(node, index)| server(mesh, *node, *index));
            let all: Vec<_> = servers.chain(clients.drain(..).map(|client| client.short(mesh))).collect();
            if !all.is_empty() {
                out.push(one_sided(mesh, router, &routes, all));
            }
        }
    }
}

/// The nodes that answer the requests of some routes.
fn servers_of(mesh: &Mesh, router: ResourceId, routes: &[Raised<'_>]) -> FxHashSet<ResourceId> {
    routes.iter().flat_map(|route| mesh.arrivals_by((router, route.index))).map(|arrival| arrival.node).collect()
}

fn raised_routes<'m>(router: &'m Resource, model: &VirtualRouter) -> Vec<Raised<'m>> {
    let Some(list) = model.routes.known() else { return Vec::new() };
    let raised = router.routes.iter().enumerate().filter_map(|(index, route)| {
        let bound = timeout::of_route(router, list.items.get(route.item)?.known()?)?;
        let is_raised = bound.limit > DEFAULT;
        is_raised.then_some(Raised { index, name: route.name.as_str(), limit: bound.limit, span: bound.written? })
    });
    raised.collect()
}

/// The listeners that the requests of a route arrive at, as far as they allow them less.
fn cut_by(mesh: &Mesh, router: ResourceId, route: &Raised<'_>) -> Vec<(ResourceId, usize)> {
    let arrivals = mesh.arrivals_by((router, route.index));
    let landings = arrivals.into_iter().filter_map(|one| Some((one.node, one.at.listener()?)));
    let is_short = |landing: &(ResourceId, usize)| {
        let bound = bound_at(mesh, landing.0, landing.1);
        bound.is_some_and(|(_, bound)| bound.limit < route.limit)
    };
    let mut short: Vec<_> = landings.filter(is_short).collect();
    short.sort_unstable();
    short.dedup();
    short
}

fn bound_at(mesh: &Mesh, node: ResourceId, index: usize) -> Option<(&Listener, Bound)> {
    let owner = mesh.resource(node);
    let listener = owner.model::<VirtualNode>()?.listeners.items().nth(index)?.known()?;
    Some((listener, timeout::of_listener(owner, listener)?))
}

fn server(mesh: &Mesh, node: ResourceId, index: usize) -> Option<Short> {
    let (listener, bound) = bound_at(mesh, node, index)?;
    let owner = mesh.resource(node);
    let place = owner.at(bound.written.unwrap_or_else(|| bare_place(listener)));
    let default = if bound.written.is_some() { "" } else { ", by default" };
    let text = format!("{} answers within {}{default}", owner.title(), bound.limit);
    Some(Short { node, place, limit: bound.limit, text })
}

/// The place that stands for a listener without a timeout.
fn bare_place(listener: &Listener) -> Span {
    let port = listener.port_mapping.known().map(|mapping| mapping.port.span);
    port.filter(|span| !span.is_empty()).unwrap_or(listener.port_mapping.key)
}

/// A node that calls, with every listener at the default.
struct Client {
    node: ResourceId,
    place: Span,
}

impl Client {
    fn short(&self, mesh: &Mesh) -> Short {
        let owner = mesh.resource(self.node);
        let text = format!("{} calls it, and answers its own callers within {DEFAULT}, by default", owner.title());
        Short { node: self.node, place: owner.at(self.place), limit: DEFAULT, text }
    }
}

/// The nodes that call the services of a router and have not raised anything. What is written is meant: it may well be
/// less than what others need.
fn short_clients(mesh: &Mesh, callers: &Callers, router: ResourceId) -> Vec<Client> {
    let services = mesh.referrers(router).map(|(from, _)| from);
    let services = services.filter(|from| mesh.resource(*from).kind.role == Role::Service);
    let provided = services.filter(|service| mesh.provider_of(*service) == Some(router));
    let mut nodes: Vec<_> = provided.flat_map(|service| callers.of_service(service)).copied().collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes.into_iter().filter_map(|node| client(mesh, node)).collect()
}

fn client(mesh: &Mesh, node: ResourceId) -> Option<Client> {
    let owner = mesh.resource(node);
    // Nothing limits the requests of a caller that answers nobody.
    let list = owner.model::<VirtualNode>()?.listeners.known().filter(|list| !list.open)?;
    let listeners = list.items.iter().map(Field::known).collect::<Option<Vec<_>>>()?;
    let default = Some(Bound { limit: DEFAULT, written: None });
    let first = listeners.first()?;
    listeners
        .iter()
        .all(|listener| timeout::of_listener(owner, listener) == default)
        .then(|| Client { node, place: bare_place(first) })
}

fn one_sided(mesh: &Mesh, router: &Resource, routes: &[Raised<'_>], mut short: Vec<Short>) -> Draft {
    let first = &routes[0];
    let most = routes.iter().map(|route| route.limit).max().unwrap_or(first.limit);
    // The order of documents must not show.
    short.sort_by(|a, b| (a.limit, &mesh.resource(a.node).name).cmp(&(b.limit, &mesh.resource(b.node).name)));
    let (node, limit) = (mesh.resource(short[0].node), short[0].limit);
    let (allow, give) = (verb("allow", routes.len()), verb("give", short.len()));
    let route = format!("route `{}`{}", first.name, and_more(routes.len()));
    let cutter = format!("{}{}", node.title(), and_more(short.len()));
    let message = format!("{route} {allow} a request {}, and {cutter} {give} it up after {limit}", first.limit);
    let write = match most {
        Limit::None => "a `perRequest` of 0".to_owned(),
        Limit::Millis(_) => format!("a `perRequest` of {most}"),
    };
    let draft =
        Draft::new("timeout-raised-one-sided", message).at(router.at(first.span), format!("{} here", first.limit));
    label_some(draft, short.into_iter().map(|one| (one.place, one.text)))
        .why("a request may take as long as the shortest timeout on its way allows; every listener that it passes has one, also that of the caller")
        .help(format!("write {write} in the `timeout` of these listeners, too, or lower that of the route"))
        .on(router.subject())
}

/// A verb for so many.
fn verb(word: &str, count: usize) -> String {
    format!("{word}{}", if count == 1 { "s" } else { "" })
}
