//! How a conversation begins in the widget, and what is known with it from the first moment.

use std::sync::Arc;

use passerelle_model::event::EventKind;
use passerelle_model::id::{ClientId, ConversationId, IntegrationId};
use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::{ClientStatus, Profile};
use passerelle_model::widget::{CHANNEL, WidgetSettings};
use passerelle_store::{Client, Conversation, Device, Digest, Tx, User, WidgetLabels, WidgetSession};

use super::{CommandError, Done, responder, session, widget_source};
use crate::apply::add_tags;
use crate::command::people;
use crate::command::work::{Outcome, Work};

/// Writes labels down with the conversation that they are about.
pub(super) fn label(work: &Work, tx: &mut Tx<'_>, conversation: &mut Conversation, labels: &WidgetLabels) {
    let hands = work.hands();
    let known = |(name, value): &(String, Scalar)| conversation.fields.0.get(name) == Some(value);
    let news: Metadata = labels.fields.clone().into_iter().filter(|fact| !known(fact)).collect();
    let mut fields = conversation.fields.clone();
    fields.0.extend(news.0.clone());
    // What goes beyond the bounds of a conversation is left out; it was a label.
    if !news.is_empty() && fields.check().is_ok() {
        conversation.fields = fields;
        tx.update_conversation(conversation);
        hands.append(tx, conversation, EventKind::FieldsCaptured { fields: news });
    }
    if !labels.tags.is_empty() {
        add_tags(tx, &hands, conversation, labels.tags.clone());
    }
}

pub(super) async fn begin(work: &mut Work, tx: &mut Tx<'_>, digest: Digest) -> Outcome {
    let session = session::own(work, tx, digest).await?;
    let user = tx.user(work.app, session.user).await?.ok_or_else(people::missing)?;
    let settings = settings(work, session.integration)?;
    let more = settings.can_user_create_more_conversations && work.directory.settings(work.app).multi_convo_enabled;
    let default = tx.default_conversation(user.id).await?;
    let mut conversation = match (tx.newest_conversation(user.id).await?, default) {
        (Some((newest, false)), _) => newest,
        (_, Some(default)) if !more => default,
        (_, default) => started(work, tx, &user, session.integration, default.is_none()).await?,
    };
    let client = client(work, tx, &user, session.integration, conversation.id).await?;
    device(work, tx, &session, client.id);
    label(work, tx, &mut conversation, &session.labels);
    if !session.labels.is_empty() {
        tx.set_widget_page(digest, &WidgetLabels::default(), session.page.as_ref());
    }
    Ok(Done::Conversation(conversation))
}

async fn started(
    work: &mut Work,
    tx: &mut Tx<'_>,
    user: &User,
    integration: IntegrationId,
    is_default: bool,
) -> Outcome<Conversation> {
    let mut conversation = Conversation::personal(work.id(), user, work.now);
    conversation.is_default = is_default;
    conversation.channel_type = Some(CHANNEL.to_owned());
    tx.insert_conversation(&conversation);
    tx.insert_participant(work.id(), conversation.id, user.id);
    // Somebody is in control before the beginning is told, so that it says who.
    work.hands().begin(tx, &mut conversation, responder(work, integration), true).await?;
    let (user, reason, source) = (Some(user.id), "startConversation".to_owned(), widget_source(work));
    work.hands().append(tx, &conversation, EventKind::ConversationCreated { user, reason, source });
    Ok(conversation)
}

/// The user's identity in this widget, heard of just now.
pub(super) async fn client(
    work: &Work,
    tx: &mut Tx<'_>,
    user: &User,
    integration: IntegrationId,
    conversation: ConversationId,
) -> Outcome<Client> {
    if let Some(mut client) = tx.widget_client(user.id, integration).await? {
        tx.touch_client(client.id, work.now);
        client.last_seen_at = work.now;
        return Ok(client);
    }
    let name = user.id.to_string();
    let client = Client {
        id: work.id(),
        user: user.id,
        integration,
        channel_type: CHANNEL.to_owned(),
        external_id: name.clone(),
        address: name,
        conversation,
        status: ClientStatus::Active,
        profile: Profile::default(),
        last_seen_at: work.now,
        created_at: work.now,
    };
    tx.insert_client(&client);
    if user.authenticated {
        let kind = EventKind::ClientAdded {
            client: client.snapshot(),
            user: user.snapshot(),
            conversation: Some(conversation),
            reason: "sdkLogin".to_owned(),
            source: widget_source(work),
        };
        work.tell(tx, kind);
    }
    Ok(client)
}

fn device(work: &Work, tx: &mut Tx<'_>, session: &WidgetSession, client: ClientId) {
    let agent = session.device.user_agent.clone().map(|agent| ("userAgent".to_owned(), Scalar::Text(agent)));
    let id = work.id();
    let device = Device {
        id,
        client,
        integration: session.integration,
        kind: "web".to_owned(),
        guid: session.device.guid.clone(),
        is_active: true,
        push_token: None,
        info: agent.into_iter().collect(),
        app_version: None,
        last_seen_at: work.now,
    };
    tx.put_device(session.user, id, &device);
}

fn settings(work: &Work, integration: IntegrationId) -> Result<Arc<WidgetSettings>, CommandError> {
    let entry = work.directory.integrations.get(&integration);
    let settings = entry.and_then(|entry| entry.widget.clone());
    settings.ok_or(CommandError::NotFound("the integration"))
}
