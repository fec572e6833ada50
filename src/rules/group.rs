//! Resources with one cause, so that it is told once.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::finding::{Draft, Place};

/// The members of each key, keys and members in the order in which they first come.
pub(super) fn group<K: Hash + Eq + Clone, T>(members: impl Iterator<Item = (K, T)>) -> Vec<(K, Vec<T>)> {
    let mut at: FxHashMap<K, usize> = FxHashMap::default();
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for (key, member) in members {
        let index = *at.entry(key.clone()).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[index].1.push(member);
    }
    groups
}

/// What stands behind the first of several in a sentence: nothing, or how many more there are.
pub(super) fn and_more(count: usize) -> String {
    match count.saturating_sub(1) {
        0 => String::new(),
        1 => " and 1 other".to_owned(),
        more => format!(" and {more} others"),
    }
}

/// As many places of one cause are shown.
const SHOWN: usize = 3;

/// Labels the first few of many places, and counts the rest on the last of them.
pub(super) fn label_some(mut draft: Draft, places: impl IntoIterator<Item = (Place, String)>) -> Draft {
    let mut places = places.into_iter();
    for (place, text) in places.by_ref().take(SHOWN) {
        draft = draft.at(place, text);
    }
    let rest = places.count();
    if let (Some(last), true) = (draft.labels.last_mut(), rest > 0) {
        last.text.push_str(&format!("; and {rest} more"));
    }
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_the_order_of_their_first_members() {
        let groups = group([("b", 1), ("a", 2), ("b", 3)].into_iter());
        assert_eq!(groups, [("b", vec![1, 3]), ("a", vec![2])]);
    }

    #[test]
    fn a_few_places_are_shown() {
        let place = Place::new(crate::finding::FileId::new(0), crate::finding::Span::default());
        let texts = |count: usize| -> Vec<_> {
            let draft = Draft::new("case", "").at(place, "primary");
            let draft = label_some(draft, (0..count).map(|index| (place, index.to_string())));
            draft.labels.into_iter().map(|label| label.text).collect()
        };
        assert_eq!(texts(0), ["primary"]);
        assert_eq!(texts(3), ["primary", "0", "1", "2"]);
        assert_eq!(texts(5), ["primary", "0", "1", "2; and 2 more"]);
    }

    #[test]
    fn the_rest_is_counted() {
        assert_eq!([1, 2, 3].map(and_more), ["", " and 1 other", " and 2 others"]);
    }
}
