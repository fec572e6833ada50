//! Questions about a whole tree: keys that are given twice, and whether two trees hold the same data.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::source::Span;

use super::scalar::{Profile, Value, resolve};
use super::tree::{Document, Kind, NodeId};

/// A key that a mapping has more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The first time.
    pub first: Span,
    /// Another time.
    pub again: Span,
    /// The key.
    pub key: String,
    /// What the key has both times.
    pub values: Values,
}

/// How the values of a repeated key are to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// They are the same data.
    Same,
    /// They are two scalars.
    Scalars,
    /// At least one of them is a collection.
    Others,
}

/// The keys that are repeated in their mapping, for every mapping, in the order of the text; a key that stands
/// there three times counts twice. Keys are compared by their text, as all of them are text in
/// JSON; merge keys (`<<`) and keys that are collections do not count.
#[must_use]
pub fn duplicate_keys(document: &Document<'_>) -> Vec<Duplicate> {
    let mut out = Vec::new();
    let mut keys = Vec::new();
    for mapping in document.nodes().filter(|id| document.kind(*id) == Kind::Mapping) {
        keys.clear();
        keys.extend(document.entries(mapping).filter_map(|entry| {
            let key = document.target(entry.key)?;
            let is_text = document.kind(key) == Kind::Scalar && !document.is_merge_key(key);
            is_text.then(|| (document.text(key), document.span(entry.key), entry.value))
        }));
        repeated(document, &keys, &mut out);
    }
    out.sort_by_key(|duplicate| duplicate.again);
    out
}

fn repeated(document: &Document<'_>, keys: &[(&str, Span, NodeId)], out: &mut Vec<Duplicate>) {
    let mut push = |first: (Span, NodeId), again: (Span, NodeId), key: &str| {
        let values = values(document, first.1, again.1);
        out.push(Duplicate { first: first.0, again: again.0, key: key.to_owned(), values });
    };
    // Few keys are compared faster with one another than by way of a table.
    if keys.len() <= 16 {
        for (index, (key, again, value)) in keys.iter().enumerate() {
            if let Some((_, first, before)) = keys[..index].iter().find(|(known, ..)| known == key) {
                push((*first, *before), (*again, *value), key);
            }
        }
        return;
    }
    let mut known = HashMap::with_capacity(keys.len());
    for (key, span, value) in keys {
        let first = *known.entry(*key).or_insert((*span, *value));
        if first.0 != *span {
            push(first, (*span, *value), key);
        }
    }
}

fn values(document: &Document<'_>, first: NodeId, again: NodeId) -> Values {
    let is_scalar = |id| matches!(document.kind(id), Kind::Scalar | Kind::Alias);
    // A long repetition is not worth a look at all of it, time and again.
    let is_small = |id| document.size(id) <= 1000 && !document.has_aliases;
    let hash = |id| digest(document, id, Profile::Kubernetes);
    match (is_scalar(first), is_scalar(again)) {
        _ if is_small(first) && is_small(again) && hash(first) == hash(again) => Values::Same,
        (true, true) => Values::Scalars,
        _ => Values::Others,
    }
}

/// A hash of the data below a node: equal for two texts that say the same in another order of keys, other
/// quotes, another style or with an alias instead of a copy. Scalars count by their value for the reader
/// of the document, whole numbers alike whether written `1` or `1.0`; tags count; a merge key counts
/// as written, with the data that it merges. The time is linear in the document, aliases or not. The hash is
/// meant for one run of the program, not to be kept.
#[must_use]
pub fn digest(document: &Document<'_>, id: NodeId, profile: Profile) -> u64 {
    // An alias stands behind the whole of its target, so that one pass in the order of the text, in
    // which collections are finished at their end, meets every target before its aliases.
    let first = if document.has_aliases { 0 } else { id.0 };
    let end = document.end(id).0;
    let mut pass = Pass { document, profile, first, hashes: Vec::with_capacity((end - first) as usize) };
    let mut open = Vec::new();
    for node in (first..end).map(NodeId) {
        pass.hashes.push(pass.leaf(node));
        open.push(node);
        while let Some(done) = open.pop_if(|top| document.end(*top).0 == node.0 + 1) {
            let hash = pass.collection(done);
            if let Some(hash) = hash {
                pass.hashes[(done.0 - first) as usize] = hash;
            }
        }
    }
    pass.of(id)
}

struct Pass<'d, 't> {
    document: &'d Document<'t>,
    profile: Profile,
    first: u32,
    hashes: Vec<u64>,
}

impl Pass<'_, '_> {
    fn of(&self, id: NodeId) -> u64 {
        self.hashes[(id.0 - self.first) as usize]
    }

    /// The hash of a scalar or an alias; anything for a collection, which is hashed at its end.
    fn leaf(&self, id: NodeId) -> u64 {
        match self.document.kind(id) {
            Kind::Mapping | Kind::Sequence => return 0,
            Kind::Alias => {
                if let Some(target) = self.document.target(id) {
                    return self.of(target);
                }
            }
            Kind::Scalar => {}
        }
        let mut hasher = self.hasher(id);
        if self.document.kind(id) == Kind::Alias {
            (b'*', self.document.raw(id)).hash(&mut hasher);
            return mixed(&hasher);
        }
        match resolve(self.document, id, self.profile) {
            Value::Null => b'0'.hash(&mut hasher),
            Value::Bool(value) => (b'b', value).hash(&mut hasher),
            Value::Int(value) => (b'i', value).hash(&mut hasher),
            Value::Float(value) => match whole(value) {
                Some(value) => (b'i', value).hash(&mut hasher),
                None => (b'f', value.to_bits()).hash(&mut hasher),
            },
            Value::Str(text) => (b's', text, self.document.is_merge_key(id)).hash(&mut hasher),
        }
        mixed(&hasher)
    }

    fn collection(&self, id: NodeId) -> Option<u64> {
        let mut hasher = self.hasher(id);
        match self.document.kind(id) {
            Kind::Scalar | Kind::Alias => return None,
            Kind::Sequence => {
                b'['.hash(&mut hasher);
                self.document.items(id).for_each(|item| self.of(item).hash(&mut hasher));
            }
            Kind::Mapping => {
                let entries = self.document.entries(id);
                let mut pairs: Vec<_> = entries.map(|entry| (self.of(entry.key), self.of(entry.value))).collect();
                pairs.sort_unstable();
                (b'{', pairs).hash(&mut hasher);
            }
        }
        Some(mixed(&hasher))
    }

    /// A hasher that has seen the tag of a node. Tags of YAML's own are seen in the value.
    fn hasher(&self, id: NodeId) -> FxHasher {
        let mut hasher = FxHasher::default();
        if let Some((tag, _)) = self.document.tag(id).filter(|(tag, _)| !tag.starts_with("!!")) {
            tag.hash(&mut hasher);
        }
        hasher
    }
}

/// What a hasher has seen, every bit of it in every bit of the result, so that the hashes of parts may be
/// hashed again.
fn mixed(hasher: &FxHasher) -> u64 {
    let mut hash = hasher.finish();
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ (hash >> 33)).wrapping_mul(factor);
    }
    hash ^ (hash >> 33)
}

/// The whole number that a float is, where both are exact.
fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}
