//! Commands on conversations as such.

use std::sync::Arc;

use passerelle_model::event::EventKind;
use passerelle_model::id::{AppId, ConversationId};
use passerelle_model::inbound::Activity;
use passerelle_store::{Client, Conversation, ConversationKind, StoreError, Tx, User};

use super::{CommandError, ConversationChange, Done, NewConversation, UserRef, people};
use crate::control::Hands;
use crate::deliver;
use crate::gateway::Inner;
use crate::publish::Sign;
use crate::resolve::personal;

/// Members of a group when it is made.
const MAX_PARTICIPANTS: usize = 10;

pub(super) async fn create(inner: &Arc<Inner>, app: AppId, new: NewConversation) -> Result<Done, CommandError> {
    new.metadata.check().map_err(|error| CommandError::invalid("metadata", error.to_string()))?;
    match (new.kind, new.participants.len()) {
        (ConversationKind::Personal, count) if count != 1 => {
            return Err(CommandError::invalid(
                "participants",
                "must name exactly one user for a personal conversation",
            ));
        }
        (_, count) if count > MAX_PARTICIPANTS => {
            return Err(CommandError::invalid("participants", format!("may name at most {MAX_PARTICIPANTS} users")));
        }
        _ => {}
    }
    let (ids, now, directory) = (Arc::clone(&inner.ids), inner.clock.now(), inner.book.now());
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let Some(users) = members(tx, app, &new.participants).await? else {
                return Ok(Err(CommandError::NotFound("the user")));
            };
            let mut conversation = match (new.kind, users.first()) {
                (ConversationKind::Personal, Some(user)) => {
                    if let Some(known) = tx.default_conversation(user.id).await? {
                        return Ok(Ok(Done::Conversation(known)));
                    }
                    personal(ids.next(now), user, now)
                }
                _ => group(ids.next(now), app, now),
            };
            conversation.display_name = new.display_name;
            conversation.description = new.description;
            conversation.icon_url = new.icon_url;
            conversation.metadata = new.metadata;
            tx.insert_conversation(&conversation);
            for user in &users {
                tx.insert_participant(ids.next(now), conversation.id, user.id);
            }
            let hands = Hands::new(&directory, app, &ids, now);
            if let Some(user) = users.first() {
                hands.append(tx, &conversation, EventKind::ConversationCreated { user: user.id });
            }
            hands.begin(tx, &mut conversation, None, true).await?;
            Ok(Ok(Done::Conversation(conversation)))
        })
    });
    written.await?
}

async fn members(tx: &mut Tx<'_>, app: AppId, users: &[UserRef]) -> Result<Option<Vec<User>>, StoreError> {
    let mut found = Vec::with_capacity(users.len());
    for user in users {
        match people::find(tx, app, user).await? {
            Some(user) => found.push(user),
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

fn group(id: ConversationId, app: AppId, now: passerelle_model::time::Timestamp) -> Conversation {
    Conversation {
        id,
        app,
        kind: ConversationKind::SdkGroup,
        user: None,
        is_default: false,
        display_name: None,
        description: None,
        icon_url: None,
        metadata: Default::default(),
        active: None,
        pending: None,
        control_epoch: 0,
        last_seq: 0,
        channel_type: None,
        tags: Vec::new(),
        fields: Default::default(),
        routing: None,
        business_last_read: None,
        last_updated_at: now,
        created_at: now,
    }
}

pub(super) async fn update(
    inner: &Arc<Inner>,
    app: AppId,
    conversation: ConversationId,
    change: ConversationChange,
) -> Result<Done, CommandError> {
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let Some(mut found) = tx.conversation(app, conversation).await? else { return Ok(Err(missing())) };
            found.metadata = match people::changed(found.metadata.clone(), change.metadata) {
                Ok(metadata) => metadata,
                Err(error) => return Ok(Err(error)),
            };
            found.display_name = change.display_name.apply(found.display_name.take());
            found.description = change.description.apply(found.description.take());
            found.icon_url = change.icon_url.apply(found.icon_url.take());
            tx.update_conversation(&found);
            Ok(Ok(Done::Conversation(found)))
        })
    });
    written.await?
}

pub(super) async fn delete(inner: &Arc<Inner>, app: AppId, conversation: ConversationId) -> Result<Done, CommandError> {
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let Some(found) = tx.conversation(app, conversation).await? else { return Ok(Err(missing())) };
            if found.is_default {
                let reason = "is the user's default conversation, which stays; delete its messages instead";
                return Ok(Err(CommandError::invalid("conversationId", reason)));
            }
            tx.delete_conversation(conversation);
            Ok(Ok(Done::Nothing))
        })
    });
    written.await?
}

/// A sign of a user or of the business. Reading is logged, typing is shown and forgotten.
pub(super) async fn activity(
    inner: &Arc<Inner>,
    app: AppId,
    conversation: ConversationId,
    user: Option<UserRef>,
    activity: Activity,
) -> Result<Done, CommandError> {
    let (ids, now, directory) = (Arc::clone(&inner.ids), inner.clock.now(), inner.book.now());
    let written = inner.store.write(move |tx| {
        Box::pin(async move {
            let Some(mut found) = tx.conversation(app, conversation).await? else { return Ok(Err(missing())) };
            let who = match &user {
                Some(user) => match member(tx, app, conversation, user).await? {
                    Some(user) => Some(user.id),
                    None => return Ok(Err(CommandError::invalid("author", "is no participant of the conversation"))),
                },
                None => None,
            };
            if activity == Activity::Read {
                match who {
                    Some(user) => tx.mark_read(conversation, user, now),
                    None => {
                        found.business_last_read = Some(now);
                        tx.update_conversation(&found);
                    }
                }
                Hands::new(&directory, app, &ids, now).append(tx, &found, EventKind::Read { user: who });
            }
            let client = match (who, found.user) {
                (None, Some(user)) => deliver::choose(tx.clients_of(user).await?),
                _ => None,
            };
            Ok(Ok((Sign { app, conversation, user: who, activity }, client)))
        })
    });
    let (sign, client): (Sign, Option<Client>) = written.await??;
    deliver::show(inner, sign, client).await;
    Ok(Done::Nothing)
}

/// A user of the conversation.
pub(super) async fn member(
    tx: &mut Tx<'_>,
    app: AppId,
    conversation: ConversationId,
    user: &UserRef,
) -> Result<Option<User>, StoreError> {
    let Some(user) = people::find(tx, app, user).await? else { return Ok(None) };
    Ok(tx.is_participant(conversation, user.id).await?.then_some(user))
}

pub(super) fn missing() -> CommandError {
    CommandError::NotFound("the conversation")
}
