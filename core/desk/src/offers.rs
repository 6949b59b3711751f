//! Offers: a ticket that waits is offered to an agent who can take it, for as long as a lease lasts.
//!
//! Everything happens inside the store's one writer, so of two who answer at once exactly one is first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use passerelle_model::desk::{AvailabilityStatus, OfferId, OfferState, PersonId, TicketId, TicketStatus};
use passerelle_model::event::EventKind;
use passerelle_model::id::AppId;
use passerelle_model::time::Timestamp;
use passerelle_store::{AuditEvent, Candidate, Line, Offer, Queue, StoreError, Ticket, Tx};

use crate::change::{assign, keep, withdraw};
use crate::desk::{Inner, OfferMode};
use crate::queues::Step;
use crate::rules::Choice;
use crate::{Act, DeskError, queues, rules};

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
    let (now, lease, mode, ids) =
        (inner.clock.now(), inner.config.lease(), inner.config.offer_mode, Arc::clone(&inner.ids));
    let more = inner.store.write(move |tx| {
        Box::pin(async move {
            let act = |app| Act { app, by: None, now, ids: Arc::clone(&ids) };
            let overdue = expire(tx, &act, now).await?;
            let full = offer(tx, &act, mode, lease).await?;
            if mode == OfferMode::All {
                include_newcomers(tx, &act, lease).await?;
            }
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
async fn expire(tx: &mut Tx<'_>, act: &(impl Fn(AppId) -> Act + Sync), now: Timestamp) -> Result<bool, StoreError> {
    let overdue = tx.overdue_offers(now).await?;
    for (app, offer) in &overdue {
        end(tx, &act(*app), offer, OfferState::TimedOut, "nobody answered in time").await?;
    }
    Ok(!overdue.is_empty())
}

async fn end(tx: &mut Tx<'_>, act: &Act, offer: &Offer, state: OfferState, reason: &str) -> Result<(), StoreError> {
    tx.end_offer(offer.id, state, act.now);
    metrics::counter!("passerelle_offers_total", "state" => state.as_str()).increment(1);
    let event = AuditEvent::Offer { agent: offer.agent, state, reason: reason.to_owned() };
    act.record(tx, offer.ticket, &[event]).await
}

/// Offers the tickets that wait. True when there may be more of them than were looked at.
async fn offer(
    tx: &mut Tx<'_>,
    act: &(impl Fn(AppId) -> Act + Sync),
    mode: OfferMode,
    lease: Duration,
) -> Result<bool, StoreError> {
    let (mut looked, mut offered) = (0, 0);
    // Where nobody has room the whole line waits, and holds no other line up. Of the others, how many were passed over.
    let (mut shut, mut passed) = (BTreeSet::new(), BTreeMap::new());
    while looked < MAX_LOOKED_AT {
        let waiting = tx.unoffered_tickets(&shut, passed.values().sum()).await?;
        if waiting.is_empty() {
            return Ok(false);
        }
        for ticket in &waiting {
            let line = Line::of(ticket);
            if shut.contains(&line) {
                continue;
            }
            looked += 1;
            match offer_one(tx, &act(ticket.app), ticket, mode, lease).await? {
                Offered::Somebody => offered += 1,
                Offered::NobodyYet => *passed.entry(line).or_insert(0) += 1,
                Offered::Nobody => {
                    passed.remove(&line);
                    shut.insert(line);
                }
            }
        }
    }
    Ok(offered > 0)
}

/// Whom a ticket was offered to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offered {
    Somebody,
    /// Those who have room have let it pass just now.
    NobodyYet,
    /// None of those who are asked has room.
    Nobody,
}

async fn offer_one(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: &Ticket,
    mode: OfferMode,
    lease: Duration,
) -> Result<Offered, StoreError> {
    let asked = Asked::about(tx, ticket).await?;
    let Some(mut choices) = asked.choices(act.now, lease) else {
        let has_room = asked.choices(act.now, Duration::ZERO).is_some();
        return Ok(if has_room { Offered::NobodyYet } else { Offered::Nobody });
    };
    if mode == OfferMode::One {
        choices.truncate(1);
    }
    make(tx, act, ticket.id, choices, act.now.plus(lease)).await?;
    Ok(Offered::Somebody)
}

/// Where everybody is asked, whoever comes online is asked what the others are asked already, for as long as they are.
async fn include_newcomers(
    tx: &mut Tx<'_>,
    act: &(impl Fn(AppId) -> Act + Sync),
    lease: Duration,
) -> Result<(), StoreError> {
    for ticket in tx.offered_before_somebody_came().await? {
        let act = act(ticket.app);
        let open = tx.open_offers_on(ticket.id).await?;
        let Some(until) = open.iter().map(|offer| offer.until).max() else { continue };
        let is_asked = |agent| open.iter().any(|offer| offer.agent == agent);
        let mut asked = Asked::about(tx, &ticket).await?;
        for one in asked.candidates.iter_mut().filter(|one| is_asked(one.agent)) {
            // The place that the offer takes is this ticket's.
            one.load = one.load.saturating_sub(1);
        }
        let mut choices = asked.choices(act.now, lease).unwrap_or_default();
        choices.retain(|choice| !is_asked(choice.agent));
        make(tx, &act, ticket.id, choices, until).await?;
    }
    Ok(())
}

/// Who can be asked about a ticket, and in which order of groups.
struct Asked {
    candidates: Vec<Candidate>,
    steps: Vec<Step>,
}

impl Asked {
    async fn about(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<Self, StoreError> {
        let candidates = tx.candidates(ticket.app, ticket.id).await?;
        let queue = match ticket.queue {
            Some(queue) => tx.item::<Queue>(ticket.app, queue).await?,
            None => None,
        };
        Ok(Self { candidates, steps: queues::steps(ticket, queue.as_ref()) })
    }

    /// Those of the first step that has anybody.
    fn choices(&self, now: Timestamp, pause: Duration) -> Option<Vec<Choice>> {
        let mut in_turn = self.steps.iter().map(|step| rules::choices(&self.candidates, step, now, pause));
        in_turn.find(|choices| !choices.is_empty())
    }
}

/// Makes the offers of a ticket, all for as long, and records why each was made.
async fn make(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: TicketId,
    choices: Vec<Choice>,
    until: Timestamp,
) -> Result<(), StoreError> {
    let mut events = Vec::new();
    for choice in choices {
        tx.insert_offer(ticket, choice.agent, &choice.reason, until, act.now).await?;
        events.push(AuditEvent::Offer { agent: choice.agent, state: OfferState::Open, reason: choice.reason });
    }
    act.record(tx, ticket, &events).await
}

/// Takes the ticket of an offer. Of several who answer, one is first; the others are told why they are not.
pub async fn accept(tx: &mut Tx<'_>, act: &Act, id: OfferId) -> Result<Answered, DeskError> {
    let offer = own(tx, act, id).await?;
    let ticket = tx.ticket(act.app, offer.ticket).await?.ok_or(DeskError::NotFound("the ticket"))?;
    match offer.state {
        OfferState::Open if offer.until > act.now && ticket.queued_at.is_some() => {}
        // The answer to the first request was lost on its way.
        OfferState::Accepted if ticket.assignee == Some(offer.agent) => return Ok(Answered { ticket: ticket.id }),
        _ => return Err(DeskError::Conflict(too_late(tx, &offer, &ticket).await?)),
    }
    end(tx, act, &offer, OfferState::Accepted, "the agent accepted").await?;
    let others = withdraw(tx, ticket.id, "somebody else accepted", act.now).await?;
    Act { by: None, ..act.clone() }.record(tx, ticket.id, &others).await?;
    let mut after = ticket.clone();
    assign(&mut after, Some(offer.agent));
    keep(tx, act, &ticket, after).await?;
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
pub async fn decline(tx: &mut Tx<'_>, act: &Act, id: OfferId) -> Result<Answered, DeskError> {
    let offer = own(tx, act, id).await?;
    match offer.state {
        OfferState::Open => end(tx, act, &offer, OfferState::Declined, "the agent declined").await?,
        OfferState::Declined | OfferState::TimedOut | OfferState::Withdrawn => {}
        OfferState::Accepted => return Err(DeskError::Conflict("the offer was accepted already".to_owned())),
    }
    Ok(Answered { ticket: offer.ticket })
}

/// An agent's own offer: those of others do not exist for the agent.
async fn own(tx: &mut Tx<'_>, act: &Act, id: OfferId) -> Result<Offer, DeskError> {
    let offer = tx.offer(act.app, id).await?.filter(|offer| Some(offer.agent) == act.by);
    offer.ok_or(DeskError::NotFound("the offer"))
}

/// An agent can be offered tickets from now on, or not. Offers to one who is not available any more go to somebody else
/// at once.
pub async fn set_available(
    tx: &mut Tx<'_>,
    act: &Act,
    agent: PersonId,
    status: AvailabilityStatus,
    reason: Option<&str>,
) -> Result<(), DeskError> {
    tx.agent(act.app, agent).await?.ok_or(DeskError::NotFound("the agent"))?;
    if tx.availability(agent).await?.is_none_or(|known| known.status != status) {
        tx.set_availability(agent, status, reason, act.now);
        act.tell(tx, EventKind::AvailabilityChanged { agent });
    }
    if status != AvailabilityStatus::Online {
        for offer in tx.open_offers_of(agent).await? {
            end(tx, act, &offer, OfferState::Withdrawn, "the agent is not available any more").await?;
        }
    }
    Ok(())
}
