//! What the Bot API sends: the fields that we read, and no others.
//!
//! Ids are signed 64-bit numbers and stay integers. Kinds of updates and messages that we only name are kept as words.

use std::fmt;

use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};

/// One update. Telegram sends exactly one kind in each.
#[derive(Debug)]
pub struct Update {
    /// Grows by one; the same number is the same update.
    pub id: i64,
    /// What happened.
    pub kind: UpdateKind,
}

/// What happened.
#[derive(Debug)]
pub enum UpdateKind {
    /// Somebody wrote.
    Message(Box<Message>),
    /// Somebody wrote to a business account that this bot serves.
    BusinessMessage(Box<Message>),
    /// Somebody changed a message.
    Edited(Box<Message>),
    /// Messages of a business account were deleted.
    Deleted(DeletedMessages),
    /// Somebody pressed an inline button.
    Callback(Box<CallbackQuery>),
    /// The bot was blocked, unblocked, added or removed.
    Membership(Box<MembershipChange>),
    /// A reaction was set or taken away.
    Reaction(Reaction),
    /// Anything else, by its name.
    Other(String),
}

/// A message with whatever it holds.
#[derive(Debug, Default, Deserialize)]
pub struct Message {
    /// Unique within the chat only. Absent in some old messages behind buttons.
    #[serde(default)]
    pub message_id: i64,
    /// Unix seconds; 0 for messages that are no longer accessible.
    #[serde(default)]
    pub date: u64,
    pub edit_date: Option<u64>,
    pub chat: Chat,
    pub from: Option<User>,
    pub sender_chat: Option<Chat>,
    pub message_thread_id: Option<i64>,
    #[serde(default)]
    pub is_topic_message: bool,
    pub direct_messages_topic: Option<Topic>,
    pub business_connection_id: Option<String>,
    pub reply_to_message: Option<MessageRef>,
    pub forward_origin: Option<IgnoredAny>,
    pub media_group_id: Option<String>,
    pub via_bot: Option<User>,
    pub reply_markup: Option<InlineKeyboard>,

    pub text: Option<String>,
    #[serde(default)]
    pub entities: Vec<Entity>,
    pub caption: Option<String>,
    #[serde(default)]
    pub caption_entities: Vec<Entity>,
    #[serde(default)]
    pub photo: Vec<PhotoSize>,
    pub animation: Option<File>,
    pub document: Option<File>,
    pub video: Option<File>,
    pub audio: Option<File>,
    pub voice: Option<File>,
    pub video_note: Option<File>,
    pub sticker: Option<Sticker>,
    pub venue: Option<Venue>,
    pub location: Option<Location>,
    pub contact: Option<Contact>,

    // Kinds that are only named in the log.
    pub poll: Option<IgnoredAny>,
    pub dice: Option<IgnoredAny>,
    pub checklist: Option<IgnoredAny>,
    pub story: Option<IgnoredAny>,
    pub game: Option<IgnoredAny>,
    pub giveaway: Option<IgnoredAny>,
    pub web_app_data: Option<IgnoredAny>,
    pub users_shared: Option<IgnoredAny>,
    pub chat_shared: Option<IgnoredAny>,
    pub new_chat_members: Option<IgnoredAny>,
    pub left_chat_member: Option<IgnoredAny>,
    pub migrate_to_chat_id: Option<i64>,
    pub migrate_from_chat_id: Option<i64>,
    pub pinned_message: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Chat {
    pub id: i64,
    #[serde(rename = "type", default)]
    pub kind: String,
    pub title: Option<String>,
    pub username: Option<String>,
}

impl Chat {
    /// A chat between one person and the bot. The id says so: those of groups and channels are negative.
    pub fn is_private(&self) -> bool {
        self.id > 0
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct User {
    pub id: i64,
    #[serde(default)]
    pub is_bot: bool,
    #[serde(default)]
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language_code: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Topic {
    pub topic_id: i64,
}

#[derive(Debug, Deserialize)]
pub struct MessageRef {
    pub message_id: i64,
}

#[derive(Debug, Deserialize)]
pub struct Entity {
    #[serde(rename = "type")]
    pub kind: String,
    pub url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct PhotoSize {
    pub file_id: String,
    #[serde(default)]
    pub width: u64,
    #[serde(default)]
    pub height: u64,
    pub file_size: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
pub struct File {
    pub file_id: String,
    pub file_name: Option<String>,
    pub mime_type: Option<String>,
    pub file_size: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub struct Sticker {
    pub file_id: String,
    pub emoji: Option<String>,
    #[serde(default)]
    pub is_animated: bool,
    #[serde(default)]
    pub is_video: bool,
    pub file_size: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub struct Location {
    pub latitude: f64,
    pub longitude: f64,
    pub live_period: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub struct Venue {
    pub location: Location,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub address: String,
}

#[derive(Debug, Deserialize)]
pub struct Contact {
    pub phone_number: String,
    #[serde(default)]
    pub first_name: String,
    pub last_name: Option<String>,
    pub user_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct CallbackQuery {
    pub id: String,
    pub from: User,
    pub message: Option<Message>,
    pub data: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct InlineKeyboard {
    #[serde(default)]
    pub inline_keyboard: Vec<Vec<InlineButton>>,
}

#[derive(Debug, Deserialize)]
pub struct InlineButton {
    #[serde(default)]
    pub text: String,
    pub callback_data: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct MembershipChange {
    pub chat: Chat,
    pub from: User,
    #[serde(default)]
    pub date: u64,
    pub new_chat_member: Member,
}

#[derive(Debug, Deserialize)]
pub struct Member {
    pub status: String,
}

#[derive(Debug, Deserialize)]
pub struct DeletedMessages {
    pub business_connection_id: Option<String>,
    pub chat: Chat,
    #[serde(default)]
    pub message_ids: Vec<i64>,
}

#[derive(Debug, Deserialize)]
pub struct Reaction {
    pub chat: Chat,
    pub user: Option<User>,
    #[serde(default)]
    pub date: u64,
}

impl<'de> Deserialize<'de> for Update {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UpdateVisitor)
    }
}

struct UpdateVisitor;

impl<'de> Visitor<'de> for UpdateVisitor {
    type Value = Update;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an update of the Bot API")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Update, A::Error> {
        let (mut id, mut kind) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            if key == "update_id" {
                id = Some(map.next_value()?);
            } else {
                let value = read_kind(&key, &mut map)?;
                // A field beside the kind (the Bot API may grow some) must not hide it.
                if !matches!(kind, Some(ref found) if !matches!(found, UpdateKind::Other(_))) {
                    kind = Some(value);
                }
            }
        }
        let id = id.ok_or_else(|| A::Error::missing_field("update_id"))?;
        Ok(Update { id, kind: kind.unwrap_or_else(|| UpdateKind::Other("empty".to_owned())) })
    }
}

fn read_kind<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<UpdateKind, A::Error> {
    Ok(match key {
        "message" | "guest_message" | "channel_post" => UpdateKind::Message(map.next_value()?),
        "business_message" => UpdateKind::BusinessMessage(map.next_value()?),
        "edited_message" | "edited_channel_post" | "edited_business_message" => UpdateKind::Edited(map.next_value()?),
        "deleted_business_messages" => UpdateKind::Deleted(map.next_value()?),
        "callback_query" => UpdateKind::Callback(map.next_value()?),
        "my_chat_member" => UpdateKind::Membership(map.next_value()?),
        "message_reaction" => UpdateKind::Reaction(map.next_value()?),
        other => {
            map.next_value::<IgnoredAny>()?;
            UpdateKind::Other(other.to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(json: &str) -> String {
        let update: Update = serde_json::from_str(json).expect("an update");
        format!("{:?}", update.kind).split(['(', ' ']).next().unwrap_or_default().to_owned()
    }

    #[test]
    fn names_the_kind_of_an_update() {
        for (json, expected) in [
            (r#"{"update_id":1,"message":{"message_id":1,"chat":{"id":1}}}"#, "Message"),
            (r#"{"message":{"message_id":1,"chat":{"id":1}},"update_id":1}"#, "Message"),
            (r#"{"update_id":1,"message":{"message_id":1,"chat":{"id":1}},"new_field":7}"#, "Message"),
            (r#"{"update_id":1,"new_field":7,"message":{"message_id":1,"chat":{"id":1}}}"#, "Message"),
            (r#"{"update_id":1,"channel_post":{"message_id":1,"chat":{"id":-1}}}"#, "Message"),
            (r#"{"update_id":1,"edited_message":{"message_id":1,"chat":{"id":1}}}"#, "Edited"),
            (r#"{"update_id":1,"poll_answer":{"poll_id":"1"}}"#, "Other"),
            (r#"{"update_id":1}"#, "Other"),
        ] {
            assert_eq!(kind(json), expected, "{json}");
        }
    }

    #[test]
    fn refuses_what_is_no_update() {
        for json in ["[]", "{}", "7", r#"{"update_id":"x"}"#, r#"{"update_id":1,"message":{"chat":7}}"#] {
            assert!(serde_json::from_str::<Update>(json).is_err(), "{json}");
        }
    }
}
