//! Whether an agent is there: for as long as a live stream of the agent is open, and a grace time beyond.
//!
//! Offers to somebody whose browser is closed are seen by nobody, so that such an agent becomes offline. After a start of
//! the house everybody has the grace time to come back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use passerelle_model::desk::{AvailabilityStatus, PersonId};
use passerelle_model::id::AppId;
use passerelle_store::StoreError;

use crate::desk::Inner;
use crate::offers::set_available;
use crate::{Act, Desk};

/// Why an agent whose streams are closed is offline, in words for colleagues.
const GONE: &str = "no workspace is open any more";

/// Streams by agent.
#[derive(Default)]
pub(crate) struct Presences(Mutex<HashMap<PersonId, Streams>>);

/// The streams of one agent.
#[derive(Clone, Copy, Default)]
struct Streams {
    open: usize,
    /// How many were opened so far: whoever waits sees by it whether the agent came back meanwhile.
    opened: u64,
}

impl Presences {
    fn of(&self, agent: PersonId) -> Streams {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&agent).copied().unwrap_or_default()
    }

    fn enter(&self, agent: PersonId) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let streams = all.entry(agent).or_default();
        (streams.open, streams.opened) = (streams.open + 1, streams.opened + 1);
    }

    /// True when it was the last one.
    fn leave(&self, agent: PersonId) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let streams = all.entry(agent).or_default();
        streams.open = streams.open.saturating_sub(1);
        streams.open == 0
    }
}

/// A stream of an agent is open, for as long as this lives.
pub struct Presence {
    inner: Arc<Inner>,
    app: AppId,
    agent: PersonId,
}

impl Desk {
    /// A stream of an agent was opened.
    pub fn present(&self, app: AppId, agent: PersonId) -> Presence {
        self.0.presences.enter(agent);
        Presence { inner: Arc::clone(&self.0), app, agent }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        if self.inner.presences.leave(self.agent) && !self.inner.stop.is_cancelled() {
            watch(&self.inner, self.app, self.agent);
        }
    }
}

/// Everybody who is available when the house opens has to come back in time.
pub(crate) fn spawn(inner: &Arc<Inner>) {
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        match task.store.available_agents().await {
            Ok(agents) => agents.into_iter().for_each(|(app, agent)| watch(&task, app, agent)),
            Err(error) => tracing::error!(%error, "it could not be read who was available; nobody becomes offline"),
        }
    });
}

/// After the grace time an agent who has not come back is offline.
fn watch(inner: &Arc<Inner>, app: AppId, agent: PersonId) {
    let (task, left) = (Arc::clone(inner), inner.presences.of(agent));
    inner.tasks.spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(task.config.grace()) => {}
            () = task.stop.cancelled() => return,
        }
        let now = task.presences.of(agent);
        if now.open > 0 || now.opened != left.opened {
            return;
        }
        match set_offline(&task, app, agent).await {
            Ok(()) => task.wake.notify_one(),
            Err(error) => tracing::error!(%error, %agent, "an agent who is gone could not be made offline"),
        }
    });
}

async fn set_offline(inner: &Inner, app: AppId, agent: PersonId) -> Result<(), StoreError> {
    let act = Act { app, by: None, now: inner.clock.now(), ids: Arc::clone(&inner.ids) };
    let set = inner.store.write(move |tx| {
        Box::pin(async move {
            let is_available =
                tx.availability(agent).await?.is_some_and(|known| known.status != AvailabilityStatus::Offline);
            if !is_available {
                return Ok(());
            }
            match set_available(tx, &act, agent, AvailabilityStatus::Offline, Some(GONE)).await {
                Err(crate::DeskError::Store(error)) => Err(error),
                // Whoever has left meanwhile is offline already.
                _ => Ok(()),
            }
        })
    });
    set.await
}
