//! More of something than App Mesh gives an account by default.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::dialect::appmesh::model::{VirtualNode, VirtualRouter};
use crate::finding::{Draft, Place};
use crate::mesh::{Mesh, Name, Resource, ResourceId, Role, ScopeId, Truth};
use crate::rules::Rule;

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("over-quota", include_str!("../../../rules/over-quota.md")).mesh(check);

/// How many of each there may be.
struct Quotas {
    routes_of_router: usize,
    routes_of_gateway: usize,
    gateways_of_mesh: usize,
    backends_of_node: usize,
    members_of_mesh: usize,
    meshes: usize,
}

/// What an account gets without asking (AWS Service Quotas, App Mesh).
const DEFAULT: Quotas = Quotas {
    routes_of_router: 50,
    routes_of_gateway: 10,
    gateways_of_mesh: 3,
    backends_of_node: 50,
    members_of_mesh: 200,
    meshes: 15,
};

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let quotas = &DEFAULT;
    check_routers(mesh, quotas, out);
    check_gateways(mesh, quotas, out);
    check_nodes(mesh, quotas, out);
    check_members(mesh, quotas, out);
    check_meshes(mesh, quotas, out);
}

fn check_routers(mesh: &Mesh, quotas: &Quotas, out: &mut Vec<Draft>) {
    for (_, router, model) in mesh.models::<VirtualRouter>() {
        let Some(first) = model.routes.items().nth(quotas.routes_of_router) else { continue };
        let place = router.at(first.known().map_or(first.key, |route| route.name.place()));
        let count = model.routes.items().count();
        out.push(over("quota-routes-per-router", router, place, count, "routes", quotas.routes_of_router));
    }
    for (id, router) in mesh.of_role(Role::Router).filter(|(_, router)| !router.kind.surface.is_cluster()) {
        let routes = mesh.routes_of(id);
        let Some((first, _)) = routes.get(quotas.routes_of_router) else { continue };
        let (place, most) = (mesh.resource(*first).place(), quotas.routes_of_router);
        out.push(over("quota-routes-per-router", router, place, routes.len(), "routes", most));
    }
}

fn check_gateways(mesh: &Mesh, quotas: &Quotas, out: &mut Vec<Draft>) {
    let mut attached: Vec<_> = mesh.attached_routes().iter().collect();
    attached.sort_unstable_by_key(|(gateway, _)| **gateway);
    for (&gateway, routes) in attached {
        let routes: Vec<_> = routes.iter().filter(|route| route.truth == Truth::Yes).collect();
        let Some(first) = routes.get(quotas.routes_of_gateway) else { continue };
        let (gateway, place) = (mesh.resource(gateway), mesh.resource(first.id).place());
        let (count, most) = (routes.len(), quotas.routes_of_gateway);
        out.push(over("quota-gatewayroutes-per-gateway", gateway, place, count, "gateway routes", most));
    }
}

fn check_nodes(mesh: &Mesh, quotas: &Quotas, out: &mut Vec<Draft>) {
    for (id, node, model) in mesh.models::<VirtualNode>() {
        let most = quotas.backends_of_node;
        let written = model.backends.items().count();
        let (count, place) = match model.backends.items().nth(most) {
            Some(first) => (written, node.at(first.key)),
            None if model.backend_groups.is_absent() => continue,
            None => {
                let listed = mesh.listed_by(id);
                (listed.services.len() + listed.elsewhere.len(), node.at(model.backend_groups.key))
            }
        };
        if count > most {
            out.push(over("quota-backends-per-node", node, place, count, "backends", most));
        }
    }
}

fn check_members(mesh: &Mesh, quotas: &Quotas, out: &mut Vec<Draft>) {
    let mut members: FxHashMap<(ResourceId, Role), Vec<ResourceId>> = FxHashMap::default();
    let mut order = Vec::new();
    let mut seen: FxHashSet<(ScopeId, Role, Option<&Name>, &Name)> = FxHashSet::default();
    let counted = || {
        let roles = [Role::Node, Role::Router, Role::Service, Role::Gateway].into_iter();
        roles.flat_map(|role| mesh.of_role(role)).filter_map(|(id, member)| Some((mesh.mesh_of(id).one()?, id, member)))
    };
    let mut counts: FxHashMap<(ResourceId, Role), usize> = FxHashMap::default();
    counted().for_each(|(home, _, member)| *counts.entry((home, member.kind.role)).or_default() += 1);
    for (home, id, member) in counted() {
        let role = member.kind.role;
        let most = if role == Role::Gateway { quotas.gateways_of_mesh } else { quotas.members_of_mesh };
        if counts.get(&(home, role)).is_none_or(|count| *count <= most) {
            continue;
        }
        // The states of one object count once.
        if !seen.insert((member.scope, role, member.namespace.as_ref(), &member.name)) {
            continue;
        }
        let all = members.entry((home, role)).or_default();
        if all.is_empty() {
            order.push((home, role));
        }
        all.push(id);
    }
    for (home, role) in order {
        let (case, words, most) = match role {
            Role::Gateway => ("quota-gateways-per-mesh", "virtual gateways", quotas.gateways_of_mesh),
            Role::Node => (MEMBERS, "virtual nodes", quotas.members_of_mesh),
            Role::Router => (MEMBERS, "virtual routers", quotas.members_of_mesh),
            _ => (MEMBERS, "virtual services", quotas.members_of_mesh),
        };
        let all = members.get(&(home, role)).map_or(&[][..], Vec::as_slice);
        if let Some(first) = all.get(most) {
            out.push(over(case, mesh.resource(home), mesh.resource(*first).place(), all.len(), words, most));
        }
    }
}

const MEMBERS: &str = "quota-members-per-mesh";

/// Meshes count for an account in a region: those of one scope are deployed together.
fn check_meshes(mesh: &Mesh, quotas: &Quotas, out: &mut Vec<Draft>) {
    let mut by_scope: FxHashMap<ScopeId, Vec<&Resource>> = FxHashMap::default();
    for (_, one) in mesh.of_role(Role::Mesh) {
        let all = by_scope.entry(one.scope).or_default();
        if all.len() > quotas.meshes || all.iter().any(|other| other.name == one.name) {
            continue;
        }
        all.push(one);
        if all.len() > quotas.meshes {
            let message = format!("there are more than {} meshes, which is the default quota", quotas.meshes);
            out.push(draft("quota-meshes", message, one, one.place(), quotas.meshes));
        }
    }
}

fn over(case: &'static str, owner: &Resource, place: Place, count: usize, words: &str, most: usize) -> Draft {
    let message = format!("{} has {count} {words}, and the default quota is {most}", owner.title());
    draft(case, message, owner, place, most)
}

fn draft(case: &'static str, message: String, owner: &Resource, place: Place, most: usize) -> Draft {
    Draft::new(case, message)
        .at(place, format!("the first above {most}"))
        .why("App Mesh refuses what goes beyond the quota of the account, and the rest is in the mesh without it")
        .help("have the quota raised in Service Quotas, or split it up")
        .on(owner.subject())
}
