//! Requests through a small shop.

use std::path::Path;

use super::{Asked, Config, Entrance, Trace, Tracer, Verdict};
use crate::source::{Input, Request};

const SHOP: &str = include_str!("../../../tests/trace/shop.yaml");
const BETA: &str = include_str!("../../../tests/trace/beta.yaml");

fn tracer(text: &str) -> Tracer {
    let input = Input::Stdin { name: "shop.yaml".to_owned(), bytes: text.as_bytes().to_vec() };
    Tracer::load(&Request::new(vec![input]), Path::new("."), &Config::default(), 1)
}

fn follow(text: &str, request: &str, entrance: Entrance) -> Trace {
    let (request, headers) =
        request.split_once(" -H ").map_or((request, vec![]), |(request, header)| (request, vec![header.to_owned()]));
    tracer(text).follow(&Asked::parse(request, &headers, entrance).unwrap()).unwrap()
}

/// The verdict with whatever is known of the way, in short.
fn brief(trace: &Trace) -> String {
    let destinations = trace.destinations.iter().map(|one| format!("{}:{}", one.node, one.weight.unwrap_or(-1)));
    let mut words = vec![trace.verdict.word().to_owned()];
    words.extend(trace.gateway_route.clone());
    words.extend(trace.route.as_ref().map(|route| format!("{}.{}", route.router, route.name)));
    words.extend(destinations);
    words.extend((!trace.open.is_empty()).then(|| serde_json::to_string(&trace.open).unwrap()));
    words.join(" ")
}

#[test]
fn requests_come_in_at_a_gateway() {
    for (request, expected) in [
        ("/cart/items/1", "routed shop/cart shop/cart.items shop/cart-v1:9 shop/cart-v2:1"),
        ("/cart/x -H x-canary: yes", "routed shop/cart shop/cart.canary shop/cart-v2:1"),
        ("/cart/x -H x-canary: no", "no-route shop/cart"),
        // A prefix and an exact path are in no order.
        (
            "/cart/items/total",
            r#"undecided shop/cart [{"router":"shop/cart","name":"items"},{"router":"shop/cart","name":"total"}]"#,
        ),
        // Neither the path nor the host is rewritten.
        ("/first/items", "no-route shop/first"),
        ("/elsewhere", "routed shop/all shop/web:1"),
    ] {
        let trace = follow(SHOP, &format!("GET http://shop.example:8080{request}"), Entrance::AnyGateway);
        assert_eq!(brief(&trace), expected, "{request}");
    }
}

#[test]
fn the_port_chooses_the_gateway() {
    let brief = |url: &str, name: Option<&str>| {
        let entrance = name.map_or(Entrance::AnyGateway, |name| Entrance::Gateway(name.to_owned()));
        brief(&follow(SHOP, &format!("GET {url}"), entrance))
    };
    assert_eq!(brief("http://shop.example/elsewhere", None), "routed shop/all shop/web:1");
    assert_eq!(brief("http://shop.example/elsewhere", Some("edge")), "routed shop/all shop/web:1");
    assert_eq!(brief("http://shop.example:81/elsewhere", None), "no-gateway");
    assert_eq!(brief("http://shop.example:8080/", Some("shop/other")), "no-gateway");
    let second = SHOP.replace("name: edge, namespace: shop", "name: inner, namespace: shop");
    let both = format!("{SHOP}---\n{second}");
    let trace = follow(&both, "GET http://shop.example:8080/", Entrance::AnyGateway);
    assert_eq!(self::brief(&trace), r#"undecided ["shop/edge","shop/inner"]"#);
}

#[test]
fn what_hangs_on_the_model_of_hosts_is_open() {
    let brief = |url: &str| brief(&follow(SHOP, &format!("GET {url}"), Entrance::AnyGateway));
    // One table: the longest prefix. A table for each host: only the route of that host.
    assert_eq!(brief("http://admin.shop.example:8080/cart/items"), r#"undecided ["shop/cart",null]"#);
    assert_eq!(brief("http://admin.shop.example:8080/admin/x"), "no-provider shop/admin");
    assert_eq!(brief("http://shop.example:8080/admin/x"), "routed shop/all shop/web:1");
}

#[test]
fn a_placeholder_decides_only_where_it_may() {
    let both = format!("{SHOP}---\n{BETA}");
    let brief = |url: &str| brief(&follow(&both, &format!("GET {url}"), Entrance::AnyGateway));
    assert_eq!(brief("http://shop.example:8080/cart/items"), "unknown");
    // This one is tried before, whatever the other matches.
    assert_eq!(brief("http://shop.example:8080/first/items"), "no-route shop/first");
}

#[test]
fn a_node_calls_what_it_lists() {
    let open = SHOP.replace(
        "spec: {namespaceSelector: {matchLabels: {mesh: shop}}}",
        "spec: {namespaceSelector: {matchLabels: {mesh: shop}}, egressFilter: {type: ALLOW_ALL}}",
    );
    let brief = |text: &str, host: &str| {
        let request = format!("GET http://{host}/items");
        brief(&follow(text, &request, Entrance::Node("shop/web".to_owned())))
    };
    for (host, expected) in [
        ("cart.shop.svc.cluster.local", "routed shop/cart.items shop/cart-v1:9 shop/cart-v2:1"),
        ("cart.shop.svc.cluster.local:80", "routed shop/cart.items shop/cart-v1:9 shop/cart-v2:1"),
        ("cart.shop.svc.cluster.local:81", "not-a-backend"),
        ("web.shop.svc.cluster.local:3000", "not-a-backend"),
        ("mail.shop.svc.cluster.local", "no-provider"),
        // Connections are routed, not requests.
        ("stock.shop.svc.cluster.local:5432", "unknown"),
        ("elsewhere.example:5432", "unknown"),
        ("queue.eu-west-1.amazonaws.com", "passthrough"),
    ] {
        assert_eq!(brief(SHOP, host), expected, "{host}");
    }
    assert_eq!(brief(&open, "web.shop.svc.cluster.local:3000"), "passthrough");
    let nobody = Asked::parse("GET http://a/", &[], Entrance::Node("shop/nobody".to_owned())).unwrap();
    assert!(tracer(SHOP).follow(&nobody).is_err());
}

#[test]
fn what_is_told_names_why_others_lose() {
    let trace = follow(SHOP, "GET http://shop.example:8080/cart/items -H x-canary: no", Entrance::AnyGateway);
    assert_eq!(trace.verdict, Verdict::Routed);
    let told: Vec<_> = trace.steps.iter().map(|step| step.text.as_str()).collect();
    for expected in [
        "gateway route `shop/all` matches too, and comes later: its prefix is shorter",
        "gateway route `shop/admin` does not match the host (`shop.example`)",
        "the path becomes `/items` (prefix `/cart` becomes `/`), the host becomes `cart.shop.svc.cluster.local`",
        "route `canary` does not match the header `x-canary` (`no`)",
    ] {
        assert!(told.contains(&expected), "{expected}: {told:#?}");
    }
}
