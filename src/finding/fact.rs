//! What lowering noticed, before it has words.

use crate::source::Span;

/// Something that the shape of a document says, noticed while it was lowered. The rule it names
/// turns it into a [`Draft`](super::Draft); lowering composes no sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The rule that will judge it.
    pub rule: &'static str,
    /// The case of that rule.
    pub case: &'static str,
    /// Where it is, in the file of the document.
    pub span: Span,
    /// The other side, where there are two.
    pub other: Option<Span>,
    /// What the sentence needs: the field's name, the value, the bounds, in the order that the rule says.
    pub args: Vec<String>,
}

impl Fact {
    /// A fact at a place.
    #[must_use]
    pub fn new(rule: &'static str, case: &'static str, span: Span) -> Self {
        Self { rule, case, span, other: None, args: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, text: impl Into<String>) -> Self {
        self.args.push(text.into());
        self
    }

    /// Names the other side.
    #[must_use]
    pub fn other(mut self, span: Span) -> Self {
        self.other = Some(span);
        self
    }

    /// The argument at an index; empty where lowering gave none.
    #[must_use]
    pub fn text(&self, index: usize) -> &str {
        self.args.get(index).map_or("", String::as_str)
    }
}
