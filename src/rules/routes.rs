//! What the rules about routes share: their words, their places, and requests as witnesses.

use crate::finding::{Place, Witness};
use crate::mesh::{Mesh, Resource, ResourceId, Role, Route, RouteTable, host_table};
use crate::route::{Dimension, Rank, Request};

/// A route of a table with the resource that holds it.
#[derive(Clone, Copy)]
pub(super) struct Spot<'m> {
    pub(super) holder: &'m Resource,
    pub(super) route: &'m Route,
}

impl<'m> Spot<'m> {
    /// The route of an entry of a table.
    pub(super) fn of(mesh: &'m Mesh, table: &RouteTable, entry: usize) -> Self {
        let (id, index) = table.routes[entry];
        let holder = mesh.resource(id);
        Self { holder, route: &holder.routes[index] }
    }

    /// The place that stands for the route.
    pub(super) fn place(self) -> Place {
        self.holder.at(self.route.span)
    }

    /// The route in a sentence.
    pub(super) fn title(self) -> String {
        match self.holder.kind.role {
            Role::GatewayRoute => self.holder.title(),
            _ => format!("route `{}`", self.route.name),
        }
    }

    /// Its place among the others in words.
    pub(super) fn rank_words(self) -> String {
        match self.route.rank {
            Rank::Tier { least, greatest, .. } if least == greatest => format!("priority {least}"),
            Rank::Tier { .. } => "no priority".to_owned(),
            Rank::Unknown => "a priority that is not known".to_owned(),
        }
    }

    /// Where it sends requests, to compare.
    pub(super) fn destinations(self) -> Vec<(Option<String>, Option<i64>, Option<i64>)> {
        let target = |index: usize| {
            let reference = &self.holder.references[index];
            let namespace = reference.namespace.as_ref().or(self.holder.namespace.as_ref());
            format!("{}/{}", namespace.map(ToString::to_string).unwrap_or_default(), reference.name)
        };
        let mut all: Vec<_> = self
            .route
            .destinations
            .iter()
            .map(|one| (one.reference.map(target), one.port.known(), one.weight))
            .collect();
        all.sort();
        all
    }
}

/// The slug of a case that routers and gateways have each.
pub(super) fn case(mesh: &Mesh, table: &RouteTable, of_router: &'static str, of_gateway: &'static str) -> &'static str {
    match mesh.resource(table.owner).kind.role {
        Role::Gateway => of_gateway,
        _ => of_router,
    }
}

/// A request that a route of a table matches as one that can be sent to the table's owner, and who answers it: several
/// where nothing says which of them.
pub(super) fn answered(mesh: &Mesh, table: &RouteTable, entry: usize, request: &Request) -> Witness {
    let mut whole = request.clone();
    let host = || host_of(mesh, Some(table.owner)).into_bytes();
    whole.values.entry(Dimension::Host).or_insert_with(host);
    let name =
        |at: Option<usize>| at.map_or_else(|| NOBODY.to_owned(), |at| Spot::of(mesh, table, at).route.name.to_string());
    let names: Vec<_> = table.answers(mesh, entry, &whole).into_iter().map(name).collect();
    witness(mesh, table, entry, request, names.join(" or "))
}

/// Who answers a request that no route takes.
pub(super) const NOBODY: &str = "nobody";

/// A request of the algebra as one that can be sent to the owner of a table.
pub(super) fn witness(
    mesh: &Mesh,
    table: &RouteTable,
    entry: usize,
    request: &Request,
    answered_by: String,
) -> Witness {
    witness_at(mesh, Some(table.owner), Spot::of(mesh, table, entry).route, request, answered_by)
}

/// A request of the algebra as one that can be sent to a route of a router or a gateway, where that is known.
pub(super) fn witness_at(
    mesh: &Mesh,
    owner: Option<ResourceId>,
    route: &Route,
    request: &Request,
    answered_by: String,
) -> Witness {
    let text = |dimension: &Dimension| request.get(dimension).map(|text| String::from_utf8_lossy(text).into_owned());
    let host = text(&Dimension::Host).unwrap_or_else(|| host_of(mesh, owner));
    let port = route.port.known().or_else(|| mesh.resource(owner?).only_port());
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let path = text(&Dimension::Path).unwrap_or_else(|| "/".to_owned());
    let scheme = text(&Dimension::Scheme).unwrap_or_else(|| "http".to_owned());
    let (mut headers, mut query) = (Vec::new(), Vec::new());
    for (dimension, value) in &request.values {
        let value = String::from_utf8_lossy(value).into_owned();
        match dimension {
            Dimension::Header(name) => headers.push((name.to_string(), value)),
            Dimension::Query(name) => query.push(format!("{name}={value}")),
            _ => {}
        }
    }
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let gateway = owner.map(|owner| mesh.resource(owner)).filter(|owner| owner.kind.role == Role::Gateway);
    let full_name = |one: &Resource| {
        format!("{}/{}", one.namespace.as_ref().map(ToString::to_string).unwrap_or_default(), one.name)
    };
    Witness {
        method: text(&Dimension::Method).unwrap_or_else(|| "GET".to_owned()),
        url: format!("{scheme}://{host}{port}{path}{query}"),
        headers,
        gateway: gateway.map(full_name),
        answered_by,
    }
}

/// A host that leads to a table: that of a service which a router provides. For a gateway any host does that
/// no route of it names.
fn host_of(mesh: &Mesh, owner: Option<ResourceId>) -> String {
    const ANY: [&str; 4] = ["any.example", "any.test", "any.invalid", "any.localhost"];
    let table = owner.and_then(|owner| mesh.route_table_of(owner));
    let is_gateway = owner.is_some_and(|owner| mesh.resource(owner).kind.role == Role::Gateway);
    if let Some(table) = table.filter(|_| is_gateway) {
        let hosts = || table.hosts.iter().map(|(_, host)| &**host);
        let is_free = |host: &&&str| host_table(hosts(), host).is_none();
        return ANY.iter().find(is_free).unwrap_or(&ANY[0]).to_string();
    }
    let users = owner.into_iter().flat_map(|owner| mesh.referrers(owner)).map(|(from, _)| mesh.resource(from));
    let mut names = users.filter(|from| from.kind.role == Role::Service).filter_map(|from| from.deployed_name.as_ref());
    let known = names.find_map(|(name, _)| name.as_known());
    known.unwrap_or(ANY[0]).to_owned()
}

/// A request in a sentence.
pub(super) fn request_words(proof: &Witness) -> String {
    let mut out = format!("`{} {}`", proof.method, proof.url);
    for (at, (name, value)) in proof.headers.iter().enumerate() {
        let link = if at == 0 { "with" } else { "and" };
        out.push_str(&format!(" {link} `{name}: {value}`"));
    }
    out
}
