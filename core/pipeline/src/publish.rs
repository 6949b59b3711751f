//! Publish: committed events for live readers. In nobody's way: whoever lags reads on from the store.

use std::sync::Arc;

use passerelle_model::event::EventSource;
use passerelle_model::id::{AppId, ConversationId, UserId};
use passerelle_model::inbound::Activity;
use passerelle_store::StoredEvent;
use tokio::sync::broadcast;

/// Passing signs that a reader may lag behind before it loses some.
pub(crate) const SIGNS: usize = 1024;

/// Something to show to live readers.
#[derive(Clone, Debug, PartialEq)]
pub enum Published {
    /// A committed event, in commit order.
    Event(Arc<StoredEvent>),
    /// A passing sign: never stored.
    Sign(Sign),
    /// Events were missed: read them with `Store::events` after the last cursor that was seen.
    Lagged,
    /// The house closes.
    Closed,
}

/// Somebody types, or stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Whose.
    pub app: AppId,
    /// Where.
    pub conversation: ConversationId,
    /// Who; the business when absent.
    pub user: Option<UserId>,
    /// What.
    pub activity: Activity,
    /// Through what.
    pub source: EventSource,
}

/// The feed of one reader, from the moment of subscribing.
pub struct EventStream {
    pub(crate) events: broadcast::Receiver<Arc<StoredEvent>>,
    pub(crate) signs: broadcast::Receiver<Sign>,
}

impl EventStream {
    /// Waits for the next thing to show.
    pub async fn next(&mut self) -> Published {
        loop {
            tokio::select! {
                biased;
                event = self.events.recv() => return match event {
                    Ok(event) => Published::Event(event),
                    Err(broadcast::error::RecvError::Lagged(_)) => Published::Lagged,
                    Err(broadcast::error::RecvError::Closed) => Published::Closed,
                },
                sign = self.signs.recv() => match sign {
                    Ok(sign) => return Published::Sign(sign),
                    // A lost sign has passed already.
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return Published::Closed,
                },
            }
        }
    }
}
