//! What does not change the data does not change what is found in it.

use std::collections::BTreeSet;
use std::sync::Mutex;

use meshlint::yaml;

use super::rewrite::{self, Form};
use super::sample::{Sample, check, each, samples, verdicts};

/// Objects that no mesh has anything to do with.
const UNRELATED: &str = "---
apiVersion: v1
kind: ConfigMap
metadata: {name: unrelated, namespace: elsewhere}
data: {a: b}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: unrelated}
rules: []
---
apiVersion: batch.example.com/v1
kind: Nightly
metadata: {name: unrelated, namespace: elsewhere}
spec: {listeners: [1, 2], backends: x}
";

/// A file by its name, and its text.
type Files = Vec<(String, Vec<u8>)>;

fn alone(sample: &Sample, text: impl Into<Vec<u8>>) -> Option<Files> {
    Some(vec![(sample.file().to_owned(), text.into())])
}

/// Compares what is found in every manifest that stands alone with what is found in it when it is written in
/// another way. `excused` says what may come or go in a manifest. Comments that ignore something say more than the data,
/// so manifests with such are left out.
fn compare(change: impl Fn(&Sample) -> Option<Files> + Sync, excused: impl Fn(&str) -> bool + Sync) {
    let wrong = Mutex::new(BTreeSet::new());
    let changed = Mutex::new(0);
    each(&samples(), |_, sample| {
        let is_data = |sample: &&Sample| sample.is_alone && !sample.text.contains("# meshlint:");
        let Some(files) = Some(sample).filter(is_data).and_then(&change) else { return };
        *changed.lock().unwrap() += 1;
        let before = verdicts(&check(&[(sample.file(), sample.text.as_bytes())]));
        let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
        let after = verdicts(&check(&files));
        let differs = |sign, one: &String| (!excused(one)).then(|| format!("{}: {sign} {one}", sample.name));
        let gone = before.difference(&after).filter_map(|one| differs('-', one));
        let come = after.difference(&before).filter_map(|one| differs('+', one));
        let both: Vec<_> = gone.chain(come).collect();
        if !both.is_empty() {
            let texts: Vec<_> = files.iter().map(|(_, text)| String::from_utf8_lossy(text)).collect();
            let texts = if std::env::var_os("MESHLINT_SHOW").is_some() { texts.join("=====\n") } else { String::new() };
            wrong.lock().unwrap().insert(format!("{}\n{texts}", both.join("\n")));
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} manifests:\n{}", wrong.len(), wrong.into_iter().collect::<Vec<_>>().join("\n"));
    assert!(changed.into_inner().unwrap() > 150, "hardly anything was changed");
}

fn never(_: &str) -> bool {
    false
}

fn in_form(form: Form) -> impl Fn(&Sample) -> Option<Files> {
    move |sample| if sample.is_json() { None } else { alone(sample, rewrite::stream(&sample.text, form)?) }
}

#[test]
fn comments() {
    compare(|sample| if sample.is_json() { None } else { alone(sample, rewrite::commented(&sample.text)?) }, never);
}

#[test]
fn block_style() {
    compare(in_form(Form::Block), never);
}

#[test]
fn flow_style() {
    compare(in_form(Form::Flow), never);
}

#[test]
fn quotes() {
    compare(in_form(Form::Quoted), never);
}

#[test]
fn aliases() {
    compare(in_form(Form::Aliased), never);
}

#[test]
fn line_ends() {
    compare(|sample| alone(sample, sample.text.replace('\n', "\r\n")), never);
}

#[test]
fn a_byte_order_mark() {
    compare(|sample| alone(sample, format!("\u{feff}{}", sample.text)), never);
}

#[test]
fn utf_16() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    compare(|sample| alone(sample, wide(&format!("\u{feff}{}", sample.text))), never);
}

#[test]
fn a_file_for_each_document() {
    let split = |sample: &Sample| {
        let chunks = yaml::split(&sample.text);
        let text = |at: usize| &sample.text[chunks[at].span.start as usize..chunks[at].span.end as usize];
        Some((0..chunks.len()).map(|at| (format!("{at:03}-{}", sample.file()), text(at).into())).collect())
    };
    // Two definitions in one file are a mistake, in several files they are states of one object.
    compare(split, |one| one.starts_with("duplicate-resource/") || one.starts_with("several-states/"));
}

#[test]
fn unrelated_documents() {
    let added =
        |sample: &Sample| if sample.is_json() { None } else { alone(sample, [&sample.text, UNRELATED].concat()) };
    compare(added, never);
    let file = |sample: &Sample| {
        let mut files = alone(sample, &*sample.text)?;
        files.push(("unrelated.yaml".to_owned(), UNRELATED.into()));
        Some(files)
    };
    compare(file, never);
}

#[test]
fn a_list() {
    compare(|sample| alone(sample, rewrite::list(&sample.text)?), never);
}

#[test]
fn json() {
    let written = |sample: &Sample| Some(vec![("list.json".to_owned(), rewrite::json(&sample.text)?.into_bytes())]);
    compare(written, never);
}
