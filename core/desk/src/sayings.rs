//! What rules want said to customers.
//!
//! A message belongs to the command door, which the desk does not reach: rules keep what they want said, and whoever owns
//! the door takes it, writes the message and reports, all in one transaction, so that it is said exactly once.

use passerelle_model::id::{ConversationId, MessageId};
use passerelle_store::{AuditEvent, NewComment, Rule, Said, Saying, Tx};

use crate::effect::{line, named};
use crate::{Act, DeskError};

/// Something to say, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSay {
    /// What, and by which rule.
    pub saying: Saying,
    /// Where.
    pub conversation: ConversationId,
}

/// Takes what a rule wants said. None when it was said already, or when its ticket has no conversation any more.
pub async fn take_saying(tx: &mut Tx<'_>, id: i64) -> Result<Option<ToSay>, DeskError> {
    let Some(saying) = tx.take_saying(id).await? else { return Ok(None) };
    let ticket = tx.ticket(saying.app, saying.ticket).await?;
    let conversation = ticket.and_then(|ticket| ticket.conversation);
    Ok(conversation.map(|conversation| ToSay { saying, conversation }))
}

/// The message that says it was written: it is a comment of the ticket from now on.
pub async fn said(tx: &mut Tx<'_>, act: &Act, saying: &Saying, message: MessageId) -> Result<(), DeskError> {
    let comment = NewComment { ticket: saying.ticket, author: None, public: true, said: Said::Message(message) };
    let Some(comment) = tx.insert_comment(&comment, act.now).await? else { return Ok(()) };
    let events = [line(&rule(act, saying), "said to the customer"), AuditEvent::Comment { comment, public: true }];
    Ok(act.record(tx, saying.ticket, &events).await?)
}

/// It cannot be said, for this reason in words.
pub async fn unsaid(tx: &mut Tx<'_>, act: &Act, saying: &Saying, reason: &str) -> Result<(), DeskError> {
    let reason = format!("it could not be said to the customer: {reason}");
    Ok(act.record(tx, saying.ticket, &[line(&rule(act, saying), &reason)]).await?)
}

fn rule(act: &Act, saying: &Saying) -> Rule {
    named(saying.rule, saying.kind, &saying.title, act)
}
