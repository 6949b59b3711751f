//! Who is looking at a ticket, so that two agents do not answer at once. Kept in memory only: it passes by itself.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use passerelle_model::desk::{PersonId, TicketId};
use passerelle_model::time::Timestamp;
use serde_json::{Value, json};

use super::door::{Answer, Visit};
use super::page::ok;
use super::problem::Problem;
use super::sessions::no_content;
use super::show::stamp;

/// For how long somebody looks who does not say so again.
const STAYS: Duration = Duration::from_secs(45);
/// Tickets that are looked at; the memory of them is bounded, however many there are.
const MAX_TICKETS: usize = 10_000;

/// Everybody who looks.
#[derive(Default)]
pub(crate) struct Viewers(Mutex<HashMap<TicketId, Vec<Viewer>>>);

#[derive(Clone, Debug)]
struct Viewer {
    agent: PersonId,
    name: String,
    composing: bool,
    since: Timestamp,
    seen_at: Timestamp,
}

impl Viewers {
    /// Somebody looks, and perhaps writes. True when that is news.
    fn look(&self, ticket: TicketId, viewer: Viewer) -> bool {
        let mut all = self.all(viewer.seen_at);
        if all.len() >= MAX_TICKETS && !all.contains_key(&ticket) {
            return false;
        }
        let viewers = all.entry(ticket).or_default();
        match viewers.iter_mut().find(|known| known.agent == viewer.agent) {
            Some(known) => {
                let is_news = known.composing != viewer.composing;
                (known.composing, known.seen_at) = (viewer.composing, viewer.seen_at);
                is_news
            }
            None => {
                viewers.push(viewer);
                true
            }
        }
    }

    /// Somebody looks no more. True when that is news.
    fn leave(&self, ticket: TicketId, agent: PersonId, now: Timestamp) -> bool {
        let mut all = self.all(now);
        let Some(viewers) = all.get_mut(&ticket) else { return false };
        let before = viewers.len();
        viewers.retain(|known| known.agent != agent);
        viewers.len() != before
    }

    /// Who looks, as it is shown.
    fn shown(&self, ticket: TicketId, now: Timestamp) -> Vec<Value> {
        let all = self.all(now);
        let viewers = all.get(&ticket).map_or(&[][..], Vec::as_slice);
        let one = |viewer: &Viewer| {
            json!({
                "id": viewer.agent, "name": viewer.name, "since": stamp(viewer.since), "composing": viewer.composing,
            })
        };
        viewers.iter().map(one).collect()
    }

    fn all(&self, now: Timestamp) -> MutexGuard<'_, HashMap<TicketId, Vec<Viewer>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, viewers| {
            viewers.retain(|viewer| viewer.seen_at.plus(STAYS) > now);
            !viewers.is_empty()
        });
        all
    }
}

/// `GET /tickets/{id}/viewers`.
pub(super) async fn list(visit: Visit) -> Answer {
    let ticket = visit.ticket().await?;
    ok(json!({ "viewers": visit.api.viewers().shown(ticket.id, visit.api.clock.now()) }))
}

/// `PUT /tickets/{id}/viewers {composing}`: say it again within 45 seconds.
pub(super) async fn look(visit: Visit) -> Answer {
    let (ticket, agent, now) = (visit.ticket().await?, visit.agent()?, visit.api.clock.now());
    let composing = visit.fields()?.flag("composing")?.unwrap_or(false);
    let viewer = Viewer { agent: agent.id, name: agent.name.clone(), composing, since: now, seen_at: now };
    if visit.api.viewers().look(ticket.id, viewer) {
        tell(&visit, ticket.id, now).await?;
    }
    ok(json!({ "viewers": visit.api.viewers().shown(ticket.id, now) }))
}

/// `DELETE /tickets/{id}/viewers`.
pub(super) async fn leave(visit: Visit) -> Answer {
    let (ticket, agent, now) = (visit.ticket().await?, visit.agent()?.id, visit.api.clock.now());
    if visit.api.viewers().leave(ticket.id, agent, now) {
        tell(&visit, ticket.id, now).await?;
    }
    no_content()
}

async fn tell(visit: &Visit, ticket: TicketId, now: Timestamp) -> Result<(), Problem> {
    let shown = visit.api.viewers().shown(ticket, now);
    let text = json!({ "type": "ticket.viewers", "ticket_id": ticket, "viewers": shown }).to_string();
    visit.api.live().pass(visit.app()?, "ticket.viewers", text).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_looks_is_seen_until_a_while_after() {
        let viewers = Viewers::default();
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let viewer = |agent, composing, now| Viewer {
            agent: PersonId(agent),
            name: "Ada".into(),
            composing,
            since: now,
            seen_at: now,
        };
        let ticket = TicketId(1);
        assert!(viewers.look(ticket, viewer(7, false, at(0))));
        assert!(!viewers.look(ticket, viewer(7, false, at(10))), "that was known");
        assert!(viewers.look(ticket, viewer(7, true, at(20))), "now she writes");
        assert!(viewers.look(ticket, viewer(8, false, at(30))));
        assert_eq!(viewers.shown(ticket, at(40)).len(), 2);
        assert_eq!(viewers.shown(ticket, at(66)).len(), 1, "ada was last heard of at 20");
        assert!(viewers.leave(ticket, PersonId(8), at(67)) && !viewers.leave(ticket, PersonId(8), at(68)));
        assert!(viewers.shown(ticket, at(68)).is_empty());
    }
}
