//! From the typed model of a resource to what every vocabulary shares, the same for all spellings.

use crate::dialect::shape::{Field, List};
use crate::finding::Fact;
use crate::mesh::{By, Destination, Kind, Listener, Name, Reference, Resource, Role, Target};

use super::kind::Kinds;
use super::model::{
    Action, Arn, GatewayPortMapping, GatewayRoute, GatewayTarget, Mesh, PortMapping, Provider, Ref, Route,
    VirtualGateway, VirtualNode, VirtualRouter, VirtualService, WeightedTarget, stands_for_an_arn,
};
use super::{matching, outbound};

/// Carries what the typed model of a resource says over to what every vocabulary shares.
pub(super) struct Lowering<'r> {
    pub(super) kinds: &'static Kinds,
    pub(super) facts: &'r mut Vec<Fact>,
    pub(super) resource: Option<&'r mut Resource>,
}

/// The ways in which a place can name a resource: each spelling has some of them.
pub(super) struct Names<'m> {
    pub(super) reference: &'m Field<Box<Ref>>,
    pub(super) arn: &'m Field<Name>,
    pub(super) name: &'m Field<Name>,
}

/// The ways in which a part of a model names a resource.
macro_rules! names {
    ($of:expr) => {
        Names { reference: &$of.reference, arn: &$of.arn, name: &$of.name }
    };
}

impl Lowering<'_> {
    pub(super) fn mesh(&mut self, model: &Mesh) {
        self.with(|resource| {
            // A mesh lives in no namespace, whatever its manifest says.
            resource.namespace = None;
            resource.outbound = outbound::egress(model, resource.is_partial);
        });
    }

    pub(super) fn node(&mut self, model: &VirtualNode) {
        let mappings = model.listeners.items().map(|listener| listener.known()?.port_mapping.known());
        let listeners = mappings.map(|mapping| listener(mapping.map(AsRef::as_ref))).collect();
        self.listen(listeners, !outbound::is_whole(&model.listeners), model.listeners.is_absent());
        self.with(|resource| resource.outbound = outbound::backends(model, resource));
        let kinds = self.kinds;
        for (item, backend) in known_items(&model.backends) {
            let Some(backend) = backend.virtual_service.known() else { continue };
            let count = self.reference_count();
            self.refer("dangling-backend", "backend", &kinds.service, &names!(backend));
            self.number(count, item);
        }
        for group in model.backend_groups.items().filter_map(Field::known) {
            // The star stands for every service of the namespace.
            if group.name.known().is_some_and(|name| name.as_str() != "*") {
                self.refer_by_name("dangling-backend-group", "backend group", &kinds.group, group);
            }
        }
        let written = model.backends.items().count() + model.backend_groups.items().count();
        let is_read = outbound::is_whole(&model.backends) && outbound::is_whole(&model.backend_groups);
        self.with(|resource| resource.is_open = !is_read || resource.references.len() < written);
    }

    pub(super) fn service(&mut self, model: &VirtualService) {
        let kinds = self.kinds;
        if let Some(provider) = model.provider.known() {
            const CASE: &str = "dangling-provider";
            if let Some(node) = provider.virtual_node.known() {
                self.refer(CASE, "provider", &kinds.node, &names!(node));
            }
            if let Some(router) = provider.virtual_router.known() {
                self.refer(CASE, "provider", &kinds.router, &names!(router));
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
    }

    pub(super) fn router(&mut self, model: &VirtualRouter) {
        let mappings = model.listeners.items().map(|listener| listener.known()?.port_mapping.known());
        let listeners = mappings.map(|mapping| listener(mapping.map(AsRef::as_ref))).collect();
        self.listen(listeners, !outbound::is_whole(&model.listeners), model.listeners.is_absent());
        self.routes(model);
    }

    /// The routes that stand in a router, or the one that stands alone.
    pub(super) fn routes(&mut self, model: &VirtualRouter) {
        let mut has_open = model.routes.known().map_or(!model.routes.is_absent(), |list| list.open);
        has_open |= model.routes.items().any(|route| route.known().is_none());
        for (item, route) in known_items(&model.routes) {
            let lowered = matching::route(route, item, self.destinations(route));
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
    }

    fn destinations(&mut self, route: &Route) -> Vec<Destination> {
        let actions = [
            route.http_route.known().map(|route| &route.action),
            route.http2_route.known().map(|route| &route.action),
            route.grpc_route.known().map(|route| &route.action),
            route.tcp_route.known().map(|route| &route.action),
        ];
        let actions = actions.into_iter().flatten().filter_map(Field::known);
        actions.flat_map(|action| self.targets(action)).collect()
    }

    fn targets(&mut self, action: &Action) -> Vec<Destination> {
        let kind = &self.kinds.node;
        let refer = |target: &WeightedTarget, lowering: &mut Self| {
            lowering.refer("dangling-weighted-target", "weighted target", kind, &names!(target))
        };
        let lower = |(item, target): (usize, &WeightedTarget)| Destination {
            reference: refer(target, self),
            item,
            weight: target.weight.known().copied(),
            port: matching::port(&target.port),
        };
        known_items(&action.weighted_targets).map(lower).collect()
    }

    pub(super) fn gateway(&mut self, model: &VirtualGateway) {
        let mappings = model.listeners.items().map(|listener| listener.known()?.port_mapping.known());
        let listener = |mapping: Option<&Box<GatewayPortMapping>>| Listener {
            port: mapping.and_then(|mapping| mapping.port.known().copied()),
            protocol: mapping.and_then(|mapping| Some(mapping.protocol.known()?.word())),
        };
        let listeners = mappings.map(listener).collect();
        self.listen(listeners, !outbound::is_whole(&model.listeners), model.listeners.is_absent());
    }

    pub(super) fn gateway_route(&mut self, model: &GatewayRoute) {
        let http = [&model.http_route, &model.http2_route].into_iter().filter_map(|route| route.known());
        let targets = http.filter_map(|route| Some(&route.action.known()?.target));
        let grpc = model.grpc_route.known().and_then(|route| Some(&route.action.known()?.target));
        let destinations = targets.chain(grpc).filter_map(|target| self.target(target)).collect();
        self.with(|resource| {
            let (name, span) = (resource.name.clone(), resource.name_span);
            resource.routes.extend(matching::gateway_route(model, name, span, destinations));
            resource.has_open_routes = resource.routes.is_empty();
        });
    }

    fn target(&mut self, target: &Field<Box<GatewayTarget>>) -> Option<Destination> {
        let target = target.known()?;
        let service = target.virtual_service.known()?;
        let kind = &self.kinds.service;
        let reference = self.refer("dangling-gatewayroute-target", "target", kind, &names!(service));
        Some(Destination { reference, item: 0, weight: None, port: matching::port(&target.port) })
    }

    pub(super) fn with(&mut self, change: impl FnOnce(&mut Resource)) {
        if let Some(resource) = &mut self.resource {
            change(resource);
        }
    }

    /// A reference in one or several ways; the index of the one that counts, which is that by ARN.
    fn refer(
        &mut self,
        case: &'static str,
        words: &'static str,
        wants: &'static Kind,
        names: &Names<'_>,
    ) -> Option<usize> {
        let before = self.reference_count();
        if let Some(written) = names.reference.known() {
            self.refer_by_name(case, words, wants, written);
        }
        if let Some(name) = names.name.known() {
            self.push(reference(case, words, wants, name.clone(), names.name));
        }
        if let Some(text) = names.arn.known() {
            self.refer_by_arn(case, words, wants, names.arn, text);
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
                self.facts.push(fact.arg(text.as_str()).arg(arn_kind(wants)).arg(found));
            }
        }
    }

    pub(super) fn refer_by_name(
        &mut self,
        case: &'static str,
        words: &'static str,
        wants: &'static Kind,
        written: &Ref,
    ) {
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
