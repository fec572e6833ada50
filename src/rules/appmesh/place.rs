//! Where listeners, routes and their destinations stand, for rules that point at them.

use crate::dialect::appmesh::model::{
    Action, Field, GatewayRoute, GatewayTarget, List, PortMapping, VirtualGateway, VirtualNode, VirtualRouter,
    WeightedTarget,
};
use crate::finding::{Place, Span};
use crate::mesh::{Destination, Resource, Route};

/// Where the port of a listener stands.
pub(super) fn port(owner: &Resource, listener: usize) -> Place {
    owner.at(mapping(owner, listener).map_or(owner.name_span, |(port, _)| port))
}

/// Where the protocol of a listener stands.
pub(super) fn protocol(owner: &Resource, listener: usize) -> Place {
    owner.at(mapping(owner, listener).map_or(owner.name_span, |(_, protocol)| protocol))
}

/// Where the listeners of a resource stand, or what stands for them where there are none.
pub(super) fn listeners(owner: &Resource) -> Place {
    let node = owner.model::<VirtualNode>().map(|model| model.listeners.key);
    let router = || owner.model::<VirtualRouter>().map(|model| model.listeners.key);
    let gateway = || owner.model::<VirtualGateway>().map(|model| model.listeners.key);
    let key = node.or_else(router).or_else(gateway).filter(|key| !key.is_empty());
    owner.at(key.unwrap_or(owner.spec_key))
}

/// Where the key stands that says which type a route is.
pub(super) fn route_type(holder: &Resource, route: &Route) -> Place {
    let written = |keys: &[(bool, Span)]| keys.iter().find(|(is_absent, _)| !is_absent).map(|(_, key)| *key);
    let of_router = || {
        let route = holder.model::<VirtualRouter>()?.routes.items().nth(route.item)?.known()?;
        let (http, http2, grpc, tcp) = (&route.http_route, &route.http2_route, &route.grpc_route, &route.tcp_route);
        written(&[parts(http), parts(http2), parts(grpc), parts(tcp)])
    };
    let of_gateway = || {
        let route = holder.model::<GatewayRoute>()?;
        written(&[parts(&route.http_route), parts(&route.http2_route), parts(&route.grpc_route)])
    };
    holder.at(of_router().or_else(of_gateway).unwrap_or(route.span))
}

fn parts<T>(field: &Field<T>) -> (bool, Span) {
    (field.is_absent(), field.key)
}

/// Where the port of a route's match stands.
pub(super) fn match_port(holder: &Resource, route: &Route) -> Place {
    let of_router = || {
        let route = holder.model::<VirtualRouter>()?.routes.items().nth(route.item)?.known()?;
        let http = route.http_route.known().or(route.http2_route.known()).map(|route| &route.matching);
        let http = http.and_then(|matching| Some(matching.known()?.port.span));
        let grpc = route.grpc_route.known().and_then(|route| Some(route.matching.known()?.port.span));
        http.or(grpc).or_else(|| Some(route.tcp_route.known()?.matching.known()?.port.span))
    };
    let of_gateway = || {
        let route = holder.model::<GatewayRoute>()?;
        let http = route.http_route.known().or(route.http2_route.known()).map(|route| &route.matching);
        let http = http.and_then(|matching| Some(matching.known()?.port.span));
        http.or_else(|| Some(route.grpc_route.known()?.matching.known()?.port.span))
    };
    let port = of_router().or_else(of_gateway).filter(|span| !span.is_empty());
    holder.at(port.unwrap_or(route.match_span))
}

/// The list of destinations of a route of a router.
pub(super) fn targets<'r>(holder: &'r Resource, route: &Route) -> Option<&'r Field<List<Box<WeightedTarget>>>> {
    let route = holder.model::<VirtualRouter>()?.routes.items().nth(route.item)?.known()?;
    let http = route.http_route.known().or(route.http2_route.known()).map(|route| &route.action);
    let grpc = || route.grpc_route.known().map(|route| &route.action);
    let action: &Field<Box<Action>> = http.or_else(grpc).or_else(|| Some(&route.tcp_route.known()?.action))?;
    Some(&action.known()?.weighted_targets)
}

/// The key that begins a destination, and where its port stands, if one is written.
pub(super) fn target(holder: &Resource, route: &Route, destination: &Destination) -> (Place, Place) {
    let weighted = targets(holder, route).and_then(|list| list.items().nth(destination.item));
    let spans = weighted.and_then(|item| Some((item.key, item.known()?.port.span)));
    let (key, port) = spans.or_else(|| gateway_target(holder)).unwrap_or((route.span, Span::default()));
    (holder.at(key), holder.at(if port.is_empty() { key } else { port }))
}

fn gateway_target(holder: &Resource) -> Option<(Span, Span)> {
    let route = holder.model::<GatewayRoute>()?;
    let http = route.http_route.known().or(route.http2_route.known());
    let target: &Field<Box<GatewayTarget>> = match http {
        Some(route) => &route.action.known()?.target,
        None => &route.grpc_route.known()?.action.known()?.target,
    };
    Some((target.key, target.known()?.port.span))
}

fn mapping(owner: &Resource, listener: usize) -> Option<(Span, Span)> {
    let spans = |mapping: &PortMapping| (mapping.port.span, mapping.protocol.span);
    if let Some(node) = owner.model::<VirtualNode>() {
        return Some(spans(node.listeners.items().nth(listener)?.known()?.port_mapping.known()?));
    }
    if let Some(router) = owner.model::<VirtualRouter>() {
        return Some(spans(router.listeners.items().nth(listener)?.known()?.port_mapping.known()?));
    }
    let gateway = owner.model::<VirtualGateway>()?;
    let mapping = gateway.listeners.items().nth(listener)?.known()?.port_mapping.known()?;
    Some((mapping.port.span, mapping.protocol.span))
}
