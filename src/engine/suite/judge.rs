//! Whether an expectation holds, and what to say if it does not.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::finding::{Draft, FileId, Place, Span, quoted};

use super::super::reader::Written;
use super::super::selection::nearest;
use super::super::trace::{Destination, Entrance, Named, StepKind, Trace, Tracer, Verdict};
use super::file::{Expect, Test, words};

/// Manifests and what their places become in a report that other files stand in, too.
pub(super) struct World<'t> {
    pub(super) tracer: &'t Tracer,
    /// How many files stand before those of the manifests.
    pub(super) offset: usize,
    /// The paths of the manifests as they are reported.
    pub(super) paths: &'t [String],
}

/// What there is to say about an expectation that does not hold.
pub(super) fn judge(test: &Test, file: FileId, world: &World<'_>) -> Option<Draft> {
    let judge = Judge { test, file, world };
    if let Some(stranger) = judge.stranger() {
        return Some(stranger);
    }
    let trace = match world.tracer.follow(&test.asked) {
        Ok(trace) => trace,
        Err(bad) => {
            let span = test.entrance.as_ref().map_or_else(Span::default, |one| one.span);
            return Some(Draft::new("unknown-name", bad.message).at(judge.at(span), "").help(bad.help));
        }
    };
    judge.end(&trace).or_else(|| judge.way(&trace))
}

struct Judge<'a> {
    test: &'a Test,
    file: FileId,
    world: &'a World<'a>,
}

/// Nodes by name, each with its share.
type Shares = BTreeMap<String, u64>;

impl Judge<'_> {
    fn at(&self, span: Span) -> Place {
        Place::new(self.file, span)
    }

    /// Whether the gateway or the node that the request comes from is not there.
    fn stranger(&self) -> Option<Draft> {
        let (sort, words) = match &self.test.asked.entrance {
            Entrance::AnyGateway => return None,
            Entrance::Gateway(_) => (Named::Gateway, "gateway"),
            Entrance::Node(_) => (Named::Node, "node"),
        };
        let name = self.test.entrance.as_ref()?;
        let names = self.world.tracer.names(sort);
        if names.iter().any(|full| is_name_of(&name.text, full)) {
            return None;
        }
        let message = format!("there is no {words} `{}` among the manifests", name.text);
        Some(Draft::new("unknown-name", message).at(self.at(name.span), "").help(advice(&name.text, &names, words)))
    }

    /// What is wrong with where the request ends.
    fn end(&self, trace: &Trace) -> Option<Draft> {
        let (expect, span) = self.test.expect.as_ref()?;
        match expect {
            Expect::Nothing => {
                let holds = matches!(trace.verdict, Verdict::NoGatewayRoute | Verdict::NoRoute);
                let help = (!holds && never_arrives(trace.verdict))
                    .then(|| format!("`nothing` is a 404 by a gateway or a router; write `{}`", trace.verdict.word()));
                (!holds).then(|| self.other(trace, *span, "no route to take it (404)", &[], help))
            }
            Expect::Verdict(verdict) => (*verdict != trace.verdict)
                .then(|| self.other(trace, *span, &format!("`{}`", verdict.word()), &[], None)),
            Expect::Nodes(nodes) => self.nodes(trace, nodes, *span),
        }
    }

    fn nodes(&self, trace: &Trace, nodes: &[(Written, Option<u32>)], span: Span) -> Option<Draft> {
        let known = self.world.tracer.names(Named::Node);
        let ends: Vec<_> = trace.destinations.iter().map(|one| one.node.clone()).collect();
        let mut expected = Shares::new();
        for (name, share) in nodes {
            let full = match resolved(&name.text, &known, &ends) {
                Ok(full) => full,
                Err(several) if several.is_empty() => {
                    let names: Vec<_> = known.iter().cloned().chain(words().map(str::to_owned)).collect();
                    let help = advice(&name.text, &names, "node");
                    let want = format!("node `{}`, which is not among the manifests", name.text);
                    return Some(self.other_case("unknown-name", trace, name.span, &want, &[], Some(help)));
                }
                Err(several) => {
                    let message = format!("`{}` may be {}", name.text, either(&several));
                    let draft = Draft::new("unknown-name", message).at(self.at(name.span), "");
                    return Some(draft.help(format!("write it with its namespace: `{}`", several[0])));
                }
            };
            *expected.entry(full).or_default() += u64::from(share.unwrap_or(1));
        }
        let has_shares = nodes.iter().all(|(_, share)| share.is_some());
        if trace.verdict == Verdict::Routed && ends_there(&trace.destinations, &expected, has_shares) {
            return None;
        }
        let full: Vec<_> = expected.keys().cloned().collect();
        Some(self.other(trace, span, &shares_words(&expected, has_shares), &full, None))
    }

    /// What is wrong with the routes that take the request.
    fn way(&self, trace: &Trace) -> Option<Draft> {
        let gateway_route = trace.gateway_route.clone();
        let route = trace.route.as_ref().map(|route| format!("{}/{}", route.router, route.name));
        let checks = [
            (&self.test.gateway_route, gateway_route, Named::GatewayRoute, "gateway route"),
            (&self.test.route, route, Named::Route, "route"),
        ];
        for (wanted, taken, sort, words) in checks {
            let Some(wanted) = wanted else { continue };
            if taken.as_ref().is_some_and(|taken| is_name_of(&wanted.text, taken)) {
                continue;
            }
            let names = self.world.tracer.names(sort);
            let is_there = names.iter().any(|full| is_name_of(&wanted.text, full));
            let (case, help) = match is_there {
                true => (case_of(trace), None),
                false => ("unknown-name", Some(advice(&wanted.text, &names, words))),
            };
            let taken = taken.map_or_else(|| format!("by no {words}"), |taken| format!("by {words} `{taken}`"));
            let message = format!("{} is taken {taken}; expected `{}`", self.title(), wanted.text);
            return Some(self.explained(Draft::new(case, message), trace, wanted.span, &[], help));
        }
        None
    }

    fn other(&self, trace: &Trace, span: Span, want: &str, nodes: &[String], help: Option<String>) -> Draft {
        self.other_case(case_of(trace), trace, span, want, nodes, help)
    }

    fn other_case(
        &self,
        case: &'static str,
        trace: &Trace,
        span: Span,
        want: &str,
        nodes: &[String],
        help: Option<String>,
    ) -> Draft {
        let message = format!("{} {}; expected {want}", self.title(), end_words(trace));
        self.explained(Draft::new(case, message), trace, span, nodes, help)
    }

    /// The request, with the name of the test where it has one.
    fn title(&self) -> String {
        let request = format!("`{} {}`", self.test.asked.method, self.test.asked.url);
        self.test.name.as_ref().map_or_else(|| request.clone(), |name| format!("`{name}`: {request}"))
    }

    /// Adds the way of the request: what decides it, and why the routes to some nodes do not answer.
    fn explained(&self, draft: Draft, trace: &Trace, span: Span, nodes: &[String], help: Option<String>) -> Draft {
        let minded = if nodes.is_empty() { FxHashSet::default() } else { self.world.tracer.leading_to(nodes) };
        let again = self.world.tracer.follow_minding(&self.test.asked, &minded);
        let steps = again.as_ref().map_or(&trace.steps, |again| &again.steps);
        let last = steps.iter().rposition(|step| step.kind != StepKind::Detail).unwrap_or(0);
        let is_open = matches!(trace.verdict, Verdict::Undecided | Verdict::Unknown | Verdict::NoGateway);
        let mut places: Vec<(Place, String)> = Vec::new();
        // Where the right gateway route answers, the others do not matter.
        let mut is_at_gateway = trace.gateway_route.is_some();
        let mut is_right = false;
        for (index, step) in steps.iter().enumerate() {
            if step.kind == StepKind::Turn {
                is_right = is_at_gateway && step.place.is_some_and(|place| minded.contains(&place));
                is_at_gateway = false;
            }
            let Some(place) = step.place else { continue };
            let tells = match step.kind {
                StepKind::Station => false,
                StepKind::Turn => true,
                StepKind::Detail => (minded.contains(&place) && !is_right) || (is_open && index > last),
            };
            if !tells {
                continue;
            }
            match places.iter_mut().find(|(known, _)| *known == place) {
                Some((_, text)) => *text = format!("{text}; {}", step.text),
                None => places.push((place, step.text.clone())),
            }
        }
        let mut draft = draft.at(self.at(span), "expected here");
        for (place, text) in places {
            let file = FileId::new(place.file.index() + self.world.offset);
            draft = draft.at(Place::new(file, place.span), text);
        }
        if let Some(last) = steps.get(last).filter(|last| last.place.is_none()) {
            draft = draft.why(last.text.clone());
        }
        draft.help(help.unwrap_or_else(|| format!("the whole way: {}", self.command())))
    }

    /// The command that tells the whole way.
    fn command(&self) -> String {
        let asked = &self.test.asked;
        let mut out = format!("meshlint route {}", quoted(&format!("{} {}", asked.method, asked.url)));
        for (name, value) in &self.test.headers {
            out.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
        }
        match &asked.entrance {
            Entrance::AnyGateway => {}
            Entrance::Gateway(name) => out.push_str(&format!(" --gateway {}", quoted(name))),
            Entrance::Node(name) => out.push_str(&format!(" --from {}", quoted(name))),
        }
        for path in self.world.paths {
            out.push_str(&format!(" {}", quoted(path)));
        }
        out
    }
}

const fn case_of(trace: &Trace) -> &'static str {
    match trace.verdict {
        Verdict::Undecided | Verdict::Unknown => "not-decided",
        _ => "other-answer",
    }
}

/// Whether a request comes to no node, and not because no route takes it.
const fn never_arrives(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::NoGateway | Verdict::NoProvider | Verdict::NotABackend)
}

/// Whether a name as written is that of something: its full name, or the end of it from a `/` on.
fn is_name_of(written: &str, full: &str) -> bool {
    full.strip_suffix(written).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// The full name that is meant; else all that may be meant. Destinations may be nodes that are not among the manifests.
fn resolved(written: &str, known: &[String], ends: &[String]) -> Result<String, Vec<String>> {
    let mut meant: Vec<_> = known.iter().filter(|full| is_name_of(written, full)).cloned().collect();
    if meant.is_empty() {
        meant = ends.iter().filter(|full| is_name_of(written, full)).cloned().collect();
        meant.dedup();
    }
    match &mut meant[..] {
        [only] => Ok(std::mem::take(only)),
        _ => Err(meant),
    }
}

/// Whether requests end at these nodes, with these shares if they count. A node without a weight gets nothing.
fn ends_there(destinations: &[Destination], expected: &Shares, has_shares: bool) -> bool {
    let mut actual = Shares::new();
    let is_known = destinations.iter().all(|one| one.weight.is_some());
    for one in destinations {
        // A weight that is not known may be any.
        let weight = one.weight.map_or(1, |weight| u64::try_from(weight).unwrap_or(0));
        *actual.entry(one.node.clone()).or_default() += weight;
    }
    actual.retain(|_, share| *share > 0);
    let expected: Shares =
        expected.iter().filter(|(_, share)| **share > 0).map(|(name, share)| (name.clone(), *share)).collect();
    if !actual.keys().eq(expected.keys()) {
        return false;
    }
    if !has_shares || actual.len() < 2 {
        return true;
    }
    let total = |shares: &Shares| shares.values().map(|share| u128::from(*share)).sum::<u128>();
    let (whole, wanted) = (total(&actual), total(&expected));
    let pairs = actual.values().zip(expected.values());
    is_known && pairs.into_iter().all(|(a, b)| u128::from(*a) * wanted == u128::from(*b) * whole)
}

/// Where a request ends, as a part of a sentence.
fn end_words(trace: &Trace) -> String {
    match trace.verdict {
        Verdict::Routed => {
            let mut shares: Vec<(String, Option<u64>)> = Vec::new();
            for one in &trace.destinations {
                shares.push((one.node.clone(), one.weight.map(|weight| u64::try_from(weight).unwrap_or(0))));
            }
            format!("ends at {}", with_shares(&shares))
        }
        Verdict::NoGateway => "comes in at no gateway".to_owned(),
        Verdict::NoGatewayRoute => "is taken by no gateway route (404)".to_owned(),
        Verdict::NoRoute => "is taken by no route of the router (404)".to_owned(),
        Verdict::NoProvider => "comes to a service that nothing provides".to_owned(),
        Verdict::NotABackend => "is no call that the node may make".to_owned(),
        Verdict::Passthrough => "leaves the mesh as it is".to_owned(),
        Verdict::Undecided => "is `undecided`".to_owned(),
        Verdict::Unknown => "hangs on what is not known".to_owned(),
    }
}

fn shares_words(shares: &Shares, has_shares: bool) -> String {
    if has_shares {
        let shares: Vec<_> = shares.iter().map(|(name, share)| (name.clone(), Some(*share))).collect();
        return with_shares(&shares);
    }
    shares.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
}

/// Nodes with their shares, where there is more than one.
fn with_shares(shares: &[(String, Option<u64>)]) -> String {
    if let [(only, share)] = shares {
        let weight = if *share == Some(0) { " with weight 0" } else { "" };
        return format!("`{only}`{weight}");
    }
    let whole: Option<u64> = shares.iter().map(|(_, share)| *share).sum();
    let one = |(name, share): &(String, Option<u64>)| match (share, whole) {
        (Some(share), Some(whole)) => format!("`{name}` ({share} of {whole})"),
        (Some(share), None) => format!("`{name}` (weight {share})"),
        (None, _) => format!("`{name}` (weight not known)"),
    };
    shares.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// What may have been meant by a name that nothing has.
fn advice(written: &str, names: &[String], words: &str) -> String {
    let ends = names.iter().map(|full| end_of(full, written));
    match nearest(written, ends) {
        Some(near) => {
            // The whole name says more than its end.
            let full = names.iter().find(|full| is_name_of(near, full)).map_or(near, String::as_str);
            format!("did you mean `{full}`?")
        }
        None => format!("write the name of a {words} as in its metadata, as `namespace/name`"),
    }
}

/// The end of a full name that has as many parts as what is written.
fn end_of<'n>(full: &'n str, written: &str) -> &'n str {
    let parts = written.matches('/').count();
    full.rmatch_indices('/').nth(parts).map_or(full, |(at, _)| &full[at + 1..])
}

fn either(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}
