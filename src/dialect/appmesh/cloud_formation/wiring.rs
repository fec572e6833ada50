//! How the resources of a template hang together: what names another, by which function, and in which order
//! they are made.
//!
//! AWS CloudFormation template reference, AWS::AppMesh: return values of each type.

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::dialect::shape::Call;
use crate::finding::Fact;
use crate::source::Span;
use crate::yaml::{Entry, Kind as NodeKind, NodeId};

use super::super::cloud::Kind;
use super::template::Template;

/// Properties that hold the name of a resource, with the kind that they name and the attribute that gives it.
const NAMES: [(&str, Kind); 6] = [
    ("MeshName", Kind::Mesh),
    ("VirtualNodeName", Kind::VirtualNode),
    ("VirtualNode", Kind::VirtualNode),
    ("VirtualServiceName", Kind::VirtualService),
    ("VirtualRouterName", Kind::VirtualRouter),
    ("VirtualGatewayName", Kind::VirtualGateway),
];

/// What `GetAtt` gives for every resource of App Mesh, beside the names among its properties.
const ATTRIBUTES: [&str; 6] = ["Arn", "Id", "Uid", "MeshName", "MeshOwner", "ResourceOwner"];

/// A place in a resource that leads to another one of the template.
struct Link<'d> {
    to: &'d str,
    span: Span,
}

/// What is found out about one resource of App Mesh.
pub(super) struct Wiring<'t, 'd> {
    template: &'t Template<'d>,
    /// The resources of the template in their order, each with where it leads.
    links: Vec<(&'d str, Vec<Link<'d>>)>,
    /// By kind and name: the resources whose names are known.
    named: FxHashMap<(&'static str, String), Entry>,
    graph: DiGraph<usize, Span>,
}

impl<'t, 'd> Wiring<'t, 'd> {
    pub(super) fn new(template: &'t Template<'d>, members: &[(Entry, Kind)]) -> Self {
        let doc = template.doc;
        let mut named = FxHashMap::default();
        for (entry, kind) in members {
            let own = doc.path(entry.value, &["Properties", kind.name_property()]);
            if let Some(name) =
                own.and_then(|node| template.text(node)).and_then(|name| Some(name.as_known()?.to_owned()))
            {
                named.entry((kind.name(), name)).or_insert(*entry);
            }
        }
        let mut links = Vec::new();
        for entry in template.resources() {
            let mut all = Vec::new();
            collect(template, entry.value, &mut all);
            links.push((doc.text(entry.key), all));
        }
        let places: FxHashMap<_, _> = links.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
        let mut graph = DiGraph::new();
        for at in 0..links.len() {
            graph.add_node(at);
        }
        for (at, (_, all)) in links.iter().enumerate() {
            for (to, span) in all.iter().filter_map(|link| Some((places.get(link.to)?, link.span))) {
                graph.add_edge(NodeIndex::new(at), NodeIndex::new(*to), span);
            }
        }
        Self { template, links, named, graph }
    }

    /// What is wrong with the places of a resource that name others.
    pub(super) fn judge(&self, entry: Entry, kind: Kind, facts: &mut Vec<Fact>) {
        let Some(properties) = self.template.doc.get(entry.value, "Properties") else { return };
        self.walk(properties, None, facts);
        self.judge_order(entry, kind, properties, facts);
    }

    fn walk(&self, node: NodeId, property: Option<&str>, facts: &mut Vec<Fact>) {
        let doc = self.template.doc;
        if let Some(call) = self.template.call(node) {
            self.judge_call(call, doc.span(node), property, facts);
        }
        match doc.kind(node) {
            NodeKind::Mapping => {
                doc.entries(node).for_each(|entry| self.walk(entry.value, Some(doc.text(entry.key)), facts))
            }
            NodeKind::Sequence => doc.items(node).for_each(|item| self.walk(item, property, facts)),
            NodeKind::Scalar | NodeKind::Alias => {}
        }
    }

    fn judge_call(&self, call: Call<'d>, span: Span, property: Option<&str>, facts: &mut Vec<Fact>) {
        let doc = self.template.doc;
        if let Some((id, attribute)) = self.template.attribute(call)
            && let Some((resource, kind)) = self.member(id)
            && !ATTRIBUTES.contains(&attribute)
            && !kind.names().contains(&attribute)
        {
            let fact =
                Fact::new("wrong-template-reference", "cfn-getatt-wrong-attribute", span).other(doc.span(resource.key));
            facts.push(fact.arg(id).arg(attribute).arg(kind.name()).arg(kind.names().join(", ")));
        }
        let names = |property: &&str| NAMES.iter().find(|(name, _)| name == property);
        if call.name == "Ref"
            && let Some((resource, kind)) = self.member(doc.text(call.argument))
            && let Some((property, wanted)) = property.as_ref().and_then(names)
        {
            let attribute = if kind == *wanted { kind.name_property() } else { "" };
            let fact =
                Fact::new("wrong-template-reference", "cfn-ref-instead-of-getatt", span).other(doc.span(resource.key));
            facts.push(fact.arg(*property).arg(doc.text(call.argument)).arg(kind.name()).arg(attribute));
        }
    }

    /// The resource of App Mesh with a logical id.
    fn member(&self, id: &str) -> Option<(Entry, Kind)> {
        let resource = self.template.resource(id)?;
        let kind = Kind::of(self.template.type_of(resource).strip_prefix(super::TYPE)?)?;
        Some((resource, kind))
    }

    /// Whatever a resource names by its plain name has to be made before it, and nothing says so.
    fn judge_order(&self, entry: Entry, kind: Kind, properties: NodeId, facts: &mut Vec<Fact>) {
        let doc = self.template.doc;
        let mut plain = Vec::new();
        self.plain_names(properties, kind, &mut plain);
        if plain.is_empty() {
            return;
        }
        let before = self.made_before(doc.text(entry.key));
        for (value, wanted, name) in plain {
            let Some(target) = self.named.get(&(wanted.name(), name.clone())) else { continue };
            let id = doc.text(target.key);
            if target.key != entry.key && !before.contains(id) {
                let fact = Fact::new("missing-dependency", "cfn-missing-dependson", doc.span(value))
                    .other(doc.span(target.key));
                facts.push(fact.arg(name).arg(id).arg(wanted.name()).arg(wanted.name_property()));
            }
        }
    }

    /// The names of other resources that a resource must find when it is made, where they are plain text. Backends need
    /// not be there.
    fn plain_names(&self, node: NodeId, kind: Kind, out: &mut Vec<(NodeId, Kind, String)>) {
        let doc = self.template.doc;
        match doc.kind(node) {
            NodeKind::Mapping => {
                for entry in doc.entries(node).filter(|entry| doc.text(entry.key) != "Backends") {
                    let key = doc.text(entry.key);
                    let meant = NAMES.iter().find(|(name, _)| *name == key && key != kind.name_property());
                    match meant {
                        Some((_, wanted))
                            if doc.kind(entry.value) == NodeKind::Scalar && doc.tag(entry.value).is_none() =>
                        {
                            out.push((entry.value, *wanted, doc.text(entry.value).to_owned()));
                        }
                        _ => self.plain_names(entry.value, kind, out),
                    }
                }
            }
            NodeKind::Sequence => doc.items(node).for_each(|item| self.plain_names(item, kind, out)),
            NodeKind::Scalar | NodeKind::Alias => {}
        }
    }

    /// What is certainly made before a resource: all that it leads to, and so on.
    fn made_before(&self, id: &str) -> FxHashSet<&'d str> {
        let Some(start) = self.links.iter().position(|(own, _)| *own == id) else { return FxHashSet::default() };
        let mut walk = petgraph::visit::Dfs::new(&self.graph, NodeIndex::new(start));
        let mut before = FxHashSet::default();
        while let Some(at) = walk.next(&self.graph) {
            before.insert(self.links[at.index()].0);
        }
        before
    }

    /// Resources that wait for one another, with a resource of App Mesh among them: where the first of these leads on, as a
    /// fact about it.
    pub(super) fn cycles(&self) -> Vec<(&'d str, Fact)> {
        let mut cycles = Vec::new();
        for group in tarjan_scc(&self.graph) {
            let inside: FxHashSet<_> = group.iter().copied().collect();
            let mut members: Vec<_> =
                group.iter().copied().filter(|at| self.member(self.links[at.index()].0).is_some()).collect();
            members.sort_unstable();
            let Some(first) = members.first().copied() else { continue };
            let leads_on =
                self.graph.edges(first).filter(|edge| inside.contains(&petgraph::visit::EdgeRef::target(edge)));
            let Some(edge) = leads_on.min_by_key(|edge| *edge.weight()) else { continue };
            let target = petgraph::visit::EdgeRef::target(&edge);
            if target == first && group.len() > 1 {
                continue;
            }
            let path = self.path(target, first, &inside);
            let names: Vec<_> = [first].iter().chain(&path).map(|at| self.links[at.index()].0).collect();
            let back = path.len().checked_sub(2).map_or(target, |at| path[at]);
            let mut fact = Fact::new("circular-template", "cfn-circular-backend", *edge.weight()).arg(names.join(", "));
            if let Some(closing) = self.graph.find_edge(back, first) {
                fact = fact.other(self.graph[closing]);
            }
            cycles.push((self.links[first.index()].0, fact));
        }
        cycles.sort_by_key(|(_, fact)| fact.span);
        cycles
    }

    /// A shortest way from one resource to another inside of a cycle, both among it.
    fn path(&self, from: NodeIndex, to: NodeIndex, inside: &FxHashSet<NodeIndex>) -> Vec<NodeIndex> {
        let mut came: FxHashMap<NodeIndex, NodeIndex> = FxHashMap::default();
        let mut queue = std::collections::VecDeque::from([from]);
        while let Some(at) = queue.pop_front().filter(|at| *at != to) {
            for next in self.graph.neighbors(at).filter(|next| inside.contains(next)) {
                if next != from && !came.contains_key(&next) {
                    came.insert(next, at);
                    queue.push_back(next);
                }
            }
        }
        let mut path = vec![to];
        let mut at = to;
        while at != from
            && let Some(before) = came.get(&at)
        {
            path.push(*before);
            at = *before;
        }
        path.reverse();
        path
    }
}

/// Every place in a resource that leads to another one.
fn collect<'d>(template: &Template<'d>, node: NodeId, out: &mut Vec<Link<'d>>) {
    let doc = template.doc;
    if let Some(call) = template.call(node) {
        let span = doc.span(node);
        let mut add = |to: &'d str| {
            if template.resource(to).is_some() {
                out.push(Link { to, span });
            }
        };
        match call.name {
            "Ref" => add(doc.text(call.argument)),
            "GetAtt" => template.attribute(call).into_iter().for_each(|(id, _)| add(id)),
            "Sub" => template.substitutes(call).into_iter().for_each(add),
            _ => {}
        }
    }
    match doc.kind(node) {
        NodeKind::Mapping => {
            for entry in doc.entries(node) {
                if doc.text(entry.key) == "DependsOn" {
                    let list = doc.kind(entry.value) == NodeKind::Sequence;
                    let items: Vec<_> = if list { doc.items(entry.value).collect() } else { vec![entry.value] };
                    out.extend(items.into_iter().map(|item| Link { to: doc.text(item), span: doc.span(item) }));
                } else {
                    collect(template, entry.value, out);
                }
            }
        }
        NodeKind::Sequence => doc.items(node).for_each(|item| collect(template, item, out)),
        NodeKind::Scalar | NodeKind::Alias => {}
    }
}
