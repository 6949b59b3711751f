//! How many tickets views have, remembered for a short while: a large desk counts for many milliseconds, and every workspace
//! asks again whenever something happens.
//!
//! A count may be twenty times as old as it took to make, and ten seconds at most: those of small desks are always new, and
//! counting never takes more than a twentieth of the time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use passerelle_model::desk::{PersonId, RuleId};
use passerelle_model::id::AppId;
use passerelle_model::rule::Plan;
use passerelle_model::time::Timestamp;
use passerelle_store::Rule;

/// How much older than its making a count may be.
const TIMES: u32 = 20;
/// The oldest count that is told.
const OLDEST: Duration = Duration::from_secs(10);
/// Counts that are remembered.
const MAX_COUNTS: usize = 10_000;

/// What a count is of: a view as it is now, and whose where that matters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Of {
    app: AppId,
    view: RuleId,
    updated_at: i64,
    viewer: Option<PersonId>,
}

/// A count.
#[derive(Clone, Copy)]
struct Count {
    value: u64,
    at: Instant,
    good_for: Duration,
}

/// Counts of all apps.
#[derive(Default)]
pub(crate) struct Counts(Mutex<HashMap<Of, Count>>);

impl Of {
    pub(super) fn new(rule: &Rule, plan: &Plan, viewer: PersonId) -> Self {
        let is_personal = plan.tests().any(|test| test.value.contains("current_"));
        let updated_at = Timestamp::as_micros(rule.updated_at);
        Self { app: rule.app, view: rule.id, updated_at, viewer: is_personal.then_some(viewer) }
    }
}

impl Counts {
    /// The count, and whether it was made just now.
    pub(super) async fn of<E>(&self, of: Of, count: impl Future<Output = Result<u64, E>>) -> Result<(u64, bool), E> {
        if let Some(known) = self.known(of, Instant::now()) {
            return Ok((known, false));
        }
        let begun = Instant::now();
        let value = count.await?;
        let now = Instant::now();
        self.keep(of, value, now.duration_since(begun), now);
        Ok((value, true))
    }

    fn known(&self, of: Of, now: Instant) -> Option<u64> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&of).filter(|count| count.is_good(now)).map(|count| count.value)
    }

    fn keep(&self, of: Of, value: u64, took: Duration, now: Instant) {
        let good_for = took.saturating_mul(TIMES).min(OLDEST);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, count| count.is_good(now));
        if all.len() < MAX_COUNTS {
            all.insert(of, Count { value, at: now, good_for });
        }
    }
}

impl Count {
    fn is_good(&self, now: Instant) -> bool {
        now.duration_since(self.at) < self.good_for
    }
}

#[cfg(test)]
mod tests {
    use passerelle_model::rule::{Condition, Conditions, RuleKind};

    use super::*;

    fn view(value: &str) -> (Rule, Plan) {
        let mut rule = Rule::new(AppId::from_bytes([1; 12]), RuleKind::View, "v", Timestamp::from_millis(0));
        rule.conditions = Conditions { all: vec![Condition::new("assignee_id", "is", value)], any: Vec::new() };
        let plan = rule.conditions.check(RuleKind::View).expect("a plan");
        (rule, plan)
    }

    #[test]
    fn a_count_that_took_long_is_told_for_longer_and_another_viewers_is_another() {
        let (counts, begun) = (Counts::default(), Instant::now());
        let after = |ms| begun + Duration::from_millis(ms);
        let (rule, plan) = view("current_user");
        let (ada, bob) = (Of::new(&rule, &plan, PersonId(1)), Of::new(&rule, &plan, PersonId(2)));
        counts.keep(ada, 5, Duration::from_millis(10), begun);
        assert_eq!((counts.known(ada, after(199)), counts.known(bob, after(1))), (Some(5), None));
        assert_eq!(counts.known(ada, after(200)), None, "it is too old now");
        counts.keep(ada, 6, Duration::from_secs(60), begun);
        assert_eq!((counts.known(ada, after(9_999)), counts.known(ada, after(10_000))), (Some(6), None));
        let (rule, plan) = view("7");
        assert!(Of::new(&rule, &plan, PersonId(1)) == Of::new(&rule, &plan, PersonId(2)), "the same for everybody");
    }
}
