//! Reads the log and makes or changes tickets, in one transaction with its cursor: what was read before a crash is not
//! read again, so that every entry has its effect once.
//!
//! A conversation is at the desk when the seat in control has no integration of ours and the desk's type word, which is a
//! setting. Its messages become comments of its ticket; what bots captured and routers decided goes into the fields. What
//! happened to a ticket is read, too, and sets triggers off.

use std::sync::Arc;
use std::time::Duration;

use passerelle_model::desk::{PersonId, TicketStatus};
use passerelle_model::event::EventKind;
use passerelle_model::id::{MessageId, SwitchboardIntegrationId};
use passerelle_model::people::Author;
use passerelle_model::rule::RuleKind;
use passerelle_model::switchboard::TICKET_CLOSED;
use passerelle_store::{Conversation, StoreError, StoredEvent, Ticket, Tx};
use tokio::sync::broadcast::error::RecvError;

use crate::desk::Inner;
use crate::{Act, change, open, queues, rules, triggers};

/// Events that are read in one transaction.
const BATCH: u32 = 256;
/// Events after which the cursor is kept although none of them concerned the desk.
const KEEP: i64 = 4096;
/// Pause after a failure of the database.
const TROUBLE: Duration = Duration::from_secs(1);

/// Starts reading; ends when the house closes.
pub(crate) fn spawn(inner: &Arc<Inner>) {
    let task = Arc::clone(inner);
    inner.tasks.spawn(async move {
        tokio::select! {
            () = follow(&task) => {}
            () = task.stop.cancelled() => {}
        }
    });
}

/// How far this process has come.
struct Progress {
    cursor: i64,
    kept: i64,
}

async fn follow(inner: &Inner) {
    let mut feed = inner.store.committed();
    let mut progress = loop {
        match inner.store.desk_cursor().await {
            Ok(cursor) => break Progress { cursor, kept: cursor },
            Err(error) => complain(&error).await,
        }
    };
    loop {
        match read_on(inner, &mut progress).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                complain(&error).await;
                continue;
            }
        }
        loop {
            match feed.recv().await {
                Ok(event) if event.cursor <= progress.cursor => {}
                Ok(_) | Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            }
        }
    }
}

async fn complain(error: &StoreError) {
    tracing::error!(%error, "the desk could not read on in the log; it is tried again");
    tokio::time::sleep(TROUBLE).await;
}

/// Reads the next events. True when there may be more.
async fn read_on(inner: &Inner, progress: &mut Progress) -> Result<bool, StoreError> {
    let events = match inner.store.log(progress.cursor, BATCH).await {
        Err(StoreError::BadRow(_)) => inner.store.log(progress.cursor, 1).await,
        other => other,
    };
    let events = match events {
        Err(StoreError::BadRow(reason)) => {
            tracing::error!(cursor = progress.cursor, reason, "an event cannot be read and makes no ticket");
            progress.cursor += 1;
            return Ok(true);
        }
        other => other?,
    };
    let Some(last) = events.last().map(|event| event.cursor) else { return Ok(false) };
    let more = events.len() >= BATCH as usize;
    let told = without_idle(inner, events.into_iter().filter(concerns).collect()).await?;
    if told.is_empty() && last - progress.kept < KEEP {
        progress.cursor = last;
        return Ok(more);
    }
    match take(inner, told.clone(), last).await {
        Err(error) if !error.is_passing() && !matches!(error, StoreError::Closed) => {
            one_by_one(inner, told, last).await?;
        }
        other => other?,
    }
    *progress = Progress { cursor: last, kept: last };
    inner.wake.notify_one();
    Ok(more)
}

/// Takes events each in a transaction of its own: one that cannot be taken would hold up all others for ever.
async fn one_by_one(inner: &Inner, events: Vec<StoredEvent>, last: i64) -> Result<(), StoreError> {
    for event in events {
        let cursor = event.cursor;
        match take(inner, vec![event], cursor).await {
            Err(error) if !error.is_passing() && !matches!(error, StoreError::Closed) => {
                tracing::error!(cursor, %error, "an event is passed over by the desk");
            }
            other => other?,
        }
    }
    take(inner, Vec::new(), last).await
}

async fn take(inner: &Inner, events: Vec<StoredEvent>, last: i64) -> Result<(), StoreError> {
    let (now, ids, seat_type) = (inner.clock.now(), Arc::clone(&inner.ids), inner.config.seat_type.clone());
    let taken = inner.store.write(move |tx| {
        Box::pin(async move {
            for event in &events {
                let act = Act { app: event.app, by: None, now, ids: Arc::clone(&ids) };
                Entry { seat_type: &seat_type, event, act }.take(tx).await?;
            }
            tx.set_desk_cursor(last);
            Ok(())
        })
    });
    taken.await
}

fn concerns(event: &StoredEvent) -> bool {
    matches!(
        event.event.kind,
        EventKind::ControlPassed { .. }
            | EventKind::ControlReleased { .. }
            | EventKind::MessageAdded { .. }
            | EventKind::FieldsCaptured { .. }
            | EventKind::Routed { .. }
            | EventKind::Tagged { .. }
            | EventKind::TicketChanged { .. }
    )
}

/// Leaves out what happened to tickets of apps that have no triggers.
async fn without_idle(inner: &Inner, mut events: Vec<StoredEvent>) -> Result<Vec<StoredEvent>, StoreError> {
    let is_change = |event: &StoredEvent| matches!(event.event.kind, EventKind::TicketChanged { .. });
    if events.iter().any(is_change) {
        let apps = inner.store.apps_with_rules(RuleKind::Trigger).await?;
        events.retain(|event| !is_change(event) || apps.contains(&event.app));
    }
    Ok(events)
}

/// One entry of the log under the desk's hands.
struct Entry<'a> {
    seat_type: &'a str,
    event: &'a StoredEvent,
    act: Act,
}

impl Entry<'_> {
    async fn take(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        if let EventKind::TicketChanged { ticket, audit } = self.event.event.kind {
            return triggers::run(tx, &self.act, ticket, audit).await;
        }
        let Some(place) = self.event.event.place else { return Ok(()) };
        let Some(conversation) = tx.conversation(self.event.app, place.conversation).await? else { return Ok(()) };
        let ticket = tx.living_ticket(conversation.id).await?;
        match (&self.event.event.kind, ticket) {
            (EventKind::ControlPassed { to, .. }, ticket) => match (self.is_desk(tx, Some(*to)).await?, ticket) {
                (true, None) => self.open(tx, &conversation, place.seq).await,
                (true, Some(ticket)) => self.queue(tx, ticket, true).await,
                (false, Some(ticket)) => self.queue(tx, ticket, false).await,
                (false, None) => Ok(()),
            },
            (EventKind::ControlReleased { from, reason, .. }, Some(ticket)) if self.is_desk(tx, *from).await? => {
                if reason == TICKET_CLOSED {
                    self.close(tx, ticket).await
                } else {
                    self.queue(tx, ticket, false).await
                }
            }
            (EventKind::MessageAdded { message }, None) if self.is_desk(tx, place.active).await? => {
                self.late(tx, &conversation, place.seq, *message).await
            }
            (EventKind::MessageAdded { message }, Some(ticket)) => {
                let Some(author) = self.author(tx, &conversation, *message).await? else { return Ok(()) };
                change::heard(tx, &self.by(author), &ticket, *message).await
            }
            (EventKind::FieldsCaptured { fields }, Some(ticket)) => {
                let mut after = ticket.clone();
                after.fields.0.extend(fields.0.clone());
                // What is beyond the bound of a ticket's fields stands in the log only.
                if after.fields.check().is_ok() { self.keep(tx, ticket, after).await } else { Ok(()) }
            }
            (EventKind::Tagged { tags }, Some(ticket)) => {
                let mut after = ticket.clone();
                after.tags = rules::tags(after.tags.into_iter().chain(tags.iter().cloned()));
                self.keep(tx, ticket, after).await
            }
            (EventKind::Routed { queue, group, agent, priority, tags, .. }, Some(ticket)) => {
                let mut after = ticket.clone();
                let agent = agent.as_deref().filter(|_| ticket.assignee.is_none());
                open::route(tx, &mut after, priority, group.as_deref(), agent).await?;
                after.tags = rules::tags(after.tags.into_iter().chain(tags.iter().cloned()));
                let line = queues::put(tx, &self.act, &mut after, Some(queue)).await?;
                change::keep_with(tx, &self.act, &ticket, after, line.into_iter().collect()).await
            }
            _ => Ok(()),
        }
    }

    /// A message at the desk, where no ticket is open any more. When the last one was closed after the message came, the
    /// message is still that ticket's: it was closed before we read so far. Otherwise the customer begins something new.
    async fn late(
        &self,
        tx: &mut Tx<'_>,
        conversation: &Conversation,
        seq: u64,
        message: MessageId,
    ) -> Result<(), StoreError> {
        let Some(author) = self.author(tx, conversation, message).await? else { return Ok(()) };
        let last = match tx.last_ticket(conversation.id).await? {
            Some(id) => tx.ticket(conversation.app, id).await?,
            None => None,
        };
        match last.filter(|ticket| ticket.updated_at >= self.event.event.at) {
            Some(ticket) => change::heard(tx, &self.by(author), &ticket, message).await,
            None if author.is_some() => self.open(tx, conversation, seq).await,
            None => Ok(()),
        }
    }

    /// Who wrote a message: a person, or nobody in particular. None when the message is gone.
    async fn author(
        &self,
        tx: &mut Tx<'_>,
        conversation: &Conversation,
        message: MessageId,
    ) -> Result<Option<Option<PersonId>>, StoreError> {
        let Some(found) = tx.message(conversation.id, message).await? else { return Ok(None) };
        Ok(Some(match found.author {
            Author::User { user_id, .. } => Some(tx.person_of(conversation.app, user_id).await?),
            Author::Business { .. } => None,
        }))
    }

    async fn is_desk(&self, tx: &mut Tx<'_>, seat: Option<SwitchboardIntegrationId>) -> Result<bool, StoreError> {
        let Some(seat) = seat else { return Ok(false) };
        Ok(tx.empty_seat(seat).await?.is_some_and(|word| word == self.seat_type))
    }

    /// Makes the ticket. Groups have no customer, and no tickets.
    async fn open(&self, tx: &mut Tx<'_>, conversation: &Conversation, seq: u64) -> Result<(), StoreError> {
        let Some(user) = conversation.user else { return Ok(()) };
        open::from_conversation(tx, &self.act, conversation, user, seq).await.map(drop)
    }

    /// Control came, so that the ticket waits for an agent; or it went, and nobody is asked any more.
    async fn queue(&self, tx: &mut Tx<'_>, ticket: Ticket, waits: bool) -> Result<(), StoreError> {
        let mut after = ticket.clone();
        after.queued_at = if !waits {
            None
        } else if after.assignee.is_none() && rules::is_waiting(after.status) {
            Some(after.queued_at.unwrap_or(self.act.now))
        } else {
            after.queued_at
        };
        let line = match after.queued_at {
            Some(_) if after.queue.is_none() => queues::put(tx, &self.act, &mut after, None).await?,
            _ => None,
        };
        change::keep_with(tx, &self.act, &ticket, after, line.into_iter().collect()).await
    }

    async fn close(&self, tx: &mut Tx<'_>, ticket: Ticket) -> Result<(), StoreError> {
        let mut after = ticket.clone();
        (after.status, after.queued_at) = (TicketStatus::Closed, None);
        self.keep(tx, ticket, after).await
    }

    async fn keep(&self, tx: &mut Tx<'_>, before: Ticket, after: Ticket) -> Result<(), StoreError> {
        change::keep(tx, &self.act, &before, after).await
    }

    /// Somebody said something: the house only heard it.
    fn by(&self, author: Option<PersonId>) -> Act {
        Act { by: author, ..self.act.clone() }
    }
}
