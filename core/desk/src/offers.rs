//! Offers: a ticket that waits is offered to an agent who can take it, for as long as a lease lasts.
//!
//! Everything happens inside the store's one writer, so of two who answer at once exactly one is first.

use std::sync::Arc;
use std::time::Duration;

use passerelle_model::desk::{AvailabilityStatus, OfferId, OfferState, PersonId, TicketId, TicketStatus};
use passerelle_model::id::AppId;
use passerelle_model::time::Timestamp;
use passerelle_store::{AuditEvent, Offer, StoreError, Ticket, Tx};

use crate::change::{assign, keep, withdraw};
use crate::desk::{Inner, OfferMode};
use crate::{DeskError, rules};

/// The shortest sleep, so that nothing is asked hot.
const SHORTEST: Duration = Duration::from_millis(5);
/// Tickets that are looked at in one transaction.
const MAX_LOOKED_AT: u32 = 256;
/// Pause after a failure of the database.
const TROUBLE: Duration = Duration::from_secs(1);

/// How an offer was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The ticket that it was about.
    pub ticket: TicketId,
}

/// Starts offering; ends when the house closes.
pub(crate) fn spawn(inner: &Arc<Inner>) {
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        while !task.stop.is_cancelled() {
            let pause = match round(&task).await {
                Ok(pause) => pause,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, "tickets could not be offered; it is tried again");
                    TROUBLE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = task.wake.notified() => {}
                () = task.stop.cancelled() => {}
            }
        }
    });
}

/// Ends what has run out, offers what waits, and says when to look again: when the next offer runs out, and at the latest
/// when somebody who let a ticket pass can be asked again.
async fn round(inner: &Inner) -> Result<Duration, StoreError> {
    let (now, lease, mode) = (inner.clock.now(), inner.config.lease(), inner.config.offer_mode);
    let more = inner.store.write(move |tx| {
        Box::pin(async move {
            let overdue = expire(tx, now).await?;
            let full = offer(tx, mode, lease, now).await?;
            Ok(overdue || full)
        })
    });
    if more.await? {
        return Ok(SHORTEST);
    }
    let next = inner.store.next_offer_end().await?;
    Ok(next.map_or(lease, |at| now.until(at)).clamp(SHORTEST, lease.max(SHORTEST)))
}

/// Ends the offers that nobody answered in time. True when there were any.
async fn expire(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let overdue = tx.overdue_offers(now).await?;
    for offer in &overdue {
        end(tx, offer, OfferState::TimedOut, "nobody answered in time", None, now);
    }
    Ok(!overdue.is_empty())
}

fn end(tx: &mut Tx<'_>, offer: &Offer, state: OfferState, reason: &str, by: Option<PersonId>, now: Timestamp) {
    tx.end_offer(offer.id, state, now);
    let event = AuditEvent::Offer { agent: offer.agent, state, reason: reason.to_owned() };
    tx.insert_audit(offer.ticket, by, &[event], now);
    metrics::counter!("passerelle_offers_total", "state" => state.as_str()).increment(1);
}

/// Offers the tickets that wait. True when there may be more of them than were looked at.
async fn offer(tx: &mut Tx<'_>, mode: OfferMode, lease: Duration, now: Timestamp) -> Result<bool, StoreError> {
    let mut passed = 0;
    let mut offered = 0;
    while passed + offered < MAX_LOOKED_AT {
        let waiting = tx.unoffered_tickets(passed).await?;
        if waiting.is_empty() {
            return Ok(false);
        }
        for ticket in &waiting {
            if offer_one(tx, ticket, mode, lease, now).await? { offered += 1 } else { passed += 1 }
        }
    }
    Ok(offered > 0)
}

async fn offer_one(
    tx: &mut Tx<'_>,
    ticket: &Ticket,
    mode: OfferMode,
    lease: Duration,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let candidates = tx.candidates(ticket.app, ticket.id).await?;
    let mut choices = rules::choices(&candidates, ticket.group, now, lease);
    if mode == OfferMode::One {
        choices.truncate(1);
    }
    let mut events = Vec::new();
    for choice in choices {
        tx.insert_offer(ticket.id, choice.agent, &choice.reason, now.plus(lease), now).await?;
        events.push(AuditEvent::Offer { agent: choice.agent, state: OfferState::Open, reason: choice.reason });
    }
    tx.insert_audit(ticket.id, None, &events, now);
    Ok(!events.is_empty())
}

/// Takes the ticket of an offer. Of several who answer, one is first; the others are told why they are not.
pub async fn accept(
    tx: &mut Tx<'_>,
    app: AppId,
    agent: PersonId,
    id: OfferId,
    now: Timestamp,
) -> Result<Answered, DeskError> {
    let offer = own(tx, app, agent, id).await?;
    let ticket = tx.ticket(app, offer.ticket).await?.ok_or(DeskError::NotFound("the ticket"))?;
    match offer.state {
        OfferState::Open if offer.until > now && ticket.queued_at.is_some() => {}
        // The answer to the first request was lost on its way.
        OfferState::Accepted if ticket.assignee == Some(agent) => return Ok(Answered { ticket: ticket.id }),
        _ => return Err(DeskError::Conflict(too_late(tx, &offer, &ticket).await?)),
    }
    end(tx, &offer, OfferState::Accepted, "the agent accepted", Some(agent), now);
    let others = withdraw(tx, ticket.id, "somebody else accepted", now).await?;
    tx.insert_audit(ticket.id, None, &others, now);
    let mut after = ticket.clone();
    assign(&mut after, Some(agent));
    keep(tx, &ticket, after, Some(agent), now).await?;
    Ok(Answered { ticket: ticket.id })
}

/// Why an offer cannot be taken any more, in words for the agent.
async fn too_late(tx: &mut Tx<'_>, offer: &Offer, ticket: &Ticket) -> Result<String, StoreError> {
    if let Some(assignee) = ticket.assignee {
        let name = tx.agent(ticket.app, assignee).await?.map_or_else(|| "somebody else".to_owned(), |agent| agent.name);
        return Ok(format!("{name} has ticket {} already", ticket.id));
    }
    Ok(match (ticket.status, offer.state) {
        (TicketStatus::Solved | TicketStatus::Closed, _) => format!("ticket {} is done", ticket.id),
        (_, OfferState::Declined) => "you declined this offer".to_owned(),
        (_, OfferState::Open | OfferState::TimedOut) => "the offer has run out".to_owned(),
        _ => "the offer was withdrawn".to_owned(),
    })
}

/// Lets the ticket of an offer pass: somebody else is asked.
pub async fn decline(
    tx: &mut Tx<'_>,
    app: AppId,
    agent: PersonId,
    id: OfferId,
    now: Timestamp,
) -> Result<Answered, DeskError> {
    let offer = own(tx, app, agent, id).await?;
    match offer.state {
        OfferState::Open => end(tx, &offer, OfferState::Declined, "the agent declined", Some(agent), now),
        OfferState::Declined | OfferState::TimedOut | OfferState::Withdrawn => {}
        OfferState::Accepted => return Err(DeskError::Conflict("the offer was accepted already".to_owned())),
    }
    Ok(Answered { ticket: offer.ticket })
}

/// An agent's own offer: those of others do not exist for the agent.
async fn own(tx: &mut Tx<'_>, app: AppId, agent: PersonId, id: OfferId) -> Result<Offer, DeskError> {
    let offer = tx.offer(app, id).await?.filter(|offer| offer.agent == agent);
    offer.ok_or(DeskError::NotFound("the offer"))
}

/// An agent says whether tickets can be offered. Offers to one who is not available any more go to somebody else at once.
pub async fn set_available(
    tx: &mut Tx<'_>,
    app: AppId,
    agent: PersonId,
    status: AvailabilityStatus,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), DeskError> {
    tx.agent(app, agent).await?.ok_or(DeskError::NotFound("the agent"))?;
    if tx.availability(agent).await?.is_none_or(|known| known.status != status) {
        tx.set_availability(agent, status, reason, now);
    }
    if status != AvailabilityStatus::Online {
        for offer in tx.open_offers_of(agent).await? {
            end(tx, &offer, OfferState::Withdrawn, "the agent is not available any more", None, now);
        }
    }
    Ok(())
}
