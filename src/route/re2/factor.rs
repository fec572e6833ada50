//! Common beginnings of alternatives, taken out as RE2 takes them out: `abc|abd` is `ab[cd]`.

use super::ast::{Ast, Flags, Id, Op};
use super::class;
use super::set::Set;

/// How deep factored alternatives are factored again. RE2 has no limit. Every level takes at least one instruction, so
/// that only the size of programs differs that are far above any limit on it.
const MAX_DEPTH: usize = 300;

/// The alternatives after factoring; one may be left.
pub(super) fn factor(ast: &mut Ast, subs: Vec<Id>, flags: Flags) -> Vec<Id> {
    factor_at(ast, subs, flags, 0)
}

fn factor_at(ast: &mut Ast, subs: Vec<Id>, flags: Flags, depth: usize) -> Vec<Id> {
    if depth == MAX_DEPTH {
        return subs;
    }
    let subs = splice(ast, subs, flags, depth, text_runs);
    let subs = splice(ast, subs, flags, depth, piece_runs);
    merge_singles(ast, subs, flags)
}

/// A run of neighbours with a common beginning: where it starts, how long it is, and the beginning.
struct Run {
    start: usize,
    len: usize,
    prefix: Prefix,
}

enum Prefix {
    /// Characters, and whether they fold.
    Text(Vec<u32>, bool),
    /// A whole piece.
    Piece(Id),
}

/// Replaces each run by its beginning and the alternation of what follows it.
fn splice(ast: &mut Ast, subs: Vec<Id>, flags: Flags, depth: usize, runs: fn(&Ast, &[Id]) -> Vec<Run>) -> Vec<Id> {
    let mut out = Vec::with_capacity(subs.len());
    let mut next = 0;
    for run in runs(ast, &subs) {
        out.extend_from_slice(&subs[next..run.start]);
        next = run.start + run.len;
        let (prefix, rests) = match run.prefix {
            Prefix::Text(text, fold) => {
                let rests = subs[run.start..next].iter().map(|&sub| without_text(ast, sub, text.len())).collect();
                let op = if let [rune] = text[..] { Op::Literal(rune) } else { Op::Text(text) };
                (ast.add(op, Flags { fold, latin1: flags.latin1, ..Flags::default() }), rests)
            }
            Prefix::Piece(first) => (first, subs[run.start..next].iter().map(|&sub| without_piece(ast, sub)).collect()),
        };
        let rests = factor_at(ast, rests, flags, depth + 1);
        let rest = ast.join(rests, flags, Op::Alternate);
        out.push(ast.add(Op::Concat(vec![prefix, rest]), flags));
    }
    out.extend_from_slice(&subs[next..]);
    out
}

/// Runs that begin with the same characters.
fn text_runs(ast: &Ast, subs: &[Id]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut start = 0;
    while start < subs.len() {
        let (text, fold) = leading_text(ast, subs[start]);
        let mut len = text.len();
        let mut end = start + 1;
        while let Some(&sub) = subs.get(end) {
            let (other, other_fold) = leading_text(ast, sub);
            let same = text[..len].iter().zip(other).take_while(|(a, b)| a == b).count();
            if same == 0 || fold != other_fold {
                break;
            }
            len = same;
            end += 1;
        }
        if end > start + 1 {
            runs.push(Run { start, len: end - start, prefix: Prefix::Text(text[..len].to_vec(), fold) });
        }
        start = end;
    }
    runs
}

/// Runs that begin with the same condition, class or counted repetition. Other repetitions stay apart, since taking
/// them out would lose ways to match.
fn piece_runs(ast: &Ast, subs: &[Id]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut start = 0;
    while start < subs.len() {
        let mut end = start + 1;
        if let Some(first) = leading_piece(ast, subs[start]).filter(|&first| is_factored(ast, first)) {
            while subs.get(end).and_then(|&sub| leading_piece(ast, sub)).is_some_and(|other| ast.same(first, other)) {
                end += 1;
            }
            if end > start + 1 {
                runs.push(Run { start, len: end - start, prefix: Prefix::Piece(first) });
            }
        }
        start = end;
    }
    runs
}

fn is_factored(ast: &Ast, id: Id) -> bool {
    match ast.op(id) {
        Op::Class(_) | Op::AnyChar | Op::AnyByte => true,
        Op::Repeat { sub, min, max } => *max == Some(*min) && ast.op(*sub).is_single(),
        op => op.is_look(),
    }
}

/// Merges neighbours that are single characters or classes into one class.
fn merge_singles(ast: &mut Ast, subs: Vec<Id>, flags: Flags) -> Vec<Id> {
    let is_mergeable = |ast: &Ast, id| matches!(ast.op(id), Op::Literal(_) | Op::Class(_));
    let mut out = Vec::with_capacity(subs.len());
    let mut start = 0;
    while start < subs.len() {
        let mut end = start + 1;
        while end < subs.len() && is_mergeable(ast, subs[start]) && is_mergeable(ast, subs[end]) {
            end += 1;
        }
        if end == start + 1 {
            out.push(subs[start]);
        } else {
            let mut ranges = Vec::new();
            for &sub in &subs[start..end] {
                match ast.op(sub) {
                    Op::Class(set) => ranges.extend_from_slice(set.ranges()),
                    Op::Literal(rune) => ranges.extend_from_slice(literal_set(*rune, ast.flags(sub)).ranges()),
                    _ => {}
                }
            }
            out.push(ast.add(Op::Class(Set::new(ranges)), Flags { fold: false, ..flags }));
        }
        start = end;
    }
    out
}

/// The class of a literal. A folding one folds by Unicode here although it folds by ASCII everywhere else, so that
/// `[Kk]|x` also takes the Kelvin sign: that is what RE2 does.
fn literal_set(rune: u32, flags: Flags) -> Set {
    let set = Set::new(vec![(rune, rune)]);
    class::fold(&set, flags)
}

/// The characters that a node begins with, and whether they fold.
fn leading_text(ast: &Ast, mut id: Id) -> (&[u32], bool) {
    while let Op::Concat(subs) = ast.op(id) {
        match subs.first() {
            Some(&first) => id = first,
            None => break,
        }
    }
    let text = match ast.op(id) {
        Op::Literal(rune) => std::slice::from_ref(rune),
        Op::Text(runes) => runes,
        _ => &[],
    };
    (text, ast.flags(id).fold)
}

/// A node without the first `count` characters of its leading text.
fn without_text(ast: &mut Ast, id: Id, count: usize) -> Id {
    let mut path = Vec::new();
    let mut leaf = id;
    while let Op::Concat(subs) = ast.op(leaf) {
        let Some(&first) = subs.first() else { break };
        path.push(leaf);
        leaf = first;
    }
    let rest = match ast.op(leaf) {
        Op::Text(runes) => match runes.get(count..) {
            Some([rune]) => Op::Literal(*rune),
            Some(rest @ [_, ..]) => Op::Text(rest.to_vec()),
            _ => Op::Empty,
        },
        _ => Op::Empty,
    };
    let mut rest = ast.add(rest, ast.flags(leaf));
    while let Some(parent) = path.pop() {
        let mut subs = ast.op(parent).children().to_vec();
        if matches!(ast.op(rest), Op::Empty) && subs.len() > 1 {
            subs.remove(0);
        } else {
            subs[0] = rest;
        }
        rest = ast.join(subs, ast.flags(parent), Op::Concat);
    }
    rest
}

fn leading_piece(ast: &Ast, id: Id) -> Option<Id> {
    let first = match ast.op(id) {
        Op::Concat(subs) if subs.len() >= 2 => subs[0],
        _ => id,
    };
    (!matches!(ast.op(first), Op::Empty)).then_some(first)
}

/// A node without its leading piece, which it has.
fn without_piece(ast: &mut Ast, id: Id) -> Id {
    let flags = ast.flags(id);
    match ast.op(id) {
        Op::Concat(subs) if subs.len() >= 2 => {
            let rest = subs[1..].to_vec();
            ast.join(rest, flags, Op::Concat)
        }
        _ => ast.add(Op::Empty, flags),
    }
}
