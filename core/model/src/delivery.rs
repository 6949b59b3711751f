//! What a channel can show, and what became of a message on its way out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a channel can show. Asked once, when its plugin is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The type name of its clients, such as a vendor's name in lower case.
    pub channel_type: String,
    /// Content taken as it is; text is always among it.
    pub native: Vec<ContentKind>,
    /// Buttons taken as they are.
    pub actions: Vec<ActionKind>,
    /// Longest text.
    pub max_text: u32,
    /// What `max_text` counts.
    pub text_unit: TextUnit,
    /// Most buttons below one message.
    pub max_actions: u32,
    /// Most cards or rows in one message.
    pub max_cards: u32,
    /// Largest file in bytes.
    pub max_media_bytes: u64,
    /// Whether the vendor drops a repeated send with the same key.
    pub idempotent_send: bool,
    /// Whether the vendor reports that a message reached its reader.
    pub delivery_receipts: bool,
}

/// The kinds of content.
#[expect(missing_docs, reason = "the names are those of `content::Content`")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    Text,
    Image,
    File,
    Carousel,
    List,
    Form,
    FormResponse,
    Location,
    Template,
}

/// The kinds of buttons.
#[expect(missing_docs, reason = "the names are those of `content::Action`")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    Link,
    Postback,
    Reply,
    Webview,
    Buy,
    LocationRequest,
}

/// What the length of a text counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextUnit {
    /// UTF-16 code units.
    Utf16Units,
    /// Unicode code points.
    CodePoints,
    /// Grapheme clusters.
    Graphemes,
    /// Bytes of UTF-8.
    Utf8Bytes,
}

/// What became of one try to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// The vendor took it and gave it these ids.
    Sent(Vec<String>),
    /// Not taken; try again.
    Retry {
        /// The earliest time, from now.
        after: Option<Duration>,
        /// Why.
        reason: String,
    },
    /// It may or may not have been taken.
    Uncertain(String),
    /// The vendor will never take it.
    Rejected {
        /// What kind of refusal.
        kind: RejectionKind,
        /// Why.
        reason: String,
    },
    /// The vendor refused our credentials.
    Unauthorized(String),
}

/// What kind of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RejectionKind {
    /// The person blocked us or is gone.
    RecipientGone,
    /// The vendor does not take this content.
    Content,
    /// Too long since the person wrote.
    WindowClosed,
    /// Anything else.
    Other,
}

/// Where a delivery stands. The last three are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliveryState {
    /// Waits for its turn or its time.
    Pending,
    /// A try is under way.
    Sending,
    /// The vendor took it.
    Delivered,
    /// It will not arrive.
    Failed,
    /// Nobody knows whether it arrived.
    Uncertain,
}
