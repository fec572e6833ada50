//! A certificate of another Region or account than the mesh.

use rustc_hash::FxHashMap;

use crate::dialect::appmesh::model::{
    Arn, CertificateArn, Field, GatewayRoute, Mesh as MeshModel, VirtualNode, VirtualRouter, VirtualService,
};
use crate::finding::{Draft, Place};
use crate::mesh::{Mesh, Name, Resource, ScopeId};
use crate::rules::Rule;
use crate::rules::appmesh::tls::{listeners, policies};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("foreign-certificate", include_str!("../../../rules/foreign-certificate.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let certificates = certificates(mesh);
    if certificates.is_empty() {
        return;
    }
    let (homes, shared) = (homes(mesh), shared(mesh));
    let mut seen: FxHashMap<ScopeId, Option<Home>> = FxHashMap::default();
    for (owner, field, is_authority) in certificates {
        let Some(arn) = field.known().and_then(CertificateArn::parse) else { continue };
        let home = seen.entry(owner.scope).or_insert_with(|| {
            let all = homes.iter().filter(|home| mesh.scopes().sees(owner.scope, home.scope)).cloned();
            all.reduce(Home::and)
        });
        let Some(home) = home.as_ref() else { continue };
        let is_shared = || shared.iter().any(|scope| mesh.scopes().sees(owner.scope, *scope));
        if let Some(region) = home.region.other_than(arn.region) {
            out.push(foreign(owner, field, home, ("Region", arn.region, region), is_authority));
        } else if let Some(account) = home.account.other_than(arn.account).filter(|_| !is_authority && !is_shared()) {
            out.push(foreign(owner, field, home, ("account", arn.account, account), is_authority));
        }
    }
}

/// The ARNs of certificates and of authorities, with whether they are of authorities.
fn certificates(mesh: &Mesh) -> Vec<(&Resource, &Field<Name>, bool)> {
    let mut all = Vec::new();
    for (_, owner, tls) in listeners(mesh) {
        let acm = tls.certificate.known().and_then(|certificate| certificate.acm.known());
        all.extend(acm.map(|acm| (owner, &acm.certificate_arn, false)));
    }
    for policy in policies(mesh) {
        let validation = policy.tls().and_then(|tls| tls.validation.known());
        let acm = validation.and_then(|validation| validation.trust.known()?.acm.known());
        let arns = acm.into_iter().flat_map(|acm| acm.certificate_authority_arns.items());
        all.extend(arns.map(|arn| (mesh.resource(policy.owner), arn, true)));
    }
    all
}

/// What several ARNs say.
#[derive(Clone)]
enum Agreed {
    /// Nothing.
    Nothing,
    /// All the same.
    On(String),
    /// This and that.
    Not,
}

impl Agreed {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (Self::On(one), Self::On(other)) if one == other => Self::On(one),
            _ => Self::Not,
        }
    }

    /// What they agree on, where it is something else.
    fn other_than(&self, own: &str) -> Option<&str> {
        match self {
            Self::On(other) if other != own => Some(other),
            _ => None,
        }
    }
}

impl From<Option<String>> for Agreed {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, Self::On)
    }
}

/// Where the ARNs of App Mesh in a scope say that the mesh is.
#[derive(Clone)]
struct Home {
    region: Agreed,
    account: Agreed,
    scope: ScopeId,
    /// Where the first of them stands.
    place: Place,
}

impl Home {
    fn and(self, other: Self) -> Self {
        Self { region: self.region.and(other.region), account: self.account.and(other.account), ..self }
    }
}

/// What the ARNs say, scope by scope.
fn homes(mesh: &Mesh) -> Vec<Home> {
    let mut homes: Vec<Home> = Vec::new();
    let mut known: FxHashMap<ScopeId, usize> = FxHashMap::default();
    let mut add = |resource: &Resource, field: &Field<Name>| {
        let Some(arn) = field.known().and_then(Arn::parse) else { return };
        // The account of a mesh that is shared need not be that of its members.
        let account = arn.account.filter(|_| !arn.is_shared).into();
        let (scope, place) = (resource.scope, resource.at(field.span));
        let home = Home { region: arn.region.into(), account, scope, place };
        match known.get(&scope) {
            Some(index) => homes[*index] = homes[*index].clone().and(home),
            None => {
                known.insert(scope, homes.len());
                homes.push(home);
            }
        }
    };
    for (_, node, model) in mesh.models::<VirtualNode>() {
        let services = model.backends.items().filter_map(|backend| backend.known()?.virtual_service.known());
        services.for_each(|service| add(node, &service.arn));
    }
    for (_, service, model) in mesh.models::<VirtualService>() {
        let Some(provider) = model.provider.known() else { continue };
        provider.virtual_node.known().into_iter().for_each(|node| add(service, &node.arn));
        provider.virtual_router.known().into_iter().for_each(|router| add(service, &router.arn));
    }
    for (_, router, model) in mesh.models::<VirtualRouter>() {
        for route in model.routes.items().filter_map(Field::known) {
            let http = [&route.http_route, &route.http2_route].map(|route| route.known().map(|route| &route.action));
            let others = [
                route.grpc_route.known().map(|route| &route.action),
                route.tcp_route.known().map(|route| &route.action),
            ];
            let actions = http.into_iter().chain(others).flatten().filter_map(Field::known);
            let targets = actions.flat_map(|action| action.weighted_targets.items()).filter_map(Field::known);
            targets.for_each(|target| add(router, &target.arn));
        }
    }
    for (_, route, model) in mesh.models::<GatewayRoute>() {
        let http = [&model.http_route, &model.http2_route].into_iter().filter_map(|route| route.known());
        let targets = http.filter_map(|route| Some(&route.action.known()?.target));
        let grpc = model.grpc_route.known().and_then(|route| Some(&route.action.known()?.target));
        let services = targets.chain(grpc).filter_map(|target| target.known()?.virtual_service.known());
        services.for_each(|service| add(route, &service.arn));
    }
    homes
}

/// The scopes of meshes that may belong to another account than their members.
fn shared(mesh: &Mesh) -> Vec<ScopeId> {
    let meshes = mesh.models::<MeshModel>();
    let shared = meshes.filter(|(_, home, model)| home.is_partial || !model.mesh_owner.is_absent());
    shared.map(|(_, home, _)| home.scope).collect()
}

fn foreign(owner: &Resource, field: &Field<Name>, home: &Home, found: (&str, &str, &str), is_authority: bool) -> Draft {
    let (what, own, other) = found;
    let thing = if is_authority { "certificate authority" } else { "certificate" };
    let message = format!("the {thing} of {} is in {what} `{own}`, and the mesh in `{other}`", owner.title());
    Draft::new("tls-arn-region-account", message)
        .at(owner.at(field.span), format!("in {what} `{own}`"))
        .at(home.place, format!("in {what} `{other}`"))
        .why(match is_authority {
            true => "an authority must be in the Region of whoever trusts it: the control plane does not find it",
            false => "a certificate must be in the Region and the account of the listener that shows it: the control plane does not find it",
        })
        .help(format!("write the ARN of a {thing} in {what} `{other}`"))
        .on(owner.subject())
}
