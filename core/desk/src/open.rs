//! How a ticket begins: because control came to the desk, or because an agent wrote one down.

use passerelle_model::desk::{PersonId, Priority, TicketId, TicketStatus, TicketType};
use passerelle_model::id::UserId;
use passerelle_model::metadata::Metadata;
use passerelle_store::{AuditEvent, Conversation, NewComment, Said, StoreError, Ticket, Tx};

use crate::change::assign;
use crate::{Act, DeskError, TicketChange, audit, queues, rules};

/// A ticket that an agent writes down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewTicket {
    /// The customer; the agent when absent.
    pub requester: Option<PersonId>,
    /// What is said first.
    pub body: String,
    /// Whether the customer may see it.
    pub public: bool,
    /// Fields; an absent subject is the first line of what is said.
    pub fields: TicketChange,
}

/// Makes a ticket that no conversation stands behind.
pub async fn create(tx: &mut Tx<'_>, act: &Act, new: NewTicket) -> Result<TicketId, DeskError> {
    let subject = new.fields.subject.clone().unwrap_or_else(|| rules::subject(&new.body));
    let requester = new.requester.or(act.by).ok_or_else(|| DeskError::invalid("requester_id", "is needed"))?;
    let mut ticket = blank(act, requester, act.by.unwrap_or(requester), subject);
    new.fields.apply(tx, &mut ticket).await?;
    ticket.id = tx.insert_ticket(&ticket).await?;
    let mut events = audit::created(&ticket);
    let said = Said::Text(new.body);
    let comment = NewComment { ticket: ticket.id, author: act.by, public: new.public, said };
    if let Some(comment) = tx.insert_comment(&comment, act.now).await? {
        events.push(AuditEvent::Comment { comment, public: new.public });
    }
    act.record(tx, ticket.id, &events).await?;
    Ok(ticket.id)
}

/// Makes a ticket that a letter begins; one that goes on from a closed ticket stays with its group.
pub(crate) async fn by_mail(
    tx: &mut Tx<'_>,
    act: &Act,
    requester: PersonId,
    subject: String,
    closed: Option<&Ticket>,
) -> Result<TicketId, StoreError> {
    let mut ticket = blank(act, requester, act.by.unwrap_or(requester), subject);
    ticket.via = "email".to_owned();
    ticket.queued_at = Some(act.now);
    ticket.follow_up_of = closed.map(|closed| closed.id);
    ticket.group = closed.and_then(|closed| closed.group);
    ticket.id = tx.insert_ticket(&ticket).await?;
    act.record(tx, ticket.id, &audit::created(&ticket)).await?;
    metrics::counter!("passerelle_tickets_total").increment(1);
    Ok(ticket.id)
}

fn blank(act: &Act, requester: PersonId, submitter: PersonId, subject: String) -> Ticket {
    Ticket {
        id: TicketId(0),
        app: act.app,
        subject,
        status: TicketStatus::New,
        priority: None,
        kind: None::<TicketType>,
        requester,
        submitter,
        assignee: None,
        group: None,
        tags: Vec::new(),
        fields: Metadata::default(),
        via: "api".to_owned(),
        form: None,
        queue: None,
        conversation: None,
        follow_up_of: None,
        queued_at: None,
        status_at: act.now,
        assigned_at: None,
        created_at: act.now,
        updated_at: act.now,
    }
}

/// Makes the ticket of a conversation that came to the desk, with what bots captured and the router decided so far. The
/// message that it is about is its first comment, in the same audit: rules see both at once.
pub(crate) async fn from_conversation(
    tx: &mut Tx<'_>,
    act: &Act,
    conversation: &Conversation,
    user: UserId,
    seq: u64,
) -> Result<Ticket, StoreError> {
    let requester = tx.person_of(conversation.app, user).await?;
    let message = tx.message_near(conversation.id, seq).await?;
    let text = match tx.words_near(conversation.id, seq).await?.or(message) {
        Some(id) => {
            tx.message(conversation.id, id).await?.map(|message| passerelle_model::render::plain_text(&message.content))
        }
        None => None,
    };
    let mut ticket = blank(act, requester, requester, rules::subject(&text.unwrap_or_default()));
    ticket.via = conversation.channel_type.clone().unwrap_or_else(|| "messaging".to_owned());
    ticket.conversation = Some(conversation.id);
    ticket.fields = conversation.fields.clone();
    ticket.tags = rules::tags(conversation.tags.iter().cloned());
    ticket.follow_up_of = tx.last_ticket(conversation.id).await?;
    ticket.queued_at = Some(act.now);
    if let Some(routing) = &conversation.routing {
        route(tx, &mut ticket, &routing.priority, routing.group.as_deref(), routing.agent.as_deref()).await?;
    }
    let routed = conversation.routing.as_ref().map(|routing| routing.queue.as_str());
    let queued = queues::put(tx, act, &mut ticket, routed).await?;
    ticket.id = tx.insert_ticket(&ticket).await?;
    let mut events: Vec<AuditEvent> = audit::created(&ticket).into_iter().chain(queued).collect();
    if let Some(message) = message {
        let said = Said::Message(message);
        let comment = NewComment { ticket: ticket.id, author: Some(requester), public: true, said };
        let comment = tx.insert_comment(&comment, act.now).await?;
        events.extend(comment.map(|comment| AuditEvent::Comment { comment, public: true }));
    }
    Act { by: Some(requester), ..act.clone() }.record(tx, ticket.id, &events).await?;
    metrics::counter!("passerelle_tickets_total").increment(1);
    Ok(ticket)
}

/// Takes over what the router decided. A group or an agent that is not there leaves the ticket to everybody.
pub(crate) async fn route(
    tx: &mut Tx<'_>,
    ticket: &mut Ticket,
    priority: &str,
    group: Option<&str>,
    agent: Option<&str>,
) -> Result<(), StoreError> {
    ticket.priority = Priority::of(priority).or(ticket.priority);
    if let Some(name) = group
        && let Some(group) = tx.agent_group_by_name(ticket.app, name).await?
    {
        ticket.group = Some(group.id);
    }
    if let Some(email) = agent
        && let Some(agent) = tx.agent_by_email(ticket.app, email).await?
    {
        assign(ticket, Some(agent.id));
    }
    Ok(())
}
