//! What RE2 does to a tree before it compiles it: neighbours that repeat the same thing become one repetition, and
//! counted repetitions become copies, `+`, `*` and `?`.

use super::ast::{Ast, Flags, Id, Op};

/// The tree without counted repetitions. Copies share their node, so that the arena stays small.
pub(super) fn simplify(ast: &mut Ast, root: Id) -> Id {
    let root = each(ast, root, coalesce);
    each(ast, root, expand)
}

/// Applies a function to every node that was there, children first, and gives it the results of the children.
fn each(ast: &mut Ast, root: Id, function: fn(&mut Ast, Id, &[Id]) -> Id) -> Id {
    let mut done: Vec<Id> = Vec::with_capacity(root as usize + 1);
    for id in 0..=root {
        let subs: Vec<Id> = ast.op(id).children().iter().map(|&sub| done[sub as usize]).collect();
        let result = function(ast, id, &subs);
        done.push(result);
    }
    done[root as usize]
}

/// The node with other children; the same one if they are the same.
fn rebuilt(ast: &mut Ast, id: Id, subs: &[Id]) -> Id {
    let node = ast.node(id);
    if node.op.children() == subs {
        return id;
    }
    let op = match (&node.op, subs) {
        (Op::Concat(_), _) => Op::Concat(subs.to_vec()),
        (Op::Alternate(_), _) => Op::Alternate(subs.to_vec()),
        (Op::Star(_), &[sub]) => Op::Star(sub),
        (Op::Plus(_), &[sub]) => Op::Plus(sub),
        (Op::Quest(_), &[sub]) => Op::Quest(sub),
        (Op::Capture(_), &[sub]) => Op::Capture(sub),
        (&Op::Repeat { min, max, .. }, &[sub]) => Op::Repeat { sub, min, max },
        (op, _) => op.clone(),
    };
    let flags = node.flags;
    ast.add(op, flags)
}

fn coalesce(ast: &mut Ast, id: Id, subs: &[Id]) -> Id {
    let is_concat = matches!(ast.op(id), Op::Concat(_));
    if !is_concat || !subs.windows(2).any(|pair| merges(ast, pair[0], pair[1])) {
        return rebuilt(ast, id, subs);
    }
    let flags = ast.flags(id);
    let mut subs = subs.to_vec();
    for next in 1..subs.len() {
        if merges(ast, subs[next - 1], subs[next]) {
            (subs[next - 1], subs[next]) = merge(ast, subs[next - 1], subs[next]);
        }
    }
    subs.retain(|&sub| !matches!(ast.op(sub), Op::Empty));
    ast.add(Op::Concat(subs), flags)
}

/// What a repetition repeats and how often; `None` for anything else.
fn repetition(ast: &Ast, id: Id) -> Option<(Id, u32, Option<u32>)> {
    match *ast.op(id) {
        Op::Star(sub) => Some((sub, 0, None)),
        Op::Plus(sub) => Some((sub, 1, None)),
        Op::Quest(sub) => Some((sub, 0, Some(1))),
        Op::Repeat { sub, min, max } => Some((sub, min, max)),
        _ => None,
    }
}

/// Whether the first repeats a single thing that the second repeats, is, or begins with.
fn merges(ast: &Ast, first: Id, second: Id) -> bool {
    let Some((sub, ..)) = repetition(ast, first).filter(|(sub, ..)| ast.op(*sub).is_single()) else { return false };
    if let Some((other, ..)) = repetition(ast, second) {
        return ast.same(sub, other) && ast.flags(first).lazy == ast.flags(second).lazy;
    }
    match (ast.op(sub), ast.op(second)) {
        (Op::Literal(rune), Op::Text(runes)) => {
            runes.first() == Some(rune) && ast.flags(sub).fold == ast.flags(second).fold
        }
        _ => ast.same(sub, second),
    }
}

/// The two nodes that take the places of two that merge.
fn merge(ast: &mut Ast, first: Id, second: Id) -> (Id, Id) {
    let flags = ast.flags(first);
    let Some((sub, min, max)) = repetition(ast, first) else { return (first, second) };
    let mut rest = None;
    let (more_min, more_max) = match (repetition(ast, second), ast.op(sub), ast.op(second)) {
        (Some((_, min, max)), ..) => (min, max),
        (None, Op::Literal(rune), Op::Text(runes)) => {
            let count = runes.iter().take_while(|other| *other == rune).count();
            rest = Some(runes[count..].to_vec());
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            (count, Some(count))
        }
        _ => (1, Some(1)),
    };
    let max = max.zip(more_max).map(|(max, more)| max.saturating_add(more));
    let merged = ast.add(Op::Repeat { sub, min: min.saturating_add(more_min), max }, flags);
    match rest.as_deref() {
        Some(&[rune]) => (merged, ast.add(Op::Literal(rune), ast.flags(second))),
        Some(rest @ [_, ..]) => (merged, ast.add(Op::Text(rest.to_vec()), ast.flags(second))),
        _ => (ast.add(Op::Empty, Flags::default()), merged),
    }
}

fn expand(ast: &mut Ast, id: Id, subs: &[Id]) -> Id {
    let flags = ast.flags(id);
    match (ast.op(id), subs) {
        (Op::Class(set), _) if set.is_empty() => ast.add(Op::Never, flags),
        (Op::Class(set), _) if set.is_full() => ast.add(Op::AnyChar, flags),
        (Op::Star(_) | Op::Plus(_) | Op::Quest(_) | Op::Repeat { .. }, &[sub]) if matches!(ast.op(sub), Op::Empty) => {
            sub
        }
        (&Op::Repeat { min, max, .. }, &[sub]) => copies(ast, sub, min, max, flags),
        (Op::Star(old) | Op::Plus(old) | Op::Quest(old), &[sub]) if *old != sub => {
            let same = std::mem::discriminant(ast.op(id)) == std::mem::discriminant(ast.op(sub));
            if same && ast.flags(sub) == flags { sub } else { rebuilt(ast, id, subs) }
        }
        _ => rebuilt(ast, id, subs),
    }
}

/// `x{2,}` is `xx+`, and `x{2,5}` is `xx(x(x(x)?)?)?`.
fn copies(ast: &mut Ast, sub: Id, mut min: u32, mut max: Option<u32>, flags: Flags) -> Id {
    // A condition that holds once at a place holds as often as one likes.
    let op = ast.op(sub);
    let looks = matches!(op, Op::Concat(_) | Op::Alternate(_)) && op.children().iter().all(|&id| ast.op(id).is_look());
    if op.is_look() || looks {
        min = min.min(1);
        max = max.map(|max| max.min(1));
    }
    let Some(max) = max else {
        return match min {
            0 => unary(ast, Op::Star, sub, flags),
            1 => unary(ast, Op::Plus, sub, flags),
            _ => {
                let mut subs = vec![sub; min as usize - 1];
                subs.push(unary(ast, Op::Plus, sub, flags));
                ast.add(Op::Concat(subs), flags)
            }
        };
    };
    let optional = (min < max).then(|| {
        let mut optional = unary(ast, Op::Quest, sub, flags);
        for _ in min + 1..max {
            let longer = ast.add(Op::Concat(vec![sub, optional]), flags);
            optional = unary(ast, Op::Quest, longer, flags);
        }
        optional
    });
    match (min, optional) {
        (0, None) => ast.add(Op::Empty, flags),
        (0, Some(optional)) => optional,
        (_, optional) => {
            let required = ast.join(vec![sub; min as usize], flags, Op::Concat);
            match optional {
                Some(optional) => ast.add(Op::Concat(vec![required, optional]), flags),
                None => required,
            }
        }
    }
}

/// A repetition; one of a repetition under the same flags is the same one, or a `*`.
fn unary(ast: &mut Ast, op: fn(Id) -> Op, sub: Id, flags: Flags) -> Id {
    let inner = ast.op(sub);
    if let (&(Op::Star(below) | Op::Plus(below) | Op::Quest(below)), true) = (inner, ast.flags(sub) == flags) {
        let same = std::mem::discriminant(inner) == std::mem::discriminant(&op(sub));
        if same || matches!(inner, Op::Star(_)) {
            return sub;
        }
        return ast.add(Op::Star(below), flags);
    }
    ast.add(op(sub), flags)
}
