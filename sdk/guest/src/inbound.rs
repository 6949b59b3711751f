//! What comes from the vendor: the request that the host verified, and the events an adapter makes of it.

pub use crate::bindings::exports::passerelle::plugin::channel::{
    InboundEvent, InboundKind, InboundMessage, InboundPostback, Receipt, ReceiptStatus, Sender,
    VerifiedRequest as Request,
};
pub use crate::bindings::passerelle::plugin::types::Activity;

use serde::de::DeserializeOwned;

use crate::{Content, Failure, Profile, Scalar};

impl Request {
    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The query after the path, without the `?`; empty when there is none.
    pub fn query(&self) -> &str {
        self.path_and_query.split_once('?').map_or("", |(_, query)| query)
    }
}

impl InboundEvent {
    /// Something that happened in this conversation of the channel, by this person. `id` is unique within the
    /// integration for all time: the host recognises a repeat by it.
    pub fn new(
        id: impl Into<String>,
        conversation: impl Into<String>,
        sender: impl Into<Sender>,
        kind: impl Into<InboundKind>,
    ) -> Self {
        Self {
            id: id.into(),
            occurred_at_ms: None,
            conversation: conversation.into(),
            sender: sender.into(),
            kind: kind.into(),
        }
    }

    /// Says when it happened at the vendor, in milliseconds since 1970.
    #[must_use]
    pub fn at_ms(mut self, occurred_at_ms: u64) -> Self {
        self.occurred_at_ms = Some(occurred_at_ms);
        self
    }
}

impl Sender {
    /// A person of whom only the id is known.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), profile: None }
    }

    /// Adds what the vendor told about the person.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }
}

impl From<&str> for Sender {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<String> for Sender {
    fn from(id: String) -> Self {
        Self::new(id)
    }
}

impl InboundMessage {
    /// A message of a person. `id` is the vendor's, unique within the conversation.
    pub fn new(id: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { id: id.into(), content: content.into(), in_reply_to: None, metadata: Vec::new() }
    }

    /// Names the message that it answers, by the vendor's id.
    #[must_use]
    pub fn in_reply_to(mut self, message: impl Into<String>) -> Self {
        self.in_reply_to = Some(message.into());
        self
    }

    /// Adds a fact worth keeping.
    #[must_use]
    pub fn with_metadata(mut self, name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        self.metadata.push((name.into(), value.into()));
        self
    }
}

impl From<InboundMessage> for InboundKind {
    fn from(message: InboundMessage) -> Self {
        Self::Message(message)
    }
}

impl From<InboundPostback> for InboundKind {
    fn from(postback: InboundPostback) -> Self {
        Self::Postback(postback)
    }
}

impl From<Receipt> for InboundKind {
    fn from(receipt: Receipt) -> Self {
        Self::Receipt(receipt)
    }
}

impl From<Activity> for InboundKind {
    fn from(activity: Activity) -> Self {
        Self::Activity(activity)
    }
}

impl InboundPostback {
    /// A pressed button with this payload.
    pub fn new(payload: impl Into<String>) -> Self {
        Self { payload: payload.into(), text: None, message: None }
    }

    /// Adds the text of the button.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Names the message with the button, by the vendor's id.
    #[must_use]
    pub fn on_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}
