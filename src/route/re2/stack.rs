//! The stack of pieces that are not yet part of anything bigger.
//!
//! It does what RE2's stack does, step by step: which literals join into a text and where alternations are factored
//! decides how long the program is.

use super::ast::{Ast, Flags, Id, Op};
use super::factor;
use super::set::Set;

/// What lies on the stack.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    /// A finished piece.
    Piece(Id),
    /// An open group: the flags to restore behind it, whether it captures, and where it opened.
    Paren { flags: Flags, captures: bool, at: usize },
    /// A `|`, which stays above all finished alternatives of its group.
    Bar,
}

/// The stack, its arena and the flags in force.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) ast: Ast,
    pub(super) flags: Flags,
    items: Vec<Item>,
}

impl Stack {
    pub(super) fn new(flags: Flags) -> Self {
        Self { flags, ast: Ast::default(), items: Vec::new() }
    }

    pub(super) fn push_op(&mut self, op: Op) {
        let id = self.ast.add(op, self.flags);
        self.push(id);
    }

    /// A literal that is known not to fold beyond ASCII.
    pub(super) fn push_literal(&mut self, rune: u32) {
        if !self.join_texts(Some(rune)) {
            self.push_op(Op::Literal(rune));
        }
    }

    /// A class. One of a single character, or of the two cases of an ASCII letter, becomes a literal.
    pub(super) fn push_class(&mut self, set: Set) {
        let literal = match *set.ranges() {
            [(lo, hi)] if lo == hi => Some((lo, self.flags.fold)),
            [(upper, hi), (lower, _)] if set.count() == 2 && upper == hi && lower == upper + 0x20 => {
                (0x41..=0x5A).contains(&upper).then_some((lower, true))
            }
            _ => None,
        };
        let id = match literal {
            Some((rune, fold)) => self.ast.add(Op::Literal(rune), Flags { fold, ..self.flags }),
            None => self.ast.add(Op::Class(set), Flags { fold: false, ..self.flags }),
        };
        self.push(id);
    }

    /// The piece that a repetition would be about; `None` if there is none.
    pub(super) fn operand(&self) -> Option<Id> {
        match self.items.last() {
            Some(&Item::Piece(id)) => Some(id),
            _ => None,
        }
    }

    /// Repeats the last piece by `*`, `+` or `?`. A repetition of a repetition read under the same flags is one `*`.
    pub(super) fn repeat(&mut self, sub: Id, op: fn(Id) -> Op, flags: Flags) {
        let op = op(sub);
        let below = self.ast.node_mut(sub);
        if let (Op::Star(inner) | Op::Plus(inner) | Op::Quest(inner), true) = (&below.op, below.flags == flags) {
            if std::mem::discriminant(&below.op) != std::mem::discriminant(&op) {
                below.op = Op::Star(*inner);
            }
            return;
        }
        self.replace(op, flags);
    }

    /// Puts a node in the place of the last piece.
    pub(super) fn replace(&mut self, op: Op, flags: Flags) -> Id {
        self.items.pop();
        let id = self.ast.add(op, flags);
        self.items.push(Item::Piece(id));
        id
    }

    pub(super) fn open(&mut self, captures: bool, at: usize) {
        self.join_texts(None);
        self.items.push(Item::Paren { flags: self.flags, captures, at });
    }

    /// Ends an alternative.
    pub(super) fn bar(&mut self) {
        self.join_texts(None);
        self.concat();
        let len = self.items.len();
        if len < 2 || !matches!(self.items[len - 2], Item::Bar) {
            self.items.push(Item::Bar);
            return;
        }
        // The alternative goes below the bar, unless it or the one before it is any character and takes in the other.
        self.items.swap(len - 2, len - 1);
        if len < 3 {
            return;
        }
        let (Item::Piece(before), Item::Piece(last)) = (self.items[len - 3], self.items[len - 2]) else { return };
        let within = |op: &Op| matches!(op, Op::Literal(_) | Op::Class(_) | Op::AnyChar);
        if matches!(self.ast.op(before), Op::AnyChar) && within(self.ast.op(last)) {
            self.items.remove(len - 2);
        } else if matches!(self.ast.op(last), Op::AnyChar) && within(self.ast.op(before)) {
            self.items.remove(len - 3);
        }
    }

    /// Ends a group and restores the flags before it; false if none is open.
    pub(super) fn close(&mut self) -> bool {
        self.alternate();
        let len = self.items.len();
        let [Item::Paren { flags, captures, .. }, Item::Piece(body)] = self.items[len.saturating_sub(2)..] else {
            return false;
        };
        self.items.truncate(len - 2);
        self.flags = flags;
        let id = if captures { self.ast.add(Op::Capture(body), flags) } else { body };
        self.push(id);
        true
    }

    /// Ends the pattern: its root, or where the innermost group that is still open began.
    pub(super) fn finish(mut self) -> Result<(Ast, Id), usize> {
        self.alternate();
        let open = self.items.iter().rev().find_map(|item| match item {
            Item::Paren { at, .. } => Some(*at),
            _ => None,
        });
        match (open, self.operand()) {
            (Some(at), _) => Err(at),
            (None, Some(root)) => Ok((self.ast, root)),
            (None, None) => {
                let root = self.ast.add(Op::Empty, self.flags);
                Ok((self.ast, root))
            }
        }
    }

    fn push(&mut self, id: Id) {
        self.join_texts(None);
        self.items.push(Item::Piece(id));
    }

    /// Joins the two uppermost literals or texts into one, if they fold alike. The uppermost one waits until something
    /// follows it, since a repetition may still take it. With a literal to come, that one takes the freed place, and
    /// the answer is true.
    fn join_texts(&mut self, next: Option<u32>) -> bool {
        let [.., Item::Piece(below), Item::Piece(above)] = self.items[..] else { return false };
        if self.ast.flags(below).fold != self.ast.flags(above).fold {
            return false;
        }
        let more = match self.ast.op(above) {
            Op::Literal(rune) => vec![*rune],
            Op::Text(runes) => runes.clone(),
            _ => return false,
        };
        let target = &mut self.ast.node_mut(below).op;
        match target {
            Op::Literal(rune) => {
                let mut runes = vec![*rune];
                runes.extend(more);
                *target = Op::Text(runes);
            }
            Op::Text(runes) => runes.extend(more),
            _ => return false,
        }
        self.items.pop();
        let Some(rune) = next else { return false };
        let id = self.ast.add(Op::Literal(rune), self.flags);
        self.items.push(Item::Piece(id));
        true
    }

    fn concat(&mut self) {
        if self.operand().is_none() {
            self.push_op(Op::Empty);
        }
        self.collapse(Op::Concat);
    }

    fn alternate(&mut self) {
        self.bar();
        self.items.pop();
        self.collapse(Op::Alternate);
    }

    /// Makes one node of the pieces above the last group or bar. Children of the same kind are taken in.
    fn collapse(&mut self, op: fn(Vec<Id>) -> Op) {
        let start = self.items.iter().rposition(|item| !matches!(item, Item::Piece(_))).map_or(0, |at| at + 1);
        if self.items.len() == start + 1 {
            return;
        }
        let kind = std::mem::discriminant(&op(Vec::new()));
        let mut subs = Vec::new();
        for item in self.items.drain(start..) {
            let Item::Piece(id) = item else { continue };
            let inner = self.ast.op(id);
            if std::mem::discriminant(inner) == kind {
                subs.extend_from_slice(inner.children());
            } else {
                subs.push(id);
            }
        }
        if kind == std::mem::discriminant(&Op::Alternate(Vec::new())) {
            subs = factor::factor(&mut self.ast, subs, self.flags);
        }
        let id = self.ast.join(subs, self.flags, op);
        self.items.push(Item::Piece(id));
    }
}
