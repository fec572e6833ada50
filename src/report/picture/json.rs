//! Pictures for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::Severity;

use super::{Edge, Line, Node, Picture};

#[derive(Serialize)]
struct Whole<'a> {
    version: u8,
    nodes: &'a [Node],
    edges: Vec<Named<'a>>,
}

/// An edge between nodes that go by their ids.
#[derive(Serialize)]
struct Named<'a> {
    from: &'a str,
    to: &'a str,
    kind: Line,
    labels: &'a [String],
    rules: &'a [&'static str],
    severity: Option<Severity>,
}

pub(super) fn write(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    let edges = picture.edges.iter().map(|edge| named(edge, &picture.nodes)).collect();
    serde_json::to_writer_pretty(&mut *out, &Whole { version: 1, nodes: &picture.nodes, edges })?;
    writeln!(out)
}

fn named<'a>(edge: &'a Edge, nodes: &'a [Node]) -> Named<'a> {
    let (from, to) = (&nodes[edge.from].id, &nodes[edge.to].id);
    Named { from, to, kind: edge.line, labels: &edge.labels, rules: &edge.rules, severity: edge.severity }
}
