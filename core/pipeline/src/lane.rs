//! Lanes: jobs of one key run one after the other, jobs of different keys side by side.
//!
//! A lane exists while it has work; an idle one costs nothing. The number of waiting jobs and the number of jobs at once
//! are bounded, and who brings a job to full lanes waits. A job that panics ends alone: its lane goes on.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

/// A job with its place in the queue, which it gives back when it has ended.
struct Job {
    work: BoxFuture<'static, ()>,
    _place: OwnedSemaphorePermit,
}

struct Inner<K> {
    name: &'static str,
    waiting: Mutex<HashMap<K, VecDeque<Job>>>,
    places: Arc<Semaphore>,
    running: Semaphore,
    tasks: TaskTracker,
}

/// A set of lanes. Cheap to clone.
pub(crate) struct Lanes<K>(Arc<Inner<K>>);

impl<K> Clone for Lanes<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Clone + Eq + Hash + Send + 'static> Lanes<K> {
    /// `at_once` jobs may run, `queued` more may wait. `name` is for the log.
    pub(crate) fn new(name: &'static str, at_once: usize, queued: usize) -> Self {
        Self(Arc::new(Inner {
            name,
            waiting: Mutex::default(),
            places: Arc::new(Semaphore::new(at_once + queued)),
            running: Semaphore::new(at_once),
            tasks: TaskTracker::new(),
        }))
    }

    /// Puts a job at the end of the key's lane; waits while the lanes are full. Jobs of one key run in the order in
    /// which their pushes returned.
    pub(crate) async fn push(&self, key: K, work: impl Future<Output = ()> + Send + 'static) {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&self.0.places).acquire_owned().await else { return };
        let job = Job { work: work.boxed(), _place: place };
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = waiting.get_mut(&key) {
            lane.push_back(job);
            return;
        }
        waiting.insert(key.clone(), VecDeque::new());
        drop(waiting);
        let inner = Arc::clone(&self.0);
        self.0.tasks.spawn(async move { inner.run(key, job).await });
    }

    /// Waits until every lane is empty. Jobs that are pushed meanwhile are waited for too.
    pub(crate) async fn drained(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

impl<K: Eq + Hash> Inner<K> {
    async fn run(&self, key: K, first: Job) {
        let mut next = Some(first);
        while let Some(job) = next {
            let permit = self.running.acquire().await;
            if AssertUnwindSafe(job.work).catch_unwind().await.is_err() {
                tracing::error!(lane = self.name, "a job panicked: this is a bug; its lane goes on");
            }
            drop(permit);
            next = self.next(&key);
        }
    }

    /// The lane's next job; a lane without one is taken away in the same breath, so that no push is missed.
    fn next(&self, key: &K) -> Option<Job> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let job = waiting.get_mut(key).and_then(VecDeque::pop_front);
        if job.is_none() {
            waiting.remove(key);
        }
        job
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::{mpsc, oneshot};

    use super::*;

    #[tokio::test]
    async fn a_lane_keeps_order_and_lanes_do_not_wait_for_each_other() {
        let lanes = Lanes::new("test", 8, 8);
        let (done, mut seen) = mpsc::channel(16);
        let tell = |step: &'static str| {
            let done = done.clone();
            async move { done.send(step).await.expect("the test listens") }
        };
        let (open, gate) = oneshot::channel::<()>();
        let first = tell("slow 1");
        lanes
            .push("slow", async move {
                gate.await.expect("the quick lane opens it");
                first.await
            })
            .await;
        lanes.push("slow", tell("slow 2")).await;
        lanes.push("quick", tell("quick 1")).await;
        let last = tell("quick 2");
        lanes
            .push("quick", async move {
                last.await;
                open.send(()).expect("the slow lane waits")
            })
            .await;
        for expected in ["quick 1", "quick 2", "slow 1", "slow 2"] {
            assert_eq!(seen.recv().await, Some(expected));
        }
    }

    #[tokio::test]
    async fn a_full_set_of_lanes_pushes_back() {
        let lanes = Lanes::new("test", 1, 1);
        let (open, gate) = oneshot::channel::<()>();
        lanes.push(1, async move { gate.await.expect("the test opens it") }).await;
        lanes.push(2, async {}).await;
        let mut third = Box::pin(lanes.push(3, async {}));
        assert!(third.as_mut().now_or_never().is_none(), "one runs, one waits, the third has no place");
        open.send(()).expect("the first job waits");
        third.await;
        lanes.drained().await;
    }

    #[tokio::test]
    async fn a_panic_ends_one_job_and_not_its_lane() {
        let lanes = Lanes::new("test", 1, 8);
        let (done, mut seen) = mpsc::channel(1);
        lanes.push("key", async { panic!("on purpose") }).await;
        lanes.push("key", async move { done.send(()).await.expect("the test listens") }).await;
        assert_eq!(seen.recv().await, Some(()));
    }
}
