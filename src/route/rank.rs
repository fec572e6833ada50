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
        match (length, other_length) {
            (Some(a), Some(b)) if (least, greatest) == (other_least, other_greatest) && a != b => {
                if a > b {
                    Precedence::Before
                } else {
                    Precedence::After
                }
            }
            _ => Precedence::Unspecified,
        }
    }
}
