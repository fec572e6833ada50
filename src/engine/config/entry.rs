//! Entries about files, resources, what stands elsewhere and scopes.

use crate::dialect;
use crate::engine::reader::listed;
use crate::engine::selection::{Levels, nearest};
use crate::mesh::Role;
use crate::yaml::{Entry, Kind, NodeId};

use super::load::Loader;
use super::{External, ForFiles, ForResources, Said, ScopeOf};

const FILE_KEYS: &[&str] = &["files", "ignore", "rules", "reason"];
const RESOURCE_KEYS: &[&str] = &["match", "ignore", "reason"];
const MATCH_KEYS: &[&str] = &["kind", "namespace", "name"];
const EXTERNAL_KEYS: &[&str] = &["kind", "namespace", "name", "labels"];
const SCOPE_KEYS: &[&str] = &["name", "files"];

impl Loader<'_> {
    pub(super) fn per_file(&mut self, entry: Entry) {
        for item in self.items(entry, "per-file") {
            let Some([files, ignore, rules, reason]) = self.reader.fields(item, "an entry of `per-file`", FILE_KEYS)
            else {
                continue;
            };
            let mut one = ForFiles { reason: self.reason(reason), ..ForFiles::default() };
            match files {
                Some(files) => one.files = self.globs(files, "files").unwrap_or_default(),
                None => self.lacks(item, "files", "an entry of `per-file`", "write `files: [legacy/**]`"),
            }
            if ignore.is_none() && rules.is_none() {
                let help = "write what to `ignore:` in these files, or other levels under `rules:`";
                self.lacks(item, "ignore", "an entry of `per-file`", help);
            }
            if let Some((texts, names)) = ignore.and_then(|ignore| self.names(ignore, "ignore")) {
                (one.ignore, one.ignored) = (texts, names);
            }
            if let Some(rules) = rules {
                let levels = self.levels(rules, false);
                let texts: Vec<_> = levels.iter().map(|(one, _)| format!("{}={}", one.name, one.level)).collect();
                one.levels = Levels::new(&texts).unwrap_or_default();
                one.rules = levels.into_iter().map(|(level, _)| level).collect();
            }
            let said = self.said_at(one, item);
            self.config.per_file.push(said);
        }
    }

    pub(super) fn resources(&mut self, entry: Entry) {
        for item in self.items(entry, "resources") {
            let what = "an entry of `resources`";
            let Some([matching, ignore, reason]) = self.reader.fields(item, what, RESOURCE_KEYS) else { continue };
            let mut one = ForResources { reason: self.reason(reason), ..ForResources::default() };
            let help = "write `match: {kind: VirtualNode, namespace: shop, name: \"*\"}`";
            match matching {
                Some(matching) => {
                    if let Some([kind, namespace, name]) = self.reader.fields(matching.value, "`match`", MATCH_KEYS) {
                        if kind.or(namespace).or(name).is_none() {
                            self.lacks(matching.value, "name", "`match`", help);
                        }
                        one.kind = kind.and_then(|kind| self.text(kind, "kind"));
                        one.namespace = namespace.and_then(|namespace| self.text(namespace, "namespace"));
                        one.name = name.and_then(|name| self.text(name, "name"));
                    }
                }
                None => self.lacks(item, "match", what, help),
            }
            match ignore {
                Some(ignore) => {
                    if let Some((texts, names)) = self.names(ignore, "ignore") {
                        (one.ignore, one.ignored) = (texts, names);
                    }
                }
                None => self.lacks(item, "ignore", what, "write the rules to `ignore:` of these resources"),
            }
            let said = self.said_at(one, item);
            self.config.resources.push(said);
        }
    }

    pub(super) fn external(&mut self, entry: Entry) {
        for item in self.items(entry, "external") {
            let what = "an entry of `external`";
            let Some([kind, namespace, name, labels]) = self.reader.fields(item, what, EXTERNAL_KEYS) else { continue };
            if kind.or(namespace).or(name).is_none() {
                self.lacks(item, "name", what, "write `{kind: VirtualService, namespace: shared, name: payments}`");
            }
            let kind = kind.and_then(|kind| self.kind(kind));
            if let Some(labels) = labels.filter(|_| kind.as_deref() != Some("Namespace")) {
                let span = self.reader.doc.span(labels.key);
                self.reader.fault("unknown-key", span, "only a `Namespace` has `labels` here", "", "");
            }
            let labels = labels.and_then(|labels| self.labels(labels));
            let one = External {
                kind,
                namespace: namespace.and_then(|namespace| self.text(namespace, "namespace")),
                name: name.and_then(|name| self.text(name, "name")),
                labels,
            };
            let said = self.said_at(one, item);
            self.config.external.push(said);
        }
    }

    pub(super) fn scopes(&mut self, entry: Entry) {
        for item in self.items(entry, "scopes") {
            let doc = self.reader.doc;
            let one = if doc.kind(item) == Kind::Mapping {
                let what = "an entry of `scopes`";
                let Some([name, files]) = self.reader.fields(item, what, SCOPE_KEYS) else { continue };
                let help = "write a directory, or `{name: prod, files: [envs/prod, shared/prod.yaml]}`";
                if name.is_none() {
                    self.lacks(item, "name", what, help);
                }
                if files.is_none() {
                    self.lacks(item, "files", what, help);
                }
                ScopeOf {
                    name: name.and_then(|name| self.text(name, "name")),
                    files: files.and_then(|files| self.globs(files, "files")).unwrap_or_default(),
                }
            } else {
                if doc.kind(item) != Kind::Scalar {
                    let help = "write a directory, or `{name: prod, files: [envs/prod]}`";
                    self.reader.fault("wrong-type", doc.span(item), "an entry of `scopes` has to be a text", "", help);
                    continue;
                }
                let alone = Entry { key: item, value: item };
                let Some(files) = self.globs(alone, "scopes") else { continue };
                ScopeOf { name: None, files }
            };
            let said = self.said_at(one, item);
            self.config.scopes.push(said);
        }
    }

    /// The items of a list of entries.
    fn items(&mut self, entry: Entry, name: &str) -> Vec<NodeId> {
        let items = self.reader.list(entry, name, "entries").unwrap_or_default();
        let span = self.reader.doc.span(entry.key);
        if self.may_read(items.len(), span) { items } else { Vec::new() }
    }

    fn said_at<T>(&self, value: T, item: NodeId) -> Said<T> {
        Said { value, at: self.at(self.reader.doc.span(item)) }
    }

    fn lacks(&mut self, node: NodeId, key: &str, what: &str, help: &str) {
        let doc = self.reader.doc;
        let node = doc.target(node).unwrap_or(node);
        let first = doc.entries(node).next().map_or(doc.span(node), |entry| doc.span(entry.key));
        self.reader.missing(key, what, first, help);
    }

    fn text(&mut self, entry: Entry, name: &str) -> Option<String> {
        self.reader.text(entry.value, name).map(|text| text.text)
    }

    fn reason(&mut self, entry: Option<Entry>) -> Option<String> {
        entry.and_then(|entry| self.text(entry, "reason"))
    }

    /// A kind that references lead to or selectors take.
    fn kind(&mut self, entry: Entry) -> Option<String> {
        let written = self.reader.text(entry.value, "kind")?;
        if dialect::kinds().any(|(kind, _)| kind == written.text) {
            return Some(written.text);
        }
        let known: Vec<&str> = dialect::kinds().map(|(kind, _)| kind).collect();
        let near = nearest(&written.text, known.iter().copied());
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        let message = format!("nothing leads to a `{}`", written.text);
        self.reader.fault("unknown-value", written.span, message, &label, &format!("kinds are {}", listed(&known)));
        None
    }

    fn labels(&mut self, entry: Entry) -> Option<Vec<(String, String)>> {
        let doc = self.reader.doc;
        let help = || "write `labels: {mesh: shop}`".to_owned();
        let entries = self.reader.mapping(entry.value, "`labels`", help)?;
        if !self.may_read(entries.len(), doc.span(entry.key)) {
            return None;
        }
        let label = |one: Entry| {
            let value = match doc.target(one.value).map(|node| doc.kind(node)) {
                Some(Kind::Scalar) if self.reader.is_nothing(one.value) => String::new(),
                _ => self.reader.text(one.value, "the value of a label")?.text,
            };
            Some((doc.text(one.key).to_owned(), value))
        };
        Some(entries.into_iter().filter_map(label).collect())
    }
}

/// What a kind is for.
pub(super) fn role(kind: &str) -> Option<Role> {
    dialect::kinds().find(|(name, _)| *name == kind).map(|(_, role)| role)
}
