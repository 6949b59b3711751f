//! Commands on webhooks of API clients.

use std::time::Duration;

use passerelle_model::id::{EventId, IntegrationId, WebhookId};
use passerelle_store::{Secret, Tx, Webhook};

use super::work::{Outcome, Work};
use super::{CommandError, Done};
use crate::installation::NewWebhook;

/// Webhooks that one app may have.
pub const MAX_WEBHOOKS: u64 = 10;
/// The type word of API clients.
const CUSTOM: &str = "custom";
/// Bytes of the secret that receivers check our calls with: 32 characters as text.
const SECRET_BYTES: usize = 16;

/// What is asked of a webhook.
#[derive(Clone, Debug, PartialEq)]
pub enum WebhookCommand {
    /// Makes one, which hears what happens from then on.
    Create {
        /// Of which integration: an API client.
        integration: IntegrationId,
        /// What it is.
        new: NewWebhook,
    },
    /// Changes one.
    Update {
        /// Of which integration.
        integration: IntegrationId,
        /// Which.
        webhook: WebhookId,
        /// How.
        change: WebhookChange,
    },
    /// Removes one, with what it has not taken yet.
    Delete {
        /// Of which integration.
        integration: IntegrationId,
        /// Which.
        webhook: WebhookId,
    },
    /// Tries again what was given up.
    Replay {
        /// Of which integration.
        integration: IntegrationId,
        /// Which.
        webhook: WebhookId,
        /// These events; all where none is named.
        events: Vec<EventId>,
        /// For how long.
        retry_for: Duration,
    },
}

impl WebhookCommand {
    /// The integration whose webhook it is.
    pub const fn integration(&self) -> IntegrationId {
        match self {
            Self::Create { integration, .. }
            | Self::Update { integration, .. }
            | Self::Delete { integration, .. }
            | Self::Replay { integration, .. } => *integration,
        }
    }
}

/// How a webhook changes; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookChange {
    /// Where to.
    pub target: Option<String>,
    /// What it wants to hear of.
    pub triggers: Option<Vec<String>>,
    /// Whether whole users are wanted.
    pub include_full_user: Option<bool>,
    /// Whether whole sources are wanted.
    pub include_full_source: Option<bool>,
    /// Whether a conversation's events must arrive one after the other.
    pub ordered: Option<bool>,
}

pub(super) async fn act(work: &mut Work, tx: &mut Tx<'_>, command: WebhookCommand) -> Outcome {
    match command {
        WebhookCommand::Create { integration, new } => create(work, tx, integration, new).await,
        WebhookCommand::Update { integration, webhook, change } => {
            let mut found = find(work, tx, integration, webhook).await?;
            found.target = change.target.unwrap_or(found.target);
            found.triggers = change.triggers.unwrap_or(found.triggers);
            found.include_full_user = change.include_full_user.unwrap_or(found.include_full_user);
            found.include_full_source = change.include_full_source.unwrap_or(found.include_full_source);
            found.ordered = change.ordered.unwrap_or(found.ordered);
            tx.update_webhook(&found);
            Ok(Done::Webhook(found))
        }
        WebhookCommand::Delete { integration, webhook } => {
            find(work, tx, integration, webhook).await?;
            tx.delete_webhook(webhook);
            Ok(Done::Nothing)
        }
        WebhookCommand::Replay { integration, webhook, events, retry_for } => {
            find(work, tx, integration, webhook).await?;
            let count = tx.replay_notices(webhook, &events, work.now, work.now.plus(retry_for)).await?;
            Ok(Done::Count(count))
        }
    }
}

async fn create(work: &mut Work, tx: &mut Tx<'_>, integration: IntegrationId, new: NewWebhook) -> Outcome {
    let entry = work.directory.integrations.get(&integration).filter(|entry| entry.row.app == work.app);
    let entry = entry.ok_or(CommandError::NotFound("the integration"))?;
    if entry.row.kind != CUSTOM {
        let reason = "is no API client: webhooks are available only for custom integrations";
        return Err(CommandError::invalid("integrationId", reason).into());
    }
    check_room(tx.count_webhooks(work.app).await?)?;
    let made = made(work.id(), integration, new)?;
    tx.insert_webhook(&made);
    Ok(Done::Webhook(made))
}

/// Refuses one more webhook where the app has as many as it may.
pub(crate) fn check_room(have: u64) -> Result<(), CommandError> {
    if have < MAX_WEBHOOKS {
        return Ok(());
    }
    Err(CommandError::invalid("appId", format!("has {MAX_WEBHOOKS} webhooks already, which is as many as it may")))
}

/// The row of a new webhook, with a secret of its own.
pub(crate) fn made(id: WebhookId, integration: IntegrationId, new: NewWebhook) -> Result<Webhook, CommandError> {
    let mut secret = [0; SECRET_BYTES];
    let refused = |error| CommandError::Unavailable(format!("the system gives no random bytes: {error}"));
    getrandom::fill(&mut secret).map_err(refused)?;
    Ok(Webhook {
        id,
        integration,
        target: new.target,
        triggers: new.triggers,
        include_full_user: new.include_full_user,
        include_full_source: new.include_full_source,
        ordered: new.ordered,
        secret: Secret::new(hex::encode(secret)),
    })
}

async fn find(work: &Work, tx: &mut Tx<'_>, integration: IntegrationId, id: WebhookId) -> Outcome<Webhook> {
    let found = tx.webhook(work.app, id).await?.filter(|webhook| webhook.integration == integration);
    Ok(found.ok_or(CommandError::NotFound("the webhook"))?)
}
