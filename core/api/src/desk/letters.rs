//! What agents do beside the conversation: they write letters, and note calls.

use http::StatusCode;
use passerelle_desk::mail::{NewLetter, write};
use passerelle_desk::{Call, log_call};
use passerelle_model::desk::{AuditId, MAX_NOTE, MAX_SUBJECT, TicketId};
use passerelle_model::people::IdentityKind;
use passerelle_store::Ticket;
use serde_json::json;

use super::door::{Answer, Visit};
use super::problem::{Problem, stop};
use super::show;
use super::users::MAX_EMAIL;
use crate::call::Reply;

/// Characters of a phone number, before it is looked at.
const MAX_PHONE: usize = 64;

/// `POST /tickets/{id}/emails {to?, subject?, body}`: kept at once, sent after that.
pub(super) async fn write_letter(visit: Visit) -> Answer {
    let (act, ticket, fields) = (visit.act()?, visit.ticket().await?, visit.fields()?);
    let Some(postbox) = visit.api.desk.mail().postbox.clone() else {
        let reason = "No mail server is set up: an operator names one in `[mail]` of the configuration";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "EmailDisabled", reason));
    };
    let to = match fields.text("to", MAX_EMAIL)? {
        Some(to) => to,
        None => address_of(&visit, &ticket).await?,
    };
    let new = NewLetter {
        ticket: ticket.id,
        to,
        subject: fields.text("subject", MAX_SUBJECT)?,
        body: fields.needed_text("body", MAX_NOTE)?,
        sender_name: visit.agent()?.name.clone(),
    };
    let audit = visit
        .write(move |all| {
            Box::pin(async move { Ok(write(all.tx, &act, &postbox, new).await.map_err(stop)?.to_string()) })
        })
        .await?;
    shown(&visit, ticket.id, &audit).await
}

/// What is known of the customer's address: one that a channel vouches for, or that the business knows.
async fn address_of(visit: &Visit, ticket: &Ticket) -> Result<String, Problem> {
    let unknown = || Problem::invalid("to", "is needed: no address of the customer is known");
    let person = visit.api.store().person(ticket.app, ticket.requester).await?;
    let user = person.and_then(|person| person.user).ok_or_else(unknown)?;
    let user = visit.api.store().user(ticket.app, user).await?.ok_or_else(unknown)?;
    let mut emails = user.identities.into_iter().filter(|identity| identity.kind == IdentityKind::Email);
    emails.next().map(|identity| identity.value).ok_or_else(unknown)
}

/// `POST /tickets/{id}/calls {phone, note, duration_seconds?}`: a note with the facts. Nobody is called by us.
pub(super) async fn note_call(visit: Visit) -> Answer {
    let (act, ticket, fields) = (visit.act()?, visit.ticket().await?, visit.fields()?);
    let call = Call {
        ticket: ticket.id,
        phone: fields.needed_text("phone", MAX_PHONE)?,
        note: fields.needed_text("note", MAX_NOTE)?,
        duration_seconds: fields.integer("duration_seconds", 0..=u64::from(u32::MAX))?,
    };
    let audit = visit
        .write(move |all| Box::pin(async move { Ok(log_call(all.tx, &act, &call).await.map_err(stop)?.to_string()) }))
        .await?;
    shown(&visit, ticket.id, &audit).await
}

async fn shown(visit: &Visit, ticket: TicketId, audit: &str) -> Answer {
    let id: AuditId = audit.parse().map_err(|_| Problem::not_found())?;
    let audit = visit.api.store().audit(ticket, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Reply::Json(StatusCode::CREATED, json!({ "audit": show::audit(&audit) })))
}
