//! How many instructions RE2 makes of a pattern, which is what Envoy limits.
//!
//! This follows RE2's compiler up to the point where the program is counted: fragments are laid down in the same
//! order, since which of them share instructions depends on it.

use super::ast::{Ast, Id, Op};
use super::flatten;
use super::rune::Runes;
use super::simplify;
use super::text::Encoding;

/// How many instructions fit RE2's default memory, before they are flattened: two thirds of 8 MiB by 8 bytes, less
/// what the program itself takes (measured).
const MAX_INSTRUCTIONS: usize = 698_996;

/// One instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inst {
    pub(super) kind: Kind,
    pub(super) out: u32,
    pub(super) out1: u32,
}

/// What an instruction does, as far as counting needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Fail,
    Alt,
    /// An alternative of any bytes and of the end of the match; it is counted once more.
    AltMatch,
    Byte {
        lo: u8,
        hi: u8,
        fold: bool,
    },
    Capture,
    Look,
    Match,
    Nop,
}

/// A part of the program: where it begins, and the ends that are not connected yet. Instruction 0 fails, and a fragment
/// that begins there matches nothing.
#[derive(Debug, Default)]
pub(super) struct Fragment {
    pub(super) start: u32,
    pub(super) ends: Vec<End>,
    nullable: bool,
}

/// The `out` of an instruction, or its `out1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) inst: u32,
    pub(super) second: bool,
}

/// The instructions so far.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) insts: Vec<Inst>,
}

/// The size of the program of a tree, as `RE2::ProgramSize()` gives it; `None` if it does not fit RE2's memory.
pub(super) fn size(mut ast: Ast, root: Id, encoding: Encoding) -> Option<usize> {
    let root = without_prefix(&mut ast, root);
    let root = simplify::simplify(&mut ast, root);
    let (root, anchored) = without_anchor(&mut ast, root, 0, Side::Start);
    let (root, _) = without_anchor(&mut ast, root, 0, Side::End);
    let mut code = Code { insts: Vec::new() };
    code.add(Kind::Fail, 0, 0)?;
    let body = code.tree(&ast, root, encoding)?;
    let end = code.single(Kind::Match)?;
    let body = code.cat(body, Fragment { ends: Vec::new(), ..end });
    let start = body.start;
    let search = if anchored {
        start
    } else {
        // A program that is not anchored by itself begins with a loop over any bytes.
        let any = code.single(Kind::Byte { lo: 0, hi: 0xFF, fold: false })?;
        let any = code.star(any, true)?;
        code.cat(any, body).start
    };
    if start == 0 && search == 0 {
        code.insts.truncate(1);
    }
    Some(flatten::count(&mut code.insts, start, search))
}

/// A literal behind `^` at the start is compared apart, and is no part of the program.
fn without_prefix(ast: &mut Ast, root: Id) -> Id {
    let Op::Concat(subs) = ast.op(root) else { return root };
    let anchors = subs.iter().take_while(|&&sub| matches!(ast.op(sub), Op::TextStart)).count();
    let is_text = subs.get(anchors).is_some_and(|&sub| matches!(ast.op(sub), Op::Literal(_) | Op::Text(_)));
    if anchors == 0 || !is_text {
        return root;
    }
    let rest = subs[anchors + 1..].to_vec();
    let flags = ast.flags(root);
    if rest.is_empty() { ast.add(Op::Empty, flags) } else { ast.join(rest, flags, Op::Concat) }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Start,
    End,
}

/// The tree without the anchor at one of its sides, and whether there was one. RE2 looks four levels deep.
fn without_anchor(ast: &mut Ast, id: Id, depth: u32, side: Side) -> (Id, bool) {
    if depth >= 4 {
        return (id, false);
    }
    let flags = ast.flags(id);
    let op = match (ast.op(id), side) {
        (Op::TextStart, Side::Start) | (Op::TextEnd { .. }, Side::End) => Op::Empty,
        (Op::Concat(subs), _) if !subs.is_empty() => {
            let mut subs = subs.clone();
            let at = if side == Side::Start { 0 } else { subs.len() - 1 };
            let (sub, found) = without_anchor(ast, subs[at], depth + 1, side);
            if !found {
                return (id, false);
            }
            subs[at] = sub;
            return (ast.join(subs, flags, Op::Concat), true);
        }
        (&Op::Capture(sub), _) => {
            let (sub, found) = without_anchor(ast, sub, depth + 1, side);
            if !found {
                return (id, false);
            }
            Op::Capture(sub)
        }
        _ => return (id, false),
    };
    (ast.add(op, flags), true)
}

enum Step {
    Enter(Id),
    Leave(Id),
}

impl Code {
    /// Adds an instruction; `None` if there is no room for it.
    pub(super) fn add(&mut self, kind: Kind, out: u32, out1: u32) -> Option<u32> {
        if self.insts.len() >= MAX_INSTRUCTIONS {
            return None;
        }
        let id = u32::try_from(self.insts.len()).ok()?;
        self.insts.push(Inst { kind, out, out1 });
        Some(id)
    }

    pub(super) fn inst(&self, id: u32) -> Inst {
        self.insts[id as usize]
    }

    pub(super) fn patch(&mut self, ends: &[End], target: u32) {
        for end in ends {
            let inst = &mut self.insts[end.inst as usize];
            *(if end.second { &mut inst.out1 } else { &mut inst.out }) = target;
        }
    }

    /// The whole tree. Shared nodes are compiled as often as they occur, and RE2 gives up after so many visits.
    fn tree(&mut self, ast: &Ast, root: Id, encoding: Encoding) -> Option<Fragment> {
        let mut steps = vec![Step::Enter(root)];
        let mut fragments: Vec<Fragment> = Vec::new();
        let mut visits = 0;
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(id) => {
                    visits += 1;
                    if visits > 2 * MAX_INSTRUCTIONS {
                        return None;
                    }
                    steps.push(Step::Leave(id));
                    steps.extend(ast.op(id).children().iter().rev().map(|&sub| Step::Enter(sub)));
                }
                Step::Leave(id) => {
                    let count = ast.op(id).children().len();
                    let subs = fragments.split_off(fragments.len() - count);
                    let fragment = self.node(ast, id, subs, encoding)?;
                    fragments.push(fragment);
                }
            }
        }
        fragments.pop()
    }

    fn node(&mut self, ast: &Ast, id: Id, subs: Vec<Fragment>, encoding: Encoding) -> Option<Fragment> {
        let flags = ast.flags(id);
        let lazy = flags.lazy;
        let mut subs = subs.into_iter();
        let first = subs.next().unwrap_or_default();
        match ast.op(id) {
            Op::Never => Some(Fragment::default()),
            Op::Empty => self.nop(),
            Op::Literal(rune) => self.literal(*rune, flags.fold, encoding),
            Op::Text(runes) => {
                let mut runes = runes.iter();
                let Some(&rune) = runes.next() else { return self.nop() };
                let mut whole = self.literal(rune, flags.fold, encoding)?;
                for &rune in runes {
                    let next = self.literal(rune, flags.fold, encoding)?;
                    whole = self.cat(whole, next);
                }
                Some(whole)
            }
            Op::Class(set) => self.class(set.ranges(), set.folds_ascii(), encoding),
            Op::AnyChar => self.class(&[(0, super::set::MAX)], false, encoding),
            Op::AnyByte => self.single(Kind::Byte { lo: 0, hi: 0xFF, fold: false }),
            Op::LineStart
            | Op::LineEnd
            | Op::TextStart
            | Op::TextEnd { .. }
            | Op::WordBoundary
            | Op::NotWordBoundary => Some(Fragment { nullable: true, ..self.single(Kind::Look)? }),
            Op::Concat(_) => Some(subs.fold(first, |whole, next| self.cat(whole, next))),
            Op::Alternate(_) => subs.try_fold(first, |whole, next| self.alternate(whole, next)),
            Op::Star(_) => self.star(first, lazy),
            Op::Plus(_) => self.plus(first, lazy),
            Op::Quest(_) => self.quest(first, lazy),
            Op::Capture(_) => self.capture(first),
            // There is none after the tree was simplified.
            Op::Repeat { .. } => None,
        }
    }

    /// A fragment of one instruction.
    fn single(&mut self, kind: Kind) -> Option<Fragment> {
        let id = self.add(kind, 0, 0)?;
        Some(Fragment { start: id, ends: vec![End { inst: id, second: false }], nullable: false })
    }

    fn nop(&mut self) -> Option<Fragment> {
        Some(Fragment { nullable: true, ..self.single(Kind::Nop)? })
    }

    fn literal(&mut self, rune: u32, fold: bool, encoding: Encoding) -> Option<Fragment> {
        let mut bytes = [0; 4];
        let bytes = match encoding {
            Encoding::Utf8 => super::rune::encode(rune, &mut bytes),
            Encoding::Latin1 => {
                bytes[0] = u8::try_from(rune).ok()?;
                &bytes[..1]
            }
        };
        let fold = fold && bytes.len() == 1;
        let mut whole = self.single(Kind::Byte { lo: bytes[0], hi: bytes[0], fold })?;
        for &byte in &bytes[1..] {
            let next = self.single(Kind::Byte { lo: byte, hi: byte, fold: false })?;
            whole = self.cat(whole, next);
        }
        Some(whole)
    }

    fn class(&mut self, ranges: &[(u32, u32)], folds: bool, encoding: Encoding) -> Option<Fragment> {
        let mut runes = Runes::new(self, encoding);
        for &(lo, hi) in ranges {
            // A class that folds is stored by its lower-case half.
            if folds && 0x41 <= lo && hi <= 0x5A {
                continue;
            }
            let outside = hi < 0x41 || 0x7A < lo || (lo <= 0x41 && 0x7A <= hi) || (0x5A < lo && hi < 0x61);
            runes.add(lo, hi, folds && !outside)?;
        }
        let (start, ends) = runes.finish();
        Some(Fragment { start, ends, nullable: false })
    }

    fn cat(&mut self, first: Fragment, second: Fragment) -> Fragment {
        if first.start == 0 || second.start == 0 {
            return Fragment::default();
        }
        self.patch(&first.ends, second.start);
        let only = [End { inst: first.start, second: false }];
        if self.inst(first.start).kind == Kind::Nop && first.ends == only {
            return second;
        }
        Fragment { start: first.start, ends: second.ends, nullable: first.nullable && second.nullable }
    }

    fn alternate(&mut self, first: Fragment, second: Fragment) -> Option<Fragment> {
        if first.start == 0 || second.start == 0 {
            return Some(if first.start == 0 { second } else { first });
        }
        let start = self.add(Kind::Alt, first.start, second.start)?;
        // Ends are a set; the longer list takes the shorter one, so that nested alternatives stay cheap.
        let (mut ends, fewer) =
            if first.ends.len() < second.ends.len() { (second.ends, first.ends) } else { (first.ends, second.ends) };
        ends.extend(fewer);
        Some(Fragment { start, ends, nullable: first.nullable || second.nullable })
    }

    /// A branch into a fragment and past it.
    fn branch(&mut self, into: u32, lazy: bool) -> Option<(u32, End)> {
        let id = if lazy { self.add(Kind::Alt, 0, into)? } else { self.add(Kind::Alt, into, 0)? };
        Some((id, End { inst: id, second: !lazy }))
    }

    fn plus(&mut self, body: Fragment, lazy: bool) -> Option<Fragment> {
        let (id, end) = self.branch(body.start, lazy)?;
        self.patch(&body.ends, id);
        Some(Fragment { start: body.start, ends: vec![end], nullable: body.nullable })
    }

    fn star(&mut self, body: Fragment, lazy: bool) -> Option<Fragment> {
        if body.nullable {
            let plus = self.plus(body, lazy)?;
            return self.quest(plus, lazy);
        }
        let (id, end) = self.branch(body.start, lazy)?;
        self.patch(&body.ends, id);
        Some(Fragment { start: id, ends: vec![end], nullable: true })
    }

    fn quest(&mut self, body: Fragment, lazy: bool) -> Option<Fragment> {
        if body.start == 0 {
            return self.nop();
        }
        let (id, end) = self.branch(body.start, lazy)?;
        let mut ends = body.ends;
        ends.push(end);
        Some(Fragment { start: id, ends, nullable: true })
    }

    fn capture(&mut self, body: Fragment) -> Option<Fragment> {
        if body.start == 0 {
            return Some(body);
        }
        let open = self.add(Kind::Capture, body.start, 0)?;
        let close = self.add(Kind::Capture, 0, 0)?;
        self.patch(&body.ends, close);
        Some(Fragment { start: open, ends: vec![End { inst: close, second: false }], nullable: body.nullable })
    }
}
