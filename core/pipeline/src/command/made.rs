//! What a command made, by name: remembered for a request that may come twice, and read back as it is now.

use passerelle_model::id::{
    ClientId, ConversationId, MessageId, ParticipantId, SwitchboardIntegrationId, UserId, WebhookId,
};
use passerelle_store::Tx;
use serde::{Deserialize, Serialize};

use super::work::{Outcome, Work};
use super::{CommandError, Done, Stop, conversation, people};

/// The names of what a command made. The stored form is JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Made {
    Nothing,
    User(UserId),
    Conversation(ConversationId),
    Client(UserId, ClientId),
    Participant(ConversationId, ParticipantId),
    Messages(ConversationId, Vec<MessageId>),
    Attachment(String),
    Switchboard,
    Seat(SwitchboardIntegrationId),
    Webhook(WebhookId),
    Count(u64),
}

/// The name of what was made.
pub(super) fn name(done: &Done) -> Result<String, Stop> {
    let made = match done {
        Done::User(user) => Made::User(user.id),
        Done::Conversation(conversation) => Made::Conversation(conversation.id),
        Done::Messages(messages) => match messages.first() {
            Some(first) => Made::Messages(first.conversation, messages.iter().map(|message| message.id).collect()),
            None => Made::Nothing,
        },
        Done::Attachment(file) => Made::Attachment(file.handle.clone()),
        Done::Switchboard(_) => Made::Switchboard,
        Done::Seat(seat) => Made::Seat(seat.id),
        Done::Webhook(webhook) => Made::Webhook(webhook.id),
        Done::Count(count) => Made::Count(*count),
        Done::Client(client) => Made::Client(client.user, client.id),
        Done::Participant(member) => Made::Participant(member.conversation, member.id),
        // An app is changed by its command and made without one; a session is opened anew.
        Done::App(_) | Done::Session(_) | Done::Nothing => Made::Nothing,
    };
    serde_json::to_string(&made).map_err(|error| CommandError::Bug(error.to_string()).into())
}

/// The thing of this name as it is now.
pub(super) async fn now(work: &Work, tx: &mut Tx<'_>, name: &str) -> Outcome {
    let made: Made = serde_json::from_str(name).map_err(|error| CommandError::Bug(error.to_string()))?;
    let board = CommandError::NotFound("the switchboard");
    Ok(match made {
        Made::Nothing => Done::Nothing,
        Made::User(id) => Done::User(tx.user(work.app, id).await?.ok_or_else(people::missing)?),
        Made::Conversation(id) => {
            Done::Conversation(tx.conversation(work.app, id).await?.ok_or_else(conversation::missing)?)
        }
        Made::Client(user, id) => match tx.client(user, id).await? {
            Some(client) => Done::Client(client),
            None => {
                let link = tx.link(user, id).await?.ok_or(CommandError::NotFound("the client"))?;
                Done::Client(link.pending())
            }
        },
        Made::Participant(conversation, id) => {
            tx.conversation(work.app, conversation).await?.ok_or_else(conversation::missing)?;
            let member = tx.participant(conversation, id).await?;
            Done::Participant(member.ok_or(CommandError::NotFound("the participant"))?)
        }
        Made::Messages(conversation, ids) => {
            tx.conversation(work.app, conversation).await?.ok_or_else(conversation::missing)?;
            let mut messages = Vec::with_capacity(ids.len());
            for id in ids {
                messages.push(tx.message(conversation, id).await?.ok_or(CommandError::NotFound("the message"))?);
            }
            Done::Messages(messages)
        }
        Made::Attachment(handle) => {
            Done::Attachment(tx.media(work.app, &handle).await?.ok_or(CommandError::NotFound("the attachment"))?)
        }
        Made::Switchboard => Done::Switchboard(tx.switchboard(work.app).await?.ok_or(board)?),
        Made::Webhook(id) => {
            Done::Webhook(tx.webhook(work.app, id).await?.ok_or(CommandError::NotFound("the webhook"))?)
        }
        Made::Count(count) => Done::Count(count),
        Made::Seat(id) => {
            let row = tx.switchboard(work.app).await?.ok_or(board)?;
            let seat = tx.seats(row.id).await?.into_iter().find(|seat| seat.id == id);
            Done::Seat(seat.ok_or(CommandError::NotFound("the switchboard integration"))?)
        }
    })
}
