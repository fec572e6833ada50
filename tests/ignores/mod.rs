//! Where an ignore may stand, and what it is about there; and that what `--add-ignores` writes is an ignore.
//!
//! A line of carets marks a place in the line above, with what becomes of a finding there: `ignored[rule]`,
//! `active[rule]`, or `told[rule]` for what is said about ignores themselves. Whatever is found and not marked fails, and
//! so does whatever is marked and not found. Where no line of carets may stand, `# at 6:3-8 ignored[rule]` says the same.

use std::fs;
use std::path::Path;

use libtest_mimic::Failed;
use meshlint::engine::{self, Outcome, Settings};
use meshlint::finding::Finding;
use meshlint::source::{Input, Request};

const OWN: [&str; 3] = ["unexplained-ignore", "unknown-rule-in-ignore", "unused-ignore"];

pub(crate) fn judge(case: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(case).unwrap();
    let outcome = check("a.yaml", text.as_bytes());
    let file = outcome.sources.iter().next().unwrap().1;
    let mut found: Vec<_> = outcome
        .findings
        .iter()
        .map(|finding| {
            let span = finding.place().span;
            let (start, end) = (file.position(span.start), file.position(span.end));
            let status = if OWN.contains(&finding.rule) { "told" } else { finding.status.word() };
            (start.line, start.column, end.column, format!("{status}[{}]", finding.rule))
        })
        .collect();
    let mut marked = marks(&text);
    found.sort();
    marked.sort();
    if found == marked { Ok(()) } else { Err(format!("found {found:#?}\nmarked {marked:#?}").into()) }
}

fn check(name: &str, bytes: &[u8]) -> Outcome {
    let input = Input::Stdin { name: name.to_owned(), bytes: bytes.to_vec() };
    engine::check(&Request::new(vec![input]), Path::new("."), &Settings { threads: 1, ..Settings::default() })
}

fn marks(text: &str) -> Vec<(u32, u32, u32, String)> {
    let (mut out, mut above) = (Vec::new(), 0);
    for (at, line) in text.lines().enumerate() {
        if let Some((place, what)) = line.strip_prefix("# at ").and_then(|rest| rest.split_once(' ')) {
            let mut numbers = place.split([':', '-']).map(|number| number.parse().unwrap());
            let mut next = || numbers.next().unwrap();
            out.push((next(), next(), next(), what.to_owned()));
        }
        let carets = line.strip_prefix('#').map(str::trim_start).filter(|rest| rest.starts_with('^'));
        let Some(carets) = carets else {
            above = u32::try_from(at).unwrap() + 1;
            continue;
        };
        let width = u32::try_from(carets.chars().take_while(|one| *one == '^').count()).unwrap();
        let from = u32::try_from(line.chars().count() - carets.chars().count()).unwrap() + 1;
        out.push((above, from, from + width, carets.trim_start_matches('^').trim().to_owned()));
    }
    out
}

/// Lets ignores be written for all that is found in a manifest, and asks that nothing but comments has come, that nothing
/// is reported after it but what was said to be left out, and that a second time changes nothing.
pub(crate) fn write(case: &Path) -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("add-ignores").join(case.file_stem().unwrap());
    let folder = folder.join(case.parent().unwrap().file_name().unwrap());
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("mesh.yaml");
    let old = fs::read(case).unwrap();
    let mut now = old.clone();
    let mut complaints = 0;
    for turn in 0..2 {
        fs::write(&path, &now).unwrap();
        let request = Request::new(vec![Input::Path(folder.clone())]);
        let outcome = engine::check(&request, &folder, &Settings { threads: 1, ..Settings::default() });
        let (additions, skipped) = engine::additions(&outcome.findings, &outcome.sources, "for the drill");
        let left: usize = skipped.iter().map(|one| one.findings).sum();
        let active: Vec<&Finding> = outcome.findings.iter().filter(|finding| finding.is_active()).collect();
        let own = active.iter().filter(|finding| OWN.contains(&finding.rule)).count();
        if turn == 1 {
            if own > complaints {
                return Err(format!("complaints about what was written:\n{}", String::from_utf8_lossy(&now)).into());
            }
            let names: Vec<_> =
                active.iter().map(|finding| (finding.rule, finding.place().span, &finding.message)).collect();
            if !additions.is_empty() || left != active.len() {
                return Err(format!("still to be ignored: {names:#?}\n{}", String::from_utf8_lossy(&now)).into());
            }
            continue;
        }
        complaints = own;
        if let [addition] = &additions[..] {
            now.clone_from(&addition.text.clone().into_bytes());
            let lead = outcome.sources.file(addition.file).lead as usize;
            now.splice(..0, old[..lead].iter().copied());
        }
    }
    let (old, now) = (String::from_utf8_lossy(&old), String::from_utf8_lossy(&now));
    let mut rest = old.split_inclusive('\n');
    for line in now
        .split_inclusive('\n')
        .filter(|line| !line.trim_start().starts_with("# meshlint: ignore[") || old.contains(*line))
    {
        let Some(before) = rest.next() else { return Err(format!("has come: {line}").into()) };
        let kept = before.trim_end_matches(['\r', '\n']);
        let is_longer = line.starts_with(kept) && line[kept.len()..].trim_start().starts_with("# meshlint: ignore[");
        let is_list = before.contains("meshlint") && line.contains("meshlint");
        if line != before && !is_longer && !is_list {
            return Err(format!("changed: {before:?} to {line:?}").into());
        }
    }
    Ok(())
}
