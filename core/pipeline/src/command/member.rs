//! Commands on who belongs to a group.

use passerelle_model::event::EventKind;
use passerelle_model::id::ConversationId;
use passerelle_store::{Conversation, ConversationKind, Participant, Tx, User};

use super::conversation::missing;
use super::work::{Outcome, Work};
use super::{CommandError, Done, MemberRef, UserRef, people};

/// Members that a group may have.
const MAX_MEMBERS: u64 = 100;

/// Joining again changes nothing.
pub(super) async fn join(work: &mut Work, tx: &mut Tx<'_>, conversation: ConversationId, user: UserRef) -> Outcome {
    let group = group(work, tx, conversation).await?;
    let user = people::find(tx, work.app, &user).await?.ok_or_else(people::missing)?;
    if !tx.is_participant(group.id, user.id).await? {
        if tx.count_participants(group.id).await? >= MAX_MEMBERS {
            return Err(
                CommandError::invalid("userId", format!("would be more than {MAX_MEMBERS} participants")).into()
            );
        }
        tx.insert_participant(work.id(), group.id, user.id);
        work.hands().append(tx, &group, EventKind::ParticipantJoined { user: user.id });
    }
    membership(tx, &group, &user).await.map(Done::Participant)
}

pub(super) async fn leave(
    work: &mut Work,
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    member: MemberRef,
) -> Outcome {
    let group = group(work, tx, conversation).await?;
    let found = match member {
        MemberRef::User(user) => {
            let user = people::find(tx, work.app, &user).await?.ok_or_else(people::missing)?;
            membership(tx, &group, &user).await?
        }
        MemberRef::Participant(id) => tx.participant(group.id, id).await?.ok_or_else(no_member)?,
    };
    tx.delete_participant(group.id, found.id);
    work.hands().append(tx, &group, EventKind::ParticipantLeft { user: found.user });
    Ok(Done::Nothing)
}

async fn group(work: &Work, tx: &mut Tx<'_>, conversation: ConversationId) -> Outcome<Conversation> {
    let found = tx.conversation(work.app, conversation).await?.ok_or_else(missing)?;
    if found.kind == ConversationKind::Personal {
        let reason = "is personal: only groups of type sdkGroup can be joined and left";
        return Err(CommandError::invalid("conversationId", reason).into());
    }
    Ok(found)
}

async fn membership(tx: &mut Tx<'_>, group: &Conversation, user: &User) -> Outcome<Participant> {
    Ok(tx.participant_of(group.id, user.id).await?.ok_or_else(no_member)?)
}

fn no_member() -> CommandError {
    CommandError::NotFound("the participant")
}
