//! More of something than App Mesh gives an account by default.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::dialect::appmesh::model::{VirtualNode, VirtualRouter};
use crate::finding::{Draft, Place};
use crate::mesh::{Mesh, Name, Resource, ResourceId, Role, ScopeId, Truth};
use crate::rules::{Measure, Measures, Rule};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("over-quota", include_str!("../../../rules/over-quota.md")).measures(&QUOTAS, check);

/// What an account gets without asking (AWS Service Quotas, App Mesh).
static QUOTAS: [Measure; 6] = [
    Measure { name: "routes-per-router", about: "routes of a virtual router", default: 50 },
    Measure { name: "gateway-routes-per-gateway", about: "gateway routes of a virtual gateway", default: 10 },
    Measure { name: "gateways-per-mesh", about: "virtual gateways of a mesh", default: 3 },
    Measure { name: "backends-per-node", about: "backends of a virtual node, groups counted in", default: 50 },
    Measure { name: "members-per-mesh", about: "virtual nodes, routers or services of a mesh, each", default: 200 },
    Measure { name: "meshes", about: "meshes of an account", default: 15 },
];

/// How many of something there may be.
#[derive(Clone, Copy)]
struct Quota {
    most: usize,
    /// Whether the user says so, and not the defaults of an account.
    is_set: bool,
}

impl Quota {
    fn of(quotas: &Measures<'_>, name: &str) -> Self {
        let (most, is_set) = quotas.get(name);
        Self { most, is_set }
    }

    const fn words(self) -> &'static str {
        if self.is_set { "quota" } else { "default quota" }
    }
}

fn check(mesh: &Mesh, quotas: &Measures<'_>, out: &mut Vec<Draft>) {
    let quota = |name| Quota::of(quotas, name);
    check_routers(mesh, quota("routes-per-router"), out);
    check_gateways(mesh, quota("gateway-routes-per-gateway"), out);
    check_nodes(mesh, quota("backends-per-node"), out);
    check_members(mesh, quota("members-per-mesh"), quota("gateways-per-mesh"), out);
    check_meshes(mesh, quota("meshes"), out);
}

fn check_routers(mesh: &Mesh, quota: Quota, out: &mut Vec<Draft>) {
    for (_, router, model) in mesh.models::<VirtualRouter>() {
        let Some(first) = model.routes.items().nth(quota.most) else { continue };
        let place = router.at(first.known().map_or(first.key, |route| route.name.place()));
        let count = model.routes.items().count();
        out.push(over("quota-routes-per-router", router, place, count, "routes", quota));
    }
    for (id, router) in mesh.of_role(Role::Router).filter(|(_, router)| !router.kind.surface.is_cluster()) {
        let routes = mesh.routes_of(id);
        let Some((first, _)) = routes.get(quota.most) else { continue };
        let place = mesh.resource(*first).place();
        out.push(over("quota-routes-per-router", router, place, routes.len(), "routes", quota));
    }
}

fn check_gateways(mesh: &Mesh, quota: Quota, out: &mut Vec<Draft>) {
    let mut attached: Vec<_> = mesh.attached_routes().iter().collect();
    attached.sort_unstable_by_key(|(gateway, _)| **gateway);
    for (&gateway, routes) in attached {
        let routes: Vec<_> = routes.iter().filter(|route| route.truth == Truth::Yes).collect();
        let Some(first) = routes.get(quota.most) else { continue };
        let (gateway, place) = (mesh.resource(gateway), mesh.resource(first.id).place());
        out.push(over("quota-gatewayroutes-per-gateway", gateway, place, routes.len(), "gateway routes", quota));
    }
}

fn check_nodes(mesh: &Mesh, quota: Quota, out: &mut Vec<Draft>) {
    for (id, node, model) in mesh.models::<VirtualNode>() {
        let written = model.backends.items().count();
        let (count, place) = match model.backends.items().nth(quota.most) {
            Some(first) => (written, node.at(first.key)),
            None if model.backend_groups.is_absent() => continue,
            None => {
                let listed = mesh.listed_by(id);
                (listed.services.len() + listed.elsewhere.len(), node.at(model.backend_groups.key))
            }
        };
        if count > quota.most {
            out.push(over("quota-backends-per-node", node, place, count, "backends", quota));
        }
    }
}

fn check_members(mesh: &Mesh, of_members: Quota, of_gateways: Quota, out: &mut Vec<Draft>) {
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
        let most = if role == Role::Gateway { of_gateways.most } else { of_members.most };
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
        let (case, words, quota) = match role {
            Role::Gateway => ("quota-gateways-per-mesh", "virtual gateways", of_gateways),
            Role::Node => (MEMBERS, "virtual nodes", of_members),
            Role::Router => (MEMBERS, "virtual routers", of_members),
            _ => (MEMBERS, "virtual services", of_members),
        };
        let all = members.get(&(home, role)).map_or(&[][..], Vec::as_slice);
        if let Some(first) = all.get(quota.most) {
            out.push(over(case, mesh.resource(home), mesh.resource(*first).place(), all.len(), words, quota));
        }
    }
}

const MEMBERS: &str = "quota-members-per-mesh";

/// Meshes count for an account in a region: those of one scope are deployed together.
fn check_meshes(mesh: &Mesh, quota: Quota, out: &mut Vec<Draft>) {
    let mut by_scope: FxHashMap<ScopeId, Vec<&Resource>> = FxHashMap::default();
    for (_, one) in mesh.of_role(Role::Mesh) {
        let all = by_scope.entry(one.scope).or_default();
        if all.len() > quota.most || all.iter().any(|other| other.name == one.name) {
            continue;
        }
        all.push(one);
        if all.len() > quota.most {
            let message = format!("there are more than {} meshes, which is the {}", quota.most, quota.words());
            out.push(draft("quota-meshes", message, one, one.place(), quota));
        }
    }
}

fn over(case: &'static str, owner: &Resource, place: Place, count: usize, words: &str, quota: Quota) -> Draft {
    let message = format!("{} has {count} {words}, and the {} is {}", owner.title(), quota.words(), quota.most);
    draft(case, message, owner, place, quota)
}

fn draft(case: &'static str, message: String, owner: &Resource, place: Place, quota: Quota) -> Draft {
    Draft::new(case, message)
        .at(place, format!("the first above {}", quota.most))
        .why("App Mesh refuses what goes beyond the quota of the account, and the rest is in the mesh without it")
        .help("have the quota raised in Service Quotas, or split it up")
        .on(owner.subject())
}
