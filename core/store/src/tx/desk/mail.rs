//! Letters between agents and customers.

use passerelle_model::desk::{AuditId, CommentId, PersonId, TicketId};
use passerelle_model::id::{AppId, UserId};
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::map::mail_sql;
use crate::rows::{CallFacts, Mail, MailIn, MailState, NewMail};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

/// Letters of a ticket that a further one names.
const MAX_THREAD: u32 = 10;

impl Tx<'_> {
    /// Says how a comment came to be.
    pub fn set_comment_via(&mut self, comment: CommentId, via: &str) {
        self.put("UPDATE ticket_comments SET via = ? WHERE id = ?", values![via, comment]);
    }

    /// Says which call a comment is about.
    pub fn set_comment_call(&mut self, comment: CommentId, call: &CallFacts) {
        let sql = "UPDATE ticket_comments SET via = 'voice', call = ? WHERE id = ?";
        self.put(sql, values![json(call), comment]);
    }

    /// The newest audit of a ticket.
    pub async fn last_audit(&mut self, ticket: TicketId) -> Result<Option<AuditId>, StoreError> {
        let rows = self.ask("SELECT max(id) AS id FROM ticket_audits WHERE ticket = ?", values![ticket]).await?;
        Ok(rows.first().map_or(Ok(None), |row| row.maybe_integer("id"))?.map(AuditId))
    }

    /// Puts a letter where it waits to be sent, from now on.
    pub fn insert_mail(&mut self, new: &NewMail, now: Timestamp) {
        self.put(
            "INSERT INTO mails (ticket, comment, message_id, thread, sender_name, recipient, subject, state, tries, \
             not_before, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?)",
            values![
                new.ticket,
                new.comment,
                new.message_id.as_str(),
                json(&new.thread),
                new.sender_name.as_str(),
                new.recipient.as_str(),
                new.subject.as_str(),
                now,
                now,
            ],
        );
    }

    /// The names of a ticket's letters, in and out, the oldest first; at most the last ten.
    pub async fn mail_thread(&mut self, ticket: TicketId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT message_id FROM (SELECT message_id, created_at FROM mails WHERE ticket = ? UNION ALL \
                   SELECT message_id, created_at FROM mails_in WHERE ticket = ?) ORDER BY created_at DESC LIMIT ?";
        let rows = self.ask(sql, values![ticket, ticket, MAX_THREAD]).await?;
        rows.iter().rev().map(|row| row.text("message_id")).collect()
    }

    /// Takes a letter that waits under way: the next one to send it asks for it in vain. False when it does not wait.
    pub async fn claim_mail(&mut self, id: i64) -> Result<bool, StoreError> {
        let sql =
            "UPDATE mails SET state = 'sending', tries = tries + 1 WHERE id = ? AND state = 'pending' RETURNING id";
        Ok(!self.ask(sql, values![id]).await?.is_empty())
    }

    /// Writes down what became of a letter.
    pub fn settle_mail(&mut self, id: i64, state: MailState, reason: Option<&str>, not_before: Timestamp) {
        self.put(
            "UPDATE mails SET state = ?, reason = ?, not_before = ? WHERE id = ?",
            values![state.as_str(), reason, not_before, id],
        );
    }

    /// A letter that could not even be tried waits further.
    pub fn put_off_mail(&mut self, id: i64, reason: &str, not_before: Timestamp) {
        self.put(
            "UPDATE mails SET tries = tries + 1, reason = ?, not_before = ? WHERE id = ? AND state = 'pending'",
            values![reason, not_before, id],
        );
    }

    /// Letters that the last process was handing over when it ended.
    pub async fn stranded_mails(&mut self) -> Result<Vec<Mail>, StoreError> {
        let rows = self.ask(concat!(mail_sql!(), "WHERE m.state = 'sending' ORDER BY m.id"), []).await?;
        rows.iter().map(map::mail).collect()
    }

    /// The letter of ours with this name.
    pub async fn mail_named(&mut self, message_id: &str) -> Result<Option<Mail>, StoreError> {
        let rows = self.ask(concat!(mail_sql!(), "WHERE m.message_id = ?"), values![message_id]).await?;
        rows.first().map(map::mail).transpose()
    }

    /// Whether a letter about the ticket went to this address.
    pub async fn was_mailed(&mut self, ticket: TicketId, address: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 AS one FROM mails WHERE ticket = ? AND lower(recipient) = lower(?) LIMIT 1";
        Ok(!self.ask(sql, values![ticket, address]).await?.is_empty())
    }

    /// The letter that came in with this name.
    pub async fn mail_in(&mut self, message_id: &str) -> Result<Option<MailIn>, StoreError> {
        let rows = self.ask("SELECT * FROM mails_in WHERE message_id = ?", values![message_id]).await?;
        rows.first().map(map::mail_in).transpose()
    }

    /// Notes that a letter came in.
    pub fn insert_mail_in(&mut self, mail: &MailIn) {
        self.put(
            "INSERT INTO mails_in (message_id, ticket, comment, sender, subject, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            values![
                mail.message_id.as_str(),
                mail.ticket,
                mail.comment,
                mail.sender.as_str(),
                mail.subject.as_str(),
                mail.created_at,
            ],
        );
    }

    /// Whose ticket it is.
    pub async fn app_of_ticket(&mut self, ticket: TicketId) -> Result<Option<AppId>, StoreError> {
        let rows = self.ask("SELECT app FROM tickets WHERE id = ?", values![ticket]).await?;
        rows.first().map(|row| row.id("app")).transpose()
    }

    /// The end user behind a person of the desk; none for agents, and for those who are gone.
    pub async fn user_of_person(&mut self, person: PersonId) -> Result<Option<UserId>, StoreError> {
        let sql = "SELECT p.user FROM people p JOIN users u ON u.id = p.user WHERE p.id = ? AND u.removed_at IS NULL";
        self.ask(sql, values![person]).await?.first().map(|row| row.id("user")).transpose()
    }

    /// Users of the app who are known under this address, by the business or by a channel, the first one first; at most
    /// 100.
    pub async fn users_by_email(&mut self, app: AppId, email: &str) -> Result<Vec<UserId>, StoreError> {
        let sql = "SELECT u.id FROM users u WHERE u.removed_at IS NULL AND u.app = ? AND u.id IN (SELECT id FROM users \
                   WHERE app = ? AND lower(profile ->> 'email') = lower(?) AND profile ->> 'email' IS NOT NULL UNION \
                   SELECT user FROM clients WHERE lower(profile ->> 'email') = lower(?) \
                   AND profile ->> 'email' IS NOT NULL) ORDER BY u.id LIMIT 100";
        self.ask(sql, values![app, app, email, email]).await?.iter().map(|row| row.id("id")).collect()
    }
}
