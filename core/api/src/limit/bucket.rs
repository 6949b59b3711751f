//! Token buckets of very many owners in a fixed piece of memory.
//!
//! A bucket is one number: when it will be full again. Buckets live in sets of [`WAYS`]; a newcomer takes the place of
//! the bucket of its set that is nearest to full, so whoever spends most is forgotten last, and a flood of addresses
//! makes nothing grow.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderName};
use passerelle_model::time::Timestamp;
use serde::Deserialize;

use crate::error::ApiError;

/// Buckets that share a lock.
const WAYS: usize = 8;
/// Sets; with their locks they take 1.2 MiB.
const SETS: usize = 8192;
const MICROS: f64 = 1_000_000.0;

/// How often something may be done.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Times a second, for as long as one likes; may be less than 1.
    pub per_second: f64,
    /// Times at once.
    pub burst: u32,
}

impl Rate {
    /// Whether the rate lets anybody in at all.
    pub fn is_sound(&self) -> bool {
        self.per_second.is_finite() && self.per_second > 0.0 && self.burst > 0
    }

    /// Microseconds that one time costs.
    fn cost(&self) -> i64 {
        ((MICROS / self.per_second) as i64).max(1)
    }
}

/// Where an owner stands after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Calls at once.
    limit: u32,
    /// Calls that are left at once.
    remaining: u32,
    /// Seconds until everything is there again.
    reset_s: u32,
    /// Seconds until the next call, for a call that was refused.
    wait_s: Option<u32>,
}

impl Standing {
    /// The refusal, when there was nothing left.
    pub(crate) fn pass(&self) -> Result<(), ApiError> {
        self.wait_s.map_or(Ok(()), |wait| Err(ApiError::too_many_requests(wait)))
    }

    /// Writes itself into an answer.
    pub(crate) fn show(&self, headers: &mut HeaderMap) {
        for (name, value) in [
            ("ratelimit-limit", self.limit),
            ("ratelimit-remaining", self.remaining),
            ("ratelimit-reset", self.reset_s),
        ] {
            headers.insert(HeaderName::from_static(name), value.into());
        }
    }
}

/// The buckets.
pub(crate) struct Buckets {
    sets: Vec<Mutex<[Bucket; WAYS]>>,
    hasher: RandomState,
}

#[derive(Clone, Copy, Default)]
struct Bucket {
    owner: u64,
    full_at: i64,
}

impl Buckets {
    pub(crate) fn new() -> Self {
        Self { sets: (0..SETS).map(|_| Mutex::default()).collect(), hasher: RandomState::new() }
    }

    /// Takes one from the owner's bucket, when there is one.
    pub(crate) fn take(&self, owner: impl Hash, rate: Rate, now: Timestamp) -> Standing {
        self.spend(owner, rate, now, true)
    }

    /// Whether there is one, and takes nothing.
    pub(crate) fn look(&self, owner: impl Hash, rate: Rate, now: Timestamp) -> Standing {
        self.spend(owner, rate, now, false)
    }

    fn spend(&self, owner: impl Hash, rate: Rate, now: Timestamp, keep: bool) -> Standing {
        let owner = self.hasher.hash_one(owner);
        let set = &self.sets[owner as usize % SETS];
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        let mut spent = Bucket { owner, full_at: 0 };
        let place = match set.iter().position(|bucket| bucket.owner == owner) {
            Some(place) => {
                spent = set[place];
                place
            }
            None => (0..WAYS).min_by_key(|place| set[*place].full_at).unwrap_or(0),
        };
        let standing = spent.take(rate, now.as_micros());
        if keep {
            set[place] = spent;
        }
        standing
    }
}

impl Bucket {
    fn take(&mut self, rate: Rate, now: i64) -> Standing {
        let cost = rate.cost();
        let size = cost.saturating_mul(i64::from(rate.burst));
        // More than a whole bucket is never missing, even after the clock was set back.
        let missing = self.full_at.saturating_sub(now).clamp(0, size);
        let after = missing.saturating_add(cost);
        let granted = after <= size;
        let missing = if granted { after } else { missing };
        self.full_at = now.saturating_add(missing);
        Standing {
            limit: rate.burst,
            remaining: u32::try_from((size - missing) / cost).unwrap_or(rate.burst),
            reset_s: seconds(missing),
            wait_s: (!granted).then(|| seconds(after - size)),
        }
    }
}

/// Whole seconds, rounded up.
fn seconds(micros: i64) -> u32 {
    u32::try_from(micros.saturating_add(999_999) / 1_000_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { per_second: 2.0, burst: 3 };

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + millis)
    }

    #[test]
    fn a_burst_is_granted_and_then_the_rate() {
        let buckets = Buckets::new();
        let take = |millis| {
            let standing = buckets.take("k", RATE, at(millis));
            (standing.remaining, standing.reset_s, standing.wait_s)
        };
        assert_eq!(take(0), (2, 1, None));
        assert_eq!(take(0), (1, 1, None));
        assert_eq!(take(0), (0, 2, None));
        assert_eq!(take(0), (0, 2, Some(1)), "a refusal costs nothing");
        assert_eq!(take(499), (0, 2, Some(1)));
        assert_eq!(take(500), (0, 2, None));
        assert_eq!(take(60_000), (2, 1, None));
        assert_eq!(buckets.take("other", RATE, at(0)).remaining, 2, "owners do not share");
    }

    #[test]
    fn a_clock_that_is_set_back_costs_a_bucket_at_most() {
        let buckets = Buckets::new();
        for _ in 0..3 {
            assert!(buckets.take("k", RATE, at(3_600_000)).pass().is_ok());
        }
        assert!(buckets.take("k", RATE, at(0)).pass().is_err());
        assert!(buckets.take("k", RATE, at(501)).pass().is_ok());
    }

    #[test]
    fn looking_takes_nothing() {
        let buckets = Buckets::new();
        for _ in 0..9 {
            assert!(buckets.look("k", RATE, at(0)).pass().is_ok());
        }
        assert_eq!(buckets.take("k", RATE, at(0)).remaining, 2);
    }

    #[test]
    fn a_flood_of_owners_neither_grows_the_table_nor_frees_the_worst_one() {
        let buckets = Buckets::new();
        while buckets.take("the worst", RATE, at(0)).pass().is_ok() {}
        for stranger in 0..1_000_000_u32 {
            buckets.take(stranger, RATE, at(0));
        }
        assert_eq!(buckets.sets.len() * WAYS, 65_536);
        assert!(buckets.take("the worst", RATE, at(0)).pass().is_err());
    }
}
