//! The same data written in another way. Each function gives `None` where it does not know how to.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use meshlint::yaml::{self, Document, Kind, NodeId, Profile, Style, Value};

/// How the data of a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// By indentation.
    Block,
    /// In brackets, on one line.
    Flow,
    /// By indentation, with quotes around every text.
    Quoted,
    /// By indentation, and what is there again is an alias.
    Aliased,
}

/// Every document of a text in another form.
pub(crate) fn stream(text: &str, form: Form) -> Option<String> {
    let documents = documents(text)?;
    let bodies: Option<Vec<_>> = documents.iter().map(|document| body(document, form, 0)).collect();
    Some(bodies?.into_iter().map(|body| format!("---{body}\n")).collect())
}

/// The documents of a text as the items of one list.
pub(crate) fn list(text: &str) -> Option<String> {
    let mut out = String::from("apiVersion: v1\nkind: List\nitems:");
    for document in documents(text)? {
        if document.kind(document.root()?) != Kind::Mapping {
            return None;
        }
        // The items stand at the depth that the emitter calls 1.
        write!(out, "\n  -{}", body(&document, Form::Block, 2)?).unwrap();
    }
    Some(out + "\n")
}

/// The documents of a text as the items of one list, in JSON. Keys that stand there twice, tags and unquoted
/// placeholders cannot be written so.
pub(crate) fn json(text: &str) -> Option<String> {
    let mut items = Vec::new();
    for document in documents(text)? {
        let part = document.source();
        if part.contains('!') || !yaml::duplicate_keys(&document).is_empty() {
            return None;
        }
        items.push(as_json(&document, document.root()?)?);
    }
    let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": items});
    Some(serde_json::to_string_pretty(&list).unwrap() + "\n")
}

fn as_json(document: &Document<'_>, id: NodeId) -> Option<serde_json::Value> {
    let id = document.target(id)?;
    Some(match document.kind(id) {
        _ if document.is_placeholder_mapping(id) => return None,
        Kind::Alias => return None,
        Kind::Scalar => match yaml::resolve(document, id, Profile::Kubernetes) {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => value.into(),
            Value::Int(value) => value.into(),
            Value::Float(value) => serde_json::Number::from_f64(value)?.into(),
            Value::Str(text) => text.into(),
        },
        Kind::Sequence => document.items(id).map(|item| as_json(document, item)).collect::<Option<Vec<_>>>()?.into(),
        Kind::Mapping => {
            let entry = |entry: yaml::Entry| {
                let is_key = document.kind(entry.key) == Kind::Scalar;
                Some((is_key.then(|| document.text(entry.key).to_owned())?, as_json(document, entry.value)?))
            };
            let entries: Option<serde_json::Map<_, _>> = document.merged(id).into_iter().map(entry).collect();
            entries?.into()
        }
    })
}

/// The same text with comments wherever they may stand.
pub(crate) fn commented(text: &str) -> Option<String> {
    let mut inside = HashSet::new();
    for document in documents(text)? {
        for id in document.nodes().filter(|id| document.kind(*id) == Kind::Scalar) {
            // The end of a line inside a scalar belongs to it; a block scalar begins with its head.
            let span = document.span(id);
            let raw = document.raw(id);
            inside.extend(raw.match_indices('\n').map(|(at, _)| span.start as usize + at));
            inside.extend(matches!(document.style(id), Style::Literal | Style::Folded).then_some(span.end as usize));
        }
    }
    let mut out = String::new();
    let mut at = 0;
    let mut was_inside = false;
    for line in text.split_inclusive('\n') {
        let end = at + line.trim_end_matches('\n').len();
        let is_inside = inside.contains(&end);
        let content = &text[at..end];
        let is_odd = content.starts_with('%') || content.contains('\r');
        if !was_inside && !is_odd {
            out += "# a comment: [ of { no \" consequence\n";
        }
        out += content;
        if !is_inside && !was_inside && !is_odd {
            out += " # &another *one: '";
        }
        out.push('\n');
        was_inside = is_inside;
        at += line.len();
    }
    Some(out)
}

/// The documents of a text; `None` where one of them is broken, empty, or no data but a template.
fn documents(text: &str) -> Option<Vec<Document<'_>>> {
    if text.starts_with('%') || text.contains("\n%") || yaml::looks_like_template(text) {
        return None;
    }
    let chunks = yaml::split(text);
    let parsed = chunks.into_iter().map(|chunk| yaml::parse(text, chunk, &yaml::Options::default()));
    parsed.map(|(document, errors)| (errors.is_empty() && document.root().is_some()).then_some(document)).collect()
}

/// What stands behind the `---` or `-` of a document.
fn body(document: &Document<'_>, form: Form, depth: usize) -> Option<String> {
    let root = document.root()?;
    let mut emitter = Emitter { document, form, again: HashMap::new(), known: HashMap::new() };
    if form == Form::Aliased {
        for id in document.nodes() {
            if emitter.can_be_named(id) {
                *emitter.again.entry(emitter.flow(id)?).or_default() += 1;
            }
        }
    }
    let mut out = String::new();
    emitter.value(root, depth, &mut out)?;
    Some(out)
}

struct Emitter<'d, 't> {
    document: &'d Document<'t>,
    form: Form,
    /// How often each collection is there.
    again: HashMap<String, usize>,
    /// The anchors that were given.
    known: HashMap<String, String>,
}

impl Emitter<'_, '_> {
    /// Whether a node is a collection that holds no anchors or aliases.
    fn can_be_named(&self, id: NodeId) -> bool {
        let mut inside = self.document.nodes().filter(|one| id <= *one && *one < self.document.end(id));
        self.document.size(id) > 1
            && !self.document.is_placeholder_mapping(id)
            && inside.all(|one| self.document.anchor(one).is_none() && self.document.kind(one) != Kind::Alias)
    }

    /// A value behind a `:` or `-`, in the lines of its depth.
    fn value(&mut self, id: NodeId, depth: usize, out: &mut String) -> Option<()> {
        if self.form == Form::Flow {
            *out += " ";
            *out += &self.flow(id)?;
            return Some(());
        }
        let document = self.document;
        if self.form == Form::Aliased && self.can_be_named(id) {
            let text = self.flow(id)?;
            if self.again[&text] > 1 {
                if let Some(name) = self.known.get(&text) {
                    write!(out, " *{name}").unwrap();
                    return Some(());
                }
                let name = format!("again{}", self.known.len());
                write!(out, " &{name}").unwrap();
                self.known.insert(text, name);
            }
        }
        *out += &self.properties(id);
        let indent = format!("\n{}", "  ".repeat(depth));
        match document.kind(id) {
            Kind::Mapping if document.size(id) > 1 && !document.is_placeholder_mapping(id) => {
                for entry in document.entries(id) {
                    write!(out, "{indent}{}:", self.key(entry.key)?).unwrap();
                    self.value(entry.value, depth + 1, out)?;
                }
            }
            Kind::Sequence if document.size(id) > 1 => {
                for item in document.items(id) {
                    write!(out, "{indent}-").unwrap();
                    self.value(item, depth + 1, out)?;
                }
            }
            _ if document.is_missing(id) => {}
            _ => write!(out, " {}", self.leaf(id)?).unwrap(),
        }
        Some(())
    }

    /// A value on one line.
    fn flow(&self, id: NodeId) -> Option<String> {
        let document = self.document;
        let body = match document.kind(id) {
            Kind::Mapping if document.size(id) > 1 && !document.is_placeholder_mapping(id) => {
                let entry = |entry: yaml::Entry| Some(format!("{}: {}", self.key(entry.key)?, self.flow(entry.value)?));
                let entries: Option<Vec<_>> = document.entries(id).map(entry).collect();
                format!("{{{}}}", entries?.join(", "))
            }
            Kind::Sequence if document.size(id) > 1 => {
                let items: Option<Vec<_>> = document.items(id).map(|item| self.flow(item)).collect();
                format!("[{}]", items?.join(", "))
            }
            _ if document.is_missing(id) => "null".to_owned(),
            _ => self.leaf(id)?,
        };
        Some(format!("{}{body}", self.properties(id)).trim_start().to_owned())
    }

    fn properties(&self, id: NodeId) -> String {
        let anchor = self.document.anchor(id).map(|(name, _)| format!(" &{}", name.trim_start_matches('&')));
        let tag = self.document.tag(id).map(|(tag, _)| format!(" {tag}"));
        let mut out = anchor.unwrap_or_default() + &tag.unwrap_or_default();
        if !out.is_empty() {
            out.push(' ');
        }
        out
    }

    fn key(&self, id: NodeId) -> Option<String> {
        let is_simple = self.document.kind(id) == Kind::Scalar && self.document.anchor(id).is_none();
        if is_simple && !self.document.is_missing(id) { self.leaf(id) } else { None }
    }

    fn leaf(&self, id: NodeId) -> Option<String> {
        let document = self.document;
        let raw = document.raw(id);
        Some(match document.kind(id) {
            Kind::Alias => format!("*{}", raw.trim_start_matches('*')),
            Kind::Mapping | Kind::Sequence => (!raw.contains('\n')).then(|| raw.to_owned())?,
            Kind::Scalar => {
                let is_plain = document.style(id) == Style::Plain;
                let is_text = matches!(yaml::resolve(document, id, Profile::Kubernetes), Value::Str(_));
                let asks_for_quotes = match self.form {
                    Form::Quoted => is_plain && is_text && document.tag(id).is_none() && !document.is_merge_key(id),
                    // The emitter asks for flow of a whole collection in every form, to compare it.
                    _ => is_plain && raw.contains([',', '[', ']', '{', '}']) && !is_filled_in(raw),
                };
                let is_long = raw.contains('\n') || matches!(document.style(id), Style::Literal | Style::Folded);
                if is_long || asks_for_quotes {
                    serde_json::to_string(document.text(id)).unwrap()
                } else {
                    raw.to_owned()
                }
            }
        })
    }
}

/// Whether a text holds placeholders, whose braces are none of YAML's.
fn is_filled_in(raw: &str) -> bool {
    raw.contains("${") || raw.contains("{{")
}
