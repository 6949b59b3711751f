//! Counts the processor time of a call.
//!
//! Time is read from the thread's own processor clock while the call is being polled. So neither waiting for the
//! host, nor waiting for a turn on a busy machine, is held against a plugin.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Processor time of one call. Read and written by one task only, which may move between threads.
#[derive(Clone, Default)]
pub(crate) struct Meter(Arc<Counts>);

#[derive(Default)]
struct Counts {
    /// Nanoseconds of the polls that are over.
    spent: AtomicU64,
    /// The thread's clock when the present poll began.
    entered: AtomicU64,
}

impl Meter {
    /// Runs the future and counts.
    pub(crate) async fn measure<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        poll_fn(|context| {
            self.0.entered.store(thread_time(), Ordering::Relaxed);
            let polled = future.as_mut().poll(context);
            self.0.spent.fetch_add(self.present_poll(), Ordering::Relaxed);
            polled
        })
        .await
    }

    /// Processor time so far. Call it from inside the measured future.
    pub(crate) fn so_far(&self) -> Duration {
        Duration::from_nanos(self.0.spent.load(Ordering::Relaxed) + self.present_poll())
    }

    /// Processor time of the polls that are over.
    pub(crate) fn total(&self) -> Duration {
        Duration::from_nanos(self.0.spent.load(Ordering::Relaxed))
    }

    fn present_poll(&self) -> u64 {
        thread_time().saturating_sub(self.0.entered.load(Ordering::Relaxed))
    }
}

fn thread_time() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn computing_counts_and_waiting_does_not() {
        let meter = Meter::default();
        meter.measure(tokio::time::sleep(Duration::from_millis(60))).await;
        let waited = meter.total();
        assert!(waited < Duration::from_millis(20), "{waited:?}");
        let computed = meter
            .measure(async {
                while meter.so_far() < waited + Duration::from_millis(20) {
                    std::hint::black_box(0);
                }
                meter.so_far()
            })
            .await;
        assert!(computed >= waited + Duration::from_millis(20));
    }
}
