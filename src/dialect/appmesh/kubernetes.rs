//! App Mesh as Kubernetes custom resources, `appmesh.k8s.aws/v1beta2`.

use crate::dialect::kubernetes::meta::Meta;
use crate::dialect::shape::{Cx, Field, List, Shape, nearest, read_root};
use crate::dialect::{Lowered, Origin};
use crate::finding::Fact;
use crate::mesh::{Detail, Kind, Name, Operator, Requirement, Resource, Role, Selection, Selector};
use crate::source::Span;
use crate::yaml::{Document, Entry, NodeId};

use super::kind::CLUSTER;
use super::lower::Lowering;
use super::model::{
    BackendGroup, GatewayRoute, LabelSelector, Mesh, MeshRef, VirtualGateway, VirtualNode, VirtualRouter,
    VirtualService,
};
use super::{DIALECT, outbound};

const GROUP: &str = "appmesh.k8s.aws/";
const VERSION: &str = "appmesh.k8s.aws/v1beta2";

/// The kinds that are objects of their own.
static KINDS: [&Kind; 7] = [
    &CLUSTER.mesh,
    &CLUSTER.node,
    &CLUSTER.service,
    &CLUSTER.router,
    &CLUSTER.gateway,
    &CLUSTER.gateway_route,
    &CLUSTER.group,
];

/// Its kinds, with what each is for.
pub(in crate::dialect) fn kinds() -> impl Iterator<Item = (&'static str, Role)> {
    KINDS.into_iter().map(|kind| (kind.name, kind.role))
}

/// Whether an API version is one of App Mesh's.
pub(in crate::dialect) fn owns(api_version: &str) -> bool {
    api_version.starts_with(GROUP)
}

/// Reads an object of the group.
pub(in crate::dialect) fn read(doc: &Document<'_>, node: NodeId, origin: Origin) -> Lowered {
    let mut cx = Cx::new(doc, origin.dollar);
    let meta = Meta::read(&cx, node);
    let subject = Some(meta.subject(DIALECT));
    // A version or a kind that is filled in later may be any.
    let is_open = |key: &str| {
        doc.get(node, key).is_some_and(|value| doc.is_placeholder_mapping(value) || cx.name(value).is_open())
    };
    if is_open("apiVersion") || is_open("kind") {
        return Lowered { subject, is_opaque: true, ..Lowered::default() };
    }
    if meta.api_version != VERSION {
        let span = doc.get(node, "apiVersion").map_or(doc.span(node), |version| doc.span(version));
        let fact = Fact::new("retired-api-version", "deprecated-apiversion", span).arg(&meta.api_version).arg(VERSION);
        return Lowered { subject, facts: vec![fact], is_opaque: true, ..Lowered::default() };
    }
    if meta.kind.is_empty() {
        let span = doc.get(node, "apiVersion").map_or(doc.span(node), |version| doc.span(version));
        let fact = Fact::new("missing-field", "required-missing", span).arg("kind").arg("an object");
        let fact = fact.arg("a string").arg(KINDS.map(|kind| kind.name).join(", "));
        return Lowered { subject, facts: vec![fact], is_opaque: true, ..Lowered::default() };
    }
    let Some(kind) = KINDS.into_iter().find(|kind| kind.name == meta.kind) else {
        let names = || KINDS.iter().map(|kind| kind.name);
        let near = nearest(&meta.kind, names()).unwrap_or_default();
        let fact = Fact::new("unknown-value", "enum-invalid", meta.kind_span).arg("kind").arg(&meta.kind);
        let fact = fact.arg(near).arg(names().collect::<Vec<_>>().join(", "));
        return Lowered { subject, facts: vec![fact], is_opaque: true, ..Lowered::default() };
    };
    cx.live = meta.live;
    let anchor = meta.name.as_ref().map_or(meta.kind_span, |(_, span)| *span);
    if meta.name.is_none() && !meta.is_named_later {
        let parent = doc.entry(node, "metadata").map_or(meta.kind_span, |entry| doc.span(entry.key));
        let fact = Fact::new("missing-field", "required-missing", parent).arg("name").arg("the metadata");
        cx.facts.push(fact.arg("a string"));
    }
    // What was read from a control plane has its status rightly.
    let is_dump = ["uid", "resourceVersion", "managedFields"]
        .iter()
        .any(|key| doc.get(node, "metadata").is_some_and(|metadata| doc.entry(metadata, key).is_some()));
    if let Some(status) = doc.entry(node, "status").filter(|_| !is_dump) {
        cx.facts.push(Fact::new("status-in-manifest", "status-in-manifest", doc.span(status.key)));
    }
    let spec = doc.entry(node, "spec");
    let mut resource = meta.resource(&cx, node, kind, origin);
    let mut lower = Object { cx: &mut cx, spec, anchor, resource: resource.as_mut() };
    let detail = match kind.role {
        Role::Mesh => lower.mesh(),
        Role::Node => lower.node(),
        Role::Service => lower.service(),
        Role::Router => lower.router(),
        Role::Gateway => lower.gateway(),
        Role::GatewayRoute => lower.gateway_route(),
        _ => lower.group(),
    };
    if let Some(resource) = &mut resource {
        resource.detail = detail;
    }
    Lowered { resource, subject, facts: cx.facts, ..Lowered::default() }
}

/// An object that is read.
struct Object<'r, 'd> {
    cx: &'r mut Cx<'d>,
    spec: Option<Entry>,
    /// What stands for the resource where `spec` is missing.
    anchor: Span,
    resource: Option<&'r mut Resource>,
}

impl Object<'_, '_> {
    fn mesh(&mut self) -> Detail {
        let model: Box<Mesh> = self.root();
        self.deploy(&model.aws_name, "");
        let selector = self.selection("namespaceSelector", &model.namespace_selector);
        self.with(|resource| resource.namespace_selector = selector);
        self.lower().mesh(&model);
        Detail::Model(model)
    }

    fn node(&mut self) -> Detail {
        let model: Box<VirtualNode> = self.root();
        self.deploy(&model.aws_name, "_");
        let selector = self.selection("podSelector", &model.pod_selector);
        self.with(|resource| resource.pod_selector = selector);
        self.lower().node(&model);
        self.join(&model.mesh_ref);
        Detail::Model(model)
    }

    fn service(&mut self) -> Detail {
        let model: Box<VirtualService> = self.root();
        self.deploy(&model.aws_name, ".");
        self.lower().service(&model);
        self.join(&model.mesh_ref);
        Detail::Model(model)
    }

    fn router(&mut self) -> Detail {
        let model: Box<VirtualRouter> = self.root();
        self.deploy(&model.aws_name, "_");
        self.lower().router(&model);
        self.join(&model.mesh_ref);
        Detail::Model(model)
    }

    fn gateway(&mut self) -> Detail {
        let model: Box<VirtualGateway> = self.root();
        self.deploy(&model.aws_name, "_");
        self.lower().gateway(&model);
        let namespaces = self.selection("namespaceSelector", &model.namespace_selector);
        let routes = self.selection("gatewayRouteSelector", &model.gateway_route_selector);
        let pods = self.selection("podSelector", &model.pod_selector);
        self.join(&model.mesh_ref);
        self.with(|resource| {
            resource.namespace_selector = namespaces;
            resource.route_selector = routes;
            resource.pod_selector = pods;
        });
        Detail::Model(model)
    }

    fn gateway_route(&mut self) -> Detail {
        let model: Box<GatewayRoute> = self.root();
        self.deploy(&model.aws_name, "_");
        self.lower().gateway_route(&model);
        self.join(&model.mesh_ref);
        let gateway = model.virtual_gateway_ref.known();
        let attached_to = gateway.and_then(|one| Some((one.namespace.known().cloned(), one.name.known()?.clone())));
        self.with(|resource| resource.attached_to = attached_to.filter(|_| resource.live));
        Detail::Model(model)
    }

    fn group(&mut self) -> Detail {
        let model: Box<BackendGroup> = self.root();
        for member in model.virtual_services.items().filter_map(Field::known) {
            self.lower().refer_by_name("dangling-backend", "member", &CLUSTER.service, member);
        }
        let all_read =
            outbound::is_whole(&model.virtual_services) && model.virtual_services.items().all(outbound::names);
        self.with(|resource| resource.outbound = outbound::listed(Vec::new(), all_read && !resource.is_partial));
        let written = model.virtual_services.items().count();
        let is_read = outbound::is_whole(&model.virtual_services);
        self.with(|resource| resource.is_open = !is_read || resource.references.len() < written);
        // Without a namespace a member is looked up in that of the node that lists the group (App Mesh
        // controller, backends of virtual nodes).
        let members = self.resource.iter_mut().flat_map(|resource| &mut resource.references);
        for member in members {
            member.is_relative = member.namespace.is_none();
        }
        self.join(&model.mesh_ref);
        Detail::Model(model)
    }

    fn root<S: Shape>(&mut self) -> Box<S> {
        let root = read_root(self.cx, "spec", self.spec, self.anchor);
        let (is_partial, is_patchy) = (self.cx.is_partial, self.cx.is_patchy);
        self.with(|resource| (resource.is_partial, resource.is_patchy) = (is_partial, is_patchy));
        root
    }

    fn with(&mut self, change: impl FnOnce(&mut Resource)) {
        if let Some(resource) = &mut self.resource {
            change(resource);
        }
    }

    /// The mesh of a live object, which the control plane has written into it.
    fn join(&mut self, mesh: &Field<Box<MeshRef>>) {
        let name = mesh.known().and_then(|mesh| mesh.name.known().cloned());
        self.with(|resource| resource.member_of = name.filter(|_| resource.live));
    }

    /// The name in AWS: as written, else made of the name and the namespace. An empty one counts as unset.
    fn deploy(&mut self, aws_name: &Field<Name>, between: &str) {
        let written = aws_name.known().filter(|name| !name.as_str().is_empty());
        let is_unclear = !aws_name.is_absent() && aws_name.known().is_none();
        self.with(|resource| {
            let default = || {
                if between.is_empty() {
                    return resource.name.clone();
                }
                let unnamed = Name::unknown("");
                resource.name.join(between, resource.namespace.as_ref().unwrap_or(&unnamed))
            };
            resource.deployed_name = match written {
                Some(name) => Some((name.clone(), aws_name.span)),
                None if is_unclear => None,
                None => Some((default(), resource.name_span)),
            };
        });
    }

    fn lower(&mut self) -> Lowering<'_> {
        Lowering { kinds: &CLUSTER, facts: &mut self.cx.facts, resource: self.resource.as_deref_mut() }
    }

    fn selection(&self, name: &str, field: &Field<Box<LabelSelector>>) -> Selection {
        match (field.known(), field.is_absent()) {
            (Some(selector), _) => Selection::Written(selector_of(selector), field.key),
            (None, true) => self.misspelt(name).map_or(Selection::Absent, Selection::Unknown),
            (None, false) => Selection::Unknown(field.key),
        }
    }

    /// Where a key stands that was meant to be this one, as a fact already says: the field is not absent.
    fn misspelt(&self, name: &str) -> Option<Span> {
        let mut facts = self.cx.facts.iter().filter(|fact| fact.rule == "unknown-field");
        facts.find(|fact| fact.text(3) == name).map(|fact| fact.span)
    }
}

fn selector_of(model: &LabelSelector) -> Selector {
    let mut requirements = Vec::new();
    match (model.match_labels.known(), model.match_labels.is_absent()) {
        (Some(labels), _) => requirements.extend(labels.pairs.iter().map(|(key, span, value)| Requirement {
            key: key.clone(),
            operator: if value.known().is_some() { Operator::In } else { Operator::Unclear },
            values: value.known().cloned().into_iter().collect(),
            span: *span,
        })),
        (None, true) => {}
        (None, false) => requirements.push(unclear(&model.match_labels)),
    }
    match (model.match_expressions.known(), model.match_expressions.is_absent()) {
        (Some(list), _) => requirements.extend(list.items.iter().map(|item| {
            let Some(expression) = item.known() else { return unclear(item) };
            let Some(key) = expression.key.known() else { return unclear(item) };
            let operator = match expression.operator.known().map(|operator| &**operator) {
                Some("In") => Operator::In,
                Some("NotIn") => Operator::NotIn,
                Some("Exists") => Operator::Exists,
                Some("DoesNotExist") => Operator::DoesNotExist,
                _ => Operator::Unclear,
            };
            let is_read = |list: &List<Name>| !list.open && list.known().count() == list.items.len();
            let open = !expression.values.is_absent() && !expression.values.known().is_some_and(is_read);
            let values = expression.values.known().into_iter().flat_map(List::known).cloned().collect();
            Requirement {
                key: key.clone(),
                operator: if open { Operator::Unclear } else { operator },
                values,
                span: item.key,
            }
        })),
        (None, true) => {}
        (None, false) => requirements.push(unclear(&model.match_expressions)),
    }
    Selector { requirements }
}

/// A requirement of which nothing is known.
fn unclear<T>(field: &Field<T>) -> Requirement {
    Requirement { key: Name::unknown(""), operator: Operator::Unclear, values: Vec::new(), span: field.place() }
}
