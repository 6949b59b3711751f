//! Idle connections, kept per installation and host, few and not for long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use passerelle_model::id::IntegrationId;

use super::{HostPattern, Sender};

/// Idle connections of all installations together.
const MAX_IDLE: usize = 1024;
/// How long a connection may take to finish its last exchange before it is given up.
const SETTLE: Duration = Duration::from_millis(50);

/// Whose connection, and where to.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) owner: IntegrationId,
    pub(super) target: HostPattern,
}

pub(super) struct Pool {
    idle: Mutex<Idle>,
    per_key: usize,
    max_age: Duration,
}

#[derive(Default)]
struct Idle {
    connections: HashMap<IntegrationId, Vec<(HostPattern, Sender, Instant)>>,
    count: usize,
}

impl Pool {
    pub(super) fn new(per_key: usize, max_age: Duration) -> Self {
        Self { idle: Mutex::default(), per_key, max_age }
    }

    /// An idle connection that is ready for a request.
    pub(super) async fn take(&self, key: &Key) -> Option<Sender> {
        while let Some(mut sender) = self.pop(key) {
            let ready = tokio::time::timeout(SETTLE, sender.ready()).await;
            if matches!(ready, Ok(Ok(()))) {
                return Some(sender);
            }
        }
        None
    }

    /// Keeps the connection for the next request, unless it is closed or there are enough.
    pub(super) fn give_back(&self, key: Key, sender: Sender) {
        if sender.is_closed() {
            return;
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.count >= MAX_IDLE {
            idle.remove_older_than(self.max_age);
        }
        let full = idle.count >= MAX_IDLE;
        let connections = idle.connections.entry(key.owner).or_default();
        if !full && connections.iter().filter(|(target, ..)| *target == key.target).count() < self.per_key {
            connections.push((key.target, sender, Instant::now()));
            idle.count += 1;
        }
    }

    fn pop(&self, key: &Key) -> Option<Sender> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let connections = idle.connections.get_mut(&key.owner)?;
        let before = connections.len();
        connections.retain(|(_, sender, since)| since.elapsed() < self.max_age && !sender.is_closed());
        // The one that was used last is the least likely to have been closed by the other side.
        let at = connections.iter().rposition(|(target, ..)| *target == key.target);
        let taken = at.map(|at| connections.remove(at).1);
        let gone = before - connections.len();
        if connections.is_empty() {
            idle.connections.remove(&key.owner);
        }
        idle.count -= gone;
        taken
    }
}

impl Idle {
    fn remove_older_than(&mut self, age: Duration) {
        for connections in self.connections.values_mut() {
            connections.retain(|(_, sender, since)| since.elapsed() < age && !sender.is_closed());
        }
        self.connections.retain(|_, connections| !connections.is_empty());
        self.count = self.connections.values().map(Vec::len).sum();
    }
}
