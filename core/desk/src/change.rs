//! What agents do to a ticket.

use std::collections::BTreeMap;

use passerelle_model::desk::{
    CommentId, GroupId, MAX_COMMENTS, MAX_FOLLOWERS, MAX_NOTE, MAX_SUBJECT, OfferState, PersonId, Priority,
    TicketFormId, TicketId, TicketStatus, TicketType,
};
use passerelle_model::event::EventKind;
use passerelle_model::id::{ConversationId, MessageId};
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::switchboard::{Control, TICKET_CLOSED};
use passerelle_model::time::Timestamp;
use passerelle_store::{AuditEvent, NewComment, Offer, Said, StoreError, Ticket, TicketForm, Tx};

use crate::{Act, DeskError, audit, rules};

/// How a ticket changes: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TicketChange {
    /// One line.
    pub subject: Option<String>,
    /// Where it stands.
    pub status: Option<TicketStatus>,
    /// How urgent it is, or that nobody knows.
    pub priority: Option<Option<Priority>>,
    /// What it is about, or that nobody knows.
    pub kind: Option<Option<TicketType>>,
    /// Who works on it, or that nobody does.
    pub assignee: Option<Option<PersonId>>,
    /// Which group works on it, or that none does.
    pub group: Option<Option<GroupId>>,
    /// All of its tags.
    pub tags: Option<Vec<String>>,
    /// Tags that it has, too.
    pub added_tags: Vec<String>,
    /// Tags that it has no more.
    pub removed_tags: Vec<String>,
    /// Which form it shows, or that it shows the app's default one.
    pub form: Option<Option<TicketFormId>>,
    /// Custom fields: `None` unsets one.
    pub fields: BTreeMap<String, Option<Scalar>>,
    /// All who follow it.
    pub followers: Option<Vec<PersonId>>,
}

impl TicketChange {
    /// Puts the changes into a ticket, after looking at each.
    pub(crate) async fn apply(self, tx: &mut Tx<'_>, ticket: &mut Ticket) -> Result<(), DeskError> {
        if let Some(subject) = self.subject {
            if !(1..=MAX_SUBJECT).contains(&subject.chars().count()) {
                return Err(DeskError::invalid("subject", format!("needs 1 to {MAX_SUBJECT} characters")));
            }
            ticket.subject = subject;
        }
        if let Some(Some(group)) = self.group
            && tx.agent_group(ticket.app, group).await?.is_none()
        {
            return Err(DeskError::invalid("group_id", "names no group"));
        }
        if let Some(Some(agent)) = self.assignee
            && tx.agent(ticket.app, agent).await?.is_none()
        {
            return Err(DeskError::invalid("assignee_id", "names no agent"));
        }
        if let Some(Some(form)) = self.form
            && tx.item::<TicketForm>(ticket.app, form).await?.is_none()
        {
            return Err(DeskError::invalid("ticket_form_id", "names no form"));
        }
        ticket.form = self.form.unwrap_or(ticket.form);
        ticket.group = self.group.unwrap_or(ticket.group);
        ticket.priority = self.priority.unwrap_or(ticket.priority);
        ticket.kind = self.kind.unwrap_or(ticket.kind);
        let tags = self.tags.unwrap_or_else(|| ticket.tags.clone()).into_iter().chain(self.added_tags);
        let removed = rules::tags(self.removed_tags);
        ticket.tags = rules::tags(tags).into_iter().filter(|tag| !removed.contains(tag)).collect();
        for (name, value) in self.fields {
            match value {
                Some(value) => ticket.fields.0.insert(name, value),
                None => ticket.fields.0.remove(&name),
            };
        }
        ticket.fields.check().map_err(|error| DeskError::invalid("custom_fields", error.to_string()))?;
        if let Some(assignee) = self.assignee {
            assign(ticket, assignee);
        }
        if let Some(status) = self.status {
            stand(ticket, status)?;
        }
        Ok(())
    }
}

/// Gives a ticket to an agent, or to nobody.
pub(crate) fn assign(ticket: &mut Ticket, agent: Option<PersonId>) {
    ticket.assignee = agent;
    if agent.is_some() {
        ticket.queued_at = None;
        ticket.status = rules::after_agent(ticket.status);
    }
}

/// Moves a ticket to a status.
fn stand(ticket: &mut Ticket, status: TicketStatus) -> Result<(), DeskError> {
    if !rules::may_become(ticket.status, status) {
        let (from, to) = (ticket.status.as_str(), status.as_str());
        return Err(DeskError::invalid("status", format!("cannot go from `{from}` to `{to}`")));
    }
    ticket.status = status;
    if !rules::is_waiting(status) {
        ticket.queued_at = None;
    }
    Ok(())
}

/// Changes a ticket, and writes the audit. An offer that is open ends when the ticket needs
/// nobody any more.
pub async fn change(tx: &mut Tx<'_>, act: &Act, id: TicketId, change: TicketChange) -> Result<(), DeskError> {
    let before = tx.ticket(act.app, id).await?.ok_or(DeskError::NotFound("the ticket"))?;
    if before.status == TicketStatus::Closed && change != TicketChange::default() {
        return Err(DeskError::invalid("status", "closed is final: a closed ticket cannot be changed"));
    }
    let followed = follow(tx, act, &before, change.followers.as_deref()).await?;
    let after = changed(tx, act, &before, change).await?;
    Ok(keep_with(tx, act, &before, after, followed.into_iter().collect()).await?)
}

/// The ticket with the changes in it. One that nobody has any more waits for an agent again.
pub(crate) async fn changed(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &Ticket,
    change: TicketChange,
) -> Result<Ticket, DeskError> {
    let mut after = before.clone();
    let frees = change.assignee == Some(None);
    change.apply(tx, &mut after).await?;
    if frees && after.queued_at.is_none() && after.conversation.is_some() && rules::is_waiting(after.status) {
        after.queued_at = Some(act.now);
    }
    Ok(after)
}

/// These agents follow the ticket from now on, where any are given. The line for the audit, when they are others.
pub(crate) async fn follow(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: &Ticket,
    followers: Option<&[PersonId]>,
) -> Result<Option<AuditEvent>, DeskError> {
    let Some(followers) = followers else { return Ok(None) };
    if followers.len() > MAX_FOLLOWERS {
        return Err(DeskError::invalid("follower_ids", format!("are too many: at most {MAX_FOLLOWERS}")));
    }
    for agent in followers {
        tx.agent(act.app, *agent).await?.ok_or_else(|| DeskError::invalid("follower_ids", "name no agent"))?;
    }
    let before = tx.followers(ticket.id).await?;
    tx.set_followers(ticket.id, followers);
    let after = tx.followers(ticket.id).await?;
    if before == after {
        return Ok(None);
    }
    let (value, previous_value) = (audit::people(&after), audit::people(&before));
    Ok(Some(AuditEvent::Change { field_name: "follower_ids".to_owned(), value, previous_value }))
}

/// Writes a changed ticket down with its audit, and withdraws the offer that has become pointless.
pub(crate) async fn keep(tx: &mut Tx<'_>, act: &Act, before: &Ticket, after: Ticket) -> Result<(), StoreError> {
    keep_with(tx, act, before, after, Vec::new()).await
}

/// As `keep`, with more lines in the same audit, before those of the changes.
pub(crate) async fn keep_with(
    tx: &mut Tx<'_>,
    act: &Act,
    before: &Ticket,
    mut after: Ticket,
    mut events: Vec<AuditEvent>,
) -> Result<(), StoreError> {
    events.extend(audit::changed(before, &after));
    if events.is_empty() && before.queued_at == after.queued_at {
        return Ok(());
    }
    after.updated_at = act.now;
    tx.update_ticket(&after);
    if after.queued_at.is_none() {
        events.extend(withdraw(tx, after.id, "the ticket waits for nobody any more", act.now).await?);
    }
    act.record(tx, after.id, &events).await?;
    match after.conversation {
        Some(conversation) if before.status != after.status && after.status == TicketStatus::Closed => {
            let_go(tx, act, conversation).await
        }
        _ => Ok(()),
    }
}

/// Lets go of a conversation whose ticket was closed, in the same transaction: whoever closed it, a closed ticket never
/// leaves its conversation at the desk. What its customer writes next, the default seat greets.
async fn let_go(tx: &mut Tx<'_>, act: &Act, id: ConversationId) -> Result<(), StoreError> {
    let Some(mut conversation) = tx.conversation(act.app, id).await? else { return Ok(()) };
    let Some(from) = conversation.active else { return Ok(()) };
    if tx.empty_seat(from).await?.is_none() {
        return Ok(());
    }
    let held =
        Control { active: conversation.active, pending: conversation.pending, epoch: conversation.control_epoch };
    let free = held.let_go().control;
    (conversation.active, conversation.pending, conversation.control_epoch) = (free.active, free.pending, free.epoch);
    tx.update_conversation(&conversation);
    let (reason, metadata) = (TICKET_CLOSED.to_owned(), Metadata::default());
    let kind = EventKind::ControlReleased { from: Some(from), epoch: free.epoch, reason, metadata };
    tx.append_event(act.app, id, act.ids.next(act.now), act.now, kind);
    Ok(())
}

/// Ends the open offers of a ticket, for this reason.
pub(crate) async fn withdraw(
    tx: &mut Tx<'_>,
    ticket: TicketId,
    reason: &str,
    now: Timestamp,
) -> Result<Vec<AuditEvent>, StoreError> {
    let open = tx.open_offers_on(ticket).await?;
    let end = |offer: Offer| {
        tx.end_offer(offer.id, OfferState::Withdrawn, now);
        AuditEvent::Offer { agent: offer.agent, state: OfferState::Withdrawn, reason: reason.to_owned() }
    };
    Ok(open.into_iter().map(end).collect())
}

/// Writes a comment of an agent: an internal note, or, where a message says it, a public one.
pub async fn note(tx: &mut Tx<'_>, act: &Act, id: TicketId, said: Said, public: bool) -> Result<(), DeskError> {
    note_via(tx, act, id, said, public, "web").await.map(|_| ())
}

/// The same, and how it came to be: `email`, `voice`. None when the message is a comment already.
pub(crate) async fn note_via(
    tx: &mut Tx<'_>,
    act: &Act,
    id: TicketId,
    said: Said,
    public: bool,
    via: &str,
) -> Result<Option<CommentId>, DeskError> {
    let before = tx.ticket(act.app, id).await?.ok_or(DeskError::NotFound("the ticket"))?;
    if before.status == TicketStatus::Closed {
        return Err(DeskError::invalid("status", "closed is final: nothing can be said on a closed ticket"));
    }
    let (length, least) = match &said {
        Said::Message(_) => (1, 1),
        Said::Text(text) => (text.chars().count(), 1),
        Said::Files { text, files } => (text.chars().count(), usize::from(files.is_empty())),
    };
    if !(least..=MAX_NOTE).contains(&length) {
        return Err(DeskError::invalid("comment", format!("needs 1 to {MAX_NOTE} characters")));
    }
    if tx.count_comments(id).await? >= MAX_COMMENTS {
        return Err(DeskError::invalid("comment", format!("is one too many: a ticket has at most {MAX_COMMENTS}")));
    }
    let comment = NewComment { ticket: id, author: act.by, public, said };
    let Some(comment) = tx.insert_comment(&comment, act.now).await? else { return Ok(None) };
    if via != "web" {
        tx.set_comment_via(comment, via);
    }
    let mut after = before.clone();
    if public {
        after.status = rules::after_agent(after.status);
    }
    after.updated_at = act.now;
    tx.update_ticket(&after);
    let mut events = audit::changed(&before, &after);
    events.push(AuditEvent::Comment { comment, public });
    act.record(tx, id, &events).await?;
    Ok(Some(comment))
}

/// A message of the conversation, which `act` says who wrote, becomes a comment of its ticket; a repeat changes nothing.
pub(crate) async fn heard(tx: &mut Tx<'_>, act: &Act, ticket: &Ticket, message: MessageId) -> Result<(), StoreError> {
    let comment = NewComment { ticket: ticket.id, author: act.by, public: true, said: Said::Message(message) };
    let Some(comment) = tx.insert_comment(&comment, act.now).await? else { return Ok(()) };
    let mut after = ticket.clone();
    if act.by == Some(ticket.requester) {
        after.status = rules::after_customer(ticket.status).unwrap_or(ticket.status);
        if after.status != ticket.status && after.assignee.is_none() {
            after.queued_at = Some(act.now);
        }
    }
    after.updated_at = act.now;
    tx.update_ticket(&after);
    let mut events = audit::changed(ticket, &after);
    events.push(AuditEvent::Comment { comment, public: true });
    act.record(tx, ticket.id, &events).await
}
