//! Tickets, what is said on them, and what was done to them.

use passerelle_model::desk::{AuditId, CommentId, PersonId, TicketId};
use passerelle_model::id::{AppId, ConversationId, MessageId, SwitchboardIntegrationId};
use passerelle_model::rule::fold;
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::rows::{Audit, AuditEvent, Comment, NewComment, Said, Ticket};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

impl Tx<'_> {
    /// Makes a ticket; its number is given now.
    pub async fn insert_ticket(&mut self, ticket: &Ticket) -> Result<TicketId, StoreError> {
        let sql = "INSERT INTO tickets (app, subject, status, priority, kind, requester, submitter, assignee, \
                   agent_group, tags, fields, via, form, queue, conversation, follow_up_of, queued_at, created_at, \
                   updated_at, status_at, assigned_at, words) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
        let values = values![
            ticket.app,
            ticket.subject.as_str(),
            ticket.status.as_str(),
            ticket.priority.map(|priority| priority.as_str()),
            ticket.kind.map(|kind| kind.as_str()),
            ticket.requester,
            ticket.submitter,
            ticket.assignee,
            ticket.group,
            json(&ticket.tags),
            json(&ticket.fields),
            ticket.via.as_str(),
            ticket.form,
            ticket.queue,
            ticket.conversation,
            ticket.follow_up_of,
            ticket.queued_at,
            ticket.created_at,
            ticket.updated_at,
            ticket.created_at,
            ticket.assignee.map(|_| ticket.created_at),
            fold(&ticket.subject),
        ];
        self.numbered(sql, values).await.map(TicketId)
    }

    /// Writes down a ticket's changed fields, and since when its status and its assignee are what they are. Whose it is,
    /// where it came from and when it was made stay.
    pub fn update_ticket(&mut self, ticket: &Ticket) {
        self.put(
            "UPDATE tickets SET status_at = CASE WHEN status = ?2 THEN status_at ELSE ?12 END, \
             assigned_at = CASE WHEN assignee IS ?5 THEN assigned_at WHEN ?5 IS NULL THEN NULL ELSE ?12 END, \
             subject = ?1, status = ?2, priority = ?3, kind = ?4, assignee = ?5, agent_group = ?6, tags = ?7, fields = ?8, \
             form = ?9, queue = ?10, queued_at = ?11, updated_at = ?12, words = ?14 WHERE id = ?13",
            values![
                ticket.subject.as_str(),
                ticket.status.as_str(),
                ticket.priority.map(|priority| priority.as_str()),
                ticket.kind.map(|kind| kind.as_str()),
                ticket.assignee,
                ticket.group,
                json(&ticket.tags),
                json(&ticket.fields),
                ticket.form,
                ticket.queue,
                ticket.queued_at,
                ticket.updated_at,
                ticket.id,
                fold(&ticket.subject),
            ],
        );
    }

    /// A ticket of the app.
    pub async fn ticket(&mut self, app: AppId, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        let rows = self.ask("SELECT * FROM tickets WHERE id = ? AND app = ?", values![id, app]).await?;
        rows.first().map(map::ticket).transpose()
    }

    /// Removes a ticket with everything that was said and done on it. False when there is none.
    pub async fn delete_ticket(&mut self, app: AppId, id: TicketId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM tickets WHERE id = ? AND app = ? RETURNING id";
        Ok(!self.ask(sql, values![id, app]).await?.is_empty())
    }

    /// Tickets of an agent that somebody has to work on.
    pub async fn tickets_of_agent(&mut self, agent: PersonId) -> Result<Vec<Ticket>, StoreError> {
        let sql = "SELECT * FROM tickets WHERE assignee = ? AND status <> 'closed' ORDER BY id";
        self.ask(sql, values![agent]).await?.iter().map(map::ticket).collect()
    }

    /// Who follows a ticket.
    pub async fn followers(&mut self, ticket: TicketId) -> Result<Vec<PersonId>, StoreError> {
        let sql = "SELECT agent FROM ticket_followers WHERE ticket = ? ORDER BY agent";
        self.ask(sql, values![ticket]).await?.iter().map(|row| row.integer("agent").map(PersonId)).collect()
    }

    /// These follow the ticket from now on, and nobody else.
    pub fn set_followers(&mut self, ticket: TicketId, agents: &[PersonId]) {
        self.put("DELETE FROM ticket_followers WHERE ticket = ?", values![ticket]);
        for agent in agents {
            self.put(
                "INSERT INTO ticket_followers (ticket, agent) VALUES (?, ?) ON CONFLICT DO NOTHING",
                values![ticket, *agent],
            );
        }
    }

    /// The ticket of a conversation that is not closed.
    pub async fn living_ticket(&mut self, conversation: ConversationId) -> Result<Option<Ticket>, StoreError> {
        let sql = "SELECT * FROM tickets WHERE conversation = ? AND status <> 'closed'";
        self.ask(sql, values![conversation]).await?.first().map(map::ticket).transpose()
    }

    /// The newest closed ticket of a conversation.
    pub async fn last_ticket(&mut self, conversation: ConversationId) -> Result<Option<TicketId>, StoreError> {
        let sql = "SELECT max(id) AS id FROM tickets WHERE conversation = ? AND status = 'closed'";
        let rows = self.ask(sql, values![conversation]).await?;
        Ok(rows.first().map_or(Ok(None), |row| row.maybe_integer("id"))?.map(TicketId))
    }

    /// The type word of a seat where no integration of ours sits.
    pub async fn empty_seat(&mut self, seat: SwitchboardIntegrationId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT integration_type FROM seats WHERE id = ? AND integration IS NULL";
        self.ask(sql, values![seat]).await?.first().map(|row| row.text("integration_type")).transpose()
    }

    /// The last message that the user wrote at this place of the conversation's log or before it, and failing that the
    /// first one after it.
    pub async fn message_near(
        &mut self,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Option<MessageId>, StoreError> {
        let sql = "SELECT id FROM messages WHERE conversation = ? AND author ->> 'type' = 'user' \
                   AND deleted_at IS NULL ORDER BY seq > ?, abs(seq - ?) LIMIT 1";
        let rows = self.ask(sql, values![conversation, seq, seq]).await?;
        rows.first().map(|row| row.id("id")).transpose()
    }

    /// The last message that the user put into words of their own near this place of the conversation's log: pressing a
    /// button says little about why somebody writes.
    pub async fn words_near(
        &mut self,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Option<MessageId>, StoreError> {
        let sql = "SELECT id FROM messages WHERE conversation = ? AND author ->> 'type' = 'user' \
                   AND deleted_at IS NULL AND seq BETWEEN ? - 40 AND ? AND content ->> 'type' = 'text' \
                   AND content ->> 'payload' IS NULL ORDER BY seq DESC LIMIT 1";
        let rows = self.ask(sql, values![conversation, seq, seq]).await?;
        rows.first().map(|row| row.id("id")).transpose()
    }

    /// Writes a comment. None when the message is a comment already.
    pub async fn insert_comment(&mut self, new: &NewComment, now: Timestamp) -> Result<Option<CommentId>, StoreError> {
        let (message, body) = match &new.said {
            Said::Message(message) => (Some(*message), None),
            Said::Text(text) => (None, Some(text.as_str())),
        };
        let sql = "INSERT INTO ticket_comments (ticket, author, public, message, body, created_at) \
                   VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (message) DO NOTHING RETURNING id";
        let rows = self.ask(sql, values![new.ticket, new.author, new.public, message, body, now]).await?;
        rows.first().map(|row| row.integer("id").map(CommentId)).transpose()
    }

    /// A comment.
    pub async fn comment(&mut self, id: CommentId) -> Result<Option<Comment>, StoreError> {
        let rows = self.ask("SELECT * FROM ticket_comments WHERE id = ?", values![id]).await?;
        rows.first().map(map::comment).transpose()
    }

    /// One audit of a ticket.
    pub async fn audit(&mut self, ticket: TicketId, id: AuditId) -> Result<Option<Audit>, StoreError> {
        let rows = self.ask("SELECT * FROM ticket_audits WHERE id = ? AND ticket = ?", values![id, ticket]).await?;
        rows.first().map(map::audit).transpose()
    }

    /// The last audits of a ticket, the newest first.
    pub async fn last_audits(&mut self, ticket: TicketId, limit: u32) -> Result<Vec<Audit>, StoreError> {
        let sql = "SELECT * FROM ticket_audits WHERE ticket = ? ORDER BY id DESC LIMIT ?";
        self.ask(sql, values![ticket, limit]).await?.iter().map(map::audit).collect()
    }

    /// How many comments a ticket has.
    pub async fn count_comments(&mut self, ticket: TicketId) -> Result<u64, StoreError> {
        let rows = self.ask("SELECT count(*) AS n FROM ticket_comments WHERE ticket = ?", values![ticket]).await?;
        rows.first().map_or(Ok(0), |row| row.number("n"))
    }

    /// Writes down what was done to a ticket.
    pub async fn insert_audit(
        &mut self,
        ticket: TicketId,
        author: Option<PersonId>,
        events: &[AuditEvent],
        at: Timestamp,
    ) -> Result<AuditId, StoreError> {
        let sql = "INSERT INTO ticket_audits (ticket, author, events, created_at) VALUES (?, ?, ?, ?) RETURNING id";
        self.numbered(sql, values![ticket, author, json(events), at]).await.map(AuditId)
    }

    /// What was done to a ticket, the first thing first.
    pub async fn audits_of(&mut self, ticket: TicketId) -> Result<Vec<Audit>, StoreError> {
        let rows = self.ask("SELECT * FROM ticket_audits WHERE ticket = ? ORDER BY id", values![ticket]).await?;
        rows.iter().map(map::audit).collect()
    }
}
