//! Tickets as agents are shown them, with who is in control of their conversations.

use std::collections::BTreeSet;

use passerelle_model::desk::PersonId;
use passerelle_model::id::AppId;
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_store::{Conversation, FieldKind, StoreError, Ticket, TicketField};
use serde_json::{Value, json};

use super::problem::Problem;
use super::show::{self, stamp, url};
use super::users;
use crate::api::Api;
use crate::wire::conversation::Seats;

/// Shows tickets of one app, with the seats as they were when it was made: make one for an answer, not for ever.
pub(crate) struct Shower<'a> {
    api: &'a Api,
    app: AppId,
    seats: Seats,
    fields: Vec<TicketField>,
}

impl<'a> Shower<'a> {
    pub(crate) async fn of(api: &'a Api, app: AppId) -> Result<Self, StoreError> {
        Ok(Self { api, app, seats: Seats::of(api.store(), app).await?, fields: api.store().items(app).await? })
    }

    /// A ticket.
    pub(crate) async fn ticket(&self, ticket: &Ticket) -> Result<Value, StoreError> {
        let followers = self.api.store().followers(ticket.id).await?;
        let conversation = match ticket.conversation {
            Some(id) => self.api.store().conversation(self.app, id).await?,
            None => None,
        };
        let from = ticket.follow_up_of.map_or(json!({}), |id| json!({ "ticket_id": id }));
        let rel = ticket.follow_up_of.map(|_| "follow_up");
        let custom: Vec<Value> = self.fields.iter().map(|field| custom(field, &ticket.fields)).collect();
        Ok(json!({
            "id": ticket.id,
            "url": url(&self.api.public_url, "tickets", ticket.id),
            "external_id": null,
            "subject": ticket.subject,
            "raw_subject": ticket.subject,
            "description": ticket.subject,
            "type": ticket.kind.map(|kind| kind.as_str()),
            "priority": ticket.priority.map(|priority| priority.as_str()),
            "status": ticket.status.as_str(),
            "requester_id": ticket.requester,
            "submitter_id": ticket.submitter,
            "assignee_id": ticket.assignee,
            "group_id": ticket.group,
            "collaborator_ids": followers,
            "follower_ids": followers,
            "email_cc_ids": [],
            "problem_id": null,
            "has_incidents": false,
            "is_public": true,
            "due_at": null,
            "tags": ticket.tags,
            "custom_fields": custom,
            "fields": custom,
            "ticket_form_id": ticket.form,
            "brand_id": null,
            "satisfaction_rating": null,
            "recipient": null,
            "via": { "channel": ticket.via, "source": { "from": from, "to": {}, "rel": rel } },
            "from_messaging_channel": ticket.conversation.is_some(),
            "conversation_id": ticket.conversation.map(|id| id.to_string()),
            "control": self.control(conversation.as_ref()),
            "captured": show::captured(&ticket.fields),
            "followup_source_id": ticket.follow_up_of,
            "queued_at": ticket.queued_at.map(stamp),
            "created_at": stamp(ticket.created_at),
            "updated_at": stamp(ticket.updated_at),
        }))
    }

    /// Tickets side by side.
    pub(crate) async fn tickets(&self, tickets: &[Ticket]) -> Result<Vec<Value>, StoreError> {
        let mut shown = Vec::with_capacity(tickets.len());
        for ticket in tickets {
            shown.push(self.ticket(ticket).await?);
        }
        Ok(shown)
    }

    /// Everybody whom the tickets name, once each.
    pub(super) async fn people(&self, tickets: &[Ticket]) -> Result<Vec<Value>, Problem> {
        let named = |ticket: &Ticket| [Some(ticket.requester), Some(ticket.submitter), ticket.assignee];
        let ids: BTreeSet<PersonId> = tickets.iter().flat_map(named).flatten().collect();
        let mut shown = Vec::with_capacity(ids.len());
        for id in ids {
            shown.extend(users::find(self.api, self.app, id).await?);
        }
        Ok(shown)
    }

    /// Who answers the customer's next message.
    fn control(&self, conversation: Option<&Conversation>) -> &'static str {
        let Some(seat) = conversation.and_then(|found| found.active).and_then(|id| self.seats.row(id)) else {
            return "none";
        };
        let at_desk = seat.integration.is_none() && seat.integration_type == self.api.desk.seat_type();
        if at_desk { "desk" } else { "bot" }
    }
}

/// A field that the app has made, with the ticket's value. Several options stand apart by spaces where they are kept.
fn custom(field: &TicketField, kept: &Metadata) -> Value {
    let value = kept.0.get(&field.key).map(|value| match (field.kind, value) {
        (FieldKind::Multiselect, Scalar::Text(text)) => json!(text.split_whitespace().collect::<Vec<_>>()),
        (_, Scalar::Text(text)) => json!(text),
        (_, Scalar::Number(number)) if number.fract() == 0.0 => json!(*number as i64),
        (_, Scalar::Number(number)) => json!(number),
        (_, Scalar::Flag(flag)) => json!(flag),
    });
    json!({ "id": field.id, "value": value })
}
