//! The same bytes come out whatever the threads and the order of the inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use meshlint::engine::Outcome;
use meshlint::report::{Format, Report, Style, write};
use meshlint::source::Root;
use meshlint::yaml;

use super::random::Random;
use super::sample::{Sample, check, check_with, each, is_deep, samples};
use super::sound::sound;

fn json(outcome: &Outcome) -> String {
    let Outcome { findings, sources, summary, problems, .. } = outcome;
    let mut out = Vec::new();
    let root = &Root::default();
    let report =
        Report { findings, sources, summary, problems, root, rules: &[], has_pages: true, tool_version: "0.0.0" };
    write(Format::Json, &report, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn neither_threads_nor_the_order_of_inputs_show() {
    let all = samples();
    let named: Vec<_> = all.iter().enumerate().map(|(at, sample)| (place(at, sample), sample)).collect();
    let mut files: Vec<(&str, &[u8])> =
        named.iter().map(|(name, sample)| (name.as_str(), sample.text.as_bytes())).collect();
    let first = check(&files);
    sound(&first);
    assert!(first.findings.len() > 300 && first.scopes.len() > 10, "{} findings", first.findings.len());
    let first = json(&first);
    let mut random = Random::new(7);
    for threads in [1, 2, 8, 8] {
        assert!(json(&check_with(&files, &["all".to_owned()], threads)) == first, "{threads} threads");
        random.shuffle(&mut files);
    }
}

/// A tree that has every sample somewhere: some alone in a folder, some beside others.
fn place(at: usize, sample: &Sample) -> String {
    let folder = if at.is_multiple_of(3) { format!("{at}/") } else { format!("shared/{}/", at % 7) };
    format!("{folder}{at}-{}", sample.file())
}

#[test]
fn the_order_of_documents_does_not_matter() {
    let rounds = if is_deep() { 20 } else { 2 };
    let wrong = Mutex::new(BTreeSet::new());
    each(&samples(), |at, sample| {
        // Comments before the first document stand before another one then, but nothing is said about them.
        let chunks = yaml::split(&sample.text);
        let mut documents: Vec<_> =
            chunks.iter().map(|chunk| &sample.text[chunk.span.start as usize..chunk.span.end as usize]).collect();
        let is_plain = |text: &&str| !text.starts_with('%') && !text.contains("\n%");
        if documents.len() < 2 || sample.is_json() || !documents.iter().all(is_plain) {
            return;
        }
        let told = |documents: &[&str]| {
            let whole = |text: &&str| {
                let text = text.trim_end().trim_end_matches("\n...");
                if text.starts_with("---") { format!("{text}\n") } else { format!("---\n{text}\n") }
            };
            let text: String = documents.iter().map(whole).collect();
            said(&check(&[(sample.file(), text.as_bytes())]))
        };
        let before = told(&documents);
        let mut random = Random::new(at as u64);
        documents.reverse();
        for _ in 0..rounds {
            let after = told(&documents);
            let differs = |sign, one: &String| format!("{}: {sign} {one}", sample.name);
            let gone = before.difference(&after).map(|one| differs('-', one));
            wrong.lock().unwrap().extend(gone.chain(after.difference(&before).map(|one| differs('+', one))));
            random.shuffle(&mut documents);
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Rules that name one of several things that are at fault together, or all of them in the order of the text.
const ORDERED: &[&str] = &[
    // The later of two is the culprit.
    "ambiguous-route",
    "duplicate-aws-name",
    "duplicate-resource",
    "duplicate-route",
    "pod-in-several-nodes",
    // The first of many stands for all of them.
    "backend-group-member",
    "clashing-backends",
    "gateway-in-other-mesh",
    "injection-annotation-without-label",
    "mismatched-protocol",
    "missing-listener",
    "namespace-without-mesh",
    "open-egress",
    "over-quota",
    "pod-without-node",
    "route-without-gateway",
    "shared-discovery",
    "stolen-host",
    "unknown-port",
    // All of them, as they come.
    "namespace-in-several-meshes",
    "route-in-several-gateways",
];

/// What is said about which resource, but where; with a number, since one thing may be said twice.
fn said(outcome: &Outcome) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &outcome.findings {
        let case = format!("{}/{}", finding.rule, finding.case);
        let is_ordered = ORDERED.contains(&finding.rule);
        let line = if is_ordered { case } else { format!("{case} {:?} {}", finding.subject, finding.message) };
        *counts.entry(line).or_default() += 1;
    }
    counts.into_iter().map(|(line, count)| format!("{count} x {line}")).collect()
}
