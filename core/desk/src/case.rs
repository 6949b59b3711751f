//! What happened to a ticket, as an audit tells it: the facts that triggers look at.

use passerelle_model::desk::{GroupId, PersonId, Priority, TicketFormId, TicketStatus, TicketType};
use passerelle_model::metadata::Scalar;
use passerelle_model::rule::{Facts, FieldKeys, Look, Remark, Update, Viewer};
use passerelle_model::time::Timestamp;
use passerelle_store::{Audit, AuditEvent, StoreError, Ticket, TicketField, Tx};

use crate::macros::viewer;
use crate::{Act, rules};

/// One change of a ticket.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) before: Option<Look>,
    pub(crate) after: Look,
    pub(crate) update: Update,
    pub(crate) said: Option<Remark>,
    pub(crate) viewer: Viewer,
    pub(crate) keys: FieldKeys,
}

impl Case {
    /// What an audit tells. The fields that it names are as it says, also when they have changed again since; all others
    /// are as they are now.
    pub(crate) async fn of(tx: &mut Tx<'_>, act: &Act, ticket: &Ticket, audit: &Audit) -> Result<Self, StoreError> {
        let now = tx.look_at(ticket).await?;
        let (mut before, mut after) = (now.clone(), now);
        let mut update = Update::Change;
        for event in &audit.events {
            match event {
                AuditEvent::Create { field_name, value } => {
                    update = Update::Create;
                    set(&mut after, field_name, value.as_deref());
                }
                AuditEvent::Change { field_name, value, previous_value } => {
                    set(&mut after, field_name, value.as_deref());
                    set(&mut before, field_name, previous_value.as_deref());
                }
                _ => {}
            }
        }
        let author = Act { by: audit.author, ..act.clone() };
        Ok(Self {
            before: (update == Update::Change).then_some(before),
            after,
            update,
            said: said(tx, ticket, audit).await?,
            viewer: viewer(tx, &author).await?,
            keys: keys(tx, act).await?,
        })
    }

    pub(crate) fn facts(&self, now: Timestamp) -> Facts<'_> {
        Facts {
            before: self.before.as_ref(),
            after: &self.after,
            update: self.update,
            said: self.said.as_ref(),
            viewer: &self.viewer,
            keys: &self.keys,
            now,
        }
    }
}

/// Under which names the values of the app's fields are kept.
pub(crate) async fn keys(tx: &mut Tx<'_>, act: &Act) -> Result<FieldKeys, StoreError> {
    Ok(tx.items::<TicketField>(act.app).await?.into_iter().map(|field| (field.id, field.key)).collect())
}

/// What was said with it.
async fn said(tx: &mut Tx<'_>, ticket: &Ticket, audit: &Audit) -> Result<Option<Remark>, StoreError> {
    let comment = audit.events.iter().find_map(|event| match event {
        AuditEvent::Comment { comment, public } => Some((*comment, *public)),
        _ => None,
    });
    let Some((id, public)) = comment else { return Ok(None) };
    let Some(comment) = tx.comment(id).await? else { return Ok(None) };
    let text = match (comment.body, comment.message, ticket.conversation) {
        (Some(body), _, _) => body,
        (None, Some(message), Some(conversation)) => {
            let message = tx.message(conversation, message).await?;
            message.map(|message| passerelle_model::render::plain_text(&message.content)).unwrap_or_default()
        }
        _ => String::new(),
    };
    Ok(Some(Remark { text, public }))
}

/// Puts a value back that an audit names.
fn set(look: &mut Look, field: &str, value: Option<&str>) {
    match field {
        "status" => look.status = value.and_then(TicketStatus::of).unwrap_or(look.status),
        "priority" => look.priority = value.and_then(Priority::of),
        "type" => look.kind = value.and_then(TicketType::of),
        "assignee_id" => look.assignee = value.and_then(|id| id.parse().ok()).map(PersonId),
        "group_id" => look.group = value.and_then(|id| id.parse().ok()).map(GroupId),
        "ticket_form_id" => look.form = value.and_then(|id| id.parse().ok()).map(TicketFormId),
        "subject" => look.subject = value.unwrap_or_default().to_owned(),
        "tags" => look.tags = rules::tags(value.unwrap_or_default().split(' ').map(str::to_owned)),
        other => {
            let Some(key) = other.strip_prefix("custom_fields_") else { return };
            match value {
                // What it shows as now is what it is: its type is known only from the ticket.
                Some(value)
                    if look.fields.0.get(key).is_some_and(|now| passerelle_model::rule::shown(now) == value) => {}
                Some(value) => drop(look.fields.0.insert(key.to_owned(), Scalar::from(value))),
                None => drop(look.fields.0.remove(key)),
            }
        }
    }
}
