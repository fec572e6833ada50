//! Pictures of the mesh: what leads where, for Graphviz, for Markdown, and for programs.

mod dot;
mod json;
mod mermaid;

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::Severity;

/// A picture of the mesh.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// What there is, in the order of files and places.
    pub nodes: Vec<Node>,
    /// What leads where. There is one at the most from a node to another of each kind.
    pub edges: Vec<Edge>,
}

/// A resource, or what a reference leads to that is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Kind, namespace and name, as `VirtualNode/shop/cart`.
    pub id: String,
    /// Its kind in a sentence, as `virtual node`.
    pub words: String,
    /// Its name.
    pub name: String,
    /// What it is drawn as.
    pub shape: Shape,
    /// What it is drawn with: its scope and namespace; empty where it has none.
    pub group: String,
    /// The rules that found something in it, and not at one of its edges.
    pub rules: Vec<&'static str>,
    /// The gravest of what was found.
    pub severity: Option<Severity>,
}

/// What a node is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Where traffic enters.
    Gateway,
    /// A name that clients call.
    Service,
    /// A table of routes.
    Router,
    /// What answers.
    Node,
    /// Services with a name in common.
    Group,
    /// What a reference leads to and is not there.
    Missing,
}

/// Something that leads from a node to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// The node that it starts from, by index.
    pub from: usize,
    /// The node that it leads to, by index.
    pub to: usize,
    /// What it is.
    pub line: Line,
    /// What stands at it, a line each, as the routes that it is made of.
    pub labels: Vec<String>,
    /// The rules that found something at it.
    pub rules: Vec<&'static str>,
    /// The gravest of what was found.
    pub severity: Option<Severity>,
}

/// What an edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// Requests go this way.
    Route,
    /// It provides the service.
    Provider,
    /// It may call the service.
    Backend,
}

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// The language of Graphviz.
    Dot,
    /// The flow charts of Mermaid, which Markdown shows on most forges.
    Mermaid,
    /// A JSON object.
    Json,
}

/// Writes a picture.
///
/// # Errors
///
/// What the writer answers.
pub fn write_picture(format: PictureFormat, picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    match format {
        PictureFormat::Dot => dot::write(picture, &mut out)?,
        PictureFormat::Mermaid => mermaid::write(picture, &mut out)?,
        PictureFormat::Json => json::write(picture, &mut out)?,
    }
    out.flush()
}

/// The colour of what was found, as Graphviz and CSS name it.
const fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "firebrick",
        Severity::Warning => "darkorange",
        Severity::Info => "steelblue",
    }
}

/// The groups with their nodes, in the order in which they come first.
fn groups(picture: &Picture) -> Vec<(&str, Vec<(usize, &Node)>)> {
    let mut groups: Vec<(&str, Vec<(usize, &Node)>)> = Vec::new();
    let mut known = rustc_hash::FxHashMap::default();
    for (at, node) in picture.nodes.iter().enumerate() {
        let group = *known.entry(&*node.group).or_insert_with(|| {
            groups.push((&node.group, Vec::new()));
            groups.len() - 1
        });
        groups[group].1.push((at, node));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, shape: Shape, group: &str) -> Node {
        let words = "virtual node".to_owned();
        let (id, name, group) = (format!("VirtualNode/{name}"), name.to_owned(), group.to_owned());
        Node { id, words, name, shape, group, rules: Vec::new(), severity: None }
    }

    fn sample() -> Picture {
        let marked = Node {
            rules: vec!["missing-listener"],
            severity: Some(Severity::Error),
            ..node("a\"<b>\u{1b}[31m", Shape::Node, "shop")
        };
        let edge = |from, to, line, labels: &[&str]| Edge {
            from,
            to,
            line,
            labels: labels.iter().map(|&label| label.to_owned()).collect(),
            rules: Vec::new(),
            severity: None,
        };
        Picture {
            nodes: vec![
                node("edge", Shape::Gateway, ""),
                node("cart", Shape::Router, "shop"),
                marked,
                node("gone", Shape::Missing, "shop"),
            ],
            edges: vec![
                edge(0, 1, Line::Provider, &[]),
                Edge {
                    rules: vec!["shadowed-route"],
                    severity: Some(Severity::Warning),
                    ..edge(1, 2, Line::Route, &["all: /", "late: \"/l\""])
                },
                edge(1, 3, Line::Backend, &[]),
            ],
        }
    }

    fn written(format: PictureFormat) -> String {
        let mut out = Vec::new();
        write_picture(format, &sample(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn pictures_for_graphviz() {
        insta::assert_snapshot!(written(PictureFormat::Dot));
    }

    #[test]
    fn pictures_for_markdown() {
        insta::assert_snapshot!(written(PictureFormat::Mermaid));
    }

    #[test]
    fn pictures_for_programs() {
        let value: serde_json::Value = serde_json::from_str(&written(PictureFormat::Json)).unwrap();
        assert_eq!(value["edges"][1]["from"], "VirtualNode/cart");
        assert_eq!(value["nodes"][3]["shape"], "missing");
    }
}
