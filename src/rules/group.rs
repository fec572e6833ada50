//! Resources with one cause, so that it is told once.

use std::hash::Hash;

use rustc_hash::FxHashMap;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_the_order_of_their_first_members() {
        let groups = group([("b", 1), ("a", 2), ("b", 3)].into_iter());
        assert_eq!(groups, [("b", vec![1, 3]), ("a", vec![2])]);
    }

    #[test]
    fn the_rest_is_counted() {
        assert_eq!([1, 2, 3].map(and_more), ["", " and 1 other", " and 2 others"]);
    }
}
