//! The last step before a program is counted: RE2 turns the graph of instructions into lists.
//!
//! A list holds everything that is reached from its head without reading a byte, so alternatives themselves vanish,
//! and what is reached from several lists becomes a list of its own, with a jump in each.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::program::{Inst, Kind};

/// The number of instructions in all lists; `start` begins an anchored match and `search` an unanchored one.
pub(super) fn count(insts: &mut [Inst], start: u32, search: u32) -> usize {
    optimize(insts, start);
    let graph = Graph::new(insts, start, search);
    graph.roots.iter().map(|&root| graph.list(root)).sum()
}

/// Skips instructions that do nothing, and marks the loops over any byte that end a match.
fn optimize(insts: &mut [Inst], start: u32) {
    let past = |insts: &[Inst], mut id: u32| {
        while id != 0 && insts[id as usize].kind == Kind::Nop {
            id = insts[id as usize].out;
        }
        id
    };
    for id in reachable(insts, start) {
        let at = id as usize;
        insts[at].out = past(insts, insts[at].out);
        if insts[at].kind == Kind::Alt {
            insts[at].out1 = past(insts, insts[at].out1);
        }
    }
    for id in reachable(insts, start) {
        let inst = insts[id as usize];
        let loops = |other: u32| {
            let other = insts[other as usize];
            other.out == id && matches!(other.kind, Kind::Byte { lo: 0, hi: 0xFF, .. })
        };
        let (first, second) = (inst.out, inst.out1);
        if inst.kind == Kind::Alt
            && ((loops(first) && ends(insts, second)) || (loops(second) && ends(insts, first)))
        {
            insts[id as usize].kind = Kind::AltMatch;
        }
    }
}

/// Whether nothing but the end of a match follows.
fn ends(insts: &[Inst], mut id: u32) -> bool {
    loop {
        match insts[id as usize].kind {
            Kind::Capture | Kind::Nop => id = insts[id as usize].out,
            kind => return kind == Kind::Match,
        }
    }
}

/// Everything that can be reached, but for the instruction that fails.
fn reachable(insts: &[Inst], start: u32) -> Vec<u32> {
    let mut seen = vec![false; insts.len()];
    let mut order = Vec::new();
    let mut stack = vec![start];
    while let Some(id) = stack.pop() {
        if id == 0 || std::mem::replace(&mut seen[id as usize], true) {
            continue;
        }
        order.push(id);
        let inst = insts[id as usize];
        stack.push(inst.out);
        if matches!(inst.kind, Kind::Alt | Kind::AltMatch) {
            stack.push(inst.out1);
        }
    }
    order
}

struct Graph<'a> {
    insts: &'a [Inst],
    /// The heads of the lists.
    roots: BTreeSet<u32>,
    /// The alternatives that lead to an instruction.
    sources: HashMap<u32, Vec<u32>>,
}

impl<'a> Graph<'a> {
    fn new(insts: &'a [Inst], start: u32, search: u32) -> Self {
        let mut graph = Self { insts, roots: BTreeSet::from([0, start, search]), sources: HashMap::new() };
        for id in reachable(insts, search) {
            let inst = insts[id as usize];
            match inst.kind {
                Kind::Alt | Kind::AltMatch => {
                    graph.sources.entry(inst.out).or_default().push(id);
                    graph.sources.entry(inst.out1).or_default().push(id);
                }
                Kind::Byte { .. } | Kind::Capture | Kind::Look => {
                    graph.roots.insert(inst.out);
                }
                Kind::Nop | Kind::Match | Kind::Fail => {}
            }
        }
        let heads: Vec<u32> = graph.roots.iter().rev().copied().collect();
        for head in heads {
            if head != 0 && head != start && head != search {
                graph.split(head);
            }
        }
        graph
    }

    /// Makes heads of the instructions in a list that alternatives outside of it lead to as well.
    fn split(&mut self, head: u32) {
        let inside: HashSet<u32> = self.members(head).into_iter().collect();
        for &id in &inside {
            let sources = self.sources.get(&id).map(Vec::as_slice).unwrap_or_default();
            if sources.iter().any(|source| !inside.contains(source)) {
                self.roots.insert(id);
            }
        }
    }

    /// What is reached from a head without reading a byte, up to and including other heads.
    fn members(&self, head: u32) -> Vec<u32> {
        let mut seen = HashSet::new();
        let mut order = Vec::new();
        let mut stack = vec![head];
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            order.push(id);
            if id != head && self.roots.contains(&id) {
                continue;
            }
            let inst = self.insts[id as usize];
            match inst.kind {
                Kind::Alt | Kind::AltMatch => stack.extend([inst.out1, inst.out]),
                Kind::Nop => stack.push(inst.out),
                _ => {}
            }
        }
        order
    }

    /// The length of a list.
    fn list(&self, head: u32) -> usize {
        let counted = |id: u32| match self.insts[id as usize].kind {
            // Another list is reached by one jump.
            _ if id != head && self.roots.contains(&id) => true,
            Kind::Alt | Kind::Nop => false,
            _ => true,
        };
        self.members(head).into_iter().filter(|&id| counted(id)).count()
    }
}
