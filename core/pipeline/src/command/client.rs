//! Commands on a user's identities on channels.

use std::sync::Arc;

use passerelle_model::content::Content;
use passerelle_model::event::{EventKind, EventSource};
use passerelle_model::id::{ClientId, ConversationId, IntegrationId, UserId};
use passerelle_plugin_host::Address;
use passerelle_store::{Confirmation, Conversation, ConversationKind, Link, Tx, User};

use super::people::missing;
use super::work::{Outcome, Work};
use super::{CommandError, Done};
use crate::linking;

/// Links of one user that may wait.
const MAX_LINKS: u64 = 20;
/// Characters of an e-mail address.
const MAX_EMAIL: usize = 128;

/// An identity to link.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLink {
    /// Through which integration.
    pub integration: IntegrationId,
    /// The type word of that integration, as the caller knows it.
    pub channel_type: String,
    /// The person's phone number.
    pub phone_number: Option<String>,
    /// The person's e-mail address.
    pub email: Option<String>,
    /// Whether it becomes the channel that answers go to.
    pub is_primary: bool,
    /// How it is confirmed.
    pub confirmation: Confirmation,
    /// What the person is told there; not part of the conversation.
    pub message: Option<Content>,
    /// The conversation that it is linked to.
    pub conversation: ConversationId,
}

pub(super) async fn link(work: &mut Work, tx: &mut Tx<'_>, user: UserId, new: NewLink) -> Outcome {
    let user = tx.user(work.app, user).await?.ok_or_else(missing)?;
    let conversation = target(work, tx, &user, new.conversation).await?;
    let external_id = addressed(work, &new)?;
    if tx.count_links(user.id).await? >= MAX_LINKS {
        let reason = format!("would be more than {MAX_LINKS} links that wait");
        return Err(CommandError::invalid("matchCriteria", reason).into());
    }
    let (ids, now) = (Arc::clone(&work.inner.ids), work.now);
    if let Some(older) = tx.link_of(new.integration, &external_id).await? {
        linking::end(tx, &ids, now, &older, linking::End::Cancelled).await?;
    }
    let app = tx.app(work.app).await?.ok_or(CommandError::NotFound("the app"))?;
    let id = work.id();
    let link = Link {
        id,
        app: work.app,
        user: user.id,
        integration: new.integration,
        channel_type: new.channel_type,
        is_matched: tx.client_named(new.integration, &external_id).await?.is_some(),
        external_id,
        conversation: conversation.id,
        message: linking::words(new.confirmation, new.message, id, &app.name),
        confirmation: new.confirmation,
        is_primary: new.is_primary,
        attempts: 0,
        created_at: now,
    };
    work.effects.wakes = link.message.is_some();
    Ok(Done::Client(linking::begin(tx, &ids, now, link, &user).await?))
}

/// The personal conversation of the user that the identity is linked to.
async fn target(work: &Work, tx: &mut Tx<'_>, user: &User, id: ConversationId) -> Outcome<Conversation> {
    let found = tx.conversation(work.app, id).await?.ok_or_else(super::conversation::missing)?;
    if found.kind != ConversationKind::Personal || found.user != Some(user.id) {
        return Err(CommandError::invalid("target.conversationId", "is no personal conversation of the user").into());
    }
    Ok(found)
}

/// The person's id on the channel, if its plugin says that persons can be addressed so.
fn addressed(work: &Work, new: &NewLink) -> Result<String, CommandError> {
    let entry = work.directory.integrations.get(&new.integration).filter(|entry| entry.row.app == work.app);
    let entry = entry.ok_or(CommandError::NotFound("the integration"))?;
    if entry.row.kind != new.channel_type {
        let reason = format!("should be `{}`, the type of the integration", entry.row.kind);
        return Err(CommandError::invalid("matchCriteria.type", reason));
    }
    let channel = entry.installation.as_ref().and_then(|ready| ready.plugin().manifest().channel.as_ref());
    let Some(by) = channel.and_then(|channel| channel.addressed_by) else {
        let reason = "names a channel on which nobody can be addressed who has not written: its plugin does not declare \
                      `addressed_by`";
        return Err(CommandError::invalid("matchCriteria.integrationId", reason));
    };
    match by {
        Address::PhoneNumber => phone(new.phone_number.as_deref()),
        Address::PhoneDigits => phone(new.phone_number.as_deref()).map(|number| number.replacen('+', "", 1)),
        Address::Email => email(new.email.as_deref()),
    }
}

/// A number in E.164; what people write between the digits is passed over.
fn phone(text: Option<&str>) -> Result<String, CommandError> {
    let refuse = |reason| CommandError::invalid("matchCriteria.phoneNumber", reason);
    let text = text.ok_or_else(|| refuse("is needed for this channel"))?;
    let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = number.strip_prefix('+').unwrap_or_default();
    let is_number = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && !digits.starts_with('0') {
        return Ok(number);
    }
    Err(refuse("should be a number with its country, such as +15145550123"))
}

fn email(text: Option<&str>) -> Result<String, CommandError> {
    let refuse = |reason| CommandError::invalid("matchCriteria.address", reason);
    let text = text.ok_or_else(|| refuse("is needed for this channel"))?.trim().to_lowercase();
    let is_address = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if is_address && text.chars().count() <= MAX_EMAIL && !text.contains(char::is_whitespace) {
        return Ok(text);
    }
    Err(refuse("should be an e-mail address"))
}

/// The widget's own clients end with the widget.
const WIDGET: &str = "sdk";

pub(super) async fn remove(work: &mut Work, tx: &mut Tx<'_>, user: UserId, client: ClientId) -> Outcome {
    let user = tx.user(work.app, user).await?.ok_or_else(missing)?;
    if let Some(link) = tx.link(user.id, client).await? {
        linking::end(tx, &work.inner.ids, work.now, &link, linking::End::Cancelled).await?;
        return Ok(Done::Nothing);
    }
    let gone = tx.client(user.id, client).await?.ok_or(CommandError::NotFound("the client"))?;
    if gone.channel_type == WIDGET {
        return Err(CommandError::invalid("clientId", "is a client of type 'sdk', which cannot be removed").into());
    }
    tx.delete_client(client);
    let kind = EventKind::ClientRemoved {
        client: gone.snapshot(),
        user: user.snapshot(),
        conversation: Some(gone.conversation),
        reason: "api".into(),
        error: None,
        source: EventSource::default(),
    };
    work.tell(tx, kind);
    Ok(Done::Nothing)
}
