//! The baseline: what was found before and is to be mended later. It knows findings by rule, resource and place inside
//! of the resource, and no lines, so that it outlives reformatted, reordered, moved and renamed files.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{FileId, Finding, Severity, Status, Subject};

/// The version of the shape.
const VERSION: u32 = 1;

/// A baseline as it is kept in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// What it knows, sorted by resource, place and rule.
    pub findings: Vec<Known>,
}

/// The shape of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape<F> {
    version: u32,
    findings: F,
}

/// Findings that a baseline knows: those of one case at one place of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The resource, as `kubernetes/Service/shop/cart`; none for what is not one, as a document that does not parse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The place inside of the resource, list items by their names.
    pub path: String,
    /// The text there. Another text is another finding.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// The rule.
    pub rule: String,
    /// The case of the rule.
    pub case: String,
    /// The file, relative to the repository: it tells equal resources of several environments apart, and may change.
    pub file: String,
    /// How grave it was.
    pub severity: Severity,
    /// How many of these there are.
    pub count: usize,
    /// The day on which it was written down, as `2026-12-31`.
    pub since: String,
}

/// Why a text is no baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong.
    pub message: String,
    /// Line and column, from 1.
    pub at: (usize, usize),
}

/// What is where, in the run and before it, so that what has moved can be told from what is new.
pub struct World<'w> {
    /// The name of a file, as a baseline has it.
    pub name: &'w dyn Fn(FileId) -> String,
    /// Whether a file holds a resource now; whether there is such a file, where none is named.
    pub holds: &'w dyn Fn(&str, Option<&str>) -> bool,
    /// Whether it held the resource when the baseline was written, where that is known.
    pub held: &'w dyn Fn(&str, Option<&str>) -> bool,
}

/// What makes findings the same, wherever they are.
type Key<'k> = (&'k str, &'k str, Option<&'k str>, &'k str, &'k str);

impl Known {
    fn key(&self) -> Key<'_> {
        (&self.rule, &self.case, self.resource.as_deref(), &self.path, &self.value)
    }
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let unreadable = |error: serde_json::Error| {
            let words = error.to_string();
            let message = words.split(" at line ").next().unwrap_or(&words).to_owned();
            Unreadable { message, at: (error.line().max(1), error.column().max(1)) }
        };
        // The version decides how the rest is read, so it comes first, whatever else is there.
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let Version { version } = serde_json::from_str(text).map_err(unreadable)?;
        if version != VERSION {
            let message = format!("version {version} is not known; this program reads version {VERSION}");
            return Err(Unreadable { message, at: (1, 1) });
        }
        let shape: Shape<Vec<Known>> = serde_json::from_str(text).map_err(unreadable)?;
        Ok(Self { findings: shape.findings })
    }

    /// The text of the file: the same findings give the same bytes.
    #[must_use]
    pub fn write(&self) -> String {
        let shape = Shape { version: VERSION, findings: &self.findings };
        // Strings and numbers can always be written.
        serde_json::to_string_pretty(&shape).map(|text| text + "\n").unwrap_or_default()
    }

    /// The baseline of findings that each stand for a day; equal ones are counted.
    #[must_use]
    pub fn of<'f>(findings: impl IntoIterator<Item = (&'f Finding, String)>, name: &dyn Fn(FileId) -> String) -> Self {
        let all = findings.into_iter().map(|(finding, since)| Known {
            resource: finding.subject.as_ref().map(identity),
            path: finding.locus.path.clone(),
            value: finding.locus.value.clone(),
            rule: finding.rule.to_owned(),
            case: finding.case.to_owned(),
            file: name(finding.place().file),
            severity: finding.severity,
            count: 1,
            since,
        });
        Self { findings: Vec::new() }.with(all)
    }

    /// The baseline with more in it. What is there already is counted, and keeps its older day.
    #[must_use]
    pub fn with(self, more: impl IntoIterator<Item = Known>) -> Self {
        let mut all = self.findings;
        all.extend(more);
        let same = |one: &Known| (one.resource.clone(), one.path.clone(), one.rule.clone(), one.case.clone());
        all.sort_by_cached_key(|one| (same(one), one.value.clone(), one.file.clone(), one.since.clone()));
        all.dedup_by(|next, first| {
            let is_same = next.key() == first.key() && next.file == first.file;
            if is_same {
                first.count += next.count;
                first.severity = first.severity.max(next.severity);
            }
            is_same
        });
        Self { findings: all }
    }

    /// Marks the active findings that the baseline knows. Gives for each finding which entry knows it, and for each
    /// entry how many of its findings are there no more.
    ///
    /// A finding is known where it was found before; or where its resource has gone to, if the file that held the
    /// resource holds it no more.
    pub fn settle(&self, findings: &mut [Finding], world: &World<'_>) -> (Vec<Option<usize>>, Vec<usize>) {
        let mut left: Vec<usize> = self.findings.iter().map(|known| known.count).collect();
        let mut by_key: FxHashMap<Key<'_>, Vec<usize>> = FxHashMap::default();
        for (at, known) in self.findings.iter().enumerate() {
            by_key.entry(known.key()).or_default().push(at);
        }
        let mut matched = vec![None; findings.len()];
        for is_moved in [false, true] {
            for (finding, matched) in findings.iter_mut().zip(&mut matched) {
                if !finding.is_active() {
                    continue;
                }
                let resource = finding.subject.as_ref().map(identity);
                let (path, value) = (finding.locus.path.as_str(), finding.locus.value.as_str());
                let Some(list) = by_key.get(&(finding.rule, finding.case, resource.as_deref(), path, value)) else {
                    continue;
                };
                let file = (world.name)(finding.place().file);
                let has_come = |known: &Known| {
                    !(world.holds)(&known.file, resource.as_deref()) && !(world.held)(&file, resource.as_deref())
                };
                let found = list.iter().copied().find(|at| {
                    let known = &self.findings[*at];
                    left[*at] > 0 && if is_moved { has_come(known) } else { known.file == file }
                });
                if let Some(at) = found {
                    left[at] -= 1;
                    *matched = Some(at);
                    finding.status = Status::Baseline;
                }
            }
        }
        (matched, left)
    }
}

/// The name of a resource, whatever file it is in.
#[must_use]
pub fn identity(subject: &Subject) -> String {
    let Subject { dialect, kind, namespace, name, .. } = subject;
    match namespace {
        Some(namespace) => format!("{dialect}/{kind}/{namespace}/{name}"),
        None => format!("{dialect}/{kind}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Category, Label, Locus, Place, Span};

    fn finding(file: usize, name: &str, path: &str, value: &str) -> Finding {
        let subject = Subject {
            dialect: "kubernetes",
            api_version: "v1".into(),
            kind: "Service".into(),
            namespace: Some("shop".into()),
            name: name.into(),
        };
        let label = Label {
            place: Place::new(FileId::new(file), Span::default()),
            text: String::new(),
            pointer: String::new(),
            rendered: None,
        };
        Finding {
            rule: "a-rule",
            case: "a-case",
            severity: Severity::Warning,
            category: Category::Routing,
            message: "m".into(),
            labels: vec![label],
            why: None,
            help: None,
            fixes: Vec::new(),
            witness: None,
            subject: Some(subject),
            status: Status::Active,
            locus: Locus { path: path.into(), value: value.into() },
            fingerprint: String::new(),
        }
    }

    fn name(file: FileId) -> String {
        format!("{}.yaml", file.index())
    }

    fn baseline(findings: &[Finding]) -> Baseline {
        Baseline::of(findings.iter().map(|finding| (finding, "2026-01-02".to_owned())), &name)
    }

    /// Which findings are known, and how many of each entry are gone, if these files hold the resource.
    fn settled(known: &[Finding], mut now: Vec<Finding>, holding: &[&str]) -> (Vec<bool>, Vec<usize>) {
        let world = World { name: &name, holds: &|file, _| holding.contains(&file), held: &|_, _| false };
        let (_, left) = baseline(known).settle(&mut now, &world);
        (now.iter().map(|finding| finding.status == Status::Baseline).collect(), left)
    }

    #[test]
    fn a_baseline_reads_what_it_writes() {
        let two = [finding(1, "b", "/x", ""), finding(0, "a", "/y", "v"), finding(1, "b", "/x", "")];
        let written = baseline(&two);
        assert_eq!(written.findings.iter().map(|known| known.count).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(Baseline::read(&written.write()), Ok(written.clone()));
        let mut turned = two;
        turned.reverse();
        assert_eq!(baseline(&turned).write(), written.write());
    }

    #[test]
    fn what_is_no_baseline_has_a_place() {
        let fault = |text: &str| Baseline::read(text).unwrap_err();
        assert_eq!(fault("").at, (1, 1));
        assert_eq!(fault("{\"version\": 1,\n \"findings\": [{}]}").at, (2, 16));
        assert_eq!(
            fault("{\"version\": 1,\n \"finding\": []}").message,
            "unknown field `finding`, expected `version` or `findings`"
        );
        assert!(fault("{\"version\": 2}").message.contains("version 2 is not known"));
    }

    #[test]
    fn counts_are_kept() {
        let one = || finding(0, "a", "/x", "v");
        assert_eq!(settled(&[one()], vec![one(), one()], &["0.yaml"]), (vec![true, false], vec![0]));
        assert_eq!(settled(&[one(), one()], vec![one()], &["0.yaml"]), (vec![true], vec![1]));
        assert_eq!(settled(&[one()], vec![finding(0, "a", "/x", "w")], &["0.yaml"]), (vec![false], vec![1]));
    }

    #[test]
    fn what_moves_is_known_and_what_is_elsewhere_is_new() {
        let (here, there) = (|| finding(0, "a", "/x", "v"), || finding(1, "a", "/x", "v"));
        assert_eq!(settled(&[here()], vec![there()], &["1.yaml"]), (vec![true], vec![0]));
        let mended_here_new_there = settled(&[here()], vec![there()], &["0.yaml", "1.yaml"]);
        assert_eq!(mended_here_new_there, (vec![false], vec![1]));
    }
}
