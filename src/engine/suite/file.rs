//! Test files: what they expect, and what is wrong with the way it is written.

use crate::finding::{Draft, FileId, Place, Span};
use crate::source::SourceFile;
use crate::yaml::{self, Chunk, Entry, Kind, NodeId};

use super::super::reader::{Reader, Written};
use super::super::selection::nearest;
use super::super::trace::{Asked, Entrance, Verdict};

/// What one document of a test file holds.
#[derive(Debug, Default)]
pub(super) struct Suite {
    /// The paths of the manifests as written; none for the folder of the file.
    pub(super) manifests: Vec<Written>,
    /// What can be asked.
    pub(super) tests: Vec<Test>,
    /// How many expectations there are, those included that cannot be asked.
    pub(super) count: usize,
    /// What is wrong with the way it is written.
    pub(super) faults: Vec<Draft>,
}

/// An expectation about one request.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) name: Option<String>,
    pub(super) asked: Asked,
    pub(super) headers: Vec<(String, String)>,
    /// The gateway or the node that is named, with its place.
    pub(super) entrance: Option<Written>,
    pub(super) expect: Option<(Expect, Span)>,
    /// The gateway route that is to take the request.
    pub(super) gateway_route: Option<Written>,
    /// The route that is to take it.
    pub(super) route: Option<Written>,
}

impl Test {
    /// Where what is expected stands.
    pub(super) fn place(&self) -> Span {
        let way = self.gateway_route.as_ref().or(self.route.as_ref()).map(|one| one.span);
        self.expect.as_ref().map(|(_, span)| *span).or(way).unwrap_or_default()
    }
}

/// Where a request is to end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// Nowhere: no route takes it.
    Nothing,
    /// As this verdict says.
    Verdict(Verdict),
    /// At these nodes, with shares where they are named.
    Nodes(Vec<(Written, Option<u32>)>),
}

const FILE_KEYS: &[&str] = &["manifests", "tests"];
const TEST_KEYS: &[&str] = &["name", "request", "headers", "gateway", "from", "expect", "via"];
const REQUEST_KEYS: &[&str] = &["method", "url", "headers"];
const VIA_KEYS: &[&str] = &["gateway-route", "route"];

/// The words that say how a request ends otherwise than at nodes that are named.
pub(super) const NOTHING: &str = "nothing";
const VERDICTS: &[Verdict] = &[
    Verdict::Routed,
    Verdict::NoGateway,
    Verdict::NoGatewayRoute,
    Verdict::NoRoute,
    Verdict::NoProvider,
    Verdict::NotABackend,
    Verdict::Passthrough,
    Verdict::Undecided,
    Verdict::Unknown,
];

/// Every word that may stand for an end.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    VERDICTS.iter().map(|verdict| verdict.word()).chain([NOTHING])
}

/// Reads the documents of a test file. What is wrong with one test does not touch the others.
pub(super) fn read(file: &SourceFile, id: FileId) -> Vec<Suite> {
    let chunks = yaml::split(&file.text);
    let mut suites: Vec<_> = chunks.into_iter().filter_map(|chunk| read_document(file, id, chunk)).collect();
    // A manifest that is named by mistake is one mistake.
    let mut is_told = false;
    for suite in &mut suites {
        suite.faults.retain(|fault| fault.case != "no-tests" || !std::mem::replace(&mut is_told, true));
    }
    if let Some((span, message)) = file.damage.first() {
        let draft = Draft::new("syntax", message).at(Place::new(id, *span), "").help("save the file as UTF-8");
        suites.push(Suite { faults: vec![draft], ..Suite::default() });
    } else if suites.is_empty() {
        let draft = Draft::new("no-tests", "the file is empty").at(Place::new(id, Span::default()), "");
        suites.push(Suite { faults: vec![draft.help(SHAPE)], ..Suite::default() });
    }
    suites
}

const SHAPE: &str = "write a list `tests:`, each with a `request: GET http://host/path` and what to `expect:`";

/// `None` for a document without content.
fn read_document(file: &SourceFile, id: FileId, chunk: Chunk) -> Option<Suite> {
    let (doc, errors) = yaml::parse(&file.text, chunk, &yaml::Options::default());
    let mut reader = Reader { doc: &doc, file: id, faults: Vec::new() };
    for error in errors {
        let (what, remedy) = error.message.split_once("; ").unwrap_or((&error.message, ""));
        let help = if remedy.is_empty() { "mend the text at this place" } else { remedy };
        reader.fault("syntax", error.span, what, "", help);
    }
    let mut suite = Suite::default();
    match doc.root() {
        None if reader.faults.is_empty() => return None,
        Some(root) if doc.is_whole => reader.file(root, &mut suite),
        _ => {}
    }
    suite.faults = reader.faults;
    Some(suite)
}

impl Reader<'_> {
    fn file(&mut self, root: NodeId, suite: &mut Suite) {
        for twice in yaml::duplicate_keys(self.doc) {
            let place = Place::new(self.file, twice.first);
            let draft = Draft::new("duplicate-key", format!("the key `{}` is written twice", twice.key));
            self.faults.push(draft.at(Place::new(self.file, twice.again), "").at(place, "first here"));
        }
        let start = self.doc.entries(root).next().map_or(self.doc.span(root), |entry| self.doc.span(entry.key));
        let names: Vec<_> = self.doc.merged(root).iter().map(|entry| self.doc.text(entry.key)).collect();
        let is_near = || names.iter().any(|name| nearest(name, FILE_KEYS.iter().copied()).is_some());
        if !names.contains(&"tests") && !is_near() {
            return self.fault("no-tests", start, "this is no file of tests", "there is no key `tests`", SHAPE);
        }
        let Some([manifests, tests]) = self.fields(root, "a file of tests", FILE_KEYS) else { return };
        let before = self.faults.len();
        suite.manifests = manifests.map_or_else(Vec::new, |entry| self.texts(entry, "manifests"));
        let is_lost = self.faults.len() > before;
        // Without it there is a key that was meant, and that is told.
        let Some(tests) = tests else {
            if names.contains(&"tests") {
                self.missing("tests", "a file of tests", start, SHAPE);
            }
            return;
        };
        let Some(items) = self.list(tests, "tests", "tests") else { return };
        for item in items {
            suite.count += 1;
            suite.tests.extend(self.test(item));
        }
        // Other manifests than those that are meant would give other answers.
        if is_lost {
            suite.tests.clear();
        }
        if suite.count == 0 {
            self.fault("no-tests", self.doc.span(tests.key), "the list `tests` is empty", "", SHAPE);
        }
    }

    /// A test as far as it can be asked; what is wrong with it is told, and then it is not.
    fn test(&mut self, item: NodeId) -> Option<Test> {
        let before = self.faults.len();
        let [name, request, headers, gateway, from, expect, via] = self.fields(item, "a test", TEST_KEYS)?;
        let start = self.doc.entries(item).next().map_or(self.doc.span(item), |entry| self.doc.span(entry.key));
        let name = name.and_then(|entry| self.text(entry.value, "name"));
        let headers = headers.map_or_else(Vec::new, |entry| self.headers(entry));
        let (gateway, from) = (
            gateway.and_then(|entry| self.text(entry.value, "gateway")),
            from.and_then(|entry| self.text(entry.value, "from")),
        );
        let at = match (&gateway, &from) {
            (Some(_), Some(from)) => {
                let message = "a request has both `gateway` and `from`";
                self.fault("bad-request", from.span, message, "", "it enters at a gateway, or comes from a node");
                Entrance::AnyGateway
            }
            (Some(gateway), None) => Entrance::Gateway(gateway.text.clone()),
            (None, Some(from)) => Entrance::Node(from.text.clone()),
            (None, None) => Entrance::AnyGateway,
        };
        let help = "write `request: GET http://host/path`, with the port of the listener if it is not 80";
        let asked = match request {
            Some(entry) => self.request(entry.value, headers, at),
            None => {
                self.missing("request", "a test", start, help);
                None
            }
        };
        let [gateway_route, route] = match via.map(|entry| self.fields(entry.value, "`via`", VIA_KEYS)) {
            Some(Some(ways)) => ways.map(|entry| self.text(entry?.value, "the name of a route")),
            _ => [None, None],
        };
        let expect = expect.and_then(|entry| self.expect(entry.value));
        if expect.is_none() && gateway_route.is_none() && route.is_none() && self.faults.len() == before {
            let help = "write `expect:` with a node, `nothing` for 404, or nodes with their shares";
            self.missing("expect", "a test", start, help);
        }
        let (asked, headers) = asked?;
        let test = Test {
            name: name.map(|name| name.text),
            asked,
            headers,
            entrance: gateway.or(from),
            expect,
            gateway_route,
            route,
        };
        (self.faults.len() == before).then_some(test)
    }

    /// The request, with the headers that it is made with.
    fn request(
        &mut self,
        node: NodeId,
        mut headers: Vec<(String, String)>,
        at: Entrance,
    ) -> Option<(Asked, Vec<(String, String)>)> {
        const HELP: &str = "write a method and a URL: `request: GET http://shop.example:8080/cart`";
        let node = self.doc.target(node).unwrap_or(node);
        let span = self.doc.span(node);
        let (method, url, span) = if self.doc.kind(node) == Kind::Mapping {
            let [method, url, own] = self.fields(node, "a request", REQUEST_KEYS)?;
            let method = method.and_then(|entry| self.text(entry.value, "method")).map_or("GET".into(), |one| one.text);
            if let Some(entry) = own {
                if !headers.is_empty() {
                    let message = "the headers are written in the request and beside it";
                    self.fault("duplicate-key", self.doc.span(entry.key), message, "", "write them in one place");
                }
                headers.extend(self.headers(entry));
            }
            let Some(url) = url else {
                self.missing("url", "a request", span, HELP);
                return None;
            };
            let url = self.text(url.value, "url")?;
            (method, url.text, url.span)
        } else {
            let text = self.text(node, "request")?;
            let mut words = text.text.split_whitespace();
            let (Some(method), Some(url), None) = (words.next(), words.next(), words.next()) else {
                self.fault("bad-request", text.span, format!("`{}` is not a method and a URL", text.text), "", HELP);
                return None;
            };
            (method.to_owned(), url.to_owned(), text.span)
        };
        match Asked::new(&method, &url, &headers, at) {
            Ok(asked) => Some((asked, headers)),
            Err(bad) => {
                self.fault("bad-request", span, bad.message, "", bad.help);
                None
            }
        }
    }

    fn expect(&mut self, node: NodeId) -> Option<(Expect, Span)> {
        let doc = self.doc;
        let node = doc.target(node).unwrap_or(node);
        let nodes = match doc.kind(node) {
            Kind::Mapping => {
                let mut nodes = Vec::new();
                for Entry { key, value } in doc.merged(node) {
                    let name = Written { text: doc.text(key).to_owned(), span: doc.span(key) };
                    let share = doc.target(value).and_then(|value| doc.text(value).parse().ok());
                    if share.is_none() {
                        let help = "write the weights of the nodes, or any numbers in their proportion: `{shop/a: 9, shop/b: 1}`";
                        let message = format!("the share of `{}` has to be a whole number", name.text);
                        self.fault("wrong-type", self.shown(value, name.span), message, "", help);
                    }
                    nodes.push((name, share));
                }
                nodes
            }
            Kind::Sequence => {
                let texts: Vec<_> = doc.items(node).filter_map(|item| self.text(item, "the name of a node")).collect();
                texts.into_iter().map(|name| (name, None)).collect()
            }
            _ => {
                let text = self.text(node, "expect")?;
                if text.text == NOTHING {
                    return Some((Expect::Nothing, text.span));
                }
                if let Some(verdict) = VERDICTS.iter().find(|verdict| verdict.word() == text.text) {
                    return Some((Expect::Verdict(*verdict), text.span));
                }
                let span = text.span;
                return Some((Expect::Nodes(vec![(text, Some(1))]), span));
            }
        };
        let span = doc.span(node);
        if nodes.is_empty() {
            let help = "write `nothing` for a request that no route takes";
            self.fault("wrong-type", span, "`expect` names no node", "", help);
        }
        // What is written over several lines is shown at its first name.
        let shown = nodes.first().map_or(span, |(name, _)| if doc.raw(node).contains('\n') { name.span } else { span });
        Some((Expect::Nodes(nodes), shown))
    }

    fn headers(&mut self, entry: Entry) -> Vec<(String, String)> {
        let doc = self.doc;
        let Some(node) = doc.target(entry.value).filter(|node| doc.kind(*node) == Kind::Mapping) else {
            let span = self.shown(entry.value, doc.span(entry.key));
            let help = "write a mapping of names to values: `headers: {x-user: ann}`";
            self.fault("wrong-type", span, "`headers` has to be a mapping", "", help);
            return Vec::new();
        };
        let pair = |this: &mut Self, one: Entry| {
            let name = doc.text(one.key).to_owned();
            let value = doc.target(one.value).filter(|value| doc.kind(*value) == Kind::Scalar);
            match value {
                Some(value) => Some((name, doc.text(value).to_owned())),
                None => {
                    let span = this.shown(one.value, doc.span(one.key));
                    let message = format!("the value of the header `{name}` has to be text");
                    this.fault("wrong-type", span, message, "", "values of one name are one text, joined by commas");
                    None
                }
            }
        };
        doc.merged(node).into_iter().filter_map(|one| pair(self, one)).collect()
    }
}
