//! The messages of the stream, the same for both transports.

use std::future::Future;
use std::sync::Arc;

use passerelle_model::id::{ConversationId, IntegrationId, UserId};
use serde_json::{Value, json};

use super::cursor::Cursor;

/// The longest that a reader is asked to wait before it comes back, so that not all of them come at once.
const RETRY_SPREAD_MS: u32 = 4000;

/// An event as it is told, once for all readers.
pub(crate) struct Item {
    /// Its place in the log; none for passing signs.
    pub(crate) cursor: Option<i64>,
    pub(crate) trigger: &'static str,
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) user: Option<UserId>,
    /// Integrations that have a seat and do not hear of this.
    pub(crate) deaf: Vec<IntegrationId>,
    /// Whether only agents see it.
    pub(crate) is_desk: bool,
    /// The whole message, with its cursor.
    pub(crate) text: Arc<str>,
}

impl Item {
    /// What only agents see.
    pub(super) fn of_desk(trigger: &'static str, cursor: Option<i64>, text: String) -> Self {
        Self { cursor, trigger, conversation: None, user: None, deaf: Vec::new(), is_desk: true, text: text.into() }
    }
}

/// One message to a reader.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// `hello`, `heartbeat`, `resync` or `goodbye`; none for an event.
    pub(crate) name: Option<&'static str>,
    /// Where the reader stands after it; none where that has not moved.
    pub(crate) cursor: Option<Cursor>,
    /// JSON on one line.
    pub(crate) text: Arc<str>,
    /// Milliseconds to wait before coming back, in a goodbye.
    pub(crate) retry_ms: Option<u32>,
}

/// Why a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Farewell {
    /// The server stops.
    GoingAway,
    /// The key, its rights or the app are gone.
    Revoked,
    /// The database does not answer.
    Unavailable,
}

impl Farewell {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::GoingAway => "going_away",
            Self::Revoked => "revoked",
            Self::Unavailable => "unavailable",
        }
    }
}

impl Frame {
    /// The stream stands, and reads from here.
    pub(crate) fn hello(cursor: Cursor, heartbeat_ms: u64) -> Self {
        Self::named("hello", cursor, json!({ "heartbeatMs": heartbeat_ms }))
    }

    /// Nothing happened that the reader may see, up to here.
    pub(crate) fn heartbeat(cursor: Cursor) -> Self {
        Self::named("heartbeat", cursor, json!({}))
    }

    /// What lies between the cursor that was asked for and this one is not known: read it by other means.
    pub(crate) fn resync(cursor: Cursor) -> Self {
        Self::named("resync", cursor, json!({ "reason": "unknown_cursor" }))
    }

    /// The last message.
    pub(crate) fn goodbye(cursor: Cursor, why: Farewell) -> Self {
        // Without random bytes they all come back at once, and the server bears that too.
        let retry_ms = 500 + getrandom::u32().unwrap_or(0) % RETRY_SPREAD_MS;
        let fields = json!({ "reason": why.as_str(), "retryMs": retry_ms });
        Self { retry_ms: Some(retry_ms), ..Self::named("goodbye", cursor, fields) }
    }

    /// An event.
    pub(crate) fn event(cursor: Option<Cursor>, text: Arc<str>) -> Self {
        Self { name: None, cursor, text, retry_ms: None }
    }

    fn named(name: &'static str, cursor: Cursor, mut fields: Value) -> Self {
        fields["type"] = name.into();
        fields["cursor"] = cursor.to_string().into();
        Self { name: Some(name), cursor: Some(cursor), text: fields.to_string().into(), retry_ms: None }
    }
}

/// The reader is gone, or does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// It closed.
    Gone,
    /// It took nothing for too long.
    Slow,
}

/// A connection to one reader.
pub(crate) trait Line: Send {
    /// Hands frames over; waits while the reader is behind, but not for ever.
    fn send(&mut self, frames: &[Frame]) -> impl Future<Output = Result<(), Lost>> + Send;
    /// Waits until the reader closes or is found dead.
    fn closed(&mut self) -> impl Future<Output = ()> + Send;
    /// Asks the reader whether it is there, where the transport can.
    fn ask(&mut self) -> impl Future<Output = Result<(), Lost>> + Send;
    /// Takes leave.
    fn end(&mut self, goodbye: &Frame, why: Farewell) -> impl Future<Output = ()> + Send;
}
