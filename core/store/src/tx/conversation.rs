//! Conversations, messages and the log: the one place that gives an event its number.

use passerelle_model::content::Content;
use passerelle_model::event::{Event, EventKind, Place};
use passerelle_model::id::{AppId, ConversationId, EventId, MessageId, ParticipantId, UserId};
use passerelle_model::people::Author;
use passerelle_model::time::Timestamp;

use super::{Awaited, Tx};
use crate::map::participant_sql;
use crate::rows::{Conversation, ConversationKind, Message, Participant, StoredEvent};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

impl Tx<'_> {
    /// A conversation of the app.
    pub async fn conversation(
        &mut self,
        app: AppId,
        conversation: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let rows = self
            .ask(
                "SELECT * FROM conversations WHERE id = ? AND app = ? AND removed_at IS NULL",
                values![conversation, app],
            )
            .await?;
        rows.first().map(map::conversation).transpose()
    }

    /// Why control was let go last; none where it never was.
    pub async fn last_release(&mut self, conversation: ConversationId) -> Result<Option<String>, StoreError> {
        // Read backwards: what led to nobody being in control is among the last events.
        let rows = self
            .ask(
                "SELECT kind ->> 'reason' AS reason FROM events WHERE conversation = ? \
                 AND kind ->> 'type' = 'controlReleased' ORDER BY seq DESC LIMIT 1",
                values![conversation],
            )
            .await?;
        rows.first().map(|row| row.text("reason")).transpose()
    }

    /// A user's first personal conversation.
    pub async fn default_conversation(&mut self, user: UserId) -> Result<Option<Conversation>, StoreError> {
        let rows = self
            .ask("SELECT * FROM conversations WHERE user = ? AND is_default = 1 AND removed_at IS NULL", values![user])
            .await?;
        rows.first().map(map::conversation).transpose()
    }

    /// Adds a conversation. A second default one of a user is a duplicate.
    pub fn insert_conversation(&mut self, conversation: &Conversation) {
        let kind = match conversation.kind {
            ConversationKind::Personal => "personal",
            ConversationKind::SdkGroup => "sdkGroup",
        };
        self.put(
            "INSERT INTO conversations (id, app, kind, user, is_default, display_name, description, icon_url, metadata, \
             active, pending, control_epoch, last_seq, channel_type, tags, fields, last_updated_at, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)",
            values![
                conversation.id,
                conversation.app,
                kind,
                conversation.user,
                conversation.is_default,
                conversation.display_name.as_deref(),
                conversation.description.as_deref(),
                conversation.icon_url.as_deref(),
                json(&conversation.metadata),
                conversation.active,
                conversation.pending,
                conversation.control_epoch,
                conversation.channel_type.as_deref(),
                json(&conversation.tags),
                json(&conversation.fields),
                conversation.last_updated_at,
                conversation.created_at,
            ],
        );
    }

    /// Changes everything of a conversation but its number, its members and its kind.
    pub fn update_conversation(&mut self, conversation: &Conversation) {
        self.put(
            "UPDATE conversations SET display_name = ?, description = ?, icon_url = ?, metadata = ?, active = ?, \
             pending = ?, control_epoch = ?, channel_type = ?, tags = ?, fields = ?, routing = ?, \
             business_last_read = ? WHERE id = ?",
            values![
                conversation.display_name.as_deref(),
                conversation.description.as_deref(),
                conversation.icon_url.as_deref(),
                json(&conversation.metadata),
                conversation.active,
                conversation.pending,
                conversation.control_epoch,
                conversation.channel_type.as_deref(),
                json(&conversation.tags),
                json(&conversation.fields),
                conversation.routing.as_ref().map(json),
                conversation.business_last_read,
                conversation.id,
            ],
        );
    }

    /// Adds a member.
    pub fn insert_participant(&mut self, id: ParticipantId, conversation: ConversationId, user: UserId) {
        self.put(
            "INSERT INTO participants (id, conversation, user, unread_count) VALUES (?, ?, ?, 0) \
             ON CONFLICT (conversation, user) DO NOTHING",
            values![id, conversation, user],
        );
    }

    /// Whether the user is a member.
    pub async fn is_participant(&mut self, conversation: ConversationId, user: UserId) -> Result<bool, StoreError> {
        let rows = self
            .ask("SELECT 1 FROM participants WHERE conversation = ? AND user = ?", values![conversation, user])
            .await?;
        Ok(!rows.is_empty())
    }

    /// How many members the conversation has.
    pub async fn count_participants(&mut self, conversation: ConversationId) -> Result<u64, StoreError> {
        let rows = self
            .ask("SELECT count(*) AS count FROM participants WHERE conversation = ?", values![conversation])
            .await?;
        rows.first().map_or(Ok(0), |row| row.number("count"))
    }

    /// A membership of the conversation.
    pub async fn participant(
        &mut self,
        conversation: ConversationId,
        id: ParticipantId,
    ) -> Result<Option<Participant>, StoreError> {
        let sql = concat!(participant_sql!(), " WHERE p.conversation = ? AND p.id = ?");
        let rows = self.ask(sql, values![conversation, id]).await?;
        rows.first().map(map::participant).transpose()
    }

    /// A user's membership of the conversation.
    pub async fn participant_of(
        &mut self,
        conversation: ConversationId,
        user: UserId,
    ) -> Result<Option<Participant>, StoreError> {
        let sql = concat!(participant_sql!(), " WHERE p.conversation = ? AND p.user = ?");
        let rows = self.ask(sql, values![conversation, user]).await?;
        rows.first().map(map::participant).transpose()
    }

    /// Ends a membership.
    pub fn delete_participant(&mut self, conversation: ConversationId, id: ParticipantId) {
        self.put("DELETE FROM participants WHERE conversation = ? AND id = ?", values![conversation, id]);
    }

    /// The user has read everything.
    pub fn mark_read(&mut self, conversation: ConversationId, user: UserId, at: Timestamp) {
        self.put(
            "UPDATE participants SET unread_count = 0, last_read = ? WHERE conversation = ? AND user = ?",
            values![at, conversation, user],
        );
    }

    /// Appends an event under the conversation's next number.
    pub fn append_event(
        &mut self,
        app: AppId,
        conversation: ConversationId,
        id: EventId,
        at: Timestamp,
        kind: EventKind,
    ) {
        self.put("UPDATE conversations SET last_seq = last_seq + 1 WHERE id = ?", values![conversation]);
        self.insert_event(app, conversation, id, at, kind);
    }

    /// Adds an event under the number that the conversation has reached.
    fn insert_event(&mut self, app: AppId, conversation: ConversationId, id: EventId, at: Timestamp, kind: EventKind) {
        let values = values![id, at, json(&kind), conversation, app];
        let place = Place { conversation, seq: 0, active: None, pending: None };
        let event = Event { id, place: Some(place), at, kind };
        self.put_awaited(
            "INSERT INTO events (id, app, conversation, seq, at, kind, active, pending) \
             SELECT ?, app, id, last_seq, ?, ?, active, pending FROM conversations WHERE id = ? AND app = ? \
             RETURNING cursor, seq, active, pending",
            values,
            Awaited::Event(Box::new(StoredEvent { cursor: 0, app, event })),
        );
    }

    /// Appends what happened to the app's users and clients, or to a conversation that is gone with this job.
    pub fn append_app_event(&mut self, app: AppId, id: EventId, at: Timestamp, kind: EventKind) {
        let values = values![id, app, at, json(&kind)];
        let event = Event { id, place: None, at, kind };
        self.put_awaited(
            "INSERT INTO events (id, app, at, kind) VALUES (?, ?, ?, ?) RETURNING cursor, seq, active, pending",
            values,
            Awaited::Event(Box::new(StoredEvent { cursor: 0, app, event })),
        );
    }

    /// Appends a message with its event. `message.seq` is given by the database and ignored here.
    pub fn append_message(&mut self, app: AppId, event: EventId, message: &Message) {
        let kind = EventKind::MessageAdded { message: message.id };
        self.put(
            "UPDATE conversations SET last_seq = last_seq + 1, last_updated_at = ? WHERE id = ?",
            values![message.received_at, message.conversation],
        );
        self.insert_event(app, message.conversation, event, message.received_at, kind);
        self.put(
            "INSERT INTO messages (id, conversation, seq, author, content, source_kind, source_integration, \
             source_client, source_original_id, source_original_at, metadata, in_reply_to, extras, received_at) \
             VALUES (?, ?, (SELECT last_seq FROM conversations WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                message.id,
                message.conversation,
                message.conversation,
                json(&message.author),
                json(&message.content),
                message.source.kind.as_str(),
                message.source.integration,
                message.source.client,
                message.source.original_id.as_deref(),
                message.source.original_at,
                json(&message.metadata),
                message.in_reply_to,
                (!message.extras.is_empty()).then(|| json(&message.extras)),
                message.received_at,
            ],
        );
        self.use_media(app, message.id, &message.content);
        if matches!(message.author, Author::Business { .. }) {
            self.put(
                "UPDATE participants SET unread_count = unread_count + 1 WHERE conversation = ?",
                values![message.conversation],
            );
        }
    }

    /// A message of the conversation.
    pub async fn message(
        &mut self,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Option<Message>, StoreError> {
        let rows = self
            .ask("SELECT * FROM messages WHERE id = ? AND conversation = ?", values![message, conversation])
            .await?;
        rows.first().map(map::message).transpose()
    }

    /// How many messages the conversation holds, counted up to `limit`.
    pub async fn count_messages(&mut self, conversation: ConversationId, limit: u64) -> Result<u64, StoreError> {
        let rows = self
            .ask(
                "SELECT count(*) AS count FROM (SELECT 1 FROM messages WHERE conversation = ? LIMIT ?)",
                values![conversation, limit],
            )
            .await?;
        rows.first().map_or(Ok(0), |row| row.number("count"))
    }

    /// Gives a message new content.
    pub fn edit_message(&mut self, app: AppId, message: MessageId, content: &Content, at: Timestamp) {
        self.use_media(app, message, content);
        self.put(
            "UPDATE messages SET content = ?, edited_at = ? WHERE id = ? AND deleted_at IS NULL",
            values![json(content), at, message],
        );
    }

    /// Takes a message back: a placeholder without content stays.
    pub fn delete_message(&mut self, message: MessageId, at: Timestamp) {
        self.put(
            "UPDATE messages SET content = ?, metadata = '{}', extras = NULL, deleted_at = ? WHERE id = ?",
            values![json(&Content::text("")), at, message],
        );
    }

    /// Removes every message of a conversation; its log stays.
    pub fn delete_all_messages(&mut self, conversation: ConversationId) {
        self.put(
            "DELETE FROM deliveries WHERE state > 1 AND message IN (SELECT id FROM messages WHERE conversation = ?)",
            values![conversation],
        );
        self.put("DELETE FROM messages WHERE conversation = ?", values![conversation]);
        self.put("DELETE FROM message_names WHERE conversation = ?", values![conversation]);
    }
}
