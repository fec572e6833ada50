//! What a configuration changes in a run.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Silencer, Span, Status, Subject};
use crate::mesh::{Declared, Elsewhere, Label, Labels, Name, World};
use crate::rules;
use crate::source::{self, FileId, Note, Sources};

use super::entry::role;
use super::{Config, External, ForResources, Patterns};
use crate::engine::run::Settings;

impl Config {
    /// What is said about the world, for files seen from a working directory; and what is to be told about it.
    pub(in crate::engine) fn world(&self, sources: &Sources, cwd: &Path) -> (World, Vec<Note>) {
        let elsewhere = self.external.iter().map(|said| elsewhere(&said.value)).collect();
        let is_closed = self.is_closed.as_ref().is_some_and(|said| said.value);
        let mut world = World { is_closed, elsewhere, ..World::default() };
        if self.scopes.is_empty() {
            return (world, Vec::new());
        }
        let cwd = source::absolute(cwd, Path::new("."));
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        let mut is_used = vec![false; self.scopes.len()];
        for (id, file) in sources.iter() {
            let path = cwd.join(&file.name);
            let Some((at, name)) = self.scope_of(&path) else { continue };
            is_used[at] = true;
            let place = || self.scopes[at].at.to_string();
            let scope = *known.entry(name).or_insert_with_key(|name| {
                world.scopes.push(Declared { name: name.clone(), place: place() });
                world.scopes.len() - 1
            });
            world.scope_of.insert(id, scope);
        }
        let unused = self.scopes.iter().zip(is_used).filter(|(_, is_used)| !is_used);
        let note = |text: String, place: String| Note { path: place, message: text, named: false };
        let notes = unused.map(|(said, _)| {
            note(format!("`{}` in `scopes` holds no file", said.value.files.texts.join(", ")), said.at.to_string())
        });
        (world, notes.collect())
    }

    /// The entry of `scopes` that a file belongs to, and the name of the scope: of several the one whose directory is
    /// innermost, and of these the last.
    fn scope_of(&self, path: &Path) -> Option<(usize, String)> {
        let below = path.strip_prefix(&self.folder).ok()?;
        let mut best: Option<(usize, usize, String)> = None;
        for (at, said) in self.scopes.iter().enumerate() {
            let depth = match self.depth(&said.value.files, below) {
                Some(depth) if said.value.files.globs.matches(path) => depth,
                _ => continue,
            };
            if best.as_ref().is_none_or(|(known, ..)| *known <= depth) {
                let directory = || below.iter().take(depth).collect::<PathBuf>().to_string_lossy().replace('\\', "/");
                best = Some((depth, at, said.value.name.clone().unwrap_or_else(directory)));
            }
        }
        best.map(|(_, at, name)| (at, name))
    }

    /// How many parts of a path make the outermost directory (or the file) that patterns match.
    fn depth(&self, patterns: &Patterns, below: &Path) -> Option<usize> {
        let parts = below.iter().count();
        let mut path = self.folder.clone();
        for (at, part) in below.iter().enumerate() {
            path.push(part);
            let is_file = at + 1 == parts;
            if if is_file { patterns.globs.matches(&path) } else { patterns.globs.matches_folder(&path) } {
                return Some(at + 1);
            }
        }
        None
    }

    /// The numbers that are set for a rule.
    pub(in crate::engine) fn measures_of(&self, rule: &str) -> Vec<(String, u32)> {
        let of_rule = self.measures.iter().map(|said| &said.value).filter(|(id, ..)| *id == rule);
        of_rule.map(|(_, name, value)| (name.clone(), *value)).collect()
    }

    /// Gives findings the levels that their files have, and silences what is ignored in files and of resources. What a
    /// flag says about the level of a rule counts before what is said for files. What is ignored in a manifest stays
    /// so.
    pub(in crate::engine) fn judge(
        &self,
        findings: &mut Vec<Finding>,
        sources: &Sources,
        cwd: &Path,
        settings: &Settings,
    ) {
        if self.per_file.is_empty() && self.resources.is_empty() {
            return;
        }
        let cwd = source::absolute(cwd, Path::new("."));
        let mut entries: FxHashMap<FileId, Vec<usize>> = FxHashMap::default();
        findings.retain_mut(|finding| {
            let Some(rule) = rules::find(finding.rule) else { return true };
            let file = finding.place().file;
            let matching = entries.entry(file).or_insert_with(|| self.entries_for(&cwd.join(&sources.file(file).name)));
            let entries = matching.iter().map(|at| &self.per_file[*at].value);
            if settings.levels.of(rule, finding.case).is_none() {
                match entries.clone().rev().find_map(|entry| entry.levels.of(rule, finding.case)) {
                    Some(None) => return false,
                    Some(Some(severity)) => finding.severity = severity,
                    None => {}
                }
            }
            if settings.no_ignores || !finding.is_active() {
                return true;
            }
            let of_resource = |one: &&ForResources| {
                one.ignored.cover(rule, finding.case) && finding.subject.as_ref().is_some_and(|it| one.means(it))
            };
            let ignored = self.resources.iter().rev().map(|said| &said.value).find(of_resource);
            let reason = ignored.map(|one| one.reason.clone()).or_else(|| {
                let entry = entries.rev().find(|entry| entry.ignored.cover(rule, finding.case))?;
                Some(entry.reason.clone())
            });
            if let Some(reason) = reason {
                finding.status = Status::Ignored { reason, by: Silencer::Configuration };
            }
            true
        });
    }

    fn entries_for(&self, path: &Path) -> Vec<usize> {
        let all = self.per_file.iter().enumerate();
        all.filter(|(_, said)| said.value.files.globs.matches(path)).map(|(at, _)| at).collect()
    }
}

impl ForResources {
    fn means(&self, subject: &Subject) -> bool {
        let fits = |pattern: &Option<String>, text: &str| {
            pattern.as_ref().is_none_or(|pattern| !wildcard(pattern).same(&Name::known(text)).is_no())
        };
        fits(&self.kind, &subject.kind)
            && fits(&self.namespace, subject.namespace.as_deref().unwrap_or(""))
            && fits(&self.name, &subject.name)
    }
}

fn elsewhere(external: &External) -> Elsewhere {
    let name = |text: &Option<String>| text.as_deref().map(wildcard);
    let label = |(key, value): &(String, String)| Label {
        key: Name::known(key.as_str()),
        value: Name::known(value.as_str()),
        key_span: Span::default(),
        span: Span::default(),
    };
    Elsewhere {
        role: external.kind.as_deref().and_then(role),
        kind: external.kind.as_deref().map(Into::into),
        namespace: name(&external.namespace),
        name: name(&external.name),
        labels: external.labels.as_ref().map(|labels| Labels::new(labels.iter().map(label).collect())),
    }
}

/// A name in which `*` stands for anything.
fn wildcard(text: &str) -> Name {
    let holes: Vec<_> = text.match_indices('*').map(|(at, star)| at..at + star.len()).collect();
    Name::open(text, &holes)
}
