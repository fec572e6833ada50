//! Why RE2 refuses a pattern, and where.

use std::fmt;
use std::ops::Range;

/// A refusal: what is wrong, and which bytes of the pattern it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The bytes of the pattern that are to blame; always inside the pattern and on character boundaries.
    pub span: Range<usize>,
    /// The text of those bytes, for the message; empty for an error about the whole pattern.
    pub text: String,
}

/// The ways in which a pattern can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// An escape that RE2 does not know, such as `\q` or `\Z`.
    Escape,
    /// An escape for a character past the end of the character set.
    EscapeRange,
    /// A back-reference, such as `\1`.
    BackReference,
    /// A `\` at the end of the pattern.
    TrailingBackslash,
    /// A range of a class whose ends are in the wrong order, such as `[z-a]`.
    RangeOrder,
    /// A POSIX class that does not exist, such as `[[:foo:]]`.
    ClassName,
    /// A Unicode class that RE2 does not know, such as `\p{Foo}`.
    UnicodeName,
    /// A `[` without its `]`.
    MissingBracket,
    /// A `(` without its `)`.
    MissingParen,
    /// A `)` without its `(`.
    UnexpectedParen,
    /// An operator of repetition with nothing before it.
    RepetitionArgument,
    /// `{n,m}` with a number above 1000.
    RepetitionLimit,
    /// `{n,m}` with m below n.
    RepetitionOrder,
    /// Nested repetitions that come to more than 1000 copies.
    RepetitionNesting,
    /// An operator of repetition on an operator of repetition, such as `a**` or `a++`.
    RepetitionOperator,
    /// A look-ahead or look-behind.
    LookAround,
    /// A `(?` that RE2 does not know, such as `(?>` or `(?x)`.
    GroupSyntax,
    /// A named group whose name is empty, not made of word characters, or not closed.
    GroupName,
    /// A program that does not fit RE2's memory.
    TooLarge,
    /// A pattern that is longer than [`MAX_PATTERN`](super::MAX_PATTERN): not read here, which says nothing about RE2.
    TooLong,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match self.kind {
            ErrorKind::Escape => write!(f, "invalid escape sequence `{text}`"),
            ErrorKind::EscapeRange => {
                write!(f, "invalid escape sequence `{text}`: there is no character of that number")
            }
            ErrorKind::BackReference => {
                write!(f, "invalid escape sequence `{text}`: RE2 has no back-references")
            }
            ErrorKind::TrailingBackslash => write!(f, "trailing `\\`: nothing follows that it could escape"),
            ErrorKind::RangeOrder => {
                write!(f, "invalid character range `{text}`: its ends are in the wrong order")
            }
            ErrorKind::ClassName => write!(f, "unknown character class `{text}`"),
            ErrorKind::UnicodeName => {
                write!(f, "unknown Unicode class `{text}`: RE2 knows general categories and scripts by exact name")
            }
            ErrorKind::MissingBracket => write!(f, "missing closing `]`: the character class does not end"),
            ErrorKind::MissingParen => write!(f, "missing closing `)`: the group does not end"),
            ErrorKind::UnexpectedParen => write!(f, "unexpected `)`: no group is open here"),
            ErrorKind::RepetitionArgument => {
                write!(f, "no argument for repetition operator `{text}`: nothing before it can be repeated")
            }
            ErrorKind::RepetitionLimit => {
                write!(f, "invalid repetition size `{text}`: RE2 repeats at most 1000 times")
            }
            ErrorKind::RepetitionOrder => {
                write!(f, "invalid repetition size `{text}`: its maximum is below its minimum")
            }
            ErrorKind::RepetitionNesting => {
                write!(f, "invalid repetition size `{text}`: nested repetitions come to more than 1000 copies")
            }
            ErrorKind::RepetitionOperator => {
                write!(f, "bad repetition operator `{text}`: RE2 does not repeat a repetition without a group")
            }
            ErrorKind::LookAround => {
                write!(f, "invalid group syntax `{text}`: RE2 has no look-ahead and no look-behind")
            }
            ErrorKind::GroupSyntax => write!(f, "invalid group syntax `{text}`"),
            ErrorKind::GroupName => {
                write!(f, "invalid named group `{text}`: a name is made of letters, digits and `_`, and ends with `>`")
            }
            ErrorKind::TooLarge => write!(f, "the pattern is too large for RE2 to compile"),
            ErrorKind::TooLong => write!(f, "the pattern is too long to be read"),
        }
    }
}

impl std::error::Error for Error {}
