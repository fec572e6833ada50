//! What meshlint says about what was drawn, as questions that Envoy can answer.

use std::collections::BTreeSet;
use std::path::Path;

use meshlint::engine::{self, Asked, Candidate, Entrance, Selection, Settings, Trace, Tracer, Verdict};
use meshlint::finding::{Finding, Witness};
use meshlint::source::{Input, Request};

use super::ask::{self, Ask, PROTO};
use super::config::{Order, Variant};
use super::draw;
use super::model::{Drawn, GATEWAY, NAMESPACE, Table, service_host};
use super::random::Random;

/// How many requests are drawn for a table.
pub(crate) const REQUESTS: usize = 20;

/// What was drawn, and what is claimed about it.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) at: usize,
    pub(crate) drawn: Drawn,
    pub(crate) manifests: String,
    pub(crate) questions: Vec<Question>,
    pub(crate) never: Vec<Never>,
}

/// A route that answers no request.
#[derive(Debug)]
pub(crate) struct Never {
    pub(crate) name: String,
    /// Who says so.
    pub(crate) about: String,
    /// Whether that is said of requests that come through a gateway alone.
    pub(crate) of_gateway: bool,
}

/// A request, the ways to write the tables down in which it is sent, and who has to answer.
#[derive(Debug)]
pub(crate) struct Question {
    /// Who claims something: a rule with its message, or `route`.
    pub(crate) about: String,
    /// In a word, to be counted.
    pub(crate) kind: String,
    pub(crate) ask: Ask,
    pub(crate) probes: Vec<Probe>,
    pub(crate) expect: Expect,
}

/// How the table that is asked is written down, and how that of a router behind it.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    pub(crate) outer: Variant,
    pub(crate) inner: Variant,
}

/// Who may answer; `None` inside is nobody. What is not asked for is `None` outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expect {
    pub(crate) gateway_routes: Option<Vec<Option<String>>>,
    pub(crate) routes: Option<Vec<Option<String>>>,
    /// Whether each of these has to answer in some variant.
    pub(crate) is_open: bool,
    /// What comes to the router behind the gateway: the host and the path, of which only what is rewritten is said.
    pub(crate) arrived: Option<(Option<String>, Option<String>)>,
}

impl Case {
    /// Draws a table, and asks meshlint about it.
    pub(crate) fn new(at: usize) -> Self {
        let mut random = Random::new(0x0e17_0000 ^ at as u64);
        let drawn = draw::drawn(at, &mut random);
        let asks = (0..REQUESTS).map(|_| ask::ask(&drawn, &mut random)).collect();
        Self::of(at, drawn, asks)
    }

    /// Asks meshlint about tables and requests to them.
    pub(crate) fn of(at: usize, drawn: Drawn, mut asks: Vec<Ask>) -> Self {
        let manifests = drawn.manifests();
        let input = || {
            let bytes = manifests.clone().into_bytes();
            Request::new(vec![Input::Stdin { name: "drawn.yaml".to_owned(), bytes }])
        };
        let settings = Settings {
            selection: Selection::new(&["all".to_owned()], &[], &[]).unwrap(),
            threads: 1,
            ..Settings::default()
        };
        let outcome = engine::check(&input(), Path::new("."), &settings);
        let tracer = Tracer::load(&input(), Path::new("."), &engine::Config::default(), 1);
        let mut case = Self { at, drawn, manifests, questions: Vec::new(), never: Vec::new() };
        for finding in &outcome.findings {
            case.hold(finding, &mut asks);
        }
        asks.dedup();
        for ask in asks {
            let trace = tracer.follow(&asked(&ask)).unwrap();
            case.questions.push(case.route(ask, &trace));
        }
        case
    }

    /// The table that a request is sent to.
    fn table(&self, ask: &Ask) -> &Table {
        match ask.router {
            Some(router) => &self.drawn.behind.routers()[router],
            None => self.drawn.gateway.as_ref().unwrap(),
        }
    }

    /// Ways to write the table down that a request is sent to, all of which a claim has to hold in.
    fn probes(&self, ask: &Ask) -> Vec<Probe> {
        let orders = [Order::Any, Order::Reversed];
        let inner = |order: &Order| Variant { is_partitioned: false, order: order.clone() };
        let modes = modes(self.table(ask));
        let both = modes.iter().flat_map(|mode| orders.iter().map(move |order| (*mode, order)));
        both.map(|(is_partitioned, order)| Probe {
            outer: Variant { is_partitioned, order: order.clone() },
            // So that each order of one meets each of the other.
            inner: inner(if is_partitioned { order } else { &orders[usize::from(*order == Order::Any)] }),
        })
        .collect()
    }

    /// Ways in which each of some routes of the table that is asked is as early as it may be.
    fn favouring<'n>(&self, ask: &Ask, names: impl Iterator<Item = &'n String> + Clone) -> Vec<Probe> {
        let modes = modes(self.table(ask));
        let each = modes.iter().flat_map(|mode| names.clone().map(move |name| (*mode, name)));
        each.map(|(is_partitioned, name)| Probe {
            outer: Variant { is_partitioned, order: Order::First(name.clone()) },
            inner: Variant { is_partitioned: false, order: Order::Any },
        })
        .collect()
    }

    /// What `meshlint route` says about a request.
    fn route(&self, ask: Ask, trace: &Trace) -> Question {
        let mut probes = self.probes(&ask);
        let gateway_route = trace.gateway_route.as_deref().map(name_of);
        let route = trace.route.as_ref().map(|route| route.name.clone());
        let mut expect = Expect {
            gateway_routes: ask.router.is_none().then(|| vec![gateway_route.clone()]),
            routes: Some(vec![route]),
            is_open: false,
            arrived: arrived(trace),
        };
        match trace.verdict {
            Verdict::Routed => self.hold_node(&ask, trace),
            Verdict::NoRoute | Verdict::NoGatewayRoute => {}
            Verdict::Undecided => {
                expect.is_open = true;
                let open: Vec<_> = trace.open.iter().map(|one| one.as_ref().map(candidate)).collect();
                let names = open.iter().flatten();
                if ask.router.is_none() && gateway_route.is_none() {
                    probes.extend(self.favouring(&ask, names));
                    (expect.gateway_routes, expect.routes) = (Some(open), None);
                } else {
                    let first = |name: &String| Variant { is_partitioned: false, order: Order::First(name.clone()) };
                    probes.extend(match ask.router {
                        Some(_) => self.favouring(&ask, names),
                        None => names.map(|name| Probe { inner: first(name), ..probes[0].clone() }).collect(),
                    });
                    expect.routes = Some(open);
                }
            }
            verdict => panic!("{}: {ask:?} is {}\n{}", self.at, verdict.word(), self.manifests),
        }
        let kind = format!("verdict {}", trace.verdict.word());
        Question { about: format!("`route` says {}", trace.verdict.word()), kind, ask, probes, expect }
    }

    /// A request ends at the node that the route which answers was drawn with.
    fn hold_node(&self, ask: &Ask, trace: &Trace) {
        let names = [trace.gateway_route.as_deref().map(name_of), trace.route.as_ref().map(|route| route.name.clone())];
        let last = names.into_iter().flatten().next_back().unwrap();
        let mut routes = self.drawn.gateway.iter().chain(self.drawn.behind.routers()).flat_map(|table| &table.routes);
        let node = format!("{NAMESPACE}/n{}", routes.find(|route| route.name == last).unwrap().target.0);
        let said: Vec<_> = trace.destinations.iter().map(|one| &one.node).collect();
        assert_eq!(said, [&node], "{}: {ask:?}", self.at);
    }

    /// What a finding claims: its witness, and routes that never answer.
    fn hold(&mut self, finding: &Finding, asks: &mut Vec<Ask>) {
        let about = format!("{}: {}", finding.rule, finding.message);
        let subject = finding.subject.as_ref().map_or("", |subject| &*subject.name);
        let is_router = finding.subject.as_ref().is_some_and(|subject| subject.kind == "VirtualRouter");
        let named = finding.message.split('`').nth(1).unwrap_or_default();
        if ["shadowed-route", "unreachable-route"].contains(&finding.rule) {
            let of_gateway = finding.rule == "unreachable-route";
            self.never.push(Never { name: named.to_owned(), about: about.clone(), of_gateway });
        }
        if finding.rule == "impossible-match" {
            let backticked: Vec<_> = finding.message.split('`').skip(1).step_by(2).collect();
            let names = self.drawn.gateway.iter().chain(self.drawn.behind.routers()).flat_map(|table| &table.routes);
            let found = names.map(|route| &route.name).find(|name| backticked.contains(&&***name));
            let never = |name: &String| Never { name: name.clone(), about: about.clone(), of_gateway: false };
            self.never.extend(found.map(never));
        }
        if finding.rule == "stolen-host" {
            self.hold_theft(finding, &about, asks);
        }
        let Some(witness) = &finding.witness else { return };
        let router = is_router.then(|| subject.trim_start_matches('r').parse().unwrap());
        let ask = self.ask_of(witness, router);
        let names = witness.answered_by.split(" or ");
        let answers: Vec<_> = names.map(|name| (name != "nobody").then(|| name.to_owned())).collect();
        let mut probes = self.probes(&ask);
        let is_open = answers.len() > 1;
        if is_open {
            probes.extend(self.favouring(&ask, answers.iter().flatten()));
        }
        let expect = match (router, finding.rule) {
            (Some(_), _) => Expect { gateway_routes: None, routes: Some(answers), is_open, arrived: None },
            // The gateway route takes it, and the router behind it does not.
            (None, "dead-request" | "stripped-prefix") => Expect {
                gateway_routes: Some(vec![Some(subject.to_owned())]),
                routes: Some(vec![None]),
                is_open,
                arrived: None,
            },
            (None, _) => Expect { gateway_routes: Some(answers), routes: None, is_open, arrived: None },
        };
        // A node only gets to a router by the host of its service.
        let is_at_gateway = router.is_none();
        if is_at_gateway || self.drawn.gateway.is_none() && router.is_some_and(|at| ask.host == service_host(at)) {
            asks.push(ask.clone());
        }
        self.questions.push(Question { about, kind: format!("witness of {}", finding.rule), ask, probes, expect });
    }

    /// That a host is stolen stands in a sentence: where hosts have tables of their own nobody answers, else one of the
    /// routes for any host.
    fn hold_theft(&mut self, finding: &Finding, about: &str, asks: &mut Vec<Ask>) {
        let why = finding.why.as_deref().unwrap_or_default();
        let mut words = why.split('`').skip(1).step_by(2);
        let (method, url) = words.next().and_then(|words| words.split_once(' ')).unwrap();
        let headers = words.filter_map(|words| words.split_once(": "));
        let witness = Witness {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            gateway: Some(format!("{NAMESPACE}/{GATEWAY}")),
            answered_by: String::new(),
        };
        let ask = self.ask_of(&witness, None);
        let hostless = self.table(&ask).routes.iter().filter(|route| route.host.is_none());
        let names: Vec<_> = hostless.map(|route| Some(route.name.clone())).collect();
        let (apart, flat): (Vec<_>, Vec<_>) =
            self.probes(&ask).into_iter().partition(|probe| probe.outer.is_partitioned);
        for (probes, answers) in [(apart, vec![None]), (flat, names)] {
            let expect = Expect { gateway_routes: Some(answers), ..Expect::default() };
            let (about, kind) = (about.to_owned(), "witness of stolen-host".to_owned());
            self.questions.push(Question { about, kind, ask: ask.clone(), probes, expect });
        }
        asks.push(ask);
    }

    /// A witness as a request to the table that it is about.
    fn ask_of(&self, witness: &Witness, router: Option<usize>) -> Ask {
        let (scheme, rest) = witness.url.split_once("://").unwrap();
        let (authority, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) =
            authority.split_once(':').map_or((authority, None), |(host, port)| (host, port.parse().ok()));
        let mut ask = Ask {
            method: witness.method.clone(),
            host: host.to_owned(),
            target: target.to_owned(),
            headers: witness.headers.clone(),
            port: 0,
            router,
        };
        ask.port = port.unwrap_or(self.table(&ask).ports[0]);
        // The listeners here have no certificates: what ends the TLS before them says that there was some.
        if scheme != "http" {
            ask.headers.push((PROTO.to_owned(), scheme.to_owned()));
        }
        ask
    }

    /// The tables that its questions ask: a router, or the gateway; a port; a variant.
    pub(crate) fn tables(&self) -> BTreeSet<(Option<usize>, u16, Variant)> {
        let mut all = BTreeSet::new();
        for question in &self.questions {
            for probe in &question.probes {
                all.insert((question.ask.router, question.ask.port, probe.outer.clone()));
                if question.ask.router.is_none() {
                    for (router, table) in self.drawn.behind.routers().iter().enumerate() {
                        all.extend(table.ports.iter().map(|port| (Some(router), *port, probe.inner.clone())));
                    }
                }
            }
        }
        all
    }
}

/// Whether hosts have tables of their own: claims have to hold in both readings, which are one where there are no hosts.
fn modes(table: &Table) -> &'static [bool] {
    if table.routes.iter().any(|route| route.host.is_some()) { &[false, true] } else { &[false] }
}

/// The request as meshlint is asked about it.
fn asked(ask: &Ask) -> Asked {
    let entrance = match ask.router {
        Some(_) => Entrance::Node(format!("{NAMESPACE}/caller")),
        None => Entrance::Gateway(format!("{NAMESPACE}/{GATEWAY}")),
    };
    let url = format!("http://any.example:{}{}", ask.port, ask.target);
    let mut headers = ask.headers.clone();
    headers.push(("Host".to_owned(), ask.host.clone()));
    Asked::new(&ask.method, &url, &headers, entrance).unwrap_or_else(|error| panic!("{ask:?}: {error}"))
}

/// What a gateway route makes of the host and the path, from the step that tells it.
fn arrived(trace: &Trace) -> Option<(Option<String>, Option<String>)> {
    let told = trace.steps.iter().find(|step| step.text.starts_with("the path "))?;
    let after = |words: &str| told.text.split_once(words)?.1.split_once('`').map(|(text, _)| text.to_owned());
    Some((after("the host becomes `"), after("the path becomes `")))
}

/// The name of a candidate without its namespace or its router.
fn candidate(candidate: &Candidate) -> String {
    match candidate {
        Candidate::Resource(name) => name_of(name),
        Candidate::Route(route) => route.name.clone(),
    }
}

fn name_of(full: &str) -> String {
    full.rsplit('/').next().unwrap_or(full).to_owned()
}
