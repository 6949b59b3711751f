//! Station 7, deliver: a message goes to the vendor, and what became of it is written down.
//!
//! A conversation's deliveries leave one after the other on each integration. Every one ends as delivered, failed or uncertain, with a
//! reason; none is lost, and none is sent twice unless the vendor drops repeats.

use std::borrow::Cow;
use std::sync::Arc;

use passerelle_model::content::Content;
use passerelle_model::degrade::{carries_files, degrade};
use passerelle_model::delivery::{Capabilities, DeliveryState, RejectionKind, SendOutcome};
use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, ConversationId, IdSource, IntegrationId};
use passerelle_model::people::ClientStatus;
use passerelle_model::time::Timestamp;
use passerelle_model::widget::CHANNEL;
use passerelle_plugin_host::{CallError, Called, FailureCategory, Fault, Installation, KvWrite, Outbound, Target};
use passerelle_store::{
    Client, DeliveryOutcome, DueDelivery, IntegrationStatus, KvEntry, Message, NewDelivery, StoreError, Tx,
};

use crate::gateway::Inner;
use crate::insist::insist;
use crate::publish::Sign;
use crate::{settle, sources};

/// What became of a delivery, before it is written down. Made by this station and by the start of the house.
pub(crate) struct Settled {
    pub(crate) state: DeliveryState,
    pub(crate) reason: Option<String>,
    pub(crate) kind: Option<RejectionKind>,
    pub(crate) external_ids: Vec<String>,
    pub(crate) not_before: Timestamp,
    pub(crate) unauthorized: bool,
    pub(crate) is_final: bool,
}

/// Far beyond every clock: a delivery that waits for somebody to act.
pub(crate) const UNTIL_SOMEBODY_ACTS: Timestamp = Timestamp::from_micros(i64::MAX);

/// The identity that an answer goes to: the one that was heard of last and can be reached.
pub(crate) fn choose(clients: Vec<Client>) -> Option<Client> {
    clients.into_iter().find(|client| client.status == ClientStatus::Active)
}

/// Adds a delivery of the message to a job; what comes back is sent after the commit, if its turn is then. None where
/// there is nothing to send: the widget reads the log, so what is committed is at the channel.
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    app: AppId,
    message: &Message,
    client: &Client,
    in_reply_to: Option<String>,
    now: Timestamp,
) -> Option<DueDelivery> {
    let new = NewDelivery {
        id: ids.next(now),
        app,
        conversation: message.conversation,
        message: message.id,
        client: client.id,
        integration: client.integration,
        at: now,
    };
    if client.channel_type == CHANNEL {
        tx.insert_made_delivery(&new, ids.next(now));
        return None;
    }
    tx.insert_delivery(&new);
    Some(DueDelivery {
        id: new.id,
        app,
        conversation: new.conversation,
        message: new.message,
        client: new.client,
        integration: new.integration,
        address: client.address.clone(),
        user: client.external_id.clone(),
        content: message.content.clone(),
        native: message.extras.overrides.get(&client.channel_type).cloned(),
        in_reply_to,
        attempts: 1,
        parts_done: 0,
        external_ids: Vec::new(),
        created_at: now,
    })
}

/// What keeps its order: a conversation on one integration. One that is paused holds nobody up on another.
pub(crate) type Lane = (ConversationId, IntegrationId);

/// The lane of a delivery.
pub(crate) const fn lane(delivery: &DueDelivery) -> Lane {
    (delivery.conversation, delivery.integration)
}

/// Puts a delivery, or a look for the next one, into its lane; waits while the lanes are full.
pub(crate) async fn push(inner: &Arc<Inner>, lane: Lane, claimed: Option<DueDelivery>) {
    if inner.config.passive {
        return settle::leave(inner, claimed).await;
    }
    let task = Arc::clone(inner);
    inner.sends.push(lane, async move { run(&task, lane, claimed).await }).await;
}

/// Shows a passing sign to live readers and, where the channel can, to the user. Never repeated.
pub(crate) async fn show(inner: &Arc<Inner>, sign: Sign, client: Option<Client>) {
    let (conversation, activity) = (sign.conversation, sign.activity);
    inner.show(sign);
    let Some(client) = client.filter(|_| !inner.config.passive) else { return };
    let Some(entry) = inner.book.entry(client.integration) else { return };
    let Some(installation) = entry.ready().filter(|ready| ready.plugin().abilities().activities).cloned() else {
        return;
    };
    let target = Target { conversation: client.address, user: client.external_id };
    let task = Arc::clone(inner);
    let work = async move {
        if let Err(error) = task.host.send_activity(&installation, target, activity).await {
            tracing::debug!(%error, "a sign was not shown");
        }
    };
    inner.sends.push((conversation, client.integration), work).await;
}

async fn run(inner: &Arc<Inner>, lane: Lane, claimed: Option<DueDelivery>) {
    let mut next = match claimed {
        Some(delivery) => Ok(Some(delivery)),
        None => claim(inner, lane).await,
    };
    loop {
        match next {
            Ok(Some(delivery)) => next = send(inner, delivery).await,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(conversation = %lane.0, integration = %lane.1, %error, "a delivery could not be taken under way; it is looked at again with the next one, or after a restart");
                return;
            }
        }
    }
}

/// The lane's next delivery, if it is due; those whose message was taken back are passed over.
async fn claim(inner: &Arc<Inner>, (conversation, integration): Lane) -> Result<Option<DueDelivery>, StoreError> {
    while !inner.stop.is_cancelled() {
        let now = inner.clock.now();
        let claimed = insist("a delivery", || {
            inner
                .store
                .write(move |tx| Box::pin(async move { tx.claim_delivery(conversation, integration, now).await }))
        });
        let Some(id) = claimed.await? else { return Ok(None) };
        if let Some(due) = settle::under_way(inner, id).await? {
            return Ok(Some(due));
        }
    }
    Ok(None)
}

/// Sends what is under way and gives the lane's next delivery, if it is due.
async fn send(inner: &Arc<Inner>, delivery: DueDelivery) -> Result<Option<DueDelivery>, StoreError> {
    let delivery = Arc::new(delivery);
    let entry = inner.book.entry(delivery.integration);
    let ready = entry.as_ref().and_then(|entry| entry.ready().cloned());
    let (settled, kv) = match ready {
        Some(installation) => attempt(inner, &installation, &delivery).await,
        None => {
            (waiting("the integration is switched off or needs attention", delivery.external_ids.clone()), Vec::new())
        }
    };
    let next = settle::settle(inner, &delivery, settled, kv).await?;
    inner.failpoint.hit("after-outcome-commit");
    match next {
        Some(id) => match settle::under_way(inner, id).await? {
            Some(due) => Ok(Some(due)),
            None => claim(inner, lane(&delivery)).await,
        },
        None => Ok(None),
    }
}

async fn attempt(inner: &Arc<Inner>, installation: &Installation, delivery: &DueDelivery) -> (Settled, Vec<KvEntry>) {
    let Some(capabilities) = installation.plugin().capabilities() else {
        return (failed(RejectionKind::Other, "the integration is no channel", Vec::new()), Vec::new());
    };
    let payload = payload(installation, delivery);
    let parts = match payload {
        Some(_) => Ok(vec![delivery.content.clone()]),
        None => degrade(&with_links(inner, delivery, capabilities), capabilities),
    };
    let parts = match parts {
        Ok(parts) => parts,
        Err(error) => return (failed(RejectionKind::Content, &error.to_string(), Vec::new()), Vec::new()),
    };
    let mut external_ids = delivery.external_ids.clone();
    let count = parts.len();
    for (index, content) in parts.into_iter().enumerate().skip(delivery.parts_done as usize) {
        let (outcome, kv) = send_part(inner, installation, delivery, index, content, payload).await;
        let SendOutcome::Sent(ids) = outcome else {
            return (judge(inner, delivery, outcome, capabilities.idempotent_send, external_ids), kv);
        };
        external_ids.extend(ids);
        if index + 1 == count {
            return (delivered(external_ids, !capabilities.delivery_receipts), kv);
        }
        if let Err(error) = settle::part_done(inner, delivery, index + 1, &external_ids, &kv).await {
            // A next try would repeat this part: the rest is not sent.
            let reason = format!("part {} of {count} was sent, and could not be written down: {error}", index + 1);
            return (uncertain(inner, reason, external_ids), kv);
        }
    }
    (delivered(external_ids, !capabilities.delivery_receipts), Vec::new())
}

/// The content with addresses in place of our own files, where the channel cannot carry those.
fn with_links<'a>(inner: &Inner, delivery: &'a DueDelivery, capabilities: &Capabilities) -> Cow<'a, Content> {
    if carries_files(&delivery.content, capabilities) {
        return Cow::Borrowed(&delivery.content);
    }
    let mut content = delivery.content.clone();
    inner.attachments.links().put(delivery.app, &mut content);
    Cow::Owned(content)
}

/// What its author wrote in the vendor's own format, where the channel takes that. Once a part of the content has left,
/// the rest follows.
fn payload<'a>(installation: &Installation, delivery: &'a DueDelivery) -> Option<&'a str> {
    let takes = installation.plugin().abilities().native && delivery.parts_done == 0;
    delivery.native.as_deref().filter(|_| takes)
}

async fn send_part(
    inner: &Arc<Inner>,
    installation: &Installation,
    delivery: &DueDelivery,
    index: usize,
    content: Content,
    payload: Option<&str>,
) -> (SendOutcome, Vec<KvEntry>) {
    let outbound = Outbound {
        key: format!("{}-{index}", delivery.id),
        target: Target { conversation: delivery.address.clone(), user: delivery.user.clone() },
        content,
        in_reply_to: delivery.in_reply_to.clone().filter(|_| index == 0),
        attempt: delivery.attempts,
    };
    inner.failpoint.hit("before-send");
    let called = match payload {
        Some(payload) => inner.host.send_native(installation, outbound, payload.to_owned()).await,
        None => inner.host.send(installation, outbound).await,
    };
    inner.failpoint.hit("after-send");
    match called {
        Ok(Called { value, kv_writes, .. }) => (value, kept(kv_writes)),
        Err(error) => (outcome_of(&error), Vec::new()),
    }
}

fn kept(writes: Vec<KvWrite>) -> Vec<KvEntry> {
    sources::entries(writes)
}

/// A call that did not end well: whoever stopped it cannot tell whether the vendor was reached.
pub(crate) fn outcome_of(error: &CallError) -> SendOutcome {
    let reason = error.to_string();
    match &error.fault {
        Fault::PoolExhausted { .. } => SendOutcome::Retry { after: None, reason },
        Fault::Unsupported(_) => SendOutcome::Rejected { kind: RejectionKind::Other, reason },
        Fault::Failure(failure) => match failure.category {
            FailureCategory::Unauthorized => SendOutcome::Unauthorized(reason),
            FailureCategory::RateLimited | FailureCategory::Temporary => {
                SendOutcome::Retry { after: failure.retry_after, reason }
            }
            _ => SendOutcome::Rejected { kind: RejectionKind::Other, reason },
        },
        _ => SendOutcome::Uncertain(reason),
    }
}

/// What the outcome of a try means for the delivery.
fn judge(
    inner: &Inner,
    delivery: &DueDelivery,
    outcome: SendOutcome,
    idempotent: bool,
    external_ids: Vec<String>,
) -> Settled {
    match outcome {
        SendOutcome::Sent(ids) => delivered([external_ids, ids].concat(), true),
        SendOutcome::Retry { after, reason } => again(inner, delivery, after, reason, external_ids),
        SendOutcome::Uncertain(reason) if idempotent => again(inner, delivery, None, reason, external_ids),
        SendOutcome::Uncertain(reason) => uncertain(inner, reason, external_ids),
        SendOutcome::Rejected { kind, reason } => failed(kind, &reason, external_ids),
        SendOutcome::Unauthorized(reason) => Settled { unauthorized: true, ..waiting(&reason, external_ids) },
    }
}

fn uncertain(inner: &Inner, reason: String, external_ids: Vec<String>) -> Settled {
    Settled {
        state: DeliveryState::Uncertain,
        reason: Some(reason),
        kind: None,
        external_ids,
        not_before: inner.clock.now(),
        unauthorized: false,
        is_final: true,
    }
}

fn again(
    inner: &Inner,
    delivery: &DueDelivery,
    after: Option<std::time::Duration>,
    reason: String,
    external_ids: Vec<String>,
) -> Settled {
    let wait = after.unwrap_or_default().max(inner.wait(delivery.attempts));
    let at = inner.clock.now().plus(wait);
    let limit = delivery.created_at.plus(std::time::Duration::from_secs(inner.config.delivery_max_age_s));
    if at > limit {
        return failed(
            RejectionKind::Other,
            &format!("given up after {} tries: {reason}", delivery.attempts),
            external_ids,
        );
    }
    Settled { not_before: at, ..waiting(&reason, external_ids) }
}

fn delivered(external_ids: Vec<String>, is_final: bool) -> Settled {
    Settled {
        state: DeliveryState::Delivered,
        reason: None,
        kind: None,
        external_ids,
        not_before: Timestamp::from_micros(0),
        unauthorized: false,
        is_final,
    }
}

fn failed(kind: RejectionKind, reason: &str, external_ids: Vec<String>) -> Settled {
    Settled {
        state: DeliveryState::Failed,
        reason: Some(reason.to_owned()),
        kind: Some(kind),
        ..delivered(external_ids, true)
    }
}

fn waiting(reason: &str, external_ids: Vec<String>) -> Settled {
    Settled {
        state: DeliveryState::Pending,
        reason: Some(reason.to_owned()),
        not_before: UNTIL_SOMEBODY_ACTS,
        ..delivered(external_ids, false)
    }
}

impl Settled {
    pub(crate) fn outcome(&self) -> DeliveryOutcome {
        DeliveryOutcome {
            state: self.state,
            reason: self.reason.clone(),
            external_ids: self.external_ids.clone(),
            not_before: self.not_before,
        }
    }

    /// The event that tells of it; none while it still waits.
    pub(crate) fn event(&self, delivery: &DueDelivery) -> Option<EventKind> {
        let (message, id) = (delivery.message, delivery.id);
        match self.state {
            DeliveryState::Pending | DeliveryState::Sending => None,
            DeliveryState::Delivered => Some(EventKind::DeliveredToChannel {
                message,
                delivery: id,
                integration: delivery.integration,
                external_ids: self.external_ids.clone(),
                is_final: self.is_final,
            }),
            DeliveryState::Failed | DeliveryState::Uncertain => Some(EventKind::DeliveryFailed {
                message,
                delivery: id,
                integration: Some(delivery.integration),
                kind: self.kind,
                uncertain: self.state == DeliveryState::Uncertain,
                reason: self.reason.clone().unwrap_or_default(),
            }),
        }
    }

    /// What the integration's status becomes.
    pub(crate) fn status(&self) -> Option<(IntegrationStatus, String)> {
        let reason = self.reason.clone().unwrap_or_default();
        self.unauthorized.then_some((IntegrationStatus::Error, reason))
    }
}
