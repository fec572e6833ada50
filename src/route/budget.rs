//! Budgets: how much work a question may cost, in steps and never in time, so that the same question
//! has the same answer everywhere.

/// The budget of a question has ended before it was decided. That is an honest answer, and never a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecided;

/// Steps that may still be made.
#[derive(Clone, Debug)]
pub struct Budget {
    steps: usize,
}

impl Default for Budget {
    /// What one question about two routes may cost: some milliseconds.
    fn default() -> Self {
        Self { steps: 400_000 }
    }
}

impl Budget {
    /// A budget of so many steps.
    #[must_use]
    pub const fn of(steps: usize) -> Self {
        Self { steps }
    }

    /// Takes steps from the budget.
    ///
    /// # Errors
    /// When there are not so many left.
    pub fn spend(&mut self, steps: usize) -> Result<(), Undecided> {
        self.steps = self.steps.checked_sub(steps).ok_or(Undecided)?;
        Ok(())
    }
}
