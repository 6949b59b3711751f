//! Webhooks: what happens is handed out to the API clients that asked for it, and delivered at least once.
//!
//! `fanout` reads the log with a cursor and puts one row per event and webhook into the outbox; `dispatch` finds out who
//! has something due, `endpoint` sends it, `send` is one request. A receiver that fails is tried again by `schedule` and
//! left alone by `breaker`. Typing is passing: it is sent once, past the outbox (`typing`). Delivery is in nobody's way:
//! no command and no message waits for it.

mod breaker;
mod config;
mod dispatch;
mod endpoint;
mod fanout;
mod schedule;
mod send;
mod typing;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use passerelle_model::id::WebhookId;
use passerelle_model::time::Clock;
use passerelle_pipeline::{Gateway, Links};
use passerelle_plugin_host::Egress;
use passerelle_store::{Store, Subscription};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use config::WebhookConfig;

use crate::wire::conversation::Seats;
use crate::wire::event::{Detail, Telling};
use breaker::Breaker;

/// Deliveries of webhooks, for as long as the house is open.
pub struct Webhooks(Arc<Inner>);

/// What deliveries are made of.
pub struct WebhookParts {
    /// Whose events are told.
    pub gateway: Gateway,
    /// Tells the time.
    pub clock: Clock,
    /// Settings.
    pub config: WebhookConfig,
}

struct Inner {
    gateway: Gateway,
    clock: Clock,
    config: WebhookConfig,
    egress: Egress,
    /// Rung when something was handed out, or a receiver became free.
    wake: Notify,
    /// Places for requests to receivers that are well.
    well: Semaphore,
    /// Places for requests to receivers that failed last: they cannot take the others' places.
    sick: Semaphore,
    receivers: Mutex<HashMap<WebhookId, Receiver>>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// What is known of one receiver.
#[derive(Clone, Copy, Default)]
struct Receiver {
    breaker: Breaker,
    is_busy: bool,
}

impl Webhooks {
    /// Takes up what the last process left, and everything that happens from then on.
    pub fn start(parts: WebhookParts) -> Self {
        let places = parts.config.parallel.clamp(4, 65_536);
        let inner = Arc::new(Inner {
            egress: Egress::new(parts.config.egress()),
            gateway: parts.gateway,
            clock: parts.clock,
            config: parts.config,
            wake: Notify::new(),
            well: Semaphore::new(places),
            sick: Semaphore::new(places / 4),
            receivers: Mutex::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        fanout::spawn(&inner);
        dispatch::spawn(&inner);
        Self(inner)
    }

    /// Looks for due deliveries now.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Begins nothing new and ends what is under way; what waits stays in the database. False when the deadline came
    /// first.
    pub async fn drain(&self, deadline: Duration) -> bool {
        self.0.stop.cancel();
        self.0.tasks.close();
        tokio::time::timeout(deadline, self.0.tasks.wait()).await.is_ok()
    }
}

impl Inner {
    fn store(&self) -> &Store {
        self.gateway.store()
    }

    /// Receivers are given fresh links to files.
    fn links(&self) -> &Links {
        self.gateway.attachments().links()
    }

    fn receivers(&self) -> MutexGuard<'_, HashMap<WebhookId, Receiver>> {
        self.receivers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a receiver's health.
    fn breaker(&self, id: WebhookId) -> Breaker {
        self.receivers().get(&id).map_or_else(Breaker::default, |receiver| receiver.breaker)
    }

    /// A place for a request to this receiver. None when the house closes.
    async fn place(&self, id: WebhookId) -> Option<tokio::sync::SemaphorePermit<'_>> {
        let places = if self.breaker(id).is_well() { &self.well } else { &self.sick };
        tokio::select! {
            place = places.acquire() => place.ok(),
            () = self.stop.cancelled() => None,
        }
    }
}

/// How a webhook wants to be told.
fn detail(to: &Subscription) -> Detail {
    Detail { full_user: to.webhook.include_full_user, full_source: to.webhook.include_full_source }
}

/// Whether a webhook hears of this: it asked for the trigger, and its integration has no seat, or has control, or is
/// offered control, or wants to hear what others do.
fn hears(to: &Subscription, telling: &Telling<'_>, seats: &Seats) -> bool {
    if !asks(to, telling.trigger()) {
        return false;
    }
    !seats.deaf(telling).contains(&to.webhook.integration)
}

fn asks(to: &Subscription, trigger: &str) -> bool {
    to.webhook.triggers.iter().any(|asked| asked == trigger)
}
