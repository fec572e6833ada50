//! Pictures as flow charts of Mermaid.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::super::text::escaped;
use super::{Line, Node, Picture, Shape, color, groups};

pub(super) fn write(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart LR")?;
    for (at, (group, nodes)) in groups(picture).into_iter().enumerate() {
        if group.is_empty() {
            nodes.iter().try_for_each(|node| write_node(*node, "  ", out))?;
            continue;
        }
        writeln!(out, "  subgraph g{at}[\"{}\"]", text(group))?;
        nodes.iter().try_for_each(|node| write_node(*node, "    ", out))?;
        writeln!(out, "  end")?;
    }
    for edge in &picture.edges {
        let arrow = if edge.line == Line::Backend { "-.->" } else { "-->" };
        let mut lines = edge.labels.clone();
        lines.extend((!edge.rules.is_empty()).then(|| edge.rules.join(", ")));
        let label = if lines.is_empty() { String::new() } else { format!("|\"{}\"|", text(&lines.join("\n"))) };
        writeln!(out, "  n{} {arrow}{label} n{}", edge.from, edge.to)?;
    }
    for (at, node) in picture.nodes.iter().enumerate() {
        let dashes = if node.shape == Shape::Missing { "stroke-dasharray:4" } else { "" };
        let stroke = node.severity.map(|severity| format!("stroke:{}", color(severity)));
        let style = [stroke.as_deref().unwrap_or(""), dashes].into_iter().filter(|part| !part.is_empty());
        let style: Vec<_> = style.collect();
        if !style.is_empty() {
            writeln!(out, "  style n{at} {}", style.join(","))?;
        }
    }
    for (at, edge) in picture.edges.iter().enumerate() {
        if let Some(severity) = edge.severity {
            writeln!(out, "  linkStyle {at} stroke:{}", color(severity))?;
        }
    }
    Ok(())
}

fn write_node((at, node): (usize, &Node), indent: &str, out: &mut dyn Write) -> io::Result<()> {
    let (open, close) = match node.shape {
        Shape::Gateway => ("[/", "\\]"),
        Shape::Service => ("([", "])"),
        Shape::Router => ("{{", "}}"),
        Shape::Node | Shape::Missing => ("[", "]"),
        Shape::Group => ("[[", "]]"),
    };
    let mut lines = vec![node.name.clone(), node.words.clone()];
    lines.extend((!node.rules.is_empty()).then(|| node.rules.join(", ")));
    writeln!(out, "{indent}n{at}{open}\"{}\"{close}", text(&lines.join("\n")))
}

/// A text inside of quotes: what has a meaning to Mermaid, Markdown or HTML stands as the number of its character.
fn text(text: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.split('\n').enumerate() {
        out.push_str(if at > 0 { "<br/>" } else { "" });
        for one in escaped(line).chars() {
            match one {
                '"' | '#' | '&' | '<' | '>' | '`' | ';' | '\\' | '*' | '_' => {
                    let _ = write!(out, "#{};", u32::from(one));
                }
                _ => out.push(one),
            }
        }
    }
    out
}
