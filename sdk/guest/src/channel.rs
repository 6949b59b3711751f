//! What a channel adapter implements. The abilities beside [`Channel`] are optional: name in `channel!` the ones that
//! the plugin offers, and the host sees exactly those.

use serde::de::DeserializeOwned;

pub use crate::bindings::exports::passerelle::plugin::channel::{
    ActionKind, Capabilities, ContentKind, TextLimit, TextUnit,
};
pub use crate::bindings::exports::passerelle::plugin::media_resolver::Download;
pub use crate::bindings::exports::passerelle::plugin::polling::Polled;

use crate::{Activity, Context, Entry, Failure, InboundEvent, Outbound, Outcome, Request, Target};

/// Translates between a vendor and the host.
pub trait Channel {
    /// The author's own settings type; its shape is the manifest's `[settings]` schema.
    type Settings: DeserializeOwned;

    /// What the channel can show. Asked once, when the plugin is loaded.
    fn capabilities() -> Capabilities;

    /// Turns a verified request into events. A request without anything of interest gives none, not a failure.
    fn receive(cx: &Context<Self::Settings>, request: Request) -> Result<Vec<InboundEvent>, Failure>;

    /// Sends one message whose content already fits [`Channel::capabilities`].
    fn send(cx: &Context<Self::Settings>, outbound: Outbound) -> Outcome;
}

/// Fetches events from vendors that are asked instead of calling us.
pub trait Polling: Channel {
    /// Asks the vendor for what came after the cursor; none for the first time. May wait up to 25 s.
    fn poll(cx: &Context<Self::Settings>, cursor: Option<String>) -> Result<Polled, Failure>;
}

/// Shows passing signs, such as "is typing".
pub trait Activities: Channel {
    /// Shows the sign. Whatever comes back, a sign is never repeated.
    fn send_activity(cx: &Context<Self::Settings>, target: Target, activity: Activity) -> Outcome;
}

/// Sends what the author of a message wrote in the vendor's own format. A channel that does not name this ability gets
/// the content of such a message by [`Channel::send`].
pub trait Native: Channel {
    /// Sends the payload: one JSON object as the author gave it, whose `payload` is the vendor's message. The content of
    /// `outbound` is what the message says to everybody else, and does not fit [`Channel::capabilities`].
    fn send_native(cx: &Context<Self::Settings>, outbound: Outbound, payload: &str) -> Outcome;
}

/// Tells the vendor where to call us.
pub trait WebhookSetup: Channel {
    /// Makes the vendor call this address.
    fn register(cx: &Context<Self::Settings>, url: &str) -> Result<(), Failure>;

    /// Makes the vendor stop calling.
    fn unregister(cx: &Context<Self::Settings>) -> Result<(), Failure>;
}

/// Tells the host how to fetch a file that the vendor has ([`MediaSource::Vendor`](crate::MediaSource)).
pub trait MediaResolver: Channel {
    /// How to fetch the file of this reference.
    fn locate(cx: &Context<Self::Settings>, reference: &str) -> Result<Download, Failure>;
}

/// Checks the installation with the vendor.
pub trait Account: Channel {
    /// Facts about the account, such as its user name. A refused token is [`Failure::unauthorized`].
    fn check(cx: &Context<Self::Settings>) -> Result<Vec<Entry>, Failure>;
}

impl Capabilities {
    /// A channel of this type that shows text and nothing else. Add what it can with the methods below.
    pub fn new(channel_type: impl Into<String>, text_limit: TextLimit) -> Self {
        Self {
            channel_type: channel_type.into(),
            native: vec![ContentKind::Text],
            actions: Vec::new(),
            text_limit,
            max_actions: 0,
            max_cards: 0,
            max_media_bytes: 0,
            idempotent_send: false,
            delivery_receipts: false,
        }
    }

    /// Adds kinds of content that `send` takes as they are.
    #[must_use]
    pub fn native(mut self, kinds: impl IntoIterator<Item = ContentKind>) -> Self {
        for kind in kinds {
            if !self.native.contains(&kind) {
                self.native.push(kind);
            }
        }
        self
    }

    /// Says which buttons `send` takes, and how many fit below one message.
    #[must_use]
    pub fn buttons(mut self, kinds: impl IntoIterator<Item = ActionKind>, max_actions: u32) -> Self {
        self.actions = kinds.into_iter().collect();
        self.max_actions = max_actions;
        self
    }

    /// Says how many cards or rows fit in one message.
    #[must_use]
    pub fn cards(mut self, max_cards: u32) -> Self {
        self.max_cards = max_cards;
        self
    }

    /// Says how large a file may be.
    #[must_use]
    pub fn media_up_to(mut self, max_media_bytes: u64) -> Self {
        self.max_media_bytes = max_media_bytes;
        self
    }

    /// Says that the vendor drops a repeated send with the same `outbound.key`.
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        self.idempotent_send = true;
        self
    }

    /// Says that the vendor reports when a message reached its reader.
    #[must_use]
    pub fn with_receipts(mut self) -> Self {
        self.delivery_receipts = true;
        self
    }
}

impl TextLimit {
    /// So many UTF-16 code units.
    pub fn utf16_units(max: u32) -> Self {
        Self { max, unit: TextUnit::Utf16Units }
    }

    /// So many Unicode code points.
    pub fn code_points(max: u32) -> Self {
        Self { max, unit: TextUnit::CodePoints }
    }

    /// So many graphemes, that is what readers take for one character.
    pub fn graphemes(max: u32) -> Self {
        Self { max, unit: TextUnit::Graphemes }
    }

    /// So many bytes of UTF-8.
    pub fn utf8_bytes(max: u32) -> Self {
        Self { max, unit: TextUnit::Utf8Bytes }
    }
}

impl Polled {
    /// What a poll brought, where to go on, and that the next poll may follow at once.
    pub fn new(events: Vec<InboundEvent>, cursor: impl Into<String>) -> Self {
        Self { events, cursor: cursor.into(), delay_ms: 0 }
    }

    /// Asks the host to wait so long before the next poll.
    #[must_use]
    pub fn delay_ms(mut self, delay_ms: u64) -> Self {
        self.delay_ms = delay_ms;
        self
    }
}

impl Download {
    /// A plain GET of this absolute URL; placeholders as in [`http`](crate::http).
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), headers: Vec::new(), media_type: None, file_name: None }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Passes on what the vendor says of the type.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Passes on what the vendor says of the name.
    #[must_use]
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }
}
