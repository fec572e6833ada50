//! The last step before a program is counted: RE2 turns the graph of instructions into lists.
//!
//! A list holds everything that is reached from its head without reading a byte, so alternatives themselves vanish,
//! and what is reached from several lists becomes a list of its own, with a jump in each.

use super::program::{Inst, Kind};

/// The number of instructions in all lists; `start` begins an anchored match and `search` an unanchored one.
pub(super) fn count(insts: &mut [Inst], start: u32, search: u32) -> usize {
    optimize(insts, start);
    let mut graph = Graph::new(insts, start, search);
    let heads = graph.heads();
    heads.into_iter().map(|head| graph.list(head)).sum()
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
        if inst.kind == Kind::Alt && ((loops(first) && ends(insts, second)) || (loops(second) && ends(insts, first))) {
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
    /// Whether an instruction is the head of a list.
    is_head: Vec<bool>,
    /// The alternatives that lead to an instruction.
    sources: Vec<Vec<u32>>,
    /// In which walk an instruction was seen last; the walks are numbered from one.
    seen: Vec<u32>,
    walk: u32,
}

impl<'a> Graph<'a> {
    fn new(insts: &'a [Inst], start: u32, search: u32) -> Self {
        let len = insts.len();
        let (mut is_head, mut sources) = (vec![false; len], vec![Vec::new(); len]);
        for id in [0, start, search] {
            is_head[id as usize] = true;
        }
        for id in reachable(insts, search) {
            let inst = insts[id as usize];
            match inst.kind {
                Kind::Alt | Kind::AltMatch => {
                    sources[inst.out as usize].push(id);
                    sources[inst.out1 as usize].push(id);
                }
                Kind::Byte { .. } | Kind::Capture | Kind::Look => is_head[inst.out as usize] = true,
                Kind::Nop | Kind::Match | Kind::Fail => {}
            }
        }
        let mut graph = Self { insts, is_head, sources, seen: vec![0; len], walk: 0 };
        // The heads that are known by now, last to first; what they add is not looked at again.
        for head in graph.heads().into_iter().rev() {
            if head != 0 && head != start && head != search {
                graph.split(head);
            }
        }
        graph
    }

    fn heads(&self) -> Vec<u32> {
        (0_u32..).zip(&self.is_head).filter(|(_, is_head)| **is_head).map(|(id, _)| id).collect()
    }

    /// Makes heads of the instructions in a list that alternatives outside of it lead to as well.
    fn split(&mut self, head: u32) {
        for id in self.members(head) {
            let outside = |source: &u32| self.seen[*source as usize] != self.walk;
            if self.sources[id as usize].iter().any(outside) {
                self.is_head[id as usize] = true;
            }
        }
    }

    /// What is reached from a head without reading a byte, up to and including other heads.
    fn members(&mut self, head: u32) -> Vec<u32> {
        self.walk += 1;
        let mut order = Vec::new();
        let mut stack = vec![head];
        while let Some(id) = stack.pop() {
            let at = id as usize;
            if std::mem::replace(&mut self.seen[at], self.walk) == self.walk {
                continue;
            }
            order.push(id);
            if id != head && self.is_head[at] {
                continue;
            }
            let inst = self.insts[at];
            match inst.kind {
                Kind::Alt | Kind::AltMatch => stack.extend([inst.out1, inst.out]),
                Kind::Nop => stack.push(inst.out),
                _ => {}
            }
        }
        order
    }

    /// The length of a list.
    fn list(&mut self, head: u32) -> usize {
        let members = self.members(head);
        let counted = |id: &&u32| match self.insts[**id as usize].kind {
            // Another list is reached by one jump.
            _ if **id != head && self.is_head[**id as usize] => true,
            Kind::Alt | Kind::Nop => false,
            _ => true,
        };
        members.iter().filter(counted).count()
    }
}
