//! Precedence: which of two routes is tried first, as far as anything says so.

/// Which of two routes is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// The first one, certainly.
    Before,
    /// The second one, certainly.
    After,
    /// Nothing says so: it may be either, and may change.
    Unspecified,
    /// Something says so that is not known here, as a placeholder.
    Unknown,
}

/// What decides the place of a route among others. Vocabularies translate their own rules into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Tiers are tried in order. A tier that may be one of several is a range; routes of overlapping,
    /// unequal ranges are in no order.
    Tier {
        /// The least that the tier can be.
        least: u32,
        /// The greatest that it can be.
        greatest: u32,
        /// Among routes of one tier, what is longer is tried first; without a length there is no order.
        length: Option<u32>,
    },
    /// The place hangs on something that is not known.
    Unknown,
}

impl Rank {
    /// Which of two routes with these ranks is tried first.
    #[must_use]
    pub fn against(self, other: Self) -> Precedence {
        let (
            Self::Tier { least, greatest, length },
            Self::Tier { least: other_least, greatest: other_greatest, length: other_length },
        ) = (self, other)
        else {
            return Precedence::Unknown;
        };
        if greatest < other_least {
            return Precedence::Before;
        }
        if other_greatest < least {
            return Precedence::After;
        }
        let (Some(length), Some(other_length)) = (length, other_length) else { return Precedence::Unspecified };
        // Of two in one range it is not known that they share a tier, but that they do is one rule for both.
        let is_same = (least, greatest) == (other_least, other_greatest);
        if length > other_length && (is_same || greatest <= other_least) {
            return Precedence::Before;
        }
        if other_length > length && (is_same || other_greatest <= least) {
            return Precedence::After;
        }
        Precedence::Unspecified
    }
}

#[cfg(test)]
mod tests {
    use super::{Precedence, Rank};

    fn order(a: (u32, u32, Option<u32>), b: (u32, u32, Option<u32>)) -> Precedence {
        let rank = |(least, greatest, length)| Rank::Tier { least, greatest, length };
        let there = rank(a).against(rank(b));
        let opposite = match there {
            Precedence::Before => Precedence::After,
            Precedence::After => Precedence::Before,
            same => same,
        };
        assert_eq!(rank(b).against(rank(a)), opposite);
        there
    }

    #[test]
    fn a_range_of_tiers_is_in_order_where_every_tier_of_it_is() {
        assert_eq!(order((1, 1, None), (2, 3, Some(9))), Precedence::Before);
        assert_eq!(order((1000, 1000, Some(5)), (1000, 1001, Some(3))), Precedence::Before);
        assert_eq!(order((1000, 1000, Some(3)), (1000, 1001, Some(5))), Precedence::Unspecified);
        assert_eq!(order((1000, 1001, Some(5)), (1000, 1001, Some(3))), Precedence::Before);
        assert_eq!(order((1000, 1000, Some(3)), (1000, 1001, Some(3))), Precedence::Unspecified);
        assert_eq!(order((1, 1, Some(3)), (1, 1, None)), Precedence::Unspecified);
    }
}
