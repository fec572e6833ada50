//! A certificate of another Region or account than the mesh.

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
    let homes = homes(mesh);
    for (owner, field, is_authority) in certificates {
        let Some(arn) = field.known().and_then(CertificateArn::parse) else { continue };
        let seen = || homes.iter().filter(|home| mesh.scopes().sees(owner.scope, home.scope));
        let Some(first) = seen().next() else { continue };
        // Where the ARNs of the mesh differ among themselves, it is in several places.
        let region = sole(seen().map(|home| home.region.as_deref()));
        let account = sole(seen().map(|home| home.account.as_deref())).filter(|_| !is_authority);
        let differs = |own: &str, other: Option<&str>| other.is_some_and(|other| other != own);
        let (what, own, other) = if differs(arn.region, region) {
            ("Region", arn.region, region)
        } else if differs(arn.account, account) && !is_shared(mesh, owner) {
            ("account", arn.account, account)
        } else {
            continue;
        };
        out.push(foreign(owner, field, first, (what, own, other.unwrap_or_default()), is_authority));
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

/// Where an ARN of App Mesh says that the mesh is.
struct Home {
    region: Option<String>,
    account: Option<String>,
    scope: ScopeId,
    place: Place,
}

fn homes(mesh: &Mesh) -> Vec<Home> {
    let mut homes = Vec::new();
    let mut add = |resource: &Resource, field: &Field<Name>| {
        let Some(arn) = field.known().and_then(Arn::parse) else { return };
        let account = arn.account.filter(|_| !arn.is_shared);
        homes.push(Home { region: arn.region, account, scope: resource.scope, place: resource.at(field.span) });
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

/// The value that all have which have one.
fn sole<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Option<&'a str> {
    let mut values = values.flatten();
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

/// Whether a mesh that a resource sees may belong to another account than its members.
fn is_shared(mesh: &Mesh, owner: &Resource) -> bool {
    let mut meshes = mesh.models::<MeshModel>().filter(|(_, other, _)| mesh.scopes().sees(owner.scope, other.scope));
    meshes.any(|(_, other, model)| other.is_partial || !model.mesh_owner.is_absent())
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
