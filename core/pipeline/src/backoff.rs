//! How long to wait before the next try.

use std::time::Duration;

/// Doubling waits with jitter, between a first and a longest one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    /// Before the second try.
    pub(crate) first: Duration,
    /// At most, before any try.
    pub(crate) cap: Duration,
}

impl Backoff {
    /// The wait after so many tries (from 1). `chance` is a random number: the wait is between half and the whole of the
    /// doubled time, so that many that failed together do not return together.
    pub(crate) fn after(self, tries: u32, chance: u32) -> Duration {
        let doubled = self.first.saturating_mul(1u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX));
        let whole = doubled.min(self.cap);
        whole / 2 + whole.mul_f64(f64::from(chance) / f64::from(u32::MAX) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_spread_over_half_of_it() {
        let backoff = Backoff { first: Duration::from_secs(1), cap: Duration::from_secs(60) };
        let table = [(1, 500, 1000), (2, 1000, 2000), (4, 4000, 8000), (7, 30_000, 60_000), (99, 30_000, 60_000)];
        for (tries, least, most) in table {
            assert_eq!(backoff.after(tries, 0).as_millis(), least, "try {tries}");
            assert_eq!(backoff.after(tries, u32::MAX).as_millis(), most, "try {tries}");
        }
    }
}
