//! What is known of a receiver's health: how much it is trusted with, and when it is left alone. Pure, and forgotten
//! with the process.

use std::time::Duration;

use passerelle_model::time::Timestamp;

/// Failures in a row after which a receiver is left alone for a while.
const TOO_MANY: u32 = 5;
/// For how long at first; doubled with every probe that fails.
const PAUSE: Duration = Duration::from_secs(15);
/// For how long at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// The health of one receiver.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    has_answered: bool,
    open_until: Option<Timestamp>,
}

impl Breaker {
    /// Whether it may be called now.
    pub(super) fn allows(&self, now: Timestamp) -> bool {
        self.open_until.is_none_or(|until| until <= now)
    }

    /// When it may be called again, if that is later.
    pub(super) fn open_until(&self) -> Option<Timestamp> {
        self.open_until
    }

    /// Requests at once: one until it has taken something, and one while it fails, so that many silent receivers
    /// cost little.
    pub(super) fn parallel(&self, most: usize) -> usize {
        if self.is_well() && self.has_answered { most.max(1) } else { 1 }
    }

    /// Whether the last request went well.
    pub(super) fn is_well(&self) -> bool {
        self.failures == 0
    }

    /// It answered, be it with a refusal.
    pub(super) fn answered(&mut self) {
        *self = Self { failures: 0, has_answered: true, open_until: None };
    }

    /// It did not, or asked to be left alone.
    pub(super) fn failed(&mut self, now: Timestamp, retry_after: Option<Duration>) {
        self.failures = self.failures.saturating_add(1);
        let over = self.failures.checked_sub(TOO_MANY);
        let pause = over.map(|over| PAUSE.saturating_mul(2_u32.saturating_pow(over)).min(LONGEST_PAUSE));
        let pause = pause.max(retry_after.map(|asked| asked.min(super::schedule::LONGEST)));
        self.open_until = pause.map(|pause| now.plus(pause)).max(self.open_until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn a_dead_receiver_is_probed_ever_more_rarely() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.parallel(4), 1, "nobody knows it yet");
        breaker.answered();
        assert_eq!(breaker.parallel(4), 4);
        for _ in 0..4 {
            breaker.failed(at(0), None);
            assert!(breaker.allows(at(0)));
        }
        assert_eq!(breaker.parallel(4), 1);
        let mut now = 0;
        for pause in [15, 30, 60, 120, 240, 300, 300] {
            breaker.failed(at(now), None);
            assert!(!breaker.allows(at(now + pause - 1)), "{pause}");
            assert!(breaker.allows(at(now + pause)), "{pause}");
            now += pause;
        }
        breaker.answered();
        assert!(breaker.allows(at(0)) && breaker.is_well());
    }

    #[test]
    fn a_receiver_that_asks_for_time_gets_it() {
        let mut breaker = Breaker::default();
        breaker.failed(at(0), Some(Duration::from_secs(40)));
        assert!(!breaker.allows(at(39)) && breaker.allows(at(40)));
        breaker.failed(at(50), Some(Duration::from_secs(1_000_000)));
        assert!(breaker.allows(at(50 + 3600)), "within bounds");
    }
}
