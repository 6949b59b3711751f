//! Offers, and who can be made one.

use std::collections::BTreeSet;

use passerelle_model::desk::{AvailabilityStatus, GroupId, OfferId, OfferState, PersonId, QueueId, TicketId};
use passerelle_model::id::AppId;
use passerelle_model::time::Timestamp;

use super::Tx;
use crate::rows::{Availability, Candidate, Offer, Ticket};
use crate::value::{Columns as _, json, values};
use crate::{StoreError, map};

/// Tickets that are looked at in one transaction.
const BATCH: u32 = 64;

/// Tickets that ask the same agents, because group and queue are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    app: AppId,
    group: Option<GroupId>,
    queue: Option<QueueId>,
}

impl Line {
    /// The line in which a ticket stands.
    #[must_use]
    pub fn of(ticket: &Ticket) -> Self {
        Self { app: ticket.app, group: ticket.group, queue: ticket.queue }
    }

    /// As `unoffered_tickets` spells it.
    fn name(&self) -> String {
        let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
        format!("{}:{}:{}", self.app, number(self.group.map(|id| id.0)), number(self.queue.map(|id| id.0)))
    }
}

impl Tx<'_> {
    /// Offers that have run out, each with its app.
    pub async fn overdue_offers(&mut self, now: Timestamp) -> Result<Vec<(AppId, Offer)>, StoreError> {
        let sql = "SELECT o.*, t.app FROM offers o JOIN tickets t ON t.id = o.ticket \
                   WHERE o.state = 'open' AND o.until <= ? ORDER BY o.id LIMIT ?";
        self.ask(sql, values![now, BATCH]).await?.iter().map(|row| Ok((row.id("app")?, map::offer(row)?))).collect()
    }

    /// Tickets that wait and are offered to nobody: those of the most important queue first, of these the most urgent,
    /// then the one that has waited longest. Without those of the lines that are `shut`; `after` so many that were looked
    /// at already.
    pub async fn unoffered_tickets(&mut self, shut: &BTreeSet<Line>, after: u32) -> Result<Vec<Ticket>, StoreError> {
        let shut: Vec<String> = shut.iter().map(Line::name).collect();
        let sql = "SELECT t.* FROM tickets t WHERE t.queued_at IS NOT NULL AND t.assignee IS NULL \
                   AND lower(hex(t.app)) || ':' || coalesce(t.agent_group, '') || ':' || coalesce(t.queue, '') \
                   NOT IN (SELECT value FROM json_each(?)) \
                   AND NOT EXISTS (SELECT 1 FROM offers o WHERE o.ticket = t.id AND o.state = 'open') \
                   ORDER BY coalesce((SELECT q.priority FROM queues q WHERE q.id = t.queue), 0) DESC, \
                   CASE coalesce(t.priority, 'normal') WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 \
                   WHEN 'normal' THEN 2 ELSE 3 END, t.queued_at, t.id LIMIT ? OFFSET ?";
        self.ask(sql, values![json(&shut), BATCH, after]).await?.iter().map(map::ticket).collect()
    }

    /// Tickets that are offered, none of whose offers was made since somebody of their app came online.
    pub async fn offered_before_somebody_came(&mut self) -> Result<Vec<Ticket>, StoreError> {
        let sql = "SELECT t.* FROM tickets t JOIN (SELECT ticket, max(created_at) AS made FROM offers \
                   WHERE state = 'open' GROUP BY ticket) o ON o.ticket = t.id \
                   WHERE o.made <= (SELECT max(v.since) FROM availabilities v JOIN agents a ON a.id = v.agent \
                   WHERE a.app = t.app AND a.active AND v.status = 'online') ORDER BY t.id LIMIT ?";
        self.ask(sql, values![BATCH]).await?.iter().map(map::ticket).collect()
    }

    /// The agents of an app who are not offline, as far as the choice for this ticket needs to know them.
    pub async fn candidates(&mut self, app: AppId, ticket: TicketId) -> Result<Vec<Candidate>, StoreError> {
        let sql = "SELECT a.id, a.capacity, v.status, v.since, \
                   (SELECT count(*) FROM tickets t WHERE t.assignee = a.id AND t.status IN ('new', 'open')) \
                   + (SELECT count(*) FROM offers o WHERE o.agent = a.id AND o.state = 'open') AS load, \
                   (SELECT json_group_array(m.agent_group) FROM group_memberships m WHERE m.agent = a.id) AS groups, \
                   (SELECT max(o.ended_at) FROM offers o WHERE o.ticket = ? AND o.agent = a.id \
                   AND o.state IN ('declined', 'timed_out')) AS passed_at \
                   FROM agents a JOIN availabilities v ON v.agent = a.id \
                   WHERE a.app = ? AND a.active AND v.status <> 'offline' ORDER BY a.id";
        self.ask(sql, values![ticket, app]).await?.iter().map(map::candidate).collect()
    }

    /// Makes an offer.
    pub async fn insert_offer(
        &mut self,
        ticket: TicketId,
        agent: PersonId,
        reason: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<OfferId, StoreError> {
        let sql = "INSERT INTO offers (ticket, agent, state, reason, until, created_at) \
                   VALUES (?, ?, 'open', ?, ?, ?) RETURNING id";
        self.numbered(sql, values![ticket, agent, reason, until, now]).await.map(OfferId)
    }

    /// An offer of a ticket of the app.
    pub async fn offer(&mut self, app: AppId, id: OfferId) -> Result<Option<Offer>, StoreError> {
        let sql = "SELECT o.* FROM offers o JOIN tickets t ON t.id = o.ticket WHERE o.id = ? AND t.app = ?";
        self.ask(sql, values![id, app]).await?.first().map(map::offer).transpose()
    }

    /// The offers of a ticket that wait for their agents.
    pub async fn open_offers_on(&mut self, ticket: TicketId) -> Result<Vec<Offer>, StoreError> {
        let sql = "SELECT * FROM offers WHERE ticket = ? AND state = 'open' ORDER BY id";
        self.ask(sql, values![ticket]).await?.iter().map(map::offer).collect()
    }

    /// The offers that wait for an agent.
    pub async fn open_offers_of(&mut self, agent: PersonId) -> Result<Vec<Offer>, StoreError> {
        let sql = "SELECT * FROM offers WHERE agent = ? AND state = 'open' ORDER BY id";
        self.ask(sql, values![agent]).await?.iter().map(map::offer).collect()
    }

    /// Ends an offer.
    pub fn end_offer(&mut self, id: OfferId, state: OfferState, at: Timestamp) {
        self.put(
            "UPDATE offers SET state = ?, ended_at = ? WHERE id = ? AND state = 'open'",
            values![state.as_str(), at, id],
        );
    }

    /// Whether an agent can be offered tickets.
    pub async fn availability(&mut self, agent: PersonId) -> Result<Option<Availability>, StoreError> {
        let rows = self.ask("SELECT * FROM availabilities WHERE agent = ?", values![agent]).await?;
        rows.first().map(map::availability).transpose()
    }

    /// An agent is available from now on, or not.
    pub fn set_availability(
        &mut self,
        agent: PersonId,
        status: AvailabilityStatus,
        reason: Option<&str>,
        now: Timestamp,
    ) {
        self.put(
            "UPDATE availabilities SET status = ?, reason = ?, since = ?, custom = NULL WHERE agent = ?",
            values![status.as_str(), reason, now, agent],
        );
    }
}
