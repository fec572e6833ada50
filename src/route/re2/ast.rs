//! The tree of a pattern, as RE2's parser leaves it: alternations factored, literals joined.
//!
//! Nodes live in one arena and name their children by index. A child is always older than its parent, so whole trees
//! are processed in loops, and a pattern of a hundred thousand nested groups cannot exhaust the stack.

use super::set::Set;

/// The index of a node in its [`Ast`].
pub(super) type Id = u32;

/// The flags that were in force where a node was read. RE2 compares them when it merges nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    /// `i`: letters match in either case.
    pub(super) fold: bool,
    /// `m`: `^` and `$` also match at line ends.
    pub(super) multi_line: bool,
    /// `s`: `.` also matches a line feed.
    pub(super) dot_newline: bool,
    /// `U`: repetitions prefer fewer copies. It never changes a full match.
    pub(super) lazy: bool,
    /// The pattern is read as bytes, so that folding stops at ASCII. The same for all nodes of a pattern.
    pub(super) latin1: bool,
}

/// What a node matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// Nothing at all.
    Never,
    /// The empty string.
    Empty,
    /// One character; under [`Flags::fold`] an ASCII letter stands for both its cases.
    Literal(u32),
    /// Two or more characters, folding like a literal.
    Text(Vec<u32>),
    /// One character of a set.
    Class(Set),
    /// Any character.
    AnyChar,
    /// Any byte, `\C`.
    AnyByte,
    /// The start of the text or of a line.
    LineStart,
    /// The end of the text or of a line.
    LineEnd,
    /// The start of the text.
    TextStart,
    /// The end of the text; RE2 tells `$` from `\z` when it compares nodes.
    TextEnd { dollar: bool },
    /// `\b`, by ASCII.
    WordBoundary,
    /// `\B`, by ASCII.
    NotWordBoundary,
    /// One after another.
    Concat(Vec<Id>),
    /// One of several.
    Alternate(Vec<Id>),
    /// `*`
    Star(Id),
    /// `+`
    Plus(Id),
    /// `?`
    Quest(Id),
    /// `{min,max}`
    Repeat { sub: Id, min: u32, max: Option<u32> },
    /// A capturing group.
    Capture(Id),
}

impl Op {
    /// The children, in order.
    pub(super) fn children(&self) -> &[Id] {
        match self {
            Op::Concat(subs) | Op::Alternate(subs) => subs,
            Op::Star(sub) | Op::Plus(sub) | Op::Quest(sub) | Op::Capture(sub) | Op::Repeat { sub, .. } => {
                std::slice::from_ref(sub)
            }
            _ => &[],
        }
    }

    /// Whether it is a condition on a position that takes no text.
    pub(super) fn is_look(&self) -> bool {
        matches!(
            self,
            Op::LineStart | Op::LineEnd | Op::TextStart | Op::TextEnd { .. } | Op::WordBoundary | Op::NotWordBoundary
        )
    }

    /// Whether it takes exactly one character or byte.
    pub(super) fn is_single(&self) -> bool {
        matches!(self, Op::Literal(_) | Op::Class(_) | Op::AnyChar | Op::AnyByte)
    }
}

/// A node and the flags it was read under.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) op: Op,
    pub(super) flags: Flags,
    /// How many copies of the innermost node the nested counted repetitions come to, saturating.
    pub(super) copies: u32,
}

/// The arena.
#[derive(Clone, Debug, Default)]
pub(super) struct Ast {
    nodes: Vec<Node>,
}

impl Ast {
    /// Adds a node whose children are already there.
    pub(super) fn add(&mut self, op: Op, flags: Flags) -> Id {
        let inner = op.children().iter().map(|&id| self.node(id).copies).max().unwrap_or(1);
        let own = match op {
            Op::Repeat { min, max, .. } => max.unwrap_or(min).max(1),
            _ => 1,
        };
        let id = self.len();
        self.nodes.push(Node { op, flags, copies: inner.saturating_mul(own) });
        id
    }

    /// A node of several children, or the only child itself.
    pub(super) fn join(&mut self, subs: Vec<Id>, flags: Flags, op: fn(Vec<Id>) -> Op) -> Id {
        match subs[..] {
            [only] => only,
            _ => self.add(op(subs), flags),
        }
    }

    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    pub(super) fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    pub(super) fn op(&self, id: Id) -> &Op {
        &self.node(id).op
    }

    pub(super) fn flags(&self, id: Id) -> Flags {
        self.node(id).flags
    }

    /// How many nodes there are; the next one gets this index.
    pub(super) fn len(&self) -> Id {
        Id::try_from(self.nodes.len()).unwrap_or(Id::MAX)
    }

    /// Whether two nodes are the same to RE2's factoring. It asks only about nodes without children and about counted
    /// repetitions of those; anything else counts as different.
    pub(super) fn same(&self, a: Id, b: Id) -> bool {
        match (self.op(a), self.op(b)) {
            (Op::Literal(x), Op::Literal(y)) => x == y && self.flags(a).fold == self.flags(b).fold,
            (Op::Text(x), Op::Text(y)) => x == y && self.flags(a).fold == self.flags(b).fold,
            (Op::Repeat { sub: x, min, max }, Op::Repeat { sub: y, min: min2, max: max2 }) => {
                (min, max) == (min2, max2)
                    && self.flags(a).lazy == self.flags(b).lazy
                    && self.op(*x).children().is_empty()
                    && self.same(*x, *y)
            }
            (x, y) => x.children().is_empty() && x == y,
        }
    }
}
