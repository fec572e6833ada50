//! What a gateway route makes of a path: said by the documents of App Mesh, by meshlint, and by an Envoy with a regex
//! rewrite that stands for it.

use super::ask::Ask;
use super::model::{Behind, Drawn, Path, PathRewrite, Protocol, Rewrite, Route, Table, service_host};
use super::question::Case;
use super::server::Envoy;
use super::tables::{Tally, put_all};

/// Paths, and what becomes of them.
type Paths = &'static [(&'static str, &'static str)];

/// What a gateway route matches and rewrites, and what becomes of paths.
fn rewrites() -> Vec<(Path, PathRewrite, Paths)> {
    let prefix = |text: &str| Path::Prefix(text.to_owned());
    let to = |text: &str| PathRewrite::Prefix(text.to_owned());
    vec![
        (
            prefix("/color1"),
            PathRewrite::Default,
            &[
                ("/color1/tell", "/tell"),
                ("/color12", "/2"),
                ("/color1", "/"),
                ("/color1/", "/"),
                ("/color1?a=/color1", "/"),
            ],
        ),
        (prefix("/"), PathRewrite::Default, &[("/", "/"), ("/a/b", "/a/b")]),
        (prefix("/a/"), PathRewrite::Default, &[("/a/", "/"), ("/a/a/b", "/a/b")]),
        (prefix("/a"), to("/b/"), &[("/a", "/b/"), ("/a/c", "/b/c"), ("/ac", "/b/c"), ("/a/a", "/b/a")]),
        (prefix("/a/"), to("/b/c/"), &[("/a/", "/b/c/"), ("/a/c", "/b/c/c")]),
        (prefix("/a.b+c"), to("/x/"), &[("/a.b+c/d", "/x/d")]),
        (prefix("/a"), PathRewrite::Disabled, &[("/a/b", "/a/b"), ("/ab", "/ab")]),
        (Path::Exact("/a".to_owned()), PathRewrite::Default, &[("/a", "/a")]),
        (Path::Exact("/a".to_owned()), PathRewrite::Exact("/b/c".to_owned()), &[("/a", "/b/c"), ("/a?q=/a", "/b/c")]),
        (Path::Regex("/[ab]/.*".to_owned()), PathRewrite::Exact("/c".to_owned()), &[("/a/b", "/c"), ("/b/", "/c")]),
    ]
}

#[test]
fn paths_come_to_the_router_as_the_documents_say() {
    let Some(envoy) = Envoy::find("rewrites") else { return };
    let mut cases = Vec::new();
    for (at, (path, rewrite, paths)) in rewrites().into_iter().enumerate() {
        let gate = route("gate", path, Rewrite { path: rewrite, keeps_host: at % 2 == 1 });
        let all = route("all", Path::Prefix("/".to_owned()), Rewrite::default());
        let table = |port, route| Table { protocol: Protocol::Http, ports: vec![port], routes: vec![route] };
        let drawn = Drawn { gateway: Some(table(8080, gate)), behind: Behind::Routers(vec![table(9080, all)]) };
        let mut case = Case::of(at, drawn, paths.iter().map(|(target, _)| ask(target)).collect());
        for (target, becomes) in paths {
            let host = if at % 2 == 1 { "shop.example".to_owned() } else { service_host(0) };
            let question = case.questions.iter_mut().find(|question| question.ask == ask(target)).unwrap();
            let (said_host, said_path) = question.expect.arrived.clone().unwrap();
            let own_path = target.split('?').next().unwrap();
            assert_eq!(said_path.as_deref().unwrap_or(own_path), *becomes, "meshlint says so of {target}");
            assert_eq!(said_host.as_deref().unwrap_or("shop.example"), host, "meshlint says so of {target}");
            question.expect.arrived = Some((Some(host), Some((*becomes).to_owned())));
        }
        cases.push(case);
    }
    let mut tally = Tally::default();
    put_all(&cases, envoy, "rewrite", &mut tally);
    tally.hold();
}

fn ask(target: &str) -> Ask {
    let (method, host) = ("GET".to_owned(), "shop.example".to_owned());
    Ask { method, host, target: target.to_owned(), headers: Vec::new(), port: 8080, router: None }
}

fn route(name: &str, path: Path, rewrite: Rewrite) -> Route {
    Route {
        name: name.to_owned(),
        priority: None,
        port: None,
        path: Some(path),
        call: None,
        method: None,
        scheme: None,
        host: None,
        headers: Vec::new(),
        queries: Vec::new(),
        target: (0, None),
        rewrite,
    }
}
