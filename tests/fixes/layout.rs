//! Ways to write the same data down.

use super::mesh::Node;
use super::random::Random;

/// A way to write data down. What differs from value to value goes by the number of the value, so that a value is
/// written alike whatever stands beside it.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    form: Form,
    seed: u64,
    /// Spaces a level.
    step: usize,
    /// Whether the items of a list stand deeper than its key.
    indents_lists: bool,
    /// From this depth on, collections stand in brackets.
    flow_from: usize,
    has_comments: bool,
    is_crlf: bool,
    has_last_line_ending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Yaml,
    Json,
    Compact,
}

impl Layout {
    pub(crate) fn draw(random: &mut Random) -> Self {
        let form = *random.pick(&[Form::Yaml, Form::Yaml, Form::Yaml, Form::Json, Form::Compact]);
        Self {
            form,
            seed: random.next(),
            step: *random.pick(&[2, 2, 4, 3]),
            indents_lists: random.below(2) == 0,
            flow_from: *random.pick(&[2, 3, 5, 99, 99]),
            has_comments: random.below(2) == 0,
            is_crlf: random.below(4) == 0,
            has_last_line_ending: random.below(4) > 0,
        }
    }

    /// What the file is called.
    pub(crate) fn name(&self) -> &'static str {
        if self.form == Form::Yaml { "bakery.yaml" } else { "bakery.json" }
    }

    pub(crate) fn write(&self, documents: &[Node]) -> String {
        let mut text = match self.form {
            Form::Yaml => {
                let one = |document: &Node| {
                    let mut out = String::new();
                    self.block(document, 0, 0, &mut out);
                    out
                };
                documents.iter().map(one).collect::<Vec<_>>().join("---\n")
            }
            _ => {
                let mut out = String::from("{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": ");
                self.json(&Node::List(0, documents.to_vec()), 0, &mut out);
                out.push_str("}\n");
                out
            }
        };
        if !self.has_last_line_ending {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if self.is_crlf { text.replace('\n', "\r\n") } else { text }
    }

    /// A draw that belongs to a value.
    fn draws(&self, id: usize, what: u64, of: usize) -> bool {
        Random::new(self.seed ^ ((id as u64) << 8) ^ what).below(of) == 0
    }

    /// A collection without brackets: each line with its indentation and its end.
    fn block(&self, node: &Node, depth: usize, indent: usize, out: &mut String) {
        match node {
            Node::Map(_, entries) => {
                for (at, (key, value)) in entries.iter().enumerate() {
                    // The first key may stand behind a dash.
                    let is_lead = at == 0 && !out.is_empty() && !out.ends_with('\n');
                    self.comment(value, indent, is_lead, out);
                    let lead = if is_lead { 0 } else { indent };
                    out.push_str(&format!("{:lead$}{}:", "", self.key(key, value.id())));
                    self.value(value, depth, indent, out);
                }
            }
            Node::List(_, items) => {
                for item in items {
                    self.comment(item, indent, false, out);
                    match item {
                        Node::Map(..) if depth + 1 < self.flow_from => {
                            out.push_str(&format!("{:indent$}- ", ""));
                            self.block(item, depth + 1, indent + 2, out);
                        }
                        _ => {
                            out.push_str(&format!("{:indent$}- {}", "", self.flow(item)));
                            self.end(item, out);
                        }
                    }
                }
            }
            _ => unreachable!("scalars stand behind keys"),
        }
    }

    fn value(&self, value: &Node, depth: usize, indent: usize, out: &mut String) {
        let is_flow = depth + 1 >= self.flow_from;
        let deeper = match value {
            Node::Map(..) if !is_flow => indent + self.step,
            Node::List(..) if !is_flow && self.indents_lists => indent + self.step,
            Node::List(..) if !is_flow => indent,
            _ => {
                out.push(' ');
                out.push_str(&self.flow(value));
                return self.end(value, out);
            }
        };
        self.end(value, out);
        self.block(value, depth + 1, deeper, out);
    }

    /// A comment on the line above.
    fn comment(&self, value: &Node, indent: usize, is_lead: bool, out: &mut String) {
        if self.has_comments && !is_lead && self.draws(value.id() % 100_000, 1, 5) {
            out.push_str(&format!("{:indent$}# about {}\n", "", value.id() % 100_000));
        }
    }

    /// The end of a line, with a comment or without.
    fn end(&self, value: &Node, out: &mut String) {
        if self.has_comments && self.draws(value.id() % 100_000, 2, 5) {
            out.push_str(" # as agreed: \"[so]\"");
        }
        out.push('\n');
    }

    fn key(&self, key: &str, id: usize) -> String {
        match self.draws(id % 100_000, 3, 8) {
            true => format!("\"{key}\""),
            false => key.to_owned(),
        }
    }

    /// A value on one line.
    fn flow(&self, node: &Node) -> String {
        match node {
            Node::Number(_, number) => number.to_string(),
            // A number in quotes is a fault; the others are quoted as it comes.
            Node::Text(id, text) if *id > 100_000 => format!("\"{text}\""),
            Node::Text(id, text) if self.draws(*id, 4, 4) => format!("\"{text}\""),
            Node::Text(id, text) if self.draws(*id, 5, 4) => format!("'{text}'"),
            Node::Text(_, text) => text.clone(),
            Node::Map(_, entries) => {
                let entry =
                    |(key, value): &(String, Node)| format!("{}: {}", self.key(key, value.id()), self.flow(value));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            Node::List(_, items) => {
                format!("[{}]", items.iter().map(|item| self.flow(item)).collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn json(&self, node: &Node, indent: usize, out: &mut String) {
        let deeper = indent + self.step;
        let mut parts = |open: char, close: char, parts: Vec<(String, &Node)>| {
            out.push(open);
            let count = parts.len();
            for (at, (lead, value)) in parts.into_iter().enumerate() {
                if self.form == Form::Json {
                    out.push_str(&format!("\n{:deeper$}", ""));
                }
                out.push_str(&lead);
                self.json(value, deeper, out);
                out.push_str(match (at + 1 < count, self.form) {
                    (true, Form::Compact) => ", ",
                    (true, _) => ",",
                    (false, _) => "",
                });
            }
            if self.form == Form::Json {
                out.push_str(&format!("\n{:indent$}", ""));
            }
            out.push(close);
        };
        match node {
            Node::Map(_, entries) => {
                parts('{', '}', entries.iter().map(|(key, value)| (format!("\"{key}\": "), value)).collect());
            }
            Node::List(_, items) => parts('[', ']', items.iter().map(|item| (String::new(), item)).collect()),
            Node::Number(_, number) => out.push_str(&number.to_string()),
            Node::Text(_, text) => out.push_str(&format!("\"{text}\"")),
        }
    }
}
