//! A mesh that lets its nodes call anything.

use rustc_hash::FxHashMap;

use crate::dialect::appmesh::model::{EgressType, Mesh as MeshModel, VirtualNode};
use crate::finding::{Draft, Span};
use crate::mesh::{Mesh, Resource, ResourceId};
use crate::rules::Rule;
use crate::rules::group::{and_more, group};

/// The rule.
pub(in crate::rules) static RULE: Rule =
    Rule::new("open-egress", include_str!("../../../rules/open-egress.md")).mesh(check);

fn check(mesh: &Mesh, out: &mut Vec<Draft>) {
    let nodes = mesh.models::<VirtualNode>().filter_map(|(id, node, model)| {
        let backend = model.backends.items().next().map(|first| first.key);
        let first = backend.or_else(|| model.backend_groups.items().next().map(|first| first.key));
        Some((mesh.mesh_of(id).one()?, (node, first?)))
    });
    let callers: FxHashMap<_, _> = group(nodes).into_iter().collect();
    for (id, home, model) in mesh.models::<MeshModel>() {
        let filter = model.egress_filter.known().filter(|filter| filter.kind.known() == Some(&EgressType::AllowAll));
        let Some(filter) = filter else { continue };
        let callers = callers.get(&id).map_or(&[][..], Vec::as_slice);
        let span = filter.kind.span;
        out.push(if callers.is_empty() { open(home, span) } else { mixed(mesh, id, span, callers) });
    }
}

fn open(home: &Resource, span: Span) -> Draft {
    Draft::new("egress-allow-all", format!("{} lets its virtual nodes call anything", home.title()))
        .at(home.at(span), "every destination is let through")
        .why("what no backend names goes out as plain tcp, without routes, retries, TLS or metrics")
        .help("write `DROP_ALL`, and list what each virtual node calls in its backends")
        .on(home.subject())
}

fn mixed(mesh: &Mesh, id: ResourceId, span: Span, callers: &[(&Resource, Span)]) -> Draft {
    let home = mesh.resource(id);
    let Some((node, backend)) = callers.first() else { return open(home, span) };
    let (title, more) = (node.title(), and_more(callers.len()));
    let verb = if callers.len() > 1 { "list" } else { "lists" };
    let message = format!("{} lets its virtual nodes call anything, and {title}{more} {verb} backends", home.title());
    Draft::new("egress-allow-all-with-backends", message)
        .at(home.at(span), "every destination is let through")
        .at(node.at(*backend), format!("{title} lists a backend"))
        .why("a virtual node that lists any backend is to list all: the open filter no longer works for it as it is written")
        .help("list every service that these virtual nodes call in their backends, or write `DROP_ALL`")
        .on(home.subject())
}
