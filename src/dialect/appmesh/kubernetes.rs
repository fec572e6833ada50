//! App Mesh as Kubernetes custom resources, `appmesh.k8s.aws/v1beta2`.

use crate::dialect::kubernetes::meta::Meta;
use crate::dialect::shape::{Cx, Field, List, Shape, nearest, read_root};
use crate::dialect::{Lowered, Origin};
use crate::finding::Fact;
use crate::mesh::{
    By, Destination, Detail, Kind, Listener, Name, Operator, Reference, Requirement, Resource, Role, Selection,
    Selector, Target,
};
use crate::source::Span;
use crate::yaml::{Document, Entry, NodeId};

use super::model::stands_for_an_arn;
use super::model::{
    Action, Arn, BackendGroup, GatewayPortMapping, GatewayRoute, GatewayTarget, LabelSelector, Mesh, MeshRef,
    PortMapping, Provider, Ref, VirtualGateway, VirtualNode, VirtualRouter, VirtualService, WeightedTarget,
};
use super::{DIALECT, matching, outbound};

const GROUP: &str = "appmesh.k8s.aws/";
const VERSION: &str = "appmesh.k8s.aws/v1beta2";

static MESH: Kind = Kind { dialect: DIALECT, name: "Mesh", words: "mesh", role: Role::Mesh };
static NODE: Kind = Kind { dialect: DIALECT, name: "VirtualNode", words: "virtual node", role: Role::Node };
static SERVICE: Kind = Kind { dialect: DIALECT, name: "VirtualService", words: "virtual service", role: Role::Service };
static ROUTER: Kind = Kind { dialect: DIALECT, name: "VirtualRouter", words: "virtual router", role: Role::Router };
static GATEWAY: Kind = Kind { dialect: DIALECT, name: "VirtualGateway", words: "virtual gateway", role: Role::Gateway };
static ROUTE: Kind = Kind { dialect: DIALECT, name: "GatewayRoute", words: "gateway route", role: Role::GatewayRoute };
static BACKENDS: Kind = Kind { dialect: DIALECT, name: "BackendGroup", words: "backend group", role: Role::Group };

static KINDS: [&Kind; 7] = [&MESH, &NODE, &SERVICE, &ROUTER, &GATEWAY, &ROUTE, &BACKENDS];

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
    let mut lower = Lowering { cx: &mut cx, spec, anchor, resource: resource.as_mut() };
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

/// Carries what the typed model of a resource says over to what every vocabulary shares.
struct Lowering<'r, 'd> {
    cx: &'r mut Cx<'d>,
    spec: Option<Entry>,
    /// What stands for the resource where `spec` is missing.
    anchor: Span,
    resource: Option<&'r mut Resource>,
}

impl Lowering<'_, '_> {
    fn mesh(&mut self) -> Detail {
        let model: Box<Mesh> = self.root();
        self.deploy(&model.aws_name, "");
        let selector = self.selection("namespaceSelector", &model.namespace_selector);
        self.with(|resource| {
            // A mesh lives in no namespace, whatever its manifest says.
            resource.namespace = None;
            resource.namespace_selector = selector;
            resource.outbound = outbound::egress(&model, resource.is_partial);
        });
        Detail::Model(model)
    }

    fn node(&mut self) -> Detail {
        let model: Box<VirtualNode> = self.root();
        self.deploy(&model.aws_name, "_");
        let selector = self.selection("podSelector", &model.pod_selector);
        self.with(|resource| resource.pod_selector = selector);
        let mappings = model.listeners.items().map(|listener| listener.known()?.port_mapping.known());
        let listeners = mappings.map(|mapping| listener(mapping.map(AsRef::as_ref))).collect();
        self.listen(listeners, !outbound::is_whole(&model.listeners), model.listeners.is_absent());
        self.with(|resource| {
            resource.outbound = outbound::backends(&model, resource);
        });
        for (item, backend) in known_items(&model.backends) {
            let Some(backend) = backend.virtual_service.known() else { continue };
            let count = self.reference_count();
            self.refer("dangling-backend", "backend", &SERVICE, &backend.reference, &backend.arn);
            self.number(count, item);
        }
        for group in model.backend_groups.items().filter_map(Field::known) {
            // The star stands for every service of the namespace.
            if group.name.known().is_some_and(|name| name.as_str() != "*") {
                self.refer_by_name("dangling-backend-group", "backend group", &BACKENDS, group);
            }
        }
        let written = model.backends.items().count() + model.backend_groups.items().count();
        let is_read = outbound::is_whole(&model.backends) && outbound::is_whole(&model.backend_groups);
        self.with(|resource| resource.is_open = !is_read || resource.references.len() < written);
        self.join(&model.mesh_ref);
        Detail::Model(model)
    }

    fn service(&mut self) -> Detail {
        let model: Box<VirtualService> = self.root();
        self.deploy(&model.aws_name, ".");
        if let Some(provider) = model.provider.known() {
            const CASE: &str = "dangling-provider";
            if let Some(node) = provider.virtual_node.known() {
                self.refer(CASE, "provider", &NODE, &node.reference, &node.arn);
            }
            if let Some(router) = provider.virtual_router.known() {
                self.refer(CASE, "provider", &ROUTER, &router.reference, &router.arn);
            }
        }
        // Whatever is written and led to no reference could not be read.
        let is_written =
            |provider: &Provider| !provider.virtual_node.is_absent() || !provider.virtual_router.is_absent();
        let is_open = match model.provider.known() {
            Some(provider) => is_written(provider),
            None => !model.provider.is_absent(),
        };
        self.with(|resource| resource.has_open_provider = is_open && resource.references.is_empty());
        self.join(&model.mesh_ref);
        Detail::Model(model)
    }

    fn router(&mut self) -> Detail {
        let model: Box<VirtualRouter> = self.root();
        self.deploy(&model.aws_name, "_");
        let mappings = model.listeners.items().map(|listener| listener.known()?.port_mapping.known());
        let listeners = mappings.map(|mapping| listener(mapping.map(AsRef::as_ref))).collect();
        self.listen(listeners, !outbound::is_whole(&model.listeners), model.listeners.is_absent());
        let mut has_open = model.routes.known().map_or(!model.routes.is_absent(), |list| list.open);
        has_open |= model.routes.items().any(|route| route.known().is_none());
        for (item, route) in known_items(&model.routes) {
            let destinations = [
                route.http_route.known().map(|route| &route.action),
                route.http2_route.known().map(|route| &route.action),
                route.grpc_route.known().map(|route| &route.action),
                route.tcp_route.known().map(|route| &route.action),
            ];
            let actions = destinations.into_iter().flatten().filter_map(Field::known);
            let destinations = actions.flat_map(|action| self.targets(action)).collect();
            let lowered = matching::route(route, item, destinations);
            has_open |= lowered.is_none();
            self.with(|resource| resource.routes.extend(lowered));
        }
        self.with(|resource| resource.has_open_routes = has_open || model.routes.is_absent() && resource.is_partial);
        let written = model.routes.items().count();
        let is_read = outbound::is_whole(&model.routes);
        self.with(|resource| {
            let read = resource.routes.iter().filter(|route| !route.is_for_connections).count();
            resource.is_open = !is_read || resource.is_partial || read < written;
        });
        self.join(&model.mesh_ref);
        Detail::Model(model)
    }

    fn targets(&mut self, action: &Action) -> Vec<Destination> {
        let refer = |target: &WeightedTarget, lowering: &mut Self| {
            lowering.refer("dangling-weighted-target", "weighted target", &NODE, &target.reference, &target.arn)
        };
        let lower = |(item, target): (usize, &WeightedTarget)| Destination {
            reference: refer(target, self),
            item,
            weight: target.weight.known().copied(),
            port: matching::port(&target.port),
        };
        known_items(&action.weighted_targets).map(lower).collect()
    }

    fn gateway(&mut self) -> Detail {
        let model: Box<VirtualGateway> = self.root();
        self.deploy(&model.aws_name, "_");
        let mappings = model.listeners.items().map(|listener| listener.known()?.port_mapping.known());
        let listener = |mapping: Option<&Box<GatewayPortMapping>>| Listener {
            port: mapping.and_then(|mapping| mapping.port.known().copied()),
            protocol: mapping.and_then(|mapping| Some(mapping.protocol.known()?.word())),
        };
        let listeners = mappings.map(listener).collect();
        self.listen(listeners, !outbound::is_whole(&model.listeners), model.listeners.is_absent());
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
        let http = [&model.http_route, &model.http2_route].into_iter().filter_map(|route| route.known());
        let targets = http.filter_map(|route| Some(&route.action.known()?.target));
        let grpc = model.grpc_route.known().and_then(|route| Some(&route.action.known()?.target));
        let destinations = targets.chain(grpc).filter_map(|target| self.target(target)).collect();
        self.with(|resource| {
            resource.routes.extend(matching::gateway_route(
                &model,
                resource.name.clone(),
                resource.name_span,
                destinations,
            ));
            resource.has_open_routes = resource.routes.is_empty();
        });
        self.join(&model.mesh_ref);
        let gateway = model.virtual_gateway_ref.known();
        let attached_to = gateway.and_then(|one| Some((one.namespace.known().cloned(), one.name.known()?.clone())));
        self.with(|resource| resource.attached_to = attached_to.filter(|_| resource.live));
        Detail::Model(model)
    }

    fn target(&mut self, target: &Field<Box<GatewayTarget>>) -> Option<Destination> {
        let target = target.known()?;
        let service = target.virtual_service.known()?;
        let reference =
            self.refer("dangling-gatewayroute-target", "target", &SERVICE, &service.reference, &service.arn);
        Some(Destination { reference, item: 0, weight: None, port: matching::port(&target.port) })
    }

    fn group(&mut self) -> Detail {
        let model: Box<BackendGroup> = self.root();
        for member in model.virtual_services.items().filter_map(Field::known) {
            self.refer_by_name("dangling-backend", "member", &SERVICE, member);
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

    /// A reference by name, by ARN, or by both; the index of the one that counts, which is that by ARN.
    fn refer(
        &mut self,
        case: &'static str,
        words: &'static str,
        wants: &'static Kind,
        by_name: &Field<Box<Ref>>,
        arn: &Field<Name>,
    ) -> Option<usize> {
        let before = self.reference_count();
        if let Some(reference) = by_name.known() {
            self.refer_by_name(case, words, wants, reference);
        }
        if let Some(text) = arn.known() {
            self.refer_by_arn(case, words, wants, arn, text);
        }
        self.reference_count().checked_sub(1).filter(|last| *last >= before)
    }

    fn refer_by_arn(
        &mut self,
        case: &'static str,
        words: &'static str,
        wants: &'static Kind,
        arn: &Field<Name>,
        text: &Name,
    ) {
        match (Arn::parse(text), text.is_open()) {
            (Some(parsed), _) if parsed.kind.eq(arn_kind(wants)) => {
                let (name, within) = (parsed.name, Some(parsed.mesh));
                self.push(Reference { by: By::DeployedName, within, ..reference(case, words, wants, name, arn) });
            }
            (_, true) => {}
            (None, false) if stands_for_an_arn(text.as_str()) => {}
            (parsed, false) => {
                let found = parsed.map(|arn| arn.kind).unwrap_or_default();
                let fact = Fact::new("malformed-arn", "arn-malformed", arn.span);
                self.cx.facts.push(fact.arg(text.as_str()).arg(arn_kind(wants)).arg(found));
            }
        }
    }

    fn refer_by_name(&mut self, case: &'static str, words: &'static str, wants: &'static Kind, written: &Ref) {
        let Some(name) = written.name.known() else { return };
        // A namespace that is there and cannot be read is no namespace that could be looked into.
        let namespace = match (&written.namespace, written.namespace.known()) {
            (_, Some(name)) if !name.as_str().is_empty() => Some(name.clone()),
            (field, None) if !field.is_absent() => Some(Name::unknown("")),
            _ => None,
        };
        self.push(Reference { namespace, ..reference(case, words, wants, name.clone(), &written.name) });
    }

    fn reference_count(&self) -> usize {
        self.resource.as_ref().map_or(0, |resource| resource.references.len())
    }

    /// Says which item of its list each reference from an index on stands in.
    fn number(&mut self, from: usize, item: usize) {
        let references = self.resource.iter_mut().flat_map(|resource| resource.references.iter_mut().skip(from));
        references.for_each(|reference| reference.item = item);
    }

    fn listen(&mut self, mut listeners: Vec<Listener>, is_cut: bool, is_absent: bool) {
        self.with(|resource| {
            if is_cut || is_absent && resource.is_partial {
                listeners.push(Listener { port: None, protocol: None });
            }
            resource.listeners = listeners;
        });
    }

    fn push(&mut self, reference: Reference) {
        self.with(|resource| resource.references.push(reference));
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

/// The items of a list that are known, with their places in it.
fn known_items<T>(list: &Field<List<Box<T>>>) -> impl Iterator<Item = (usize, &T)> {
    list.items().enumerate().filter_map(|(item, field)| Some((item, &**field.known()?)))
}

fn listener(mapping: Option<&PortMapping>) -> Listener {
    Listener {
        port: mapping.and_then(|mapping| mapping.port.known().copied()),
        protocol: mapping.and_then(|mapping| Some(mapping.protocol.known()?.word())),
    }
}

fn reference(case: &'static str, words: &'static str, wants: &'static Kind, name: Name, at: &Field<Name>) -> Reference {
    Reference {
        case,
        words,
        wants,
        by: By::Name,
        namespace: None,
        name,
        within: None,
        item: 0,
        is_relative: false,
        span: at.span,
        target: Target::Unknown,
    }
}

/// The word that stands for a kind in an ARN.
fn arn_kind(kind: &Kind) -> &'static str {
    match kind.role {
        Role::Node => "virtualNode",
        Role::Router => "virtualRouter",
        _ => "virtualService",
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
