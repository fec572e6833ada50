//! How long the parts of a run take. Nothing is decided by it.

use std::time::{Duration, Instant};

/// Measures phases that follow one another without a gap, so that they add up.
#[derive(Debug)]
pub struct Clock {
    start: Instant,
    phases: Vec<(&'static str, Duration)>,
}

impl Clock {
    /// Starts the first phase.
    #[must_use]
    pub fn start() -> Self {
        Self { start: Instant::now(), phases: Vec::new() }
    }

    /// Ends a phase and starts the next one.
    pub fn lap(&mut self, phase: &'static str) {
        let now = Instant::now();
        self.phases.push((phase, now.duration_since(self.start)));
        self.start = now;
    }

    /// The phases that have ended, in order.
    #[must_use]
    pub fn phases(&self) -> &[(&'static str, Duration)] {
        &self.phases
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Clock;

    #[test]
    fn phases_add_up() {
        let start = Instant::now();
        let mut clock = Clock::start();
        for phase in ["one", "two", "three"] {
            std::thread::sleep(Duration::from_millis(2));
            clock.lap(phase);
        }
        let whole = start.elapsed();
        let sum: Duration = clock.phases().iter().map(|(_, took)| *took).sum();
        assert!(sum <= whole && whole - sum < Duration::from_millis(50), "{sum:?} of {whole:?}");
        assert!(clock.phases().iter().all(|(_, took)| *took >= Duration::from_millis(2)));
    }
}
