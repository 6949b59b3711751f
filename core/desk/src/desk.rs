//! The desk's start and end.

use std::sync::Arc;
use std::time::Duration;

use passerelle_model::id::IdSource;
use passerelle_model::time::Clock;
use passerelle_store::Store;
use serde::Deserialize;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::mail::{self, Mail};
use crate::presence::Presences;
use crate::{automations, offers, presence, reader};

/// To how many agents a ticket is offered at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferMode {
    /// One after the other.
    One,
    /// Everybody who can take it: the first to accept has it.
    All,
}

/// Settings of the desk.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct DeskConfig {
    /// The type word of seats at which our agents sit.
    pub seat_type: String,
    /// Milliseconds for which an agent is asked before somebody else is.
    pub offer_ms: u64,
    /// To how many agents a ticket is offered at once.
    pub offer_mode: OfferMode,
    /// Milliseconds between two rounds of automations.
    pub automation_ms: u64,
    /// Milliseconds after which an agent without an open live stream is offline.
    pub offline_after_ms: u64,
}

impl DeskConfig {
    /// For how long an agent is asked: at least a tenth of a second, at most an hour.
    pub(crate) fn lease(&self) -> Duration {
        Duration::from_millis(self.offer_ms.clamp(100, 3_600_000))
    }

    /// How long to wait between two rounds of automations: at least a tenth of a second, at most a day.
    pub(crate) fn automation_pause(&self) -> Duration {
        Duration::from_millis(self.automation_ms.clamp(100, 86_400_000))
    }

    /// For how long an agent may be away from all streams: at least a tenth of a second, at most a day.
    pub(crate) fn grace(&self) -> Duration {
        Duration::from_millis(self.offline_after_ms.clamp(100, 86_400_000))
    }
}

/// What a desk is made of.
pub struct DeskParts {
    /// The database.
    pub store: Store,
    /// Tells the time.
    pub clock: Clock,
    /// Gives events their ids.
    pub ids: Arc<IdSource>,
    /// Settings.
    pub config: DeskConfig,
    /// How letters go out and come in.
    pub mail: Mail,
}

/// The desk, for as long as the house is open. Cheap to clone.
#[derive(Clone)]
pub struct Desk(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) ids: Arc<IdSource>,
    pub(crate) config: DeskConfig,
    pub(crate) mail: Mail,
    /// Rung when a letter may wait to be sent.
    pub(crate) mail_waits: Notify,
    pub(crate) presences: Presences,
    /// Rung when a ticket, an offer or an availability has changed.
    pub(crate) wake: Notify,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

impl Desk {
    /// Reads on in the log where the last process stopped, and offers what waits.
    pub fn start(parts: DeskParts) -> Self {
        let inner = Arc::new(Inner {
            store: parts.store,
            clock: parts.clock,
            ids: parts.ids,
            config: parts.config,
            mail: parts.mail,
            mail_waits: Notify::new(),
            presences: Presences::default(),
            wake: Notify::new(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        reader::spawn(&inner);
        offers::spawn(&inner);
        presence::spawn(&inner);
        automations::spawn(&inner);
        mail::outbox::spawn(&inner);
        Self(inner)
    }

    /// Seconds for which an agent is asked.
    pub fn offer_seconds(&self) -> u64 {
        self.0.config.lease().as_secs()
    }

    /// The type word of seats at which our agents sit.
    pub fn seat_type(&self) -> &str {
        &self.0.config.seat_type
    }

    /// Looks now for what can be offered: somebody has changed a ticket or is available.
    pub fn wake(&self) {
        self.0.wake.notify_one();
        self.0.mail_waits.notify_one();
    }

    /// How letters go out and come in.
    pub fn mail(&self) -> &Mail {
        &self.0.mail
    }

    /// Begins nothing new and ends what is under way. False when the deadline came first.
    pub async fn drain(&self, deadline: Duration) -> bool {
        self.0.stop.cancel();
        self.0.tasks.close();
        tokio::time::timeout(deadline, self.0.tasks.wait()).await.is_ok()
    }
}
