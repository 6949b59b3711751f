//! Commands on conversations as such.

use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::id::ConversationId;
use passerelle_model::inbound::Activity;
use passerelle_store::{Conversation, ConversationKind, Tx, User};

use super::work::{Outcome, Work};
use super::{CommandError, ConversationChange, Done, NewConversation, UserRef, people, widget};
use crate::deliver;
use crate::publish::Sign;

/// Members of a group when it is made.
const MAX_PARTICIPANTS: usize = 10;

pub(super) async fn create(work: &mut Work, tx: &mut Tx<'_>, new: NewConversation) -> Outcome {
    people::check_metadata(&new.metadata)?;
    check_participants(&new)?;
    let mut users = Vec::with_capacity(new.participants.len());
    for user in &new.participants {
        users.push(people::find(tx, work.app, user).await?.ok_or_else(people::missing)?);
    }
    let mut conversation = match (new.kind, users.first()) {
        (ConversationKind::Personal, Some(user)) => {
            let known = tx.default_conversation(user.id).await?;
            let several = work.directory.settings(work.app).multi_convo_enabled;
            match known {
                Some(known) if !several => return Ok(Done::Conversation(known)),
                known => {
                    Conversation { is_default: known.is_none(), ..Conversation::personal(work.id(), user, work.now) }
                }
            }
        }
        _ => Conversation::group(work.id(), work.app, work.now),
    };
    conversation.display_name = new.display_name;
    conversation.description = new.description;
    conversation.icon_url = new.icon_url;
    conversation.metadata = new.metadata;
    tx.insert_conversation(&conversation);
    for user in &users {
        tx.insert_participant(work.id(), conversation.id, user.id);
    }
    let hands = work.hands();
    hands.begin(tx, &mut conversation, None, true).await?;
    let (user, reason, source) = (conversation.user, "none".to_owned(), EventSource::default());
    hands.append(tx, &conversation, EventKind::ConversationCreated { user, reason, source });
    Ok(Done::Conversation(conversation))
}

fn check_participants(new: &NewConversation) -> Result<(), CommandError> {
    let refuse = |reason: String| Err(CommandError::invalid("participants", reason));
    match (new.kind, new.participants.len()) {
        (ConversationKind::Personal, count) if count != 1 => {
            refuse("must name exactly one user for a personal conversation".into())
        }
        (_, count) if count > MAX_PARTICIPANTS => refuse(format!("may name at most {MAX_PARTICIPANTS} users")),
        _ => Ok(()),
    }
}

pub(super) async fn update(
    work: &mut Work,
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    change: ConversationChange,
) -> Outcome {
    let mut found = tx.conversation(work.app, conversation).await?.ok_or_else(missing)?;
    found.metadata = people::changed(found.metadata, change.metadata)?;
    found.display_name = change.display_name.apply(found.display_name.take());
    found.description = change.description.apply(found.description.take());
    found.icon_url = change.icon_url.apply(found.icon_url.take());
    tx.update_conversation(&found);
    Ok(Done::Conversation(found))
}

pub(super) async fn delete(work: &mut Work, tx: &mut Tx<'_>, conversation: ConversationId) -> Outcome {
    let found = tx.conversation(work.app, conversation).await?.ok_or_else(missing)?;
    if found.is_default {
        let reason = "is the user's default conversation, which stays; delete its messages instead";
        return Err(CommandError::invalid("conversationId", reason).into());
    }
    tx.remove_conversation(work.app, conversation, work.now);
    work.effects.removes = true;
    work.tell(tx, EventKind::ConversationRemoved { conversation: found.snapshot() });
    Ok(Done::Nothing)
}

/// A sign of a user or of the business. Reading is logged, typing is shown and forgotten.
pub(super) async fn activity(
    work: &mut Work,
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    user: Option<UserRef>,
    activity: Activity,
) -> Outcome {
    let mut found = tx.conversation(work.app, conversation).await?.ok_or_else(missing)?;
    let who = match &user {
        Some(user) => Some(member(tx, &found, user).await?.id),
        None => None,
    };
    let source = match widget::visit(work, tx, &mut found).await? {
        Some(visit) => visit.source(),
        None => EventSource::default(),
    };
    if activity == Activity::Read {
        match who {
            Some(user) => tx.mark_read(conversation, user, work.now),
            None => {
                found.business_last_read = Some(work.now);
                tx.update_conversation(&found);
            }
        }
        work.hands().append(tx, &found, EventKind::Read { user: who, source: source.clone() });
    }
    let client = match (who, found.user) {
        (None, Some(user)) => deliver::choose(tx.clients_of(user).await?),
        _ => None,
    };
    let sign = Sign { app: work.app, conversation, user: who, activity, source };
    work.effects.signs.push((sign, client));
    Ok(Done::Nothing)
}

/// The author, who must be a user of the conversation.
pub(super) async fn member(tx: &mut Tx<'_>, conversation: &Conversation, user: &UserRef) -> Outcome<User> {
    if let Some(user) = people::find(tx, conversation.app, user).await?
        && tx.is_participant(conversation.id, user.id).await?
    {
        return Ok(user);
    }
    Err(CommandError::invalid("author", "is no participant of the conversation").into())
}

pub(super) fn missing() -> CommandError {
    CommandError::NotFound("the conversation")
}
