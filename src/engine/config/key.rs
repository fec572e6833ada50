//! The keys of a configuration: the one list that the reader, the schema, the page in `docs/` and the file that
//! `meshlint init` writes are held against.

use crate::report::Format;
use crate::rules::Measure;
use crate::source::Globs;
use crate::yaml::{self, Entry, Kind, NodeId};

use crate::engine::reader::{Written, listed};
use crate::engine::selection::{Names, UnknownName, nearest, rule_or_case};

use super::load::Loader;
use super::{Level, Patterns, Said};

/// A key at the top of a configuration.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it says, in a few words.
    pub about: &'static str,
    pub(super) read: fn(&mut Loader<'_>, Entry),
}

macro_rules! keys {
    ($($name:literal, $about:literal, $read:expr;)*) => {
        &[$( Key { name: $name, about: $about, read: $read } ),*]
    };
}

/// Every key.
pub const KEYS: &[Key] = keys! {
    "extends", "another configuration, of which this one says what is different", |to, entry| {
        if let Some(text) = to.reader.text(entry.value, "extends") {
            to.extends = Some((text.text, text.span));
        }
    };
    "include", "the files that are read in folders; without it, all that may hold manifests",
        |to, entry| to.config.include = to.patterns(entry, "include");
    "exclude", "files and folders that are left out",
        |to, entry| to.config.exclude = to.patterns(entry, "exclude");
    "gitignore", "whether ignore files count in folders",
        |to, entry| to.config.gitignore = to.truth(entry, "gitignore");
    "select", "the rules that run instead of the default ones",
        |to, entry| to.config.select = to.rules(entry, "select");
    "extend-select", "rules that run too",
        |to, entry| to.config.extend_select = to.rules(entry, "extend-select");
    "ignore", "rules that do not run, whatever selects them",
        |to, entry| to.config.ignore = to.rules(entry, "ignore");
    "rules", "levels and numbers of single rules and cases; a rule that is named runs", |to, entry| to.levels_of_rules(entry);
    "categories", "levels of all rules of a category", |to, entry| to.levels_of_categories(entry);
    "min-severity", "the level below which findings are neither shown nor count",
        |to, entry| to.config.min_severity = to.word(entry, "min-severity", &SEVERITIES);
    "fail-on", "the level from which findings make the exit code 1",
        |to, entry| to.config.fail_on = to.word(entry, "fail-on", &FAILING);
    "strict", "exit with 2 if no mesh resource was found",
        |to, entry| to.config.strict = to.truth(entry, "strict");
    "format", "what is written to standard output",
        |to, entry| to.config.format = to.word(entry, "format", &Format::NAMES);
    "max-findings", "as many findings are shown at most, in the human format",
        |to, entry| to.config.max_findings = to.number(entry, "max-findings");
    "color", "when to use colours",
        |to, entry| to.config.color = to.word(entry, "color", &WHENS);
    "hyperlinks", "when to make paths links, in the human format",
        |to, entry| to.config.hyperlinks = to.word(entry, "hyperlinks", &WHENS);
    "baseline", "the file of the findings that were there before", |to, entry| {
        if let Some(text) = to.reader.text(entry.value, "baseline") {
            let path = crate::source::absolute(to.folder, std::path::Path::new(&text.text));
            to.config.baseline = Some(Said { value: path, at: to.at(text.span) });
        }
    };
    "require-reason", "whether an ignore without a reason is a finding",
        |to, entry| to.config.require_reason = to.truth(entry, "require-reason");
    "per-file", "what is ignored, or has another level, in some files", |to, entry| to.per_file(entry);
    "resources", "what is ignored of some resources, by their identity", |to, entry| to.resources(entry);
    "world", "`closed` if everything that there is stands in these files", |to, entry| {
        let said = to.word(entry, "world", &["open", "closed"]);
        to.config.is_closed = said.map(|said| Said { value: said.value == "closed", at: said.at });
    };
    "external", "what is there and stands elsewhere: nothing dangles for it", |to, entry| to.external(entry);
    "scopes", "directories or files that are deployed together, each apart from the others", |to, entry| to.scopes(entry);
};

/// The levels of findings.
pub(super) const SEVERITIES: [&str; 3] = ["error", "warning", "info"];
/// The levels of rules.
pub(super) const LEVELS: [&str; 4] = ["error", "warning", "info", "off"];
const FAILING: [&str; 4] = ["error", "warning", "info", "never"];
const WHENS: [&str; 3] = ["auto", "always", "never"];

/// Numbers above mean the same as no bound.
pub(super) const MAX_NUMBER: u32 = 1_000_000;

impl Loader<'_> {
    pub(super) fn said<T>(&self, value: T, entry: Entry) -> Said<T> {
        Said { value, at: self.at(self.reader.doc.span(entry.key)) }
    }

    /// One of some words.
    fn word(&mut self, entry: Entry, name: &str, known: &[&'static str]) -> Option<Said<String>> {
        let text = self.reader.text(entry.value, name)?;
        let word = self.known_word(&text, name, known)?;
        Some(self.said(word, entry))
    }

    fn known_word(&mut self, text: &Written, name: &str, known: &[&'static str]) -> Option<String> {
        if known.contains(&&*text.text) {
            return Some(text.text.clone());
        }
        let near = nearest(&text.text, known.iter().copied());
        let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        let message = format!("`{}` is no value of `{name}`", text.text);
        self.reader.fault("unknown-value", text.span, message, &label, &format!("use one of {}", listed(known)));
        None
    }

    fn truth(&mut self, entry: Entry, name: &str) -> Option<Said<bool>> {
        match yaml::resolve(self.reader.doc, entry.value, yaml::Profile::Json) {
            yaml::Value::Bool(value) => Some(self.said(value, entry)),
            _ => {
                let span = self.shown(entry);
                self.reader.fault("wrong-type", span, format!("`{name}` has to be `true` or `false`"), "", "");
                None
            }
        }
    }

    fn number(&mut self, entry: Entry, name: &str) -> Option<Said<u32>> {
        let value = match yaml::resolve(self.reader.doc, entry.value, yaml::Profile::Json) {
            yaml::Value::Int(value) => u32::try_from(value).ok().filter(|value| *value <= MAX_NUMBER),
            _ => None,
        };
        if value.is_none() {
            let message = format!("`{name}` has to be a whole number up to {MAX_NUMBER}");
            self.reader.fault("wrong-type", self.shown(entry), message, "", "");
        }
        Some(self.said(value?, entry))
    }

    /// Where the value of an entry stands, or its key for one that is a collection over several lines.
    pub(super) fn shown(&self, entry: Entry) -> crate::source::Span {
        let doc = self.reader.doc;
        let is_long = doc.raw(entry.value).contains('\n');
        if is_long { doc.span(entry.key) } else { self.reader.shown(entry.value, doc.span(entry.key)) }
    }

    /// The items of a list, each a text; one text alone stands for a list.
    pub(super) fn texts(&mut self, entry: Entry, name: &str) -> Option<Vec<Written>> {
        let doc = self.reader.doc;
        let items: Vec<NodeId> = match doc.target(entry.value).map(|node| (node, doc.kind(node))) {
            Some((node, Kind::Scalar)) => vec![node],
            Some((node, Kind::Sequence)) => doc.items(node).collect(),
            _ => {
                let message = format!("`{name}` has to be a list");
                self.reader.fault("wrong-type", self.shown(entry), message, "", "begin each item with a `-`");
                return None;
            }
        };
        if !self.may_read(items.len(), doc.span(entry.key)) {
            return None;
        }
        let what = format!("an item of `{name}`");
        Some(items.into_iter().filter_map(|item| self.reader.text(item, &what)).collect())
    }

    pub(super) fn patterns(&mut self, entry: Entry, name: &str) -> Option<Said<Patterns>> {
        let patterns = self.globs(entry, name)?;
        Some(self.said(patterns, entry))
    }

    pub(super) fn globs(&mut self, entry: Entry, name: &str) -> Option<Patterns> {
        let written = self.texts(entry, name)?;
        let texts: Vec<String> = written.iter().map(|one| one.text.clone()).collect();
        match Globs::new(self.folder, &texts) {
            Ok(globs) => Some(Patterns { texts, globs }),
            Err((at, why)) => {
                let span = written.get(at).map_or(self.reader.doc.span(entry.key), |one| one.span);
                let message = format!("`{}` is no pattern of paths: {why}", texts.get(at).map_or("", |text| text));
                let help = "patterns are those of `.gitignore`, seen from the folder of this file";
                self.reader.fault("bad-pattern", span, message, "", help);
                None
            }
        }
    }

    fn rules(&mut self, entry: Entry, name: &str) -> Option<Said<Vec<String>>> {
        let names = self.names(entry, name)?.0;
        Some(self.said(names, entry))
    }

    /// Names of rules, cases and categories, as written and as they are meant.
    pub(super) fn names(&mut self, entry: Entry, name: &str) -> Option<(Vec<String>, Names)> {
        let mut texts = Vec::new();
        for one in self.texts(entry, name)? {
            match Names::new(std::slice::from_ref(&one.text)) {
                Ok(_) => texts.push(one.text),
                Err(unknown) => self.unknown(one.span, unknown),
            }
        }
        let names = Names::new(&texts).unwrap_or_default();
        Some((texts, names))
    }

    fn unknown(&mut self, span: crate::source::Span, unknown: UnknownName) {
        let help = unknown.help.unwrap_or_else(|| "`meshlint rules` lists what there is".to_owned());
        self.reader.fault("unknown-rule", span, unknown.message, "", &help);
    }

    fn levels_of_rules(&mut self, entry: Entry) {
        for (level, one) in self.levels(entry, true) {
            let said = self.said(level, one);
            self.config.rules.push(said);
        }
    }

    /// The levels of a mapping of rules; what it says of their numbers goes to the configuration.
    pub(super) fn levels(&mut self, entry: Entry, with_measures: bool) -> Vec<(Level, Entry)> {
        let doc = self.reader.doc;
        let help = || "write `shadowed-route: warning`, a line for each rule".to_owned();
        let entries = self.reader.mapping(entry.value, "`rules`", help).unwrap_or_default();
        let mut levels = Vec::new();
        if !self.may_read(entries.len(), doc.span(entry.key)) {
            return levels;
        }
        for one in entries {
            let rule = doc.text(one.key).to_owned();
            let (id, is_case, measures) = match rule_or_case(&rule) {
                Ok((rule, is_case)) => (rule.id, is_case, rule.measures),
                Err(unknown) => {
                    self.unknown(doc.span(one.key), unknown);
                    continue;
                }
            };
            // Numbers belong to a rule as a whole, wherever it is.
            let measures = if is_case || !with_measures { &[][..] } else { measures };
            let level = match doc.target(one.value).map(|node| doc.kind(node)) {
                Some(Kind::Mapping) => self.settings(one, &rule, id, measures),
                _ => self.level(one, &rule),
            };
            levels.extend(level.map(|level| (Level { name: rule, level }, one)));
        }
        levels
    }

    fn level(&mut self, entry: Entry, name: &str) -> Option<String> {
        let text = self.reader.text(entry.value, &format!("the level of `{name}`"))?;
        self.known_word(&text, name, &LEVELS)
    }

    /// The settings of a rule; its numbers go to the configuration, and its level comes back.
    fn settings(&mut self, entry: Entry, name: &str, id: &'static str, measures: &[Measure]) -> Option<String> {
        let keys: Vec<&str> = ["severity"].into_iter().chain(measures.iter().map(|one| one.name)).collect();
        let mut level = None;
        for (at, one) in self.reader.entries(entry.value, &format!("`{name}`"), &keys)? {
            if at == 0 {
                level = self.level(one, name);
            } else if let Some(number) = self.number(one, keys[at]) {
                let value = (id, keys[at].to_owned(), number.value);
                self.config.measures.push(Said { value, at: number.at });
            }
        }
        level
    }

    fn levels_of_categories(&mut self, entry: Entry) {
        let doc = self.reader.doc;
        let help = || "write `style: off`, a line for each category".to_owned();
        for one in self.reader.mapping(entry.value, "`categories`", help).unwrap_or_default() {
            let name = doc.text(one.key).to_owned();
            let known: Vec<&str> = super::categories().collect();
            if !known.contains(&&*name) {
                let near = nearest(&name, known.iter().copied());
                let label = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
                let help = format!("categories are {}", listed(&known));
                let message = format!("`{name}` is no category");
                self.reader.fault("unknown-rule", doc.span(one.key), message, &label, &help);
            } else if let Some(level) = self.level(one, &name) {
                let said = self.said(Level { name, level }, one);
                self.config.categories.push(said);
            }
        }
    }
}
