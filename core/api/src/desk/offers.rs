//! Offers: what an agent can accept right now.

use passerelle_desk::{accept as take, decline as pass_on};
use passerelle_model::desk::{OfferId, TicketId};
use passerelle_model::people::Author;
use passerelle_model::render::plain_text;
use passerelle_store::{Page, Ticket};
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::{ok, whole};
use super::problem::{Problem, stop};
use super::sessions::no_content;
use super::show::{self, stamp};
use super::shower::Shower;
use super::users;

/// Messages in which the customer's last words are looked for.
const RECENT: u32 = 20;
/// Characters of the customer's words that are shown with an offer.
const MAX_PREVIEW: usize = 200;

/// `GET /offers`: those that wait for the agent.
pub(super) async fn list(visit: Visit) -> Answer {
    let (app, agent) = (visit.app()?, visit.agent()?.id);
    let shower = Shower::of(&visit.api, app).await?;
    let mut shown = Vec::new();
    for offer in visit.api.store().offers_to(agent).await? {
        let Some(ticket) = visit.api.store().ticket(app, offer.ticket).await? else { continue };
        let mut one = show::offer(&visit.api.public_url, &offer);
        one["ticket"] = shower.ticket(&ticket).await?;
        one["requester"] =
            json!({ "id": ticket.requester, "name": users::name(&visit.api, app, ticket.requester).await? });
        one["channel"] = ticket.via.as_str().into();
        one["preview"] = preview(&visit, &ticket).await?;
        one["waiting_since"] = ticket.queued_at.map(stamp).into();
        shown.push(one);
    }
    ok(whole("offers", shown))
}

/// The last words of the customer.
async fn preview(visit: &Visit, ticket: &Ticket) -> Result<Value, Problem> {
    let Some(conversation) = ticket.conversation else { return Ok(ticket.subject.as_str().into()) };
    let recent = visit.api.store().messages(ticket.app, conversation, Page::first(RECENT)).await?.rows;
    let last = recent.iter().rev().find(|message| matches!(message.author, Author::User { .. }));
    let text = last.map_or_else(|| ticket.subject.clone(), |message| plain_text(&message.content));
    Ok(text.chars().take(MAX_PREVIEW).collect::<String>().into())
}

/// `PUT /offers/{id}/accept`.
pub(super) async fn accept(visit: Visit) -> Answer {
    let (act, id) = (visit.act()?, OfferId(visit.number("id")?));
    let app = act.app;
    let taken = visit
        .write(move |all| Box::pin(async move { Ok(take(all.tx, &act, id).await.map_err(stop)?.ticket.to_string()) }));
    let ticket = TicketId(taken.await?.parse().map_err(|_| Problem::not_found())?);
    let ticket = visit.api.store().ticket(app, ticket).await?.ok_or_else(Problem::not_found)?;
    ok(json!({ "ticket": Shower::of(&visit.api, app).await?.ticket(&ticket).await? }))
}

/// `PUT /offers/{id}/decline`.
pub(super) async fn decline(visit: Visit) -> Answer {
    let (act, id) = (visit.act()?, OfferId(visit.number("id")?));
    visit
        .write(move |all| {
            Box::pin(async move {
                pass_on(all.tx, &act, id).await.map_err(stop)?;
                Ok(String::new())
            })
        })
        .await?;
    no_content()
}
