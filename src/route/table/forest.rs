//! Which routes can meet: those of which one's paths all begin with the text that the other's begin with.

/// No parent.
const NONE: u32 = u32::MAX;

/// How many routes below a path are looked at: a route is covered by narrower ones only where few of them
/// leave nothing over, as regexes can.
pub(super) const MAX_BELOW: usize = 64;

/// Texts in order, each with the next shorter one that it begins with: all that it begins with are a chain.
#[derive(Clone, Debug, Default)]
pub(super) struct Forest {
    /// The entries, by their group and by the text that all of their paths begin with.
    sorted: Vec<u32>,
    /// By position in that order: that of the entry before it whose text its own begins with, if any.
    parents: Vec<u32>,
    /// By entry: its position.
    positions: Vec<u32>,
}

impl Forest {
    /// Entries by the groups that are looked at apart and by their texts.
    pub(super) fn new<'t>(keys: impl Iterator<Item = (u32, &'t str)>) -> Self {
        let mut keys: Vec<_> = keys.zip(0_u32..).map(|((group, text), at)| (group, text, at)).collect();
        keys.sort_unstable();
        let mut forest = Self { sorted: keys.iter().map(|key| key.2).collect(), ..Self::default() };
        forest.positions.resize(keys.len(), 0);
        let mut open: Vec<u32> = Vec::new();
        for (position, (group, text, at)) in (0_u32..).zip(&keys) {
            let begins = |other: &u32| {
                let (other_group, other_text, _) = keys[*other as usize];
                other_group == *group && text.starts_with(other_text)
            };
            while open.last().is_some_and(|last| !begins(last)) {
                open.pop();
            }
            forest.parents.push(open.last().copied().unwrap_or(NONE));
            forest.positions[*at as usize] = position;
            open.push(position);
        }
        forest
    }

    /// The entries that an entry can meet, in order; `key` gives the group and the text of an entry.
    pub(super) fn neighbours<'t>(&self, at: usize, key: impl Fn(usize) -> (u32, &'t str)) -> Vec<usize> {
        let position = self.positions[at] as usize;
        let (group, text) = key(at);
        let mut out: Vec<_> = self.chain(self.parents[position]).collect();
        let mut below = 0;
        for other in self.sorted[position + 1..].iter().map(|other| *other as usize) {
            let (other_group, other_text) = key(other);
            below += usize::from(other_text.len() > text.len());
            if other_group != group || !other_text.starts_with(text) || below > MAX_BELOW {
                break;
            }
            out.push(other);
        }
        out.sort_unstable();
        out
    }

    /// The entries whose text a path begins with, in order; `text` gives that of an entry. All are in one group.
    pub(super) fn beginning<'t>(&self, path: &[u8], text: impl Fn(usize) -> &'t str) -> Vec<usize> {
        // What stands between a text and what begins with it in order begins with it, too.
        let behind = self.sorted.partition_point(|at| text(*at as usize).as_bytes() <= path);
        let last = u32::try_from(behind).unwrap_or(NONE).checked_sub(1).unwrap_or(NONE);
        let mut out: Vec<_> = self.chain(last).filter(|at| path.starts_with(text(*at).as_bytes())).collect();
        out.sort_unstable();
        out
    }

    /// The entries of a chain, from a position upwards.
    fn chain(&self, from: u32) -> impl Iterator<Item = usize> {
        let up = |position: &u32| Some(self.parents[*position as usize]).filter(|parent| *parent != NONE);
        let positions = std::iter::successors((from != NONE).then_some(from), up);
        positions.map(|position| self.sorted[position as usize] as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Forest;

    #[test]
    fn texts_are_found_by_what_begins_with_them() {
        let texts = ["/", "/a", "/a/b", "/b", "/a", "", "/aé", "/ab"];
        let groups = [0, 0, 0, 0, 0, 0, 1, 1];
        let key = |at: usize| (groups[at], texts[at]);
        let forest = Forest::new((0..texts.len()).map(key));
        let expected = |at: usize| -> Vec<usize> {
            let meets = |other: &usize| {
                let ((group, one), (other_group, two)) = (key(at), key(*other));
                *other != at && group == other_group && (one.starts_with(two) || two.starts_with(one))
            };
            (0..texts.len()).filter(meets).collect()
        };
        for (at, text) in texts.iter().enumerate() {
            assert_eq!(forest.neighbours(at, key), expected(at), "{text}");
        }
        let forest = Forest::new(texts.iter().map(|text| (0, *text)));
        for path in ["", "/", "/a", "/a/b/c", "/aé/x", "/abc", "/zz", "a"] {
            let expected: Vec<_> = (0..texts.len()).filter(|at| path.starts_with(texts[*at])).collect();
            assert_eq!(forest.beginning(path.as_bytes(), |at| texts[at]), expected, "{path}");
        }
    }

    #[test]
    fn few_of_those_below_are_looked_at() {
        let texts: Vec<_> = (0..100).map(|at| format!("/{at}")).chain(["/".to_owned(), "/".to_owned()]).collect();
        let key = |at: usize| (0, &*texts[at]);
        let forest = Forest::new((0..texts.len()).map(key));
        assert_eq!(forest.neighbours(101, key).len(), 1 + super::MAX_BELOW);
    }
}
