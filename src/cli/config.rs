//! `meshlint config`, `init` and `schema`: what counts, a file to begin with, and what editors hold it against.

use std::env;
use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;

use crate::engine::{self, Config, Level, Said};
use crate::source;

use super::Exit;
use super::args::{Check, Init, Schema};
use super::message::{Refusal, conclude};
use super::settings::{Effective, Given};

/// The file that `init` writes.
const TEMPLATE: &str = include_str!("meshlint.yaml");

const SCHEMAS: [&str; 3] = [
    include_str!("../../schema/config-v1.json"),
    include_str!("../../schema/findings-v1.json"),
    include_str!("../../schema/test-v1.json"),
];

/// Prints a schema.
pub(super) fn schema(which: Schema, out: &mut dyn Write) -> Result<Exit, Refusal> {
    let text = match which {
        Schema::Config => SCHEMAS[0],
        Schema::Json => SCHEMAS[1],
        Schema::Test => SCHEMAS[2],
    };
    out.write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}

/// Writes a configuration with nothing but explanations in it. One that is there stays as it is.
pub(super) fn init(args: &Init) -> Result<Exit, Refusal> {
    let cwd = env::current_dir().map_err(|error| Refusal::new(format!("there is no working directory: {error}")))?;
    let folder = source::absolute(&cwd, args.folder.as_deref().unwrap_or(Path::new(".")));
    let name = |file: &str| source::report_name(&cwd, &folder.join(file));
    let there = |file: &str| {
        Refusal::new(format!("`{}` is there already, and stays as it is", name(file)))
            .help("`meshlint config` says what it means")
    };
    let known = source::find_configuration(&folder, Some(&folder));
    if let Some(file) = known.as_deref().and_then(Path::file_name) {
        return Err(there(&file.to_string_lossy()));
    }
    let file = source::CONFIGURATIONS[0];
    match source::create(&folder.join(file), TEMPLATE) {
        Ok(()) => {
            conclude(&format!("wrote `{}`; everything in it is a comment until you say otherwise", name(file)));
            Ok(Exit::Clean)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(there(file)),
        Err(error) => Err(Refusal::new(format!("cannot write `{}`: {error}", name(file)))),
    }
}

/// Prints the settings that count as a configuration, each with what says it.
pub(super) fn config(args: &Check, out: &mut dyn Write) -> Result<Exit, Refusal> {
    let cwd = env::current_dir().map_err(|error| Refusal::new(format!("there is no working directory: {error}")))?;
    let settings = Effective::of(args, &cwd)?;
    // Names in flags that do not exist are told here, too.
    settings.selection(args)?;
    let mut page = Page::default();
    page.settings(&settings, args);
    page.baseline(&settings.config, args);
    page.entries(&settings.config);
    let files = match &settings.config.files[..] {
        [] => "# no configuration: these are the defaults, and what flags and the environment say\n".to_owned(),
        files => format!("# {}\n", files.join(", which extends ")),
    };
    out.write_all(files.as_bytes())?;
    out.write_all(page.text().as_bytes())?;
    Ok(Exit::Clean)
}

/// Lines of YAML, each with what says it.
#[derive(Default)]
struct Page {
    lines: Vec<(String, String)>,
}

impl Page {
    fn line(&mut self, text: String, from: &str) {
        self.lines.push((text, from.to_owned()));
    }

    fn setting<T>(&mut self, key: &str, given: &Given<T>, word: impl Fn(&T) -> Option<String>) {
        if let Some(word) = word(&given.value) {
            self.line(format!("{key}: {word}"), &given.from);
        }
    }

    /// A list that several say.
    fn list(&mut self, key: &str, lists: &[Given<Vec<String>>]) {
        if let [only] = lists {
            return self.line(format!("{key}: {}", listed(&only.value)), &only.from);
        }
        if !lists.is_empty() {
            self.line(format!("{key}:"), "");
        }
        for list in lists {
            for text in &list.value {
                self.line(format!("  - {}", scalar(text)), &list.from);
            }
        }
    }

    fn settings(&mut self, settings: &Effective, args: &Check) {
        self.list("include", &settings.include);
        self.list("exclude", &settings.exclude);
        self.setting("gitignore", &settings.gitignore, |value| Some(value.to_string()));
        self.list("select", &settings.select);
        self.list("ignore", &settings.ignore);
        self.rules(settings, args);
        self.setting("min-severity", &settings.min_severity, |level| level.as_ref().and_then(word));
        self.setting("fail-on", &settings.fail_on, word);
        self.setting("strict", &settings.strict, |value| Some(value.to_string()));
        self.setting("format", &settings.format, |format| Some(scalar(&format.to_string())));
        self.setting("max-findings", &settings.max_findings, |most| most.map(|most| most.to_string()));
        self.setting("color", &settings.color, word);
        self.setting("hyperlinks", &settings.hyperlinks, word);
    }

    /// The levels and numbers of rules and categories: of several for one name the last counts, and flags after all.
    fn rules(&mut self, settings: &Effective, args: &Check) {
        let config = &settings.config;
        let level = |said: &Said<Level>| (said.value.name.clone(), said.value.level.clone(), said.at.to_string());
        let mut categories = Named::default();
        let mut rules = Named::default();
        for (name, level, from) in config.categories.iter().map(level) {
            categories.set(&name, "severity", level, from);
        }
        for (name, level, from) in config.rules.iter().map(level) {
            rules.set(&name, "severity", level, from);
        }
        for Said { value: (name, key, number), at } in &config.measures {
            rules.set(name, key, number.to_string(), at.to_string());
        }
        for (name, level) in args.severity.iter().filter_map(|text| text.split_once('=')) {
            let all = if engine::is_category(name) { &mut categories } else { &mut rules };
            all.set(name, "severity", level.to_owned(), "--severity".to_owned());
        }
        self.named("categories", categories);
        self.named("rules", rules);
    }

    fn named(&mut self, key: &str, named: Named) {
        if !named.0.is_empty() {
            self.line(format!("{key}:"), "");
        }
        for (name, settings) in named.0 {
            if let [(one, value, from)] = &settings[..]
                && one == "severity"
            {
                self.line(format!("  {name}: {value}"), from);
                continue;
            }
            self.line(format!("  {name}:"), "");
            for (key, value, from) in settings {
                self.line(format!("    {key}: {value}"), &from);
            }
        }
    }

    /// The baseline that is named.
    fn baseline(&mut self, config: &Config, args: &Check) {
        match (&args.baseline, &config.baseline) {
            _ if args.no_baseline => {}
            (Some(path), _) => self.line(format!("baseline: {}", scalar(&path.to_string_lossy())), "--baseline"),
            (None, Some(said)) => {
                self.line(format!("baseline: {}", scalar(&said.value.to_string_lossy())), &said.at.to_string());
            }
            (None, None) => {}
        }
    }

    /// What stands in the configuration alone.
    fn entries(&mut self, config: &Config) {
        let yes = |value: bool| value.to_string();
        if let Some(said) = &config.require_reason {
            self.line(format!("require-reason: {}", yes(said.value)), &said.at.to_string());
        }
        let closed = config.is_closed.as_ref().map(|said| (said.value, said.at.to_string()));
        let (is_closed, from) = closed.unwrap_or((false, "default".to_owned()));
        self.line(format!("world: {}", if is_closed { "closed" } else { "open" }), &from);
        self.list_of("per-file", &config.per_file, |one| {
            let mut fields = vec![("files", listed(&one.files.texts))];
            fields.extend((!one.ignore.is_empty()).then(|| ("ignore", listed(&one.ignore))));
            fields.extend((!one.rules.is_empty()).then(|| {
                let pairs: Vec<_> = one.rules.iter().map(|level| format!("{}: {}", level.name, level.level)).collect();
                ("rules", format!("{{{}}}", pairs.join(", ")))
            }));
            fields.extend(one.reason.iter().map(|reason| ("reason", scalar(reason))));
            fields
        });
        self.list_of("resources", &config.resources, |one| {
            let of = [("kind", &one.kind), ("namespace", &one.namespace), ("name", &one.name)];
            let mut fields = vec![("match", flow(&of)), ("ignore", listed(&one.ignore))];
            fields.extend(one.reason.iter().map(|reason| ("reason", scalar(reason))));
            fields
        });
        self.list_of("external", &config.external, |one| {
            let of = [("kind", &one.kind), ("namespace", &one.namespace), ("name", &one.name)];
            let mut fields: Vec<_> =
                of.into_iter().filter_map(|(key, value)| Some((key, scalar(value.as_ref()?)))).collect();
            fields.extend(one.labels.iter().map(|labels| {
                let pairs: Vec<_> =
                    labels.iter().map(|(key, value)| format!("{}: {}", scalar(key), scalar(value))).collect();
                ("labels", format!("{{{}}}", pairs.join(", ")))
            }));
            fields
        });
        self.list_of("scopes", &config.scopes, |one| match &one.name {
            Some(name) => vec![("name", scalar(name)), ("files", listed(&one.files.texts))],
            None => one.files.texts.iter().map(|text| ("", scalar(text))).collect(),
        });
    }

    fn list_of<T>(&mut self, key: &str, entries: &[Said<T>], fields: impl Fn(&T) -> Vec<(&'static str, String)>) {
        if !entries.is_empty() {
            self.line(format!("{key}:"), "");
        }
        for said in entries {
            let mut from = said.at.to_string();
            for (at, (key, value)) in fields(&said.value).into_iter().enumerate() {
                let mark = if at == 0 { "- " } else { "  " };
                let key = if key.is_empty() { String::new() } else { format!("{key}: ") };
                self.line(format!("  {mark}{key}{value}"), &std::mem::take(&mut from));
            }
        }
    }

    /// The lines with their comments below one another.
    fn text(&self) -> String {
        const WIDEST: usize = 48;
        let width = |text: &str| text.chars().count();
        let column = self.lines.iter().map(|(text, _)| width(text)).filter(|one| *one <= WIDEST).max().unwrap_or(0);
        let mut out = String::new();
        for (text, from) in &self.lines {
            out.push_str(text);
            if !from.is_empty() {
                out.push_str(&" ".repeat(column.saturating_sub(width(text))));
                out.push_str("  # ");
                out.push_str(from);
            }
            out.push('\n');
        }
        out
    }
}

/// A key, its value, and what says it.
type Setting = (String, String, String);

/// Names with their settings, in the order in which they are first set.
#[derive(Default)]
struct Named(Vec<(String, Vec<Setting>)>);

impl Named {
    fn set(&mut self, name: &str, key: &str, value: String, from: String) {
        let at = self.0.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.0.push((name.to_owned(), Vec::new()));
            self.0.len() - 1
        });
        let settings = &mut self.0[at].1;
        settings.retain(|(known, ..)| known != key);
        settings.push((key.to_owned(), value, from));
    }
}

fn word<T: ValueEnum>(value: &T) -> Option<String> {
    Some(value.to_possible_value()?.get_name().to_owned())
}

fn listed(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| scalar(text)).collect::<Vec<_>>().join(", "))
}

fn flow(fields: &[(&str, &Option<String>)]) -> String {
    let pairs = fields.iter().filter_map(|(key, value)| Some(format!("{key}: {}", scalar(value.as_ref()?))));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
}

/// A text as YAML has it: plain where nobody can take it for anything else, else in quotes as in JSON.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text.chars().all(|one| one.is_ascii_alphanumeric() || "-_./*:".contains(one))
        && !text.ends_with(':')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&&*text.to_ascii_lowercase());
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::{SCHEMAS, TEMPLATE, scalar};
    use crate::engine::KEYS;

    #[test]
    fn texts_are_plain_where_they_may_be() {
        for plain in ["deploy/**", "VirtualNode", "/a.yaml", "shadowed-route/x", "sarif:github"] {
            assert_eq!(scalar(plain), plain);
        }
        for (text, quoted) in [("*", "\"*\""), ("off", "\"off\""), ("a b", "\"a b\""), ("", "\"\""), ("1", "\"1\"")] {
            assert_eq!(scalar(text), quoted);
        }
    }

    #[test]
    fn the_file_to_begin_with_explains_every_key() {
        for key in KEYS {
            let line = format!("# {}:", key.name);
            assert!(TEMPLATE.lines().any(|one| one.starts_with(&line)), "`{}` is not explained", key.name);
        }
    }

    #[test]
    fn schemas_are_json() {
        for text in SCHEMAS {
            assert!(serde_json::from_str::<serde_json::Value>(text).unwrap()["$id"].is_string());
        }
    }
}
