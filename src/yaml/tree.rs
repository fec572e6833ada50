//! The spanned tree of one document.
//!
//! Nodes stand in one vector in the order of the text, each with the index of the node after its
//! subtree: the children of a node are found by stepping over subtrees, and no node owns an allocation.

use std::collections::HashSet;

use crate::source::Span;

/// A node: an index into its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A scalar, of whatever style.
    Scalar,
    /// A mapping: its children are key, value, key, value…
    Mapping,
    /// A sequence.
    Sequence,
    /// An alias (`*name`); its target is found by [`Document::target`].
    Alias,
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A scalar without quotes. A value that is not written at all is plain, with an empty span.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in brackets.
    Flow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// Scalars: with their quotes, without tag and anchor; block scalars from their `|` or `>`, without
    /// the blank lines behind them. Collections: from the first child (or bracket) to the end of the last
    /// (or bracket). Aliases: with their `*`. What is not written: empty, directly behind the `:` or `-`
    /// that it belongs to, behind its tag or anchor if it has one, else behind its key.
    pub(super) span: Span,
    /// The node after this one's subtree.
    pub(super) next: u32,
    /// For scalars whose value is not their text: the index of the value, else [`NONE`].
    /// For aliases: the node that it stands for, else [`NONE`].
    pub(super) extra: u32,
    pub(super) kind: Kind,
    pub(super) style: Style,
}

pub(super) const NONE: u32 = u32::MAX;

/// A comment with its `#`, without the line's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` to the last character of the line.
    pub span: Span,
}

/// A key of a mapping with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: NodeId,
    /// The value.
    pub value: NodeId,
}

/// One document: its tree over the text of the file it is part of.
#[derive(Debug, PartialEq, Eq)]
pub struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Node>,
    /// Values of scalars that differ from their text (escapes, line folding).
    pub(super) decoded: Vec<Box<str>>,
    /// Tags, by node, in the order of nodes: the span of `!Ref`, `!!str`…
    pub(super) tags: Vec<(NodeId, Span)>,
    /// Anchors, by node, in the order of nodes: the span of the name without `&`.
    pub(super) anchors: Vec<(NodeId, Span)>,
    /// Comments, when they were asked for, in the order of the text.
    pub comments: Vec<Comment>,
    /// The bytes of the document in the file, its `---` included.
    pub span: Span,
    /// Whether the document holds an alias or a merge key, so that most readers need not look.
    pub has_aliases: bool,
    /// Whether the text was read to its end: else what stands behind the first error is missing.
    pub is_whole: bool,
}

impl<'t> Document<'t> {
    /// The root node; `None` for a document without content.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The text of the whole file.
    #[must_use]
    pub fn source(&self) -> &'t str {
        self.text
    }

    /// What a node is.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// How a node is written.
    #[must_use]
    pub fn style(&self, id: NodeId) -> Style {
        self.node(id).style
    }

    /// Where a node stands in the file.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The text of a node as written, quotes and all.
    #[must_use]
    pub fn raw(&self, id: NodeId) -> &'t str {
        let span = self.span(id);
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The value of a scalar as a string, escapes resolved and lines folded; empty for other kinds.
    #[must_use]
    pub fn text(&self, id: NodeId) -> &str {
        let node = self.node(id);
        if node.kind != Kind::Scalar {
            return "";
        }
        if node.extra != NONE {
            return &self.decoded[node.extra as usize];
        }
        let raw = self.raw(id);
        match node.style {
            Style::Single | Style::Double => raw.get(1..raw.len().saturating_sub(1)).unwrap_or(""),
            _ => raw,
        }
    }

    /// Whether the node is a value that is not written at all (`key:` with nothing behind it).
    #[must_use]
    pub fn is_missing(&self, id: NodeId) -> bool {
        let node = self.node(id);
        node.kind == Kind::Scalar && node.style == Style::Plain && node.span.is_empty()
    }

    /// The node itself, or what an alias stands for. An alias of an alias cannot be written. `None`
    /// for an alias of an anchor that does not exist, or of a node that holds the alias.
    #[must_use]
    pub fn target(&self, id: NodeId) -> Option<NodeId> {
        let node = self.node(id);
        match node.kind {
            Kind::Alias => {
                let target = self.nodes.get(node.extra as usize)?;
                (target.next <= id.0).then_some(NodeId(node.extra))
            }
            _ => Some(id),
        }
    }

    /// The entries of a mapping as written (merge keys are entries); none for other kinds.
    pub fn entries(&self, id: NodeId) -> impl Iterator<Item = Entry> + '_ {
        let node = self.node(id);
        let (mut at, end) = match node.kind {
            Kind::Mapping => (id.0 + 1, node.next),
            _ => (0, 0),
        };
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let key = NodeId(at);
            let value = NodeId(self.node(key).next);
            at = self.node(value).next;
            Some(Entry { key, value })
        })
    }

    /// The items of a sequence; none for other kinds.
    pub fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let node = self.node(id);
        let (mut at, end) = match node.kind {
            Kind::Sequence => (id.0 + 1, node.next),
            _ => (0, 0),
        };
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let item = NodeId(at);
            at = self.node(item).next;
            Some(item)
        })
    }

    /// The value of a key of a mapping, through aliases and merge keys; the key as written.
    #[must_use]
    pub fn entry(&self, id: NodeId, key: &str) -> Option<Entry> {
        let id = self.target(id)?;
        let find = |id| self.entries(id).find(|entry| self.text(entry.key) == key);
        find(id).or_else(|| self.merge_sources(id).into_iter().find_map(find))
    }

    /// The value of a key of a mapping, aliases followed; see [`Document::entry`].
    #[must_use]
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.target(self.entry(id, key)?.value)
    }

    /// Follows keys from a mapping downwards.
    #[must_use]
    pub fn path(&self, id: NodeId, keys: &[&str]) -> Option<NodeId> {
        keys.iter().try_fold(id, |at, key| self.get(at, key))
    }

    /// The entries of a mapping with its merge keys (`<<`) carried out: own keys win over merged
    /// ones, earlier merges over later ones. A merge of what is no mapping is left out. The time is linear in
    /// the document, however often its aliases are merged.
    #[must_use]
    pub fn merged(&self, id: NodeId) -> Vec<Entry> {
        let mut out: Vec<_> = self.entries(id).filter(|entry| !self.is_merge_key(entry.key)).collect();
        let sources = self.merge_sources(id);
        if !sources.is_empty() {
            let mut known: HashSet<_> = out.iter().map(|entry| self.text(entry.key)).collect();
            for entry in sources.into_iter().flat_map(|source| self.entries(source)) {
                if !self.is_merge_key(entry.key) && known.insert(self.text(entry.key)) {
                    out.push(entry);
                }
            }
        }
        out
    }

    /// The mappings that a mapping merges, directly and through one another, in the order of
    /// precedence. Each counts once: what it gives the second time is known already.
    fn merge_sources(&self, id: NodeId) -> Vec<NodeId> {
        let mut sources = Vec::new();
        if !self.has_aliases {
            return sources;
        }
        let mut seen = HashSet::from([id]);
        let mut waiting = self.merges(id);
        while let Some(source) = waiting.pop() {
            if seen.insert(source) {
                sources.push(source);
                waiting.extend(self.merges(source));
            }
        }
        sources
    }

    /// The mappings under the merge keys of one mapping, the last first.
    fn merges(&self, id: NodeId) -> Vec<NodeId> {
        let mut out = Vec::new();
        for entry in self.entries(id).filter(|entry| self.is_merge_key(entry.key)) {
            let Some(value) = self.target(entry.value) else { continue };
            if self.kind(value) == Kind::Sequence {
                out.extend(self.items(value).filter_map(|item| self.target(item)));
            } else {
                out.push(value);
            }
        }
        out.retain(|source| self.kind(*source) == Kind::Mapping);
        out.reverse();
        out
    }

    /// Whether a node is the merge key: `<<` without quotes.
    #[must_use]
    pub fn is_merge_key(&self, id: NodeId) -> bool {
        self.kind(id) == Kind::Scalar && self.style(id) == Style::Plain && self.text(id) == "<<"
    }

    /// Whether a mapping is a placeholder in truth: `{{NAME}}` without quotes, which is the YAML of a
    /// mapping whose only key is a mapping.
    #[must_use]
    pub fn is_placeholder_mapping(&self, id: NodeId) -> bool {
        self.kind(id) == Kind::Mapping && self.style(id) == Style::Flow && self.raw(id).starts_with("{{")
    }

    /// The placeholder that a value is in truth which is not written: `#{NAME}#` without quotes is the YAML of a
    /// comment.
    #[must_use]
    pub fn commented_placeholder(&self, id: NodeId) -> Option<&'t str> {
        if !self.is_missing(id) {
            return None;
        }
        let rest = self.text.get(self.span(id).end as usize..)?;
        let line = rest.lines().next()?.trim_start_matches([' ', ':']).trim_end();
        let inner = line.strip_prefix("#{")?;
        (inner.contains('}') && inner.ends_with(['}', '#'])).then_some(line)
    }

    /// The tag of a node as written, as `!Ref`, with its place.
    #[must_use]
    pub fn tag(&self, id: NodeId) -> Option<(&'t str, Span)> {
        let at = self.tags.binary_search_by_key(&id, |(node, _)| *node).ok()?;
        let span = self.tags[at].1;
        Some((self.text.get(span.start as usize..span.end as usize)?, span))
    }

    /// The name of the anchor of a node, with its place.
    #[must_use]
    pub fn anchor(&self, id: NodeId) -> Option<(&'t str, Span)> {
        let at = self.anchors.binary_search_by_key(&id, |(node, _)| *node).ok()?;
        let span = self.anchors[at].1;
        Some((self.text.get(span.start as usize..span.end as usize)?, span))
    }

    /// The node after a node's subtree, which bounds it.
    #[must_use]
    pub fn end(&self, id: NodeId) -> NodeId {
        NodeId(self.node(id).next)
    }

    /// How many nodes a subtree has, its root among them. An alias counts as one, whatever it stands for.
    #[must_use]
    pub fn size(&self, id: NodeId) -> usize {
        (self.node(id).next - id.0) as usize
    }

    /// Every node, in the order of the text.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(NONE)).map(NodeId)
    }

    /// The JSON pointer (RFC 6901) of the smallest node that holds a span; of a key, its value's.
    #[must_use]
    pub fn pointer(&self, span: Span) -> String {
        let mut out = String::new();
        let Some(mut at) = self.root() else { return out };
        loop {
            let step = match self.kind(at) {
                Kind::Mapping => self
                    .entries(at)
                    .find(|entry| self.span(entry.key).to(self.span(entry.value)).contains(span))
                    .map(|entry| {
                        (entry.value, self.text(entry.key).replace('~', "~0").replace('/', "~1"), self.span(entry.key))
                    }),
                Kind::Sequence => self
                    .items(at)
                    .enumerate()
                    .find(|(_, item)| self.span(*item).contains(span))
                    .map(|(index, item)| (item, index.to_string(), Span::default())),
                Kind::Scalar | Kind::Alias => None,
            };
            let Some((next, name, key)) = step else { return out };
            out.push('/');
            out.push_str(&name);
            if !key.is_empty() && key.contains(span) {
                return out;
            }
            at = next;
        }
    }
}
