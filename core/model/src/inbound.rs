//! What an adapter made of a vendor's request, after the host has checked every bound.

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::metadata::Metadata;
use crate::people::Profile;
use crate::time::Timestamp;

/// Bytes in an external id.
pub const MAX_EXTERNAL_ID_BYTES: usize = 512;
/// Events that one request or poll may bring.
pub const MAX_EVENTS: usize = 100;

/// One event of a channel. External ids are opaque to everybody but the adapter.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundEvent {
    /// Unique within the integration: a repeat is recognised by it.
    pub id: String,
    /// When it happened at the vendor.
    pub occurred_at: Option<Timestamp>,
    /// Which conversation of the channel.
    pub conversation: String,
    /// Who did it: the id on the channel.
    pub sender: String,
    /// What the vendor told about the person.
    pub profile: Option<Profile>,
    /// What happened.
    pub kind: InboundKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum InboundKind {
    /// The person wrote.
    Message(InboundMessage),
    /// The person changed an earlier message.
    Edited(InboundMessage),
    /// The person took an earlier message back, by the vendor's id.
    Deleted(String),
    /// The person pressed a postback button.
    Postback {
        /// The payload of the button.
        payload: String,
        /// The text of the button.
        text: Option<String>,
        /// The message with the button, by the vendor's id.
        message: Option<String>,
    },
    /// The person types or reads.
    Activity(Activity),
    /// What became of a message of ours, by the vendor's id.
    Receipt {
        /// The vendor's id of the message.
        message: String,
        /// What became of it.
        status: ReceiptStatus,
    },
    /// The person can be reached again, or no longer.
    Reachable(bool),
    /// Anything else, named.
    Other(String),
}

/// A message of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundMessage {
    /// The vendor's id within the conversation.
    pub id: String,
    /// What it says.
    pub content: Content,
    /// The message that it answers, by the vendor's id.
    pub in_reply_to: Option<String>,
    /// Facts worth keeping.
    pub metadata: Metadata,
}

/// A passing sign that is not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Activity {
    /// Somebody writes.
    TypingStart,
    /// Somebody stopped writing.
    TypingStop,
    /// Somebody read everything so far.
    Read,
}

/// What became of a message of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReceiptStatus {
    /// It reached the device.
    Delivered,
    /// It was read.
    Read,
    /// It will not arrive.
    Failed(String),
}
