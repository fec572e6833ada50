//! Three-valued truth: what a placeholder hides, or what lives elsewhere, is neither true nor false.

/// A truth value; the order is that of certainty that something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It certainly does not hold.
    No,
    /// The documents do not say.
    Unknown,
    /// It certainly holds.
    Yes,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// It holds certainly.
    #[must_use]
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    /// It certainly does not hold.
    #[must_use]
    pub fn is_no(self) -> bool {
        self == Self::No
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}
