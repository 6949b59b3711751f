//! The vendor's JSON, as its documentation describes it.

use serde::{Deserialize, Serialize};

/// What the vendor posts to us.
#[derive(Deserialize)]
pub(crate) struct Webhook {
    pub(crate) message: Option<Message>,
}

/// Somebody wrote.
#[derive(Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) chat: String,
    pub(crate) from: String,
    pub(crate) from_name: Option<String>,
    pub(crate) text: String,
    pub(crate) sent_at_ms: u64,
}

/// What we post to the vendor.
#[derive(Serialize)]
pub(crate) struct NewMessage<'a> {
    pub(crate) chat: &'a str,
    pub(crate) text: &'a str,
    pub(crate) key: &'a str,
}

/// What the vendor answers.
#[derive(Deserialize)]
pub(crate) struct Accepted {
    pub(crate) id: String,
}
