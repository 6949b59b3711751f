//! Links of identities to users: what the person is told, what counts as a yes, and how it ends.
//!
//! A link waits in the database until the channel and the person have answered. What the person is told leaves through
//! the lane of the conversation, and is no part of it.

use std::sync::Arc;

use passerelle_model::content::{Action, Content};
use passerelle_model::degrade::degrade;
use passerelle_model::delivery::{RejectionKind, SendOutcome};
use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::id::{ClientId, IdSource, IntegrationId};
use passerelle_model::inbound::{InboundEvent, InboundKind};
use passerelle_model::people::ClientStatus;
use passerelle_model::snapshot::{Fault, Pair};
use passerelle_model::time::Timestamp;
use passerelle_plugin_host::{Installation, Outbound, Target};
use passerelle_store::{Client, Confirmation, Link, StoreError, Tx, User};

use crate::deliver::outcome_of;
use crate::gateway::Inner;
use crate::insist::insist;
use crate::merge::{Merging, merge};

/// The pause before a channel that cannot be used now is tried again.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(60);
const YES: &str = "Yes";
const NO: &str = "No";

/// What an event of the person meant for the link that waits.
pub(crate) enum Heard {
    /// Nothing: the link waits on.
    Nothing,
    /// The identity is the user's now, and the event is the user's first one there.
    Linked,
    /// It answered our question, and is no part of any conversation.
    Answer,
}

/// How a link ends that does not become a client.
pub(crate) enum End {
    /// The person said no, or the business thought better of it.
    Cancelled,
    /// The channel could not tell the person, for this reason.
    Failed(String),
}

/// What the person is told: a prompt asks with two buttons.
pub(crate) fn words(confirmation: Confirmation, message: Option<Content>, id: ClientId, app: &str) -> Option<Content> {
    if confirmation != Confirmation::Prompt {
        return message;
    }
    let question = format!("{app} would like to go on with your conversation here. Do you agree?");
    let text = message.map_or(question, |message| passerelle_model::render::plain_text(&message));
    let button = |label: &str| Action::Reply { text: label.to_owned(), payload: payload(label, id), icon_url: None };
    Some(Content::text_with(text, vec![button(YES), button(NO)]))
}

fn payload(label: &str, id: ClientId) -> String {
    format!("link:{}:{id}", label.to_lowercase())
}

/// Adds a link, which is done at once where no confirmation is asked for. Gives the client as it is now.
pub(crate) async fn begin(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    now: Timestamp,
    link: Link,
    user: &User,
) -> Result<Client, StoreError> {
    tx.insert_link(&link);
    let (client, snapshot, source) = (link.pending(), user.snapshot(), EventSource::default());
    let kind = EventKind::ClientAdded {
        client: client.snapshot(),
        user: snapshot,
        conversation: Some(link.conversation),
        reason: "channelLinking".into(),
        source,
    };
    tx.append_app_event(link.app, ids.next(now), now, kind);
    if link.is_matched {
        updated(tx, ids, now, &client, user, "matched");
    }
    if link.confirmation == Confirmation::Immediate
        && let Some(linked) = confirm(tx, ids, now, &link, None).await?
    {
        return Ok(linked);
    }
    Ok(client)
}

/// An event of a person for whose identity a link waits.
pub(crate) async fn heard(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    integration: IntegrationId,
    event: &InboundEvent,
    now: Timestamp,
) -> Result<Heard, StoreError> {
    let Some(link) = tx.link_of(integration, &event.sender).await? else { return Ok(Heard::Nothing) };
    let acts = matches!(event.kind, InboundKind::Message(_) | InboundKind::Postback { .. });
    match link.confirmation {
        Confirmation::UserActivity if acts => {
            confirm(tx, ids, now, &link, Some(&event.conversation)).await?;
            Ok(Heard::Linked)
        }
        Confirmation::Prompt => match answer(&event.kind, link.id) {
            Some(true) => {
                confirm(tx, ids, now, &link, Some(&event.conversation)).await?;
                Ok(Heard::Answer)
            }
            Some(false) => {
                end(tx, ids, now, &link, End::Cancelled).await?;
                Ok(Heard::Answer)
            }
            None => Ok(Heard::Nothing),
        },
        Confirmation::UserActivity | Confirmation::Immediate => Ok(Heard::Nothing),
    }
}

/// A yes or a no, pressed or, where the channel has no buttons, written.
fn answer(kind: &InboundKind, id: ClientId) -> Option<bool> {
    let (text, payload_of) = match kind {
        InboundKind::Message(message) => match &message.content {
            Content::Text { text, payload, .. } => (text.trim(), payload.as_deref()),
            _ => return None,
        },
        InboundKind::Postback { payload, .. } => ("", Some(payload.as_str())),
        _ => return None,
    };
    let says = |label: &str| payload_of == Some(payload(label, id).as_str()) || text.eq_ignore_ascii_case(label);
    if says(YES) { Some(true) } else { says(NO).then_some(false) }
}

/// The identity becomes the user's. Who was known under it and has no name at the business is the same person; from
/// somebody who has one, it is taken away.
async fn confirm(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    now: Timestamp,
    link: &Link,
    address: Option<&str>,
) -> Result<Option<Client>, StoreError> {
    let Some(user) = tx.user(link.app, link.user).await? else {
        tx.delete_link(link.id);
        return Ok(None);
    };
    let before = tx.client_named(link.integration, &link.external_id).await?;
    let stays = match before {
        Some(client) => adopt(tx, ids, now, link, &user, client).await?,
        None => None,
    };
    let pending = link.pending();
    let mut client = Client { status: ClientStatus::Active, created_at: now, ..stays.clone().unwrap_or(pending) };
    (client.id, client.user, client.conversation) = (link.id, link.user, link.conversation);
    client.last_seen_at = if link.is_primary { now } else { stays.as_ref().map_or(NEVER, |known| known.last_seen_at) };
    client.address = address.map_or(client.address, str::to_owned);
    match &stays {
        Some(known) => {
            tx.rename_client(known.id, client.id, client.conversation);
            tx.update_client(&client);
        }
        None => tx.insert_client(&client),
    }
    if !link.is_matched && address.is_some() {
        updated(tx, ids, now, &client, &user, "matched");
    }
    updated(tx, ids, now, &client, &user, "confirmed");
    // What is still to be told at once is told, and only then is the link forgotten.
    if link.confirmation != Confirmation::Immediate || link.message.is_none() {
        tx.delete_link(link.id);
    }
    Ok(Some(client))
}

/// Before every clock: an identity that was never heard of.
const NEVER: Timestamp = Timestamp::from_micros(0);

/// What becomes of the client that the channel knows under this name already: given when it goes on as the user's.
async fn adopt(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    now: Timestamp,
    link: &Link,
    user: &User,
    client: Client,
) -> Result<Option<Client>, StoreError> {
    if client.user == user.id {
        return Ok(Some(client));
    }
    let Some(owner) = tx.user(link.app, client.user).await? else { return Ok(Some(client)) };
    if owner.external_id.is_none() {
        let clients = Some(Pair { surviving: link.pending().snapshot(), discarded: client.snapshot() });
        let merging = Merging { surviving: user.clone(), discarded: owner, clients, reason: "channelLinking" };
        merge(tx, ids, now, merging).await?;
        return Ok(Some(client));
    }
    tx.delete_client(client.id);
    removed(tx, ids, now, &client, &owner, "theft", None);
    Ok(None)
}

/// Ends a link without a client.
pub(crate) async fn end(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    now: Timestamp,
    link: &Link,
    end: End,
) -> Result<(), StoreError> {
    tx.delete_link(link.id);
    if link.confirmation == Confirmation::Immediate {
        return Ok(());
    }
    let Some(user) = tx.user(link.app, link.user).await? else { return Ok(()) };
    let (reason, error) = match end {
        End::Cancelled => ("linkCancelled", None),
        End::Failed(message) => ("linkFailed", Some(Fault { code: "uncategorized_error".into(), message })),
    };
    removed(tx, ids, now, &link.pending(), &user, reason, error);
    Ok(())
}

fn updated(tx: &mut Tx<'_>, ids: &IdSource, now: Timestamp, client: &Client, user: &User, reason: &str) {
    let (snapshot, conversation) = (client.snapshot(), Some(client.conversation));
    let kind =
        EventKind::ClientUpdated { client: snapshot, user: user.snapshot(), conversation, reason: reason.to_owned() };
    tx.append_app_event(user.app, ids.next(now), now, kind);
}

fn removed(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    now: Timestamp,
    client: &Client,
    user: &User,
    reason: &str,
    error: Option<Fault>,
) {
    let kind = EventKind::ClientRemoved {
        client: client.snapshot(),
        user: user.snapshot(),
        conversation: Some(client.conversation),
        reason: reason.to_owned(),
        error,
        source: EventSource::default(),
    };
    tx.append_app_event(user.app, ids.next(now), now, kind);
}

/// Puts what the person is told into the lane of the conversation; waits while the lanes are full.
pub(crate) async fn push(inner: &Arc<Inner>, link: Link) {
    let (work, lane) = (Arc::clone(inner), (link.conversation, link.integration));
    inner.sends.push(lane, async move { tell(&work, link).await }).await;
}

/// What the last process was about to tell is due again.
pub(crate) async fn recover(inner: &Inner) -> Result<(), StoreError> {
    let taken = inner.store.write(|tx| {
        Box::pin(async move {
            tx.take_up_links();
            Ok(())
        })
    });
    taken.await
}

async fn tell(inner: &Arc<Inner>, link: Link) {
    let entry = inner.book.entry(link.integration);
    let ready = entry.as_ref().and_then(|entry| entry.ready().cloned());
    let outcome = match (&link.message, ready) {
        (Some(message), Some(installation)) => send(inner, &installation, &link, message).await,
        _ => SendOutcome::Retry { after: Some(PAUSE), reason: "the integration is switched off".into() },
    };
    let (link, outcome) = (Arc::new(link), Arc::new(outcome));
    let written = insist("the end of a link's message", || {
        let (work, link, outcome) = (Arc::clone(inner), Arc::clone(&link), Arc::clone(&outcome));
        inner.store.write(move |tx| Box::pin(async move { settle(&work, tx, &link, &outcome).await }))
    });
    match written.await {
        Ok(()) => inner.wake.notify_one(),
        Err(error) => tracing::error!(link = %link.id, %error, "what became of a link's message is not written down"),
    }
}

async fn send(inner: &Arc<Inner>, installation: &Installation, link: &Link, message: &Content) -> SendOutcome {
    let refused = |kind, reason: String| SendOutcome::Rejected { kind, reason };
    let Some(capabilities) = installation.plugin().capabilities() else {
        return refused(RejectionKind::Other, "the integration is no channel".into());
    };
    let parts = match degrade(message, capabilities) {
        Ok(parts) => parts,
        Err(error) => return refused(RejectionKind::Content, error.to_string()),
    };
    let mut sent = Vec::new();
    for (index, content) in parts.into_iter().enumerate() {
        let outbound = Outbound {
            key: format!("{}-{index}", link.id),
            target: Target { conversation: link.external_id.clone(), user: link.external_id.clone() },
            content,
            in_reply_to: None,
            attempt: link.attempts,
        };
        match inner.host.send(installation, outbound).await {
            Ok(called) => match called.value {
                SendOutcome::Sent(ids) => sent.extend(ids),
                other => return other,
            },
            Err(error) => return outcome_of(&error),
        }
    }
    SendOutcome::Sent(sent)
}

async fn settle(inner: &Inner, tx: &mut Tx<'_>, link: &Link, outcome: &SendOutcome) -> Result<(), StoreError> {
    let (ids, now) = (&inner.ids, inner.clock.now());
    // The person may have answered, or the business have thought better of it, before the channel did.
    let Some(link) = tx.open_link(link.id).await? else { return Ok(()) };
    match outcome {
        SendOutcome::Sent(_) | SendOutcome::Uncertain(_) if link.confirmation == Confirmation::Immediate => {
            tx.delete_link(link.id);
        }
        SendOutcome::Sent(_) | SendOutcome::Uncertain(_) => {
            tx.link_told(link.id);
            let is_news = !link.is_matched && matches!(outcome, SendOutcome::Sent(_));
            if let (true, Some(user)) = (is_news, tx.user(link.app, link.user).await?) {
                updated(tx, ids, now, &link.pending(), &user, "matched");
            }
        }
        SendOutcome::Rejected { reason, .. } => end(tx, ids, now, &link, End::Failed(reason.clone())).await?,
        SendOutcome::Unauthorized(reason) => again(inner, tx, &link, now, Some(PAUSE), reason).await?,
        SendOutcome::Retry { after, reason } => again(inner, tx, &link, now, *after, reason).await?,
    }
    Ok(())
}

async fn again(
    inner: &Inner,
    tx: &mut Tx<'_>,
    link: &Link,
    now: Timestamp,
    after: Option<std::time::Duration>,
    reason: &str,
) -> Result<(), StoreError> {
    let at = now.plus(after.unwrap_or_default().max(inner.wait(link.attempts)));
    let limit = link.created_at.plus(std::time::Duration::from_secs(inner.config.delivery_max_age_s));
    if at > limit {
        return end(tx, &inner.ids, now, link, End::Failed(format!("given up: {reason}"))).await;
    }
    tx.retry_link(link.id, at);
    Ok(())
}
