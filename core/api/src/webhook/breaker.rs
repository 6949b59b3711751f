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

/// For how long a receiver that was left alone is treated gently when it is back: all the others of its kind may call it
/// again in this minute, too.
const GENTLE: Duration = Duration::from_secs(60);
/// The pause between two requests meanwhile: ten a second.
const GENTLE_PAUSE: Duration = Duration::from_millis(100);

/// The health of one receiver.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    has_answered: bool,
    open_until: Option<Timestamp>,
    gentle_until: Option<Timestamp>,
    next_request: Option<Timestamp>,
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

    /// How long the next request has to wait for its turn, which it takes.
    pub(super) fn turn(&mut self, now: Timestamp) -> Duration {
        if self.gentle_until.is_none_or(|until| until <= now) {
            self.next_request = None;
            return Duration::ZERO;
        }
        let turn = self.next_request.map_or(now, |next| next.max(now));
        self.next_request = Some(turn.plus(GENTLE_PAUSE));
        now.until(turn)
    }

    /// It answered, be it with a refusal.
    pub(super) fn answered(&mut self, now: Timestamp) {
        let gentle_until = if self.failures >= TOO_MANY { Some(now.plus(GENTLE)) } else { self.gentle_until };
        *self = Self { failures: 0, has_answered: true, open_until: None, gentle_until, ..*self };
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
        breaker.answered(at(0));
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
        breaker.answered(at(0));
        assert!(breaker.allows(at(0)) && breaker.is_well());
    }

    #[test]
    fn a_receiver_that_comes_back_gets_ten_requests_a_second_for_a_minute() {
        let mut breaker = Breaker::default();
        breaker.answered(at(0));
        assert_eq!([breaker.turn(at(0)), breaker.turn(at(0))], [Duration::ZERO; 2], "it was never away");
        for _ in 0..TOO_MANY {
            breaker.failed(at(10), None);
        }
        breaker.answered(at(100));
        let waits: Vec<u128> = (0..11).map(|_| breaker.turn(at(100)).as_millis()).collect();
        assert_eq!(waits, [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
        breaker.answered(at(101));
        assert_eq!(breaker.turn(at(102)), Duration::ZERO, "nobody waits for a turn that has passed");
        assert_eq!(breaker.turn(at(102)).as_millis(), 100);
        assert_eq!([breaker.turn(at(160)), breaker.turn(at(160))], [Duration::ZERO; 2], "the minute is over");
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
