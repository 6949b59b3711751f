//! A fixture's `input` as the host's own types.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use passerelle_model::bot::{BotConversation, BotEvent, BotEventKind};
use passerelle_model::content::Content;
use passerelle_model::id::{ConversationId, UserId};
use passerelle_model::inbound::Activity;
use passerelle_model::metadata::Metadata;
use passerelle_model::people::Profile;
use passerelle_model::routing::Facts;
use passerelle_model::time::Timestamp;
use passerelle_plugin_host::{Outbound, Target, VerifiedRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Parses an input; one that is left out counts as `{}`.
pub(crate) fn parse<T: DeserializeOwned>(input: &Value) -> Result<T> {
    let input = if input.is_null() { Value::Object(serde_json::Map::new()) } else { input.clone() };
    serde_json::from_value(input).context("the fixture's `input` does not fit the call")
}

/// Content, or a text that stands for a text message.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum ContentInput {
    Text(String),
    Content(Content),
}

impl From<ContentInput> for Content {
    fn from(input: ContentInput) -> Self {
        match input {
            ContentInput::Text(text) => Self::text(text),
            ContentInput::Content(content) => content,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiveInput {
    #[serde(default)]
    body: Value,
    #[serde(default = "post")]
    method: String,
    #[serde(default = "root")]
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

impl ReceiveInput {
    pub(crate) fn into_request(self, received_at: Timestamp) -> VerifiedRequest {
        let body = match self.body {
            Value::Null => Vec::new(),
            Value::String(text) => text.into_bytes(),
            json => json.to_string().into_bytes(),
        };
        let headers = self.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        VerifiedRequest { method: self.method, path_and_query: self.path, headers, body, received_at }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PollInput {
    pub(crate) cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SendInput {
    content: ContentInput,
    #[serde(default = "chat")]
    conversation: String,
    #[serde(default = "person")]
    user: String,
    #[serde(default = "key")]
    key: String,
    in_reply_to: Option<String>,
    #[serde(default = "first")]
    attempt: u32,
}

impl SendInput {
    pub(crate) fn into_outbound(self) -> Outbound {
        Outbound {
            key: self.key,
            target: Target { conversation: self.conversation, user: self.user },
            content: self.content.into(),
            in_reply_to: self.in_reply_to,
            attempt: self.attempt,
        }
    }
}

/// What `send` takes, and the payload beside it.
#[derive(Deserialize)]
pub(crate) struct NativeInput {
    payload: Value,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

impl NativeInput {
    /// The parts of the call.
    pub(crate) fn into_parts(self) -> Result<(Outbound, String)> {
        let send: SendInput = parse(&Value::Object(self.rest.into_iter().collect()))?;
        Ok((send.into_outbound(), self.payload.to_string()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActivityInput {
    pub(crate) activity: Activity,
    #[serde(default = "chat")]
    conversation: String,
    #[serde(default = "person")]
    user: String,
}

impl ActivityInput {
    pub(crate) fn into_target(self) -> Target {
        Target { conversation: self.conversation, user: self.user }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterInput {
    pub(crate) url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocateInput {
    pub(crate) reference: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventInput {
    #[serde(default)]
    pub(crate) conversation: ConversationInput,
    pub(crate) state: Option<Value>,
    event: KindInput,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct ConversationInput {
    profile: Profile,
    channel_type: Option<String>,
    metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
enum KindInput {
    Message(ContentInput),
    Postback { payload: String, text: Option<String> },
    ControlGained(String),
    WakeUp(String),
}

impl ConversationInput {
    pub(crate) fn into_conversation(self) -> BotConversation {
        BotConversation {
            id: ConversationId::from_bytes([0xc0; 12]),
            user: UserId::from_bytes([0xd0; 12]),
            profile: self.profile,
            channel_type: self.channel_type.unwrap_or_else(|| "test".into()),
            metadata: self.metadata,
        }
    }
}

impl EventInput {
    /// The parts of the call: the conversation, a state of the fixture's own, and the event.
    pub(crate) fn into_parts(self, seq: u64, at: Timestamp) -> (BotConversation, Option<Vec<u8>>, BotEvent) {
        let kind = match self.event {
            KindInput::Message(content) => BotEventKind::Message(content.into()),
            KindInput::Postback { payload, text } => BotEventKind::Postback { payload, text },
            KindInput::ControlGained(reason) => BotEventKind::ControlGained(reason),
            KindInput::WakeUp(note) => BotEventKind::WakeUp(note),
        };
        let state = self.state.map(|state| state.to_string().into_bytes());
        (self.conversation.into_conversation(), state, BotEvent { seq, at, kind })
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct FactsInput {
    channel_type: Option<String>,
    locale: Option<String>,
    tags: Vec<String>,
    fields: Metadata,
    last_text: Option<String>,
}

impl FactsInput {
    pub(crate) fn into_facts(self, at: Timestamp) -> Facts {
        Facts {
            conversation: ConversationId::from_bytes([0xc0; 12]),
            channel_type: self.channel_type.unwrap_or_else(|| "test".into()),
            locale: self.locale,
            tags: self.tags,
            fields: self.fields,
            last_text: self.last_text,
            at,
        }
    }
}

fn post() -> String {
    "POST".into()
}

fn root() -> String {
    "/".into()
}

fn chat() -> String {
    "chat".into()
}

fn person() -> String {
    "person".into()
}

fn key() -> String {
    "key".into()
}

fn first() -> u32 {
    1
}
