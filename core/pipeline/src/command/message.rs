//! Commands on messages.

use passerelle_model::content::Content;
use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::extras::MessageExtras;
use passerelle_model::form::{self, FormFault};
use passerelle_model::id::{ConversationId, MessageId};
use passerelle_model::masking::{mask_content, mask_text};
use passerelle_model::people::Author;
use passerelle_store::{Client, Conversation, ConversationKind, Message, MessageSource, StoreError, Tx};

use super::conversation::{member, missing};
use super::widget::Visit;
use super::work::{Outcome, Work};
use super::{CommandError, Destination, Done, NewAuthor, NewMessage, people, widget};
use crate::deliver;
use crate::record::display_name;

/// Messages that one conversation may hold.
const MAX_MESSAGES: u64 = 30_000;

pub(super) async fn post(work: &mut Work, tx: &mut Tx<'_>, new: NewMessage) -> Outcome {
    people::check_metadata(&new.metadata)?;
    let mut conversation = tx.conversation(work.app, new.conversation).await?.ok_or_else(missing)?;
    if tx.count_messages(conversation.id, MAX_MESSAGES).await? >= MAX_MESSAGES {
        return Err(CommandError::Locked.into());
    }
    let visit = widget::visit(work, tx, &mut conversation).await?;
    if let Some(known) = repeated(tx, &new, visit.as_ref()).await? {
        return Ok(Done::Messages(vec![known]));
    }
    let author = author(tx, &conversation, &new.author).await?;
    let by_user = matches!(author, Author::User { .. });
    check_form(tx, &new, by_user).await?;
    let client = client(tx, &conversation, &new.destination, by_user).await?;
    let mut message = message(work, &new, author, visit.as_ref());
    if by_user {
        mask(work, &mut message);
        let responder = visit.as_ref().and_then(|visit| widget::responder(work, visit.integration));
        work.hands().begin(tx, &mut conversation, responder, false).await?;
    }
    for file in &new.files {
        tx.insert_media(file, work.now);
    }
    tx.append_message(work.app, work.id(), &message);
    if let (Some(visit), Some(key)) = (&visit, &new.key) {
        tx.name_message(conversation.id, visit.integration, key, message.id);
    }
    if by_user {
        work.hands().turn_for_event(tx, &conversation);
    }
    if let Some(client) = client {
        let reply = reply_name(tx, &message, &client).await?;
        let due = deliver::queue(tx, &work.inner.ids, work.app, &message, &client, reply, work.now);
        work.effects.deliveries.extend(due);
    }
    message.seq = number_of(tx, message.id);
    Ok(Done::Messages(vec![message]))
}

/// The message that a visitor has sent before under the same name.
async fn repeated(tx: &mut Tx<'_>, new: &NewMessage, visit: Option<&Visit>) -> Outcome<Option<Message>> {
    let (Some(visit), Some(key)) = (visit, &new.key) else { return Ok(None) };
    match tx.message_named(new.conversation, visit.integration, key).await? {
        Some(known) => Ok(tx.message(new.conversation, known).await?),
        None => Ok(None),
    }
}

/// Makes card numbers unreadable where the app wants that, in every form in which the words came.
fn mask(work: &Work, message: &mut Message) {
    if work.directory.settings(work.app).mask_credit_card_numbers {
        mask_content(&mut message.content);
        let MessageExtras { html_text, markdown_text, .. } = &mut message.extras;
        html_text.iter_mut().chain(markdown_text).for_each(mask_text);
    }
}

/// Questions have names of their own, and answers fit the form that they name.
async fn check_form(tx: &mut Tx<'_>, new: &NewMessage, by_user: bool) -> Outcome<()> {
    let quoted = match new.in_reply_to {
        Some(id) => Some(tx.message(new.conversation, id).await?.ok_or(CommandError::NotFound("the message"))?),
        None => None,
    };
    let misfit = |fault: FormFault| CommandError::invalid("content.fields", fault.to_string());
    match &new.content {
        Content::Form { fields } => form::check_form(fields).map_err(misfit)?,
        Content::FormResponse { answers } => {
            let form = match quoted.as_ref().map(|quoted| &quoted.content) {
                Some(Content::Form { fields }) => Some(fields.as_slice()),
                Some(_) => return Err(CommandError::invalid("quotedMessageId", "names no form").into()),
                None => None,
            };
            form::check_answers(answers, form).map_err(misfit)?;
        }
        _ => {}
    }
    let businesslike = matches!(
        new.content,
        Content::Carousel { .. } | Content::List { .. } | Content::Form { .. } | Content::Template { .. }
    );
    let answers = matches!(new.content, Content::FormResponse { .. });
    if (by_user && businesslike) || (!by_user && answers) {
        return Err(CommandError::invalid("content.type", "does not fit the author's type").into());
    }
    Ok(())
}

/// The number that the message's event was given.
fn number_of(tx: &Tx<'_>, message: MessageId) -> u64 {
    let added = EventKind::MessageAdded { message };
    tx.events()
        .iter()
        .find(|stored| stored.event.kind == added)
        .and_then(|stored| stored.event.place)
        .map_or(0, |place| place.seq)
}

async fn reply_name(tx: &mut Tx<'_>, message: &Message, client: &Client) -> Result<Option<String>, StoreError> {
    match message.in_reply_to {
        Some(answered) => tx.name_of(message.conversation, client.integration, answered).await,
        None => Ok(None),
    }
}

async fn author(tx: &mut Tx<'_>, conversation: &Conversation, author: &NewAuthor) -> Outcome<Author> {
    Ok(match author {
        NewAuthor::User(user) => {
            let user = member(tx, conversation, user).await?;
            Author::User { user_id: user.id, display_name: display_name(&user.profile) }
        }
        NewAuthor::Business { display_name, avatar_url } => {
            Author::Business { display_name: display_name.clone(), avatar_url: avatar_url.clone(), bot: None }
        }
    })
}

/// Where a message of the business goes; none where it is only stored.
async fn client(
    tx: &mut Tx<'_>,
    conversation: &Conversation,
    destination: &Destination,
    by_user: bool,
) -> Outcome<Option<Client>> {
    let refuse = |reason: &str| Err(CommandError::invalid("destination", reason).into());
    let named = !matches!(destination, Destination::LastUsed | Destination::Silent);
    if named && (by_user || conversation.kind != ConversationKind::Personal) {
        return refuse("is for messages of the business in personal conversations");
    }
    let Some(user) = conversation.user.filter(|_| !by_user && *destination != Destination::Silent) else {
        return Ok(None);
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
    Ok(wanted)
}

fn message(work: &Work, new: &NewMessage, author: Author, visit: Option<&Visit>) -> Message {
    let through = visit.map_or(EventSource::default(), Visit::source);
    Message {
        id: work.id(),
        conversation: new.conversation,
        seq: 0,
        author,
        content: new.content.clone(),
        source: MessageSource {
            kind: through.kind,
            integration: through.integration,
            client: through.client,
            original_id: new.key.clone().filter(|_| visit.is_some()),
            original_at: None,
        },
        extras: new.extras.clone(),
        metadata: new.metadata.clone(),
        in_reply_to: new.in_reply_to,
        received_at: work.now,
        edited_at: None,
        deleted_at: None,
    }
}

pub(super) async fn delete(
    work: &mut Work,
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    message: MessageId,
) -> Outcome {
    let found = tx.conversation(work.app, conversation).await?.ok_or_else(missing)?;
    if tx.message(conversation, message).await?.is_none() {
        return Err(CommandError::NotFound("the message").into());
    }
    tx.delete_message(message, work.now);
    tx.cancel_deliveries(conversation, Some(message));
    work.hands().append(tx, &found, EventKind::MessageDeleted { message });
    Ok(Done::Nothing)
}

pub(super) async fn delete_all(work: &mut Work, tx: &mut Tx<'_>, conversation: ConversationId) -> Outcome {
    let found = tx.conversation(work.app, conversation).await?.ok_or_else(missing)?;
    tx.cancel_deliveries(conversation, None);
    tx.delete_all_messages(conversation);
    work.hands().append(tx, &found, EventKind::MessagesDeleted);
    Ok(Done::Nothing)
}
