//! The language of a tree: everything that it matches as a whole.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, Look, Repetition};

use super::ast::{Ast, Flags, Id, Op};

/// How deep a tree may be. Automata are built by recursion over the expression.
const MAX_DEPTH: usize = 200;

/// The expression of a tree; `None` if it is too deep, or if it has `\C`, which takes characters apart.
///
/// It is about valid UTF-8. On other text RE2 is a little more generous than its own rules, to save instructions.
pub(super) fn hir(ast: &Ast, root: Id) -> Option<Hir> {
    // Children before parents, each with its depth.
    let mut order = Vec::new();
    let mut stack = vec![(root, 1)];
    while let Some((id, depth)) = stack.pop() {
        if depth > MAX_DEPTH {
            return None;
        }
        order.push(id);
        stack.extend(ast.op(id).children().iter().map(|&sub| (sub, depth + 1)));
    }
    let mut done: Vec<Hir> = Vec::new();
    for &id in order.iter().rev() {
        let subs = done.split_off(done.len() - ast.op(id).children().len());
        done.push(node(ast, id, subs)?);
    }
    done.pop()
}

fn node(ast: &Ast, id: Id, mut subs: Vec<Hir>) -> Option<Hir> {
    let flags = ast.flags(id);
    Some(match ast.op(id) {
        Op::Never => Hir::fail(),
        Op::Empty => Hir::empty(),
        Op::Literal(rune) => literal(*rune, flags),
        Op::Text(runes) => Hir::concat(runes.iter().map(|&rune| literal(rune, flags)).collect()),
        Op::Class(set) => Hir::class(Class::Unicode(set.to_class())),
        Op::AnyChar => Hir::dot(regex_syntax::hir::Dot::AnyChar),
        Op::AnyByte => return None,
        Op::LineStart => Hir::look(Look::StartLF),
        Op::LineEnd => Hir::look(Look::EndLF),
        Op::TextStart => Hir::look(Look::Start),
        Op::TextEnd { .. } => Hir::look(Look::End),
        Op::WordBoundary => Hir::look(Look::WordAscii),
        Op::NotWordBoundary => Hir::look(Look::WordAsciiNegate),
        Op::Concat(_) => Hir::concat(subs),
        Op::Alternate(_) => Hir::alternation(subs),
        Op::Star(_) => repetition(subs.pop()?, 0, None),
        Op::Plus(_) => repetition(subs.pop()?, 1, None),
        Op::Quest(_) => repetition(subs.pop()?, 0, Some(1)),
        Op::Repeat { min, max, .. } => repetition(subs.pop()?, *min, *max),
        Op::Capture(_) => subs.pop()?,
    })
}

fn repetition(sub: Hir, min: u32, max: Option<u32>) -> Hir {
    // Which copies are preferred makes no difference to a full match.
    Hir::repetition(Repetition { min, max, greedy: true, sub: Box::new(sub) })
}

fn literal(rune: u32, flags: Flags) -> Hir {
    // No text in UTF-8 has a surrogate in it.
    let Some(rune) = char::from_u32(rune) else { return Hir::fail() };
    if flags.fold && rune.is_ascii_alphabetic() {
        let cases = [rune.to_ascii_uppercase(), rune.to_ascii_lowercase()];
        return Hir::class(Class::Unicode(ClassUnicode::new(cases.map(|case| ClassUnicodeRange::new(case, case)))));
    }
    Hir::literal(rune.encode_utf8(&mut [0; 4]).as_bytes())
}

/// The bytes that everything in the language begins with, and whether they are all there is to it.
pub(super) fn prefix(ast: &Ast, root: Id) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        let flags = ast.flags(id);
        let runes = match ast.op(id) {
            Op::Empty => continue,
            Op::Concat(subs) => {
                stack.extend(subs.iter().rev());
                continue;
            }
            &Op::Capture(sub) => {
                stack.push(sub);
                continue;
            }
            Op::TextStart | Op::LineStart if bytes.is_empty() => continue,
            // An end of the text is no news when nothing follows it.
            Op::TextEnd { .. } | Op::LineEnd if stack.is_empty() => continue,
            Op::Literal(rune) => std::slice::from_ref(rune),
            Op::Text(runes) => runes,
            // The first copy is certain, and what follows it is not.
            &(Op::Plus(sub) | Op::Repeat { sub, min: 1.., .. }) => {
                let (first, _) = match ast.op(sub) {
                    Op::Literal(_) | Op::Text(_) => prefix(ast, sub),
                    _ => return (bytes, false),
                };
                bytes.extend(first);
                return (bytes, false);
            }
            _ => return (bytes, false),
        };
        for &rune in runes {
            match char::from_u32(rune) {
                Some(rune) if !(flags.fold && rune.is_ascii_alphabetic()) => {
                    bytes.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => return (bytes, false),
            }
        }
    }
    (bytes, true)
}
