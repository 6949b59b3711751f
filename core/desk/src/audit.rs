//! What changed on a ticket, as lines of its audit.

use passerelle_model::desk::{PersonId, Priority};
use passerelle_model::metadata::Scalar;
use passerelle_store::{AuditEvent, Ticket};

/// The fields that a ticket had from the beginning.
pub(crate) fn created(ticket: &Ticket) -> Vec<AuditEvent> {
    let fields = fields(ticket).into_iter().filter(|(_, value)| value.is_some());
    fields.map(|(field_name, value)| AuditEvent::Create { field_name, value }).collect()
}

/// The fields that have become others.
pub(crate) fn changed(before: &Ticket, after: &Ticket) -> Vec<AuditEvent> {
    let old = fields(before);
    let value_of = |fields: &[(String, Option<String>)], name: &str| {
        fields.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.clone())
    };
    let mut new = fields(after);
    let gone: Vec<_> = old.iter().filter(|(name, _)| new.iter().all(|(known, _)| known != name)).cloned().collect();
    new.extend(gone.into_iter().map(|(name, _)| (name, None)));
    let change = |(field_name, value): (String, Option<String>)| {
        let previous_value = value_of(&old, &field_name);
        (value != previous_value).then_some(AuditEvent::Change { field_name, value, previous_value })
    };
    new.into_iter().filter_map(change).collect()
}

fn fields(ticket: &Ticket) -> Vec<(String, Option<String>)> {
    let text = |name: &str, value: Option<String>| (name.to_owned(), value);
    let mut fields = vec![
        text("subject", Some(ticket.subject.clone())),
        text("status", Some(ticket.status.as_str().to_owned())),
        text("priority", ticket.priority.map(|priority: Priority| priority.as_str().to_owned())),
        text("type", ticket.kind.map(|kind| kind.as_str().to_owned())),
        text("assignee_id", ticket.assignee.map(|agent| agent.to_string())),
        text("group_id", ticket.group.map(|group| group.to_string())),
        text("ticket_form_id", ticket.form.map(|form| form.to_string())),
        text("queue_id", ticket.queue.map(|queue| queue.to_string())),
        text("tags", Some(ticket.tags.join(" ")).filter(|tags| !tags.is_empty())),
    ];
    fields.extend(ticket.fields.0.iter().map(|(name, value)| (format!("custom_fields_{name}"), Some(shown(value)))));
    fields
}

/// Agents as one line of an audit shows them; none where there are none.
pub(crate) fn people(agents: &[PersonId]) -> Option<String> {
    let shown: Vec<_> = agents.iter().map(ToString::to_string).collect();
    Some(shown.join(" ")).filter(|shown| !shown.is_empty())
}

fn shown(value: &Scalar) -> String {
    match value {
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Text(text) => text.clone(),
    }
}
