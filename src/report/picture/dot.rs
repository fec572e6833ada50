//! Pictures in the language of Graphviz.

use std::io::{self, Write};

use super::super::text::escaped;
use super::{Edge, Line, Node, Picture, Shape, color, groups};

pub(super) fn write(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph mesh {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [fontname=\"sans-serif\", fontsize=10];")?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=9];")?;
    for (at, (group, nodes)) in groups(picture).into_iter().enumerate() {
        if group.is_empty() {
            nodes.iter().try_for_each(|node| write_node(*node, "  ", out))?;
            continue;
        }
        writeln!(out, "  subgraph cluster_{at} {{")?;
        writeln!(out, "    label={};", quoted(group))?;
        nodes.iter().try_for_each(|node| write_node(*node, "    ", out))?;
        writeln!(out, "  }}")?;
    }
    picture.edges.iter().try_for_each(|edge| write_edge(edge, out))?;
    writeln!(out, "}}")
}

fn write_node((at, node): (usize, &Node), indent: &str, out: &mut dyn Write) -> io::Result<()> {
    let shape = match node.shape {
        Shape::Gateway => "house",
        Shape::Service => "ellipse",
        Shape::Router => "diamond",
        Shape::Node => "box",
        Shape::Group => "folder",
        Shape::Missing => "box, style=dashed",
    };
    let mut lines = vec![node.name.clone(), node.words.clone()];
    lines.extend((!node.rules.is_empty()).then(|| node.rules.join(", ")));
    write!(out, "{indent}n{at} [shape={shape}, label={}", quoted(&lines.join("\n")))?;
    if let Some(severity) = node.severity {
        write!(out, ", color={0}, fontcolor={0}", color(severity))?;
    }
    writeln!(out, "];")
}

fn write_edge(edge: &Edge, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = edge.labels.clone();
    lines.extend((!edge.rules.is_empty()).then(|| edge.rules.join(", ")));
    let style = if edge.line == Line::Backend { ", style=dashed" } else { "" };
    write!(out, "  n{} -> n{} [label={}{style}", edge.from, edge.to, quoted(&lines.join("\n")))?;
    if let Some(severity) = edge.severity {
        write!(out, ", color={0}, fontcolor={0}", color(severity))?;
    }
    writeln!(out, "];")
}

/// A text as a string of Graphviz, a line for each of its own.
fn quoted(text: &str) -> String {
    let line = |line: &str| escaped(line).replace('\\', "\\\\").replace('"', "\\\"");
    let lines: Vec<_> = text.split('\n').map(line).collect();
    format!("\"{}\"", lines.join("\\n"))
}
