//! What a channel can show, and what became of a message on its way out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::content::{MAX_ACTIONS, MAX_CARDS, MAX_MEDIA_BYTES, MAX_TEXT};

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

impl Capabilities {
    /// A channel that shows whatever the model holds: the house's own.
    pub fn everything(channel_type: &str) -> Self {
        Self {
            channel_type: channel_type.to_owned(),
            native: ContentKind::ALL.to_vec(),
            actions: ActionKind::ALL.to_vec(),
            max_text: count(MAX_TEXT),
            text_unit: TextUnit::CodePoints,
            max_actions: count(MAX_ACTIONS),
            max_cards: count(MAX_CARDS),
            max_media_bytes: MAX_MEDIA_BYTES,
            idempotent_send: true,
            delivery_receipts: true,
        }
    }
}

fn count(bound: usize) -> u32 {
    u32::try_from(bound).unwrap_or(u32::MAX)
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

impl ContentKind {
    /// Every one.
    pub const ALL: &[Self] = &[
        Self::Text,
        Self::Image,
        Self::File,
        Self::Carousel,
        Self::List,
        Self::Form,
        Self::FormResponse,
        Self::Location,
        Self::Template,
    ];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::File => "file",
            Self::Carousel => "carousel",
            Self::List => "list",
            Self::Form => "form",
            Self::FormResponse => "formResponse",
            Self::Location => "location",
            Self::Template => "template",
        }
    }
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

impl ActionKind {
    /// Every one.
    pub const ALL: &[Self] =
        &[Self::Link, Self::Postback, Self::Reply, Self::Webview, Self::Buy, Self::LocationRequest];
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

impl TextUnit {
    /// The word of the agents' API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf16Units => "utf16_units",
            Self::CodePoints => "code_points",
            Self::Graphemes => "graphemes",
            Self::Utf8Bytes => "utf8_bytes",
        }
    }
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
