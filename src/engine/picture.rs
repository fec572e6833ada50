//! The mesh as a picture: what leads where, and what was found there.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Finding;
use crate::mesh::{Mesh, Reference, Resource, ResourceId, Role, Route, Target};
use crate::report::{Edge, Line, Node, Picture, Shape};
use crate::route::Dimension;
use crate::source::{FileId, Place, Sources, Span};

/// As many characters of a condition are shown.
const LONGEST: usize = 48;

/// Draws a mesh with what was found in it.
#[must_use]
pub fn picture(mesh: &Mesh, findings: &[Finding], sources: &Sources) -> Picture {
    let mut drawing = Drawing::new(mesh, sources);
    for (id, resource) in mesh.resources().filter(|(_, resource)| shape(resource.kind.role).is_some()) {
        let node = drawing.node(id);
        drawing.places.entry(resource.file).or_default().push((resource.span, Part::Node(node)));
    }
    for (id, resource) in mesh.resources().filter(|(_, resource)| resource.kind.role.is_of_mesh()) {
        drawing.connect(id, resource);
    }
    drawing.mark(findings);
    drawing.picture
}

/// The part of a picture that leads to what is named `name`, `namespace/name` or `Kind/namespace/name`, or is led to by
/// it; `None` where nothing has this name.
#[must_use]
pub fn focus(picture: &Picture, name: &str) -> Option<Picture> {
    let is_named = |node: &Node| node.id == name || node.id.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'));
    let centre: Vec<_> = (0..picture.nodes.len()).filter(|at| is_named(&picture.nodes[*at])).collect();
    if centre.is_empty() {
        return None;
    }
    let (mut onward, mut back) = (vec![Vec::new(); picture.nodes.len()], vec![Vec::new(); picture.nodes.len()]);
    for edge in &picture.edges {
        onward[edge.from].push(edge.to);
        back[edge.to].push(edge.from);
    }
    let mut kept = reached(&centre, &onward);
    kept.extend(reached(&centre, &back));
    let mut places = FxHashMap::default();
    let mut part = Picture::default();
    for (at, node) in picture.nodes.iter().enumerate().filter(|(at, _)| kept.contains(at)) {
        places.insert(at, part.nodes.len());
        part.nodes.push(node.clone());
    }
    let moved = |edge: &Edge| Some(Edge { from: *places.get(&edge.from)?, to: *places.get(&edge.to)?, ..edge.clone() });
    part.edges = picture.edges.iter().filter_map(moved).collect();
    Some(part)
}

/// What steps lead to, and where they begin.
fn reached(from: &[usize], steps: &[Vec<usize>]) -> FxHashSet<usize> {
    let mut seen: FxHashSet<usize> = from.iter().copied().collect();
    let mut queue: VecDeque<usize> = from.iter().copied().collect();
    while let Some(at) = queue.pop_front() {
        queue.extend(steps[at].iter().filter(|next| seen.insert(**next)));
    }
    seen
}

/// What a resource of a role is drawn as; routes and meshes are not drawn themselves.
const fn shape(role: Role) -> Option<Shape> {
    match role {
        Role::Gateway => Some(Shape::Gateway),
        Role::Service => Some(Shape::Service),
        Role::Router => Some(Shape::Router),
        Role::Node => Some(Shape::Node),
        Role::Group => Some(Shape::Group),
        _ => None,
    }
}

/// A part of a picture, by index.
#[derive(Clone, Copy, Debug)]
enum Part {
    Node(usize),
    Edge(usize),
}

struct Drawing<'a> {
    mesh: &'a Mesh,
    sources: &'a Sources,
    picture: Picture,
    /// States of one resource are one node.
    nodes: FxHashMap<(String, String), usize>,
    edges: FxHashMap<(usize, usize, Line), usize>,
    /// Where the parts are written.
    places: FxHashMap<FileId, Vec<(Span, Part)>>,
}

impl<'a> Drawing<'a> {
    fn new(mesh: &'a Mesh, sources: &'a Sources) -> Self {
        let (nodes, edges, places) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
        Self { mesh, sources, picture: Picture::default(), nodes, edges, places }
    }

    fn node(&mut self, id: ResourceId) -> usize {
        let resource = self.mesh.resource(id);
        let shape = shape(resource.kind.role).unwrap_or(Shape::Missing);
        let namespace = resource.namespace.as_ref().map(ToString::to_string);
        self.add(
            resource,
            &resource.kind_name,
            namespace,
            resource.name.to_string(),
            shape,
            resource.kind.words.to_owned(),
        )
    }

    /// The node of what a reference leads to without being there.
    fn ghost(&mut self, from: &Resource, reference: &Reference, fate: &str) -> usize {
        let namespace = reference.namespace.as_ref().or(from.namespace.as_ref()).map(ToString::to_string);
        let words = format!("{}, {fate}", reference.wants.words);
        self.add(from, reference.wants.name, namespace, reference.name.to_string(), Shape::Missing, words)
    }

    fn add(
        &mut self,
        home: &Resource,
        kind: &str,
        namespace: Option<String>,
        name: String,
        shape: Shape,
        words: String,
    ) -> usize {
        let directory = &self.mesh.scopes().get(home.scope).directory;
        let parts = [directory.as_str(), namespace.as_deref().unwrap_or("")];
        let group = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
        let id = [Some(kind.to_owned()), namespace, Some(name.clone())].into_iter().flatten();
        let id = id.collect::<Vec<_>>().join("/");
        let nodes = &mut self.picture.nodes;
        *self.nodes.entry((directory.clone(), id.clone())).or_insert_with(|| {
            nodes.push(Node { id, words, name, shape, group, rules: Vec::new(), severity: None });
            nodes.len() - 1
        })
    }

    /// Draws what a resource leads to.
    fn connect(&mut self, id: ResourceId, resource: &'a Resource) {
        let (from, line) = match resource.kind.role {
            Role::GatewayRoute => (self.mesh.gateway_of(id).one(), Line::Route),
            Role::Router => (Some(id), Line::Route),
            Role::Service => (Some(id), Line::Provider),
            _ => (Some(id), Line::Backend),
        };
        let Some(from) = from.filter(|from| shape(self.mesh.resource(*from).kind.role).is_some()) else { return };
        let from = self.node(from);
        for (at, reference) in resource.references.iter().enumerate() {
            let ends = match &reference.target {
                Target::Resolved(ids) => ids.iter().map(|id| self.node(*id)).collect(),
                Target::OtherScope(id) => vec![self.node(*id)],
                Target::Dangling(_) => vec![self.ghost(resource, reference, "not found")],
                Target::External | Target::Unknown => vec![self.ghost(resource, reference, "elsewhere")],
            };
            let places = self.places.entry(resource.file).or_default();
            for to in ends {
                let edges = &mut self.picture.edges;
                let edge = *self.edges.entry((from, to, line)).or_insert_with(|| {
                    edges.push(Edge { from, to, line, labels: Vec::new(), rules: Vec::new(), severity: None });
                    edges.len() - 1
                });
                places.push((reference.span, Part::Edge(edge)));
                if resource.kind.role == Role::GatewayRoute {
                    places.push((resource.span, Part::Edge(edge)));
                }
                for route in &resource.routes {
                    let mut weights = route.destinations.iter().filter(|one| one.reference == Some(at)).peekable();
                    if weights.peek().is_some() {
                        places.push((route.span, Part::Edge(edge)));
                    }
                    let label = |weight| label(route, weight, self.sources, resource.file);
                    edges[edge].labels.extend(weights.map(|one| label(one.weight)));
                }
            }
        }
    }

    /// Writes what was found to what it was found in.
    fn mark(&mut self, findings: &[Finding]) {
        for places in self.places.values_mut() {
            places.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        }
        for finding in findings.iter().filter(|finding| finding.is_active()) {
            let (rules, severity) = match self.part_at(finding.place()) {
                Some(Part::Node(at)) => {
                    let node = &mut self.picture.nodes[at];
                    (&mut node.rules, &mut node.severity)
                }
                Some(Part::Edge(at)) => {
                    let edge = &mut self.picture.edges[at];
                    (&mut edge.rules, &mut edge.severity)
                }
                None => continue,
            };
            if !rules.contains(&finding.rule) {
                rules.push(finding.rule);
            }
            *severity = (*severity).max(Some(finding.severity));
        }
    }

    /// The innermost part that a place stands in. Parts lie inside of one another, so it is the last one that begins
    /// before the place and does not end before it.
    fn part_at(&self, place: Place) -> Option<Part> {
        let places = self.places.get(&place.file)?;
        let behind = places.partition_point(|(span, _)| span.start <= place.span.start);
        places[..behind].iter().rev().find(|(span, _)| span.end >= place.span.end).map(|(_, part)| *part)
    }
}

/// A route in short: its name, what it asks for, and the share of a destination.
fn label(route: &Route, weight: Option<i64>, sources: &Sources, file: FileId) -> String {
    let asks = route.conditions.iter().filter_map(|condition| match &condition.dimension {
        // Every gRPC route asks for it.
        Dimension::Header(name) if &**name == "content-type" => None,
        Dimension::Header(name) => Some(format!("[{name}]")),
        Dimension::Query(name) => Some(format!("?{name}")),
        _ => Some(sources.file(file).slice(condition.span).to_owned()),
    });
    let asks = asks.collect::<Vec<_>>().join(" ");
    let mut label = if asks.is_empty() { route.name.to_string() } else { format!("{}: {asks}", route.name) };
    if let Some((end, _)) = label.char_indices().nth(LONGEST) {
        label.truncate(end);
        label.push('…');
    }
    match weight {
        Some(weight) => format!("{label} ({weight})"),
        None => label,
    }
}
