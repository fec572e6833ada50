//! The grammar of RE2, under the options that Envoy gives it: its own defaults, which are those of Perl's syntax.

use super::ast::{Ast, Flags, Id, Op};
use super::class;
use super::error::{Error, ErrorKind};
use super::escape;
use super::set::Set;
use super::stack::Stack;
use super::text::{Encoding, Text};
use super::unicode;

/// RE2's limit on a counted repetition, and on the copies that nested ones come to.
const MAX_REPEAT: u32 = 1000;

/// Reads a pattern: its tree and its root.
pub(super) fn parse(pattern: &str, encoding: Encoding) -> Result<(Ast, Id), Error> {
    let flags = Flags { latin1: encoding == Encoding::Latin1, ..Flags::default() };
    let mut parser = Parser { text: Text::new(pattern, encoding), stack: Stack::new(flags) };
    // Where the repetition that was read last began, if nothing came after it.
    let mut last_repetition = None;
    while let Some(byte) = parser.text.byte(0) {
        last_repetition = parser.token(byte, last_repetition)?;
    }
    let Parser { text, stack } = parser;
    stack.finish().map_err(|at| text.error_at(ErrorKind::MissingParen, at..at + 1))
}

struct Parser<'a> {
    text: Text<'a>,
    stack: Stack,
}

impl Parser<'_> {
    /// Reads what is next. The answer is where a repetition began, if it was one.
    fn token(&mut self, byte: u8, last_repetition: Option<usize>) -> Result<Option<usize>, Error> {
        let start = self.text.at();
        match byte {
            b'(' if self.text.byte(1) == Some(b'?') => self.group()?,
            b'(' => {
                self.stack.open(true, start);
                self.text.go(start + 1);
            }
            b'|' => {
                self.stack.bar();
                self.text.go(start + 1);
            }
            b')' => {
                self.text.go(start + 1);
                if !self.stack.close() {
                    return Err(self.text.error(ErrorKind::UnexpectedParen, start));
                }
            }
            b'^' => {
                let op = if self.stack.flags.multi_line { Op::LineStart } else { Op::TextStart };
                self.simple(op, 1);
            }
            b'$' => {
                let op = if self.stack.flags.multi_line { Op::LineEnd } else { Op::TextEnd { dollar: true } };
                self.simple(op, 1);
            }
            b'.' if self.stack.flags.dot_newline => self.simple(Op::AnyChar, 1),
            b'.' => {
                self.text.go(start + 1);
                self.class(Set::new(vec![(0, 0x09), (0x0B, super::set::MAX)]));
            }
            b'[' => {
                let set = class::parse(&mut self.text, self.stack.flags)?;
                self.class(set);
            }
            b'*' | b'+' | b'?' => return self.repetition(byte, last_repetition).map(Some),
            b'{' => return self.counted(last_repetition),
            b'\\' => self.escape()?,
            _ => {
                if let Some(rune) = self.text.rune() {
                    self.literal(rune);
                }
            }
        }
        Ok(None)
    }

    fn simple(&mut self, op: Op, len: usize) {
        self.text.go(self.text.at() + len);
        self.stack.push_op(op);
    }

    fn class(&mut self, set: Set) {
        self.stack.push_class(set.up_to(self.text.encoding().max()));
    }

    fn literal(&mut self, rune: u32) {
        let flags = self.stack.flags;
        if flags.fold {
            let folded = class::fold(&Set::new(vec![(rune, rune)]), flags);
            if folded.count() > 1 {
                return self.class(folded);
            }
        }
        self.stack.push_literal(rune);
    }

    /// `*`, `+` or `?`, each possibly followed by another `?`.
    fn repetition(&mut self, byte: u8, last: Option<usize>) -> Result<usize, Error> {
        let start = self.text.at();
        self.text.go(start + 1);
        let (sub, flags) = self.operand(last)?;
        let op = match byte {
            b'*' => Op::Star,
            b'+' => Op::Plus,
            _ => Op::Quest,
        };
        let sub = sub.ok_or_else(|| self.text.error(ErrorKind::RepetitionArgument, start))?;
        self.stack.repeat(sub, op, flags);
        Ok(start)
    }

    /// `{n}`, `{n,}` or `{n,m}`; any other brace is a literal.
    fn counted(&mut self, last: Option<usize>) -> Result<Option<usize>, Error> {
        let start = self.text.at();
        let Some((min, max)) = self.bounds() else {
            self.text.go(start + 1);
            self.literal(u32::from(b'{'));
            return Ok(None);
        };
        let (sub, flags) = self.operand(last)?;
        if min > MAX_REPEAT || max.is_some_and(|max| max > MAX_REPEAT) {
            return Err(self.text.error(ErrorKind::RepetitionLimit, start));
        }
        if max.is_some_and(|max| max < min) {
            return Err(self.text.error(ErrorKind::RepetitionOrder, start));
        }
        let sub = sub.ok_or_else(|| self.text.error(ErrorKind::RepetitionArgument, start))?;
        let id = self.stack.replace(Op::Repeat { sub, min, max }, flags);
        if (min >= 2 || max.is_some_and(|max| max >= 2)) && self.stack.ast.node(id).copies > MAX_REPEAT {
            return Err(self.text.error(ErrorKind::RepetitionNesting, start));
        }
        Ok(Some(start))
    }

    /// What a repetition is about, if there is anything, and the flags that it gets. A `?` behind the operator is taken.
    fn operand(&mut self, last: Option<usize>) -> Result<(Option<Id>, Flags), Error> {
        let lazy = self.text.take("?");
        if let Some(last) = last {
            return Err(self.text.error(ErrorKind::RepetitionOperator, last));
        }
        let mut flags = self.stack.flags;
        flags.lazy ^= lazy;
        Ok((self.stack.operand(), flags))
    }

    fn bounds(&mut self) -> Option<(u32, Option<u32>)> {
        self.text.take("{");
        let min = self.number()?;
        let max = match (self.text.take(","), self.text.byte(0)) {
            (false, _) => Some(min),
            (true, Some(b'}')) => None,
            (true, _) => Some(self.number()?),
        };
        self.text.take("}").then_some((min, max))
    }

    /// A number without needless zeros and of at most nine digits.
    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u32;
        let mut digits = 0;
        while let Some(digit @ b'0'..=b'9') = self.text.byte(0) {
            if digits == 9 || (digits == 1 && number == 0) {
                return None;
            }
            number = number * 10 + u32::from(digit - b'0');
            digits += 1;
            self.text.go(self.text.at() + 1);
        }
        (digits > 0).then_some(number)
    }

    fn escape(&mut self) -> Result<(), Error> {
        match self.text.byte(1) {
            Some(b'b') => self.simple(Op::WordBoundary, 2),
            Some(b'B') => self.simple(Op::NotWordBoundary, 2),
            Some(b'A') => self.simple(Op::TextStart, 2),
            Some(b'z') => self.simple(Op::TextEnd { dollar: false }, 2),
            Some(b'C') => self.simple(Op::AnyByte, 2),
            Some(b'Q') => {
                self.text.take("\\Q");
                while !self.text.is_done() && !self.text.take("\\E") {
                    if let Some(rune) = self.text.rune() {
                        self.literal(rune);
                    }
                }
            }
            _ => {
                let set = match escape::class(&mut self.text, self.stack.flags)? {
                    Some(set) => set,
                    None => {
                        let rune = escape::character(&mut self.text)?;
                        self.literal(rune);
                        return Ok(());
                    }
                };
                self.class(set);
            }
        }
        Ok(())
    }

    /// `(?` and what follows: a named group, flags, or flags and a group.
    fn group(&mut self) -> Result<(), Error> {
        let start = self.text.at();
        for sign in ["(?=", "(?!", "(?<=", "(?<!"] {
            // RE2 wants something behind the sign to call it a look-around; without, the group is as wrong.
            if self.text.take(sign) {
                return Err(self.text.error(ErrorKind::LookAround, start));
            }
        }
        // The second spelling is known to RE2 since its release of September 2023.
        if self.text.take("(?P<") || self.text.take("(?<") {
            return self.named(start);
        }
        self.text.go(start + 2);
        let mut flags = self.stack.flags;
        let (mut negated, mut seen) = (false, false);
        loop {
            let sign = self.text.rune().and_then(char::from_u32);
            match sign {
                Some('i') => flags.fold = !negated,
                Some('m') => flags.multi_line = !negated,
                Some('s') => flags.dot_newline = !negated,
                Some('U') => flags.lazy = !negated,
                Some('-') if !negated => negated = true,
                Some(':' | ')') if !negated || seen => {
                    if sign == Some(':') {
                        self.stack.open(false, start);
                    }
                    self.stack.flags = flags;
                    return Ok(());
                }
                _ => return Err(self.text.error(ErrorKind::GroupSyntax, start)),
            }
            seen = sign != Some('-');
        }
    }

    fn named(&mut self, start: usize) -> Result<(), Error> {
        let Some(name) = self.text.until(">") else {
            let end = self.text.at();
            return Err(self.text.error_at(ErrorKind::GroupName, start..end));
        };
        let mut runes = Text::new(name, self.text.encoding());
        let mut valid = !name.is_empty();
        while let Some(rune) = runes.rune() {
            valid &= unicode::is_name(rune);
        }
        if !valid {
            return Err(self.text.error(ErrorKind::GroupName, start));
        }
        self.stack.open(true, start);
        Ok(())
    }
}
