//! When what was not taken is tried again. Pure.

use std::time::Duration;

use passerelle_model::time::Timestamp;

/// Before the second try.
const FIRST: Duration = Duration::from_secs(15);
/// Each wait is so many times the one before.
const FACTOR: u32 = 4;
/// Between two tries at most, whatever the receiver asks for.
pub(super) const LONGEST: Duration = Duration::from_secs(3600);

/// The time of the next try after so many, or none when it is over. The last try is made when the time is up: with a
/// quarter of an hour that makes five.
pub(super) fn next_try(
    tries: u32,
    now: Timestamp,
    give_up_at: Timestamp,
    retry_after: Option<Duration>,
    random: u32,
) -> Option<Timestamp> {
    if now >= give_up_at {
        return None;
    }
    let wait = jittered(wait(tries), random).max(retry_after.unwrap_or_default()).min(LONGEST);
    Some(now.plus(wait).min(give_up_at))
}

fn wait(tries: u32) -> Duration {
    FIRST.saturating_mul(FACTOR.saturating_pow(tries.saturating_sub(1))).min(LONGEST)
}

/// Between 80 and 120 hundredths of the wait, so that receivers do not see everything at once.
fn jittered(wait: Duration, random: u32) -> Duration {
    wait * 4 / 5 + wait.mul_f64(0.4 * f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDDLE: u32 = u32::MAX / 2;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    /// Seconds of the tries, for an event that is never taken.
    fn tries(give_up: u64) -> Vec<u64> {
        let (mut now, mut times) = (at(0), vec![0]);
        while let Some(next) = next_try(u32::try_from(times.len()).unwrap(), now, at(give_up), None, MIDDLE) {
            times.push(next.as_millis() / 1000);
            now = next;
        }
        times
    }

    #[test]
    fn five_tries_in_a_quarter_of_an_hour_and_hourly_ones_for_three_days() {
        assert_eq!(tries(900), [0, 14, 74, 314, 900]);
        let long = tries(3 * 24 * 3600);
        assert_eq!(long[..6], [0, 14, 74, 314, 1274, 4874]);
        assert_eq!(long.last(), Some(&(3 * 24 * 3600)));
        assert!((70..80).contains(&long.len()), "{}", long.len());
    }

    #[test]
    fn what_the_receiver_asks_for_is_honoured_within_bounds() {
        let next = |asked: u64| next_try(1, at(0), at(100_000), Some(Duration::from_secs(asked)), MIDDLE);
        assert_eq!(next(60), Some(at(60)));
        assert_eq!(next(1_000_000), Some(at(3600)));
        assert!(next(1).unwrap() > at(13), "no sooner than we would anyway");
        assert_eq!(next_try(1, at(50), at(50), None, 0), None);
    }

    #[test]
    fn waits_differ_by_a_fifth_either_way() {
        let wait = Duration::from_secs(100);
        assert_eq!(jittered(wait, 0), Duration::from_secs(80));
        assert!((119..=120).contains(&jittered(wait, u32::MAX).as_secs()));
    }
}
