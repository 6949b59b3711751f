//! Commands on messages.

use std::sync::Arc;

use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, ConversationId, MessageId};
use passerelle_model::people::Author;
use passerelle_store::{
    Client, Conversation, ConversationKind, DueDelivery, DueTurn, Message, MessageSource, StoreError, Tx,
};

use super::conversation::{member, missing};
use super::{CommandError, Destination, Done, NewAuthor, NewMessage};
use crate::control::Hands;
use crate::gateway::Inner;
use crate::record::display_name;
use crate::{deliver, turn};

/// Messages that one conversation may hold.
const MAX_MESSAGES: u64 = 30_000;
/// Where messages of API callers come from.
const API: &str = "api:conversations";

/// What a posted message leads to after its commit.
struct Posted {
    message: Message,
    sending: Option<DueDelivery>,
    turns: Vec<DueTurn>,
}

pub(super) async fn post(inner: &Arc<Inner>, app: AppId, new: NewMessage) -> Result<Done, CommandError> {
    new.metadata.check().map_err(|error| CommandError::invalid("metadata", error.to_string()))?;
    let (work, now) = (Arc::clone(inner), inner.clock.now());
    let posted = inner.store.write(move |tx| Box::pin(async move { write(&work, tx, app, new, now).await })).await??;
    if let Some(delivery) = posted.sending {
        deliver::push(inner, deliver::lane(&delivery), Some(delivery)).await;
    }
    for due in posted.turns {
        turn::push(inner, due).await;
    }
    Ok(Done::Messages(vec![posted.message]))
}

async fn write(
    inner: &Inner,
    tx: &mut Tx<'_>,
    app: AppId,
    new: NewMessage,
    now: passerelle_model::time::Timestamp,
) -> Result<Result<Posted, CommandError>, StoreError> {
    let Some(mut conversation) = tx.conversation(app, new.conversation).await? else { return Ok(Err(missing())) };
    if let Some(key) = &new.idempotency_key
        && let Some(message) = tx.message_by_key(conversation.id, key).await?
    {
        return Ok(Ok(Posted { message, sending: None, turns: Vec::new() }));
    }
    if tx.count_messages(conversation.id, MAX_MESSAGES).await? >= MAX_MESSAGES {
        return Ok(Err(CommandError::Locked));
    }
    let author = match author(tx, &conversation, &new.author).await? {
        Ok(author) => author,
        Err(error) => return Ok(Err(error)),
    };
    let by_user = matches!(author, Author::User { .. });
    let client = match client(tx, &conversation, &new.destination, by_user).await? {
        Ok(client) => client,
        Err(error) => return Ok(Err(error)),
    };
    let mut message = message(inner, &new, author, now);
    let directory = inner.book.now();
    let hands = Hands::new(&directory, app, &inner.ids, now);
    if by_user {
        hands.begin(tx, &mut conversation, None, false).await?;
    }
    tx.append_message(app, inner.ids.next(now), &message, new.idempotency_key.as_deref());
    if by_user {
        hands.turn_for_event(tx, &conversation);
    }
    let reply = reply_name(tx, &message, client.as_ref()).await?;
    let prepared = client.map(|client| deliver::queue(tx, &inner.ids, app, &message, &client, reply, now));
    tx.finish().await?;
    let sending = tx.take_sending();
    message.seq = number_of(tx, message.id);
    let sending = prepared.filter(|delivery| sending.contains(&delivery.id));
    Ok(Ok(Posted { message, sending, turns: tx.take_turns() }))
}

/// The number that the message's event was given.
fn number_of(tx: &Tx<'_>, message: MessageId) -> u64 {
    let added = EventKind::MessageAdded { message };
    tx.events().iter().find(|stored| stored.event.kind == added).map_or(0, |stored| stored.event.seq)
}

async fn reply_name(tx: &mut Tx<'_>, message: &Message, client: Option<&Client>) -> Result<Option<String>, StoreError> {
    match (message.in_reply_to, client) {
        (Some(answered), Some(client)) => tx.name_of(message.conversation, client.integration, answered).await,
        _ => Ok(None),
    }
}

async fn author(
    tx: &mut Tx<'_>,
    conversation: &Conversation,
    author: &NewAuthor,
) -> Result<Result<Author, CommandError>, StoreError> {
    Ok(match author {
        NewAuthor::User(user) => match member(tx, conversation.app, conversation.id, user).await? {
            Some(user) => Ok(Author::User { user_id: user.id, display_name: display_name(&user.profile) }),
            None => Err(CommandError::invalid("author", "is no participant of the conversation")),
        },
        NewAuthor::Business { display_name, avatar_url } => {
            Ok(Author::Business { display_name: display_name.clone(), avatar_url: avatar_url.clone(), bot: None })
        }
    })
}

/// Where a message of the business goes; none where it is only stored.
async fn client(
    tx: &mut Tx<'_>,
    conversation: &Conversation,
    destination: &Destination,
    by_user: bool,
) -> Result<Result<Option<Client>, CommandError>, StoreError> {
    let refuse = |reason: &str| Ok(Err(CommandError::invalid("destination", reason)));
    let named = !matches!(destination, Destination::LastUsed | Destination::Silent);
    if named && (by_user || conversation.kind != ConversationKind::Personal) {
        return refuse("is for messages of the business in personal conversations");
    }
    let Some(user) = conversation.user.filter(|_| !by_user && *destination != Destination::Silent) else {
        return Ok(Ok(None));
    };
    let clients = tx.clients_of(user).await?;
    let wanted = match destination {
        Destination::Integration(id) => clients.into_iter().find(|client| client.integration == *id),
        Destination::Type(kind) => clients.into_iter().find(|client| client.channel_type == *kind),
        Destination::LastUsed | Destination::Silent => deliver::choose(clients),
    };
    if named && wanted.is_none() {
        return refuse("names a channel on which the user has no client");
    }
    Ok(Ok(wanted))
}

fn message(inner: &Inner, new: &NewMessage, author: Author, now: passerelle_model::time::Timestamp) -> Message {
    Message {
        id: inner.ids.next(now),
        conversation: new.conversation,
        seq: 0,
        author,
        content: new.content.clone(),
        source: MessageSource { kind: API.into(), ..MessageSource::default() },
        metadata: new.metadata.clone(),
        in_reply_to: new.in_reply_to,
        received_at: now,
        edited_at: None,
        deleted_at: None,
    }
}

pub(super) async fn delete(
    inner: &Arc<Inner>,
    app: AppId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Done, CommandError> {
    let (ids, now, directory) = (Arc::clone(&inner.ids), inner.clock.now(), inner.book.now());
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let Some(found) = tx.conversation(app, conversation).await? else { return Ok(Err(missing())) };
            if tx.message(conversation, message).await?.is_none() {
                return Ok(Err(CommandError::NotFound("the message")));
            }
            tx.delete_message(message, now);
            tx.cancel_deliveries(conversation, Some(message));
            Hands::new(&directory, app, &ids, now).append(tx, &found, EventKind::MessageDeleted { message });
            Ok(Ok(Done::Nothing))
        })
    });
    written.await?
}

pub(super) async fn delete_all(
    inner: &Arc<Inner>,
    app: AppId,
    conversation: ConversationId,
) -> Result<Done, CommandError> {
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            if tx.conversation(app, conversation).await?.is_none() {
                return Ok(Err(missing()));
            }
            tx.cancel_deliveries(conversation, None);
            tx.delete_all_messages(conversation);
            Ok(Ok(Done::Nothing))
        })
    });
    written.await?
}
