//! Expectations about a small shop.

use std::path::Path;

use super::{Tested, test};
use crate::engine::{Config, find_rule};
use crate::finding::Finding;
use crate::source::{Input, Request};

fn tested(text: &str) -> Tested {
    let input = Input::Stdin { name: "shop.meshlint-test.yaml".to_owned(), bytes: text.as_bytes().to_vec() };
    test(&Request::new(vec![input]), Path::new("."), &Config::default(), 1)
}

/// What is found, as `line:column case`, the line counted from the one behind `tests:`.
fn found(tests: &str) -> Vec<String> {
    let tested = tested(&format!("manifests: [tests/trace/shop.yaml]\ntests:\n{tests}"));
    let place = |finding: &Finding| {
        let at = finding.place();
        let position = tested.sources.file(at.file).position(at.span.start);
        format!("{}:{} {}", position.line - 2, position.column, finding.case)
    };
    tested.findings.iter().map(place).collect()
}

#[test]
fn expectations_hold_or_do_not() {
    for (test, expected) in [
        ("request: GET http://shop.example:8080/cart/items/1\n    expect: {shop/cart-v1: 9, cart-v2: 1}", None),
        ("request: GET http://shop.example:8080/cart/items/1\n    expect: {cart-v1: 90, cart-v2: 10, web: 0}", None),
        ("request: GET http://shop.example:8080/cart/items/1\n    expect: [cart-v2, cart-v1]", None),
        ("request: GET http://shop.example:8080/cart/items/1\n    expect: [cart-v1]", Some("2:13 other-answer")),
        (
            "request: GET http://shop.example:8080/cart/items/1\n    expect: {cart-v1: 1, cart-v2: 1}",
            Some("2:13 other-answer"),
        ),
        ("request: GET http://shop.example:8080/cart/items/1\n    expect: routed", None),
        ("request: GET http://shop.example:8080/cart/x\n    headers: {X-Canary: yes}\n    expect: cart-v2", None),
        ("request: GET http://shop.example:8080/cart/x\n    expect: nothing", None),
        ("request: GET http://shop.example:8080/cart/x\n    expect: no-gateway-route", Some("2:13 other-answer")),
        ("request: GET http://shop.example:81/\n    expect: no-gateway", None),
        ("request: GET http://shop.example:81/\n    expect: nothing", Some("2:13 other-answer")),
        ("request: GET http://shop.example:8080/cart/items/total\n    expect: undecided", None),
        ("request: GET http://shop.example:8080/cart/items/total\n    expect: cart-v1", Some("2:13 not-decided")),
        ("request: GET http://shop.example:8080/cart/items/total\n    via: {gateway-route: cart}", None),
        ("request: GET http://shop.example:8080/cart/items/total\n    via: {route: items}", Some("2:18 not-decided")),
        ("request: GET http://shop.example:8080/cart/items/1\n    via: {route: shop/cart/items}", None),
        ("request: GET http://shop.example:8080/cart/items/1\n    via: {route: cart/total}", Some("2:18 other-answer")),
        ("request: GET http://shop.example:8080/cart/items/1\n    via: {route: art/items}", Some("2:18 unknown-name")),
        ("request: GET http://elsewhere.example:5432/\n    from: shop/web\n    expect: unknown", None),
        ("request: GET http://queue.eu-west-1.amazonaws.com\n    from: web\n    expect: passthrough", None),
        ("request: GET http://shop.example:8080/\n    from: wep\n    expect: unknown", Some("2:11 unknown-name")),
        (
            "request: GET http://shop.example:8080/\n    gateway: egde\n    expect: no-gateway",
            Some("2:14 unknown-name"),
        ),
        ("request: GET http://shop.example:8080/\n    expect: shop/wep", Some("2:13 unknown-name")),
        ("request: {url: \"http://shop.example:8080/elsewhere\", headers: {x-n: 1}}\n    expect: web", None),
    ] {
        let found = found(&format!("  - {test}\n"));
        assert_eq!(found.first().map(String::as_str), expected, "{test}");
        assert!(found.len() < 2, "{test}");
    }
}

#[test]
fn what_cannot_be_read_is_told_at_its_place() {
    let web = "request: GET http://shop.example:8080/elsewhere, expect: web";
    for (test, expected) in [
        ("a".to_owned(), "`a` wrong-type"),
        ("{}".to_owned(), "`{}` missing-key"),
        (format!("{{{web}, expects: web}}"), "`expects` unknown-key"),
        (format!("{{{web}, expect: web}}"), "`expect` duplicate-key"),
        (format!("{{{web}, gateway: edge, from: web}}"), "`web` bad-request"),
        (format!("{{{web}, headers: [a]}}"), "`[a]` wrong-type"),
        (format!("{{{web}, headers: {{a: [b]}}}}"), "`[b]` wrong-type"),
        ("{request: GET http://a/, expect: {web: half}}".to_owned(), "`half` wrong-type"),
        ("{request: GET /a, expect: web}".to_owned(), "`GET /a` bad-request"),
        ("{request: GET http://a/}".to_owned(), "`request` missing-key"),
        ("{request: GET http://a/, expect: []}".to_owned(), "`[]` wrong-type"),
        ("{request: {method: GET}, expect: web}".to_owned(), "`{method: GET}` missing-key"),
        ("[".to_owned(), "`[` syntax"),
    ] {
        let tested = tested(&format!("manifests: [tests/trace/shop.yaml]\ntests:\n  - {test}\n"));
        let text = |finding: &Finding| tested.sources.file(finding.place().file).slice(finding.place().span);
        let found: Vec<_> = tested.findings.iter().map(|one| format!("`{}` {}", text(one), one.case)).collect();
        assert_eq!(found, [expected], "{test}");
    }
    let case = |text: &str| tested(text).findings.iter().map(|one| one.case).collect::<Vec<_>>();
    assert_eq!(case(""), ["no-tests"]);
    assert_eq!(case("tests: []\n"), ["no-tests"]);
    assert_eq!(case("kind: Mesh\n---\nkind: Mesh\n"), ["no-tests"]);
    assert_eq!(case("test: []\n"), ["unknown-key"]);
    let with = |manifests: &str| case(&format!("manifests: {manifests}\ntests: [{{{web}}}]\n"));
    assert_eq!(with("tests/trace/shop.yaml"), [""; 0]);
    assert_eq!(with("[tests/trace/shop.yaml, tests/trace/shp.yaml]"), ["missing-manifests"]);
    assert_eq!(with("[Cargo.toml]"), ["missing-manifests"]);
    assert_eq!(with("{a: b}"), ["wrong-type"]);
    assert_eq!(with("[]"), ["wrong-type"]);
}

#[test]
fn one_bad_test_does_not_silence_the_others() {
    let text = "manifests: [tests/trace/shop.yaml]\ntests:\n  - {expect: web}\n  \
                - {request: GET http://shop.example:8080/elsewhere, expect: web}\n  \
                - {request: GET http://shop.example:8080/elsewhere, expect: cart-v1}\n";
    let tested = tested(text);
    let counts = tested.summary.expectations.unwrap();
    assert_eq!((counts.total, counts.held, counts.unread, tested.is_whole), (3, 1, 1, false));
}

#[test]
fn the_routes_that_take_a_request_are_shown_and_those_that_should() {
    let tested = tested(
        "manifests: [tests/trace/shop.yaml]\ntests:\n  \
         - {request: GET http://shop.example:8080/cart/items/1, expect: cart-v2}\n",
    );
    let [finding] = &tested.findings[..] else { panic!("{:?}", tested.findings) };
    let texts: Vec<_> = finding.labels.iter().map(|label| label.text.as_str()).collect();
    for expected in ["route `items` answers", "route `canary` does not match: there is no header `x-canary`"] {
        assert!(texts.iter().any(|text| text.starts_with(expected)), "{expected}: {texts:#?}");
    }
    let name = |at: usize| &tested.sources.file(finding.labels[at].place.file).name;
    assert_eq!((name(0).as_str(), name(1).as_str()), ("shop.meshlint-test.yaml", "tests/trace/shop.yaml"));
    assert_eq!(finding.labels[0].pointer, "/tests/0/expect");
}

#[test]
fn the_ids_are_those_of_no_rule() {
    assert!(find_rule(super::FAILED).is_err() && find_rule(super::MALFORMED).is_err());
}
