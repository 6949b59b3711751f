//! What the desk's doors show of a ticket: its conversation, what was said beside it, and who is concerned.

use passerelle_model::desk::{GroupId, PersonId, TicketId};
use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, ConversationId, MessageId, UserId};
use passerelle_model::time::Timestamp;

use crate::map::user_sql;
use crate::rows::{Audit, AuditLog, Comment, Delivery, Message, NumberPage, OneTime, Paged, Ticket, User};
use crate::value::{Columns as _, Value, json, values};
use crate::{Store, StoreError, map};

/// Notes and audits of one page of a conversation.
const MAX_BESIDE: u32 = 2000;
/// Persons of one answer to a search.
const MAX_FOUND: u32 = 50;

/// A stretch of time: from the first instant on, before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first instant; none for the beginning of time.
    pub from: Option<Timestamp>,
    /// The first instant that is outside; none for all that follows.
    pub until: Option<Timestamp>,
}

impl Store {
    /// Tickets of a conversation that are not closed, at most one.
    pub async fn living_ticket(&self, app: AppId, conversation: ConversationId) -> Result<Option<Ticket>, StoreError> {
        let sql = "SELECT * FROM tickets WHERE conversation = ? AND app = ? AND status <> 'closed'";
        self.ask(sql, values![conversation, app]).await?.first().map(map::ticket).transpose()
    }

    /// Agents of all apps who are not offline.
    pub async fn available_agents(&self) -> Result<Vec<(AppId, PersonId)>, StoreError> {
        let sql = "SELECT a.app, a.id FROM agents a JOIN availabilities v ON v.agent = a.id \
                   WHERE a.active AND v.status <> 'offline' ORDER BY a.id";
        let rows = self.ask(sql, []).await?;
        rows.iter().map(|row| Ok((row.id("app")?, PersonId(row.integer("id")?)))).collect()
    }

    /// How many tickets the app has.
    pub async fn count_tickets(&self, app: AppId) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS n FROM tickets WHERE app = ?";
        self.ask(sql, values![app]).await?.first().map_or(Ok(0), |row| row.number("n"))
    }

    /// The texts that were said on a ticket and on others of its conversation in this time: notes, and comments that are
    /// no messages. The newest ones, the oldest first.
    pub async fn texts_beside(&self, ticket: &Ticket, time: Stretch) -> Result<Vec<Comment>, StoreError> {
        let sql = "SELECT * FROM (SELECT c.* FROM ticket_comments c JOIN tickets t ON t.id = c.ticket \
                   WHERE (t.id = ? OR t.conversation = ?) AND c.body IS NOT NULL AND c.created_at >= ? \
                   AND c.created_at < ? ORDER BY c.id DESC LIMIT ?) ORDER BY id";
        let (from, until) = bounds(time);
        let values = values![ticket.id, ticket.conversation, from, until, MAX_BESIDE];
        self.ask(sql, values).await?.iter().map(map::comment).collect()
    }

    /// What was done to a ticket and to others of its conversation in this time. The newest ones, the oldest first.
    pub async fn audits_beside(&self, ticket: &Ticket, time: Stretch) -> Result<Vec<Audit>, StoreError> {
        let sql = "SELECT * FROM (SELECT a.* FROM ticket_audits a JOIN tickets t ON t.id = a.ticket \
                   WHERE (t.id = ? OR t.conversation = ?) AND a.created_at >= ? AND a.created_at < ? \
                   ORDER BY a.id DESC LIMIT ?) ORDER BY id";
        let (from, until) = bounds(time);
        let values = values![ticket.id, ticket.conversation, from, until, MAX_BESIDE];
        self.ask(sql, values).await?.iter().map(map::audit).collect()
    }

    /// One audit of a ticket.
    pub async fn audit(
        &self,
        ticket: TicketId,
        id: passerelle_model::desk::AuditId,
    ) -> Result<Option<Audit>, StoreError> {
        let rows = self.ask("SELECT * FROM ticket_audits WHERE id = ? AND ticket = ?", values![id, ticket]).await?;
        rows.first().map(map::audit).transpose()
    }

    /// Which agent wrote each of these messages, where one did.
    pub async fn authors_of(&self, messages: &[Message]) -> Result<Vec<(MessageId, PersonId)>, StoreError> {
        let sql = "SELECT message, author FROM ticket_comments WHERE author IS NOT NULL AND message IN \
                   (SELECT unhex(value) FROM json_each(?))";
        let rows = self.ask(sql, values![named(messages)]).await?;
        rows.iter().map(|row| Ok((row.id("message")?, PersonId(row.integer("author")?)))).collect()
    }

    /// The ways out of these messages, in the order in which they were made.
    pub async fn deliveries_of(&self, messages: &[Message]) -> Result<Vec<Delivery>, StoreError> {
        let sql = "SELECT * FROM deliveries WHERE message IN (SELECT unhex(value) FROM json_each(?)) ORDER BY id";
        self.ask(sql, values![named(messages)]).await?.iter().map(map::delivery).collect()
    }

    /// Which messages of a conversation reached the user, from a place in its log on, and whether they were read.
    pub async fn receipts(
        &self,
        conversation: ConversationId,
        from_seq: u64,
    ) -> Result<Vec<(MessageId, bool)>, StoreError> {
        let sql = "SELECT * FROM events WHERE conversation = ? AND seq >= ? AND kind ->> 'type' = 'deliveredToUser'";
        let events = self.ask(sql, values![conversation, from_seq]).await?;
        let events = events.iter().map(map::event).collect::<Result<Vec<_>, _>>()?;
        let receipt = |kind| match kind {
            EventKind::DeliveredToUser { message, read, .. } => Some((message, read)),
            _ => None,
        };
        Ok(events.into_iter().filter_map(|stored| receipt(stored.event.kind)).collect())
    }

    /// Up to when a user has read a conversation.
    pub async fn read_until(
        &self,
        conversation: ConversationId,
        user: UserId,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT last_read FROM participants WHERE conversation = ? AND user = ?";
        self.ask(sql, values![conversation, user]).await?.first().map_or(Ok(None), |row| row.maybe_time("last_read"))
    }

    /// The groups of every agent of the app.
    pub async fn groups_of_agents(&self, app: AppId) -> Result<Vec<(PersonId, GroupId)>, StoreError> {
        let sql = "SELECT m.agent, m.agent_group FROM group_memberships m JOIN agents a ON a.id = m.agent \
                   WHERE a.app = ? ORDER BY m.id";
        let rows = self.ask(sql, values![app]).await?;
        rows.iter().map(|row| Ok((PersonId(row.integer("agent")?), GroupId(row.integer("agent_group")?)))).collect()
    }

    /// Who follows a ticket.
    pub async fn followers(&self, ticket: TicketId) -> Result<Vec<PersonId>, StoreError> {
        let sql = "SELECT agent FROM ticket_followers WHERE ticket = ? ORDER BY agent";
        self.ask(sql, values![ticket]).await?.iter().map(|row| row.integer("agent").map(PersonId)).collect()
    }

    /// What an agent's one-time codes are made from; none when there are none.
    pub async fn one_time(&self, agent: PersonId) -> Result<Option<OneTime>, StoreError> {
        let sql = "SELECT totp, totp_confirmed, totp_step FROM agents WHERE id = ? AND totp IS NOT NULL";
        self.ask(sql, values![agent]).await?.first().map(map::one_time).transpose()
    }

    /// A page of what was done to the desk itself: by this actor, to things of this kind, or by and to whatever.
    pub async fn audit_logs(
        &self,
        app: AppId,
        actor: Option<PersonId>,
        source_type: Option<&str>,
        when: Stretch,
        page: NumberPage,
    ) -> Result<Paged<AuditLog>, StoreError> {
        let select = "SELECT t.* FROM audit_logs t WHERE t.app = ? AND (? IS NULL OR t.actor = ?) \
                      AND (? IS NULL OR t.source_type = ?) \
                      AND t.created_at >= coalesce(?, t.created_at) AND t.created_at < coalesce(?, t.created_at + 1)";
        let values = values![app, actor, actor, source_type, source_type, when.from, when.until];
        self.numbered_page(select, values, page, map::audit_log).await
    }

    /// Users of the app whose name or address has this text in it, each with its number, where it has one.
    pub async fn users_like(&self, app: AppId, text: &str) -> Result<Vec<User>, StoreError> {
        let pattern = format!("%{}%", text.replace(['%', '_', '\\'], ""));
        let sql = concat!(
            user_sql!(),
            " AND u.app = ? AND (coalesce(u.profile ->> 'givenName', '') || ' ' || coalesce(u.profile ->> 'surname', '') \
             || ' ' || coalesce(u.profile ->> 'displayName', '') || ' ' || coalesce(u.profile ->> 'email', '')) LIKE ? \
             ORDER BY u.id DESC LIMIT ?"
        );
        self.ask(sql, values![app, pattern, MAX_FOUND]).await?.iter().map(map::user).collect()
    }

    /// A page of the end users who have a number at the desk.
    pub async fn customers(&self, app: AppId, page: NumberPage) -> Result<Paged<(PersonId, UserId)>, StoreError> {
        let select = "SELECT t.* FROM people t JOIN users u ON u.id = t.user WHERE t.app = ? AND u.removed_at IS NULL";
        let read = |row: &sqlx::sqlite::SqliteRow| Ok((PersonId(row.integer("id")?), row.id("user")?));
        self.numbered_page(select, values![app], page, read).await
    }
}

fn bounds(time: Stretch) -> (i64, i64) {
    (time.from.map_or(0, Timestamp::as_micros), time.until.map_or(i64::MAX, Timestamp::as_micros))
}

/// The messages' ids as a list that a statement can read.
fn named(messages: &[Message]) -> Value {
    json(&messages.iter().map(|message| message.id.to_string()).collect::<Vec<_>>())
}
