//! An agent writes a letter: a public comment, and a row that waits to be sent, in one transaction.

use passerelle_model::desk::{AuditId, MAX_SUBJECT, TicketId};
use passerelle_store::{NewMail, Said, Tx};

use super::config::Postbox;
use super::letter;
use crate::change::note_via;
use crate::{Act, DeskError};

/// The word of comments that are letters.
pub(crate) const VIA: &str = "email";

/// A letter to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// About which ticket.
    pub ticket: TicketId,
    /// To whom: one address.
    pub to: String,
    /// The ticket's own when absent.
    pub subject: Option<String>,
    /// The words, as plain text.
    pub body: String,
    /// Who writes, for people.
    pub sender_name: String,
}

/// Writes it; it is sent after the commit.
pub async fn write(tx: &mut Tx<'_>, act: &Act, postbox: &Postbox, new: NewLetter) -> Result<AuditId, DeskError> {
    let ticket = tx.ticket(act.app, new.ticket).await?.ok_or(DeskError::NotFound("the ticket"))?;
    let recipient = letter::address(&new.to).ok_or_else(|| DeskError::invalid("to", "is no e-mail address"))?;
    let subject = new.subject.unwrap_or(ticket.subject);
    if !(1..=MAX_SUBJECT).contains(&subject.chars().count()) || subject.contains(char::is_control) {
        return Err(DeskError::invalid("subject", format!("needs 1 to {MAX_SUBJECT} characters on one line")));
    }
    if new.body.trim().is_empty() {
        return Err(DeskError::invalid("body", "is needed"));
    }
    let thread = tx.mail_thread(ticket.id).await?;
    let message_id = letter::name(postbox, ticket.id)
        .map_err(|error| DeskError::Conflict(format!("the system gives no random bytes: {error}")))?;
    let comment = note_via(tx, act, ticket.id, Said::Text(new.body), true, VIA).await?;
    let comment = comment.ok_or_else(|| DeskError::Conflict("the letter was written already".to_owned()))?;
    let subject = letter::subject(&subject, ticket.id);
    let sender_name = new.sender_name;
    let mail = NewMail { ticket: ticket.id, comment, message_id, thread, sender_name, recipient, subject };
    tx.insert_mail(&mail, act.now);
    tx.last_audit(ticket.id).await?.ok_or(DeskError::NotFound("the audit"))
}
