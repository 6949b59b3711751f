//! Rows of letters.

use passerelle_model::desk::{CommentId, TicketId};

use super::Read;
use super::desk::{small, word};
use crate::rows::{Mail, MailIn, MailState};
use crate::value::Columns;

/// Needs the ticket's `app` and the comment's `body`.
pub(crate) fn mail(row: &impl Columns) -> Read<Mail> {
    Ok(Mail {
        id: row.integer("id")?,
        app: row.id("app")?,
        ticket: TicketId(row.integer("ticket")?),
        comment: CommentId(row.integer("comment")?),
        message_id: row.text("message_id")?,
        thread: row.document("thread")?,
        sender_name: row.text("sender_name")?,
        recipient: row.text("recipient")?,
        subject: row.text("subject")?,
        body: row.maybe_text("body")?.unwrap_or_default(),
        state: word(row, "state", MailState::of)?,
        reason: row.maybe_text("reason")?,
        tries: small(row, "tries")?,
        not_before: row.time("not_before")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn mail_in(row: &impl Columns) -> Read<MailIn> {
    Ok(MailIn {
        message_id: row.text("message_id")?,
        ticket: TicketId(row.integer("ticket")?),
        comment: CommentId(row.integer("comment")?),
        sender: row.text("sender")?,
        subject: row.text("subject")?,
        created_at: row.time("created_at")?,
    })
}

/// What [`mail`] reads; a condition follows.
macro_rules! mail_sql {
    () => {
        "SELECT m.*, t.app, c.body FROM mails m JOIN tickets t ON t.id = m.ticket \
         JOIN ticket_comments c ON c.id = m.comment "
    };
}
pub(crate) use mail_sql;
