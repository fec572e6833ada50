//! RE2, the regular expressions of Envoy: which patterns it accepts, what they match, and how large their programs are.
//!
//! Envoy asks for *full* matches and refuses a whole configuration for one pattern that RE2 refuses, or whose program
//! has more than a hundred instructions. Up to version 1.39.0 it has RE2 read patterns and texts as UTF-8, from 1.39.3
//! on as bytes.
//!
//! * [`compile`] reads a pattern. What it gives or refuses is what RE2 does (release of November 2025; Unicode 15.1).
//! * [`Pattern::hir`] is the language in UTF-8; [`dfa`] makes an automaton of it.
//! * On ASCII texts both ways of reading agree, unless the pattern has other characters in it.

pub mod dfa;

mod ast;
mod class;
mod error;
mod escape;
mod factor;
mod flatten;
mod language;
mod parse;
mod program;
mod rune;
mod set;
mod simplify;
mod stack;
#[cfg(test)]
mod tests;
mod text;
mod unicode;

pub use error::{Error, ErrorKind};
pub use regex_syntax::hir::Hir;

use text::Encoding;

/// The longest pattern that is read, in bytes. A longer one could only fit Envoy's limits by repeating itself.
pub const MAX_PATTERN: usize = 16 << 10;

/// A pattern that RE2 accepts.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// What the pattern matches as a whole, as an expression over valid UTF-8. `None` if that is not known: the pattern
    /// has `\C`, or its groups are nested too deeply.
    pub hir: Option<Hir>,
    /// How many instructions its program has, read as UTF-8.
    pub size: usize,
    /// How many instructions its program has, read as bytes; or why RE2 refuses it when read so (`\x{100}` is no byte).
    pub size_bytes: Result<usize, Error>,
    /// The bytes that every match begins with, as far as they are easily seen.
    pub literal_prefix: Vec<u8>,
    /// Whether `literal_prefix` is the only text that matches.
    pub is_literal: bool,
}

/// Reads a pattern as RE2 does, in UTF-8 and without any options. The empty pattern is accepted here; it is Envoy that
/// refuses it.
///
/// An error is a refusal by RE2, except for [`ErrorKind::TooLong`].
///
/// ```
/// use meshlint::route::re2;
///
/// let pattern = re2::compile("/api/v[0-9]+/.*").unwrap();
/// assert_eq!((pattern.size, pattern.size_bytes), (21, Ok(15)));
/// assert_eq!(pattern.literal_prefix, b"/api/v");
/// assert_eq!(re2::compile("/a(?=b)").unwrap_err().span, 2..5);
/// ```
pub fn compile(pattern: &str) -> Result<Pattern, Error> {
    if pattern.len() > MAX_PATTERN {
        return Err(Error { kind: ErrorKind::TooLong, span: 0..pattern.len(), text: String::new() });
    }
    let (ast, root) = parse::parse(pattern, Encoding::Utf8)?;
    let hir = language::hir(&ast, root);
    let (literal_prefix, is_literal) = language::prefix(&ast, root);
    let size = program::size(ast, root, Encoding::Utf8).ok_or_else(|| too_large(pattern))?;
    let size_bytes = parse::parse(pattern, Encoding::Latin1)
        .and_then(|(ast, root)| program::size(ast, root, Encoding::Latin1).ok_or_else(|| too_large(pattern)));
    Ok(Pattern { hir, size, size_bytes, literal_prefix, is_literal })
}

fn too_large(pattern: &str) -> Error {
    Error { kind: ErrorKind::TooLarge, span: 0..pattern.len(), text: String::new() }
}
